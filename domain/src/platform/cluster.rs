//! A Kubernetes cluster as an aggregate: registered, reachable or not.

use crate::access::Action;
use crate::core::{decider::Decider, ids::ClusterId};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// Whether the cluster answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClusterState {
    #[default]
    Connecting,
    Ready,
    Degraded,
    Unreachable,
}

impl ClusterState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "CONNECTING",
            Self::Ready => "READY",
            Self::Degraded => "DEGRADED",
            Self::Unreachable => "UNREACHABLE",
        }
    }
}

/// All events of a cluster. Stored in the stream `cluster:<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterEvent {
    ClusterRegistered {
        cluster: ClusterId,
        name: String,
    },
    ClusterStateChanged {
        cluster: ClusterId,
        state: ClusterState,
        /// For example `v1.35.4`. None until it was reached once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl ClusterEvent {
    pub const fn cluster(&self) -> &ClusterId {
        match self {
            Self::ClusterRegistered { cluster, .. } | Self::ClusterStateChanged { cluster, .. } => cluster,
        }
    }
}

/// The fold of a `cluster:` stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    pub registered: bool,
    pub state: ClusterState,
    pub version: Option<String>,
}

/// A command about a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ClusterCommand {
    Register { cluster: ClusterId, name: String },
    Report { cluster: ClusterId, state: ClusterState, version: Option<String>, reason: Option<String> },
}

impl Decider for Cluster {
    const CATEGORY: &'static str = "cluster";
    type Id = ClusterId;
    type State = Self;
    type Command = ClusterCommand;
    type Event = ClusterEvent;
    type Refusal = Infallible;

    fn key(id: &ClusterId) -> String {
        id.to_string()
    }

    fn action(_command: &ClusterCommand) -> Action {
        Action::Observe
    }

    fn decide(state: &Self, command: ClusterCommand) -> Result<Vec<ClusterEvent>, Infallible> {
        Ok(match command {
            ClusterCommand::Register { .. } if state.registered => Vec::new(),
            ClusterCommand::Register { cluster, name } => vec![ClusterEvent::ClusterRegistered { cluster, name }],
            ClusterCommand::Report { state: new, version, .. }
                if new == state.state && (version.is_none() || version == state.version) =>
            {
                Vec::new()
            }
            ClusterCommand::Report { cluster, state: new, version, reason } => {
                let version = version.or_else(|| state.version.clone());
                vec![ClusterEvent::ClusterStateChanged { cluster, state: new, version, reason }]
            }
        })
    }

    fn evolve(state: &mut Self, event: &ClusterEvent) {
        match event {
            ClusterEvent::ClusterRegistered { .. } => state.registered = true,
            ClusterEvent::ClusterStateChanged { state: new, version, .. } => {
                state.state = *new;
                state.version.clone_from(version);
            }
        }
    }
}
