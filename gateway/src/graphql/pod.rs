//! Pods and their containers: types and queries. Live: [`live`], [`log`], [`usage`].

pub mod live;
pub mod log;
pub mod usage;

use super::{
    cluster::Cluster,
    error::Fault,
    page::{self as list, Asked, Connection, window},
    reach,
    rows::Listed,
    scalar::{self, Position},
    services,
    workload::{Workload, object, page_cost},
};
use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::observed::ContainerSnapshot;
use projections::{Window, pods};
use serde::Serialize;
use serde_json::Value;

#[derive(InputObject, Default)]
pub struct PodFilter {
    cluster: Option<ID>,
    namespaces: Option<Vec<String>>,
    workload: Option<ID>,
    search: Option<String>,
    label_selector: Option<String>,
    phases: Option<Vec<String>>,
}

impl From<PodFilter> for pods::Filter {
    fn from(filter: PodFilter) -> Self {
        Self {
            cluster: filter.cluster.map(|id| id.0),
            namespaces: filter.namespaces.unwrap_or_default(),
            workload: filter.workload.map(|id| id.0),
            search: filter.search,
            label_selector: filter.label_selector,
            phases: filter.phases.unwrap_or_default(),
        }
    }
}

/// A pod of a cluster.
#[derive(Clone, SimpleObject, Serialize)]
#[graphql(complex)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    id: ID,
    namespace: String,
    name: String,
    phase: String,
    ready: bool,
    restarts: i32,
    reason: Option<String>,
    node: Option<String>,
    #[serde(serialize_with = "scalar::rfc3339")]
    created_at: DateTime<Utc>,
    labels: Value,
    containers: Vec<Container>,
    #[graphql(skip)]
    #[serde(skip)]
    cluster_id: String,
    #[graphql(skip)]
    #[serde(skip)]
    workload_id: Option<String>,
}

/// A container of a pod.
#[derive(Clone, SimpleObject, Serialize)]
pub struct Container {
    name: String,
    image: String,
    ready: bool,
    restarts: i32,
    state: String,
    reason: Option<String>,
}

impl From<pods::Pod> for Pod {
    fn from(row: pods::Pod) -> Self {
        Self {
            id: ID(row.id),
            namespace: row.namespace,
            name: row.name,
            phase: row.phase,
            ready: row.ready,
            restarts: row.restarts,
            reason: row.reason,
            node: row.node,
            created_at: row.created_at,
            labels: object(row.labels),
            containers: row.containers.into_iter().map(Container::from).collect(),
            cluster_id: row.cluster,
            workload_id: row.workload,
        }
    }
}

impl From<ContainerSnapshot> for Container {
    fn from(seen: ContainerSnapshot) -> Self {
        let ContainerSnapshot { name, image, ready, restarts, state, reason } = seen;
        Self { name, image, ready, restarts, state, reason }
    }
}

impl Listed for Pod {
    fn own(&self) -> Option<async_graphql::Value> {
        async_graphql::to_value(self).ok()
    }
}

#[ComplexObject]
impl Pod {
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, Fault> {
        Cluster::of(ctx, &self.cluster_id).await
    }
    async fn workload(&self, ctx: &Context<'_>) -> Result<Option<Workload>, Fault> {
        match &self.workload_id {
            Some(id) => Workload::of(ctx, id).await,
            None => Ok(None),
        }
    }
}

/// One window of the pods that the filter matches.
pub async fn page(ctx: &Context<'_>, filter: &pods::Filter, window: &Window) -> Result<Connection<Pod>, Fault> {
    let pool = services(ctx).pool();
    list::load(Asked::of(ctx), window, pods::page(pool, filter, window), pods::count(pool, filter)).await
}

#[derive(Default)]
pub struct PodQuery;

#[Object]
impl PodQuery {
    async fn pod(&self, ctx: &Context<'_>, id: ID, min_position: Option<Position>) -> Result<Option<Pod>, Fault> {
        reach(ctx, min_position).await?;
        Ok(pods::get_many(services(ctx).pool(), &[id.0]).await?.pop().map(Pod::from))
    }

    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn pods(
        &self,
        ctx: &Context<'_>,
        filter: Option<PodFilter>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        min_position: Option<Position>,
    ) -> Result<Connection<Pod>, Fault> {
        let window = window(first, 50, after)?;
        reach(ctx, min_position).await?;
        page(ctx, &filter.unwrap_or_default().into(), &window).await
    }
}
