//! The read models, one aggregate or kind each: its row, its fold and its queries side by side.

pub mod audit;
pub mod clusters;
pub mod namespaces;
pub mod operations;
pub mod overview;
pub mod pods;
pub mod registry;
pub mod users;
pub mod workloads;
