//! An API server that has pods and ConfigMaps and nothing else: lists in pages, and watches on which nothing happens. An object is
//! made when it is asked for, so that the server keeps none.

use anyhow::Result;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::Uri,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A pod of a Deployment in a real cluster, with two containers and what the controller manager and the kubelet note about the
/// fields they own. What differs from pod to pod is named by `@` and a letter.
const POD: &str = include_str!("pod.json");
const VERSION: &str = r#"{"major": "1", "minor": "35", "gitVersion": "v1.35.4", "gitCommit": "", "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z", "goVersion": "go1.26", "compiler": "gc", "platform": "linux/amd64"}"#;
const CONFIG_MAPS: &str = "/api/v1/configmaps";
/// The kinds of the core group that it describes, and those of other groups.
const KINDS: &str = r#"{"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": [
    {"metadata": {}, "versions": [{"version": "v1", "freshness": "Current", "resources": [
        {"resource": "configmaps", "responseKind": {"group": "", "version": "v1", "kind": "ConfigMap"}, "scope": "Namespaced",
            "singularResource": "configmap", "verbs": ["get", "list", "watch"]}]}]}]}"#;
const OTHER_KINDS: &str =
    r#"{"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": []}"#;
const COLUMNS: &str = r#"[{"name": "Name", "type": "string", "format": "name", "priority": 0},
    {"name": "Data", "type": "string", "format": "", "priority": 0}, {"name": "Age", "type": "string", "format": "", "priority": 0}]"#;
/// Where it says how many watches of pods have begun: whoever watches has read the whole list.
pub const WATCHES: &str = "/bench/watches";

pub struct ApiServer {
    pub url: String,
    task: JoinHandle<()>,
}

struct Served {
    count: usize,
    config_maps: usize,
    pod: String,
    watches: AtomicUsize,
}

impl ApiServer {
    pub async fn start(count: usize, config_maps: usize) -> Result<Self> {
        let pod = serde_json::from_str::<serde_json::Value>(POD)?.to_string();
        let served = Arc::new(Served { count, config_maps, pod, watches: AtomicUsize::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let routes = Router::new().fallback(answer).with_state(served);
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap_or_default() });
        Ok(Self { url, task })
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    watch: Option<String>,
    timeout_seconds: Option<u64>,
    limit: Option<usize>,
    r#continue: Option<usize>,
}

async fn answer(State(served): State<Arc<Served>>, uri: Uri, Query(parameters): Query<Parameters>) -> Response {
    let is_pods = uri.path().ends_with("/pods");
    let (from, limit) = (parameters.r#continue.unwrap_or_default(), parameters.limit.unwrap_or(usize::MAX));
    match uri.path() {
        "/version" => json(VERSION.to_owned()),
        "/api" => json(KINDS.to_owned()),
        "/apis" => json(OTHER_KINDS.to_owned()),
        WATCHES => served.watches.load(Ordering::Relaxed).to_string().into_response(),
        _ if parameters.watch.is_some() => {
            served.watches.fetch_add(usize::from(is_pods), Ordering::Relaxed);
            silence(Duration::from_secs(parameters.timeout_seconds.unwrap_or(290)))
        }
        _ if is_pods => json(served.page(from, limit)),
        CONFIG_MAPS => json(served.table(from, limit)),
        _ => json(r#"{"metadata": {"resourceVersion": "1"}, "items": []}"#.to_owned()),
    }
}

fn json(text: String) -> Response {
    ([("content-type", "application/json")], text).into_response()
}

/// A watch that ends when it was asked to.
fn silence(length: Duration) -> Response {
    let ends = futures::stream::once(async move {
        tokio::time::sleep(length).await;
        Ok::<_, Infallible>(Bytes::new())
    });
    ([("content-type", "application/json")], Body::from_stream(ends)).into_response()
}

impl Served {
    /// A page of the table of ConfigMaps.
    fn table(&self, from: usize, limit: usize) -> String {
        let until = from.saturating_add(limit).min(self.config_maps);
        let next = if until < self.config_maps { format!(r#", "continue": "{until}""#) } else { String::new() };
        let rows: Vec<String> = (from..until).map(config_map).collect();
        let rows = rows.join(",");
        format!(
            r#"{{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{{"resourceVersion":"1"{next}}},"columnDefinitions":{COLUMNS},"rows":[{rows}]}}"#
        )
    }

    fn page(&self, from: usize, limit: usize) -> String {
        let until = from.saturating_add(limit).min(self.count);
        let next = if until < self.count { format!(r#", "continue": "{until}""#) } else { String::new() };
        let items: Vec<String> = (from..until).map(|nth| self.pod(nth)).collect();
        let items = items.join(",");
        format!(
            r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{"resourceVersion":"1"{next}}},"items":[{items}]}}"#
        )
    }

    /// Ten pods of a Deployment, a hundred Deployments in a namespace at most.
    fn pod(&self, nth: usize) -> String {
        let deployment = nth / 10;
        let mut text = String::with_capacity(self.pod.len() + 128);
        let mut parts = self.pod.split('@');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (what, rest) = part.split_at(1);
            match what {
                "n" => text.push_str(&format!("{nth:05x}")),
                "d" => text.push_str(&deployment.to_string()),
                "t" => text.push_str(&(deployment % 50).to_string()),
                "h" => text.push_str(&format!("{:010x}", deployment * 7919)),
                "u" => text.push_str(&format!("{:016x}", nth * 104_729)),
                "r" => text.push_str(&(nth + 1).to_string()),
                "a" => text.push_str(&(nth / 50 % 250).to_string()),
                "b" => text.push_str(&(nth % 250).to_string()),
                _ => {
                    text.push('@');
                    text.push_str(what);
                }
            }
            text.push_str(rest);
        }
        text
    }

    fn bytes(&self) -> usize {
        self.pod(0).len()
    }
}

/// A row of the table: a ConfigMap as a chart makes it, with some settings.
fn config_map(nth: usize) -> String {
    let setting = |of: usize| format!(r#""setting-{of}":"value {of} of the settings {nth}""#);
    let settings: Vec<String> = (0..8).map(setting).collect();
    let (settings, team) = (settings.join(","), nth % 50);
    format!(
        r#"{{"cells":["settings-{nth}","8","5d"],"object":{{"metadata":{{"name":"settings-{nth}","namespace":"team-{team}","uid":"{nth:08x}-0000-4000-9000-000000000000","resourceVersion":"1","creationTimestamp":"2026-11-20T08:00:00Z","labels":{{"app.kubernetes.io/name":"web-{nth}","app.kubernetes.io/part-of":"shop"}},"managedFields":[{{"manager":"helm","operation":"Update","apiVersion":"v1","time":"2026-11-20T08:00:00Z","fieldsType":"FieldsV1","fieldsV1":{{"f:data":{{".":{{}}}},"f:metadata":{{"f:labels":{{".":{{}}}}}}}}}}]}},"data":{{{settings}}}}}}}"#
    )
}

/// How large a pod is on the wire.
pub fn bytes_of_a_pod() -> Result<usize> {
    let pod = serde_json::from_str::<serde_json::Value>(POD)?.to_string();
    Ok(Served { count: 1, config_maps: 0, pod, watches: AtomicUsize::new(0) }.bytes())
}
