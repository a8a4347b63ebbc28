//! A workload together with what was observed around it at the same moment: the evidence for its state.

use super::{autoscaler::Autoscaler, object::Object, pod::Pod, workload::Workload};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Facts about one object, with its identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<T> {
    pub name: String,
    pub uid: String,
    pub created_at: DateTime<Utc>,
    #[serde(flatten)]
    pub facts: T,
}

impl<T> Named<T> {
    pub fn object(&self) -> Object<'_, T> {
        Object { name: &self.name, uid: &self.uid, created_at: self.created_at, facts: &self.facts }
    }
}

/// What was observed of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadSnapshot {
    #[serde(flatten)]
    pub workload: Workload,
    /// Pods below it that do not work as they should, at most [`WorkloadSnapshot::PODS`]. Pods have events of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pods: Vec<Named<Pod>>,
    /// The ReplicaSets of a Deployment that have pods, or that cannot make them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replica_sets: Vec<Named<Workload>>,
    /// The newest Jobs of a CronJob, at most [`WorkloadSnapshot::JOBS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<Named<Workload>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaler: Option<NamedAutoscaler>,
}

/// The autoscaler that sets the replicas of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedAutoscaler {
    pub name: String,
    #[serde(flatten)]
    pub facts: Autoscaler,
}

impl WorkloadSnapshot {
    pub const PODS: usize = 4;
    pub const JOBS: usize = 3;

    /// A workload with nothing around it.
    pub const fn alone(workload: Workload) -> Self {
        Self { workload, pods: Vec::new(), replica_sets: Vec::new(), jobs: Vec::new(), autoscaler: None }
    }

    /// The autoscaler with its name.
    pub fn autoscaled(&self) -> Option<(&str, &Autoscaler)> {
        self.autoscaler.as_ref().map(|autoscaler| (autoscaler.name.as_str(), &autoscaler.facts))
    }
}
