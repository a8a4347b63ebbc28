//! The read models, one for each aggregate or kind: row, fold and queries side by side.

pub mod audit;
pub mod batches;
pub mod clusters;
mod content;
mod forgotten;
pub mod kubernetes_events;
pub mod manifests;
pub mod namespaces;
mod object_state;
pub mod objects;
pub mod operations;
pub mod overview;
mod owner;
pub mod pods;
pub mod problems;
pub mod recorded_changes;
pub mod registry;
mod text;
pub mod users;
pub mod workloads;
