//! The adapter on kube-rs: every call has a time-out, none is repeated by the client, errors say what may be done next.

use super::{Cluster, ClusterSource, Error, FIELD_MANAGER};
use crate::kubernetes::manifest::api_version;
use domain::kubernetes::object::{Kind, ObjectRef};
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body_util::BodyExt;
use kube::{
    Client, Config,
    client::Body,
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
pub async fn open(source: &ClusterSource) -> Result<Client, crate::Error> {
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
        tokio::time::timeout(CALL_LIMIT, self.answer(request)).await.unwrap_or_else(|_| {
            let message = format!("the API server did not answer within {} s", CALL_LIMIT.as_secs());
            Err(Error::Ambiguous { message, retry_after: None })
        })
    }

    /// With the headers, which kube-rs drops from an error: they say when to come back.
    async fn answer(&self, request: http::Request<Vec<u8>>) -> Result<Value, Error> {
        let response = self.client.send(request.map(Body::from)).await.map_err(|error| explain(&error))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| explain(&error))?.to_bytes();
        if head.status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| explain(&kube::Error::SerdeError(error)));
        }
        let status = serde_json::from_slice(&body).unwrap_or_else(|_| {
            Status::failure(String::from_utf8_lossy(&body).trim(), "").with_code(head.status.as_u16())
        });
        Err(explain_status(&status, retry_after(&head.headers)))
    }
}

/// How long the server asks to wait, where it says so in seconds, as API servers do.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
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
                Err(error) => Err(error.without_effect()),
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
        kube::Error::Api(status) => explain_status(status, None),
        kube::Error::Service(source) if was_not_sent(source.as_ref()) => {
            Error::Unreachable { message: format!("the API server cannot be reached: {source}") }
        }
        kube::Error::SerdeError(_) | kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => {
            Error::Permanent { code: "INTERNAL", message: error.to_string() }
        }
        other => Error::Ambiguous {
            message: format!("the connection to the API server was lost: {other}"),
            retry_after: None,
        },
    }
}

fn explain_status(status: &Status, retry_after: Option<Duration>) -> Error {
    let message = status.message.clone();
    let seconds = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
    let retry_after = retry_after.or((seconds > 0).then(|| Duration::from_secs(u64::from(seconds))));
    let code = match status.code {
        400 | 415 | 422 => "INVALID",
        401 => "UNAUTHENTICATED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        409 => "CONFLICT",
        410 | 429 => return Error::Transient { message: format!("the API server is busy: {message}"), retry_after },
        // A field or a type that the schema does not have: server-side apply reports it as an internal error.
        500 if message.starts_with("failed to create typed patch object") => "INVALID",
        500.. => return Error::Ambiguous { message: format!("the API server failed: {message}"), retry_after },
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::ids::ClusterId;

    /// What a patch comes to when the server answers this.
    async fn answered(status: u16, retry_after: Option<&'static str>, body: &'static str) -> Result<Value, Error> {
        let service = tower::service_fn(move |_: http::Request<Body>| async move {
            let mut response = http::Response::builder().status(status);
            if let Some(wait) = retry_after {
                response = response.header(http::header::RETRY_AFTER, wait);
            }
            response.body(Body::from(body.as_bytes().to_vec()))
        });
        let cluster = KubeCluster::new(Client::new(service, "default"));
        let (kind, namespace, name) = (Kind::Deployment, Some("team".to_owned()), "web".to_owned());
        let object = ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace, name };
        cluster.patch(&object, &serde_json::json!({})).await
    }

    #[tokio::test]
    async fn when_to_come_back_is_taken_from_the_header_or_the_status() {
        let busy = answered(429, Some("7"), "Too many requests, please try again later.\n").await;
        let message = "the API server is busy: Too many requests, please try again later.".to_owned();
        assert_eq!(busy, Err(Error::Transient { message, retry_after: Some(Duration::from_secs(7)) }));
        let body = r#"{"kind":"Status","code":429,"message":"m","details":{"retryAfterSeconds":3}}"#;
        let Err(Error::Transient { retry_after, .. }) = answered(429, None, body).await else { panic!("busy") };
        assert_eq!(retry_after, Some(Duration::from_secs(3)));
        let down = answered(503, Some("2"), "").await;
        assert!(
            matches!(down, Err(Error::Ambiguous { retry_after: Some(wait), .. }) if wait == Duration::from_secs(2))
        );
        let date = answered(429, Some("Thu, 26 Nov 2026 10:00:00 GMT"), "").await;
        assert!(matches!(date, Err(Error::Transient { retry_after: None, .. })), "seconds only");
        let denied = answered(403, None, r#"{"kind":"Status","code":403,"message":"no"}"#).await;
        assert_eq!(denied, Err(Error::Permanent { code: "FORBIDDEN", message: "no".to_owned() }));
        assert_eq!(answered(200, None, "{\"a\":1}").await, Ok(serde_json::json!({"a": 1})));
    }
}
