//! Assembles the write side for the gateway and the tests.

use crate::{
    Clusters, Dispatcher, Error,
    edit::Edits,
    executor::{Executor, batches::Batches, breaker::Breakers, queue::Queue},
    kubernetes::{
        ClusterSource, Connected,
        identity::Identities,
        live::Live,
        openapi::Schemas,
        registry::Registry,
        watch::{Watch, lease_of},
    },
    log::{EventStore, lease},
    preview::Previews,
};
use domain::{core::sealing::SealingKeys, kubernetes::object::ObjectRef};
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, broadcast},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// How often the watches of removed clusters are looked at.
const ENDINGS: Duration = Duration::from_millis(500);

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
    registry: Registry,
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
        let dispatcher = Dispatcher::new(store.clone(), clusters.clone(), settings.operation_timeout);
        let registry = Registry::new(clusters.clone(), dispatcher.clone(), store.clone());
        let (hints, _) = broadcast::channel(1024);
        let Settings { owner, kubernetes_events_days, .. } = settings;
        let identities = Identities::default();
        Self { dispatcher, clusters, registry, store, owner, wake, hints, identities, kubernetes_events_days }
    }

    pub fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }

    pub fn clusters(&self) -> Clusters {
        self.clusters.clone()
    }

    pub fn registry(&self) -> Registry {
        self.registry.clone()
    }

    pub fn previews(&self) -> Previews {
        Previews::new(self.dispatcher(), self.clusters())
    }

    /// Edits of objects, with what reads them live.
    pub fn edits(&self, live: Live, schemas: Schemas) -> Edits {
        Edits::new(self.dispatcher(), self.store.clone(), self.clusters(), live, schemas)
    }

    pub fn store(&self) -> &EventStore {
        &self.store
    }

    /// Performs effects and requests the members of batches until `shutdown`, then lets running calls finish.
    pub async fn run_executor(&self, shutdown: CancellationToken) {
        let queue = Queue::new(self.store.pool().clone(), self.store.keys().clone(), self.owner.clone());
        let batches = Batches {
            dispatcher: self.dispatcher.clone(),
            store: self.store.clone(),
            queue: queue.clone(),
            registry: self.registry(),
        };
        let executor = Executor {
            dispatcher: self.dispatcher.clone(),
            store: self.store.clone(),
            clusters: self.clusters.clone(),
            queue,
            wake: Arc::clone(&self.wake),
            hints: self.hints.clone(),
            breakers: Breakers::default(),
            identities: self.identities.clone(),
        };
        tokio::join!(executor.run(shutdown.clone()), batches.run(shutdown));
    }

    /// Records repeated accesses and refusals, once a minute and at `shutdown`.
    pub async fn run_access_log(&self, shutdown: CancellationToken) {
        self.dispatcher.run_access_log(shutdown).await;
    }

    /// Follows which clusters there are, until `shutdown`.
    pub async fn run_registry(&self, shutdown: CancellationToken) {
        self.registry.run(shutdown).await;
    }

    /// Watches every cluster that this process leads, those that come later too, until `shutdown`.
    pub async fn run_watchers(&self, shutdown: CancellationToken) {
        let (mut watches, mut watched) = (JoinSet::new(), HashMap::new());
        let mut changes = self.clusters.changes();
        loop {
            watched.retain(|_, ends: &mut CancellationToken| !ends.is_cancelled());
            for connected in self.clusters.connected() {
                let (id, ends) = (connected.handle.id.clone(), connected.ends.clone());
                if watched.contains_key(&id) {
                    continue;
                }
                watched.insert(id, ends.clone());
                watches.spawn(self.watch(connected).run(either(&ends, &shutdown)));
            }
            tokio::select! {
                () = changes.next() => {}
                () = self.end_watches() => {}
                () = shutdown.cancelled() => break,
            }
            while watches.try_join_next().is_some() {}
        }
        while watches.join_next().await.is_some() {}
    }

    fn watch(&self, connected: Connected) -> Watch {
        Watch {
            connected,
            store: self.store.clone(),
            dispatcher: self.dispatcher.clone(),
            owner: self.owner.clone(),
            hints: self.hints.clone(),
            identities: self.identities.clone(),
            kubernetes_events_days: self.kubernetes_events_days,
        }
    }

    /// Says of removed clusters that nothing of them is observed any more, once nobody has the lease of their watch. Never
    /// returns.
    async fn end_watches(&self) {
        // Not the owner of our own watches: they must have ended too.
        let owner = format!("{}, ending", self.owner);
        loop {
            for id in self.clusters.ending() {
                let lease = lease_of(&id);
                if !matches!(lease::hold(self.store.pool(), &lease, &owner).await, Ok(true)) {
                    continue;
                }
                if let Err(error) = self.registry.end_watch(&id).await {
                    tracing::debug!(cluster = %id, %error, "watcher.end_not_recorded");
                }
                let _ = lease::release(self.store.pool(), &lease, &owner).await;
            }
            tokio::time::sleep(ENDINGS).await;
        }
    }
}

/// A token that ends with either of these.
fn either(one: &CancellationToken, other: &CancellationToken) -> CancellationToken {
    let (both, other) = (one.child_token(), other.clone());
    let ends = both.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = other.cancelled() => ends.cancel(),
            () = ends.cancelled() => {}
        }
    });
    both
}
