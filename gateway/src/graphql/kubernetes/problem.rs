//! Problems of the overview: what is wrong, what it stops, and what changed before.

use super::{cause::Cause, recorded_change::RecordedChange, workload::WorkloadState};
use crate::graphql::engine::connection::count;
use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use domain::kubernetes::status::State;
use projections::models::problems;

/// The problems of the workloads, and of pods that belong to none. At most 50.
#[derive(SimpleObject)]
pub struct Problems {
    /// The worst first: by severity, then by the number of victims.
    nodes: Vec<Problem>,
    /// Whether there are more than these.
    has_more: bool,
}

/// One cause and everything that it stops.
#[derive(SimpleObject)]
pub struct Problem {
    /// Stays the same while the problem lasts.
    key: String,
    /// Why the first victim is in trouble; null while no cause is known.
    cause: Option<Cause>,
    /// What the victims have in common; null if the cause is of one workload alone.
    subject: Option<ProblemSubject>,
    /// 1 to 4, by the state of the worst victim. 1 is the worst. A run of a CronJob that failed counts as DEGRADED.
    severity: i32,
    /// Since when, for the victim that was the first; null if the cluster does not report it.
    since: Option<DateTime<Utc>>,
    victim_count: i32,
    /// The victims by state, that of the worst victim first.
    states: Vec<StateCount>,
    /// At most 10, the worst first.
    victims: Vec<Victim>,
    /// The last change of one of these victims in the 30 minutes before. A hint, not the cause.
    latest_change: Option<RecordedChange>,
}

#[derive(SimpleObject)]
pub struct StateCount {
    state: WorkloadState,
    count: i32,
}

impl StateCount {
    pub fn new(state: State, n: i64) -> Self {
        Self { state: state.into(), count: count(n) }
    }
}

/// What a cause is about, for example a node or an image.
#[derive(SimpleObject)]
pub struct ProblemSubject {
    /// A kind of Kubernetes, or Image, Registry or Webhook.
    kind: String,
    name: String,
    /// Null if all namespaces share it.
    namespace: Option<String>,
}

/// A workload in trouble, or a pod that belongs to none.
#[derive(SimpleObject)]
pub struct Victim {
    object_id: ID,
    kind: String,
    namespace: String,
    name: String,
    state: WorkloadState,
}

impl From<problems::Problems> for Problems {
    fn from(found: problems::Problems) -> Self {
        Self { nodes: found.rows.into_iter().map(Problem::from).collect(), has_more: found.has_more }
    }
}

impl From<problems::Problem> for Problem {
    fn from(row: problems::Problem) -> Self {
        let first = row.victims.first();
        let state = |(state, n): &(_, i64)| StateCount::new(*state, *n);
        Self {
            key: row.public_key(),
            cause: row.cause.as_ref().zip(first).map(|(cause, first)| Cause::new(cause, &first.id)),
            subject: row.key.subject().map(|subject| ProblemSubject {
                kind: subject.kind.to_owned(),
                name: subject.name.clone(),
                namespace: subject.namespace.clone(),
            }),
            severity: row.severity(),
            since: row.since,
            victim_count: count(row.victim_count()),
            states: row.states.iter().map(state).collect(),
            victims: row.victims.iter().map(Victim::from).collect(),
            latest_change: row.latest_change.map(RecordedChange::from),
        }
    }
}

impl From<&problems::Victim> for Victim {
    fn from(row: &problems::Victim) -> Self {
        Self {
            object_id: ID(row.id.clone()),
            kind: row.kind.to_string(),
            namespace: row.namespace.clone(),
            name: row.name.clone(),
            state: row.state.into(),
        }
    }
}
