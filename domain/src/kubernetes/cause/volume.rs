//! Pods that have a node and wait there for volumes, configuration or a network.

use super::finding::{Depth, Finding, ObjectName, between, event_evidence, name};
use crate::{
    core::message::Code,
    kubernetes::observation::{Container, ContainerState, Note, Object, Pod},
};
use serde_json::Value;

const PREPARING: [&str; 3] = ["ContainerCreating", "PodInitializing", ""];

/// What keeps a pod from its first container, as its events say.
pub(super) fn missing(pod: &Object<Pod>) -> Option<Finding> {
    if pod.facts.phase != "Pending" || !pod.facts.containers.iter().any(is_preparing) {
        return None;
    }
    let note = pod.facts.notes.iter().filter(|note| code_of(note).is_some()).max_by_key(|note| note.last)?;
    let detail = &note.message;
    let message = match missing_object(detail.as_str()) {
        Some((code, name)) => code.message([("pod", pod.name.into()), ("name", name), ("detail", detail.into())]),
        None => code_of(note)?.message([("pod", pod.name.into()), ("detail", detail.into())]),
    };
    let finding = Finding::new(Depth::Preparation, message)
        .since(Some(note.first))
        .with(event_evidence(note, ObjectName::new("Pod", pod.name)));
    // The kubelet often asks once too early for what is there a moment later.
    let blocks = note.count > 1 || missing_object(detail.as_str()).is_some();
    Some(if blocks { finding } else { finding.passing() })
}

fn is_preparing(container: &Container) -> bool {
    matches!(&container.state, ContainerState::Waiting { reason, .. } if PREPARING.contains(&reason.as_str()))
}

fn code_of(note: &Note) -> Option<Code> {
    match note.reason.as_str() {
        "FailedMount" | "FailedMapVolume" => Some(Code::VolumeNotMounted),
        "FailedAttachVolume" => Some(Code::VolumeNotAttached),
        "FailedCreatePodSandBox" => Some(Code::SandboxNotCreated),
        _ => None,
    }
}

/// The object whose absence a message complains about: `configmap "x" not found`.
pub(super) fn missing_object(message: &str) -> Option<(Code, Value)> {
    [
        ("configmap \"", Code::ConfigMapNotFound),
        ("secret \"", Code::SecretNotFound),
        ("persistentvolumeclaim \"", Code::ClaimNotFound),
    ]
    .into_iter()
    .filter(|(start, _)| after_name(message, start).is_some_and(|rest| rest.starts_with(" not found")))
    .find_map(|(start, code)| Some((code, between(message, start, "\"").and_then(name)?.into())))
}

fn after_name<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(start)?;
    rest.split_once('"').map(|(_, rest)| rest)
}
