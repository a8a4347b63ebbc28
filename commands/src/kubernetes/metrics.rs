//! CPU and memory of pods from metrics.k8s.io.

use super::Clusters;
use crate::Error;
use crate::kubernetes::client::explain;
use chrono::{DateTime, Utc};
use domain::core::ids::ClusterId;
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
        cpu_millicores: quantity(&container.usage.cpu) * 1000.0,
        memory_bytes: quantity(&container.usage.memory),
    });
    PodUsage {
        namespace: item.metadata.namespace,
        name: item.metadata.name,
        sampled_at: item.timestamp,
        containers: containers.collect(),
    }
}

/// Parses a Kubernetes quantity such as `12m`, `345Ki` or `1.5`; 0 if it is none. The suffixes are those of
/// `k8s.io/apimachinery/pkg/api/resource`.
fn quantity(text: &str) -> f64 {
    const SUFFIXES: [(&str, f64); 14] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("", 1.0),
    ];
    SUFFIXES
        .into_iter()
        .find_map(|(suffix, factor)| Some(text.strip_suffix(suffix)?.parse::<f64>().ok()? * factor))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn quantities_are_read() {
        let cases = [("12m", 0.012), ("345Ki", 353_280.0), ("1.5", 1.5), ("187n", 1.87e-7), ("2M", 2e6), ("x", 0.0)];
        for (text, expected) in cases {
            assert!((quantity(text) - expected).abs() < 1e-9, "{text}");
        }
    }
}
