//! Objects of Kubernetes: types, queries, mutations and subscriptions.

pub mod capacity;
pub mod cause;
pub mod condition;
pub mod event;
pub mod namespace;
pub mod overview;
pub mod pod;
pub mod problem;
pub mod recorded_change;
pub mod workload;
