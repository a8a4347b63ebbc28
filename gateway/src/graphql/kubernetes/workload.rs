//! Workloads: type and queries. Filters are in [`filter`], mutations in [`change`], the subscription in [`live`].

pub mod change;
mod filter;
pub mod live;
pub mod preview;
mod schedule;
pub mod usage;

use super::{
    cause::{AvailableAction, Cause},
    condition::Condition,
    event::{self, KubernetesEvent},
    pod::Pod,
    recorded_change::RecordedChange,
    revision::{self, ObjectRevision},
};
use crate::graphql::{
    context::{reach, reach_nested, scope, services},
    engine::{
        connection::{self, Connection, page_cost, window},
        error::ApiError,
        message::{Message, reveal, text_of},
        reads::read,
        rows::Listed,
        scalar::{Position, object},
    },
    operation::Operation,
    platform::cluster::Cluster,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::kubernetes::{object::ObjectRef, resource::Resource, secret};
pub use filter::{WorkloadFilter, WorkloadKind, WorkloadOrder, WorkloadState};
use projections::Direction;
use projections::models::{operations, pods, recorded_changes, workloads};
use schedule::Schedule;
use serde_json::{Value, json};
use std::sync::Arc;

/// An object that runs pods.
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
    pub async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, ApiError> {
        Cluster::of(ctx, &self.0.cluster).await
    }
    async fn namespace(&self) -> &str {
        &self.0.namespace
    }
    async fn kind(&self) -> Result<WorkloadKind, ApiError> {
        WorkloadKind::of(&self.0.kind).ok_or_else(|| ApiError::new("INTERNAL", "a row of workloads is none"))
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn state(&self) -> WorkloadState {
        self.0.state.into()
    }
    /// The time of the event that brought its state; null while it has the state in which it was first observed.
    async fn state_since(&self) -> Option<DateTime<Utc>> {
        self.0.state_since
    }
    /// The place of its state in the order by STATE: 1 is the worst.
    async fn rank(&self) -> i32 {
        self.0.rank.into()
    }
    /// Why it is in this state, in words; null when all is well.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        let status = &self.0.status;
        let message = status.cause.as_ref().map(|cause| &cause.message).or(status.summary.as_ref());
        text_of(ctx, message).await
    }
    /// Its progress, in the terms of its kind; null when the state is enough.
    async fn summary(&self) -> Option<Message> {
        self.0.status.summary.as_ref().map(Message::from)
    }
    /// Why it is not as desired; null when it is, and while no cause is known.
    async fn cause(&self) -> Option<Cause> {
        self.0.status.cause.as_ref().map(|cause| Cause::new(cause, &self.0.id))
    }
    /// The conditions of its status, by type.
    #[graphql(complexity = "20 + child_complexity")]
    async fn conditions(&self, ctx: &Context<'_>) -> Result<Vec<Condition>, ApiError> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| workloads::conditions(pool, &scope, &self.0.id)).await?;
        Ok(found.into_iter().map(Condition::from).collect())
    }
    /// When it runs; null where the kind has no schedule.
    #[graphql(complexity = "20 + child_complexity")]
    async fn schedule(&self, ctx: &Context<'_>) -> Result<Option<Schedule>, ApiError> {
        if self.0.kind != Resource::CRON_JOB {
            return Ok(None);
        }
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| workloads::cron_job(pool, &scope, &self.0.id)).await?;
        Ok(found.map(Schedule::from))
    }
    /// Its last change in the 30 minutes before its cause began; null without a cause, or if the cluster does not report
    /// since when. A hint, not the cause.
    #[graphql(complexity = "20 + child_complexity")]
    async fn latest_change(&self, ctx: &Context<'_>) -> Result<Option<RecordedChange>, ApiError> {
        let Some(since) = self.0.status.cause.as_ref().and_then(|cause| cause.since) else { return Ok(None) };
        let (scope, row) = (scope(ctx)?, &self.0);
        let found =
            read(ctx, |pool| recorded_changes::before_cause(pool, &scope, &row.id, since, row.created_at)).await?;
        Ok(found.map(RecordedChange::from))
    }
    /// The actions that are possible now, and why others are not.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<AvailableAction>, ApiError> {
        let found = services(ctx).loaders.actions.load_one((scope(ctx)?, self.0.id.clone())).await?;
        Ok(AvailableAction::all(ctx, &self.0.cluster, found.unwrap_or_default().into_iter()))
    }
    async fn desired_replicas(&self) -> Option<i32> {
        self.0.status.counts.desired
    }
    async fn ready_replicas(&self) -> Option<i32> {
        self.0.status.counts.ready
    }
    /// Pods of the current template; null where the kind has no such number.
    async fn updated_replicas(&self) -> Option<i32> {
        self.0.status.counts.updated
    }
    /// Pods that have been ready long enough; null where the kind has no such number.
    async fn available_replicas(&self) -> Option<i32> {
        self.0.status.counts.available
    }
    /// Running or waiting pods of a Job, or Jobs of a CronJob.
    async fn active(&self) -> Option<i32> {
        self.0.status.counts.active
    }
    /// Succeeded pods of a Job.
    async fn succeeded(&self) -> Option<i32> {
        self.0.status.counts.succeeded
    }
    /// Failed pods of a Job.
    async fn failed(&self) -> Option<i32> {
        self.0.status.counts.failed
    }
    /// The workload that controls it, for example the CronJob of a Job.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<Workload>, ApiError> {
        match &self.0.owner {
            Some(id) => Self::of(ctx, id).await,
            None => Ok(None),
        }
    }
    /// The workloads that it controls, for example the runs of a CronJob, the newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn owned(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Workload>, ApiError> {
        let (window, scope) = (window(first, 50, after)?, scope(ctx)?);
        let filter = workloads::Filter { owner: Some(self.0.id.clone()), ..workloads::Filter::default() };
        let order = workloads::Order { field: workloads::OrderField::CreatedAt, direction: Direction::Desc };
        let rows = |pool| workloads::page(pool, &scope, &filter, order, &window);
        connection::load(ctx, &window, rows, |pool| workloads::count(pool, &scope, &filter)).await
    }
    /// The Kubernetes events about it and its pods, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<KubernetesEvent>, ApiError> {
        event::about(ctx, &self.0.id, first, after).await
    }
    /// Each recorded change of its manifest, newest first: when, by whom, and what.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<ObjectRevision>, ApiError> {
        revision::page(ctx, &self.0.id, first, after).await
    }
    /// How often the containers of its pods were started again, over the pods that exist now. Null where no pods count as its
    /// own: those of a Deployment's ReplicaSet count for the Deployment, and a CronJob has Jobs.
    async fn restarts(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        Ok(self.pod_sums(ctx).await?.map(|sums| connection::count(sums.restarts)))
    }
    /// What its pods request in sum; null unless each of their containers requests some.
    async fn cpu_request_millicores(&self, ctx: &Context<'_>) -> Result<Option<f64>, ApiError> {
        Ok(self.pod_sums(ctx).await?.and_then(|sums| sums.cpu_request))
    }
    /// What its pods request in sum; null unless each of their containers requests some.
    async fn memory_request_bytes(&self, ctx: &Context<'_>) -> Result<Option<f64>, ApiError> {
        Ok(self.pod_sums(ctx).await?.and_then(|sums| sums.memory_request))
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
    /// Send it back as expectedVersion. It covers changes by Binnacle and by others.
    async fn version(&self) -> &str {
        &self.0.version
    }
    /// The live manifest, redacted.
    async fn manifest(&self, ctx: &Context<'_>) -> Result<Value, ApiError> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| workloads::manifest(pool, &scope, &self.0.id)).await?;
        let mut manifest = reveal(ctx, found.unwrap_or_else(|| json!({}))).await?;
        secret::redact(&mut manifest);
        Ok(manifest)
    }
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn pods(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Pod>, ApiError> {
        let filter = pods::Filter { workload: Some(self.0.id.clone()), ..pods::Filter::default() };
        super::pod::page(ctx, &filter, pods::Order::default(), &window(first, 50, after)?).await
    }
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Operation>, ApiError> {
        let filter = operations::Filter { target: Some(self.0.id.clone()), ..operations::Filter::default() };
        crate::graphql::operation::page(ctx, &filter, &window(first, 50, after)?).await
    }
}

impl Workload {
    /// None where no pods count as its own.
    async fn pod_sums(&self, ctx: &Context<'_>) -> Result<Option<workloads::PodSums>, ApiError> {
        if !self.0.has_pods() {
            return Ok(None);
        }
        let found = services(ctx).loaders.pod_sums.load_one((scope(ctx)?, self.0.id.clone())).await?;
        Ok(Some(found.unwrap_or_default()))
    }

    /// The workload with this id. Loads of one request are batched.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, ApiError> {
        reach_nested(ctx, &workloads::Workloads).await?;
        Ok(services(ctx).loaders.workloads.load_one((scope(ctx)?, id.to_owned())).await?.map(Self))
    }
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
    ) -> Result<Option<Workload>, ApiError> {
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
    ) -> Result<Option<Workload>, ApiError> {
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
    ) -> Result<Connection<Workload>, ApiError> {
        let window = window(first, 50, after)?;
        let filter = filter.unwrap_or_default().try_into()?;
        reach(ctx, &workloads::Workloads, min_position).await?;
        let scope = scope(ctx)?;
        let order = order_by.map(workloads::Order::from).unwrap_or_default();
        let rows = |pool| workloads::page(pool, &scope, &filter, order, &window);
        connection::load(ctx, &window, rows, |pool| workloads::count(pool, &scope, &filter)).await
    }
}
