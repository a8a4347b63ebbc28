//! Workloads: type, queries, and in [`change`] and [`live`] what is asked of them and what becomes of it.

pub mod change;
pub mod live;

use super::{
    cluster::Cluster,
    error::Fault,
    operation::Operation,
    page::{self, Asked, Connection, window},
    pod::Pod,
    reach,
    scalar::Position,
    services,
};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::object::{Kind, ObjectRef};
use projections::{Direction, operations, pods, workloads};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum WorkloadKind {
    Deployment,
    StatefulSet,
    DaemonSet,
    ReplicaSet,
    Job,
    CronJob,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::observed::WorkloadState")]
pub enum WorkloadState {
    Running,
    Progressing,
    Degraded,
    Failed,
    Stopped,
    Suspended,
    Completed,
    Deleting,
    Unknown,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "workloads::OrderField")]
pub enum WorkloadOrderField {
    Name,
    Namespace,
    State,
    CreatedAt,
}

#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
#[graphql(remote = "Direction")]
pub enum OrderDirection {
    #[default]
    Asc,
    Desc,
}

#[derive(InputObject)]
pub struct WorkloadOrder {
    field: WorkloadOrderField,
    #[graphql(default)]
    direction: OrderDirection,
}

#[derive(InputObject, Default)]
pub struct WorkloadFilter {
    cluster: Option<ID>,
    namespaces: Option<Vec<String>>,
    kinds: Option<Vec<WorkloadKind>>,
    states: Option<Vec<WorkloadState>>,
    /// Part of a name or image.
    search: Option<String>,
    /// Kubernetes label selector.
    label_selector: Option<String>,
}

impl From<WorkloadKind> for Kind {
    fn from(kind: WorkloadKind) -> Self {
        match kind {
            WorkloadKind::Deployment => Self::Deployment,
            WorkloadKind::StatefulSet => Self::StatefulSet,
            WorkloadKind::DaemonSet => Self::DaemonSet,
            WorkloadKind::ReplicaSet => Self::ReplicaSet,
            WorkloadKind::Job => Self::Job,
            WorkloadKind::CronJob => Self::CronJob,
        }
    }
}

/// `None`: it is no workload.
fn workload_kind(kind: Kind) -> Option<WorkloadKind> {
    match kind {
        Kind::Deployment => Some(WorkloadKind::Deployment),
        Kind::StatefulSet => Some(WorkloadKind::StatefulSet),
        Kind::DaemonSet => Some(WorkloadKind::DaemonSet),
        Kind::ReplicaSet => Some(WorkloadKind::ReplicaSet),
        Kind::Job => Some(WorkloadKind::Job),
        Kind::CronJob => Some(WorkloadKind::CronJob),
        Kind::Pod | Kind::Namespace => None,
    }
}

impl From<WorkloadOrder> for workloads::Order {
    fn from(order: WorkloadOrder) -> Self {
        Self { field: order.field.into(), direction: order.direction.into() }
    }
}

impl From<WorkloadFilter> for workloads::Filter {
    fn from(filter: WorkloadFilter) -> Self {
        Self {
            cluster: filter.cluster.map(|id| id.0),
            namespaces: filter.namespaces.unwrap_or_default(),
            kinds: filter.kinds.unwrap_or_default().into_iter().map(Kind::from).collect(),
            states: filter.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            search: filter.search,
            label_selector: filter.label_selector,
        }
    }
}

/// Something that runs pods.
#[derive(Clone)]
pub struct Workload(Arc<workloads::Workload>);

impl From<workloads::Workload> for Workload {
    fn from(row: workloads::Workload) -> Self {
        Self(Arc::new(row))
    }
}

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
        workload_kind(self.0.kind).ok_or_else(|| Fault::new("INTERNAL", "a row of workloads is none"))
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
        object(&self.0.labels)
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
        Ok(workloads::manifest(services(ctx).pool(), &self.0.id).await?.unwrap_or_else(|| json!({})))
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
        super::operation::page(ctx, &filter, &window(first, 50, after)?).await
    }
}

impl Workload {
    /// The workload with this id, loaded together with others.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, Fault> {
        Ok(services(ctx).loaders.workloads.load_one(id.to_owned()).await?.map(Self))
    }
}

/// What a list costs: each of its rows costs what is asked of one.
pub fn page_cost(first: Option<i32>, child_complexity: usize) -> usize {
    usize::try_from(first.unwrap_or(50).clamp(1, page::MAX_FIRST)).unwrap_or(1).saturating_mul(child_complexity)
}

/// Labels are an object, also when there are none.
pub fn object(value: &Value) -> Value {
    if value.is_null() { json!({}) } else { value.clone() }
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
        reach(ctx, min_position).await?;
        Ok(workloads::get(services(ctx).pool(), &id).await?.map(Workload::from))
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
        reach(ctx, min_position).await?;
        let cluster = domain::ids::ClusterId::from_name(&cluster);
        let id = ObjectRef { cluster, kind: kind.into(), namespace: Some(namespace), name }.id();
        Ok(workloads::get(services(ctx).pool(), &id).await?.map(Workload::from))
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
        reach(ctx, min_position).await?;
        let (pool, filter) = (services(ctx).pool(), filter.unwrap_or_default().into());
        let order = order_by.map(workloads::Order::from).unwrap_or_default();
        let rows = workloads::page(pool, &filter, order, &window);
        page::load(Asked::of(ctx), &window, rows, workloads::count(pool, &filter)).await
    }
}
