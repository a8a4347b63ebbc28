//! `podMetricsSampled`: CPU and memory of the pods of a list, at each scrape.

use super::{PodFilter, live::may_match};
use crate::{
    graphql::{
        context::{Services, scope, services},
        engine::error::ApiError,
    },
    usage::{Pods, Sample},
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use commands::kubernetes::metrics;
use domain::access::Scope;
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use futures::{Stream, StreamExt};
use projections::models::pods;
use std::{collections::HashSet, sync::Arc};

/// One scrape of metrics.k8s.io.
#[derive(SimpleObject)]
pub struct PodMetricsSample {
    /// The cluster that was measured.
    cluster_id: ID,
    sampled_at: DateTime<Utc>,
    /// False while the cluster serves no metrics.k8s.io; then pods is empty and message says why.
    available: bool,
    message: Option<String>,
    pods: Vec<PodUsage>,
}

#[derive(SimpleObject)]
pub struct PodUsage {
    pod_id: ID,
    namespace: String,
    name: String,
    cpu_millicores: f64,
    memory_bytes: f64,
    containers: Vec<ContainerUsage>,
}

#[derive(SimpleObject)]
pub struct ContainerUsage {
    name: String,
    cpu_millicores: f64,
    memory_bytes: f64,
}

impl From<&metrics::ContainerUsage> for ContainerUsage {
    fn from(usage: &metrics::ContainerUsage) -> Self {
        Self { name: usage.name.clone(), cpu_millicores: usage.cpu_millicores, memory_bytes: usage.memory_bytes }
    }
}

impl PodUsage {
    fn of(id: String, usage: &metrics::PodUsage) -> Self {
        Self {
            pod_id: ID(id),
            namespace: usage.namespace.clone(),
            name: usage.name.clone(),
            cpu_millicores: usage.containers.iter().map(|container| container.cpu_millicores).sum(),
            memory_bytes: usage.containers.iter().map(|container| container.memory_bytes).sum(),
            containers: usage.containers.iter().map(ContainerUsage::from).collect(),
        }
    }
}

#[derive(Default)]
pub struct UsageSubscription;

#[Subscription]
impl UsageSubscription {
    /// One message for each scrape of metrics.k8s.io (about every 15 s), with the pods that the filter matches. The
    /// first message comes at once.
    async fn pod_metrics_sampled(
        &self,
        ctx: &Context<'_>,
        filter: Option<PodFilter>,
    ) -> Result<impl Stream<Item = Result<PodMetricsSample, ApiError>> + use<>, ApiError> {
        let filter: pods::Filter = filter.unwrap_or_default().try_into()?;
        let samples = services(ctx).pod_usage.samples(filter.cluster.as_deref());
        let (services, scope, filter) = (Arc::clone(services(ctx)), Arc::new(scope(ctx)?), Arc::new(filter));
        Ok(samples.then(move |sample| select(Arc::clone(&services), Arc::clone(&scope), Arc::clone(&filter), sample)))
    }
}

/// The part of a sample that the filter matches.
async fn select(
    services: Arc<Services>,
    scope: Arc<Scope>,
    filter: Arc<pods::Filter>,
    sample: Arc<Sample<Pods>>,
) -> Result<PodMetricsSample, ApiError> {
    let (message, measured) = match &sample.measured {
        Ok(pods) => (None, pods.as_slice()),
        Err(message) => (Some(message.clone()), [].as_slice()),
    };
    let named = measured.iter().map(|usage| (object(&sample, usage), usage));
    let named: Vec<_> = named.filter(|(object, _)| may_match(object, &filter)).map(|(o, u)| (o.id(), u)).collect();
    let ids: Vec<String> = named.iter().map(|(id, _)| id.clone()).collect();
    let matching: HashSet<String> =
        pods::matching(services.pool(), &scope, &ids, &filter).await?.into_iter().map(|row| row.id).collect();
    let pods = named.into_iter().filter(|(id, _)| matching.contains(id)).map(|(id, usage)| PodUsage::of(id, usage));
    Ok(PodMetricsSample {
        cluster_id: ID(sample.cluster.to_string()),
        sampled_at: sample.sampled_at,
        available: message.is_none(),
        message,
        pods: pods.collect(),
    })
}

/// The pod that was measured.
pub fn object(sample: &Sample<Pods>, usage: &metrics::PodUsage) -> ObjectRef {
    ObjectRef {
        cluster: sample.cluster.clone(),
        kind: Resource::POD,
        namespace: Some(usage.namespace.clone()),
        name: usage.name.clone(),
    }
}
