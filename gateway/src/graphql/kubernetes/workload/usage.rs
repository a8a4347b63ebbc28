//! `workloadMetricsSampled`: CPU and memory of the workloads of a list, summed over their pods, at each scrape.

use super::WorkloadFilter;
use crate::{
    graphql::{
        context::{Services, scope, services},
        engine::{connection::count, error::ApiError},
        kubernetes::pod::usage::object,
    },
    usage::{Pods, Sample},
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use commands::kubernetes::metrics::PodUsage;
use domain::access::Scope;
use futures::{Stream, StreamExt};
use projections::models::workloads::{self, OwnedPod};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// One scrape of metrics.k8s.io.
#[derive(SimpleObject)]
pub struct WorkloadMetricsSample {
    /// The cluster that was measured.
    cluster_id: ID,
    sampled_at: DateTime<Utc>,
    /// False while the cluster serves no metrics.k8s.io; then workloads is empty and message says why.
    available: bool,
    message: Option<String>,
    /// Those with a measured pod.
    workloads: Vec<WorkloadUsage>,
}

/// The sums over the measured pods of a workload.
#[derive(SimpleObject, Clone, Debug, Default, PartialEq)]
pub struct WorkloadUsage {
    workload_id: ID,
    /// The number of measured pods.
    pods: i32,
    cpu_millicores: f64,
    memory_bytes: f64,
    /// What these pods request; null unless each of their containers requests some.
    cpu_request_millicores: Option<f64>,
    /// What these pods request; null unless each of their containers requests some.
    memory_request_bytes: Option<f64>,
}

#[derive(Default)]
pub struct WorkloadUsageSubscription;

#[Subscription]
impl WorkloadUsageSubscription {
    /// One message for each scrape of metrics.k8s.io (about every 15 s), with the workloads that the filter matches. The
    /// first message comes at once.
    async fn workload_metrics_sampled(
        &self,
        ctx: &Context<'_>,
        filter: Option<WorkloadFilter>,
    ) -> Result<impl Stream<Item = Result<WorkloadMetricsSample, ApiError>> + use<>, ApiError> {
        let filter: workloads::Filter = filter.unwrap_or_default().try_into()?;
        let samples = services(ctx).pod_usage.samples(filter.cluster.as_deref());
        let (services, scope, filter) = (Arc::clone(services(ctx)), Arc::new(scope(ctx)?), Arc::new(filter));
        Ok(samples.then(move |sample| select(Arc::clone(&services), Arc::clone(&scope), Arc::clone(&filter), sample)))
    }
}

/// The part of a sample that the filter matches.
async fn select(
    services: Arc<Services>,
    scope: Arc<Scope>,
    filter: Arc<workloads::Filter>,
    sample: Arc<Sample<Pods>>,
) -> Result<WorkloadMetricsSample, ApiError> {
    let (message, measured) = match &sample.measured {
        Ok(pods) => (None, pods.as_slice()),
        Err(message) => (Some(message.clone()), [].as_slice()),
    };
    let is_wanted = |usage: &&PodUsage| filter.namespaces.is_empty() || filter.namespaces.contains(&usage.namespace);
    let measured: HashMap<String, &PodUsage> =
        measured.iter().filter(is_wanted).map(|usage| (object(&sample, usage).id(), usage)).collect();
    let ids: Vec<String> = measured.keys().cloned().collect();
    let owned = workloads::owned_pods(services.pool(), &scope, &ids).await?;
    let owners: HashSet<&String> = owned.iter().map(|pod| &pod.workload).collect();
    let owners: Vec<String> = owners.into_iter().cloned().collect();
    let matching = workloads::matching_ids(services.pool(), &scope, &owners, &filter).await?;
    let matching: HashSet<String> = matching.into_iter().collect();
    let shown = owned.iter().filter(|pod| matching.contains(&pod.workload));
    Ok(WorkloadMetricsSample {
        cluster_id: ID(sample.cluster.to_string()),
        sampled_at: sample.sampled_at,
        available: message.is_none(),
        message,
        workloads: sums(shown.filter_map(|pod| Some((pod, *measured.get(&pod.id)?)))),
    })
}

/// The usage of each workload, in the order of their ids.
fn sums<'a>(pods: impl Iterator<Item = (&'a OwnedPod, &'a PodUsage)>) -> Vec<WorkloadUsage> {
    let mut of_workloads: BTreeMap<&str, Vec<(&OwnedPod, &PodUsage)>> = BTreeMap::new();
    for (pod, usage) in pods {
        of_workloads.entry(&pod.workload).or_default().push((pod, usage));
    }
    let sum = |(workload, pods): (&str, Vec<(&OwnedPod, &PodUsage)>)| {
        let containers = || pods.iter().flat_map(|(_, usage)| &usage.containers);
        let request = |of: fn(&OwnedPod) -> Option<i64>| pods.iter().map(|(pod, _)| of(pod).map(|n| n as f64)).sum();
        WorkloadUsage {
            workload_id: ID(workload.to_owned()),
            pods: count(i64::try_from(pods.len()).unwrap_or(i64::MAX)),
            cpu_millicores: containers().map(|container| container.cpu_millicores).sum(),
            memory_bytes: containers().map(|container| container.memory_bytes).sum(),
            cpu_request_millicores: request(|pod| pod.cpu_request),
            memory_request_bytes: request(|pod| pod.memory_request),
        }
    };
    of_workloads.into_iter().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use commands::kubernetes::metrics::ContainerUsage;

    #[test]
    fn usage_is_summed_and_requests_only_if_each_pod_has_one() {
        let pod = |id: &str, workload: &str, cpu_request, memory_request| OwnedPod {
            id: id.to_owned(),
            workload: workload.to_owned(),
            cpu_request,
            memory_request,
        };
        let container = |cpu_millicores| ContainerUsage { name: "a".to_owned(), cpu_millicores, memory_bytes: 1e9 };
        let usage = |containers| PodUsage {
            namespace: "shop".to_owned(),
            name: "web-1".to_owned(),
            sampled_at: DateTime::UNIX_EPOCH,
            containers,
        };
        let pods = [pod("1", "web", Some(100), Some(4_000_000_000)), pod("2", "web", Some(50), None)];
        let other = pod("3", "db", None, None);
        let (two, one) = (usage(vec![container(5.0), container(2.0)]), usage(vec![container(1.0)]));
        let found = sums([(&pods[0], &two), (&other, &one), (&pods[1], &one)].into_iter());
        let expected = [
            WorkloadUsage {
                workload_id: ID("db".to_owned()),
                pods: 1,
                cpu_millicores: 1.0,
                memory_bytes: 1e9,
                ..WorkloadUsage::default()
            },
            WorkloadUsage {
                workload_id: ID("web".to_owned()),
                pods: 2,
                cpu_millicores: 8.0,
                memory_bytes: 3e9,
                cpu_request_millicores: Some(150.0),
                memory_request_bytes: None,
            },
        ];
        assert_eq!(found, expected);
    }
}
