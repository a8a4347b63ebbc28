//! Objects of Kubernetes: types, queries, mutations and subscriptions.

pub mod namespace;
pub mod overview;
pub mod pod;
pub mod workload;
