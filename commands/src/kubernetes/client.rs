//! The adapter for kube-rs. Every call has a time-out, the client never retries, and errors say whether a retry is
//! safe.

pub(crate) use super::failure::CALL_LIMIT;
pub use super::failure::explain;
use super::{
    Change, Changed, Cluster, ClusterSource, Error, FIELD_MANAGER, Removal, calls::Sent, discovery::Discovery,
    failure::explain_status,
};
use domain::core::refusal::ErrorCode;
use domain::{
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::Propagation,
};
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

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client for the cluster at `source`. Makes no call yet.
pub async fn open(source: &ClusterSource) -> Result<Client, crate::Error> {
    let broken = |error: &dyn std::fmt::Display| crate::Error::Unavailable {
        message: format!("the credentials of cluster {} cannot be used: {error}", source.name),
    };
    let config = match &source.kubeconfig {
        Some(path) => {
            let kubeconfig = Kubeconfig::read_from(path).map_err(|error| broken(&error))?;
            Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
                .await
                .map_err(|error| broken(&error))?
        }
        None => Config::incluster().map_err(|error| broken(&error))?,
    };
    limited(config).map_err(|error| broken(&error))
}

/// A client with the limits of Binnacle.
pub(super) fn limited(mut config: Config) -> kube::Result<Client> {
    config.connect_timeout = Some(CONNECT_LIMIT);
    // A retry inside the client would be a second effect that no rule decided.
    config.default_retry = false;
    Client::try_from(config)
}

/// An error with its causes: the reason of a failed connection is the last one.
pub(super) fn chain(error: &kube::Error) -> String {
    let causes = std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source());
    let mut words: Vec<String> = causes.map(ToString::to_string).collect();
    // Each of them may repeat the next.
    words.dedup_by(|next, before| before.ends_with(next.as_str()));
    words.join(": ")
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
    let version = object.kind.api_version().ok_or_else(unknown)?;
    place(object, &version, object.kind.plural().ok_or_else(unknown)?)
}

/// The same in this version of its group, `group/version` or a version alone.
fn place(object: &ObjectRef, version: &str, plural: &str) -> Result<String, Error> {
    let version = segment(version.rsplit('/').next().unwrap_or_default())?;
    let root = match object.kind.group() {
        "" => format!("/api/{version}"),
        group => format!("/apis/{group}/{version}"),
    };
    Ok(match &object.namespace {
        Some(namespace) => format!("{root}/namespaces/{}/{plural}", segment(namespace)?),
        None => format!("{root}/{plural}"),
    })
}

/// The port to a real cluster.
pub struct KubeCluster {
    client: Client,
    discovery: Discovery,
}

impl KubeCluster {
    pub fn new(client: Client) -> Self {
        Self { discovery: Discovery::new(client.clone()), client }
    }

    /// The path of the object's collection, in a version of its group or in the one that Binnacle reads. Kinds that Binnacle has
    /// no rules for are looked up.
    async fn collection(&self, object: &ObjectRef, version: Option<&str>) -> Result<String, Error> {
        let kind = &object.kind;
        if let (Some(own), Some(plural)) = (kind.api_version(), kind.plural()) {
            return place(object, version.unwrap_or(&own), plural);
        }
        let mut kinds = self.discovery.kinds().await.map_err(Error::without_effect)?;
        // It may have been made a moment ago.
        if kinds.get(kind).is_none() {
            kinds = self.discovery.refresh().await.map_err(Error::without_effect)?;
        }
        let missing = || Error::permanent(ErrorCode::NotFound, format!("the cluster serves no {kind}"));
        let served = kinds.get(kind).ok_or_else(missing)?;
        place(object, version.unwrap_or(&served.version), &served.plural)
    }

    /// Sends the request that `build` makes from the path of the object's collection and its name.
    async fn call(
        &self,
        object: &ObjectRef,
        build: impl FnOnce(Request, &str) -> http_request::Built,
    ) -> Result<Value, Error> {
        let at = self.collection(object, None).await?;
        Ok(self.call_at(at, object, build).await?.object)
    }

    async fn call_at(
        &self,
        collection: String,
        object: &ObjectRef,
        build: impl FnOnce(Request, &str) -> http_request::Built,
    ) -> Result<Changed, Error> {
        let request = build(Request::new(collection), &segment(&object.name)?)
            .map_err(|error| Error::permanent(ErrorCode::Invalid, error.to_string()))?;
        let sent = Sent::new(&request);
        let answered = tokio::time::timeout(CALL_LIMIT, self.answer(request, &sent)).await;
        sent.ended();
        answered.unwrap_or_else(|_| {
            let message = format!("the API server did not answer within {} s", CALL_LIMIT.as_secs());
            Err(Error::Ambiguous { message, retry_after: None })
        })
    }

    /// Keeps the headers, which kube-rs drops from an error: they hold `Retry-After`.
    async fn answer(&self, request: http::Request<Vec<u8>>, sent: &Sent) -> Result<Changed, Error> {
        let response = self.client.send(request.map(Body::from)).await.map_err(|error| explain(&error))?;
        let (head, body) = response.into_parts();
        sent.answered(&head);
        let body = body.collect().await.map_err(|error| explain(&error))?.to_bytes();
        if head.status.is_success() {
            let object = serde_json::from_slice(&body).map_err(|error| explain(&kube::Error::SerdeError(error)))?;
            return Ok(Changed { object, warnings: warnings(&head.headers) });
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

/// Warnings that are taken from an answer, and bytes of each.
const WARNINGS: usize = 20;
const WARNING_LIMIT: usize = 512;

/// The texts of `Warning` headers, as API servers send them: `299 - "text"`.
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let texts = headers.get_all(http::header::WARNING).iter().filter_map(|value| {
        let text = value.to_str().ok()?.split_once('"')?.1.trim_end().strip_suffix('"')?.replace("\\\"", "\"");
        Some(text[..text.floor_char_boundary(WARNING_LIMIT)].to_owned())
    });
    texts.take(WARNINGS).collect()
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

    fn change<'a>(
        &'a self,
        object: &'a ObjectRef,
        change: Change<'a>,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Changed, Error>> {
        let (version, force) = match change {
            Change::Apply { manifest, force } => (manifest.get("apiVersion").and_then(Value::as_str), force),
            Change::Merge(_) => (None, false),
        };
        let parameters = PatchParams {
            dry_run,
            force,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
        };
        Box::pin(async move {
            let at = self.collection(object, version).await?;
            let build = move |at: Request, name: &str| match change {
                Change::Apply { manifest, .. } => at.patch(name, &parameters, &Patch::Apply(manifest)),
                Change::Merge(patch) => at.patch(name, &parameters, &Patch::Merge(patch)),
            };
            self.call_at(at, object, build).await
        })
    }

    fn discovery(&self) -> Option<&Discovery> {
        Some(&self.discovery)
    }

    fn delete<'a>(&'a self, object: &'a ObjectRef, removal: Removal<'a>) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let parameters = DeleteParams {
                propagation_policy: Some(match removal.propagation {
                    Propagation::Foreground => PropagationPolicy::Foreground,
                    Propagation::Background => PropagationPolicy::Background,
                    Propagation::Orphan => PropagationPolicy::Orphan,
                }),
                grace_period_seconds: removal.grace_period_seconds,
                preconditions: Some(Preconditions { uid: Some(removal.uid.to_owned()), resource_version: None }),
                ..DeleteParams::default()
            };
            self.call(object, |at, name| at.delete(name, &parameters)).await.map(|_| ())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::OwnedField;
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
    async fn an_apply_that_takes_fields_of_others_says_which() {
        let body = r#"{"kind":"Status","code":409,"reason":"Conflict","message":"Apply failed with 1 conflict","details":{
            "causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl\" with subresource \"scale\"",
            "field":".spec.replicas"}]}}"#;
        let owned = OwnedField { path: ".spec.replicas".to_owned(), manager: "kubectl".to_owned() };
        let message = "Apply failed with 1 conflict".to_owned();
        assert_eq!(answered(409, None, body).await, Err(Error::Conflicting { message, fields: vec![owned] }));
    }

    #[test]
    fn warnings_are_read_from_their_headers() {
        let mut headers = HeaderMap::new();
        for text in ["299 - \"unknown field \\\"spec.x\\\"\"", "no warning"] {
            headers.append(http::header::WARNING, text.parse().expect("a header"));
        }
        assert_eq!(warnings(&headers), ["unknown field \"spec.x\""]);
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

    #[tokio::test]
    async fn a_call_is_recorded_with_the_id_that_the_server_gave_it() {
        let service = tower::service_fn(|_: http::Request<Body>| async {
            let refused = http::Response::builder().status(409).header("Audit-Id", "5f0c-1");
            refused.body(Body::from(br#"{"kind":"Status","code":409,"message":"hunter2"}"#.to_vec()))
        });
        let cluster = KubeCluster::new(Client::new(service, "default"));
        let (kind, namespace, name) = (Resource::DEPLOYMENT, Some("team".to_owned()), "web".to_owned());
        let object = ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace, name };
        let value = serde_json::json!({"data": {"password": "hunter2"}});
        let calls = crate::kubernetes::calls::recorded(async {
            let refused = cluster.patch(&object, &value).await;
            assert!(matches!(refused, Err(Error::Permanent { code: ErrorCode::Conflict, .. })), "{refused:?}");
            crate::kubernetes::calls::taken()
        });
        let calls = calls.await;
        let [call] = calls.as_slice() else { panic!("{calls:?}") };
        assert_eq!((call.verb.as_str(), call.status, call.audit_id.as_deref()), ("PATCH", Some(409), Some("5f0c-1")));
        assert!(call.path.starts_with("/apis/apps/v1/namespaces/team/deployments/web?"), "{}", call.path);
        assert!(!serde_json::to_string(call).expect("JSON").contains("hunter2"), "nothing that was sent or received");
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
        let _ = cluster.change(object, Change::Merge(&Value::Null), true).await;
        let _ = cluster.delete(object, Removal::of("u")).await;
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
