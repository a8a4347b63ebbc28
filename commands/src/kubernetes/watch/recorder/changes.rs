//! The pending changes: at most one for each object, and not more often than people can read.

use crate::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        event::Event,
        ids::{ClusterId, CommandId},
    },
    kubernetes::{
        object::ObjectRef,
        observation::{Object, Workload},
        observed::{Last, ObserveCommand, Observed, ObservedEvent},
        resource::Resource,
        status::{self, State},
    },
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;

/// At most one status event for each object in this time, unless its state changes. The last one is delayed, not lost.
const PACE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Remembered {
    version: i64,
    observed: Observed,
    appended_at: Option<Instant>,
    /// The pending change, and the end of the object after it.
    next: Vec<ObserveCommand>,
    /// The earliest time for the append.
    not_before: Option<Instant>,
}

pub(super) struct Changes {
    store: EventStore,
    cluster: ClusterId,
    objects: HashMap<ObjectRef, Remembered>,
    waiting: HashSet<ObjectRef>,
}

impl Changes {
    pub fn new(store: EventStore, cluster: ClusterId) -> Self {
        Self { store, cluster, objects: HashMap::new(), waiting: HashSet::new() }
    }

    pub const fn store(&self) -> &EventStore {
        &self.store
    }

    pub const fn cluster(&self) -> &ClusterId {
        &self.cluster
    }

    /// Takes the last event of a stream. If it was forgotten, the next observation differs from it.
    pub fn load(&mut self, object: ObjectRef, version: i64, event: &ObservedEvent, is_forgotten: bool) {
        let mut observed = Observed::default();
        Observed::evolve(&mut observed, event);
        if let Some(Last::Pod { seen, .. }) = observed.last.as_mut().filter(|_| is_forgotten) {
            *seen = None;
        }
        if observed.last.is_some() {
            self.objects.insert(object, Remembered { version, observed, ..Remembered::default() });
        }
    }

    /// The revisions of a kind in the log.
    pub fn revisions(&self, kind: &Resource) -> impl Iterator<Item = &str> {
        let of_kind = self.objects.iter().filter(move |(object, _)| object.kind == *kind);
        of_kind.filter_map(|(_, remembered)| remembered.observed.last.as_ref()?.resource_version())
    }

    /// The existing objects, as far as this process knows.
    pub fn objects(&self) -> impl Iterator<Item = &ObjectRef> {
        self.objects.keys()
    }

    /// The uid of the last observed incarnation.
    pub fn uid(&self, object: &ObjectRef) -> Option<&str> {
        let remembered = self.objects.get(object)?;
        match remembered.next.last() {
            Some(ObserveCommand::Saw(event)) => Some(event.uid()),
            Some(ObserveCommand::Gone) => None,
            None => remembered.observed.last.as_ref().map(Last::uid),
        }
    }

    /// The last observed revision.
    pub fn resource_version(&self, object: &ObjectRef) -> Option<&str> {
        let remembered = self.objects.get(object)?;
        match remembered.next.last() {
            Some(ObserveCommand::Saw(event)) => event.resource_version(),
            Some(ObserveCommand::Gone) => None,
            None => remembered.observed.last.as_ref().and_then(Last::resource_version),
        }
    }

    /// The last observation of an object that is no pod, appended or not.
    pub fn newest(&self, object: &ObjectRef) -> Option<ObservedEvent> {
        self.last(object).cloned()
    }

    /// The last facts about a workload.
    pub fn workload(&self, object: &ObjectRef) -> Option<&Workload> {
        self.last(object)?.snapshot().map(|snapshot| &snapshot.workload)
    }

    fn last(&self, object: &ObjectRef) -> Option<&ObservedEvent> {
        let remembered = self.objects.get(object)?;
        match (remembered.next.last(), &remembered.observed.last) {
            (Some(ObserveCommand::Saw(event)), _) => Some(event),
            (None, Some(Last::Object(event))) => Some(event),
            (Some(ObserveCommand::Gone), _) | (None, Some(Last::Pod { .. }) | None) => None,
        }
    }

    /// Adds an observation.
    pub fn change(&mut self, object: &ObjectRef, event: ObservedEvent) {
        self.wait(object, ObserveCommand::Saw(Box::new(event)), None);
    }

    /// Adds an observation that is appended after `pause`, unless a newer one comes.
    pub fn change_after(&mut self, pause: Duration, object: &ObjectRef, event: ObservedEvent) {
        self.wait(object, ObserveCommand::Saw(Box::new(event)), Some(Instant::now() + pause));
    }

    /// Adds the end of an object.
    pub fn gone(&mut self, object: &ObjectRef) {
        if self.objects.contains_key(object) {
            self.wait(object, ObserveCommand::Gone, None);
        }
    }

    fn wait(&mut self, object: &ObjectRef, command: ObserveCommand, not_before: Option<Instant>) {
        let remembered = self.objects.entry(object.clone()).or_default();
        let is_end = matches!(command, ObserveCommand::Gone);
        // The last state of a workload is appended before its end.
        remembered
            .next
            .retain(|waiting| is_end && object.kind != Resource::POD && matches!(waiting, ObserveCommand::Saw(_)));
        remembered.next.push(command);
        let events = events(&remembered.observed, &remembered.next);
        if events.is_empty() {
            // The object is back in the recorded state.
            (remembered.next, remembered.not_before) = (Vec::new(), None);
            self.waiting.remove(object);
            return;
        }
        let is_urgent = is_end || is_urgent(&object.name, &remembered.observed, &events);
        let paced = remembered.appended_at.filter(|_| !is_urgent).map(|appended| appended + PACE);
        remembered.not_before = paced.max(not_before);
        self.waiting.insert(object.clone());
    }

    /// Appends the changes that have waited long enough. If an append fails, the change waits for the next turn. Nothing
    /// is lost, because a watch that ends restarts with a full list.
    pub async fn append_due(&mut self) {
        let now = Instant::now();
        let is_due = |object: &&ObjectRef| {
            self.objects.get(*object).is_some_and(|remembered| remembered.not_before.is_none_or(|at| at <= now))
        };
        let due: Vec<ObjectRef> = self.waiting.iter().filter(is_due).cloned().collect();
        let (mut requests, mut about) = (Vec::new(), Vec::new());
        for object in due {
            self.waiting.remove(&object);
            let Some(remembered) = self.objects.get_mut(&object) else { continue };
            let commands = std::mem::take(&mut remembered.next);
            let events = events(&remembered.observed, &commands);
            if events.is_empty() {
                continue;
            }
            requests.push(request(&self.cluster, &object, remembered.version, events));
            about.push((object, commands));
        }
        if requests.is_empty() {
            return;
        }
        let answers = self.store.append_all(requests.clone()).await;
        for (((object, commands), request), answer) in about.into_iter().zip(requests).zip(answers) {
            match answer {
                Ok(Appended::Done { version, .. }) => self.appended(&object, version, &request),
                Ok(Appended::Conflict { .. }) => self.reload(&object, commands).await,
                Ok(Appended::Duplicate { .. } | Appended::Mismatch | Appended::Fenced | Appended::SessionEnded) => {}
                Err(error) => {
                    tracing::debug!(%object, %error, "watch.not_recorded");
                    self.try_again(&object, commands);
                }
            }
        }
    }

    fn appended(&mut self, object: &ObjectRef, version: i64, request: &Request) {
        let Some(remembered) = self.objects.get_mut(object) else { return };
        for new in &request.events {
            if let Event::Observed(event) = &new.event {
                Observed::evolve(&mut remembered.observed, event);
            }
        }
        remembered.version = version;
        remembered.appended_at = Some(Instant::now());
        if object.kind == Resource::POD && remembered.observed.last.is_none() && remembered.next.is_empty() {
            // Pod names are seldom reused. If one is, its version is read from the log.
            self.objects.remove(object);
        }
    }

    /// The stream has unknown events: loads the last one and retries at the next turn.
    async fn reload(&mut self, object: &ObjectRef, commands: Vec<ObserveCommand>) {
        if let Ok(Some(last)) = self.store.last_of(object.observed_stream()).await {
            let remembered = self.objects.entry(object.clone()).or_default();
            remembered.version = last.version;
            if let Event::Observed(event) = &last.event {
                Observed::evolve(&mut remembered.observed, event);
            }
        }
        for command in commands {
            self.wait(object, command, None);
        }
    }

    fn try_again(&mut self, object: &ObjectRef, commands: Vec<ObserveCommand>) {
        let remembered = self.objects.entry(object.clone()).or_default();
        remembered.next = commands;
        remembered.not_before = Some(Instant::now() + PACE);
        self.waiting.insert(object.clone());
    }
}

/// Whether the manifest changed, or the state of a workload: operations end by a state, and the row must agree with that.
fn is_urgent(name: &str, observed: &Observed, events: &[ObservedEvent]) -> bool {
    match (events, &observed.last) {
        ([ObservedEvent::WorkloadManifestObserved { .. }], _) => true,
        ([now], Some(Last::Object(before))) => state(name, now) != state(name, before),
        _ => false,
    }
}

/// The state that the facts of a workload amount to.
fn state(name: &str, event: &ObservedEvent) -> Option<State> {
    let (ObservedEvent::WorkloadManifestObserved { uid, created_at, snapshot, .. }
    | ObservedEvent::WorkloadStatusObserved { uid, created_at, snapshot, .. }) = event
    else {
        return None;
    };
    let object = Object { name, uid, created_at: *created_at, facts: &**snapshot };
    Some(status::of_snapshot(&object, None).state)
}

/// The event to append for the observations so far.
fn events(observed: &Observed, commands: &[ObserveCommand]) -> Vec<ObservedEvent> {
    let mut state = Cow::Borrowed(observed);
    let mut all = Vec::new();
    for command in commands {
        let Ok(events) = Observed::decide(&state, command.clone());
        if commands.len() > 1 {
            events.iter().for_each(|event| Observed::evolve(state.to_mut(), event));
        }
        all.extend(events);
    }
    all
}

fn request(cluster: &ClusterId, object: &ObjectRef, version: i64, events: Vec<ObservedEvent>) -> Request {
    let id = CommandId(Uuid::now_v7());
    let mut metadata = Metadata::by(Actor::system("watcher"));
    metadata.cluster = Some(cluster.clone());
    let events = events
        .into_iter()
        .enumerate()
        .map(|(ordinal, event)| NewEvent { id: id.event(ordinal), event: event.into(), metadata: metadata.clone() })
        .collect();
    Request::new(object.observed_stream(), Expected::Exact(version), events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::kubernetes::observation::{Deployment, Details, ReplicaCounts, WorkloadSnapshot};

    fn observed(ready: i32, available: i32) -> ObservedEvent {
        let counts = ReplicaCounts { replicas: 2, updated: 2, ready, available, ..ReplicaCounts::default() };
        let workload = Workload {
            generation: 1,
            observed_generation: Some(1),
            deletion: None,
            owners: Vec::new(),
            conditions: Vec::new(),
            notes: Vec::new(),
            details: Details::Deployment(Deployment { replicas: 2, counts, ..Deployment::default() }),
        };
        ObservedEvent::WorkloadStatusObserved {
            uid: "u".to_owned(),
            resource_version: "1".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            manifest_hash: "h".into(),
            snapshot: Box::new(WorkloadSnapshot::alone(workload)),
        }
    }

    #[test]
    fn a_change_of_state_is_not_held_back_and_other_counts_are() {
        let mut recorded = Observed::default();
        Observed::evolve(&mut recorded, &observed(1, 0));
        assert!(!is_urgent("web", &recorded, &[observed(2, 1)]), "it still progresses");
        assert!(is_urgent("web", &recorded, &[observed(2, 2)]), "it runs now");
        assert!(!is_urgent("web", &Observed::default(), &[observed(2, 2)]), "the first is never held back");
    }
}
