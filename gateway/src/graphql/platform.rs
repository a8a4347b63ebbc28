//! Aggregates of the platform: clusters, people, sign-in.

pub mod cluster;
pub mod session;
pub mod user;
