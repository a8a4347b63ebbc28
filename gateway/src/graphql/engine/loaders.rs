//! Loads related rows in batches: the workloads of two hundred pods take one query, not two hundred.

use async_graphql::{
    async_trait,
    dataloader::{DataLoader, Loader},
};
use domain::{
    access::Scope,
    kubernetes::{action::AvailableAction, resource::Resource},
};
use projections::{
    Error,
    models::{batches, clusters, manifests, objects, operations, workloads},
};
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long a batch waits for more keys.
const GATHER: Duration = Duration::from_micros(500);

pub struct ClusterLoader(PgPool);
pub struct WorkloadLoader(PgPool);
pub struct OperationLoader(PgPool);
pub struct BatchLoader(PgPool);
pub struct ActionLoader(PgPool);
pub struct PodSumsLoader(PgPool);
pub struct RevisionLoader(PgPool);
pub struct KindCountLoader(PgPool);

/// One loader for each kind of row, without a cache.
pub struct Loaders {
    pub clusters: DataLoader<ClusterLoader>,
    pub workloads: DataLoader<WorkloadLoader>,
    pub operations: DataLoader<OperationLoader>,
    pub batches: DataLoader<BatchLoader>,
    pub actions: DataLoader<ActionLoader>,
    pub pod_sums: DataLoader<PodSumsLoader>,
    /// By object and position.
    pub revisions: DataLoader<RevisionLoader>,
    /// By cluster and kind.
    pub kind_counts: DataLoader<KindCountLoader>,
}

impl Loaders {
    pub fn new(pool: &PgPool) -> Self {
        Self {
            clusters: DataLoader::new(ClusterLoader(pool.clone()), tokio::spawn).delay(GATHER),
            workloads: DataLoader::new(WorkloadLoader(pool.clone()), tokio::spawn).delay(GATHER),
            operations: DataLoader::new(OperationLoader(pool.clone()), tokio::spawn).delay(GATHER),
            batches: DataLoader::new(BatchLoader(pool.clone()), tokio::spawn).delay(GATHER),
            actions: DataLoader::new(ActionLoader(pool.clone()), tokio::spawn).delay(GATHER),
            pod_sums: DataLoader::new(PodSumsLoader(pool.clone()), tokio::spawn).delay(GATHER),
            revisions: DataLoader::new(RevisionLoader(pool.clone()), tokio::spawn).delay(GATHER),
            kind_counts: DataLoader::new(KindCountLoader(pool.clone()), tokio::spawn).delay(GATHER),
        }
    }
}

/// Each scope has its own keys, so that no reader gets a row that only another one may see.
type Seen<K> = (Scope, K);

/// The keys of each scope, for one statement each.
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

#[async_trait::async_trait]
impl Loader<Seen<Uuid>> for BatchLoader {
    type Value = Arc<batches::Batch>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<Uuid>]) -> Result<HashMap<Seen<Uuid>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = batches::get_many(&self.0, scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((scope.clone(), row.id), Arc::new(row))));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<String>> for ActionLoader {
    type Value = Vec<AvailableAction>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<String>]) -> Result<HashMap<Seen<String>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = workloads::actions(&self.0, scope, &ids).await?;
            found.extend(rows.into_iter().map(|(id, actions)| ((scope.clone(), id), actions)));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<String>> for PodSumsLoader {
    type Value = workloads::PodSums;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Seen<String>]) -> Result<HashMap<Seen<String>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, ids) in by_scope(keys) {
            let rows = workloads::pod_sums(&self.0, scope, &ids).await?;
            found.extend(rows.into_iter().map(|(id, sums)| ((scope.clone(), id), sums)));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<(String, i64)>> for RevisionLoader {
    type Value = Arc<manifests::Revision>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Seen<(String, i64)>],
    ) -> Result<HashMap<Seen<(String, i64)>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, wanted) in by_scope(keys) {
            let rows = manifests::revisions_at(&self.0, scope, &wanted).await?;
            // A position is that of one event, so it is that of one object.
            let ids: HashMap<i64, String> = wanted.into_iter().map(|(id, position)| (position, id)).collect();
            found.extend(rows.into_iter().filter_map(|row| {
                let key = (ids.get(&row.position)?.clone(), row.position);
                Some(((scope.clone(), key), Arc::new(row)))
            }));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Loader<Seen<(String, Resource)>> for KindCountLoader {
    type Value = objects::KindCount;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Seen<(String, Resource)>],
    ) -> Result<HashMap<Seen<(String, Resource)>, Self::Value>, Self::Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (scope, wanted) in by_scope(keys) {
            let mut kinds: HashMap<String, Vec<Resource>> = HashMap::new();
            for (cluster, kind) in wanted {
                kinds.entry(cluster).or_default().push(kind);
            }
            for (cluster, kinds) in kinds {
                let filter = objects::Filter { cluster: Some(cluster.clone()), kinds, ..objects::Filter::default() };
                let counts = objects::kinds(&self.0, scope, &filter).await?;
                let key = |kind: &Resource| (scope.clone(), (cluster.clone(), kind.clone()));
                found.extend(counts.into_iter().map(|count| (key(&count.kind), count)));
            }
        }
        Ok(found)
    }
}
