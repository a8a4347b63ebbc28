//! From watch events to events of the log. Keeps just enough of each object to detect a change, and appends changes in
//! batches.
//!
//! The expected version of each `observed:` stream is the fence: a replaced leader gets a conflict and reads the stream
//! again.

use super::{Sight, fresh::Newest};
use crate::{
    error::Error,
    kubernetes::observe,
    log::{self, Appended, EventStore, Expected, NewEvent, Request},
};
use domain::{
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        event::Event,
        ids::{ClusterId, CommandId},
        planted::{Bug, is_planted},
    },
    kubernetes::{
        object::ObjectRef,
        observed::{Last, ObserveCommand, Observed, ObservedEvent, WorkloadState},
        resource::Resource,
    },
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};
use tokio::{
    sync::{broadcast, mpsc},
    time::Instant,
};
use uuid::Uuid;

/// At most one status event for each object in this time. The last one is delayed, not lost.
const PACE: Duration = Duration::from_secs(1);
const BATCH: usize = 256;

#[derive(Default)]
struct Remembered {
    version: i64,
    observed: Observed,
    /// The workload of a pod, to clear its problems when the pod is gone.
    workload: Option<String>,
    told_at: Option<Instant>,
    /// The change that waits for the pace.
    pending: Option<ObserveCommand>,
}

/// The problems of the pods of a workload, by pod.
type Problems = BTreeMap<String, String>;

pub struct Recorder {
    store: EventStore,
    cluster: ClusterId,
    objects: HashMap<ObjectRef, Remembered>,
    problems: HashMap<String, Problems>,
    /// The objects of a list that is still running.
    listed: HashMap<Resource, HashSet<ObjectRef>>,
    hints: broadcast::Sender<ObjectRef>,
}

impl Recorder {
    /// Loads the last observations from the log.
    pub async fn open(
        store: EventStore,
        cluster: ClusterId,
        hints: broadcast::Sender<ObjectRef>,
    ) -> Result<Self, Error> {
        let mut objects = HashMap::new();
        for (stream, version, event) in log::load::last_observed(store.pool(), cluster.as_str()).await? {
            let Some(object) = ObjectRef::from_stream(&stream) else { continue };
            let mut observed = Observed::default();
            Observed::evolve(&mut observed, &event);
            if observed.last.is_none() {
                continue;
            }
            objects.insert(object, Remembered { version, observed, ..Remembered::default() });
        }
        Ok(Self { store, cluster, objects, problems: HashMap::new(), listed: HashMap::new(), hints })
    }

    /// The newest revision of a kind in the log.
    pub fn newest(&self, kind: &Resource) -> Newest {
        let newest = Newest::default();
        let of_kind = self.objects.iter().filter(|(object, _)| object.kind == *kind);
        let seen = of_kind.filter_map(|(_, remembered)| remembered.observed.last.as_ref()?.resource_version());
        seen.for_each(|revision| newest.saw(revision));
        newest
    }

    /// Records until all watches have ended.
    pub async fn run(&mut self, sights: &mut mpsc::Receiver<Sight>) {
        let mut pace = tokio::time::interval(PACE / 4);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let ready = tokio::select! {
                count = sights.recv_many(&mut batch, BATCH) => {
                    if count == 0 { return; }
                    let mut ready = HashMap::new();
                    for sight in batch.drain(..) {
                        self.take(sight, &mut ready);
                    }
                    ready
                }
                _ = pace.tick() => self.due(),
            };
            self.tell(ready).await;
        }
    }

    fn take(&mut self, sight: Sight, ready: &mut HashMap<ObjectRef, ObserveCommand>) {
        match sight {
            Sight::Saw { object, event } => {
                if let Some(listed) = self.listed.get_mut(&object.kind) {
                    listed.insert(object.clone());
                }
                self.saw(object, *event, ready);
            }
            Sight::Gone { object } => self.gone(object, ready),
            Sight::ListBegins { kind } => {
                self.listed.insert(kind, HashSet::new());
            }
            Sight::ListEnds { kind } => {
                let listed = self.listed.remove(&kind).unwrap_or_default();
                let is_left = |object: &&ObjectRef| {
                    object.kind == kind && !listed.contains(*object) && !is_planted(Bug::ListWithoutDifference)
                };
                let left: Vec<_> = self.objects.keys().filter(is_left).cloned().collect();
                left.into_iter().for_each(|object| self.gone(object, ready));
            }
            Sight::Lost { kind, message } => tracing::debug!(cluster = %self.cluster, %kind, message, "watch.lost"),
        }
    }

    fn saw(&mut self, object: ObjectRef, mut event: ObservedEvent, ready: &mut HashMap<ObjectRef, ObserveCommand>) {
        if let ObservedEvent::PodObserved { pod, .. } = &event
            && let Some(workload) = pod.workload.clone()
        {
            let reason = pod.reason.clone().filter(|reason| !pod.ready && observe::is_problem(reason));
            self.objects.entry(object.clone()).or_default().workload = Some(workload.clone());
            self.problem(&object, workload, reason, ready);
        }
        if object.kind.is_workload() {
            self.add_problems(&object, &mut event);
            // There may be no receiver.
            let _ = self.hints.send(object.clone());
        }
        let command = ObserveCommand::Saw(Box::new(event));
        let remembered = self.objects.entry(object.clone()).or_default();
        let Ok(news) = Observed::decide(&remembered.observed, command.clone());
        if news.is_empty() {
            // The object is back in the recorded state.
            remembered.pending = None;
            return;
        }
        let is_urgent = matches!(news[..], [ObservedEvent::WorkloadManifestObserved { .. }]);
        if !is_urgent && remembered.told_at.is_some_and(|told| told.elapsed() < PACE) {
            remembered.pending = Some(command);
        } else {
            remembered.pending = None;
            ready.insert(object, command);
        }
    }

    fn gone(&mut self, object: ObjectRef, ready: &mut HashMap<ObjectRef, ObserveCommand>) {
        if let Some(workload) = self.objects.get_mut(&object).and_then(|remembered| remembered.workload.take()) {
            self.problem(&object, workload, None, ready);
        }
        if object.kind.is_workload() {
            let _ = self.hints.send(object.clone());
        }
        // Earlier changes are obsolete.
        if let Some(remembered) = self.objects.get_mut(&object) {
            remembered.pending = None;
        }
        ready.insert(object.clone(), ObserveCommand::Gone);
    }

    /// Records the problem of a pod, and evaluates its workload again if it changed.
    fn problem(
        &mut self,
        pod: &ObjectRef,
        workload: String,
        reason: Option<String>,
        ready: &mut HashMap<ObjectRef, ObserveCommand>,
    ) {
        let problems = self.problems.entry(workload.clone()).or_default();
        let before = problems.get(&pod.name).cloned();
        match &reason {
            Some(reason) => problems.insert(pod.name.clone(), reason.clone()),
            None => problems.remove(&pod.name),
        };
        if problems.is_empty() {
            self.problems.remove(&workload);
        }
        let Ok(object) = workload.parse::<ObjectRef>() else { return };
        if before == reason || ready.contains_key(&object) {
            return;
        }
        let last = self.objects.get(&object).and_then(|remembered| remembered.observed.last.clone());
        if let Some(Last::Object(mut event @ ObservedEvent::WorkloadStatusObserved { .. })) = last {
            self.add_problems(&object, &mut event);
            ready.insert(object, ObserveCommand::Saw(Box::new(event)));
        }
    }

    /// A workload that is not ready because its pods fail is degraded, with the reason.
    fn add_problems(&self, object: &ObjectRef, event: &mut ObservedEvent) {
        let (ObservedEvent::WorkloadManifestObserved { status, .. }
        | ObservedEvent::WorkloadStatusObserved { status, .. }) = event
        else {
            return;
        };
        let is_short = status.ready < status.desired;
        let problem = self.problems.get(&object.id()).and_then(|problems| problems.iter().next());
        if let (WorkloadState::Progressing | WorkloadState::Degraded, Some((pod, reason)), true) =
            (status.state, problem, is_short)
        {
            status.state = WorkloadState::Degraded;
            status.reason = Some(format!("{reason} in pod {pod}"));
        }
    }

    /// The changes that have waited long enough.
    fn due(&mut self) -> HashMap<ObjectRef, ObserveCommand> {
        let is_due = |remembered: &Remembered| remembered.told_at.is_none_or(|told| told.elapsed() >= PACE);
        self.objects
            .iter_mut()
            .filter(|(_, remembered)| remembered.pending.is_some() && is_due(remembered))
            .filter_map(|(object, remembered)| Some((object.clone(), remembered.pending.take()?)))
            .collect()
    }

    /// Appends the changes among `ready`. If an append fails, the change waits for the next turn. Nothing is lost,
    /// because a watch that ends restarts with a full list.
    async fn tell(&mut self, ready: HashMap<ObjectRef, ObserveCommand>) {
        let mut requests = Vec::new();
        let mut about = Vec::new();
        for (object, mut command) in ready {
            if let ObserveCommand::Saw(event) = &mut command {
                self.add_problems(&object, event);
            }
            let remembered = self.objects.entry(object.clone()).or_default();
            let Ok(news) = Observed::decide(&remembered.observed, command.clone());
            if !news.is_empty() {
                requests.push(request(&self.cluster, &object, remembered.version, news));
                about.push((object, command));
            }
        }
        if requests.is_empty() {
            return;
        }
        let answers = self.store.append_all(requests.clone()).await;
        for (((object, command), request), answer) in about.into_iter().zip(requests).zip(answers) {
            match answer {
                Ok(Appended::Done { version, .. }) => self.told(&object, version, &request),
                Ok(Appended::Conflict { .. }) => self.reload(&object, command).await,
                Ok(Appended::Duplicate { .. } | Appended::Mismatch | Appended::Fenced | Appended::SessionEnded) => {}
                Err(error) => {
                    tracing::debug!(%object, %error, "watch.not_recorded");
                    self.wait(&object, command);
                }
            }
        }
    }

    fn told(&mut self, object: &ObjectRef, version: i64, request: &Request) {
        let Some(remembered) = self.objects.get_mut(object) else { return };
        for new in &request.events {
            if let Event::Observed(event) = &new.event {
                Observed::evolve(&mut remembered.observed, event);
            }
        }
        remembered.version = version;
        remembered.told_at = Some(Instant::now());
        if object.kind == Resource::POD && remembered.observed.last.is_none() {
            // Pod names are seldom reused. If one is, its version is read from the log.
            self.objects.remove(object);
        }
    }

    /// The stream has events that this process does not know: loads the last one and tries again at the next turn.
    async fn reload(&mut self, object: &ObjectRef, command: ObserveCommand) {
        if let Ok(Some(last)) = self.store.last_of(object.observed_stream()).await {
            let remembered = self.objects.entry(object.clone()).or_default();
            remembered.version = last.version;
            if let Event::Observed(event) = &last.event {
                Observed::evolve(&mut remembered.observed, event);
            }
        }
        self.wait(object, command);
        if let Some(remembered) = self.objects.get_mut(object) {
            remembered.told_at = None;
        }
    }

    fn wait(&mut self, object: &ObjectRef, command: ObserveCommand) {
        let remembered = self.objects.entry(object.clone()).or_default();
        remembered.told_at = Some(Instant::now());
        remembered.pending = Some(command);
    }
}

fn request(cluster: &ClusterId, object: &ObjectRef, version: i64, news: Vec<ObservedEvent>) -> Request {
    let id = CommandId(Uuid::now_v7());
    let mut metadata = Metadata::by(Actor::system("watcher"));
    metadata.cluster = Some(cluster.clone());
    let events = news
        .into_iter()
        .enumerate()
        .map(|(ordinal, event)| NewEvent { id: id.event(ordinal), event: event.into(), metadata: metadata.clone() })
        .collect();
    Request::new(object.observed_stream(), Expected::Exact(version), events)
}
