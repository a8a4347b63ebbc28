//! What happens to a cluster, and the words for it.

use crate::core::{free_text::FreeText, ids::ClusterId, refusal::ErrorCode};
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
    /// A person gave what it is reached with. The credential itself is sealed outside the log, under this id.
    ClusterConnected {
        cluster: ClusterId,
        credential: String,
        /// None: the cluster that Binnacle itself runs in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server: Option<String>,
        /// The only namespaces that the credential may see. Empty: it may see the cluster.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        namespaces: Vec<String>,
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
        /// With `UNREACHABLE`: `CONFLICT` if another cluster answers, or how the API server refuses. None if nobody answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<ErrorCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
        /// With `DEGRADED`: the kinds that are missing in every list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unreadable: Vec<UnreadableKind>,
    },
    /// A person removed it. Its id is never given again.
    ClusterRemoved {
        cluster: ClusterId,
    },
    /// The last one of a removed cluster: nothing of it is observed after this.
    ClusterWatchEnded {
        cluster: ClusterId,
    },
    /// A custom kind appeared and was counted. It is judged once: a later number changes nothing.
    KindJudged {
        cluster: ClusterId,
        kind: Resource,
        objects: u64,
        recorded: bool,
    },
    /// A person wants its objects in the log.
    KindRecorded {
        cluster: ClusterId,
        kind: Resource,
    },
    /// A person does not want its objects in the log. They are read live from then on.
    KindReleased {
        cluster: ClusterId,
        kind: Resource,
    },
}

impl ClusterEvent {
    pub const fn cluster(&self) -> &ClusterId {
        match self {
            Self::ClusterRegistered { cluster, .. }
            | Self::ClusterConnected { cluster, .. }
            | Self::ClusterIdentified { cluster, .. }
            | Self::ClusterRenamed { cluster, .. }
            | Self::ClusterEnvironmentChanged { cluster, .. }
            | Self::ClusterStateChanged { cluster, .. }
            | Self::ClusterRemoved { cluster }
            | Self::ClusterWatchEnded { cluster }
            | Self::KindJudged { cluster, .. }
            | Self::KindRecorded { cluster, .. }
            | Self::KindReleased { cluster, .. } => cluster,
        }
    }

    /// Whether the rows of the cluster go with this event.
    pub const fn ends_rows(&self) -> bool {
        matches!(self, Self::ClusterRemoved { .. } | Self::ClusterWatchEnded { .. })
    }
}
