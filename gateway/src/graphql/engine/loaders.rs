//! Rows beside rows, loaded in batches: two hundred pods ask once for their workloads, not two hundred times.

use async_graphql::{
    async_trait,
    dataloader::{DataLoader, Loader},
};
use domain::access::Scope;
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

/// The same key asked for by two readers is two keys: what one of them may see is nobody else's answer.
type Seen<K> = (Scope, K);

/// What each reader asks for: one statement a scope.
fn by_scope<K: Clone>(keys: &[Seen<K>]) -> HashMap<&Scope, Vec<K>> {
    let mut wanted: HashMap<&Scope, Vec<K>> = HashMap::new();
    for (scope, key) in keys {
        wanted.entry(scope).or_default().push(key.clone());
    }
    wanted
}

#[async_trait::async_trait]
impl Loader<Seen<String>> for ClusterLoader {
    type Value = Arc<clusters::Cluster>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<String>]) -> Result<HashMap<Seen<String>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = clusters::all(&self.0, scope)
                .await?
                .into_iter()
                .filter(|row| ids.contains(&row.id))
                .collect::<Vec<_>>();
            found.extend(rows.into_iter().map(|row| ((scope.clone(), row.id.clone()), Arc::new(row))));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<String>> for WorkloadLoader {
    type Value = Arc<workloads::Workload>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<String>]) -> Result<HashMap<Seen<String>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = workloads::get_many(&self.0, scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((scope.clone(), row.id.clone()), Arc::new(row))));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<Uuid>> for OperationLoader {
    type Value = Arc<operations::Operation>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<Uuid>]) -> Result<HashMap<Seen<Uuid>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = operations::get_many(&self.0, scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((scope.clone(), row.id), Arc::new(row))));
        }
        Ok(found)
    }
}
