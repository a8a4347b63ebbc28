//! Facts for tests: a workload with the uid `w`, and pods that it controls.

use super::{
    observation::*,
    status::{self, Related, Status},
};
use chrono::{DateTime, Utc};

pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
}

pub fn workload(details: Details) -> Workload {
    let observed_generation = Some(2).filter(|_| !matches!(details, Details::Job(_) | Details::CronJob(_)));
    Workload {
        generation: 2,
        observed_generation,
        deletion: None,
        owners: Vec::new(),
        conditions: Vec::new(),
        notes: Vec::new(),
        details,
    }
}

pub fn numbers([replicas, updated, ready, available]: [i32; 4]) -> ReplicaCounts {
    ReplicaCounts { replicas, updated, ready, available, ..ReplicaCounts::default() }
}

/// A Deployment of `replicas`, with replicas, updated, ready and available.
pub fn deployment(replicas: i32, given: [i32; 4]) -> Workload {
    let revision = Some("2".to_owned());
    workload(Details::Deployment(Deployment { replicas, revision, counts: numbers(given), ..Deployment::default() }))
}

pub fn paused(replicas: i32, given: [i32; 4]) -> Workload {
    let (paused, revision) = (true, Some("2".to_owned()));
    let own = Deployment { replicas, paused, revision, counts: numbers(given), ..Deployment::default() };
    workload(Details::Deployment(own))
}

/// A StatefulSet in the middle of a change when `is_updating`.
pub fn stateful_set(replicas: i32, given: [i32; 4], is_updating: bool) -> StatefulSet {
    let (before, after) = (Some("s-1".to_owned()), Some("s-2".to_owned()));
    StatefulSet {
        replicas,
        current_revision: if is_updating { before } else { after.clone() },
        update_revision: after,
        counts: numbers(given),
        ..StatefulSet::default()
    }
}

/// A DaemonSet with desired, current, updated, ready and available.
pub fn daemon_set([desired, current, updated, ready, available]: [i32; 5]) -> DaemonSet {
    DaemonSet { desired, current, updated, ready, available, revision: Some("2".to_owned()), ..DaemonSet::default() }
}

pub fn replica_set(replicas: i32, given: [i32; 4]) -> Workload {
    workload(Details::ReplicaSet(ReplicaSet { replicas, counts: numbers(given), ..ReplicaSet::default() }))
}

pub fn job(own: Job) -> Workload {
    workload(Details::Job(Job { parallelism: own.parallelism.max(1), backoff_limit: Some(6), ..own }))
}

pub fn cron_job(own: CronJob) -> Workload {
    workload(Details::CronJob(CronJob { schedule: "0 3 * * *".to_owned(), ..own }))
}

impl Workload {
    pub fn condition(mut self, kind: &str, status: Truth, reason: &str, message: &str) -> Self {
        self.conditions.push(given(kind, status, reason, message));
        self
    }

    pub fn note(mut self, reason: &str, message: &str) -> Self {
        self.notes.push(note(reason, message, 3));
        self
    }

    pub fn deleted(mut self, finalizers: &[&str]) -> Self {
        let finalizers = finalizers.iter().map(|one| (*one).to_owned()).collect();
        self.deletion = Some(Deletion { since: at(0), finalizers });
        self
    }

    pub fn owned_by(mut self, kind: &str, uid: &str) -> Self {
        self.owners.push(owner(kind, uid));
        self
    }

    /// Past its progress deadline.
    pub fn given_up(self) -> Self {
        self.condition("Progressing", Truth::False, "ProgressDeadlineExceeded", "has timed out progressing")
    }
}

pub fn given(kind: &str, status: Truth, reason: &str, message: &str) -> Condition {
    let (kind, reason) = (kind.to_owned(), reason.to_owned());
    Condition { kind, status, reason, message: FreeText::new(message), since: Some(at(0)) }
}

pub fn note(reason: &str, message: &str, count: i32) -> Note {
    Note {
        kind: EventKind::Warning,
        reason: reason.to_owned(),
        message: FreeText::new(message),
        count,
        first: at(0),
        last: at(60),
        container: None,
        source: "kubelet".to_owned(),
    }
}

pub fn owner(kind: &str, uid: &str) -> Owner {
    Owner { kind: kind.to_owned(), name: "owner".to_owned(), uid: uid.to_owned(), controller: true }
}

/// A pod that runs and is ready, of the current version.
pub fn pod(containers: Vec<Container>) -> Pod {
    let is_ready = containers.iter().all(|container| container.ready);
    let status = if is_ready { Truth::True } else { Truth::False };
    Pod {
        phase: "Running".to_owned(),
        conditions: vec![given("Ready", status, if is_ready { "" } else { "ContainersNotReady" }, "")],
        node: Some("node-1".to_owned()),
        owners: vec![owner("ReplicaSet", "w")],
        revision: Some("2".to_owned()),
        containers,
        ..Pod::default()
    }
}

impl Pod {
    pub fn phase(mut self, phase: &str) -> Self {
        self.phase = phase.to_owned();
        self
    }

    pub fn reason(mut self, reason: &str, message: &str) -> Self {
        (self.reason, self.message) = (reason.to_owned(), FreeText::new(message));
        self
    }

    /// With this condition instead of the one of its type.
    pub fn condition(mut self, kind: &str, status: Truth, reason: &str, message: &str) -> Self {
        self.conditions.retain(|condition| condition.kind != kind);
        self.conditions.push(given(kind, status, reason, message));
        self
    }

    pub fn note(mut self, reason: &str, message: &str, count: i32) -> Self {
        self.notes.push(note(reason, message, count));
        self
    }

    pub fn owned_by(mut self, kind: &str, uid: &str) -> Self {
        self.owners = vec![owner(kind, uid)];
        self.never_restarts = kind == "Job";
        self
    }

    pub fn of_revision(mut self, revision: &str) -> Self {
        self.revision = Some(revision.to_owned());
        self
    }

    pub fn deleted(mut self) -> Self {
        self.deletion = Some(Deletion { since: at(0), finalizers: Vec::new() });
        self
    }
}

pub fn container(state: ContainerState) -> Container {
    let is_running = matches!(state, ContainerState::Running { .. });
    Container {
        name: "main".to_owned(),
        role: Role::Main,
        image: "web:typo".to_owned(),
        ready: is_running,
        started: is_running,
        restarts: 0,
        state,
        last: None,
        settled: false,
        overdue: false,
        ready_delay: 0,
        probes: Vec::new(),
        ..Container::default()
    }
}

pub fn running() -> Container {
    container(ContainerState::Running { since: Some(at(0)) })
}

pub fn waiting(reason: &str, message: &str) -> Container {
    container(ContainerState::Waiting { reason: reason.to_owned(), message: FreeText::new(message) })
}

pub fn end(reason: &str, exit_code: i32) -> Termination {
    let (started_at, finished_at) = (Some(at(-10)), Some(at(0)));
    Termination { reason: reason.to_owned(), exit_code, started_at, finished_at, ..Termination::default() }
}

pub fn terminated(reason: &str, exit_code: i32) -> Container {
    container(ContainerState::Terminated(end(reason, exit_code)))
}

/// A container in its pause after it ended.
pub fn crash_loop(reason: &str, exit_code: i32) -> Container {
    Container { restarts: 3, last: Some(end(reason, exit_code)), ..waiting("CrashLoopBackOff", "") }
}

impl Container {
    pub fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub fn not_ready(self) -> Self {
        Self { ready: false, ..self }
    }

    /// Runs again, after as many ends.
    pub fn again(self, restarts: i32, end: Termination) -> Self {
        Self { restarts, last: Some(end), ..self }
    }
}

pub fn named<'a, T>(name: &'a str, uid: &'a str, facts: &'a T) -> Object<'a, T> {
    Object { name, uid, created_at: at(-100), facts }
}

/// What is said of a workload with these pods, `p0`, `p1` and so on.
pub fn said(workload: &Workload, pods: &[Pod]) -> Status {
    let names: Vec<String> = (0..pods.len()).map(|n| format!("p{n}")).collect();
    let pods: Vec<Object<Pod>> = names.iter().zip(pods).map(|(name, pod)| named(name, name, pod)).collect();
    status::evaluate(&named("web", "w", workload), &Related { pods: &pods, ..Related::default() }, None)
}
