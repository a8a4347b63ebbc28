//! Pods that were never made: what the API server answered to the controller.

use super::finding::{Depth, Evidence, EvidenceKind, Finding, ObjectName, after, between, event_evidence};
use crate::{
    core::message::{Code, FREE_TEXT, Message},
    kubernetes::observation::{Object, Truth, Workload, condition_is},
};
use chrono::{DateTime, Utc};

/// Why the controller of `workload` could not make a pod, when it said so.
pub(crate) fn refused(workload: &Object<Workload>) -> Option<Finding> {
    by_condition(workload).or_else(|| by_event(workload))
}

fn by_condition(workload: &Object<Workload>) -> Option<Finding> {
    let failure = condition_is(&workload.facts.conditions, "ReplicaFailure", Truth::True)?;
    (failure.reason == "FailedCreate").then(|| finding(workload, failure.message.as_str(), failure.since))
}

/// StatefulSets, DaemonSets, Jobs and CronJobs have no condition for it. Each try may be an event of its own.
fn by_event(workload: &Object<Workload>) -> Option<Finding> {
    let tries = || workload.facts.notes.iter().filter(|note| note.reason == "FailedCreate");
    let last = tries().max_by_key(|note| note.last)?;
    let since = tries().map(|note| note.first).min();
    let object = ObjectName::new(workload.facts.details.kind(), workload.name);
    Some(finding(workload, last.message.as_str(), since).with(event_evidence(last, object)))
}

fn finding(workload: &Object<Workload>, answer: &str, since: Option<DateTime<Utc>>) -> Finding {
    let evidence = Evidence {
        kind: EvidenceKind::Admission,
        message: Code::RequestRejected.message([(FREE_TEXT, answer.into())]),
        at: since,
        object: Some(ObjectName::new(workload.facts.details.kind(), workload.name)),
        container: None,
    };
    Finding::new(Depth::Creation, meaning(answer)).since(since).with(evidence)
}

/// What the API server's answer means.
pub fn meaning(answer: &str) -> Message {
    exceeded_quota(answer)
        .or_else(|| webhook(answer))
        .or_else(|| policy(answer))
        .or_else(|| missing(answer))
        .unwrap_or_else(|| other(answer).message([(FREE_TEXT, answer.into())]))
}

fn exceeded_quota(answer: &str) -> Option<Message> {
    if let Some(quota) = between(answer, "exceeded quota: ", ",") {
        let part = |start: &str| {
            let text = after(answer, start).unwrap_or_default();
            text.split(", used: ").next().and_then(|text| text.split(", limited: ").next()).unwrap_or(text).to_owned()
        };
        return Some(Code::QuotaExceeded.message([
            ("quota", quota.into()),
            ("requested", part("requested: ").into()),
            ("used", part("used: ").into()),
            ("limited", part("limited: ").into()),
        ]));
    }
    let quota = between(answer, "failed quota: ", ":")?;
    Some(Code::QuotaNeedsLimits.message([("quota", quota.into()), (FREE_TEXT, answer.into())]))
}

fn webhook(answer: &str) -> Option<Message> {
    let of = |code: Code, name: &str| Some(code.message([("webhook", name.into()), (FREE_TEXT, answer.into())]));
    if let Some(name) = between(answer, "failed calling webhook \"", "\"") {
        return of(Code::WebhookUnreachable, name);
    }
    match between(answer, "admission webhook \"", "\"") {
        Some(name) if answer.contains("denied the request") => of(Code::AdmissionDenied, name),
        _ => None,
    }
}

fn policy(answer: &str) -> Option<Message> {
    if let Some(name) = between(answer, "ValidatingAdmissionPolicy '", "'") {
        return Some(Code::PolicyDenied.message([("policy", name.into()), (FREE_TEXT, answer.into())]));
    }
    let level = between(answer, "violates PodSecurity \"", "\"")?;
    Some(Code::PodSecurityViolated.message([("policy", level.into()), (FREE_TEXT, answer.into())]))
}

fn missing(answer: &str) -> Option<Message> {
    if let Some(name) = between(answer, "serviceaccount \"", "\"") {
        return Some(Code::ServiceAccountNotFound.message([("name", name.into())]));
    }
    let name = between(answer, "no PriorityClass with name ", " was found")?;
    Some(Code::PriorityClassNotFound.message([("name", name.into())]))
}

fn other(answer: &str) -> Code {
    let is_label = answer.contains("label") && answer.contains("must be no more than 63");
    if is_label {
        Code::LabelTooLong
    } else if answer.contains("because it is being terminated") {
        Code::NamespaceTerminating
    } else if answer.contains("per Container is") || answer.contains("per Pod is") {
        Code::LimitRangeViolated
    } else if answer.contains("quota") && answer.contains("forbidden") {
        Code::QuotaRefused
    } else if answer.contains(" is invalid: ") {
        Code::PodInvalid
    } else if answer.contains(" is forbidden: ") {
        Code::CreationForbidden
    } else {
        Code::CreationFailed
    }
}
