//! Facts about the six kinds of workloads.

use super::{
    event::Note,
    object::{Condition, Deletion, Owner, is_false, is_zero},
};
use crate::kubernetes::resource::Resource;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A workload, without its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    #[serde(default)]
    pub generation: i64,
    /// None for the kinds that do not report it (Job, CronJob), and before the controller reported for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Kubernetes events about the workload itself that can explain its state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    pub details: Details,
}

/// What each kind has of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Details {
    Deployment(Deployment),
    StatefulSet(StatefulSet),
    DaemonSet(DaemonSet),
    ReplicaSet(ReplicaSet),
    Job(Job),
    CronJob(CronJob),
}

impl Details {
    /// The name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Deployment(_) => "Deployment",
            Self::StatefulSet(_) => "StatefulSet",
            Self::DaemonSet(_) => "DaemonSet",
            Self::ReplicaSet(_) => "ReplicaSet",
            Self::Job(_) => "Job",
            Self::CronJob(_) => "CronJob",
        }
    }

    pub const fn resource(&self) -> Resource {
        match self {
            Self::Deployment(_) => Resource::DEPLOYMENT,
            Self::StatefulSet(_) => Resource::STATEFUL_SET,
            Self::DaemonSet(_) => Resource::DAEMON_SET,
            Self::ReplicaSet(_) => Resource::REPLICA_SET,
            Self::Job(_) => Resource::JOB,
            Self::CronJob(_) => Resource::CRON_JOB,
        }
    }

    /// `spec.replicas`, where the kind has it.
    pub const fn replicas(&self) -> Option<i32> {
        match self {
            Self::Deployment(Deployment { replicas, .. })
            | Self::StatefulSet(StatefulSet { replicas, .. })
            | Self::ReplicaSet(ReplicaSet { replicas, .. }) => Some(*replicas),
            Self::DaemonSet(_) | Self::Job(_) | Self::CronJob(_) => None,
        }
    }

    /// `spec.suspend`, where the kind has it.
    pub const fn suspend(&self) -> Option<bool> {
        match self {
            Self::Job(Job { suspend, .. }) | Self::CronJob(CronJob { suspend, .. }) => Some(*suspend),
            Self::Deployment(_) | Self::StatefulSet(_) | Self::DaemonSet(_) | Self::ReplicaSet(_) => None,
        }
    }

    /// Whether `spec.paused` is set; only a Deployment has it.
    pub const fn is_paused(&self) -> bool {
        matches!(self, Self::Deployment(Deployment { paused: true, .. }))
    }
}

/// How many pods there are, as `status` reports it. Terminating pods count in `terminating` only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaCounts {
    #[serde(default, skip_serializing_if = "is_zero")]
    pub replicas: i32,
    /// Those of the current template.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub updated: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready: i32,
    /// Ready for at least `minReadySeconds`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub available: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unavailable: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub terminating: i32,
}

/// Facts of a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub replicas: i32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub paused: bool,
    /// Whether all old pods go before new ones come (`Recreate`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub recreate: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_ready_seconds: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_deadline_seconds: Option<i32>,
    /// The revision of its current template, which its newest ReplicaSet carries too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    #[serde(default)]
    pub counts: ReplicaCounts,
}

/// When changed pods replace old ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpdateStrategy {
    #[default]
    RollingUpdate,
    /// Only when somebody deletes the old pod.
    OnDelete,
}

impl UpdateStrategy {
    pub(crate) fn is_rolling(&self) -> bool {
        *self == Self::RollingUpdate
    }
}

/// Facts of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatefulSet {
    pub replicas: i32,
    #[serde(default, skip_serializing_if = "UpdateStrategy::is_rolling")]
    pub update_strategy: UpdateStrategy,
    /// Pods below this ordinal keep the old template.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub partition: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_ready_seconds: i32,
    /// Pods of the template before the current one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub current: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_revision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_revision: Option<String>,
    #[serde(default)]
    pub counts: ReplicaCounts,
}

/// Facts of a DaemonSet. It counts nodes that have its pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonSet {
    #[serde(default, skip_serializing_if = "UpdateStrategy::is_rolling")]
    pub update_strategy: UpdateStrategy,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_ready_seconds: i32,
    /// What its pods carry in the label `pod-template-generation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub desired: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub current: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub misscheduled: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub updated: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub available: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unavailable: i32,
}

/// Facts of a ReplicaSet, of a Deployment or on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSet {
    pub replicas: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_ready_seconds: i32,
    /// The revision of its Deployment that it carries out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Pods that carry all labels of the template.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fully_labelled: i32,
    #[serde(default)]
    pub counts: ReplicaCounts,
}

/// Facts of a Job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// None for a work queue, which is done when one pod succeeded and all have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completions: Option<i32>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parallelism: i32,
    /// Whether each completion has an index.
    #[serde(default, skip_serializing_if = "is_false")]
    pub indexed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_limit: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_limit_per_index: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<i64>,
    /// How long it stays after its end; None: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds_after_finished: Option<i32>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub suspend: bool,
    /// A controller other than the one of Kubernetes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub active: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub succeeded: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: i32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub terminating: i32,
    /// Ended pods that are in none of the counts yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uncounted: i32,
    /// Indexes as Kubernetes writes them, `0,2-4`; cut where there are very many.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub completed_indexes: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub failed_indexes: String,
}

impl Job {
    /// Whether any pod of it was ever made.
    pub const fn has_started(&self) -> bool {
        self.active + self.ready + self.succeeded + self.failed + self.terminating + self.uncounted > 0
    }
}

/// Facts of a CronJob.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronJob {
    pub schedule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub suspend: bool,
    /// What happens when a run is due while one is active: `Allow`, `Forbid`, `Replace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency_policy: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_schedule: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success: Option<DateTime<Utc>>,
    /// The names of its Jobs that run; the first of them where there are very many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<String>,
    /// How many more run.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_active: i32,
}

impl CronJob {
    /// How many of its Jobs run.
    pub fn active_count(&self) -> i32 {
        i32::try_from(self.active.len()).unwrap_or(i32::MAX).saturating_add(self.more_active)
    }
}
