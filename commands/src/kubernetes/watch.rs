//! The watch: one leader for each cluster turns watch events of the API server into *observed* events. There is one
//! watch for each kind, however many clients look on. When a watch starts, it loads the last observations from the log.
//! So nothing is recorded twice, and objects that vanished meanwhile are noticed.

mod fresh;
mod recorder;

use super::{Known, pause};
use crate::kubernetes::{client::api_resource, observe};
use crate::{
    dispatch::{Dispatcher, Origin},
    log::{EventStore, lease},
};
use domain::{
    core::ids::ClusterId,
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
    platform::cluster::{Cluster, ClusterCommand, ClusterState},
};
use fresh::Newest;
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
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

const WATCHED: [Resource; 8] = [
    Resource::NAMESPACE,
    Resource::DEPLOYMENT,
    Resource::STATEFUL_SET,
    Resource::DAEMON_SET,
    Resource::REPLICA_SET,
    Resource::JOB,
    Resource::CRON_JOB,
    Resource::POD,
];
/// Objects in one page of a list. Bounds the memory of the first list of a large cluster.
const PAGE: u32 = 500;
/// The API server ends a watch after so many seconds, so that a silent watch is noticed within a minute.
const SILENCE: u32 = 50;
const RENEWAL: Duration = Duration::from_secs(1);
const QUEUE: usize = 1024;

/// A message of the watch of one kind.
pub(crate) enum Sight {
    Saw {
        object: ObjectRef,
        event: Box<ObservedEvent>,
    },
    Gone {
        object: ObjectRef,
    },
    /// A complete list begins or has ended. Objects that were not in it are gone.
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
    pub known: Known,
    pub store: EventStore,
    pub dispatcher: Dispatcher,
    pub owner: String,
    /// Notifies the executor of changed objects, so that it reads them at once and not at its next poll.
    pub hints: broadcast::Sender<ObjectRef>,
}

impl Watch {
    /// Watches while this process is the leader, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let Some(client) = self.known.client.clone() else { return };
        let name = format!("watcher:{}", self.known.id);
        while !shutdown.is_cancelled() {
            if matches!(lease::hold(self.store.pool(), &name, &self.owner).await, Ok(true)) {
                let ends = shutdown.child_token();
                let lead = self.lead(&client, ends.clone());
                tokio::select! {
                    () = lead => {}
                    () = self.renew(&name) => tracing::warn!(cluster = %self.known.id, "watcher.leadership_lost"),
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

    async fn lead(&self, client: &Client, shutdown: CancellationToken) {
        let cluster = &self.known.id;
        let register = ClusterCommand::Register { cluster: cluster.clone(), name: self.known.name.clone() };
        if let Err(error) = self.dispatcher.command::<Cluster>(Origin::system("watcher"), cluster, register).await {
            tracing::warn!(%cluster, %error, "watcher.not_registered");
            return;
        }
        let mut recorder = match Recorder::open(self.store.clone(), cluster.clone(), self.hints.clone()).await {
            Ok(recorder) => recorder,
            Err(error) => {
                tracing::warn!(%cluster, %error, "watcher.not_loaded");
                return;
            }
        };
        let (sights, mut seen) = mpsc::channel(QUEUE);
        for kind in WATCHED {
            let (client, cluster, sights) = (client.clone(), cluster.clone(), sights.clone());
            let (newest, ended) = (recorder.newest(&kind), shutdown.clone());
            let Some(api) = api_resource(&kind) else { continue };
            tokio::spawn(async move {
                tokio::select! {
                    () = tell(objects(client, &api, newest), cluster, kind, sights) => {}
                    () = ended.cancelled() => {}
                }
            });
        }
        drop(sights);
        let health = Health { known: &self.known, dispatcher: &self.dispatcher, client };
        tokio::select! {
            () = recorder.run(&mut seen) => {}
            () = health.run() => {}
        }
    }
}

/// Forwards the watch events of one kind, for ever.
async fn tell(
    objects: impl Stream<Item = watcher::Result<watcher::Event<DynamicObject>>>,
    cluster: ClusterId,
    kind: Resource,
    sights: mpsc::Sender<Sight>,
) {
    let mut stream = std::pin::pin!(objects);
    while let Some(item) = stream.next().await {
        let sight = match item {
            Ok(watcher::Event::Init) => Some(Sight::ListBegins { kind: kind.clone() }),
            Ok(watcher::Event::InitDone) => Some(Sight::ListEnds { kind: kind.clone() }),
            Ok(watcher::Event::Apply(object) | watcher::Event::InitApply(object)) => saw(&cluster, &kind, object),
            Ok(watcher::Event::Delete(object)) => gone(&cluster, &kind, &object),
            Err(error) => Some(Sight::Lost { kind: kind.clone(), message: error.to_string() }),
        };
        if let Some(sight) = sight
            && sights.send(sight).await.is_err()
        {
            return;
        }
    }
}

fn objects(
    client: Client,
    kind: &ApiResource,
    newest: Newest,
) -> impl Stream<Item = watcher::Result<watcher::Event<DynamicObject>>> {
    let api: Api<DynamicObject> = Api::all_with(newest.client(client), kind);
    let config = watcher::Config::default().page_size(PAGE).timeout(SILENCE);
    watcher(api, config)
        .map_ok(move |event| {
            event.modify(|object| {
                newest.saw(object.metadata.resource_version.as_deref().unwrap_or_default());
                object.metadata.managed_fields = None;
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

fn saw(cluster: &ClusterId, kind: &Resource, object: DynamicObject) -> Option<Sight> {
    let DynamicObject { metadata, data: mut value, .. } = object;
    let fields = value.as_object_mut()?;
    fields.insert("metadata".to_owned(), serde_json::to_value(metadata).ok()?);
    // The server omits these inside a list.
    fields.insert("apiVersion".to_owned(), kind.api_version()?.into());
    fields.insert("kind".to_owned(), kind.kind().into());
    if !observe::is_kept(kind, &value) {
        return None;
    }
    let object = observe::reference(cluster, kind, &value)?;
    let event = Box::new(observe::observe(cluster, kind, value)?);
    Some(Sight::Saw { object, event })
}

fn gone(cluster: &ClusterId, kind: &Resource, object: &DynamicObject) -> Option<Sight> {
    let name = object.metadata.name.clone()?;
    let namespace = object.metadata.namespace.clone();
    let object = ObjectRef { cluster: cluster.clone(), kind: kind.clone(), namespace, name }.checked()?;
    Some(Sight::Gone { object })
}

/// Polls the health of the cluster and reports changes.
struct Health<'a> {
    known: &'a Known,
    dispatcher: &'a Dispatcher,
    client: &'a Client,
}

impl Health<'_> {
    async fn run(&self) {
        let mut every = tokio::time::interval(Duration::from_secs(5));
        loop {
            every.tick().await;
            let command = self.look().await;
            if let Err(error) =
                self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.known.id, command).await
            {
                tracing::debug!(%error, "watcher.state_not_recorded");
            }
        }
    }

    async fn look(&self) -> ClusterCommand {
        let cluster = self.known.id.clone();
        let asked = tokio::time::timeout(Duration::from_secs(5), self.client.apiserver_version()).await;
        match asked {
            Ok(Ok(version)) => {
                let version = Some(version.git_version);
                ClusterCommand::Report { cluster, state: ClusterState::Ready, version, reason: None }
            }
            Ok(Err(error)) => self.unreachable(error.to_string()),
            Err(_) => self.unreachable("it did not answer within 5 s".to_owned()),
        }
    }

    fn unreachable(&self, reason: String) -> ClusterCommand {
        let cluster = self.known.id.clone();
        ClusterCommand::Report { cluster, state: ClusterState::Unreachable, version: None, reason: Some(reason) }
    }
}
