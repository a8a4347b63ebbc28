//! Whether the cluster shows what an operation requested.
//!
//! An operation is measured by its own fields at its own generation. If others change those fields, the operation is
//! overtaken; if a cause prevents the change and waiting does not cure it, the wait ends early with that cause.

mod object;
#[cfg(test)]
mod tests;

pub use object::{FoundObject, wait_for_object};

use super::{
    cause::Cause,
    observation::{
        Condition, Container, ContainerState, CronJob, DaemonSet, Details, FIELD_MANAGER, FieldManager, Job, Named,
        Object, Part, Pod, Role, StatefulSet, Truth, UpdateStrategy, Workload, condition, condition_is,
    },
    status::{self, Rollout, Status},
};
use crate::core::message::{Code, Message};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a cause must last before the wait ends: one that waiting does not cure, and one that it seldom cures.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);
const LONG_PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// Causes that stay until somebody changes what was requested, a quota, a rule, or what a registry has.
const LASTING: [Code; 16] = [
    Code::QuotaExceeded,
    Code::QuotaNeedsLimits,
    Code::QuotaRefused,
    Code::AdmissionDenied,
    Code::PolicyDenied,
    Code::PodSecurityViolated,
    Code::LimitRangeViolated,
    Code::LabelTooLong,
    Code::PodInvalid,
    Code::CreationForbidden,
    Code::NamespaceTerminating,
    Code::ImageNameInvalid,
    Code::ImageNotFound,
    Code::ImagePullDenied,
    Code::ImageNeverPulled,
    Code::ImageSignatureInvalid,
];
const STUBBORN: [Code; 2] = [Code::ImagePullFailed, Code::RegistryUnreachable];

/// What kind of outcome an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    Created,
    Scaled,
    Restarted,
    Stopped,
    Started,
    Deleted,
    /// It was made or changed by a manifest.
    Changed,
    /// `spec.paused` is as it was written, and the controller has seen it.
    Paused,
    /// Its pods are of the template that was written.
    TemplateChanged,
}

/// What an operation wrote, and how to find it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    pub goal: Goal,
    /// The incarnation it wrote to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The generation that its write made.
    #[serde(default)]
    pub generation: i64,
    /// When it wrote.
    pub at: DateTime<Utc>,
    /// `spec.replicas`, when it wrote that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// `spec.suspend`, when it wrote that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Whether it set `spec.paused`, so that no pods are expected.
    #[serde(default, skip_serializing_if = "super::observation::is_false")]
    pub paused: bool,
    /// A digest of the fields of `spec` that it wrote and owned right after; None where the server names no owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<String>,
    /// Whether the object may go by itself once it is done: a Job with `ttlSecondsAfterFinished`.
    #[serde(default, skip_serializing_if = "super::observation::is_false")]
    pub may_vanish: bool,
}

/// What a read of the cluster found.
#[derive(Clone, Copy, Debug)]
pub enum Look<'a> {
    /// There is no object of that name. `last` is what was last observed of the incarnation that was written to.
    Gone {
        last: Option<&'a Workload>,
        /// Whether nothing more will be observed of it.
        is_final: bool,
    },
    Found(Found<'a>),
}

/// An object as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub workload: Object<'a, Workload>,
    /// The same facts, evaluated.
    pub status: &'a Status,
    /// Pods below it that do not work as they should, as last observed.
    pub pods: &'a [Named<Pod>],
    pub managers: &'a [FieldManager],
    /// The current digest of what [`Requested::fields`] is about.
    pub fields: Option<&'a str>,
}

/// The result of one check of a waiting operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Waited {
    /// What was requested is there.
    Done(Message),
    /// Not yet. The cause says what is in the way. It is the reason of the failure if the time runs out.
    Waiting { message: Message, percent: u8, cause: Option<Cause> },
    /// Waiting longer would not help.
    EndsEarly(Cause),
    /// Others changed what was requested.
    Overtaken(Overtaken),
}

/// Who changed what an operation had requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtaken {
    /// The field manager, where the cluster names one: a deletion leaves none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    pub change: Message,
}

/// What `look` means for what was `requested`.
pub fn wait(requested: &Requested, look: Look, now: DateTime<Utc>) -> Waited {
    let found = match look {
        Look::Gone { last, is_final } => return gone(requested, last, is_final),
        Look::Found(found) => found,
    };
    let is_another = requested.uid.as_deref().is_some_and(|uid| uid != found.workload.uid);
    match (requested.goal, is_another, &found.workload.facts.deletion) {
        (Goal::Deleted, true, _) => Waited::Done(Code::ReplacedByAnother.message([])),
        (Goal::Deleted, false, _) => going(&found),
        (_, true, _) => overtaken(requested, &found, None, Code::ReplacedByAnother.message([])),
        // A Job that is cleaned up as soon as it is done.
        (Goal::Created | Goal::Started | Goal::Changed, false, Some(_)) if has_run(found.workload.facts) => {
            Waited::Done(Code::JobStarted.message([]))
        }
        (_, false, Some(deletion)) => Waited::Overtaken(Overtaken {
            manager: None,
            at: Some(deletion.since),
            change: Code::DeletionBegun.message([]),
        }),
        (_, false, None) => changed(requested, &found).unwrap_or_else(|| reached(requested, &found, now)),
    }
}

/// Whether it is a Job that has begun. All that was requested of a Job is that it begins.
fn has_run(workload: &Workload) -> bool {
    match &workload.details {
        Details::Job(job) => job.has_started() || job.completed_at.is_some(),
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::CronJob(_) => false,
    }
}

fn gone(requested: &Requested, last: Option<&Workload>, is_final: bool) -> Waited {
    let has_run = last.is_some_and(has_run);
    match requested.goal {
        Goal::Deleted => Waited::Done(Code::IsGone.message([])),
        Goal::Created | Goal::Started | Goal::Changed
            if has_run || requested.may_vanish && is_final && last.is_none() =>
        {
            Waited::Done(Code::JobStartedAndGone.message([]))
        }
        // It may have run and vanished before the watch reported it.
        Goal::Created | Goal::Started | Goal::Changed if requested.may_vanish && !is_final => {
            Waited::Waiting { message: Code::AwaitingStart.message([]), percent: 0, cause: None }
        }
        Goal::Created
        | Goal::Started
        | Goal::Scaled
        | Goal::Restarted
        | Goal::Stopped
        | Goal::Changed
        | Goal::TemplateChanged
        | Goal::Paused => {
            Waited::Overtaken(Overtaken { manager: None, at: None, change: Code::DeletedByOthers.message([]) })
        }
    }
}

fn going(found: &Found) -> Waited {
    let deletion = found.workload.facts.deletion.as_ref();
    let message = match deletion.and_then(status::blocking_finalizers) {
        Some(finding) => {
            let finalizers = finding.cause.message.arguments.get("finalizers").cloned().unwrap_or_default();
            Code::AwaitingFinalizers.message([("finalizers", finalizers)])
        }
        None => Code::AwaitingRemoval.message([("pods", pods_left(&found.workload.facts.details).into())]),
    };
    Waited::Waiting { message, percent: 0, cause: found.status.cause.clone() }
}

fn pods_left(details: &Details) -> i32 {
    if let Details::Job(job) = details {
        return job.active + job.terminating;
    }
    status::rollout_of(details).map_or(0, |rollout| rollout.total + rollout.terminating)
}

/// Whether others changed what was requested.
fn changed(requested: &Requested, found: &Found) -> Option<Waited> {
    let details = &found.workload.facts.details;
    if let (Some(wanted), Some(now)) = (requested.replicas, details.replicas())
        && wanted != now
    {
        let change = Code::ReplicasChanged.message([("requested", wanted.into()), ("found", now.into())]);
        return Some(overtaken(requested, found, Some(Part::Replicas), change));
    }
    if let (Some(wanted), Some(now)) = (requested.suspend, details.suspend())
        && wanted != now
    {
        return Some(overtaken(
            requested,
            found,
            Some(Part::Suspend),
            Code::SuspendChanged.message([("found", now.into())]),
        ));
    }
    if requested.goal == Goal::Paused && requested.paused != details.is_paused() {
        let change = Code::PausedChanged.message([("found", details.is_paused().into())]);
        return Some(overtaken(requested, found, Some(Part::Paused), change));
    }
    // Replicas and suspend are compared above; for a template only the owners show it.
    let wrote_a_template = is_of_a_template(requested.goal);
    let is_ours = match (&requested.fields, found.fields) {
        (Some(requested), Some(now)) => requested == now,
        // If Binnacle owns no field any more, others have taken over all of them.
        (Some(_), None) => found.managers.is_empty(),
        (None, _) => true,
    };
    (wrote_a_template && !is_ours).then(|| overtaken(requested, found, None, Code::SpecChanged.message([])))
}

/// Whether it wrote a pod template, or may have.
const fn is_of_a_template(goal: Goal) -> bool {
    matches!(goal, Goal::Created | Goal::Restarted | Goal::Changed | Goal::TemplateChanged)
}

/// The manager that wrote the part last, if that was after the operation and not by Binnacle itself. A manager that
/// removes a field does not own it, so it is known only if it also changed the mark of the operation. Controllers that
/// report a status change nothing of what was requested.
fn overtaken(requested: &Requested, found: &Found, part: Option<Part>, change: Message) -> Waited {
    let owns = |manager: &&FieldManager| match part {
        Some(part) => manager.parts.contains(&part),
        None if matches!(requested.goal, Goal::Restarted | Goal::TemplateChanged) => {
            manager.parts.iter().any(|part| matches!(part, Part::Template | Part::Mark))
        }
        None => manager.parts.iter().any(|part| !matches!(part, Part::Status | Part::Metadata)),
    };
    // The server gives whole seconds.
    let is_later = |at: DateTime<Utc>| at.timestamp() >= requested.at.timestamp();
    let others =
        found.managers.iter().filter(|manager| manager.manager != FIELD_MANAGER && manager.at.is_none_or(is_later));
    let last = others.filter(owns).max_by_key(|manager| manager.at);
    Waited::Overtaken(Overtaken {
        manager: last.map(|last| last.manager.clone()),
        at: last.and_then(|last| last.at),
        change,
    })
}

/// Whether the cluster shows what was requested. Others have not changed it.
fn reached(requested: &Requested, found: &Found, now: DateTime<Utc>) -> Waited {
    let facts = found.workload.facts;
    if !status::is_observed(facts) || facts.generation < requested.generation {
        return Waited::Waiting { message: Code::NotObserved.message([]), percent: 0, cause: None };
    }
    if requested.goal == Goal::Paused {
        return Waited::Done(Code::SeenByController.message([]));
    }
    let done = match &facts.details {
        Details::Job(job) => job_done(requested.goal, job, &facts.conditions),
        Details::CronJob(own) => Some(cron_job_done(requested.goal, own)),
        Details::Deployment(_) | Details::StatefulSet(_) | Details::DaemonSet(_) | Details::ReplicaSet(_) => {
            status::rollout_of(&facts.details).and_then(|rollout| pods_done(requested, found, &rollout))
        }
    };
    done.map_or_else(|| not_yet(requested, found, now), Waited::Done)
}

fn job_done(goal: Goal, job: &Job, conditions: &[Condition]) -> Option<Message> {
    let has_ended = ["Complete", "Failed"].iter().any(|kind| condition_is(conditions, kind, Truth::True).is_some());
    if goal == Goal::Stopped {
        let is_idle = (job.active + job.terminating == 0).then(|| Code::IsSuspended.message([]));
        return if has_ended { Some(Code::JobEndedByItself.message([])) } else { is_idle };
    }
    if job.suspend {
        return Some(Code::IsSuspended.message([]));
    }
    if job.parallelism == 0 {
        return Some(Code::ScaledToZero.message([]));
    }
    (job.has_started() || has_ended).then(|| Code::JobStarted.message([]))
}

/// A change of a CronJob takes effect at its next run. Running Jobs continue.
fn cron_job_done(goal: Goal, own: &CronJob) -> Message {
    if goal == Goal::TemplateChanged || goal == Goal::Changed && !own.suspend {
        return Code::UsedByNextRun.message([]);
    }
    if goal == Goal::Stopped && !own.active.is_empty() {
        return Code::RunsGoOn.message([("active", own.active_count().into())]);
    }
    if own.suspend { Code::IsSuspended.message([]) } else { Code::IsResumed.message([]) }
}

fn pods_done(requested: &Requested, found: &Found, rollout: &Rollout) -> Option<Message> {
    let details = &found.workload.facts.details;
    if rollout.desired == 0 {
        let code = if matches!(details, Details::DaemonSet(_)) { Code::NoNodeMatches } else { Code::ScaledToZero };
        return rollout.is_stopped().then(|| code.message([]));
    }
    let available =
        || Code::AllAvailable.message([("available", rollout.available.into()), ("desired", rollout.desired.into())]);
    let outdated = outdated_on_delete(details);
    // The counts of the controller lag behind its pods: one that has just ended may still count as available.
    let down =
        i32::try_from(found.pods.iter().filter(|pod| is_down(&pod.facts, requested.at)).count()).unwrap_or(i32::MAX);
    let serves = down == 0 || rollout.total.saturating_sub(down) >= rollout.desired;
    match requested.goal {
        Goal::Created if requested.paused && details.is_paused() => Some(Code::CreatedPaused.message([])),
        Goal::Changed if details.is_paused() => Some(
            Code::RolloutPaused.message([("updated", rollout.updated.into()), ("desired", rollout.desired.into())]),
        ),
        Goal::TemplateChanged if details.is_paused() => Some(Code::ChangedPaused.message([])),
        Goal::TemplateChanged if matches!(details, Details::ReplicaSet(_)) => Some(Code::UsedByNewPods.message([])),
        Goal::Restarted | Goal::Changed | Goal::TemplateChanged if outdated > 0 => {
            Some(Code::RestartsOnDelete.message([("pods", outdated.into())]))
        }
        // A change of the number is done when that many serve, whether or not they are of the newest version.
        Goal::Scaled | Goal::Started => {
            let has_no_more = rollout.total <= rollout.desired || rollout.is_rolling();
            (rollout.available >= rollout.desired && has_no_more && serves).then(available)
        }
        Goal::Created
        | Goal::Restarted
        | Goal::Stopped
        | Goal::Deleted
        | Goal::Changed
        | Goal::TemplateChanged
        | Goal::Paused => (rollout.is_complete() && serves).then(|| held_back(details).unwrap_or_else(available)),
    }
}

/// Whether a container of the pod has ended since the operation wrote, and is not ready again. Controllers do not count pods
/// that go or have ended as a whole.
fn is_down(pod: &Pod, wrote_at: DateTime<Utc>) -> bool {
    let must_go_on = |container: &&Container| matches!(container.role, Role::Main | Role::Sidecar);
    let has_ended = |container: &Container| {
        let end = match &container.state {
            ContainerState::Terminated(end) => Some(end),
            ContainerState::Waiting { .. } | ContainerState::Running { .. } => container.last.as_ref(),
        };
        // The server gives whole seconds.
        end.and_then(|end| end.finished_at).is_some_and(|at| at.timestamp() >= wrote_at.timestamp())
    };
    let failed = |container: &Container| !container.ready && has_ended(container);
    let is_counted = pod.deletion.is_none() && !matches!(pod.phase.as_str(), "Succeeded" | "Failed");
    is_counted && pod.containers.iter().filter(must_go_on).any(failed)
}

/// Pods of the old version that stay until somebody deletes them.
fn outdated_on_delete(details: &Details) -> i32 {
    let waits_for_deletion = matches!(
        details,
        Details::StatefulSet(StatefulSet { update_strategy: UpdateStrategy::OnDelete, .. })
            | Details::DaemonSet(DaemonSet { update_strategy: UpdateStrategy::OnDelete, .. })
    );
    let outdated = status::rollout_of(details).map_or(0, |rollout| rollout.total - rollout.updated);
    if waits_for_deletion { outdated } else { 0 }
}

fn held_back(details: &Details) -> Option<Message> {
    let Details::StatefulSet(own) = details else { return None };
    let rollout = status::rollout_of(details)?;
    (own.partition > 0 && rollout.updated < rollout.desired).then(|| {
        Code::Partitioned.message([
            ("updated", rollout.updated.into()),
            ("desired", rollout.desired.into()),
            ("partition", own.partition.into()),
        ])
    })
}

fn not_yet(requested: &Requested, found: &Found, now: DateTime<Utc>) -> Waited {
    let facts = found.workload.facts;
    if requested.goal == Goal::Stopped {
        let message = Code::AwaitingRemoval.message([("pods", pods_left(&facts.details).into())]);
        return Waited::Waiting { message, percent: 0, cause: None };
    }
    if matches!(requested.goal, Goal::Created | Goal::Restarted) && facts.details.is_paused() {
        let message = Code::PausedMeanwhile.message([]);
        return Waited::EndsEarly(Cause { message, since: None, evidence: Vec::new() });
    }
    let cause = found.status.cause.clone();
    if let Some(cause) = cause.clone().filter(|cause| is_over(requested, facts, cause, now)) {
        return Waited::EndsEarly(cause);
    }
    let (message, percent) = match status::rollout_of(&facts.details) {
        Some(rollout) => {
            // Old pods that are still available are not waited for.
            let available = rollout.available.min(rollout.updated);
            let message =
                Code::AwaitingPods.message([("available", available.into()), ("desired", rollout.desired.into())]);
            (message, percent(available, rollout.desired))
        }
        None => (Code::AwaitingStart.message([]), 0),
    };
    Waited::Waiting { message, percent, cause }
}

fn percent(part: i32, whole: i32) -> u8 {
    let share = i64::from(part) * 100 / i64::from(whole.max(1));
    u8::try_from(share.clamp(0, 99)).unwrap_or_default()
}

/// Whether waiting longer would not help: Kubernetes gave up, or the cause stays until somebody changes something.
fn is_over(requested: &Requested, facts: &Workload, cause: &Cause, now: DateTime<Utc>) -> bool {
    // A change of the number begins no rollout: Kubernetes may have given up on an earlier one. The server gives whole seconds.
    let is_later = |since: DateTime<Utc>| since.timestamp() >= requested.at.timestamp();
    let is_ours = is_of_a_template(requested.goal);
    let gave_up = condition(&facts.conditions, "Progressing").is_some_and(|progressing| {
        progressing.reason == "ProgressDeadlineExceeded" && (is_ours || progressing.since.is_some_and(is_later))
    });
    let since = cause.since.map_or(requested.at, |since| since.max(requested.at));
    // A deadline may pass before the cluster says what is in the way.
    let says_why = !cause.message.is(Code::ProgressDeadlineExceeded) || now - since >= PATIENCE;
    gave_up && says_why || patience(&cause.message).is_some_and(|patience| now - since >= patience)
}

/// How long a cause must last before a wait ends with it. None for causes that often pass by themselves: a crash, a probe, a
/// node that comes, an object that is made later.
pub fn patience(message: &Message) -> Option<TimeDelta> {
    let code = message.known()?;
    let is_lasting = LASTING.contains(&code).then_some(PATIENCE);
    is_lasting.or_else(|| STUBBORN.contains(&code).then_some(LONG_PATIENCE))
}
