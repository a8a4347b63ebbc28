//! The state of a workload, evaluated from facts.
//!
//! The floor are the rules of `kubectl rollout status` and of kstatus: the generation is observed, then replicas,
//! updated, ready and available are compared with what is desired. Beyond them a state also says whether what runs
//! serves, and whether what was changed can come up at all.

mod cron_job;
mod daemon_set;
mod deletion;
mod deployment;
mod job;
pub mod pod;
mod replica_set;
mod rollout;
mod stateful_set;
#[cfg(test)]
mod tests;

pub(crate) use deletion::blocking as blocking_finalizers;
pub(crate) use rollout::Rollout;

use super::{
    cause::{self, Cause, Depth, Finding},
    observation::{Autoscaler, Details, Object, Pod, Workload, controller},
};
use crate::core::message::{Code, Message};
use serde::{Deserialize, Serialize};

/// What a workload is doing. Exactly one of them holds, and the first that fits in this order of questions: is it being
/// deleted, is anything to run, is a change on its way, does it serve.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// All that is desired is there, of the desired version, and available. A Job: its pods run. A CronJob: it is
    /// scheduled, and its last run did not fail.
    Running,
    /// On its way to what is desired, and nothing is known to keep it from getting there.
    Progressing,
    /// A change cannot come up, for a known cause, while pods of the version before it still serve.
    RolloutStuck,
    /// Serves, but less than desired or not steadily, for a known cause. A Job: a pod failed and is tried again, or
    /// some of its pods cannot run. A CronJob: its last run failed.
    Degraded,
    /// Nothing of it is available, for a known cause, and Kubernetes goes on trying.
    Unavailable,
    /// Kubernetes has given up and nothing of it is available: a Job that failed, a Deployment past its deadline.
    Failed,
    /// Its changes are held back by `spec.paused`. What ran before goes on.
    Paused,
    /// Nothing is to run, and nothing runs.
    Stopped,
    /// `spec.suspend` is set, and none of its pods runs.
    Suspended,
    /// A Job that did all it had to.
    Completed,
    /// Its deletion has begun.
    Deleting,
    /// The cluster does not report enough to say.
    Unknown,
}

impl State {
    /// The stable text of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether somebody should look at it.
    pub const fn is_problem(self) -> bool {
        matches!(self, Self::RolloutStuck | Self::Degraded | Self::Unavailable | Self::Failed)
    }
}

/// How many pods there are. None where the kind has no such number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pods that are to be there; for a Job, completions that are to be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<i32>,
    /// Pods of the current template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<i32>,
    /// Pods that were ready long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<i32>,
    /// Pods of a Job, or Jobs of a CronJob, that run or wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<i32>,
}

/// What is said of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub state: State,
    /// How far it is, in the terms of its kind. None when the state says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Message>,
    /// Why it is not as desired. None when it is, and while nothing is known to be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    pub counts: Counts,
    /// The generation of the workload that this is about.
    pub generation: i64,
}

/// Other objects around a workload.
#[derive(Clone, Copy, Debug, Default)]
pub struct Related<'a> {
    /// Pods below it, at any depth. Those without a cause ([`pod::cause`]) may be left out.
    pub pods: &'a [Object<'a, Pod>],
    /// ReplicaSets of a Deployment.
    pub replica_sets: &'a [Object<'a, Workload>],
    /// Jobs of a CronJob.
    pub jobs: &'a [Object<'a, Workload>],
    pub autoscaler: Option<(&'a str, &'a Autoscaler)>,
}

impl<'a> Related<'a> {
    /// The pods that `workload`, or what it controls, controls. Names and labels play no part.
    fn pods_of(&self, workload: &Object<Workload>) -> Vec<Object<'a, Pod>> {
        let below =
            self.replica_sets.iter().chain(self.jobs).filter(|other| is_controlled_by(&other.facts.owners, workload));
        let uids: Vec<&str> = std::iter::once(workload.uid).chain(below.map(|other| other.uid)).collect();
        let is_ours =
            |pod: &&Object<Pod>| controller(&pod.facts.owners).is_some_and(|owner| uids.contains(&owner.uid.as_str()));
        self.pods.iter().filter(is_ours).copied().collect()
    }
}

fn is_controlled_by(owners: &[super::observation::Owner], workload: &Object<Workload>) -> bool {
    controller(owners).is_some_and(|owner| owner.uid == workload.uid)
}

/// What facts about one workload amount to.
///
/// `previous` is what was said before: a cause that only it knows, because the pod that showed it is gone, stays until
/// the workload gets well or is changed.
pub fn evaluate(workload: &Object<Workload>, related: &Related, previous: Option<&Status>) -> Status {
    let mut said = say(workload, related);
    said.keep(previous);
    said
}

fn say(workload: &Object<Workload>, related: &Related) -> Status {
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
    Status { state, summary, cause: finding.map(|finding| finding.cause), counts, generation: facts.generation }
}

impl Status {
    fn keep(&mut self, previous: Option<&Self>) {
        let Some((before, cause)) = previous
            .filter(|previous| previous.generation == self.generation)
            .and_then(|previous| Some((previous, previous.cause.as_ref()?)))
        else {
            return;
        };
        match &mut self.cause {
            Some(now) if now.message.code == cause.message.code => now.since = cause.since.or(now.since),
            None if self.state.is_problem() && before.state.is_problem() => self.cause = Some(cause.clone()),
            Some(now) if is_verdict(&now.message) && !is_verdict(&cause.message) && self.state.is_problem() => {
                let mut kept = cause.clone();
                kept.evidence.append(&mut now.evidence);
                kept.evidence.truncate(cause::EVIDENCE_LIMIT);
                self.cause = Some(kept);
            }
            Some(_) | None => {}
        }
    }
}

/// Whether a message only says that Kubernetes gave up, not why.
fn is_verdict(message: &Message) -> bool {
    [
        Code::ProgressDeadlineExceeded,
        Code::JobBackoffLimitExceeded,
        Code::JobDeadlineExceeded,
        Code::JobIndexesFailed,
        Code::JobFailed,
    ]
    .into_iter()
    .any(|code| message.is(code))
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
    let replicated = |desired, updated, counts: &super::observation::ReplicaCounts| Counts {
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
            ready: Some(own.ready),
            active: Some(own.active),
            succeeded: Some(own.succeeded),
            failed: Some(own.failed),
            ..Counts::default()
        },
        Details::CronJob(own) => {
            Counts { active: Some(i32::try_from(own.active.len()).unwrap_or(i32::MAX)), ..Counts::default() }
        }
    }
}

/// State, summary and the finding that explains it.
type Said = (State, Option<Message>, Option<Finding>);

/// The causes of pods that are meant to be there. Pods that go, and those that ended and are replaced, explain nothing
/// unless their node took them.
fn findings<'a>(pods: impl IntoIterator<Item = &'a Object<'a, Pod>>) -> Vec<(&'a str, Finding)> {
    let mut found: Vec<(&str, Finding)> = pods
        .into_iter()
        .filter_map(|pod| Some((pod, cause::of_pod(pod)?)))
        .filter(|(pod, finding)| pod.facts.deletion.is_none() || finding.depth == Depth::Node)
        .map(|(pod, finding)| (pod.name, finding))
        .collect();
    // The name decides between equals, so that the same facts always say the same.
    found.sort_by(|(a, one), (b, other)| (other.blocks, other.depth).cmp(&(one.blocks, one.depth)).then(a.cmp(b)));
    found
}

/// The deepest of several findings, with evidence of the others.
fn deepest(findings: impl IntoIterator<Item = Finding>) -> Option<Finding> {
    let mut findings: Vec<Finding> = findings.into_iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.blocks, finding.depth)));
    let mut all = findings.into_iter();
    let mut first = all.next()?;
    first.cause.evidence.extend(all.flat_map(|finding| finding.cause.evidence.into_iter().take(1)));
    first.cause.evidence.truncate(cause::EVIDENCE_LIMIT);
    Some(first)
}
