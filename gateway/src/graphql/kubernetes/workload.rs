//! Workloads: type and queries. Which of them is in [`filter`], what is asked of them in [`change`], what becomes of it in
//! [`live`].

pub mod change;
mod filter;
pub mod live;

use super::pod::Pod;
use crate::graphql::{
    context::{reach, reach_nested, scope, services},
    engine::{
        connection::{self, Connection, window},
        error::Fault,
        reads::read,
        rows::Listed,
        scalar::Position,
    },
    operation::Operation,
    platform::cluster::Cluster,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::kubernetes::object::ObjectRef;
pub use filter::{WorkloadFilter, WorkloadKind, WorkloadOrder, WorkloadState};
use projections::models::{operations, pods, workloads};
use serde_json::{Value, json};
use std::sync::Arc;

/// Something that runs pods.
#[derive(Clone)]
pub struct Workload(Arc<workloads::Workload>);

impl From<workloads::Workload> for Workload {
    fn from(row: workloads::Workload) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for Workload {}

#[Object]
impl Workload {
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, Fault> {
        Cluster::of(ctx, &self.0.cluster).await
    }
    async fn namespace(&self) -> &str {
        &self.0.namespace
    }
    async fn kind(&self) -> Result<WorkloadKind, Fault> {
        WorkloadKind::of(&self.0.kind).ok_or_else(|| Fault::new("INTERNAL", "a row of workloads is none"))
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn state(&self) -> WorkloadState {
        self.0.state.into()
    }
    /// Why it is in this state, in words; null when all is well.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    async fn desired_replicas(&self) -> Option<i32> {
        self.0.desired_replicas
    }
    async fn ready_replicas(&self) -> Option<i32> {
        self.0.ready_replicas
    }
    async fn images(&self) -> &[String] {
        &self.0.images
    }
    async fn labels(&self) -> Value {
        object(self.0.labels.clone())
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Hand it back as expectedVersion: covers what Binnacle did and what others changed.
    async fn version(&self) -> &str {
        &self.0.version
    }
    /// The live manifest, redacted.
    async fn manifest(&self, ctx: &Context<'_>) -> Result<Value, Fault> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| workloads::manifest(pool, &scope, &self.0.id)).await?;
        Ok(found.unwrap_or_else(|| json!({})))
    }
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn pods(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Pod>, Fault> {
        let filter = pods::Filter { workload: Some(self.0.id.clone()), ..pods::Filter::default() };
        super::pod::page(ctx, &filter, &window(first, 50, after)?).await
    }
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Operation>, Fault> {
        let filter = operations::Filter { target: Some(self.0.id.clone()), ..operations::Filter::default() };
        crate::graphql::operation::page(ctx, &filter, &window(first, 50, after)?).await
    }
}

impl Workload {
    /// The workload with this id, loaded together with others.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, Fault> {
        reach_nested(ctx, &workloads::Workloads).await?;
        Ok(services(ctx).loaders.workloads.load_one((scope(ctx)?, id.to_owned())).await?.map(Self))
    }
}

/// What a list costs: each of its rows costs what is asked of one.
pub fn page_cost(first: Option<i32>, child_complexity: usize) -> usize {
    usize::try_from(first.unwrap_or(50).clamp(1, connection::MAX_FIRST)).unwrap_or(1).saturating_mul(child_complexity)
}

/// Labels are an object, also when there are none.
pub fn object(value: Value) -> Value {
    if value.is_null() { json!({}) } else { value }
}

#[derive(Default)]
pub struct WorkloadQuery;

#[Object]
impl WorkloadQuery {
    async fn workload(
        &self,
        ctx: &Context<'_>,
        id: ID,
        min_position: Option<Position>,
    ) -> Result<Option<Workload>, Fault> {
        reach(ctx, &workloads::Workloads, min_position).await?;
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| workloads::get(pool, &scope, &id)).await?.map(Workload::from))
    }

    async fn workload_by_name(
        &self,
        ctx: &Context<'_>,
        cluster: ID,
        namespace: String,
        kind: WorkloadKind,
        name: String,
        min_position: Option<Position>,
    ) -> Result<Option<Workload>, Fault> {
        reach(ctx, &workloads::Workloads, min_position).await?;
        let cluster = domain::core::ids::ClusterId::from_name(&cluster);
        let id = ObjectRef { cluster, kind: kind.into(), namespace: Some(namespace), name }.id();
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| workloads::get(pool, &scope, &id)).await?.map(Workload::from))
    }

    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn workloads(
        &self,
        ctx: &Context<'_>,
        filter: Option<WorkloadFilter>,
        order_by: Option<WorkloadOrder>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        min_position: Option<Position>,
    ) -> Result<Connection<Workload>, Fault> {
        let window = window(first, 50, after)?;
        let filter = filter.unwrap_or_default().try_into()?;
        reach(ctx, &workloads::Workloads, min_position).await?;
        let scope = scope(ctx)?;
        let order = order_by.map(workloads::Order::from).unwrap_or_default();
        let rows = |pool| workloads::page(pool, &scope, &filter, order, &window);
        connection::load(ctx, &window, rows, |pool| workloads::count(pool, &scope, &filter)).await
    }
}
