//! Pods and their containers: types and queries. Live: [`live`], [`log`], [`usage`].

pub mod live;
pub mod log;
pub mod usage;

use super::{
    cause::Cause,
    condition::Condition,
    event::{self, KubernetesEvent},
    workload::Workload,
};
use crate::graphql::{
    context::{reach, reach_nested, scope},
    engine::{
        connection as list,
        connection::{Connection, OrderDirection, SelectedParts, page_cost, window},
        error::ApiError,
        reads::read,
        rows::{self, Listed, Write, written},
        scalar::{Position, object},
    },
    platform::cluster::Cluster,
};
use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, ScalarType, SimpleObject};
use chrono::{DateTime, Utc};
use domain::kubernetes::{cause, observation::Termination};
use projections::{Window, models::pods, query::search::Search};
use serde::Serialize;
use serde_json::Value;

#[derive(InputObject, Default)]
pub struct PodFilter {
    cluster: Option<ID>,
    namespaces: Option<Vec<String>>,
    workload: Option<ID>,
    /// The name of the node it is placed on.
    node: Option<String>,
    /// Part of an image.
    image: Option<String>,
    /// Part of the name, the namespace, an image or the reason, or words of the cause in either language.
    search: Option<String>,
    label_selector: Option<String>,
    phases: Option<Vec<String>>,
    /// Only those for which a cause is known, or with false the others.
    has_cause: Option<bool>,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "pods::OrderField")]
pub enum PodOrderField {
    Name,
    /// What keeps a pod from working first, then what is wrong otherwise, then the others.
    State,
    Restarts,
    CreatedAt,
}

#[derive(InputObject)]
pub struct PodOrder {
    field: PodOrderField,
    #[graphql(default)]
    direction: OrderDirection,
}

impl From<PodOrder> for pods::Order {
    fn from(order: PodOrder) -> Self {
        Self { field: order.field.into(), direction: order.direction.into() }
    }
}

impl TryFrom<PodFilter> for pods::Filter {
    type Error = ApiError;

    fn try_from(filter: PodFilter) -> Result<Self, ApiError> {
        Ok(Self {
            cluster: filter.cluster.map(|id| id.0),
            namespaces: filter.namespaces.unwrap_or_default(),
            workload: filter.workload.map(|id| id.0),
            search: filter.search.as_deref().and_then(Search::new),
            labels: filter.label_selector.unwrap_or_default().parse()?,
            phases: filter.phases.unwrap_or_default(),
            node: filter.node,
            image: filter.image,
            has_cause: filter.has_cause,
        })
    }
}

/// A pod of a cluster.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Pod {
    #[graphql(owned)]
    pub id: ID,
    namespace: String,
    name: String,
    phase: String,
    ready: bool,
    restarts: i32,
    /// The place of its state in the order by STATE: 1 is the worst.
    rank: i32,
    reason: Option<String>,
    node: Option<String>,
    created_at: DateTime<Utc>,
    labels: Value,
    containers: Vec<Container>,
    /// The sum of what its main containers and sidecars request; null unless each of them requests some.
    cpu_request_millicores: Option<f64>,
    /// The sum of their limits; null unless each of them has one.
    cpu_limit_millicores: Option<f64>,
    /// The sum of what its main containers and sidecars request; null unless each of them requests some.
    memory_request_bytes: Option<f64>,
    /// The sum of their limits; null unless each of them has one.
    memory_limit_bytes: Option<f64>,
    #[graphql(skip)]
    cluster_id: String,
    #[graphql(skip)]
    workload_id: Option<String>,
    #[graphql(skip)]
    why: Option<cause::Cause>,
}

/// A container of a pod.
#[derive(Clone, SimpleObject)]
pub struct Container {
    name: String,
    image: String,
    ready: bool,
    restarts: i32,
    state: String,
    reason: Option<String>,
    /// init, sidecar, main or ephemeral.
    role: String,
    /// How it ended: now, or the last time.
    termination: Option<ContainerTermination>,
    /// Null when it requests none, as the next three.
    cpu_request_millicores: Option<f64>,
    cpu_limit_millicores: Option<f64>,
    memory_request_bytes: Option<f64>,
    memory_limit_bytes: Option<f64>,
}

/// How a container ended.
#[derive(Clone, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerTermination {
    /// For example OOMKilled or Error.
    reason: Option<String>,
    exit_code: i32,
    signal: Option<i32>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Termination> for ContainerTermination {
    fn from(end: Termination) -> Self {
        let Termination { reason, exit_code, signal, started_at, finished_at, .. } = end;
        Self { reason: Some(reason).filter(|reason| !reason.is_empty()), exit_code, signal, started_at, finished_at }
    }
}

impl From<pods::Pod> for Pod {
    fn from(row: pods::Pod) -> Self {
        let resources = row.resources();
        Self {
            id: ID(row.id),
            namespace: row.namespace,
            name: row.name,
            phase: row.phase,
            ready: row.ready,
            restarts: row.restarts,
            rank: row.rank.into(),
            reason: row.reason,
            node: row.node,
            created_at: row.created_at,
            labels: object(row.labels),
            containers: row.containers.into_iter().map(Container::from).collect(),
            cpu_request_millicores: number(resources.cpu_request),
            cpu_limit_millicores: number(resources.cpu_limit),
            memory_request_bytes: number(resources.memory_request),
            memory_limit_bytes: number(resources.memory_limit),
            cluster_id: row.cluster,
            workload_id: row.workload,
            why: row.cause,
        }
    }
}

impl From<pods::Container> for Container {
    fn from(seen: pods::Container) -> Self {
        let pods::Container { name, role, image, ready, restarts, state, reason, termination, resources } = seen;
        Self {
            name,
            image,
            ready,
            restarts,
            state,
            reason,
            role: role.as_str().to_owned(),
            termination: termination.map(ContainerTermination::from),
            cpu_request_millicores: number(resources.cpu_request),
            cpu_limit_millicores: number(resources.cpu_limit),
            memory_request_bytes: number(resources.memory_request),
            memory_limit_bytes: number(resources.memory_limit),
        }
    }
}

/// As a Float: an Int of GraphQL ends at two gigabytes.
pub fn number(value: Option<i64>) -> Option<f64> {
    value.map(|value| value as f64)
}

impl Listed for Pod {
    fn own(field: &str, of: Option<&rows::SelectedFields<'_>>) -> Option<Write<Self>> {
        Some(match field {
            "id" => written(|pod| pod.id.as_str()),
            "namespace" => written(|pod| &pod.namespace),
            "name" => written(|pod| &pod.name),
            "phase" => written(|pod| &pod.phase),
            "ready" => written(|pod| &pod.ready),
            "restarts" => written(|pod| &pod.restarts),
            "rank" => written(|pod| &pod.rank),
            "reason" => written(|pod| &pod.reason),
            "node" => written(|pod| &pod.node),
            "createdAt" => Box::new(|pod, text| serde_json::to_writer(text, &pod.created_at.to_value())),
            "labels" => written(|pod| &pod.labels),
            "cpuRequestMillicores" => written(|pod| &pod.cpu_request_millicores),
            "cpuLimitMillicores" => written(|pod| &pod.cpu_limit_millicores),
            "memoryRequestBytes" => written(|pod| &pod.memory_request_bytes),
            "memoryLimitBytes" => written(|pod| &pod.memory_limit_bytes),
            "containers" => {
                let of = of?.plan()?;
                Box::new(move |pod, text| of.write_all(&pod.containers, text))
            }
            _ => return None,
        })
    }
}

impl Listed for Container {
    fn own(field: &str, _of: Option<&rows::SelectedFields<'_>>) -> Option<Write<Self>> {
        Some(match field {
            "name" => written(|container| &container.name),
            "image" => written(|container| &container.image),
            "ready" => written(|container| &container.ready),
            "restarts" => written(|container| &container.restarts),
            "state" => written(|container| &container.state),
            "reason" => written(|container| &container.reason),
            "role" => written(|container| &container.role),
            "cpuRequestMillicores" => written(|container| &container.cpu_request_millicores),
            "cpuLimitMillicores" => written(|container| &container.cpu_limit_millicores),
            "memoryRequestBytes" => written(|container| &container.memory_request_bytes),
            "memoryLimitBytes" => written(|container| &container.memory_limit_bytes),
            _ => return None,
        })
    }
}

#[ComplexObject]
impl Pod {
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, ApiError> {
        Cluster::of(ctx, &self.cluster_id).await
    }
    async fn workload(&self, ctx: &Context<'_>) -> Result<Option<Workload>, ApiError> {
        match &self.workload_id {
            Some(id) => Workload::of(ctx, id).await,
            None => Ok(None),
        }
    }
    /// Why it does not work; null when it does.
    async fn cause(&self) -> Option<Cause> {
        self.why.as_ref().map(|cause| Cause::new(cause, &self.id))
    }
    /// The conditions of its status, by type. PodScheduled, Initialized, ContainersReady and PodReadyToStartContainers are
    /// recorded only while they are not true.
    #[graphql(complexity = "20 + child_complexity")]
    async fn conditions(&self, ctx: &Context<'_>) -> Result<Vec<Condition>, ApiError> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| pods::conditions(pool, &scope, &self.id)).await?;
        Ok(found.into_iter().map(Condition::from).collect())
    }
    /// The Kubernetes events about it, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<KubernetesEvent>, ApiError> {
        event::about(ctx, &self.id, first, after).await
    }
}

/// One window of the pods that the filter matches.
pub async fn page(
    ctx: &Context<'_>,
    filter: &pods::Filter,
    order: pods::Order,
    window: &Window,
) -> Result<Connection<Pod>, ApiError> {
    reach_nested(ctx, &pods::Pods).await?;
    let (scope, has_labels) = (scope(ctx)?, SelectedParts::of(ctx).labels);
    let rows = |pool| pods::page(pool, &scope, filter, order, window, has_labels);
    list::load(ctx, window, rows, |pool| pods::count(pool, &scope, filter)).await
}

#[derive(Default)]
pub struct PodQuery;

#[Object]
impl PodQuery {
    async fn pod(&self, ctx: &Context<'_>, id: ID, min_position: Option<Position>) -> Result<Option<Pod>, ApiError> {
        reach(ctx, &pods::Pods, min_position).await?;
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| pods::get(pool, &scope, &id)).await?.map(Pod::from))
    }

    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn pods(
        &self,
        ctx: &Context<'_>,
        filter: Option<PodFilter>,
        order_by: Option<PodOrder>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        min_position: Option<Position>,
    ) -> Result<Connection<Pod>, ApiError> {
        let window = window(first, 50, after)?;
        let filter = filter.unwrap_or_default().try_into()?;
        reach(ctx, &pods::Pods, min_position).await?;
        page(ctx, &filter, order_by.map(Into::into).unwrap_or_default(), &window).await
    }
}
