//! CPU and memory of pods and nodes from metrics.k8s.io, and what nodes have.

use super::Clusters;
use crate::Error;
use crate::kubernetes::client::explain;
use chrono::{DateTime, Utc};
use domain::{core::ids::ClusterId, kubernetes::quantity};
use k8s_openapi::api::core::v1::Node;
use kube::{Api, api::ListParams};
use serde::{Deserialize, de::DeserializeOwned};
use std::time::Duration;

const CALL_LIMIT: Duration = Duration::from_secs(10);
/// Nodes of a page. Each lists the images that it has, so one may have tens of kilobytes.
const NODES: u32 = 200;

/// The last measured usage of one pod.
#[derive(Clone, Debug, PartialEq)]
pub struct PodUsage {
    pub namespace: String,
    pub name: String,
    pub sampled_at: DateTime<Utc>,
    pub containers: Vec<ContainerUsage>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ContainerUsage {
    pub name: String,
    /// Thousandths of a CPU.
    pub cpu_millicores: f64,
    pub memory_bytes: f64,
}

/// A node and what it has for pods.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeCapacity {
    pub name: String,
    pub is_ready: bool,
    /// Whether new pods may be placed on it.
    pub is_schedulable: bool,
    /// Thousandths of a CPU.
    pub cpu_millicores: f64,
    pub memory_bytes: f64,
    pub pods: f64,
}

/// What the nodes of a cluster use now, in sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodesUsage {
    /// The number of measured nodes.
    pub nodes: usize,
    /// Thousandths of a CPU.
    pub cpu_millicores: f64,
    pub memory_bytes: f64,
}

#[derive(Deserialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct MeasuredNode {
    usage: Usage,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    timestamp: DateTime<Utc>,
    containers: Vec<Container>,
}

#[derive(Deserialize)]
struct Metadata {
    namespace: String,
    name: String,
}

#[derive(Deserialize)]
struct Container {
    name: String,
    usage: Usage,
}

#[derive(Deserialize)]
struct Usage {
    cpu: String,
    memory: String,
}

impl Clusters {
    /// The current usage of every pod of the cluster. NOT_FOUND or unavailable if the cluster serves no metrics.
    pub async fn pod_metrics(&self, cluster: &ClusterId) -> Result<Vec<PodUsage>, Error> {
        let list: List<Item> = self.read(cluster, "/apis/metrics.k8s.io/v1beta1/pods").await?;
        Ok(list.items.into_iter().map(usage).collect())
    }

    /// The current usage of the nodes of the cluster. NOT_FOUND or unavailable if the cluster serves no metrics.
    pub async fn node_metrics(&self, cluster: &ClusterId) -> Result<NodesUsage, Error> {
        let list: List<MeasuredNode> = self.read(cluster, "/apis/metrics.k8s.io/v1beta1/nodes").await?;
        let sum = |of: fn(&Usage) -> &str| list.items.iter().filter_map(|node| quantity::parse(of(&node.usage))).sum();
        let cpu: f64 = sum(|usage| &usage.cpu);
        Ok(NodesUsage {
            nodes: list.items.len(),
            cpu_millicores: cpu * 1000.0,
            memory_bytes: sum(|usage| &usage.memory),
        })
    }

    /// Every node of the cluster, in the order of their names.
    pub async fn nodes(&self, cluster: &ClusterId) -> Result<Vec<NodeCapacity>, Error> {
        let api: Api<Node> = Api::all(self.client(cluster)?);
        let (mut page, mut nodes) = (ListParams::default().limit(NODES), Vec::new());
        loop {
            let found = answered(api.list(&page)).await?;
            nodes.extend(found.items.into_iter().map(capacity));
            match found.metadata.continue_.filter(|next| !next.is_empty()) {
                Some(next) => page = page.continue_token(&next),
                None => return Ok(nodes),
            }
        }
    }

    async fn read<T: DeserializeOwned>(&self, cluster: &ClusterId, path: &str) -> Result<T, Error> {
        let request = http::Request::get(path).body(Vec::new()).map_err(|error| Error::Internal(error.to_string()))?;
        answered(self.client(cluster)?.request::<T>(request)).await
    }
}

async fn answered<T>(call: impl Future<Output = kube::Result<T>>) -> Result<T, Error> {
    let silent = |_| Error::Unavailable { message: "the API server did not answer within 10 s".to_owned() };
    tokio::time::timeout(CALL_LIMIT, call).await.map_err(silent)?.map_err(|error| Error::from(explain(&error)))
}

fn capacity(node: Node) -> NodeCapacity {
    let status = node.status.unwrap_or_default();
    let has = |what: &str| {
        let quantity = status.allocatable.as_ref().and_then(|all| all.get(what));
        quantity.and_then(|quantity| quantity::parse(&quantity.0)).unwrap_or_default()
    };
    let mut conditions = status.conditions.iter().flatten();
    NodeCapacity {
        name: node.metadata.name.unwrap_or_default(),
        is_ready: conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True"),
        is_schedulable: !node.spec.and_then(|spec| spec.unschedulable).unwrap_or_default(),
        cpu_millicores: has("cpu") * 1000.0,
        memory_bytes: has("memory"),
        pods: has("pods"),
    }
}

fn usage(item: Item) -> PodUsage {
    let containers = item.containers.into_iter().map(|container| ContainerUsage {
        name: container.name,
        cpu_millicores: quantity::parse(&container.usage.cpu).unwrap_or_default() * 1000.0,
        memory_bytes: quantity::parse(&container.usage.memory).unwrap_or_default(),
    });
    PodUsage {
        namespace: item.metadata.namespace,
        name: item.metadata.name,
        sampled_at: item.timestamp,
        containers: containers.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_node_has_what_may_be_allocated_of_it() {
        let node = |ready: &str, unschedulable: bool| {
            let node = json!({
                "metadata": {"name": "w01"},
                "spec": {"unschedulable": unschedulable},
                "status": {
                    "capacity": {"cpu": "8", "memory": "32Gi", "pods": "110"},
                    "allocatable": {"cpu": "7500m", "memory": "30Gi", "pods": "110"},
                    "conditions": [{"type": "MemoryPressure", "status": "True"}, {"type": "Ready", "status": ready}],
                },
            });
            capacity(serde_json::from_value(node).expect("a node"))
        };
        let found = node("True", false);
        assert_eq!((found.cpu_millicores, found.memory_bytes, found.pods), (7500.0, 32_212_254_720.0, 110.0));
        assert!(found.is_ready && found.is_schedulable);
        let found = node("Unknown", true);
        assert!(!found.is_ready && !found.is_schedulable);
        let bare = capacity(Node::default());
        assert_eq!((bare.is_ready, bare.is_schedulable, bare.cpu_millicores), (false, true, 0.0));
    }
}
