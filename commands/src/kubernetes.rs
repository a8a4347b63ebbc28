//! Kubernetes clusters as the write side needs them: the port [`Cluster`] with its errors, and the clusters that this
//! process knows ([`Clusters`]).

pub mod calls;
pub mod check;
pub mod client;
mod clusters;
mod columns;
pub mod credential;
pub mod discovery;
pub mod dry_run;
mod failure;
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
pub mod registry;
pub mod taking;
pub(crate) mod turns;
mod vault;
pub mod watch;

pub use clusters::{Clusters, Connected, KnownBy};

use discovery::Discovery;
use domain::{
    core::{
        ids::ClusterId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::object::ObjectRef,
    operation::Propagation,
    platform::cluster::Environment,
};
use futures::future::BoxFuture;
use serde_json::Value;
use std::{path::PathBuf, sync::Arc, time::Duration};

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
    /// No effect: these fields of an apply belong to other managers.
    #[error("{message}")]
    Conflicting { message: String, fields: Vec<OwnedField> },
}

/// A field as server-side apply names it, and the manager that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedField {
    pub path: String,
    pub manager: String,
}

impl Error {
    /// A permanent error that names no field.
    pub fn permanent(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Permanent { code, message: message.into(), field: None }
    }

    /// The same without what the cluster said, because that may quote what was sent.
    pub fn without_words(self) -> Self {
        let message = "the words of the API server are left out, because they may quote a value".to_owned();
        match self {
            Self::Transient { retry_after, .. } => Self::Transient { message, retry_after },
            Self::Unreachable { .. } => Self::Unreachable { message },
            Self::Ambiguous { retry_after, .. } => Self::Ambiguous { message, retry_after },
            Self::Permanent { code, .. } => Self::Permanent { code, message, field: None },
            Self::Conflicting { fields, .. } => Self::Conflicting { message, fields },
        }
    }

    /// The error of a call that changes nothing: an unknown effect does not matter.
    pub fn without_effect(self) -> Self {
        match self {
            Self::Ambiguous { message, retry_after: None } => Self::Unreachable { message },
            Self::Ambiguous { message, retry_after } => Self::Transient { message, retry_after },
            Self::Transient { .. } | Self::Unreachable { .. } | Self::Permanent { .. } | Self::Conflicting { .. } => {
                self
            }
        }
    }

    /// How the cluster refuses. None if it did not say so, or may say otherwise later.
    pub const fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Permanent { code, .. } => Some(*code),
            Self::Conflicting { .. } => Some(ErrorCode::Conflict),
            Self::Transient { .. } | Self::Unreachable { .. } | Self::Ambiguous { .. } => None,
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
    /// Makes or tries a change, with strict validation of its fields.
    fn change<'a>(
        &'a self,
        object: &'a ObjectRef,
        change: Change<'a>,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Changed, Error>>;
    /// JSON merge patch (RFC 7386).
    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>>;
    /// Deletes exactly one incarnation.
    fn delete<'a>(&'a self, object: &'a ObjectRef, removal: Removal<'a>) -> BoxFuture<'a, Result<(), Error>>;
    /// Which kinds it serves. None for a cluster in memory.
    fn discovery(&self) -> Option<&Discovery> {
        None
    }
}

/// A change of one object, as it is sent.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Server-side apply under [`FIELD_MANAGER`], in the version that the manifest names. `force` takes the fields of others.
    Apply { manifest: &'a Value, force: bool },
    /// JSON merge patch (RFC 7386).
    Merge(&'a Value),
}

/// The object after a change, or as it would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub object: Value,
    /// What the API server warns of.
    pub warnings: Vec<String>,
}

/// How an incarnation is deleted.
#[derive(Clone, Copy, Debug)]
pub struct Removal<'a> {
    pub uid: &'a str,
    pub propagation: Propagation,
    /// None: that of the object.
    pub grace_period_seconds: Option<u32>,
}

impl<'a> Removal<'a> {
    /// Gracefully and in the foreground.
    pub const fn of(uid: &'a str) -> Self {
        Self { uid, propagation: Propagation::Foreground, grace_period_seconds: None }
    }
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

impl ClusterHandle {
    /// A real cluster by its client.
    pub fn new(id: ClusterId, name: String, environment: Environment, client: ::kube::Client) -> Self {
        let port = Arc::new(client::KubeCluster::new(client.clone()));
        Self { id, name, environment, port, client: Some(client) }
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
            Error::Conflicting { message, .. } => {
                let (code, field) = (ErrorCode::Conflict, None);
                Refusal { code, message, field, current_version: None, reason: None }.into()
            }
        }
    }
}
