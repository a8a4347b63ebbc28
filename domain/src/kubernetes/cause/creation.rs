//! Pods that were never made: what the API server answered to the controller.

use super::finding::{
    Depth, Evidence, EvidenceKind, Finding, ObjectName, after, between, event_evidence, name, quantities,
};
use crate::{
    core::message::{Code, FREE_TEXT, Message},
    kubernetes::observation::{FreeText, Object, Truth, Workload, condition_is},
};
use chrono::{DateTime, Utc};

/// Why the controller of `workload` could not make a pod, when it said so.
pub(crate) fn refused(workload: &Object<Workload>) -> Option<Finding> {
    by_condition(workload).or_else(|| by_event(workload))
}

fn by_condition(workload: &Object<Workload>) -> Option<Finding> {
    let failure = condition_is(&workload.facts.conditions, "ReplicaFailure", Truth::True)?;
    (failure.reason == "FailedCreate").then(|| finding(workload, &failure.message, failure.since))
}

/// StatefulSets, DaemonSets, Jobs and CronJobs have no condition for it. Each try may be an event of its own.
fn by_event(workload: &Object<Workload>) -> Option<Finding> {
    let tries = || workload.facts.notes.iter().filter(|note| note.reason == "FailedCreate");
    let last = tries().max_by_key(|note| note.last)?;
    let since = tries().map(|note| note.first).min();
    let object = ObjectName::new(workload.facts.details.kind(), workload.name);
    Some(finding(workload, &last.message, since).with(event_evidence(last, object)))
}

fn finding(workload: &Object<Workload>, answer: &FreeText, since: Option<DateTime<Utc>>) -> Finding {
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
pub fn meaning(answer: &FreeText) -> Message {
    exceeded_quota(answer)
        .or_else(|| webhook(answer))
        .or_else(|| policy(answer))
        .or_else(|| missing(answer))
        .unwrap_or_else(|| other(answer).message([(FREE_TEXT, answer.into())]))
}

fn exceeded_quota(answer: &FreeText) -> Option<Message> {
    if let Some(quota) = between(answer.as_str(), "exceeded quota: ", ",").and_then(name) {
        let part = |start: &str| {
            let text = after(answer.as_str(), start).unwrap_or_default();
            let text = text.split(", used: ").next().and_then(|text| text.split(", limited: ").next()).unwrap_or(text);
            quantities(text).unwrap_or_default().to_owned()
        };
        return Some(Code::QuotaExceeded.message([
            ("quota", quota.into()),
            ("requested", part("requested: ").into()),
            ("used", part("used: ").into()),
            ("limited", part("limited: ").into()),
        ]));
    }
    let quota = between(answer.as_str(), "failed quota: ", ":").and_then(name)?;
    Some(Code::QuotaNeedsLimits.message([("quota", quota.into()), (FREE_TEXT, answer.into())]))
}

fn webhook(answer: &FreeText) -> Option<Message> {
    let of = |code: Code, name: &str| Some(code.message([("webhook", name.into()), (FREE_TEXT, answer.into())]));
    if let Some(name) = between(answer.as_str(), "failed calling webhook \"", "\"").and_then(name) {
        return of(Code::WebhookUnreachable, name);
    }
    match between(answer.as_str(), "admission webhook \"", "\"").and_then(name) {
        Some(name) if answer.as_str().contains("denied the request") => of(Code::AdmissionDenied, name),
        _ => None,
    }
}

fn policy(answer: &FreeText) -> Option<Message> {
    if let Some(name) = between(answer.as_str(), "ValidatingAdmissionPolicy '", "'").and_then(name) {
        return Some(Code::PolicyDenied.message([("policy", name.into()), (FREE_TEXT, answer.into())]));
    }
    let level = between(answer.as_str(), "violates PodSecurity \"", "\"")?;
    let level =
        level.split_once(':').filter(|(level, version)| name(level).and(name(version)).is_some()).map(|_| level)?;
    Some(Code::PodSecurityViolated.message([("policy", level.into()), (FREE_TEXT, answer.into())]))
}

fn missing(answer: &FreeText) -> Option<Message> {
    if let Some(name) = between(answer.as_str(), "serviceaccount \"", "\"").and_then(name) {
        return Some(Code::ServiceAccountNotFound.message([("name", name.into())]));
    }
    let name = between(answer.as_str(), "no PriorityClass with name ", " was found").and_then(name)?;
    Some(Code::PriorityClassNotFound.message([("name", name.into())]))
}

fn other(answer: &FreeText) -> Code {
    let is_label = answer.as_str().contains("label") && answer.as_str().contains("must be no more than 63");
    if is_label {
        Code::LabelTooLong
    } else if answer.as_str().contains("because it is being terminated") {
        Code::NamespaceTerminating
    } else if answer.as_str().contains("per Container is") || answer.as_str().contains("per Pod is") {
        Code::LimitRangeViolated
    } else if answer.as_str().contains("quota") && answer.as_str().contains("forbidden") {
        Code::QuotaRefused
    } else if answer.as_str().contains(" is invalid: ") {
        Code::PodInvalid
    } else if answer.as_str().contains(" is forbidden: ") {
        Code::CreationForbidden
    } else {
        Code::CreationFailed
    }
}
