//! Which kinds are watched: those that Binnacle has rules for, and every recorded kind that the cluster serves. Watches begin
//! and end as discovery changes. A kind that is no longer served takes its objects with it; one of a stale group does not.

use super::{
    WatchEvent,
    forward::{Forward, REFUSED},
    fresh::NewestRevision,
    pauses::Soon,
    plain,
    table::Reader,
    unreadable::{Unreadable, refusal},
    within::within,
};
use crate::kubernetes::{
    discovery::{Discovery, Kinds, ServedKind},
    identity::Identity,
    observe::Row,
    pause,
};
use domain::{core::ids::ClusterId, kubernetes::resource::Resource};
use futures::{Stream, StreamExt, future::join_all};
use kube::{
    Client,
    runtime::{WatchStreamExt, watcher},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Notify, Semaphore, mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Lists of tables that run at the same time: a start must not ask the API server for everything at once.
const LISTS: usize = 4;
/// How long the watches of plain kinds wait for the kinds that are listed first, which may be forbidden.
const FIRST_LIST: Duration = Duration::from_secs(10);
/// How often the kinds are discovered where nothing says that they changed.
const EVERY: Duration = Duration::from_secs(180);
/// How soon again after a change: discovery lags behind it.
const SETTLES: Duration = Duration::from_secs(10);
/// How long changes are gathered.
const GATHERS: Duration = Duration::from_secs(2);
/// How long a refusal of a custom kind is believed, at most. There may be hundreds of them.
const REFUSED_AT_MOST: Duration = Duration::from_secs(60);

/// Everything that the watches of one cluster share.
#[derive(Clone)]
pub(super) struct Shared {
    pub client: Client,
    pub cluster: ClusterId,
    /// The only namespaces that may be seen. Empty: all.
    pub namespaces: Arc<[String]>,
    /// None in tests of this file.
    pub identity: Option<Identity>,
    pub discovery: Discovery,
    pub events: mpsc::Sender<WatchEvent>,
    pub unreadable: Unreadable,
    /// Turns true when the kinds that are listed first were.
    pub has_owners: watch::Receiver<bool>,
    pub shutdown: CancellationToken,
}

impl Shared {
    /// Where each kind is watched: everywhere, or in each namespace that may be seen.
    fn places(&self) -> Vec<(Option<String>, Client)> {
        if self.namespaces.is_empty() {
            return vec![(None, self.client.clone())];
        }
        let place = |name: &String| (Some(name.clone()), within(self.client.clone(), name.clone()));
        self.namespaces.iter().map(place).collect()
    }

    /// Whether a credential like ours may see objects of the kind at all.
    fn may_see(&self, kind: &ServedKind) -> bool {
        self.namespaces.is_empty() || kind.namespaced
    }
}

/// The watches of one cluster.
pub(super) struct Watches {
    shared: Shared,
    lists: Arc<Semaphore>,
    /// Says that kinds may have come or gone.
    rediscover: Arc<Notify>,
    /// The newest revision of each kind that has objects in the log, or that is watched.
    newest: HashMap<Resource, NewestRevision>,
    running: HashMap<Resource, Running>,
    /// Since when kinds are missing in discovery. One answer may be that of a server that has just started.
    missing: BTreeMap<Resource, Instant>,
}

struct Running {
    path: String,
    ends: CancellationToken,
    task: JoinHandle<()>,
}

impl Watches {
    /// Starts the watches of the kinds that Binnacle has rules for. `newest`: the revisions in the log.
    pub fn start(shared: Shared, newest: HashMap<Resource, NewestRevision>) -> Self {
        for kind in newest.keys() {
            // It has objects in the log, so it was judged before.
            shared.discovery.judge(kind, 0);
        }
        let (lists, rediscover) = (Arc::new(Semaphore::new(LISTS)), Arc::default());
        let (running, missing) = (HashMap::new(), BTreeMap::new());
        let mut watches = Self { shared, lists, rediscover, newest, running, missing };
        for kind in Resource::watched().filter(|kind| !is_object(kind)) {
            watches.start_plain(kind);
        }
        for served in at_once().iter().filter_map(ServedKind::of_catalogue) {
            if watches.shared.may_see(&served) {
                watches.start_table(served);
            }
        }
        watches
    }

    /// Follows discovery, for ever.
    pub async fn run(mut self) {
        let mut changes = self.shared.discovery.changes();
        let mut judgements = self.shared.discovery.judgements();
        let mut pause = Duration::ZERO;
        loop {
            let is_told = tokio::select! {
                () = sleep(pause) => false,
                () = self.rediscover.notified() => true,
                // Somebody else discovered them.
                _ = changes.changed() => false,
                // A person chose them, or one was counted.
                _ = judgements.changed() => false,
            };
            if is_told {
                sleep(GATHERS).await;
            }
            let found = self.shared.discovery.refresh().await;
            // Those of somebody else who read them meanwhile are newer.
            let kinds = Arc::clone(&changes.borrow_and_update());
            match &found {
                Ok(_) => self.follow(&kinds).await,
                Err(error) => tracing::debug!(cluster = %self.shared.cluster, %error, "watch.kinds_not_discovered"),
            }
            pause = if is_told || found.is_err() || !self.missing.is_empty() { SETTLES } else { EVERY };
        }
    }

    async fn follow(&mut self, kinds: &Kinds) {
        let wanted: Vec<&ServedKind> = kinds.all().filter(|kind| self.is_wanted(kind)).collect();
        for served in wanted {
            if self.is_watched(served) {
                continue;
            }
            self.stop(&served.resource).await;
            self.start_table(served.clone());
        }
        for kind in self.released() {
            tracing::info!(cluster = %self.shared.cluster, %kind, "watch.kind_released");
            self.leave(&kind).await;
            let _ = self.shared.events.send(WatchEvent::Released { kind }).await;
        }
        for kind in self.vanished(kinds) {
            tracing::info!(cluster = %self.shared.cluster, %kind, "watch.kind_gone");
            self.leave(&kind).await;
            // An empty list.
            let begins = WatchEvent::ListBegins { kind: kind.clone(), namespace: None };
            for event in [begins, WatchEvent::ListEnds { kind: kind.clone(), namespace: None }] {
                let _ = self.shared.events.send(event).await;
            }
        }
    }

    /// The kinds that are watched, or have objects in the log, and are not to be recorded.
    fn released(&self) -> Vec<Resource> {
        let known: BTreeSet<&Resource> = self.running.keys().chain(self.newest.keys()).collect();
        let is_released = |kind: &&Resource| is_object(kind) && self.shared.discovery.judged(kind) == Some(false);
        known.into_iter().filter(is_released).cloned().collect()
    }

    /// The kinds that two discoveries in a row, some time apart, did not find.
    fn vanished(&mut self, kinds: &Kinds) -> Vec<Resource> {
        let known = self.running.keys().chain(self.newest.keys());
        let is_missing = |kind: &&Resource| {
            is_object(kind) && !at_once().contains(kind) && kinds.get(kind).is_none() && !kinds.is_stale(kind.group())
        };
        let missing: BTreeSet<Resource> = known.filter(is_missing).cloned().collect();
        let now = Instant::now();
        self.missing.retain(|kind, _| missing.contains(kind));
        missing
            .into_iter()
            .filter(|kind| now.duration_since(*self.missing.entry(kind.clone()).or_insert(now)) >= SETTLES)
            .collect()
    }

    /// Whether a kind is watched. What has objects in the log is watched on, so that they do not grow old there.
    fn is_wanted(&self, kind: &ServedKind) -> bool {
        let ServedKind { resource, is_custom, .. } = kind;
        let is_default = || *is_custom || resource.is_recorded_by_default() || self.newest.contains_key(resource);
        let is_recorded = || self.shared.discovery.judged(resource).unwrap_or_else(is_default);
        let is_meant = || is_recorded() || is_api_service(resource);
        kind.can_be_watched() && is_object(resource) && self.shared.may_see(kind) && is_meant()
    }

    /// Whether it is watched at this path. A watch ends by itself only if it panics, or if its kind is too large.
    fn is_watched(&self, kind: &ServedKind) -> bool {
        let is_there = |running: &Running| running.path == kind.path() && !running.task.is_finished();
        self.running.get(&kind.resource).is_some_and(is_there)
    }

    /// Stops to watch a kind, and forgets what was seen of it.
    async fn leave(&mut self, kind: &Resource) {
        self.stop(kind).await;
        self.newest.remove(kind);
        self.missing.remove(kind);
        self.shared.unreadable.forget(kind);
    }

    async fn stop(&mut self, kind: &Resource) {
        if let Some(Running { ends, task, .. }) = self.running.remove(kind) {
            ends.cancel();
            // Nothing of it may come after what is said about the kind next.
            let _ = task.await;
        }
    }

    fn newest(&mut self, kind: &Resource) -> NewestRevision {
        self.newest.entry(kind.clone()).or_default().clone()
    }

    fn start_plain(&mut self, kind: Resource) {
        let newest = self.newest(&kind);
        let mut has_owners = self.shared.has_owners.clone();
        let rows = |(namespace, client)| {
            let rows = plain::rows(client, kind.clone(), newest.clone())?;
            Some((self.forward(&kind, namespace, &newest), rows))
        };
        let each: Vec<_> = self.shared.places().into_iter().filter_map(rows).collect();
        self.spawn(kind.clone(), String::new(), async move {
            if !kind.is_listed_first() {
                let _ = timeout(FIRST_LIST, has_owners.wait_for(|listed| *listed)).await;
            }
            join_all(each.into_iter().map(|(forward, rows)| async move { forward.all(rows).await })).await;
        });
    }

    fn start_table(&mut self, served: ServedKind) {
        let (kind, path) = (served.resource.clone(), served.path());
        let (newest, lists) = (self.newest(&kind), Arc::clone(&self.lists));
        let reader = |(namespace, client)| {
            let reader = Reader::new(client, served.clone(), newest.clone(), Arc::clone(&lists));
            (self.forward(&kind, namespace, &newest), reader)
        };
        let (forwards, mut readers): (Vec<Forward>, Vec<Reader>) = self.shared.places().into_iter().map(reader).unzip();
        let (shared, rediscover) = (self.shared.clone(), Arc::clone(&self.rediscover));
        self.spawn(kind.clone(), path, async move {
            if served.is_judged_by_number() && !is_small(&mut readers, &kind, &shared).await {
                return;
            }
            let watched = forwards.into_iter().zip(readers).map(|(forward, reader)| {
                let (kind, rediscover) = (kind.clone(), Arc::clone(&rediscover));
                async move {
                    let rows = reader.rows().inspect(|item| {
                        if says_kinds(&kind) && is_news(item) {
                            rediscover.notify_one();
                        }
                    });
                    let rows = rows.backoff(Soon::default());
                    if is_api_service(&kind) { drain(rows).await } else { forward.all(rows).await }
                }
            });
            join_all(watched).await;
        });
    }

    fn forward(&self, kind: &Resource, namespace: Option<String>, newest: &NewestRevision) -> Forward {
        let Shared { cluster, identity, unreadable, events, .. } = self.shared.clone();
        Forward { cluster, kind: kind.clone(), namespace, newest: newest.clone(), identity, unreadable, events }
    }

    fn spawn(&mut self, kind: Resource, path: String, watch: impl Future<Output = ()> + Send + 'static) {
        let ends = self.shared.shutdown.child_token();
        let ended = ends.clone();
        let task = tokio::spawn(async move {
            tokio::select! {
                () = watch => {}
                () = ended.cancelled() => {}
            }
        });
        self.running.insert(kind, Running { path, ends, task });
    }
}

/// Whether objects of this kind are recorded as such. Workloads, pods and Kubernetes events have facts of their own.
fn is_object(kind: &Resource) -> bool {
    !kind.is_workload() && ![Resource::POD, Resource::EVENT].contains(kind)
}

/// The kinds that are watched before discovery answers: other kinds are recorded with what they show, and operations ask for
/// them.
fn at_once() -> [Resource; 2] {
    [Resource::AUTOSCALER, Resource::NAMESPACE]
}

/// Whether its objects say which kinds there are.
fn says_kinds(kind: &Resource) -> bool {
    is_api_service(kind) || (kind.group(), kind.kind()) == ("apiextensions.k8s.io", "CustomResourceDefinition")
}

/// It is watched for what it says, and not recorded.
fn is_api_service(kind: &Resource) -> bool {
    (kind.group(), kind.kind()) == ("apiregistration.k8s.io", "APIService")
}

/// Whether a watch event says more than that something is still there.
fn is_news(item: &watcher::Result<watcher::Event<Row>>) -> bool {
    matches!(item, Ok(watcher::Event::Apply(_) | watcher::Event::Delete(_) | watcher::Event::InitDone))
}

async fn drain<T>(rows: impl Stream<Item = T>) {
    let mut rows = std::pin::pin!(rows);
    while rows.next().await.is_some() {}
}

/// Judges a custom kind by the number of its objects, once.
async fn is_small(readers: &mut [Reader], kind: &Resource, shared: &Shared) -> bool {
    let (mut pauses, mut believed) = (Soon::default(), REFUSED);
    loop {
        if let Some(judged) = shared.discovery.judged(kind) {
            return judged;
        }
        match count(readers).await {
            Ok(objects) => {
                // It may be read now, and one that is not recorded has no list that would say so.
                shared.unreadable.forget(kind);
                if let Some(identity) = &shared.identity
                    && let Err(error) = identity.judge(kind, objects).await
                {
                    tracing::debug!(cluster = %shared.cluster, %kind, %error, "watch.kind_not_judged");
                    sleep(pauses.next().unwrap_or(pause::LONGEST)).await;
                    continue;
                }
                if !shared.discovery.judge(kind, objects) {
                    tracing::warn!(cluster = %shared.cluster, %kind, objects, "watch.too_many_objects");
                }
            }
            Err(error) => {
                let Some(refused) = refusal(&error) else {
                    sleep(pauses.next().unwrap_or(pause::LONGEST)).await;
                    continue;
                };
                shared.unreadable.set(kind, None, Some(refused));
                sleep(believed).await;
                believed = (believed * 2).min(REFUSED_AT_MOST);
            }
        }
    }
}

/// The number of objects in all places.
async fn count(readers: &mut [Reader]) -> kube::Result<u64> {
    let mut sum = 0_u64;
    for reader in readers {
        sum = sum.saturating_add(reader.count().await?);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests;
