//! The watch: one leader for each cluster records watch events of the API server as *observed* events. There is one
//! watch for each kind, however many clients look on. A starting watch loads the last observations from the log. So
//! nothing is recorded twice, and vanished objects are noticed.

mod forward;
mod fresh;
mod health;
mod kinds;
mod pauses;
mod plain;
mod recorder;
mod table;
mod unreadable;
mod within;

use super::{
    ClusterHandle, Connected, Error, KnownBy,
    discovery::Discovery,
    identity::{Identities, Identity},
};
use crate::{
    dispatch::{Dispatcher, Origin},
    kubernetes::observe::Observation,
    log::{EventStore, lease},
};
use domain::{
    core::{free_text::FreeText, ids::ClusterId},
    kubernetes::{object::ObjectRef, observation::KubernetesEvent, resource::Resource},
    platform::cluster::{Cluster, ClusterCommand, ClusterState},
};
use health::Health;
use kinds::{Shared, Watches};
use kube::Client;
use recorder::Recorder;
use std::{sync::Arc, time::Duration};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use unreadable::Unreadable;

/// Objects in one page of a list of plain objects. Bounds the memory of the first list of a large cluster.
const PAGE: u32 = 500;
/// The API server ends a watch after this many seconds, so that a silent watch is noticed within a minute.
const SILENCE: u32 = 50;
const RENEWAL: Duration = Duration::from_secs(1);
/// How often old Kubernetes events are dropped and room is made for new ones.
const ROOM: Duration = Duration::from_secs(3600);
/// Observations that wait for the recorder, which takes as many at a time. Each may hold a long manifest.
const QUEUE: usize = 256;

/// A message of the watch of one kind.
pub(crate) enum WatchEvent {
    Observed(Box<Observation>),
    Gone {
        object: ObjectRef,
        uid: Option<String>,
    },
    /// The cluster has dropped a Kubernetes event.
    EventDropped(Box<KubernetesEvent>),
    /// A complete list begins or ends, of all namespaces or of one. Objects missing in it are gone.
    ListBegins {
        kind: Resource,
        namespace: Option<String>,
    },
    ListEnds {
        kind: Resource,
        namespace: Option<String>,
    },
    /// The kind is no longer recorded. Nothing of it follows.
    Released {
        kind: Resource,
    },
    /// The cluster was restored to an earlier state: what follows of this kind is recorded anew.
    SetBack {
        kind: Resource,
    },
    /// The API server cannot be reached or refuses the watch.
    Lost {
        kind: Resource,
        message: String,
    },
}

/// Everything a watcher of one cluster needs.
pub(crate) struct Watch {
    pub connected: Connected,
    pub store: EventStore,
    pub dispatcher: Dispatcher,
    pub owner: String,
    /// Notifies the executor of changed objects, so that it reads them at once and not at its next poll.
    pub hints: broadcast::Sender<ObjectRef>,
    pub identities: Identities,
    /// How long Kubernetes events are kept.
    pub kubernetes_events_days: u16,
}

impl Watch {
    fn identity(&self) -> Identity {
        let (identities, dispatcher) = (self.identities.clone(), self.dispatcher.clone());
        Identity { identities, handle: self.cluster().clone(), dispatcher }
    }

    const fn cluster(&self) -> &ClusterHandle {
        &self.connected.handle
    }

    /// Watches while this process is the leader, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let (client, discovery) = (self.cluster().client.clone(), self.connected.discovery.clone());
        let (Some(client), Some(discovery)) = (client, discovery) else { return };
        let name = lease_of(&self.cluster().id);
        while !shutdown.is_cancelled() {
            if matches!(lease::hold(self.store.pool(), &name, &self.owner).await, Ok(true)) {
                let ends = shutdown.child_token();
                let lead = self.lead(&client, &discovery, ends.clone());
                tokio::select! {
                    () = lead => {}
                    () = self.renew(&name) => tracing::warn!(cluster = %self.cluster().id, "watcher.leadership_lost"),
                    () = shutdown.cancelled() => {}
                }
                ends.cancel();
            }
            tokio::select! {
                () = tokio::time::sleep(RENEWAL) => {}
                () = shutdown.cancelled() => {}
            }
        }
        let _ = lease::release(self.store.pool(), &name, &self.owner).await;
    }

    /// Returns when another process has the lease, or when it could not be renewed in time.
    async fn renew(&self, name: &str) {
        let mut renewed = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(RENEWAL).await;
            match lease::hold(self.store.pool(), name, &self.owner).await {
                Ok(true) => renewed = tokio::time::Instant::now(),
                Ok(false) => return,
                Err(_) if renewed.elapsed() > lease::LEASE => return,
                Err(_) => {}
            }
        }
    }

    /// Reports why nothing is watched: the cluster does not answer, or is another one.
    async fn report_unidentified(&self, error: &Error) {
        let cluster = self.cluster().id.clone();
        tracing::debug!(%cluster, %error, "watcher.cluster_not_identified");
        let (state, reason) = (ClusterState::Unreachable, Some(FreeText::new(&error.to_string())));
        let (code, unreadable) = (error.code(), Vec::new());
        let report = ClusterCommand::Report { cluster, state, version: None, code, reason, unreadable };
        if let Err(error) =
            self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.cluster().id, report).await
        {
            tracing::debug!(%error, "watcher.state_not_recorded");
        }
    }

    async fn lead(&self, client: &Client, discovery: &Discovery, shutdown: CancellationToken) {
        let cluster = &self.cluster().id;
        if self.connected.known_by == KnownBy::Settings
            && let Err(error) = self.register().await
        {
            tracing::warn!(%cluster, %error, "watcher.not_registered");
            return;
        }
        if let Err(error) = self.identities.confirm(self.cluster(), &self.dispatcher).await {
            self.report_unidentified(&error).await;
            return;
        }
        let mut forgotten = self.store.keys().forgotten();
        let mut recorder = match Recorder::open(self.store.clone(), cluster.clone(), self.hints.clone()).await {
            Ok(recorder) => recorder,
            Err(error) => {
                tracing::warn!(%cluster, %error, "watcher.not_loaded");
                return;
            }
        };
        let (events, mut received) = mpsc::channel(QUEUE);
        let unreadable = Unreadable::default();
        let shared = Shared {
            client: client.clone(),
            cluster: cluster.clone(),
            namespaces: Arc::clone(&self.connected.namespaces),
            identity: Some(self.identity()),
            discovery: discovery.clone(),
            events,
            unreadable: unreadable.clone(),
            has_owners: recorder.has_owners(),
            shutdown,
        };
        let watches = Watches::start(shared, recorder.newest());
        let (dispatcher, identities) = (&self.dispatcher, &self.identities);
        let health = Health { cluster: self.cluster(), dispatcher, identities, client, unreadable };
        tokio::select! {
            () = recorder.run(&mut received) => {}
            () = watches.run() => {}
            // Another cluster answers: what is observed from now on is not of this one.
            error = health.run() => self.report_unidentified(&error).await,
            () = self.keep_events() => {}
            // The watch restarts with a full list, which records existing objects again.
            _ = forgotten.changed() => tracing::info!(%cluster, "watcher.keys_forgotten"),
        }
    }
}

/// The name of the lease of a watch.
pub(crate) fn lease_of(cluster: &ClusterId) -> String {
    format!("watcher:{cluster}")
}

impl Watch {
    /// Registers a cluster of the settings, or gives it what they say now.
    async fn register(&self) -> Result<(), crate::Error> {
        let ClusterHandle { id: cluster, name, environment, .. } = self.cluster().clone();
        let register = ClusterCommand::Register { cluster: cluster.clone(), name, environment };
        self.dispatcher.command::<Cluster>(Origin::system("watcher"), &cluster, register).await.map(drop)
    }

    /// Makes room for Kubernetes events and deletes old ones.
    async fn keep_events(&self) {
        let mut every = tokio::time::interval(ROOM);
        loop {
            every.tick().await;
            let query = sqlx::query("SELECT keep_kubernetes_events($1)").bind(i32::from(self.kubernetes_events_days));
            if let Err(error) = query.execute(self.store.pool()).await {
                tracing::warn!(cluster = %self.cluster().id, %error, "watch.kubernetes_events_not_kept");
            }
        }
    }
}
