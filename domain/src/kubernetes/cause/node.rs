//! Pods that were ended by their node, or to free it.

use super::finding::{Depth, Evidence, Finding, ObjectName, condition_evidence, event_evidence};
use crate::{
    core::message::Code,
    kubernetes::observation::{Condition, Container, ContainerState, Note, Object, Pod, Truth, condition_is},
};

/// A pod that ended, or is about to, for a reason outside itself.
pub(super) fn ended(pod: &Object<Pod>) -> Option<Finding> {
    by_reason(pod).or_else(|| disrupted(pod)).or_else(|| unreachable(pod))
}

fn lost(pod: &Object<Pod>) -> Finding {
    Finding::new(Depth::Node, Code::NodeLost.message([("pod", pod.name.into()), ("node", node(pod).into())]))
}

fn node<'a>(pod: &Object<'a, Pod>) -> &'a str {
    pod.facts.node.as_deref().unwrap_or_default()
}

fn by_reason(pod: &Object<Pod>) -> Option<Finding> {
    let detail = &pod.facts.message;
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
    pod.facts.not_ready_since().or_else(deletion)
}

fn disrupted(pod: &Object<Pod>) -> Option<Finding> {
    let target = condition_is(&pod.facts.conditions, "DisruptionTarget", Truth::True)?;
    let finding = match target.reason.as_str() {
        "PreemptionByScheduler" => Finding::new(Depth::Node, Code::Preempted.message([("pod", pod.name.into())])),
        // Of a taint alone nobody knows whether the node is lost: people set taints too.
        "DeletionByTaintManager" if unreachable(pod).is_some() => lost(pod),
        "DeletionByPodGC" => lost(pod),
        "TerminationByKubelet" => Finding::new(
            Depth::Node,
            Code::Evicted.message([
                ("pod", pod.name.into()),
                ("node", node(pod).into()),
                ("detail", (&target.message).into()),
            ]),
        ),
        reason => {
            Finding::new(Depth::Node, Code::Disrupted.message([("pod", pod.name.into()), ("reason", reason.into())]))
        }
    };
    Some(finding.since(target.since).with(condition_evidence(target, ObjectName::new("Pod", pod.name))))
}

/// A pod whose node does not answer: nobody knows whether its containers run.
fn unreachable(pod: &Object<Pod>) -> Option<Finding> {
    if let Some(note) = reported_by_node_controller(pod) {
        let evidence = event_evidence(note, ObjectName::new("Pod", pod.name));
        return Some(lost(pod).since(Some(note.first)).with(evidence));
    }
    let unknown = condition_is(&pod.facts.conditions, "Ready", Truth::Unknown).or_else(|| marked(pod));
    match unknown {
        Some(ready) => {
            let evidence: Evidence = condition_evidence(ready, ObjectName::new("Pod", pod.name));
            Some(lost(pod).since(ready.since).with(evidence))
        }
        None => (pod.facts.phase == "Unknown").then(|| lost(pod)),
    }
}

fn reported_by_node_controller<'a>(pod: &Object<'a, Pod>) -> Option<&'a Note> {
    let ready = condition_is(&pod.facts.conditions, "Ready", Truth::False)?;
    let is_new = |note: &&Note| note.reason == "NodeNotReady" && ready.since.is_none_or(|since| note.last >= since);
    pod.facts.notes.iter().filter(is_new).max_by_key(|note| note.last)
}

/// The node controller marks a pod as not ready without a reason, while its containers were ready when last reported.
fn marked<'a>(pod: &Object<'a, Pod>) -> Option<&'a Condition> {
    let is_up = |container: &Container| container.ready || matches!(container.state, ContainerState::Terminated(_));
    let was_up = pod.facts.phase == "Running" && pod.facts.containers.iter().all(is_up);
    condition_is(&pod.facts.conditions, "Ready", Truth::False)
        .filter(|ready| was_up && ready.reason.is_empty() && pod.facts.node.is_some())
}
