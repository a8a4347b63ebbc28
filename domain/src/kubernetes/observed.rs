//! What the watch observed of one object. Only changes that matter to users become events.

use crate::core::canonical::canonical;
use crate::core::decider::Decider;
use crate::core::planted::{Bug, is_planted};
use crate::operation::queue::Seen;
use crate::{access::Action, kubernetes::object::ObjectRef};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// The state of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkloadState {
    Running,
    Progressing,
    Degraded,
    Failed,
    Stopped,
    Suspended,
    Completed,
    Deleting,
    Unknown,
}

impl WorkloadState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Progressing => "PROGRESSING",
            Self::Degraded => "DEGRADED",
            Self::Failed => "FAILED",
            Self::Stopped => "STOPPED",
            Self::Suspended => "SUSPENDED",
            Self::Completed => "COMPLETED",
            Self::Deleting => "DELETING",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// The status of a workload, which controllers change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadStatus {
    pub state: WorkloadState,
    /// The reason, for users. None if the workload is healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<i32>,
}

/// A pod, reduced to what the screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodSnapshot {
    pub created_at: DateTime<Utc>,
    /// The public id of the owning workload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub labels: Value,
    /// `status.phase`, or `Terminating` once its deletion has begun.
    pub phase: String,
    pub ready: bool,
    pub restarts: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    pub containers: Vec<ContainerSnapshot>,
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSnapshot {
    pub name: String,
    pub image: String,
    pub ready: bool,
    pub restarts: i32,
    /// `running`, `waiting` or `terminated`.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Everything that is stored of observations. Each event names the observed incarnation and revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ObservedEvent {
    /// The workload appeared, or its manifest changed. The manifest is redacted and has no status.
    WorkloadManifestObserved {
        uid: String,
        resource_version: String,
        generation: i64,
        created_at: DateTime<Utc>,
        /// SHA-256 of the canonical manifest, hex.
        manifest_hash: String,
        manifest: Value,
        status: WorkloadStatus,
    },
    WorkloadStatusObserved {
        uid: String,
        resource_version: String,
        generation: i64,
        manifest_hash: String,
        /// `spec.replicas` and `spec.suspend`, repeated here so that the last event alone is enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replicas: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suspend: Option<bool>,
        status: WorkloadStatus,
    },
    WorkloadGone {
        uid: String,
    },
    PodObserved {
        uid: String,
        resource_version: String,
        pod: PodSnapshot,
    },
    PodGone {
        uid: String,
    },
    NamespaceObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        phase: String,
    },
    NamespaceGone {
        uid: String,
    },
}

/// The fold of an `observed:` stream: just enough to detect a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// None if the object was never observed, or is gone.
    pub last: Option<Last>,
}

/// What the fold keeps of the last event.
#[derive(Clone, Debug, PartialEq)]
pub enum Last {
    /// Everything except the manifest, which the hash represents.
    Object(ObservedEvent),
    /// There are many pods, so a pod keeps only the SHA-256 of its canonical form.
    Pod { uid: Box<str>, resource_version: Box<str>, seen: Option<[u8; 32]> },
}

impl Last {
    /// The event to record when the object is gone.
    fn gone(&self) -> ObservedEvent {
        let uid = self.uid().to_owned();
        match self {
            Self::Pod { .. } => ObservedEvent::PodGone { uid },
            Self::Object(ObservedEvent::PodObserved { .. } | ObservedEvent::PodGone { .. }) => {
                ObservedEvent::PodGone { uid }
            }
            Self::Object(ObservedEvent::NamespaceObserved { .. } | ObservedEvent::NamespaceGone { .. }) => {
                ObservedEvent::NamespaceGone { uid }
            }
            Self::Object(
                ObservedEvent::WorkloadManifestObserved { .. }
                | ObservedEvent::WorkloadStatusObserved { .. }
                | ObservedEvent::WorkloadGone { .. },
            ) => ObservedEvent::WorkloadGone { uid },
        }
    }

    pub fn uid(&self) -> &str {
        match self {
            Self::Object(event) => event.uid(),
            Self::Pod { uid, .. } => uid,
        }
    }

    pub fn resource_version(&self) -> Option<&str> {
        match self {
            Self::Object(event) => event.resource_version(),
            Self::Pod { resource_version, .. } => Some(resource_version),
        }
    }
}

/// None if it has no canonical form. Such a pod equals no other.
fn hash(pod: &PodSnapshot) -> Option<[u8; 32]> {
    canonical(pod).ok().map(|text| Sha256::digest(text).into())
}

/// An observation of the watch.
#[derive(Clone, Debug, PartialEq)]
pub enum ObserveCommand {
    Saw(Box<ObservedEvent>),
    Gone,
}

impl ObservedEvent {
    pub fn uid(&self) -> &str {
        match self {
            Self::WorkloadManifestObserved { uid, .. }
            | Self::WorkloadStatusObserved { uid, .. }
            | Self::WorkloadGone { uid }
            | Self::PodObserved { uid, .. }
            | Self::PodGone { uid }
            | Self::NamespaceObserved { uid, .. }
            | Self::NamespaceGone { uid } => uid,
        }
    }

    /// The observed revision. None if the object is gone.
    pub fn resource_version(&self) -> Option<&str> {
        match self {
            Self::WorkloadManifestObserved { resource_version, .. }
            | Self::WorkloadStatusObserved { resource_version, .. }
            | Self::PodObserved { resource_version, .. }
            | Self::NamespaceObserved { resource_version, .. } => Some(resource_version),
            Self::WorkloadGone { .. } | Self::PodGone { .. } | Self::NamespaceGone { .. } => None,
        }
    }

    /// What the fold keeps of this event. None if the object is gone.
    fn kept(&self) -> Option<Last> {
        let resource_version = self.resource_version()?;
        let Self::PodObserved { uid, pod, .. } = self else { return Some(Last::Object(self.without_manifest())) };
        Some(Last::Pod { uid: uid.as_str().into(), resource_version: resource_version.into(), seen: hash(pod) })
    }

    /// The same observation without the manifest. Its hash is enough to detect a change.
    fn without_manifest(&self) -> Self {
        match self {
            Self::WorkloadManifestObserved { uid, resource_version, generation, manifest_hash, status, .. } => {
                let facts = self.seen();
                Self::WorkloadStatusObserved {
                    uid: uid.clone(),
                    resource_version: resource_version.clone(),
                    generation: *generation,
                    manifest_hash: manifest_hash.clone(),
                    replicas: facts.as_ref().and_then(|facts| facts.replicas),
                    suspend: facts.as_ref().and_then(|facts| facts.suspend),
                    status: status.clone(),
                }
            }
            Self::WorkloadStatusObserved { .. }
            | Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. } => self.clone(),
        }
    }

    /// What an operation needs to know of the object. None if it is gone or not a workload.
    pub fn seen(&self) -> Option<Seen> {
        match self {
            Self::WorkloadManifestObserved { uid, generation, manifest, status, .. } => Some(Seen {
                uid: uid.clone(),
                generation: *generation,
                replicas: manifest.pointer("/spec/replicas").and_then(Value::as_i64).and_then(|n| n.try_into().ok()),
                suspend: manifest.pointer("/spec/suspend").and_then(Value::as_bool),
                deleting: status.state == WorkloadState::Deleting,
            }),
            Self::WorkloadStatusObserved { uid, generation, replicas, suspend, status, .. } => Some(Seen {
                uid: uid.clone(),
                generation: *generation,
                replicas: *replicas,
                suspend: *suspend,
                deleting: status.state == WorkloadState::Deleting,
            }),
            Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. } => None,
        }
    }
}

impl Decider for Observed {
    const CATEGORY: &'static str = "observed";
    type Id = ObjectRef;
    type State = Self;
    type Command = ObserveCommand;
    type Event = ObservedEvent;
    type Refusal = Infallible;

    fn key(id: &ObjectRef) -> String {
        id.path()
    }

    fn action(_command: &ObserveCommand) -> Action {
        Action::Observe
    }

    fn decide(state: &Self, command: ObserveCommand) -> Result<Vec<ObservedEvent>, Infallible> {
        Ok(match (command, &state.last) {
            (ObserveCommand::Saw(seen), last) => {
                last.as_ref().map_or_else(|| Some((*seen).clone()), |last| news(last, &seen)).into_iter().collect()
            }
            (ObserveCommand::Gone, None) => Vec::new(),
            (ObserveCommand::Gone, Some(last)) => vec![last.gone()],
        })
    }

    fn evolve(state: &mut Self, event: &ObservedEvent) {
        state.last = event.kept();
    }
}

/// The event to append for the observation `seen` after `last`: a new incarnation, a changed manifest, a changed
/// status, or none. A revision older than the last one is a late watch event and never a change.
fn news(last: &Last, seen: &ObservedEvent) -> Option<ObservedEvent> {
    if last.uid() != seen.uid() {
        return Some(seen.clone());
    }
    if is_older(seen.resource_version(), last.resource_version()) && !is_planted(Bug::OlderOverwrites) {
        return None;
    }
    match (last, seen) {
        (
            Last::Object(ObservedEvent::WorkloadStatusObserved {
                manifest_hash: old,
                status: old_status,
                generation: before,
                ..
            }),
            ObservedEvent::WorkloadManifestObserved { manifest_hash, status, generation, .. }
            | ObservedEvent::WorkloadStatusObserved { manifest_hash, status, generation, .. },
        ) => {
            if old != manifest_hash {
                return Some(seen.clone());
            }
            (old_status != status || before != generation).then(|| seen.without_manifest())
        }
        (Last::Pod { seen: old, .. }, ObservedEvent::PodObserved { pod, .. }) => {
            (old.is_none() || *old != hash(pod)).then(|| seen.clone())
        }
        (
            Last::Object(ObservedEvent::NamespaceObserved { phase: old, .. }),
            ObservedEvent::NamespaceObserved { phase: new, .. },
        ) => (old != new).then(|| seen.clone()),
        _ => Some(seen.clone()),
    }
}

/// Resource versions of one resource type compare as integers (Kubernetes 1.35, KEP-5504). A text that is not a number
/// counts as newer, so that no change is lost.
fn is_older(seen: Option<&str>, last: Option<&str>) -> bool {
    match (seen.and_then(|v| v.parse::<u64>().ok()), last.and_then(|v| v.parse::<u64>().ok())) {
        (Some(seen), Some(last)) => seen < last,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::given::given;
    use serde_json::json;

    fn manifest(uid: &str, revision: u64, hash: &str, ready: i32) -> ObservedEvent {
        ObservedEvent::WorkloadManifestObserved {
            uid: uid.to_owned(),
            resource_version: revision.to_string(),
            generation: 1,
            created_at: DateTime::UNIX_EPOCH,
            manifest_hash: hash.to_owned(),
            manifest: json!({"spec": {"replicas": 3}}),
            status: WorkloadStatus {
                state: WorkloadState::Progressing,
                reason: None,
                desired: Some(3),
                ready: Some(ready),
            },
        }
    }

    fn saw(event: ObservedEvent) -> ObserveCommand {
        ObserveCommand::Saw(Box::new(event))
    }

    #[test]
    fn the_same_sight_again_is_silence() {
        given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(manifest("a", 6, "h", 1))).silence();
    }

    #[test]
    fn a_changed_status_is_told_without_the_manifest() {
        let expected = manifest("a", 6, "h", 2).without_manifest();
        given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(manifest("a", 6, "h", 2))).then([expected]);
    }

    #[test]
    fn a_changed_manifest_and_a_new_incarnation_are_told_whole() {
        for news in [manifest("a", 6, "other", 1), manifest("b", 1, "h", 1)] {
            given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(news.clone())).then([news]);
        }
    }

    #[test]
    fn an_older_revision_never_overwrites_a_newer_one() {
        given::<Observed>([manifest("a", 5, "h", 2)]).when(saw(manifest("a", 4, "other", 1))).silence();
    }

    #[test]
    fn of_a_pod_only_what_is_shown_is_news() {
        let pod = |revision: u64, restarts| ObservedEvent::PodObserved {
            uid: "a".to_owned(),
            resource_version: revision.to_string(),
            pod: PodSnapshot {
                created_at: DateTime::UNIX_EPOCH,
                workload: None,
                labels: json!({"app": "web"}),
                phase: "Running".to_owned(),
                ready: true,
                restarts,
                reason: None,
                node: None,
                containers: Vec::new(),
            },
        };
        given::<Observed>([pod(5, 0)]).when(saw(pod(6, 0))).silence();
        given::<Observed>([pod(5, 0)]).when(saw(pod(6, 1))).then([pod(6, 1)]);
        given::<Observed>([pod(5, 0)]).when(saw(pod(4, 1))).silence();
    }

    #[test]
    fn gone_is_told_once() {
        let gone = ObserveCommand::Gone;
        let told = ObservedEvent::WorkloadGone { uid: "a".to_owned() };
        given::<Observed>([manifest("a", 5, "h", 2)]).when(gone.clone()).then([told.clone()]);
        given::<Observed>([manifest("a", 5, "h", 2), told]).when(gone).silence();
    }
}
