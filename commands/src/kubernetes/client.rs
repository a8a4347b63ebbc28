//! The adapter for kube-rs. Every call has a time-out, the client never retries, and errors say whether a retry is
//! safe.

use super::{Cluster, ClusterSource, Error, FIELD_MANAGER};
use domain::core::refusal::ErrorCode;
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body_util::BodyExt;
use kube::{
    Client, Config,
    client::Body,
    config::{KubeConfigOptions, Kubeconfig},
    core::{
        ApiResource, GroupVersionKind, Request,
        params::{DeleteParams, GetParams, Patch, PatchParams, Preconditions, PropagationPolicy, ValidationDirective},
        response::Status,
    },
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::time::Duration;

/// How long a call may take. A later answer counts as lost.
pub(crate) const CALL_LIMIT: Duration = Duration::from_secs(20);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The longest path of a field that is taken from a refusal.
const FIELD_LIMIT: usize = 512;

/// A client for the cluster at `source`. Makes no call yet.
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
    // A retry inside the client would be a second effect that no rule decided.
    config.default_retry = false;
    Client::try_from(config).map_err(|error| broken(&error))
}

/// The API resource of a kind. None if only discovery knows it.
pub fn api_resource(kind: &Resource) -> Option<ApiResource> {
    let version = kind.api_version()?;
    let version = version.rsplit('/').next().unwrap_or_default();
    let gvk = GroupVersionKind::gvk(kind.group(), version, kind.kind());
    Some(ApiResource::from_gvk_with_plural(&gvk, kind.plural()?))
}

/// Characters that a path segment keeps. Names of roles contain colons.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b':');

/// Encodes a name as one path segment. Dots alone are refused, because the server would read them as a parent path.
pub fn segment(name: &str) -> Result<String, Error> {
    if matches!(name, "" | "." | "..") {
        return Err(Error::permanent(ErrorCode::Invalid, format!("{name:?} is no name of an object")));
    }
    Ok(utf8_percent_encode(name, KEPT).to_string())
}

/// The path of the object's collection.
pub fn collection(object: &ObjectRef) -> Result<String, Error> {
    let unknown = || Error::permanent(ErrorCode::Invalid, format!("{} is read by discovery only", object.kind));
    let (version, plural) = (object.kind.api_version().ok_or_else(unknown)?, object.kind.plural().ok_or_else(unknown)?);
    let root = if object.kind.group().is_empty() { "api" } else { "apis" };
    Ok(match &object.namespace {
        Some(namespace) => format!("/{root}/{version}/namespaces/{}/{plural}", segment(namespace)?),
        None => format!("/{root}/{version}/{plural}"),
    })
}

/// The port to a real cluster.
pub struct KubeCluster {
    client: Client,
}

impl KubeCluster {
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Sends the request that `build` makes from the path of the object's collection and its name.
    async fn call(
        &self,
        object: &ObjectRef,
        build: impl FnOnce(Request, &str) -> http_request::Built,
    ) -> Result<Value, Error> {
        let request = build(Request::new(collection(object)?), &segment(&object.name)?)
            .map_err(|error| Error::permanent(ErrorCode::Invalid, error.to_string()))?;
        tokio::time::timeout(CALL_LIMIT, self.answer(request)).await.unwrap_or_else(|_| {
            let message = format!("the API server did not answer within {} s", CALL_LIMIT.as_secs());
            Err(Error::Ambiguous { message, retry_after: None })
        })
    }

    /// Keeps the headers, which kube-rs drops from an error: they hold `Retry-After`.
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

/// `Retry-After` in seconds, as API servers send it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

mod http_request {
    /// A request, or why it could not be built.
    pub type Built = Result<http::Request<Vec<u8>>, kube::core::request::Error>;
}

impl Cluster for KubeCluster {
    fn get<'a>(&'a self, object: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>> {
        Box::pin(async move {
            match self.call(object, |at, name| at.get(name, &GetParams::default())).await {
                Ok(found) => Ok(Some(found)),
                Err(Error::Permanent { code: ErrorCode::NotFound, .. }) => Ok(None),
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
        Box::pin(self.call(object, move |at, name| at.patch(name, &parameters, &Patch::Apply(manifest))))
    }

    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>> {
        let parameters = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        Box::pin(self.call(object, move |at, name| at.patch(name, &parameters, &Patch::Merge(patch))))
    }

    fn delete<'a>(&'a self, object: &'a ObjectRef, uid: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let parameters = DeleteParams {
                propagation_policy: Some(PropagationPolicy::Foreground),
                preconditions: Some(Preconditions { uid: Some(uid.to_owned()), resource_version: None }),
                ..DeleteParams::default()
            };
            self.call(object, |at, name| at.delete(name, &parameters)).await.map(|_| ())
        })
    }
}

/// Classifies an error by what the caller may do next.
pub fn explain(error: &kube::Error) -> Error {
    match error {
        kube::Error::Api(status) => explain_status(status, None),
        kube::Error::Service(source) if was_not_sent(source.as_ref()) => {
            Error::Unreachable { message: format!("the API server cannot be reached: {source}") }
        }
        kube::Error::SerdeError(_) | kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => {
            Error::permanent(ErrorCode::Internal, error.to_string())
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
        // The webhook chose the code. A failure of the webhook itself may pass; any other code is a refusal.
        500.. if is_answer_of_webhook(&message) => return Error::Transient { message, retry_after },
        401 | 404 | 409 | 410 | 429 if is_answer_of_webhook(&message) => ErrorCode::Refused,
        400 | 415 | 422 => ErrorCode::Invalid,
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        410 | 429 => return Error::Transient { message: format!("the API server is busy: {message}"), retry_after },
        // A field or a type that the schema lacks: server-side apply reports it as an internal error.
        500 if message.starts_with("failed to create typed patch object") => ErrorCode::Invalid,
        500.. => return Error::Ambiguous { message: format!("the API server failed: {message}"), retry_after },
        _ => ErrorCode::Refused,
    };
    let field = field_of(status);
    Error::Permanent { code, message, field }
}

/// The field that a refusal is about. Server-side apply names a field that the schema lacks in its words alone.
fn field_of(status: &Status) -> Option<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let named = causes.map(|cause| cause.field.as_str()).find(|field| !field.is_empty());
    let in_words = || {
        let mut words = status.message.split_whitespace();
        words.find_map(|word| word.strip_prefix('.')?.strip_suffix(':'))
    };
    named.or_else(in_words).filter(|field| field.len() <= FIELD_LIMIT).map(str::to_owned)
}

/// Whether a webhook refused or failed. Admission comes before storage: nothing was written, and the server itself is
/// well.
fn is_answer_of_webhook(message: &str) -> bool {
    message.contains("failed calling webhook")
        || message.contains("admission webhook \"") && message.contains("denied the request")
}

/// Whether the request was never sent, because no connection was made.
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
    use domain::{core::ids::ClusterId, platform::cluster::Environment};
    use proptest::prelude::*;
    use std::sync::{Arc, Mutex};

    /// The outcome of a patch for this answer of the server.
    async fn answered(status: u16, retry_after: Option<&'static str>, body: &'static str) -> Result<Value, Error> {
        let service = tower::service_fn(move |_: http::Request<Body>| async move {
            let mut response = http::Response::builder().status(status);
            if let Some(wait) = retry_after {
                response = response.header(http::header::RETRY_AFTER, wait);
            }
            response.body(Body::from(body.as_bytes().to_vec()))
        });
        let cluster = KubeCluster::new(Client::new(service, "default"));
        let (kind, namespace, name) = (Resource::DEPLOYMENT, Some("team".to_owned()), "web".to_owned());
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
        let body =
            r#"{"kind":"Status","code":500,"message":"admission webhook \"w.example\" denied the request: panic"}"#;
        assert!(matches!(answered(500, None, body).await, Err(Error::Transient { .. })), "the server is well");
        let body =
            r#"{"kind":"Status","code":409,"message":"admission webhook \"w.example\" denied the request: taken"}"#;
        let refused = answered(409, None, body).await;
        assert!(matches!(refused, Err(Error::Permanent { code: ErrorCode::Refused, .. })), "no change by others");
        let date = answered(429, Some("Thu, 26 Nov 2026 10:00:00 GMT"), "").await;
        assert!(matches!(date, Err(Error::Transient { retry_after: None, .. })), "seconds only");
        let denied = answered(403, None, r#"{"kind":"Status","code":403,"message":"no"}"#).await;
        assert_eq!(denied, Err(Error::permanent(ErrorCode::Forbidden, "no")));
        assert_eq!(answered(200, None, "{\"a\":1}").await, Ok(serde_json::json!({"a": 1})));
    }

    #[tokio::test]
    async fn a_refusal_names_the_field_that_the_server_names() {
        let field = async |status, body| match answered(status, None, body).await {
            Err(Error::Permanent { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        let body = r#"{"kind":"Status","code":422,"message":"m","details":{"causes":[{"reason":"FieldValueInvalid",
            "message":"m","field":"spec.replicas"},{"reason":"FieldValueRequired","message":"m","field":"spec.selector"}]}}"#;
        assert_eq!(field(422, body).await.as_deref(), Some("spec.replicas"));
        let body = r#"{"kind":"Status","code":500,"message":"failed to create typed patch object (team/web; apps/v1,
            Kind=Deployment): .spec.planet: field not declared in schema"}"#
            .replace('\n', " ");
        assert_eq!(field(500, Box::leak(body.into_boxed_str())).await.as_deref(), Some("spec.planet"));
        assert_eq!(field(403, r#"{"kind":"Status","code":403,"message":"exceeded quota: small"}"#).await, None);
    }

    /// The request paths of all calls about an object.
    async fn paths_of(object: &ObjectRef) -> Vec<String> {
        let paths = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&paths);
        let service = tower::service_fn(move |request: http::Request<Body>| {
            seen.lock().expect("no panic").push(request.uri().path().to_owned());
            async { http::Response::builder().status(404).body(Body::empty()) }
        });
        let client = Client::new(service, "default");
        let cluster = KubeCluster::new(client.clone());
        let _ = cluster.get(object).await;
        let _ = cluster.apply(object, &Value::Null, true).await;
        let _ = cluster.patch(object, &Value::Null).await;
        let _ = cluster.delete(object, "u").await;
        let (id, name) = (object.cluster.clone(), "dev".to_owned());
        let (environment, port) = (Environment::default(), Arc::new(cluster));
        let handle = crate::kubernetes::ClusterHandle { id, name, environment, port, client: Some(client) };
        let request = crate::kubernetes::logs::LogRequest { container: Some("c".to_owned()), ..Default::default() };
        let _ = crate::kubernetes::Clusters::new(vec![handle]).pod_log(object, request).await.map(|_| ());
        let paths = paths.lock().expect("no panic");
        paths.clone()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_name_never_leaves_its_place_in_a_path(
            namespace in "[a-z./?%#~\\\\ ]{0,8}|\\PC{0,8}",
            name in "[a-z./?%#~\\\\ ]{0,8}|\\PC{0,8}",
        ) {
            let cluster = ClusterId::from_name("dev");
            let object = ObjectRef { cluster, kind: Resource::POD, namespace: Some(namespace), name };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            for path in runtime.block_on(paths_of(&object)) {
                let parts: Vec<&str> = path.split('/').collect();
                let ["", "api", "v1", "namespaces", namespace, "pods", name, rest @ ..] = &parts[..] else {
                    panic!("{path}");
                };
                prop_assert!(matches!(rest, [] | ["log"]), "{path}");
                let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
                prop_assert_eq!((Some(decoded(namespace)), decoded(name)), (object.namespace.clone(), object.name.clone()));
            }
        }
    }
}
