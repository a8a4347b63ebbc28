//! `capacitySampled`: what the nodes of a cluster have for pods, what is requested of it and what is used, every 15 s.

use crate::{
    graphql::{
        context::{Services, scope, services},
        engine::{connection::count, error::ApiError},
    },
    usage::{Nodes, Sample},
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use commands::kubernetes::metrics::{NodeCapacity, NodesUsage};
use domain::access::Scope;
use futures::{Stream, StreamExt};
use projections::models::pods::Requested;
use std::sync::Arc;

/// Names of nodes that are listed, at most.
const NAMED: usize = 10;

/// One look at the nodes of a cluster.
#[derive(SimpleObject)]
pub struct CapacitySample {
    cluster_id: ID,
    sampled_at: DateTime<Utc>,
    /// Null if the nodes may not or cannot be read; then message says why.
    nodes: Option<NodesCapacity>,
    message: Option<String>,
    /// What nodes use, by metrics.k8s.io; null if that is not known. Then usageMessage says why.
    usage: Option<NodesUsed>,
    usage_message: Option<String>,
}

/// What the nodes of a cluster have for pods, in sum, whether they are ready or not.
#[derive(SimpleObject, Debug, PartialEq)]
pub struct NodesCapacity {
    count: i32,
    ready: i32,
    /// The names of those that are not ready, at most 10.
    not_ready: Vec<String>,
    /// Nodes on which no new pod may be placed.
    unschedulable: i32,
    cpu_millicores: f64,
    memory_bytes: f64,
    pods: f64,
    /// The pods that have a node and have not ended.
    pods_placed: i32,
    /// What these pods request, as the scheduler counts it.
    cpu_requested_millicores: f64,
    memory_requested_bytes: f64,
}

/// The sums over the measured nodes.
#[derive(SimpleObject, Debug, PartialEq)]
pub struct NodesUsed {
    nodes: i32,
    cpu_millicores: f64,
    memory_bytes: f64,
}

#[derive(Default)]
pub struct CapacitySubscription;

#[Subscription]
impl CapacitySubscription {
    /// One message about every 15 s for each cluster, or for one. The last one comes at once. Only for viewers who may see
    /// what is outside namespaces.
    async fn capacity_sampled(
        &self,
        ctx: &Context<'_>,
        cluster: Option<ID>,
    ) -> Result<impl Stream<Item = Result<CapacitySample, ApiError>> + use<>, ApiError> {
        let samples = services(ctx).node_usage.samples(cluster.as_deref().map(String::as_str));
        let (services, scope) = (Arc::clone(services(ctx)), Arc::new(scope(ctx)?));
        Ok(samples.filter_map(move |sample| of(Arc::clone(&services), Arc::clone(&scope), sample)))
    }
}

async fn of(
    services: Arc<Services>,
    scope: Arc<Scope>,
    sample: Arc<Sample<Nodes>>,
) -> Option<Result<CapacitySample, ApiError>> {
    if !scope.contains(sample.cluster.as_str(), None) {
        return None;
    }
    let requested = services.requested.of(services.pool(), &sample).await;
    Some(requested.map(|requested| answer(&sample, &requested)).map_err(ApiError::from))
}

fn answer(sample: &Sample<Nodes>, requested: &Requested) -> CapacitySample {
    let Nodes { capacity, usage } = &sample.measured;
    CapacitySample {
        cluster_id: ID(sample.cluster.to_string()),
        sampled_at: sample.sampled_at,
        nodes: capacity.as_ref().ok().map(|nodes| sum(nodes, requested)),
        message: capacity.as_ref().err().cloned(),
        usage: usage.as_ref().ok().map(used),
        usage_message: usage.as_ref().err().cloned(),
    }
}

fn sum(nodes: &[NodeCapacity], requested: &Requested) -> NodesCapacity {
    let how_many = |is: fn(&NodeCapacity) -> bool| number(nodes.iter().filter(|node| is(node)).count());
    let sum = |of: fn(&NodeCapacity) -> f64| nodes.iter().map(of).sum();
    let not_ready = nodes.iter().filter(|node| !node.is_ready).map(|node| node.name.clone());
    NodesCapacity {
        count: number(nodes.len()),
        ready: how_many(|node| node.is_ready),
        not_ready: not_ready.take(NAMED).collect(),
        unschedulable: how_many(|node| !node.is_schedulable),
        cpu_millicores: sum(|node| node.cpu_millicores),
        memory_bytes: sum(|node| node.memory_bytes),
        pods: sum(|node| node.pods),
        pods_placed: count(requested.pods),
        cpu_requested_millicores: requested.cpu,
        memory_requested_bytes: requested.memory,
    }
}

fn used(usage: &NodesUsage) -> NodesUsed {
    let NodesUsage { nodes, cpu_millicores, memory_bytes } = *usage;
    NodesUsed { nodes: number(nodes), cpu_millicores, memory_bytes }
}

fn number(found: usize) -> i32 {
    count(i64::try_from(found).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::ids::ClusterId;

    #[test]
    fn what_cannot_be_read_is_said_beside_what_can() {
        let node = |name: &str, is_ready: bool| NodeCapacity {
            name: name.to_owned(),
            is_ready,
            is_schedulable: is_ready,
            cpu_millicores: 4000.0,
            memory_bytes: 1024.0,
            pods: 110.0,
        };
        let requested = Requested { pods: 12, cpu: 1500.0, memory: 512.0 };
        let sample = |measured| Sample { cluster: ClusterId::from_name("dev"), sampled_at: Utc::now(), measured };
        let nodes = vec![node("a", true), node("b", false)];
        let found = answer(&sample(Nodes { capacity: Ok(nodes), usage: Err("no metrics".to_owned()) }), &requested);
        let capacity = found.nodes.expect("the nodes");
        assert_eq!((capacity.count, capacity.ready, capacity.unschedulable), (2, 1, 1));
        assert_eq!((capacity.not_ready, capacity.cpu_millicores, capacity.pods), (vec!["b".to_owned()], 8000.0, 220.0));
        assert_eq!((capacity.pods_placed, capacity.cpu_requested_millicores), (12, 1500.0));
        assert_eq!((found.message, found.usage, found.usage_message.as_deref()), (None, None, Some("no metrics")));

        let usage = NodesUsage { nodes: 2, cpu_millicores: 300.0, memory_bytes: 100.0 };
        let found = answer(&sample(Nodes { capacity: Err("forbidden".to_owned()), usage: Ok(usage) }), &requested);
        assert_eq!((found.nodes, found.message.as_deref()), (None, Some("forbidden")));
        assert_eq!(found.usage, Some(NodesUsed { nodes: 2, cpu_millicores: 300.0, memory_bytes: 100.0 }));
    }
}
