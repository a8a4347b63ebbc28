//! The pending changes: at most one for each object, and not more often than people can read.

use crate::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        event::Event,
        ids::{ClusterId, CommandId},
        message::FREE_TEXT,
    },
    kubernetes::{
        object::ObjectRef,
        observation::{Object, Workload},
        observed::{Last, ObserveCommand, Observed, ObservedEvent},
        resource::Resource,
        status::{self, State, object::evaluate},
    },
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;

/// At most one status event for each object in this time, unless its state changes. The last one is delayed, not lost.
const PACE: Duration = Duration::from_secs(1);
/// The same while the state of an object and the cause of it are as they were. Counts, measured values and words of controllers
/// change all the time.
const SLOW_PACE: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Remembered {
    version: i64,
    observed: Observed,
    appended_at: Option<Instant>,
    /// The [`standing`] in the last appended event.
    standing: Option<u64>,
    /// The pending change, and the end of the object after it.
    next: Vec<ObserveCommand>,
    /// The earliest time for the append.
    not_before: Option<Instant>,
}

pub(super) struct Changes {
    store: EventStore,
    cluster: ClusterId,
    /// Boxed: up to half of the table is empty.
    objects: HashMap<ObjectRef, Box<Remembered>>,
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
            self.objects.insert(object, Box::new(Remembered { version, observed, ..Remembered::default() }));
        }
    }

    /// The revisions in the log, each with its kind.
    pub fn revisions(&self) -> impl Iterator<Item = (&Resource, &str)> {
        self.objects.iter().filter_map(|(object, remembered)| {
            let last = remembered.observed.last.as_ref()?;
            Some((&object.kind, last.resource_version()?))
        })
    }

    /// Makes the next observation of each object of a kind be recorded, whatever its revision.
    pub fn set_back(&mut self, kind: &Resource) {
        let of_kind = self.objects.iter_mut().filter(|(object, _)| object.kind == *kind);
        of_kind.filter_map(|(_, remembered)| remembered.observed.last.as_mut()).for_each(Last::set_back);
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
            Some(ObserveCommand::Gone | ObserveCommand::Released) => None,
            None => remembered.observed.last.as_ref().map(Last::uid),
        }
    }

    /// The last observed revision.
    pub fn resource_version(&self, object: &ObjectRef) -> Option<&str> {
        let remembered = self.objects.get(object)?;
        match remembered.next.last() {
            Some(ObserveCommand::Saw(event)) => event.resource_version(),
            Some(ObserveCommand::Gone | ObserveCommand::Released) => None,
            None => remembered.observed.last.as_ref().and_then(Last::resource_version),
        }
    }

    /// The last observation, appended or not. None also if it was appended and only a digest of it is kept.
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
            (Some(ObserveCommand::Gone | ObserveCommand::Released), _)
            | (None, Some(Last::Pod { .. } | Last::Reported { .. }) | None) => None,
        }
    }

    /// Adds an observation. True if something of it will be appended.
    pub fn change(&mut self, object: &ObjectRef, event: ObservedEvent) -> bool {
        self.wait(object, ObserveCommand::Saw(Box::new(event)), None)
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

    /// Adds that an object is no longer recorded.
    pub fn released(&mut self, object: &ObjectRef) {
        if self.objects.contains_key(object) {
            self.wait(object, ObserveCommand::Released, None);
        }
    }

    fn wait(&mut self, object: &ObjectRef, command: ObserveCommand, not_before: Option<Instant>) -> bool {
        let remembered = self.objects.entry(object.clone()).or_default();
        let is_end = matches!(command, ObserveCommand::Gone | ObserveCommand::Released);
        // The last state of an object is appended before its end.
        remembered
            .next
            .retain(|waiting| is_end && object.kind != Resource::POD && matches!(waiting, ObserveCommand::Saw(_)));
        remembered.next.push(command);
        let events = events(&remembered.observed, &remembered.next);
        if events.is_empty() {
            // The object is back in the recorded state.
            (remembered.next, remembered.not_before) = (Vec::new(), None);
            self.waiting.remove(object);
            return false;
        }
        let is_urgent = is_end || is_urgent(&object.name, &remembered.observed, &events);
        let now = standing(object, &remembered.next);
        let pace = if now.is_some() && now == remembered.standing { SLOW_PACE } else { PACE };
        let paced = remembered.appended_at.filter(|_| !is_urgent).map(|appended| appended + pace);
        remembered.not_before = paced.max(not_before);
        self.waiting.insert(object.clone());
        true
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
                Ok(Appended::Done { version, .. }) => {
                    self.appended(&object, version, &request, standing(&object, &commands));
                }
                Ok(Appended::Conflict { .. }) => self.reload(&object, commands).await,
                Ok(Appended::Duplicate { .. } | Appended::Mismatch | Appended::Fenced | Appended::SessionEnded) => {}
                Err(error) => {
                    tracing::debug!(%object, %error, "watch.not_recorded");
                    self.try_again(&object, commands);
                }
            }
        }
    }

    fn appended(&mut self, object: &ObjectRef, version: i64, request: &Request, standing: Option<u64>) {
        let Some(remembered) = self.objects.get_mut(object) else { return };
        for new in &request.events {
            if let Event::Observed(event) = &new.event {
                Observed::evolve(&mut remembered.observed, event);
            }
        }
        remembered.version = version;
        remembered.appended_at = Some(Instant::now());
        remembered.standing = standing;
        if !object.kind.is_workload() && remembered.observed.last.is_none() && remembered.next.is_empty() {
            // Names are seldom used again, but for those of workloads. If one is, its version is read from the log.
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
        ([ObservedEvent::WorkloadManifestObserved { .. } | ObservedEvent::ObjectObserved { .. }], _) => true,
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

/// A hash of the state of an object that is no workload, and of the cause of it without the words of the cluster. None where the
/// last observation does not tell.
fn standing(object: &ObjectRef, commands: &[ObserveCommand]) -> Option<u64> {
    let Some(ObserveCommand::Saw(event)) = commands.last() else { return None };
    let ObservedEvent::ObjectObserved { uid, created_at, manifest, report, .. } = &**event else { return None };
    let seen = Object { name: &object.name, uid, created_at: *created_at, facts: &**report };
    let status = evaluate(&object.kind, &seen, manifest, None);
    let mut hasher = DefaultHasher::new();
    status.state.hash(&mut hasher);
    for message in status.cause.iter().map(|cause| &cause.message) {
        message.code.hash(&mut hasher);
        let said = message.arguments.iter().filter(|(name, _)| *name != FREE_TEXT);
        said.for_each(|(name, value)| (name, value.to_string()).hash(&mut hasher));
    }
    Some(hasher.finish())
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
    use domain::kubernetes::{
        manifest::Manifest,
        observation::{Deployment, Details, ReplicaCounts, Report, WorkloadSnapshot},
    };

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

    #[test]
    fn a_manifest_is_not_held_back_and_a_report_is() {
        let event = |hash: &str, generation| ObservedEvent::ObjectObserved {
            uid: "u".to_owned(),
            resource_version: "1".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            manifest_hash: hash.into(),
            manifest: Manifest::default(),
            managers: Vec::new(),
            report: Box::new(Report { generation, observed_generation: Some(generation), ..Report::default() }),
        };
        let mut recorded = Observed::default();
        Observed::evolve(&mut recorded, &event("a", 1));
        let changes = |hash, generation| events(&recorded, &[ObserveCommand::Saw(Box::new(event(hash, generation)))]);
        assert_eq!(changes("a", 1), []);
        assert!(is_urgent("web", &recorded, &changes("b", 1)));
        let [report] = &changes("a", 2)[..] else { panic!("one event") };
        assert!(!is_urgent("web", &recorded, std::slice::from_ref(report)));
    }

    #[test]
    fn counts_and_words_leave_an_object_as_it_stands() {
        let kind = "ResourceQuota".parse().expect("a kind");
        let (cluster, namespace) = (ClusterId::from_name("dev"), Some("team".to_owned()));
        let quota = ObjectRef { cluster, kind, namespace, name: "q".to_owned() };
        let of = |used: &str, message: &str| {
            let condition = serde_json::json!({"type": "Any", "status": "True", "message": {"$free": message}});
            let report = Report {
                status: serde_json::json!({"hard": {"pods": "10"}, "used": {"pods": used}}).into(),
                conditions: vec![serde_json::from_value(condition).expect("a condition")],
                ..Report::default()
            };
            let seen = ObservedEvent::ObjectObserved {
                uid: "u".to_owned(),
                resource_version: "1".to_owned(),
                created_at: DateTime::UNIX_EPOCH,
                manifest_hash: "a".into(),
                manifest: Manifest::default(),
                managers: Vec::new(),
                report: Box::new(report),
            };
            standing(&quota, &[ObserveCommand::Saw(Box::new(seen))])
        };
        assert!(of("3", "a").is_some());
        assert_eq!(of("3", "a"), of("4", "b"));
        assert_ne!(of("3", "a"), of("10", "a"), "it is full");
        let unknown = ObserveCommand::Saw(Box::new(observed(1, 1)));
        assert_eq!((standing(&quota, &[unknown]), standing(&quota, &[ObserveCommand::Gone])), (None, None));
    }
}
