//! Pods without a node: what the scheduler says.

use super::finding::{Depth, Finding, ObjectName, between, condition_evidence, is_key, name};
use crate::{
    core::message::{Code, Message},
    kubernetes::observation::{FreeText, Object, Pod, Truth, condition_is},
};

/// A pod that has no node yet, when the scheduler said why.
pub(super) fn pending(pod: &Object<Pod>) -> Option<Finding> {
    let scheduled = condition_is(&pod.facts.conditions, "PodScheduled", Truth::False)?;
    let message = match scheduled.reason.as_str() {
        "SchedulingGated" => Code::SchedulingGated.message([("pod", pod.name.into())]),
        _ => meaning(pod.name, &scheduled.message),
    };
    let evidence = condition_evidence(scheduled, ObjectName::new("Pod", pod.name));
    Some(Finding::new(Depth::Scheduling, message).since(scheduled.since).with(evidence))
}

/// The scheduler counts its reasons by node: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated
/// taint {a: b}. preemption: ..". The reason of most nodes counts; a claim or a resource counts more than any other.
fn meaning(pod: &str, message: &FreeText) -> Message {
    let about = message.as_str().split(" preemption: ").next().unwrap_or_default();
    let named =
        |code: Code, name: &str| code.message([("pod", pod.into()), ("name", name.into()), ("detail", message.into())]);
    let code = if let Some(class) = storage_class_not_found(about) {
        return named(Code::StorageClassNotFound, class);
    } else if let Some(claim) = claim_not_found(about) {
        return named(Code::ClaimNotFound, claim);
    } else if about.contains("unbound immediate PersistentVolumeClaims") || about.contains("unbound PersistentVolume") {
        Code::ClaimUnbound
    } else if about.contains("Insufficient ") || about.contains("Too many pods") {
        let resources = resources(about);
        return Code::InsufficientResources.message([
            ("pod", pod.into()),
            ("resources", resources.into()),
            ("detail", message.into()),
        ]);
    } else if about.contains("volume node affinity conflict")
        || about.contains("max volume count")
        || about.contains("available persistent volumes to bind")
    {
        Code::VolumeUnschedulable
    } else if about.contains("free ports") {
        Code::PortsTaken
    } else if about.contains("topology spread") {
        Code::TopologySpread
    } else if about.contains("affinity") || about.contains("node selector") {
        Code::NoMatchingNode
    } else if about.contains("taint") || about.contains("unschedulable") {
        Code::TaintsNotTolerated
    } else if about.contains("no nodes available") || about.starts_with("0/0 nodes") {
        Code::NoNodes
    } else {
        Code::Unschedulable
    };
    code.message([("pod", pod.into()), ("detail", message.into())])
}

/// The storage class that a claim names and that does not exist. The scheduler looks it up only for a claim that waits for its
/// pod; of any other claim without a volume it names neither the claim nor the class.
pub(crate) fn storage_class_not_found(message: &str) -> Option<&str> {
    between(message, "failed to find storage class \"", "\"")
        .or_else(|| between(message, "storageclass.storage.k8s.io \"", "\" not found"))
        .and_then(name)
}

fn claim_not_found(message: &str) -> Option<&str> {
    let name = between(message, "persistentvolumeclaim \"", "\"").and_then(name)?;
    (message.contains("not found") || message.contains("being deleted")).then_some(name)
}

/// The resources that some node has too little of, each once.
fn resources(message: &str) -> Vec<String> {
    let is_end = |c: char| c == ',' || c.is_whitespace();
    let mut found: Vec<String> = message
        .split("Insufficient ")
        .skip(1)
        .filter_map(|rest| rest.split(is_end).next())
        .map(|name| name.trim_end_matches('.'))
        .filter(|name| is_key(name))
        .map(str::to_owned)
        .chain(message.contains("Too many pods").then(|| "pods".to_owned()))
        .collect();
    found.sort();
    found.dedup();
    found
}
