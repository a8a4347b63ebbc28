//! The state of a workload, evaluated from facts.
//!
//! The floor are the rules of `kubectl rollout status` and of kstatus: the generation is observed, then replicas,
//! updated, ready and available are compared with what is desired. Beyond them a state also says whether what runs
//! serves, and whether what was changed can come up at all.

mod cron_job;
mod daemon_set;
mod deletion;
mod deployment;
mod findings;
mod job;
pub mod object;
pub mod pod;
mod related;
mod replica_set;
mod rollout;
mod state;
mod stateful_set;
#[cfg(test)]
mod tests;

pub(crate) use deletion::blocking as blocking_finalizers;
pub use related::Related;
pub(crate) use rollout::Rollout;
pub use state::{Counts, State, Status};

use super::observation::{Details, Named, Object, ReplicaCounts, Workload, WorkloadSnapshot};
use crate::core::message::Code;

/// What was observed of a workload and around it, evaluated. `previous` as in [`evaluate`].
pub fn of_snapshot(workload: &Object<WorkloadSnapshot>, previous: Option<&Status>) -> Status {
    let snapshot = workload.facts;
    let pods: Vec<_> = snapshot.pods.iter().map(Named::object).collect();
    let replica_sets: Vec<_> = snapshot.replica_sets.iter().map(Named::object).collect();
    let jobs: Vec<_> = snapshot.jobs.iter().map(Named::object).collect();
    let related = Related { pods: &pods, replica_sets: &replica_sets, jobs: &jobs };
    evaluate(&workload.with(&snapshot.workload), &related, previous)
}

/// The status that follows from the facts about one workload.
///
/// `previous` is the status before: a cause that only it knows, because the pod that showed it is gone, stays until
/// the workload gets well or is changed.
pub fn evaluate(workload: &Object<Workload>, related: &Related, previous: Option<&Status>) -> Status {
    let (mut said, pods) = say(workload, related);
    said.keep(previous, &pods);
    said
}

/// The status, and the pods that show its cause.
fn say(workload: &Object<Workload>, related: &Related) -> (Status, Vec<String>) {
    let facts = workload.facts;
    let pods = related.pods_of(workload);
    let counts = counts(&facts.details);
    let (state, summary, finding) = if let Some(deletion) = &facts.deletion {
        deletion::evaluate(workload, deletion, &pods)
    } else if !is_observed(facts) {
        (State::Progressing, Some(Code::NotObserved.message([])), None)
    } else {
        match &facts.details {
            Details::Deployment(own) => deployment::evaluate(workload, own, &pods, related),
            Details::StatefulSet(own) => stateful_set::evaluate(workload, own, &pods),
            Details::DaemonSet(own) => daemon_set::evaluate(workload, own, &pods),
            Details::ReplicaSet(own) => replica_set::evaluate(workload, own, &pods),
            Details::Job(own) => job::evaluate(workload, own, &pods),
            Details::CronJob(own) => cron_job::evaluate(workload, own, related),
        }
    };
    let (cause, pods) = finding.map(|finding| (finding.cause, finding.pods)).unzip();
    (Status { state, summary, cause, counts, generation: facts.generation }, pods.unwrap_or_default())
}

/// Whether the controller has acted on the newest generation. Jobs and CronJobs do not report it.
pub(crate) fn is_observed(facts: &Workload) -> bool {
    matches!(facts.details, Details::Job(_) | Details::CronJob(_))
        || facts.observed_generation.is_some_and(|observed| observed >= facts.generation)
}

/// The numbers of a kind that keeps a number of pods running; None for Jobs and CronJobs.
pub(crate) fn rollout_of(details: &Details) -> Option<Rollout> {
    match details {
        Details::Deployment(own) => Some(deployment::rollout_alone(own)),
        Details::StatefulSet(own) => Some(stateful_set::rollout(own)),
        Details::DaemonSet(own) => Some(daemon_set::rollout(own)),
        Details::ReplicaSet(own) => Some(replica_set::rollout(own)),
        Details::Job(_) | Details::CronJob(_) => None,
    }
}

fn counts(details: &Details) -> Counts {
    let replicated = |desired, updated, counts: &ReplicaCounts| Counts {
        desired: Some(desired),
        updated,
        ready: Some(counts.ready),
        available: Some(counts.available),
        ..Counts::default()
    };
    match details {
        Details::Deployment(own) => replicated(own.replicas, Some(own.counts.updated), &own.counts),
        Details::StatefulSet(own) => replicated(own.replicas, Some(stateful_set::updated(own)), &own.counts),
        Details::ReplicaSet(own) => replicated(own.replicas, None, &own.counts),
        Details::DaemonSet(own) => Counts {
            desired: Some(own.desired),
            updated: Some(own.updated),
            ready: Some(own.ready),
            available: Some(own.available),
            ..Counts::default()
        },
        Details::Job(own) => Counts {
            desired: own.completions,
            parallelism: Some(own.parallelism),
            ready: Some(own.ready),
            active: Some(own.active),
            succeeded: Some(own.succeeded),
            failed: Some(own.failed),
            ..Counts::default()
        },
        Details::CronJob(own) => Counts { active: Some(own.active_count()), ..Counts::default() },
    }
}
