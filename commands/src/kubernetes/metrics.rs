//! CPU and memory of pods from metrics.k8s.io.

use super::Clusters;
use crate::Error;
use crate::kubernetes::client::explain;
use chrono::{DateTime, Utc};
use domain::{core::ids::ClusterId, kubernetes::quantity};
use serde::Deserialize;
use std::time::Duration;

const CALL_LIMIT: Duration = Duration::from_secs(10);

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

#[derive(Deserialize)]
struct List {
    items: Vec<Item>,
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
        let request = http::Request::get("/apis/metrics.k8s.io/v1beta1/pods")
            .body(Vec::new())
            .map_err(|error| Error::Internal(error.to_string()))?;
        let call = self.client(cluster)?.request::<List>(request);
        let list = tokio::time::timeout(CALL_LIMIT, call)
            .await
            .map_err(|_| Error::Unavailable { message: "metrics.k8s.io did not answer within 10 s".to_owned() })?
            .map_err(|error| Error::from(explain(&error)))?;
        Ok(list.items.into_iter().map(usage).collect())
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
