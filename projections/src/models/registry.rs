//! The list of projections. All running ones apply the same batch in one transaction.

use crate::{
    engine::projection::Projection,
    models::{
        audit::AuditLog, clusters::Clusters, namespaces::Namespaces, operations::OperationsLog, pods::Pods,
        users::Users, workloads::Workloads,
    },
};

pub const PROJECTIONS: &[&dyn Projection] =
    &[&Clusters, &Namespaces, &Workloads, &Pods, &OperationsLog, &AuditLog, &Users];
