//! Rows beside rows, loaded in batches: two hundred pods ask once for their workloads, not two hundred times.

use async_graphql::{
    async_trait,
    dataloader::{DataLoader, Loader},
};
use projections::{
    Error,
    models::{clusters, operations, workloads},
};
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long a batch waits for company.
const GATHER: Duration = Duration::from_micros(500);

pub struct ClusterLoader(PgPool);
pub struct WorkloadLoader(PgPool);
pub struct OperationLoader(PgPool);

/// One loader for each kind of row; none of them remembers anything.
pub struct Loaders {
    pub clusters: DataLoader<ClusterLoader>,
    pub workloads: DataLoader<WorkloadLoader>,
    pub operations: DataLoader<OperationLoader>,
}

impl Loaders {
    pub fn new(pool: &PgPool) -> Self {
        Self {
            clusters: DataLoader::new(ClusterLoader(pool.clone()), tokio::spawn).delay(GATHER),
            workloads: DataLoader::new(WorkloadLoader(pool.clone()), tokio::spawn).delay(GATHER),
            operations: DataLoader::new(OperationLoader(pool.clone()), tokio::spawn).delay(GATHER),
        }
    }
}

#[async_trait::async_trait]
impl Loader<String> for ClusterLoader {
    type Value = Arc<clusters::Cluster>;
    type Error = Arc<Error>;

    async fn load(&self, _: &[String]) -> Result<HashMap<String, Self::Value>, Self::Error> {
        // They are few.
        let rows = clusters::all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), Arc::new(row))).collect())
    }
}

#[async_trait::async_trait]
impl Loader<String> for WorkloadLoader {
    type Value = Arc<workloads::Workload>;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[String]) -> Result<HashMap<String, Self::Value>, Self::Error> {
        let rows = workloads::get_many(&self.0, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), Arc::new(row))).collect())
    }
}

#[async_trait::async_trait]
impl Loader<Uuid> for OperationLoader {
    type Value = Arc<operations::Operation>;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let rows = operations::get_many(&self.0, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}
