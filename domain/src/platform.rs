//! The aggregates of the platform itself, one file each.

pub mod cluster;
pub mod projection;
pub mod user;
