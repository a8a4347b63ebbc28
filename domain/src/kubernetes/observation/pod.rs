//! Facts about a pod and its containers.

use super::{
    event::Note,
    object::{Condition, Deletion, Owner, Truth, condition_is, is_false, is_zero},
};
use crate::core::free_text::FreeText;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A pod, without its name and labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    /// `status.phase`.
    pub phase: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "FreeText::is_empty")]
    pub message: FreeText,
    /// `Ready` always; `PodScheduled`, `Initialized`, `ContainersReady` and `PodReadyToStartContainers` while they are
    /// not true; `DisruptionTarget` when it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// The version of the template that it was made of, as its controller labels it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Whether its containers are started again when they end. False for most pods of Jobs.
    #[serde(default, skip_serializing_if = "is_false")]
    pub never_restarts: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readiness_gates: Vec<String>,
    pub containers: Vec<Container>,
    /// Kubernetes events about the pod that can explain its state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Pod {
    /// Drops all that is a free text.
    pub fn forget(&mut self) {
        self.notes.clear();
        self.message = FreeText::default();
        self.conditions.iter_mut().for_each(|condition| condition.message = FreeText::default());
        for container in &mut self.containers {
            let ended = match &mut container.state {
                ContainerState::Waiting { message, .. } => {
                    *message = FreeText::default();
                    None
                }
                ContainerState::Terminated(end) => Some(end),
                ContainerState::Running { .. } => None,
            };
            for end in ended.into_iter().chain(container.last.as_mut()) {
                end.message = FreeText::default();
            }
        }
    }

    /// Since when it is not ready.
    pub fn not_ready_since(&self) -> Option<DateTime<Utc>> {
        condition_is(&self.conditions, "Ready", Truth::False).and_then(|ready| ready.since)
    }
}

/// What a container is in its pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs to its end before the main ones start.
    Init,
    /// An init container that goes on beside the main ones.
    Sidecar,
    #[default]
    Main,
    /// Added to a running pod for debugging.
    Ephemeral,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Sidecar => "sidecar",
            Self::Main => "main",
            Self::Ephemeral => "ephemeral",
        }
    }

    fn is_main(&self) -> bool {
        *self == Self::Main
    }
}

/// A container of any role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub name: String,
    #[serde(default, skip_serializing_if = "Role::is_main")]
    pub role: Role,
    pub image: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub ready: bool,
    /// Whether its startup probe has passed; true without one once it runs.
    #[serde(default, skip_serializing_if = "is_false")]
    pub started: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: i32,
    pub state: ContainerState,
    /// How its last run ended, if it was started again since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Termination>,
    /// Whether it has run longer than [`Container::SETTLES_AFTER_SECONDS`] since it was last started again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settled: bool,
    /// Whether its readiness probe still fails [`Container::READY_WITHIN_SECONDS`] after the first one was due. An init
    /// container: whether it has run for [`Container::INIT_WITHIN_SECONDS`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub overdue: bool,
    /// `initialDelaySeconds` of the readiness probe.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ready_delay: i32,
    /// The probes it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    /// `resources.limits.memory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<String>,
    /// `resources.requests.memory`. None is also what events from before it was recorded say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_request: Option<String>,
    /// `resources.limits.cpu`; None as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<String>,
    /// `resources.requests.cpu`; None as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_request: Option<String>,
}

impl Container {
    /// The kubelet forgets earlier crashes of a container that has run for twice its longest pause of 5 minutes.
    pub const SETTLES_AFTER_SECONDS: i64 = 600;
    /// A readiness probe that fails at first may just be early. After this long it does not pass by itself.
    pub const READY_WITHIN_SECONDS: i64 = 30;
    /// The other containers of a pod wait for an init container. After this long people should know.
    pub const INIT_WITHIN_SECONDS: i64 = 60;

    /// Brings the facts that depend on time up to `now`.
    pub fn age(&mut self, now: DateTime<Utc>) {
        self.overdue = self.overdue_at().is_some_and(|at| at <= now);
        self.settled = self.settled_at().is_some_and(|at| at <= now);
    }

    /// When [`Container::age`] next changes something; None: never, unless something else changes.
    pub fn ages_at(&self) -> Option<DateTime<Utc>> {
        let overdue = self.overdue_at().filter(|_| !self.overdue);
        let settled = self.settled_at().filter(|_| !self.settled);
        overdue.into_iter().chain(settled).min()
    }

    fn overdue_at(&self) -> Option<DateTime<Utc>> {
        if self.role == Role::Init {
            return self.runs_until(Self::INIT_WITHIN_SECONDS);
        }
        let waits = !self.ready && self.probes.contains(&Probe::Readiness);
        self.runs_until(Self::READY_WITHIN_SECONDS + i64::from(self.ready_delay)).filter(|_| waits)
    }

    fn settled_at(&self) -> Option<DateTime<Utc>> {
        self.runs_until(Self::SETTLES_AFTER_SECONDS).filter(|_| self.last.is_some())
    }

    /// When it will have run for so many seconds, if it runs.
    fn runs_until(&self, seconds: i64) -> Option<DateTime<Utc>> {
        match self.state {
            ContainerState::Running { since } => Some(since? + TimeDelta::seconds(seconds)),
            ContainerState::Waiting { .. } | ContainerState::Terminated(_) => None,
        }
    }
}

/// Where a container is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContainerState {
    Waiting {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        #[serde(default, skip_serializing_if = "FreeText::is_empty")]
        message: FreeText,
    },
    Running {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<DateTime<Utc>>,
    },
    Terminated(Termination),
}

impl Default for ContainerState {
    fn default() -> Self {
        Self::Waiting { reason: String::new(), message: FreeText::default() }
    }
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Termination {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub exit_code: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    #[serde(default, skip_serializing_if = "FreeText::is_empty")]
    pub message: FreeText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

/// The probes of the kubelet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Probe {
    Liveness,
    Readiness,
    Startup,
}

impl Probe {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Liveness => "liveness",
            Self::Readiness => "readiness",
            Self::Startup => "startup",
        }
    }
}
