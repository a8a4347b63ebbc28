//! A Kubernetes cluster as an aggregate: registered, identified, reachable or not.
//!
//! The id of a cluster is made of its first name and given once. The uid of its `kube-system` namespace says which cluster it is:
//! the same id never means another one. The name may change.

use crate::access::Action;
use crate::core::{
    decider::Decider,
    free_text::FreeText,
    ids::ClusterId,
    refusal::{ErrorCode, Refusal},
};
use crate::kubernetes::resource::Resource;
use serde::{Deserialize, Serialize};
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

/// What the cluster is for, as whoever runs Binnacle says: the screens warn by it. One of which nobody said it counts as the one
/// to be careful with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Environment {
    #[default]
    Production,
    Staging,
    Development,
}

impl Environment {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "PRODUCTION",
            Self::Staging => "STAGING",
            Self::Development => "DEVELOPMENT",
        }
    }
}

/// A kind that the cluster does not let Binnacle read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableKind {
    pub kind: Resource,
    /// The words of the API server, which name the missing right.
    pub message: FreeText,
}

/// All events of a cluster. Stored in the stream `cluster:<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterEvent {
    ClusterRegistered {
        cluster: ClusterId,
        name: String,
    },
    /// The cluster answered for the first time: this is its `kube-system` namespace.
    ClusterIdentified {
        cluster: ClusterId,
        uid: String,
    },
    ClusterRenamed {
        cluster: ClusterId,
        name: String,
    },
    /// What the cluster is for has changed. It is for production until the first of these.
    ClusterEnvironmentChanged {
        cluster: ClusterId,
        environment: Environment,
    },
    ClusterStateChanged {
        cluster: ClusterId,
        state: ClusterState,
        /// For example `v1.35.4`. None until it was reached once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
        /// With `DEGRADED`: the kinds that are missing in every list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unreadable: Vec<UnreadableKind>,
    },
}

impl ClusterEvent {
    pub const fn cluster(&self) -> &ClusterId {
        match self {
            Self::ClusterRegistered { cluster, .. }
            | Self::ClusterIdentified { cluster, .. }
            | Self::ClusterRenamed { cluster, .. }
            | Self::ClusterEnvironmentChanged { cluster, .. }
            | Self::ClusterStateChanged { cluster, .. } => cluster,
        }
    }
}

/// The fold of a `cluster:` stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// None until it is registered.
    pub name: Option<String>,
    pub uid: Option<String>,
    pub environment: Environment,
    pub state: ClusterState,
    pub version: Option<String>,
    pub unreadable: Vec<UnreadableKind>,
}

/// A command about a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ClusterCommand {
    /// Registers it under a name and with what it is for, or gives it those.
    Register { cluster: ClusterId, name: String, environment: Environment },
    /// Says which cluster answers under this id.
    Identify { cluster: ClusterId, uid: String },
    Report {
        cluster: ClusterId,
        state: ClusterState,
        version: Option<String>,
        reason: Option<FreeText>,
        unreadable: Vec<UnreadableKind>,
    },
}

/// Another cluster answers under a known id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnotherCluster {
    pub cluster: ClusterId,
    pub known: String,
    pub found: String,
}

impl From<AnotherCluster> for Refusal {
    fn from(another: AnotherCluster) -> Self {
        let AnotherCluster { cluster, known, found } = another;
        let message = format!(
            "the log knows another cluster as {cluster}: the uid of its kube-system namespace is {known}, and this one has {found}. \
             Give this cluster a name of its own"
        );
        Self::new(ErrorCode::Conflict, "cluster", message)
    }
}

impl Decider for Cluster {
    const CATEGORY: &'static str = "cluster";
    type Id = ClusterId;
    type State = Self;
    type Command = ClusterCommand;
    type Event = ClusterEvent;
    type Refusal = AnotherCluster;

    fn key(id: &ClusterId) -> String {
        id.to_string()
    }

    fn action(_command: &ClusterCommand) -> Action {
        Action::Observe
    }

    fn decide(state: &Self, command: ClusterCommand) -> Result<Vec<ClusterEvent>, AnotherCluster> {
        Ok(match command {
            ClusterCommand::Register { cluster, name, environment } => {
                let named = match &state.name {
                    None => Some(ClusterEvent::ClusterRegistered { cluster: cluster.clone(), name }),
                    Some(known) if *known == name => None,
                    Some(_) => Some(ClusterEvent::ClusterRenamed { cluster: cluster.clone(), name }),
                };
                let placed = ClusterEvent::ClusterEnvironmentChanged { cluster, environment };
                named.into_iter().chain((environment != state.environment).then_some(placed)).collect()
            }
            ClusterCommand::Identify { cluster, uid } => match &state.uid {
                None => vec![ClusterEvent::ClusterIdentified { cluster, uid }],
                Some(known) if *known == uid => Vec::new(),
                Some(known) => return Err(AnotherCluster { cluster, known: known.clone(), found: uid }),
            },
            ClusterCommand::Report { state: new, version, unreadable, .. }
                if new == state.state
                    && unreadable == state.unreadable
                    && (version.is_none() || version == state.version) =>
            {
                Vec::new()
            }
            ClusterCommand::Report { cluster, state: new, version, reason, unreadable } => {
                let version = version.or_else(|| state.version.clone());
                vec![ClusterEvent::ClusterStateChanged { cluster, state: new, version, reason, unreadable }]
            }
        })
    }

    fn evolve(state: &mut Self, event: &ClusterEvent) {
        match event {
            ClusterEvent::ClusterRegistered { name, .. } | ClusterEvent::ClusterRenamed { name, .. } => {
                state.name = Some(name.clone());
            }
            ClusterEvent::ClusterIdentified { uid, .. } => state.uid = Some(uid.clone()),
            ClusterEvent::ClusterEnvironmentChanged { environment, .. } => state.environment = *environment,
            ClusterEvent::ClusterStateChanged { state: new, version, unreadable, .. } => {
                state.state = *new;
                state.version.clone_from(version);
                state.unreadable.clone_from(unreadable);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(state: &Cluster, command: ClusterCommand) -> Result<Vec<ClusterEvent>, AnotherCluster> {
        Cluster::decide(state, command)
    }

    #[test]
    fn an_id_never_means_another_cluster_and_its_name_and_use_may_change() {
        let cluster = ClusterId::from_name("Prod");
        let placed = |name: &str, environment| ClusterCommand::Register {
            cluster: cluster.clone(),
            name: name.to_owned(),
            environment,
        };
        let register = |name: &str| placed(name, Environment::Production);
        let identify = |uid: &str| ClusterCommand::Identify { cluster: cluster.clone(), uid: uid.to_owned() };
        let mut state = Cluster::default();
        for (command, events) in [
            (register("Prod"), 1),
            (register("Prod"), 0),
            (identify("uid-1"), 1),
            (identify("uid-1"), 0),
            (placed("production", Environment::Development), 2),
            (placed("production", Environment::Development), 0),
            (placed("production", Environment::Staging), 1),
            (identify("uid-1"), 0),
        ] {
            let found = decided(&state, command.clone()).expect("not refused");
            assert_eq!(found.len(), events, "{command:?}");
            found.iter().for_each(|event| Cluster::evolve(&mut state, event));
        }
        assert_eq!((state.name.as_deref(), state.uid.as_deref()), (Some("production"), Some("uid-1")));
        assert_eq!(state.environment, Environment::Staging);
        let refusal = Refusal::from(decided(&state, identify("uid-2")).expect_err("another cluster"));
        assert!(refusal.message.contains("uid-1") && refusal.message.contains("uid-2"), "{}", refusal.message);
        assert_eq!(cluster, ClusterId::from_name("prod"), "these are one name");
    }
}
