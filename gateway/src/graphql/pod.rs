//! Pods and their containers: types and queries. Live: [`live`], [`log`], [`usage`].

pub mod live;
pub mod log;
pub mod usage;

use super::{
    cluster::Cluster,
    error::Fault,
    page::{self as list, Asked, Connection, window},
    reach,
    scalar::Position,
    services,
    workload::{Workload, object, page_cost},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use projections::{Window, containers, pods};
use serde_json::Value;
use std::sync::Arc;

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
#[derive(Clone)]
pub struct Pod(Arc<pods::Pod>);

/// A container of a pod.
#[derive(SimpleObject)]
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
        Self(Arc::new(row))
    }
}

impl From<containers::Container> for Container {
    fn from(row: containers::Container) -> Self {
        let containers::Container { name, image, ready, restarts, state, reason, .. } = row;
        Self { name, image, ready, restarts, state, reason }
    }
}

#[Object]
impl Pod {
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, Fault> {
        Cluster::of(ctx, &self.0.cluster).await
    }
    async fn namespace(&self) -> &str {
        &self.0.namespace
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn phase(&self) -> &str {
        &self.0.phase
    }
    async fn ready(&self) -> bool {
        self.0.ready
    }
    async fn restarts(&self) -> i32 {
        self.0.restarts
    }
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    async fn node(&self) -> Option<&str> {
        self.0.node.as_deref()
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    async fn labels(&self) -> Value {
        object(&self.0.labels)
    }
    async fn workload(&self, ctx: &Context<'_>) -> Result<Option<Workload>, Fault> {
        match &self.0.workload {
            Some(id) => Workload::of(ctx, id).await,
            None => Ok(None),
        }
    }
    async fn containers(&self, ctx: &Context<'_>) -> Result<Vec<Container>, Fault> {
        let rows = services(ctx).loaders.containers.load_one(self.0.id.clone()).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Container::from).collect())
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
