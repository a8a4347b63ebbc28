//! Kubernetes clusters as the write side needs them: the port [`Cluster`] with its errors, and the registry
//! [`Clusters`].

pub mod client;
mod columns;
pub mod discovery;
pub mod dry_run;
#[cfg(feature = "test-support")]
pub mod fake;
pub mod fetch;
pub mod identity;
pub mod live;
pub mod logs;
pub mod manifest;
pub mod metrics;
pub mod observe;
pub mod openapi;
pub(crate) mod pause;
pub mod watch;

use discovery::Discovery;
use domain::{
    core::{
        ids::ClusterId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::object::ObjectRef,
    platform::cluster::Environment,
};
use futures::future::BoxFuture;
use serde_json::Value;
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

pub use domain::kubernetes::observation::FIELD_MANAGER;
/// Carries the id of the operation that last changed the object.
pub const OPERATION_ANNOTATION: &str = "binnacle.io/operation-id";

/// Why a call failed, by what may be done next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No effect; a retry may work.
    #[error("{message}")]
    Transient { message: String, retry_after: Option<Duration> },
    /// No effect, because the cluster could not be reached.
    #[error("{message}")]
    Unreachable { message: String },
    /// The call may have had its effect.
    #[error("{message}")]
    Ambiguous { message: String, retry_after: Option<Duration> },
    /// No effect; a retry cannot work. `field` is the first one that the server names, such as `spec.replicas`.
    #[error("{message}")]
    Permanent { code: ErrorCode, message: String, field: Option<String> },
}

impl Error {
    /// A permanent error that names no field.
    pub fn permanent(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Permanent { code, message: message.into(), field: None }
    }

    /// The error of a call that changes nothing: an unknown effect does not matter.
    pub fn without_effect(self) -> Self {
        match self {
            Self::Ambiguous { message, retry_after: None } => Self::Unreachable { message },
            Self::Ambiguous { message, retry_after } => Self::Transient { message, retry_after },
            Self::Transient { .. } | Self::Unreachable { .. } | Self::Permanent { .. } => self,
        }
    }

    /// Whether the cluster did not respond, or reported that it cannot work.
    pub const fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Ambiguous { .. })
    }
}

/// The calls that effects need. The second implementation is in memory ([`fake`]) and fails when a test says so.
pub trait Cluster: Send + Sync + 'static {
    /// The current object. None if it does not exist.
    fn get<'a>(&'a self, object: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>>;
    /// Server-side apply under [`FIELD_MANAGER`], without force; `dry_run` changes nothing.
    fn apply<'a>(
        &'a self,
        object: &'a ObjectRef,
        manifest: &'a Value,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Value, Error>>;
    /// JSON merge patch (RFC 7386).
    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>>;
    /// Deletes exactly this incarnation, gracefully and in the foreground.
    fn delete<'a>(&'a self, object: &'a ObjectRef, uid: &'a str) -> BoxFuture<'a, Result<(), Error>>;
}

/// How to reach a cluster.
#[derive(Clone, Debug)]
pub struct ClusterSource {
    pub id: ClusterId,
    pub name: String,
    pub environment: Environment,
    /// None: the service account of this pod.
    pub kubeconfig: Option<PathBuf>,
}

/// A cluster with its client.
#[derive(Clone)]
pub struct ClusterHandle {
    pub id: ClusterId,
    pub name: String,
    pub environment: Environment,
    pub port: Arc<dyn Cluster>,
    /// None for a cluster in memory: it has no watch, logs or metrics.
    pub client: Option<::kube::Client>,
}

/// The clusters of this process. Cheap to clone.
#[derive(Clone)]
pub struct Clusters {
    handles: Arc<[ClusterHandle]>,
    discoveries: Arc<HashMap<ClusterId, Discovery>>,
}

impl Clusters {
    pub fn new(clusters: Vec<ClusterHandle>) -> Self {
        let discovery = |handle: &ClusterHandle| Some((handle.id.clone(), Discovery::new(handle.client.clone()?)));
        let discoveries = Arc::new(clusters.iter().filter_map(discovery).collect());
        Self { handles: clusters.into(), discoveries }
    }

    /// Reads the credentials of the clusters. Makes no call yet.
    pub async fn open(sources: &[ClusterSource]) -> Result<Self, crate::Error> {
        let mut clusters = Vec::with_capacity(sources.len());
        for source in sources {
            let client = client::open(source).await?;
            let port = Arc::new(client::KubeCluster::new(client.clone()));
            clusters.push(ClusterHandle {
                id: source.id.clone(),
                name: source.name.clone(),
                environment: source.environment,
                port,
                client: Some(client),
            });
        }
        Ok(Self::new(clusters))
    }

    pub fn all(&self) -> &[ClusterHandle] {
        &self.handles
    }

    pub fn get(&self, id: &ClusterId) -> Option<&ClusterHandle> {
        self.handles.iter().find(|handle| &handle.id == id)
    }

    /// Which kinds a cluster serves. None for one in memory, or an unknown one.
    pub fn discovery(&self, id: &ClusterId) -> Option<&Discovery> {
        self.discoveries.get(id)
    }

    /// The client of a cluster, for direct reads.
    fn client(&self, id: &ClusterId) -> Result<&::kube::Client, crate::Error> {
        self.get(id)
            .and_then(|handle| handle.client.as_ref())
            .ok_or_else(|| Refusal::new(ErrorCode::NotFound, "cluster", format!("there is no cluster {id}")).into())
    }
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Transient { message, .. } | Error::Unreachable { message } | Error::Ambiguous { message, .. } => {
                Self::Unavailable { message }
            }
            Error::Permanent { code, message, field } => {
                Refusal { code, message, field, current_version: None, reason: None }.into()
            }
        }
    }
}
