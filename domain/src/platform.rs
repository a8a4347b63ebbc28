//! The platform's own aggregates, one file each.

pub mod cluster;
pub mod projection;
pub mod user;
