//! Assembles the write side for the gateway and the tests.

use crate::{
    Clusters, Dispatcher, Error,
    executor::{Executor, breaker::Breakers, queue::Queue},
    kubernetes::{ClusterSource, watch::Watch},
    log::EventStore,
};
use domain::kubernetes::object::ObjectRef;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, broadcast},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// What the write side needs to run.
#[derive(Clone)]
pub struct Settings {
    /// Connections of the application's role.
    pub pool: PgPool,
    /// The id of this process for leases, different for each start.
    pub owner: String,
    pub clusters: Vec<ClusterSource>,
    /// How long an operation may take before it fails.
    pub operation_timeout: Duration,
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
        let store = EventStore::new(settings.pool, settings.on_appended, Arc::clone(&wake));
        let ids = clusters.all().iter().map(|known| known.id.clone()).collect();
        let dispatcher = Dispatcher::new(store.clone(), ids, settings.operation_timeout);
        let (hints, _) = broadcast::channel(1024);
        Self { dispatcher, clusters, store, owner: settings.owner, wake, hints }
    }

    pub fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }

    pub fn clusters(&self) -> Clusters {
        self.clusters.clone()
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
            queue: Queue::new(self.store.pool().clone(), self.owner.clone()),
            wake: Arc::clone(&self.wake),
            hints: self.hints.clone(),
            breakers: Breakers::default(),
        };
        executor.run(shutdown).await;
    }

    /// Watches every cluster that this process leads, until `shutdown`.
    pub async fn run_watchers(&self, shutdown: CancellationToken) {
        let mut watches = JoinSet::new();
        for known in self.clusters.all() {
            let watch = Watch {
                known: known.clone(),
                store: self.store.clone(),
                dispatcher: self.dispatcher.clone(),
                owner: self.owner.clone(),
                hints: self.hints.clone(),
            };
            watches.spawn(watch.run(shutdown.clone()));
        }
        while watches.join_next().await.is_some() {}
    }
}
