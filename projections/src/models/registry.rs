//! The list of projections, and of the rows that changes carry. All running projections apply the same batch in one
//! transaction.

use crate::{
    ChangedRows, Projections,
    engine::projection::Projection,
    models::{
        audit::AuditLog,
        batches::Batches,
        clusters::Clusters,
        namespaces::Namespaces,
        objects::{ObjectRows, Objects},
        operations::OperationsLog,
        pods::{PodRows, Pods},
        users::Users,
        workloads::{WorkloadRows, Workloads},
    },
};
use domain::core::sealing::SealingKeys;
use sqlx::PgPool;
use std::sync::Arc;

pub const PROJECTIONS: &[&dyn Projection] =
    &[&Clusters, &Namespaces, &Workloads, &Pods, &Objects, &OperationsLog, &Batches, &AuditLog, &Users];

pub const ROWS: &[&dyn ChangedRows] = &[&PodRows, &WorkloadRows, &ObjectRows];

impl Projections {
    /// The read model with all projections. `pool` connects as the application's role. Nothing is read before the first
    /// query.
    pub fn new(pool: PgPool, sealing: Arc<SealingKeys>) -> Self {
        Self::of(PROJECTIONS, ROWS, pool, sealing)
    }
}
