//! Jobs: pods that run to their end.

use super::{
    findings::{Said, deepest, findings},
    pod,
    state::State,
};
use crate::{
    core::message::{Code, FREE_TEXT, Message},
    kubernetes::{
        cause::{self, Depth, Finding, ObjectName},
        observation::{Condition, Job, Object, Pod, Truth, Workload, condition_is},
    },
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &Job, pods: &[Object<Pod>]) -> Said {
    let holds = |kind| condition_is(&workload.facts.conditions, kind, Truth::True);
    if holds("Complete").is_some() {
        return (State::Completed, Some(ended(own)), None);
    }
    if let Some(failed) = holds("Failed") {
        return (State::Failed, Some(ended(own)), failure(workload, own, failed, pods));
    }
    if let Some(target) = holds("FailureTarget") {
        return (State::Progressing, Some(Code::JobEnding.message([])), failure(workload, own, target, pods));
    }
    if holds("SuccessCriteriaMet").is_some() {
        return (State::Progressing, Some(Code::JobEnding.message([])), None);
    }
    if own.suspend || own.parallelism == 0 {
        let runs = own.active + own.terminating;
        let idle = if own.suspend { State::Suspended } else { State::Stopped };
        let going = || (State::Progressing, Some(Code::Removing.message([("pods", runs.into())])), None);
        return if runs > 0 { going() } else { (idle, None, None) };
    }
    if own.managed_by.is_some() && own.started_at.is_none() && !own.has_started() {
        return (State::Unknown, None, None);
    }
    running(workload, own, pods)
}

fn running(workload: &Object<Workload>, own: &Job, pods: &[Object<Pod>]) -> Said {
    let of_pods = findings(pods);
    let is_blocked = |name: &str| of_pods.iter().any(|(pod, finding)| *pod == name && finding.blocks);
    let alive = pods.iter().filter(|pod| pod.facts.phase != "Failed" && pod.facts.deletion.is_none());
    let stuck = i32::try_from(alive.filter(|pod| is_blocked(pod.name)).count()).unwrap_or(i32::MAX);
    let mut found: Vec<Finding> = of_pods.into_iter().map(|(_, finding)| finding).collect();
    if own.active < own.parallelism {
        found.extend(cause::creation::refused(workload));
    }
    let finding = deepest(found);
    let can_be_made = finding.as_ref().is_none_or(|finding| finding.depth != Depth::Creation);
    let state = if own.active == 0 && !can_be_made {
        State::Unavailable
    } else if own.active > 0 && stuck >= own.active {
        if own.succeeded > 0 { State::Degraded } else { State::Unavailable }
    } else if stuck > 0 || own.failed > 0 || !can_be_made || pods.iter().any(pod::is_crash_looping) {
        State::Degraded
    } else if own.ready > 0 {
        State::Running
    } else {
        State::Progressing
    };
    let summary = if own.has_started() { progress(own) } else { Code::JobNotStarted.message([]) };
    (state, Some(summary), finding)
}

fn progress(own: &Job) -> Message {
    match own.completions {
        Some(completions) => Code::JobProgress.message([
            ("active", own.active.into()),
            ("succeeded", own.succeeded.into()),
            ("completions", completions.into()),
            ("failed", own.failed.into()),
        ]),
        None => Code::JobQueueProgress.message([
            ("active", own.active.into()),
            ("succeeded", own.succeeded.into()),
            ("failed", own.failed.into()),
        ]),
    }
}

fn ended(own: &Job) -> Message {
    Code::JobEnded.message([("succeeded", own.succeeded.into()), ("failed", own.failed.into())])
}

/// Why a Job failed: what its pods show, unless they were ended because the Job ran too long.
fn failure(workload: &Object<Workload>, own: &Job, failed: &Condition, pods: &[Object<Pod>]) -> Option<Finding> {
    let is_late = failed.reason == "DeadlineExceeded";
    let of_pods = findings(pods)
        .into_iter()
        .map(|(_, finding)| finding)
        .find(|finding| finding.blocks && !(is_late && finding.depth == Depth::Container));
    let evidence = cause::condition_evidence(failed, ObjectName::new("Job", workload.name));
    let verdict = Finding::new(Depth::Verdict, verdict(own, failed)).since(failed.since).with(evidence);
    deepest(of_pods.into_iter().chain([verdict]))
}

fn verdict(own: &Job, failed: &Condition) -> Message {
    match failed.reason.as_str() {
        "BackoffLimitExceeded" => {
            Code::JobBackoffLimitExceeded.message([("limit", own.backoff_limit.unwrap_or_default().into())])
        }
        "DeadlineExceeded" => {
            Code::JobDeadlineExceeded.message([("seconds", own.active_deadline_seconds.unwrap_or_default().into())])
        }
        "FailedIndexes" | "MaxFailedIndexesExceeded" => {
            Code::JobIndexesFailed.message([("indexes", own.failed_indexes.as_str().into())])
        }
        reason => Code::JobFailed.message([("reason", reason.into()), (FREE_TEXT, (&failed.message).into())]),
    }
}
