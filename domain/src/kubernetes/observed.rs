//! What the watch observed of one object. Only changes that matter to users become events.

mod seen;

pub use seen::{Content, Seen, SeenWorkload};

use super::{
    manifest::{Manifest, comparable},
    object::ObjectRef,
    observation::{FieldManager, FreeText, Pod, Report, WorkloadSnapshot},
};
use crate::{
    access::Action,
    core::{
        canonical::canonical,
        decider::Decider,
        planted::{Bug, is_planted},
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// Everything that is stored of observations. Each event names the observed incarnation and revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ObservedEvent {
    /// The workload appeared, or its manifest changed. The manifest is redacted and has no status.
    WorkloadManifestObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        /// SHA-256 of the canonical manifest, hex. Sealed like what it is made of.
        manifest_hash: FreeText,
        manifest: Manifest,
        /// Who wrote which part of it, and when.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        managers: Vec<FieldManager>,
        snapshot: Box<WorkloadSnapshot>,
    },
    /// The manifest is as it was; what controllers report, or what is around the workload, changed.
    WorkloadStatusObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        manifest_hash: FreeText,
        snapshot: Box<WorkloadSnapshot>,
    },
    WorkloadGone {
        uid: String,
    },
    PodObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        /// The public id of the workload that it belongs to, at the end of the chain of its controllers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workload: Option<String>,
        #[serde(default, skip_serializing_if = "Value::is_null")]
        labels: Value,
        pod: Box<Pod>,
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
    /// An object of any other recorded kind appeared, or its manifest changed. The manifest is as that of a workload.
    ObjectObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        manifest_hash: FreeText,
        manifest: Manifest,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        managers: Vec<FieldManager>,
        report: Box<Report>,
    },
    /// The manifest is as it was; what is reported of the object changed.
    ObjectStatusObserved {
        uid: String,
        resource_version: String,
        created_at: DateTime<Utc>,
        manifest_hash: FreeText,
        report: Box<Report>,
    },
    ObjectGone {
        uid: String,
    },
    /// Its kind is no longer recorded. The object may be there.
    ObjectReleased {
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
    /// Everything except the manifest, which the hash represents. Boxed, because there are far more of the others.
    Object(Box<ObservedEvent>),
    /// There are many pods, so a pod keeps only the SHA-256 of its canonical form.
    Pod { uid: Box<str>, resource_version: Box<str>, seen: Option<[u8; 32]> },
    /// As for pods: the SHA-256 of the hash of its manifest, and of its report.
    Reported { uid: Box<str>, resource_version: Box<str>, manifest: Option<[u8; 32]>, report: Option<[u8; 32]> },
}

impl Last {
    /// The event to record when the object is gone.
    fn gone(&self) -> ObservedEvent {
        let uid = self.uid().to_owned();
        match self {
            Self::Pod { .. } => ObservedEvent::PodGone { uid },
            Self::Reported { .. } => ObservedEvent::ObjectGone { uid },
            Self::Object(event) => event.end(uid),
        }
    }

    pub fn uid(&self) -> &str {
        match self {
            Self::Object(event) => event.uid(),
            Self::Pod { uid, .. } | Self::Reported { uid, .. } => uid,
        }
    }

    pub fn resource_version(&self) -> Option<&str> {
        match self {
            Self::Object(event) => event.resource_version(),
            Self::Pod { resource_version, .. } | Self::Reported { resource_version, .. } => Some(resource_version),
        }
    }
}

impl Last {
    /// Makes the next observation differ and no revision older: the cluster was restored to an earlier state, and counts its
    /// revisions from there.
    pub fn set_back(&mut self) {
        match self {
            Self::Object(event) => event.set_back(),
            Self::Pod { resource_version, seen, .. } => (*resource_version, *seen) = (FIRST.into(), None),
            Self::Reported { resource_version, manifest, report, .. } => {
                (*resource_version, *manifest, *report) = (FIRST.into(), None, None);
            }
        }
    }
}

/// A revision that no object has: every one is newer.
const FIRST: &str = "0";

/// A digest of what is recorded. None if it has no canonical form: it then equals nothing.
fn digest(recorded: &impl Serialize) -> Option<[u8; 32]> {
    canonical(recorded).ok().map(|text| Sha256::digest(text).into())
}

/// A digest of the hash of a manifest. None if it was forgotten.
fn digest_of_hash(hash: &FreeText) -> Option<[u8; 32]> {
    (!hash.as_str().is_empty()).then(|| Sha256::digest(hash.as_str()).into())
}

/// A digest of a report, whether its values were stored or not. The generation counts only beside the observed one: of a kind
/// without a subresource for its status, it moves with each write of the status too.
fn digest_of_report(report: &Report) -> Option<[u8; 32]> {
    let mut value = serde_json::to_value(report).ok()?;
    if report.observed_generation.is_none()
        && let Some(fields) = value.as_object_mut()
    {
        fields.remove("generation");
    }
    digest(&comparable(&value))
}

/// An observation of the watch.
#[derive(Clone, Debug, PartialEq)]
pub enum ObserveCommand {
    Saw(Box<ObservedEvent>),
    Gone,
    /// Its kind is no longer recorded.
    Released,
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
            | Self::NamespaceGone { uid }
            | Self::ObjectObserved { uid, .. }
            | Self::ObjectStatusObserved { uid, .. }
            | Self::ObjectGone { uid }
            | Self::ObjectReleased { uid } => uid,
        }
    }

    /// The observed revision. None if the object is gone.
    pub fn resource_version(&self) -> Option<&str> {
        match self {
            Self::WorkloadManifestObserved { resource_version, .. }
            | Self::WorkloadStatusObserved { resource_version, .. }
            | Self::PodObserved { resource_version, .. }
            | Self::NamespaceObserved { resource_version, .. }
            | Self::ObjectObserved { resource_version, .. }
            | Self::ObjectStatusObserved { resource_version, .. } => Some(resource_version),
            Self::WorkloadGone { .. }
            | Self::PodGone { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }

    fn set_back(&mut self) {
        match self {
            Self::WorkloadManifestObserved { resource_version, manifest_hash, .. }
            | Self::WorkloadStatusObserved { resource_version, manifest_hash, .. }
            | Self::ObjectObserved { resource_version, manifest_hash, .. }
            | Self::ObjectStatusObserved { resource_version, manifest_hash, .. } => {
                FIRST.clone_into(resource_version);
                *manifest_hash = FreeText::new("");
            }
            Self::NamespaceObserved { resource_version, phase, .. } => {
                FIRST.clone_into(resource_version);
                phase.clear();
            }
            Self::PodObserved { resource_version, .. } => FIRST.clone_into(resource_version),
            Self::WorkloadGone { .. }
            | Self::PodGone { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => {}
        }
    }

    /// What the fold keeps of this event. None if the object is gone.
    fn kept(&self) -> Option<Last> {
        let resource_version = self.resource_version()?;
        let (uid, resource_version) = (self.uid().into(), resource_version.into());
        Some(match self {
            Self::PodObserved { workload, labels, pod, .. } => {
                Last::Pod { uid, resource_version, seen: digest(&(workload, labels, pod)) }
            }
            Self::ObjectObserved { manifest_hash, report, .. }
            | Self::ObjectStatusObserved { manifest_hash, report, .. } => {
                let (manifest, report) = (digest_of_hash(manifest_hash), digest_of_report(report));
                Last::Reported { uid, resource_version, manifest, report }
            }
            Self::WorkloadManifestObserved { .. }
            | Self::WorkloadStatusObserved { .. }
            | Self::WorkloadGone { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => Last::Object(Box::new(self.without_manifest())),
        })
    }

    /// The same observation without the manifest. Its hash is enough to detect a change.
    fn without_manifest(&self) -> Self {
        match self {
            Self::WorkloadManifestObserved { uid, resource_version, created_at, manifest_hash, snapshot, .. } => {
                Self::WorkloadStatusObserved {
                    uid: uid.clone(),
                    resource_version: resource_version.clone(),
                    created_at: *created_at,
                    manifest_hash: manifest_hash.clone(),
                    snapshot: snapshot.clone(),
                }
            }
            Self::ObjectObserved { uid, resource_version, created_at, manifest_hash, report, .. } => {
                Self::ObjectStatusObserved {
                    uid: uid.clone(),
                    resource_version: resource_version.clone(),
                    created_at: *created_at,
                    manifest_hash: manifest_hash.clone(),
                    report: report.clone(),
                }
            }
            Self::WorkloadStatusObserved { .. }
            | Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectStatusObserved { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => self.clone(),
        }
    }

    /// What was observed of a workload. None if it is gone or not a workload.
    pub fn snapshot(&self) -> Option<&WorkloadSnapshot> {
        match self {
            Self::WorkloadManifestObserved { snapshot, .. } | Self::WorkloadStatusObserved { snapshot, .. } => {
                Some(snapshot)
            }
            Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectObserved { .. }
            | Self::ObjectStatusObserved { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }

    /// The same, to be changed.
    pub fn snapshot_mut(&mut self) -> Option<&mut WorkloadSnapshot> {
        match self {
            Self::WorkloadManifestObserved { snapshot, .. } | Self::WorkloadStatusObserved { snapshot, .. } => {
                Some(snapshot)
            }
            Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectObserved { .. }
            | Self::ObjectStatusObserved { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }

    /// The event that says that such an object is gone.
    fn end(&self, uid: String) -> Self {
        match self {
            Self::WorkloadManifestObserved { .. } | Self::WorkloadStatusObserved { .. } | Self::WorkloadGone { .. } => {
                Self::WorkloadGone { uid }
            }
            Self::PodObserved { .. } | Self::PodGone { .. } => Self::PodGone { uid },
            Self::NamespaceObserved { .. } | Self::NamespaceGone { .. } => Self::NamespaceGone { uid },
            Self::ObjectObserved { .. }
            | Self::ObjectStatusObserved { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => Self::ObjectGone { uid },
        }
    }

    /// Whether the object is gone.
    pub const fn is_end(&self) -> bool {
        match self {
            Self::WorkloadGone { .. }
            | Self::PodGone { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => true,
            Self::WorkloadManifestObserved { .. }
            | Self::WorkloadStatusObserved { .. }
            | Self::PodObserved { .. }
            | Self::NamespaceObserved { .. }
            | Self::ObjectObserved { .. }
            | Self::ObjectStatusObserved { .. } => false,
        }
    }

    /// Drops free texts that cannot be opened any more. The cluster reports them again.
    pub fn forget(&mut self) {
        if let Self::PodObserved { pod, .. } = self {
            pod.forget();
        }
        if let Some(snapshot) = self.snapshot_mut() {
            snapshot.workload.notes.clear();
            snapshot.workload.conditions.clear();
            (snapshot.pods, snapshot.replica_sets, snapshot.jobs) = (Vec::new(), Vec::new(), Vec::new());
        }
        if let Self::ObjectObserved { report, .. } | Self::ObjectStatusObserved { report, .. } = self {
            **report = Report::default();
        }
        // No manifest has this hash, so the next observation records the manifest again.
        if let Self::WorkloadManifestObserved { manifest_hash, .. }
        | Self::WorkloadStatusObserved { manifest_hash, .. }
        | Self::ObjectObserved { manifest_hash, .. }
        | Self::ObjectStatusObserved { manifest_hash, .. } = self
        {
            *manifest_hash = FreeText::default();
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
            (ObserveCommand::Saw(seen), last) => last
                .as_ref()
                .map_or_else(|| Some((*seen).clone()), |last| changed_event(last, &seen))
                .into_iter()
                .collect(),
            (ObserveCommand::Gone | ObserveCommand::Released, None) => Vec::new(),
            (ObserveCommand::Gone, Some(last)) => vec![last.gone()],
            (ObserveCommand::Released, Some(last)) => {
                vec![ObservedEvent::ObjectReleased { uid: last.uid().to_owned() }]
            }
        })
    }

    fn evolve(state: &mut Self, event: &ObservedEvent) {
        state.last = event.kept();
    }
}

/// The event to append for the observation `seen` after `last`: a new incarnation, a changed manifest, a changed
/// status, or none. A revision older than the last one is a late watch event and never a change.
fn changed_event(last: &Last, seen: &ObservedEvent) -> Option<ObservedEvent> {
    if last.uid() != seen.uid() {
        return Some(seen.clone());
    }
    if is_older(seen.resource_version(), last.resource_version()) && !is_planted(Bug::OlderOverwrites) {
        return None;
    }
    match (last, seen) {
        (Last::Object(last), seen) => changed_from(last, seen),
        (Last::Pod { seen: old, .. }, ObservedEvent::PodObserved { workload, labels, pod, .. }) => {
            (old.is_none() || *old != digest(&(workload, labels, pod))).then(|| seen.clone())
        }
        (
            Last::Reported { manifest: old, report: before, .. },
            ObservedEvent::ObjectObserved { manifest_hash, report, .. }
            | ObservedEvent::ObjectStatusObserved { manifest_hash, report, .. },
        ) => {
            if old.is_none() || *old != digest_of_hash(manifest_hash) {
                return Some(seen.clone());
            }
            (before.is_none() || *before != digest_of_report(report)).then(|| seen.without_manifest())
        }
        _ => Some(seen.clone()),
    }
}

/// The same where the last event itself is kept.
fn changed_from(last: &ObservedEvent, seen: &ObservedEvent) -> Option<ObservedEvent> {
    match (last, seen) {
        (
            ObservedEvent::WorkloadStatusObserved { manifest_hash: old, snapshot: before, .. },
            ObservedEvent::WorkloadManifestObserved { manifest_hash, snapshot, .. }
            | ObservedEvent::WorkloadStatusObserved { manifest_hash, snapshot, .. },
        ) => {
            if old != manifest_hash {
                return Some(seen.clone());
            }
            (before != snapshot).then(|| seen.without_manifest())
        }
        (ObservedEvent::NamespaceObserved { phase: old, .. }, ObservedEvent::NamespaceObserved { phase: new, .. }) => {
            (old != new).then(|| seen.clone())
        }
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
mod tests;
