//! Aggregates of the platform: clusters, users, sign-in.

pub mod cluster;
pub mod preference;
pub mod session;
pub mod user;
