//! An API server that has pods and nothing else: lists in pages, and watches on which nothing happens. A pod is made when it is
//! asked for, so that the server keeps none.

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
/// Where it says how many watches of pods have begun: whoever watches has read the whole list.
pub const WATCHES: &str = "/bench/watches";

pub struct ApiServer {
    pub url: String,
    task: JoinHandle<()>,
}

struct Pods {
    count: usize,
    pod: String,
    watches: AtomicUsize,
}

impl ApiServer {
    pub async fn start(count: usize) -> Result<Self> {
        let pod = serde_json::from_str::<serde_json::Value>(POD)?.to_string();
        let pods = Arc::new(Pods { count, pod, watches: AtomicUsize::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let routes = Router::new().fallback(answer).with_state(pods);
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

async fn answer(State(pods): State<Arc<Pods>>, uri: Uri, Query(parameters): Query<Parameters>) -> Response {
    let is_pods = uri.path().ends_with("/pods");
    match uri.path() {
        "/version" => json(VERSION.to_owned()),
        WATCHES => pods.watches.load(Ordering::Relaxed).to_string().into_response(),
        _ if parameters.watch.is_some() => {
            pods.watches.fetch_add(usize::from(is_pods), Ordering::Relaxed);
            silence(Duration::from_secs(parameters.timeout_seconds.unwrap_or(290)))
        }
        _ if is_pods => {
            json(pods.page(parameters.r#continue.unwrap_or_default(), parameters.limit.unwrap_or(usize::MAX)))
        }
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

impl Pods {
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

/// How large a pod is on the wire.
pub fn bytes_of_a_pod() -> Result<usize> {
    let pod = serde_json::from_str::<serde_json::Value>(POD)?.to_string();
    Ok(Pods { count: 1, pod, watches: AtomicUsize::new(0) }.bytes())
}
