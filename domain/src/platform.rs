//! The platform's own aggregates, one file each.

pub mod access_log;
pub mod cluster;
pub mod data_key;
pub mod projection;
pub mod user;
