//! Keeps the fake nodes alive. Their own heartbeat comes more seldom than the cluster's patience lasts: without this,
//! every fake pod would be marked as not ready in the middle of a run.

use crate::scene::get;
use anyhow::Result;
use http::Request;
use kube::{Client, client::Body};
use serde_json::{Value, json};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(10);

/// Stops with this value.
pub struct Heartbeat(tokio::task::JoinHandle<()>);

impl Heartbeat {
    /// Renews the lease of each fake node, the first time before this returns.
    pub async fn start(client: Client) -> Result<Self> {
        let nodes = get(&client, "/api/v1/nodes?labelSelector=type%3Dkwok").await?;
        let names: Vec<String> = nodes["items"].as_array().into_iter().flatten().filter_map(name).collect();
        beat(&client, &names).await?;
        Ok(Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                // One that fails is followed by the next, long before the patience ends.
                let _ = beat(&client, &names).await;
            }
        })))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn name(object: &Value) -> Option<String> {
    object.pointer("/metadata/name")?.as_str().map(str::to_owned)
}

async fn beat(client: &Client, nodes: &[String]) -> Result<()> {
    for node in nodes {
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let lease = json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {"name": node, "namespace": "kube-node-lease"},
            "spec": {"holderIdentity": node, "leaseDurationSeconds": 40, "renewTime": now},
        });
        let path = format!(
            "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{node}?fieldManager=bench&force=true"
        );
        let request = Request::patch(path).header("Content-Type", "application/apply-patch+yaml");
        let answer = client.send(request.body(Body::from(lease.to_string().into_bytes()))?).await?;
        anyhow::ensure!(answer.status().is_success(), "{}", answer.status());
    }
    Ok(())
}
