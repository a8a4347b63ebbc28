//! What rules of operations need to know of an object: the last observation, or what was read of it live.

use super::ObservedEvent;
use crate::kubernetes::{
    manifest::Manifest,
    observation::{Autoscaler, FreeText, NamedAutoscaler, Workload},
};

/// What an operation needs to know of an object: the last observation, or what was read of it live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub uid: String,
    pub content: Content,
    /// Whether its deletion has begun.
    pub is_going: bool,
    /// Of a workload only.
    pub facts: Option<Box<SeenWorkload>>,
}

/// What tells the content of an object from others that it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// `core::version::content` of its manifest. Empty while nobody has made it.
    Hash(String),
    /// The revision of an object that is read live. Requests do not count in its version.
    Revision(String),
}

/// What rules of workloads need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenWorkload {
    pub workload: Workload,
    pub autoscaler: Option<NamedAutoscaler>,
}

impl Seen {
    pub fn of_workload(uid: String, workload: Workload, autoscaler: Option<NamedAutoscaler>) -> Self {
        let (content, is_going) = (Content::Hash(String::new()), workload.deletion.is_some());
        Self { uid, content, is_going, facts: Some(Box::new(SeenWorkload { workload, autoscaler })) }
    }

    pub const fn is_being_deleted(&self) -> bool {
        self.is_going
    }

    pub fn workload(&self) -> Option<&Workload> {
        self.facts.as_ref().map(|facts| &facts.workload)
    }

    /// The autoscaler with its name.
    pub fn autoscaled(&self) -> Option<(&str, &Autoscaler)> {
        let autoscaler = self.facts.as_ref()?.autoscaler.as_ref()?;
        Some((autoscaler.name.as_str(), &autoscaler.facts))
    }
}

impl ObservedEvent {
    /// What an operation needs to know of the object. None if it is gone.
    pub fn seen(&self) -> Option<Seen> {
        let uid = self.uid().to_owned();
        let of = |content, is_going| Some(Seen { uid: uid.clone(), content, is_going, facts: None });
        match self {
            Self::WorkloadManifestObserved { snapshot, .. } | Self::WorkloadStatusObserved { snapshot, .. } => {
                Some(Seen::of_workload(uid, snapshot.workload.clone(), snapshot.autoscaler.clone()))
            }
            Self::ObjectObserved { report, .. } | Self::ObjectStatusObserved { report, .. } => {
                of(Content::Hash(String::new()), report.deletion.is_some())
            }
            // It has no manifest in the log, and no generation.
            Self::PodObserved { pod, .. } => of(Content::Revision("0".to_owned()), pod.deletion.is_some()),
            Self::NamespaceObserved { phase, .. } => of(Content::Hash(String::new()), phase == "Terminating"),
            Self::WorkloadGone { .. }
            | Self::PodGone { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }

    /// The hash of its manifest. None where the log has no manifest of the kind.
    pub const fn manifest_hash(&self) -> Option<&FreeText> {
        match self {
            Self::WorkloadManifestObserved { manifest_hash, .. }
            | Self::WorkloadStatusObserved { manifest_hash, .. }
            | Self::ObjectObserved { manifest_hash, .. }
            | Self::ObjectStatusObserved { manifest_hash, .. } => Some(manifest_hash),
            Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }

    /// The manifest, if this observation has one.
    pub const fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::WorkloadManifestObserved { manifest, .. } | Self::ObjectObserved { manifest, .. } => Some(manifest),
            Self::WorkloadStatusObserved { .. }
            | Self::WorkloadGone { .. }
            | Self::PodObserved { .. }
            | Self::PodGone { .. }
            | Self::NamespaceObserved { .. }
            | Self::NamespaceGone { .. }
            | Self::ObjectStatusObserved { .. }
            | Self::ObjectGone { .. }
            | Self::ObjectReleased { .. } => None,
        }
    }
}
