//! Pods that their node, or somebody who needs it, has ended.

use super::{Depth, Finding, ObjectName, condition_evidence, event_evidence};
use crate::{
    core::message::Code,
    kubernetes::observation::{Note, Object, Pod, Truth, condition_is},
};

/// A pod that ended, or is about to, for a reason outside itself.
pub(super) fn ended(pod: &Object<Pod>) -> Option<Finding> {
    by_reason(pod).or_else(|| disrupted(pod)).or_else(|| unreachable(pod))
}

pub(super) fn lost(pod: &Object<Pod>) -> Finding {
    Finding::new(Depth::Node, Code::NodeLost.message([("pod", pod.name.into()), ("node", node(pod).into())]))
}

fn node<'a>(pod: &Object<'a, Pod>) -> &'a str {
    pod.facts.node.as_deref().unwrap_or_default()
}

fn by_reason(pod: &Object<Pod>) -> Option<Finding> {
    let detail = pod.facts.message.as_str();
    let place = || [("pod", pod.name.into()), ("node", node(pod).into()), ("detail", detail.into())];
    let message = match pod.facts.reason.as_str() {
        "Evicted" => Code::Evicted.message(place()),
        "NodeLost" => return Some(lost(pod)),
        "Preempting" | "Preempted" => Code::Preempted.message([("pod", pod.name.into())]),
        "DeadlineExceeded" => Code::PodDeadlineExceeded.message([("pod", pod.name.into())]),
        "NodeShutdown" | "Terminated" | "Shutdown" => Code::NodeShutDown.message(place()),
        // What the kubelet answers to a pod that it cannot take: OutOfcpu, NodeAffinity, UnexpectedAdmissionError ..
        reason if pod.facts.phase == "Failed" && is_refusal(reason) => Code::NodeRefused.message([
            ("pod", pod.name.into()),
            ("node", node(pod).into()),
            ("reason", reason.into()),
            ("detail", detail.into()),
        ]),
        _ => return None,
    };
    Some(Finding::new(Depth::Node, message).since(ended_at(pod)))
}

fn is_refusal(reason: &str) -> bool {
    reason.starts_with("OutOf")
        || matches!(
            reason,
            "NodeAffinity"
                | "NodeName"
                | "NodePorts"
                | "TaintToleration"
                | "UnexpectedAdmissionError"
                | "AppArmor"
                | "SysctlForbidden"
                | "TopologyAffinityError"
                | "PodOSNotSupported"
                | "InvalidNodeInfo"
        )
}

fn ended_at(pod: &Object<Pod>) -> Option<chrono::DateTime<chrono::Utc>> {
    let deletion = || pod.facts.deletion.as_ref().map(|deletion| deletion.since);
    super::probe::not_ready_since(pod).or_else(deletion)
}

fn disrupted(pod: &Object<Pod>) -> Option<Finding> {
    let target = condition_is(&pod.facts.conditions, "DisruptionTarget", Truth::True)?;
    let message = match target.reason.as_str() {
        "PreemptionByScheduler" => Code::Preempted.message([("pod", pod.name.into())]),
        "DeletionByTaintManager" | "DeletionByPodGC" => {
            return Some(lost(pod).since(target.since).with(target_evidence(pod)));
        }
        "TerminationByKubelet" => Code::Evicted.message([
            ("pod", pod.name.into()),
            ("node", node(pod).into()),
            ("detail", target.message.as_str().into()),
        ]),
        reason => Code::Disrupted.message([("pod", pod.name.into()), ("reason", reason.into())]),
    };
    Some(Finding::new(Depth::Node, message).since(target.since).with(target_evidence(pod)))
}

fn target_evidence(pod: &Object<Pod>) -> super::Evidence {
    let target = condition_is(&pod.facts.conditions, "DisruptionTarget", Truth::True);
    let bare = crate::kubernetes::observation::Condition {
        kind: "DisruptionTarget".to_owned(),
        status: Truth::True,
        reason: String::new(),
        message: Default::default(),
        since: None,
    };
    condition_evidence(target.unwrap_or(&bare), ObjectName::new("Pod", pod.name))
}

/// A pod whose node does not answer: nobody knows whether its containers run.
fn unreachable(pod: &Object<Pod>) -> Option<Finding> {
    let is_unknown =
        pod.facts.phase == "Unknown" || condition_is(&pod.facts.conditions, "Ready", Truth::Unknown).is_some();
    let report = || {
        let is_not_ready = condition_is(&pod.facts.conditions, "Ready", Truth::False).is_some();
        let since = super::probe::not_ready_since(pod);
        let is_new = |note: &&Note| note.reason == "NodeNotReady" && since.is_none_or(|since| note.last >= since);
        pod.facts.notes.iter().filter(|_| is_not_ready).filter(is_new).max_by_key(|note| note.last)
    };
    match report() {
        Some(note) => {
            let evidence = event_evidence(note, ObjectName::new("Pod", pod.name));
            Some(lost(pod).since(Some(note.first)).with(evidence))
        }
        None => is_unknown.then(|| lost(pod)),
    }
}
