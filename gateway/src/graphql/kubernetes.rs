//! Objects of Kubernetes: types, queries, mutations and subscriptions.

pub mod capacity;
pub mod cause;
pub mod condition;
pub mod event;
pub mod fields;
pub mod kind;
pub mod manifest;
pub mod namespace;
pub mod object;
pub mod overview;
pub mod pod;
pub mod problem;
pub mod recorded_change;
pub mod revision;
pub mod workload;
