//! Assembles the write side for the gateway and the tests.

use crate::{
    Clusters, Dispatcher, Error,
    executor::{Executor, breaker::Breakers, queue::Queue},
    kubernetes::{ClusterSource, identity::Identities, watch::Watch},
    log::EventStore,
    preview::Previews,
};
use domain::{core::sealing::SealingKeys, kubernetes::object::ObjectRef};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, broadcast},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// The settings of the write side.
#[derive(Clone)]
pub struct Settings {
    /// Connections of the application's role.
    pub pool: PgPool,
    /// The sealing keys, which wrap the data keys and are kept outside the database.
    pub sealing: Arc<SealingKeys>,
    /// The id of this process for leases, different for each start.
    pub owner: String,
    pub clusters: Vec<ClusterSource>,
    /// How long an operation may take before it fails.
    pub operation_timeout: Duration,
    /// How many days Kubernetes events are kept, at least 1.
    pub kubernetes_events_days: u16,
    /// Called with the last position after each commit.
    pub on_appended: Arc<dyn Fn(i64) + Send + Sync>,
}

/// The write side of one process.
pub struct WriteSide {
    dispatcher: Dispatcher,
    clusters: Clusters,
    store: EventStore,
    owner: String,
    wake: Arc<Notify>,
    hints: broadcast::Sender<ObjectRef>,
    identities: Identities,
    kubernetes_events_days: u16,
}

impl WriteSide {
    /// Reads the credentials of the clusters and starts the task that commits. Calls no cluster yet.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        let clusters = Clusters::open(&settings.clusters).await?;
        Ok(Self::with_clusters(settings, clusters))
    }

    /// The same with clusters that are already open.
    pub fn with_clusters(settings: Settings, clusters: Clusters) -> Self {
        let wake = Arc::new(Notify::new());
        let store = EventStore::new(
            settings.pool.clone(),
            Arc::clone(&settings.sealing),
            Arc::clone(&settings.on_appended),
            Arc::clone(&wake),
        );
        let ids = clusters.all().iter().map(|handle| handle.id.clone()).collect();
        let dispatcher = Dispatcher::new(store.clone(), ids, settings.operation_timeout);
        let (hints, _) = broadcast::channel(1024);
        let Settings { owner, kubernetes_events_days, .. } = settings;
        let identities = Identities::default();
        Self { dispatcher, clusters, store, owner, wake, hints, identities, kubernetes_events_days }
    }

    pub fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }

    pub fn clusters(&self) -> Clusters {
        self.clusters.clone()
    }

    pub fn previews(&self) -> Previews {
        Previews::new(self.dispatcher(), &self.clusters)
    }

    pub fn store(&self) -> &EventStore {
        &self.store
    }

    /// Performs effects until `shutdown`, then lets running calls finish.
    pub async fn run_executor(&self, shutdown: CancellationToken) {
        let executor = Executor {
            dispatcher: self.dispatcher.clone(),
            store: self.store.clone(),
            clusters: self.clusters.clone(),
            queue: Queue::new(self.store.pool().clone(), self.store.keys().clone(), self.owner.clone()),
            wake: Arc::clone(&self.wake),
            hints: self.hints.clone(),
            breakers: Breakers::default(),
            identities: self.identities.clone(),
        };
        executor.run(shutdown).await;
    }

    /// Records repeated accesses and refusals, once a minute and at `shutdown`.
    pub async fn run_access_log(&self, shutdown: CancellationToken) {
        self.dispatcher.run_access_log(shutdown).await;
    }

    /// Watches every cluster that this process leads, until `shutdown`.
    pub async fn run_watchers(&self, shutdown: CancellationToken) {
        let mut watches = JoinSet::new();
        for cluster in self.clusters.all() {
            let watch = Watch {
                cluster: cluster.clone(),
                discovery: self.clusters.discovery(&cluster.id).cloned(),
                store: self.store.clone(),
                dispatcher: self.dispatcher.clone(),
                owner: self.owner.clone(),
                hints: self.hints.clone(),
                identities: self.identities.clone(),
                kubernetes_events_days: self.kubernetes_events_days,
            };
            watches.spawn(watch.run(shutdown.clone()));
        }
        while watches.join_next().await.is_some() {}
    }
}
