//! Facts about Kubernetes events.

use crate::{
    core::{free_text::FreeText, ids::ClusterId},
    kubernetes::object::ObjectRef,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `type` of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    Normal,
    #[default]
    Warning,
}

impl EventKind {
    fn is_warning(&self) -> bool {
        *self == Self::Warning
    }
}

/// What an event says, kept as evidence with the object that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    #[serde(rename = "type", default, skip_serializing_if = "EventKind::is_warning")]
    pub kind: EventKind,
    pub reason: String,
    #[serde(default, skip_serializing_if = "FreeText::is_empty")]
    pub message: FreeText,
    /// How often it was reported.
    pub count: i32,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// The container that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The component that reported it, for example `kubelet`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Note {
    /// The reasons that a cause is read from. The events with other reasons are shown and explain no state.
    const EXPLAIN: [&str; 23] = [
        "ExternalProvisioning",
        "Failed",
        "FailedAttachVolume",
        "FailedBinding",
        "FailedCreate",
        "FailedCreatePodSandBox",
        "FailedMapVolume",
        "FailedMount",
        "FailedPostStartHook",
        "InvalidSchedule",
        "NodeNotReady",
        "ProvisioningCleanupFailed",
        "ProvisioningFailed",
        "SyncLoadBalancerFailed",
        "UnAvailableLoadBalancer",
        "Unhealthy",
        "UnknownTimeZone",
        "UnparseableSchedule",
        "VolumeFailedDelete",
        "VolumeFailedRecycle",
        "VolumeMismatch",
        "WaitForFirstConsumer",
        "WaitForPodScheduled",
    ];

    /// The message without the mark of an event that stands for many similar ones.
    pub fn words(&self) -> &str {
        let message = self.message.as_str();
        message.strip_prefix("(combined from similar events): ").unwrap_or(message)
    }

    /// Whether it can explain the state of its object, so that it belongs into the facts about that object.
    pub fn explains(&self) -> bool {
        Self::EXPLAIN.contains(&self.reason.as_str())
    }
}

/// A Kubernetes event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KubernetesEvent {
    pub uid: String,
    pub object: InvolvedObject,
    #[serde(flatten)]
    pub note: Note,
}

/// The object that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvolvedObject {
    /// With its group where that has a dot.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    pub name: String,
    /// Empty where the reporter left it out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
}

impl InvolvedObject {
    /// Its reference. None if Kubernetes cannot have such an object.
    pub fn reference(&self, cluster: &ClusterId) -> Option<ObjectRef> {
        let (cluster, kind, namespace) = (cluster.clone(), self.kind.parse().ok()?, self.namespace.clone());
        ObjectRef { cluster, kind, namespace, name: self.name.clone() }.checked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_about_an_object_in_a_namespace_or_outside() {
        for (kind, namespace, id) in [
            ("Pod", Some("team"), Some("Pod~dev~team~a")),
            ("Node", None, Some("Node~dev~_~a")),
            ("Namespace", None, Some("Namespace~dev~_~a")),
            ("Pod", None, None),
            ("No kind", None, None),
        ] {
            let (kind, namespace) = (kind.to_owned(), namespace.map(str::to_owned));
            let object = InvolvedObject { kind, namespace, name: "a".to_owned(), uid: String::new() };
            let reference = object.reference(&ClusterId::from_name("dev"));
            assert_eq!(reference.map(|reference| reference.id()).as_deref(), id, "{object:?}");
        }
    }
}
