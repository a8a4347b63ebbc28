//! The adapter on kube-rs: every call has a time-out, none is repeated by the client, errors say what may be done next.

use super::{Cluster, ClusterSource, Error, FIELD_MANAGER};
use crate::manifest::api_version;
use domain::object::{Kind, ObjectRef};
use futures::future::BoxFuture;
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
    core::{
        ApiResource, DynamicObject, GroupVersionKind, Request, Resource,
        params::{DeleteParams, GetParams, Patch, PatchParams, Preconditions, PropagationPolicy, ValidationDirective},
        response::Status,
    },
};
use serde_json::Value;
use std::time::Duration;

/// How long one call may take before its outcome counts as unknown.
const CALL_LIMIT: Duration = Duration::from_secs(20);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client for the cluster at `source`. Does not call it yet.
pub async fn client(source: &ClusterSource) -> Result<Client, crate::Error> {
    let broken = |error: &dyn std::fmt::Display| crate::Error::Unavailable {
        message: format!("the credentials of cluster {} cannot be used: {error}", source.name),
    };
    let mut config = match &source.kubeconfig {
        Some(path) => {
            let kubeconfig = Kubeconfig::read_from(path).map_err(|error| broken(&error))?;
            Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
                .await
                .map_err(|error| broken(&error))?
        }
        None => Config::incluster().map_err(|error| broken(&error))?,
    };
    config.connect_timeout = Some(CONNECT_LIMIT);
    // A repetition inside the client would be a second effect that nobody decided.
    config.default_retry = false;
    Client::try_from(config).map_err(|error| broken(&error))
}

/// How Kubernetes names a kind.
pub fn api_resource(kind: Kind) -> ApiResource {
    let (group, version) = api_version(kind).split_once('/').unwrap_or(("", api_version(kind)));
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind.as_str()))
}

/// The port on a real cluster.
pub struct KubeCluster {
    client: Client,
}

impl KubeCluster {
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    fn request(object: &ObjectRef) -> Request {
        Request::new(DynamicObject::url_path(&api_resource(object.kind), object.namespace.as_deref()))
    }

    async fn call(&self, request: http_request::Built) -> Result<Value, Error> {
        let request = request.map_err(|error| Error::Permanent { code: "INVALID", message: error.to_string() })?;
        match tokio::time::timeout(CALL_LIMIT, self.client.request(request)).await {
            Ok(result) => result.map_err(|error| explain(&error)),
            Err(_) => Err(Error::Ambiguous {
                message: format!("the API server did not answer within {} s", CALL_LIMIT.as_secs()),
            }),
        }
    }
}

mod http_request {
    /// A request that may not have been buildable.
    pub type Built = Result<http::Request<Vec<u8>>, kube::core::request::Error>;
}

impl Cluster for KubeCluster {
    fn get<'a>(&'a self, object: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>> {
        Box::pin(async move {
            match self.call(Self::request(object).get(&object.name, &GetParams::default())).await {
                Ok(found) => Ok(Some(found)),
                Err(Error::Permanent { code: "NOT_FOUND", .. }) => Ok(None),
                // A read changes nothing, so an unknown outcome is just no answer.
                Err(Error::Ambiguous { message }) => Err(Error::Transient { message, retry_after: None }),
                Err(error) => Err(error),
            }
        })
    }

    fn apply<'a>(
        &'a self,
        object: &'a ObjectRef,
        manifest: &'a Value,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Value, Error>> {
        let parameters = PatchParams {
            dry_run,
            force: false,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
        };
        Box::pin(self.call(Self::request(object).patch(&object.name, &parameters, &Patch::Apply(manifest))))
    }

    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>> {
        let parameters = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        Box::pin(self.call(Self::request(object).patch(&object.name, &parameters, &Patch::Merge(patch))))
    }

    fn delete<'a>(&'a self, object: &'a ObjectRef, uid: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let parameters = DeleteParams {
                propagation_policy: Some(PropagationPolicy::Foreground),
                preconditions: Some(Preconditions { uid: Some(uid.to_owned()), resource_version: None }),
                ..DeleteParams::default()
            };
            self.call(Self::request(object).delete(&object.name, &parameters)).await.map(|_| ())
        })
    }
}

/// Sorts what went wrong by what may be done next.
pub fn explain(error: &kube::Error) -> Error {
    match error {
        kube::Error::Api(status) => explain_status(status),
        kube::Error::Service(source) if was_not_sent(source.as_ref()) => {
            Error::Transient { message: format!("the API server cannot be reached: {source}"), retry_after: None }
        }
        kube::Error::SerdeError(_) | kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => {
            Error::Permanent { code: "INTERNAL", message: error.to_string() }
        }
        other => Error::Ambiguous { message: format!("the connection to the API server was lost: {other}") },
    }
}

fn explain_status(status: &Status) -> Error {
    let message = status.message.clone();
    let code = match status.code {
        400 | 415 | 422 => "INVALID",
        401 => "UNAUTHENTICATED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        409 => "CONFLICT",
        410 | 429 => {
            let seconds = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
            let retry_after = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
            return Error::Transient { message: format!("the API server is busy: {message}"), retry_after };
        }
        // A field or a type that the schema does not have: server-side apply reports it as an internal error.
        500 if message.starts_with("failed to create typed patch object") => "INVALID",
        500.. => return Error::Ambiguous { message: format!("the API server failed: {message}") },
        _ => "REFUSED",
    };
    Error::Permanent { code, message }
}

/// Whether the request never left: the connection could not be made.
fn was_not_sent(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), std::io::ErrorKind::ConnectionRefused | std::io::ErrorKind::HostUnreachable)
        {
            return true;
        }
        if error.to_string().contains("client error (Connect)") || error.to_string().contains("tcp connect error") {
            return true;
        }
        source = error.source();
    }
    false
}
