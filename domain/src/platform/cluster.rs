//! A Kubernetes cluster as an aggregate: registered, connected, identified, reachable or not, removed.
//!
//! The id of a cluster is made of its first name and given once: no cluster gets the id of a removed one. The uid of its
//! `kube-system` namespace says which cluster it is: the same id never means another one. The name may change.

pub mod check;
mod event;
pub mod name;
pub mod support;
#[cfg(test)]
mod tests;

pub use event::{ClusterEvent, ClusterState, Environment, UnreadableKind};

use crate::access::Action;
use crate::core::{
    decider::Decider,
    free_text::FreeText,
    ids::ClusterId,
    message::Code,
    refusal::{ErrorCode, Refusal},
};
use crate::kubernetes::resource::Resource;
use serde::Serialize;
use std::collections::BTreeMap;

/// Objects of a custom kind that is recorded without being asked for, at most.
pub const MOST_CUSTOM_OBJECTS: u64 = 5000;

/// What a person gave to reach a cluster with. The credential is named and not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub credential: String,
    pub server: Option<String>,
    /// Empty: the whole cluster.
    pub namespaces: Vec<String>,
}

/// The fold of a `cluster:` stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// None until it is registered.
    pub name: Option<String>,
    pub uid: Option<String>,
    pub environment: Environment,
    pub state: ClusterState,
    /// Why it is not reached, where the reason is of a known kind.
    pub code: Option<ErrorCode>,
    pub version: Option<String>,
    pub unreadable: Vec<UnreadableKind>,
    /// None for a cluster of the settings.
    pub connection: Option<Connection>,
    /// Whether kinds are recorded: those that were judged by their number, and those of which a person decided.
    pub kinds: BTreeMap<Resource, bool>,
    pub is_removed: bool,
    /// Whether nothing of it is observed any more.
    pub has_watch_ended: bool,
}

/// A command about a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ClusterCommand {
    /// Registers a cluster of the settings under a name and with what it is for, or gives it those.
    Register {
        cluster: ClusterId,
        name: String,
        environment: Environment,
    },
    /// Registers a new cluster with what it is reached with.
    Connect {
        cluster: ClusterId,
        name: String,
        environment: Environment,
        credential: String,
        server: Option<String>,
        namespaces: Vec<String>,
    },
    /// Says which cluster answers under this id.
    Identify {
        cluster: ClusterId,
        uid: String,
    },
    Report {
        cluster: ClusterId,
        state: ClusterState,
        version: Option<String>,
        code: Option<ErrorCode>,
        reason: Option<FreeText>,
        unreadable: Vec<UnreadableKind>,
    },
    Remove {
        cluster: ClusterId,
    },
    /// Judges a custom kind by the number of its objects, once.
    JudgeKind {
        cluster: ClusterId,
        kind: Resource,
        objects: u64,
    },
    /// Takes the objects of a kind into the log.
    RecordKind {
        cluster: ClusterId,
        kind: Resource,
    },
    /// Lets the objects of a kind go from the log's view. What was recorded stays.
    ReleaseKind {
        cluster: ClusterId,
        kind: Resource,
    },
    /// Says that nothing of a removed cluster is observed any more.
    EndWatch {
        cluster: ClusterId,
    },
}

/// Why a command about a cluster is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterRefusal {
    /// Another cluster answers under a known id.
    Another {
        cluster: ClusterId,
        known: String,
        found: String,
    },
    /// A cluster has the name, or its id.
    NameTaken {
        name: String,
    },
    Unknown {
        cluster: ClusterId,
    },
    Removed {
        cluster: ClusterId,
    },
    /// Binnacle does not work without it.
    KindNeeded {
        kind: Resource,
    },
}

impl From<ClusterRefusal> for Refusal {
    fn from(refusal: ClusterRefusal) -> Self {
        match refusal {
            ClusterRefusal::Another { cluster, known, found } => {
                let message = format!(
                    "the log knows another cluster as {cluster}: the uid of its kube-system namespace is {known}, and this one \
                     has {found}. Give this cluster a name of its own"
                );
                Self::new(ErrorCode::Conflict, "cluster", message)
            }
            ClusterRefusal::NameTaken { name } => {
                Self::because(ErrorCode::AlreadyExists, "name", Code::ClusterNameTaken.message([("name", name.into())]))
            }
            ClusterRefusal::Unknown { cluster } => unknown(ErrorCode::NotFound, Code::ClusterUnknown, &cluster),
            ClusterRefusal::Removed { cluster } => unknown(ErrorCode::NotFound, Code::ClusterWasRemoved, &cluster),
            ClusterRefusal::KindNeeded { kind } => {
                let reason = Code::KindAlwaysRecorded.message([("kind", kind.to_string().into())]);
                Self::because(ErrorCode::NotSupported, "kind", reason)
            }
        }
    }
}

fn unknown(code: ErrorCode, reason: Code, cluster: &ClusterId) -> Refusal {
    Refusal::because(code, "cluster", reason.message([("cluster", cluster.to_string().into())]))
}

impl Decider for Cluster {
    const CATEGORY: &'static str = "cluster";
    type Id = ClusterId;
    type State = Self;
    type Command = ClusterCommand;
    type Event = ClusterEvent;
    type Refusal = ClusterRefusal;

    fn key(id: &ClusterId) -> String {
        id.to_string()
    }

    fn action(command: &ClusterCommand) -> Action {
        match command {
            ClusterCommand::Connect { .. }
            | ClusterCommand::Remove { .. }
            | ClusterCommand::RecordKind { .. }
            | ClusterCommand::ReleaseKind { .. } => Action::Administer,
            ClusterCommand::Register { .. }
            | ClusterCommand::JudgeKind { .. }
            | ClusterCommand::Identify { .. }
            | ClusterCommand::Report { .. }
            | ClusterCommand::EndWatch { .. } => Action::Observe,
        }
    }

    fn decide(state: &Self, command: ClusterCommand) -> Result<Vec<ClusterEvent>, ClusterRefusal> {
        Ok(match command {
            ClusterCommand::Register { cluster, .. } | ClusterCommand::Identify { cluster, .. } if state.is_removed => {
                return Err(ClusterRefusal::Removed { cluster });
            }
            ClusterCommand::Register { cluster, name, environment } => state.register(cluster, name, environment),
            ClusterCommand::Connect { name, .. } if state.name.is_some() => {
                return Err(ClusterRefusal::NameTaken { name });
            }
            ClusterCommand::Connect { cluster, name, environment, credential, server, namespaces } => {
                let mut events = state.register(cluster.clone(), name, environment);
                events.push(ClusterEvent::ClusterConnected { cluster, credential, server, namespaces });
                events
            }
            ClusterCommand::Identify { cluster, uid } => match &state.uid {
                None => vec![ClusterEvent::ClusterIdentified { cluster, uid }],
                Some(known) if *known == uid => Vec::new(),
                Some(known) => return Err(ClusterRefusal::Another { cluster, known: known.clone(), found: uid }),
            },
            // A watch that is about to end may still report.
            ClusterCommand::Report { .. } if state.is_removed => Vec::new(),
            // The words alone are nothing new: they may hold a time.
            ClusterCommand::Report { state: new, version, code, unreadable, .. }
                if new == state.state
                    && code == state.code
                    && unreadable == state.unreadable
                    && (version.is_none() || version == state.version) =>
            {
                Vec::new()
            }
            ClusterCommand::Report { cluster, state: new, version, code, reason, unreadable } => {
                let version = version.or_else(|| state.version.clone());
                vec![ClusterEvent::ClusterStateChanged { cluster, state: new, version, code, reason, unreadable }]
            }
            ClusterCommand::Remove { cluster } if state.name.is_none() => {
                return Err(ClusterRefusal::Unknown { cluster });
            }
            ClusterCommand::Remove { cluster } => {
                (!state.is_removed).then_some(ClusterEvent::ClusterRemoved { cluster }).into_iter().collect()
            }
            ClusterCommand::JudgeKind { kind, .. } if state.is_removed || state.kinds.contains_key(&kind) => Vec::new(),
            ClusterCommand::JudgeKind { cluster, kind, objects } => {
                let recorded = objects <= MOST_CUSTOM_OBJECTS;
                vec![ClusterEvent::KindJudged { cluster, kind, objects, recorded }]
            }
            ClusterCommand::RecordKind { cluster, .. } | ClusterCommand::ReleaseKind { cluster, .. }
                if !state.is_current() =>
            {
                return Err(match state.is_removed {
                    true => ClusterRefusal::Removed { cluster },
                    false => ClusterRefusal::Unknown { cluster },
                });
            }
            ClusterCommand::RecordKind { kind, .. } if kind == Resource::EVENT => {
                return Err(ClusterRefusal::KindNeeded { kind });
            }
            ClusterCommand::RecordKind { cluster, kind } => match state.records(&kind) {
                true => Vec::new(),
                false => vec![ClusterEvent::KindRecorded { cluster, kind }],
            },
            ClusterCommand::ReleaseKind { kind, .. } if !kind.is_optional() => {
                return Err(ClusterRefusal::KindNeeded { kind });
            }
            ClusterCommand::ReleaseKind { cluster, kind } => match state.kinds.get(&kind) {
                Some(false) => Vec::new(),
                Some(true) | None => vec![ClusterEvent::KindReleased { cluster, kind }],
            },
            ClusterCommand::EndWatch { cluster } => {
                let is_due = state.is_removed && !state.has_watch_ended;
                is_due.then_some(ClusterEvent::ClusterWatchEnded { cluster }).into_iter().collect()
            }
        })
    }

    fn evolve(state: &mut Self, event: &ClusterEvent) {
        match event {
            ClusterEvent::ClusterRegistered { name, .. } | ClusterEvent::ClusterRenamed { name, .. } => {
                state.name = Some(name.clone());
            }
            ClusterEvent::ClusterConnected { credential, server, namespaces, .. } => {
                let (credential, server, namespaces) = (credential.clone(), server.clone(), namespaces.clone());
                state.connection = Some(Connection { credential, server, namespaces });
            }
            ClusterEvent::ClusterIdentified { uid, .. } => state.uid = Some(uid.clone()),
            ClusterEvent::ClusterEnvironmentChanged { environment, .. } => state.environment = *environment,
            ClusterEvent::ClusterStateChanged { state: new, version, code, unreadable, .. } => {
                state.state = *new;
                state.code = *code;
                state.version.clone_from(version);
                state.unreadable.clone_from(unreadable);
            }
            ClusterEvent::KindJudged { kind, recorded, .. } => drop(state.kinds.insert(kind.clone(), *recorded)),
            ClusterEvent::KindRecorded { kind, .. } => drop(state.kinds.insert(kind.clone(), true)),
            ClusterEvent::KindReleased { kind, .. } => drop(state.kinds.insert(kind.clone(), false)),
            ClusterEvent::ClusterRemoved { .. } => state.is_removed = true,
            ClusterEvent::ClusterWatchEnded { .. } => state.has_watch_ended = true,
        }
    }
}

impl Cluster {
    /// Whether people see it in the list.
    pub const fn is_current(&self) -> bool {
        self.name.is_some() && !self.is_removed
    }

    /// Whether the objects of a kind are certainly in the log. A custom kind that nobody counted yet may be.
    fn records(&self, kind: &Resource) -> bool {
        self.kinds.get(kind).copied().unwrap_or_else(|| kind.is_recorded_by_default())
    }

    fn register(&self, cluster: ClusterId, name: String, environment: Environment) -> Vec<ClusterEvent> {
        let named = match &self.name {
            None => Some(ClusterEvent::ClusterRegistered { cluster: cluster.clone(), name }),
            Some(known) if *known == name => None,
            Some(_) => Some(ClusterEvent::ClusterRenamed { cluster: cluster.clone(), name }),
        };
        let placed = ClusterEvent::ClusterEnvironmentChanged { cluster, environment };
        named.into_iter().chain((environment != self.environment).then_some(placed)).collect()
    }
}
