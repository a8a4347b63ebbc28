//! The watch: one leader for each cluster records watch events of the API server as *observed* events. There is one
//! watch for each kind, however many clients look on. A starting watch loads the last observations from the log. So
//! nothing is recorded twice, and vanished objects are noticed.

mod fresh;
mod recorder;

use super::{ClusterHandle, Error, identity::Identities, pause};
use crate::{
    dispatch::{Dispatcher, Origin},
    kubernetes::{
        client::api_resource,
        observe::{self, Observation},
    },
    log::{EventStore, lease},
};
use chrono::Utc;
use domain::{
    core::{free_text::FreeText, ids::ClusterId},
    kubernetes::{object::ObjectRef, observation::KubernetesEvent, resource::Resource},
    platform::cluster::{Cluster, ClusterCommand, ClusterState, UnreadableKind},
};
use fresh::NewestRevision;
use futures::{Stream, StreamExt, TryStreamExt};
use kube::{
    Api, Client,
    core::{ApiResource, DynamicObject},
    runtime::{
        WatchStreamExt,
        utils::Backoff,
        watcher::{self, DefaultBackoff, watcher},
    },
};
use recorder::Recorder;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

/// How long the other watches wait for the first kinds, which may be forbidden.
const FIRST_LIST: Duration = Duration::from_secs(10);
/// Objects in one page of a list. Bounds the memory of the first list of a large cluster.
const PAGE: u32 = 500;
/// The API server ends a watch after this many seconds, so that a silent watch is noticed within a minute.
const SILENCE: u32 = 50;
const RENEWAL: Duration = Duration::from_secs(1);
/// How often old Kubernetes events are dropped and room is made for new ones.
const ROOM: Duration = Duration::from_secs(3600);
const QUEUE: usize = 1024;

/// A message of the watch of one kind.
pub(crate) enum WatchEvent {
    Observed(Box<Observation>),
    Gone {
        object: ObjectRef,
        uid: Option<String>,
    },
    /// The cluster has dropped a Kubernetes event.
    EventDropped(Box<KubernetesEvent>),
    /// A complete list begins or ends. Objects missing in it are gone.
    ListBegins {
        kind: Resource,
    },
    ListEnds {
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
    pub cluster: ClusterHandle,
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
    /// Watches while this process is the leader, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let Some(client) = self.cluster.client.clone() else { return };
        let name = format!("watcher:{}", self.cluster.id);
        while !shutdown.is_cancelled() {
            if matches!(lease::hold(self.store.pool(), &name, &self.owner).await, Ok(true)) {
                let ends = shutdown.child_token();
                let lead = self.lead(&client, ends.clone());
                tokio::select! {
                    () = lead => {}
                    () = self.renew(&name) => tracing::warn!(cluster = %self.cluster.id, "watcher.leadership_lost"),
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
        let cluster = self.cluster.id.clone();
        tracing::debug!(%cluster, %error, "watcher.cluster_not_identified");
        let (state, reason) = (ClusterState::Unreachable, Some(FreeText::new(&error.to_string())));
        let report = ClusterCommand::Report { cluster, state, version: None, reason, unreadable: Vec::new() };
        if let Err(error) =
            self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.cluster.id, report).await
        {
            tracing::debug!(%error, "watcher.state_not_recorded");
        }
    }

    async fn lead(&self, client: &Client, shutdown: CancellationToken) {
        let cluster = &self.cluster.id;
        let (name, environment) = (self.cluster.name.clone(), self.cluster.environment);
        let register = ClusterCommand::Register { cluster: cluster.clone(), name, environment };
        if let Err(error) = self.dispatcher.command::<Cluster>(Origin::system("watcher"), cluster, register).await {
            tracing::warn!(%cluster, %error, "watcher.not_registered");
            return;
        }
        if let Err(error) = self.identities.confirm(&self.cluster, &self.dispatcher).await {
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
        for kind in Resource::watched() {
            let (client, cluster, events) = (client.clone(), cluster.clone(), events.clone());
            let (newest, unreadable, ended) = (recorder.newest(&kind), unreadable.clone(), shutdown.clone());
            let mut has_owners = recorder.has_owners();
            let Some(api) = api_resource(&kind) else { continue };
            tokio::spawn(async move {
                if !kind.is_listed_first() {
                    let _ = tokio::time::timeout(FIRST_LIST, has_owners.wait_for(|listed| *listed)).await;
                }
                tokio::select! {
                    () = forward(objects(client, &api, newest), cluster, kind, unreadable, events) => {}
                    () = ended.cancelled() => {}
                }
            });
        }
        drop(events);
        let health = Health { cluster: &self.cluster, dispatcher: &self.dispatcher, client, unreadable };
        tokio::select! {
            () = recorder.run(&mut received) => {}
            () = health.run() => {}
            () = self.keep_events() => {}
            // The watch restarts with a full list, which records existing objects again.
            _ = forgotten.changed() => tracing::info!(%cluster, "watcher.keys_forgotten"),
        }
    }
}

impl Watch {
    /// Makes room for Kubernetes events and deletes old ones.
    async fn keep_events(&self) {
        let mut every = tokio::time::interval(ROOM);
        loop {
            every.tick().await;
            let query = sqlx::query("SELECT keep_kubernetes_events($1)").bind(i32::from(self.kubernetes_events_days));
            if let Err(error) = query.execute(self.store.pool()).await {
                tracing::warn!(cluster = %self.cluster.id, %error, "watch.kubernetes_events_not_kept");
            }
        }
    }
}

/// The kinds that the API server does not let Binnacle read, with its messages.
#[derive(Clone, Default)]
struct Unreadable(Arc<Mutex<BTreeMap<Resource, String>>>);

impl Unreadable {
    fn set(&self, kind: &Resource, message: Option<String>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match message {
            Some(message) => all.insert(kind.clone(), message),
            None => all.remove(kind),
        };
    }

    fn all(&self) -> Vec<UnreadableKind> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(kind, message)| UnreadableKind { kind: kind.clone(), message: message.as_str().into() })
            .collect()
    }
}

/// Forwards the watch events of one kind, for ever.
async fn forward(
    objects: impl Stream<Item = watcher::Result<watcher::Event<DynamicObject>>>,
    cluster: ClusterId,
    kind: Resource,
    unreadable: Unreadable,
    events: mpsc::Sender<WatchEvent>,
) {
    let mut stream = std::pin::pin!(objects);
    while let Some(item) = stream.next().await {
        let event = match item {
            Ok(watcher::Event::Init) => Some(WatchEvent::ListBegins { kind: kind.clone() }),
            Ok(watcher::Event::InitDone) => {
                unreadable.set(&kind, None);
                Some(WatchEvent::ListEnds { kind: kind.clone() })
            }
            Ok(watcher::Event::Apply(object) | watcher::Event::InitApply(object)) => observed(&cluster, &kind, object),
            Ok(watcher::Event::Delete(object)) => {
                // A Job may be deleted as soon as it is done, so this is the only event with its end.
                let last = (kind == Resource::JOB).then(|| observed(&cluster, &kind, object.clone())).flatten();
                if let Some(last) = last
                    && events.send(last).await.is_err()
                {
                    return;
                }
                gone(&cluster, &kind, object)
            }
            Err(error) => {
                if let Some(message) = refusal(&error) {
                    unreadable.set(&kind, Some(message));
                }
                Some(WatchEvent::Lost { kind: kind.clone(), message: error.to_string() })
            }
        };
        if let Some(event) = event
            && events.send(event).await.is_err()
        {
            return;
        }
    }
}

/// The message of the API server if it forbids the watch.
fn refusal(error: &watcher::Error) -> Option<String> {
    let status = match error {
        watcher::Error::InitialListFailed(kube::Error::Api(status))
        | watcher::Error::WatchStartFailed(kube::Error::Api(status))
        | watcher::Error::WatchFailed(kube::Error::Api(status)) => status,
        watcher::Error::WatchError(status) => status,
        _ => return None,
    };
    (status.code == 403).then(|| status.message.clone())
}

fn objects(
    client: Client,
    kind: &ApiResource,
    newest: NewestRevision,
) -> impl Stream<Item = watcher::Result<watcher::Event<DynamicObject>>> {
    let api: Api<DynamicObject> = Api::all_with(newest.client(client), kind);
    let config = watcher::Config::default().page_size(PAGE).timeout(SILENCE);
    watcher(api, config)
        .map_ok(move |event| {
            event.modify(|object| {
                newest.saw(object.metadata.resource_version.as_deref().unwrap_or_default());
            })
        })
        .backoff(Soon(DefaultBackoff::default()))
}

/// The pauses of kube-rs, limited to [`pause::LONGEST`] and with jitter.
struct Soon(DefaultBackoff);

impl Iterator for Soon {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.0.next().map(|wait| pause::spread(wait.min(pause::LONGEST)))
    }
}

impl Backoff for Soon {
    fn reset(&mut self) {
        self.0.reset();
    }
}

fn observed(cluster: &ClusterId, kind: &Resource, object: DynamicObject) -> Option<WatchEvent> {
    match observe::observe(cluster, kind, json(kind, object)?, Utc::now()) {
        Ok(observation) => Some(WatchEvent::Observed(Box::new(observation?))),
        // The message may quote a value.
        Err(_) => {
            tracing::warn!(%cluster, %kind, "watch.object_unreadable");
            None
        }
    }
}

/// The object as JSON, with the fields that the server omits inside a list.
fn json(kind: &Resource, object: DynamicObject) -> Option<Value> {
    let DynamicObject { mut metadata, data: mut value, .. } = object;
    let fields = value.as_object_mut()?;
    if !kind.is_workload() {
        metadata.managed_fields = None;
    }
    fields.insert("metadata".to_owned(), serde_json::to_value(metadata).ok()?);
    fields.insert("apiVersion".to_owned(), kind.api_version()?.into());
    fields.insert("kind".to_owned(), kind.kind().into());
    Some(value)
}

fn gone(cluster: &ClusterId, kind: &Resource, object: DynamicObject) -> Option<WatchEvent> {
    let (name, namespace) = (object.metadata.name.clone()?, object.metadata.namespace.clone());
    let uid = object.metadata.uid.clone();
    let reference = ObjectRef { cluster: cluster.clone(), kind: kind.clone(), namespace, name }.checked()?;
    if *kind == Resource::EVENT {
        let event = Box::new(observe::facts::event(&json(kind, object)?).ok()?);
        return Some(WatchEvent::EventDropped(event));
    }
    Some(WatchEvent::Gone { object: reference, uid })
}

/// Polls the health of the cluster and reports changes.
struct Health<'a> {
    cluster: &'a ClusterHandle,
    dispatcher: &'a Dispatcher,
    client: &'a Client,
    unreadable: Unreadable,
}

impl Health<'_> {
    async fn run(&self) {
        let mut every = tokio::time::interval(Duration::from_secs(5));
        loop {
            every.tick().await;
            let command = self.look().await;
            if let Err(error) =
                self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.cluster.id, command).await
            {
                tracing::debug!(%error, "watcher.state_not_recorded");
            }
        }
    }

    async fn look(&self) -> ClusterCommand {
        let cluster = self.cluster.id.clone();
        let version = tokio::time::timeout(Duration::from_secs(5), self.client.apiserver_version()).await;
        match version {
            Ok(Ok(version)) => {
                let (version, unreadable) = (Some(version.git_version), self.unreadable.all());
                let state = if unreadable.is_empty() { ClusterState::Ready } else { ClusterState::Degraded };
                ClusterCommand::Report { cluster, state, version, reason: None, unreadable }
            }
            Ok(Err(error)) => self.unreachable(error.to_string()),
            Err(_) => self.unreachable("it did not answer within 5 s".to_owned()),
        }
    }

    fn unreachable(&self, reason: String) -> ClusterCommand {
        let cluster = self.cluster.id.clone();
        let unreadable = self.unreadable.all();
        let (state, reason) = (ClusterState::Unreachable, Some(FreeText::new(&reason)));
        ClusterCommand::Report { cluster, state, version: None, reason, unreadable }
    }
}
