//! Nodes without a machine.

use super::World;
use anyhow::{Context, Result, ensure};
use chrono::Utc;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(60);

impl World {
    /// A node without a machine, whose pods are ready at once. Pods run there that select it by its host name.
    pub(super) async fn add_node(&self, name: &str) -> Result<()> {
        let mut node = node(name);
        node["metadata"]["annotations"] = json!({"kwok.x-k8s.io/node": "fake"});
        self.create(&node).await?;
        let end = Instant::now() + PATIENCE;
        loop {
            let node = self.get("v1", "Node", None, name).await?.context("the node")?;
            let conditions = node.pointer("/status/conditions").and_then(Value::as_array).cloned().unwrap_or_default();
            if conditions.iter().any(|one| one["type"] == "Ready" && one["status"] == "True") {
                return Ok(());
            }
            ensure!(Instant::now() < end, "{name} is not ready: {conditions:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A node without a machine that is ready once, and then never reports again.
    pub async fn add_silent_node(&self, name: &str) -> Result<()> {
        let mut node = node(name);
        let now = Utc::now().to_rfc3339();
        node["status"]["conditions"] = json!([{"type": "Ready", "status": "True", "reason": "KubeletReady",
            "lastHeartbeatTime": now, "lastTransitionTime": now}]);
        self.create(&node).await.map(|_| ())
    }

    pub async fn delete_node(&self, name: &str) -> Result<()> {
        self.api("v1", "Node", None).delete(name, &DeleteParams::background()).await?;
        Ok(())
    }

    /// Reports the pods of a workload as ready, as their node would.
    pub(super) async fn make_ready(&self, namespace: &str, app: &str) -> Result<()> {
        let pods = self.api("v1", "Pod", Some(namespace));
        let found = pods.list(&ListParams::default().labels(&format!("app={app}"))).await?;
        ensure!(!found.items.is_empty(), "it has no pod yet");
        for pod in found {
            ensure!(pod.data.pointer("/spec/nodeName").is_some(), "it has no node yet");
            let now = Utc::now().to_rfc3339();
            let condition = |kind: &str| json!({"type": kind, "status": "True", "lastTransitionTime": now});
            let container = json!({"name": "main", "image": "", "imageID": "", "ready": true, "started": true,
                "restartCount": 0, "state": {"running": {"startedAt": now}}});
            let status = json!({"status": {
                "phase": "Running", "containerStatuses": [container],
                "conditions": [condition("PodScheduled"), condition("Initialized"), condition("ContainersReady"), condition("Ready")],
            }});
            let name = pod.metadata.name.unwrap_or_default();
            pods.patch_status(&name, &PatchParams::default(), &Patch::Merge(status)).await?;
        }
        Ok(())
    }
}

fn node(name: &str) -> Value {
    let room = json!({"cpu": "64", "memory": "256Gi", "pods": "1000"});
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"},
        },
        "spec": {"taints": [{"key": "binnacle.test/fake", "value": "yes", "effect": "NoSchedule"}]},
        "status": {"allocatable": room, "capacity": room},
    })
}
