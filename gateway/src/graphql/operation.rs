//! Operations: type, queries, cancelling and retrying. Live: [`live`]. Many at once: [`batch`].

pub mod batch;
mod call;
pub mod change;
mod conflict;
pub mod live;
pub mod result;

use crate::graphql::context::{language, reach, reach_nested, scope, services};
use crate::graphql::{
    engine::{
        connection as list,
        connection::{Connection, page_cost, window},
        error::ApiError,
        message::{Message, conflicts, text, text_of},
        reads::read,
        rows::Listed,
        scalar::{Position, uuid},
    },
    kubernetes::{cause::Cause, workload::Workload},
    platform::{cluster::Cluster, user::User},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use batch::Batch;
use call::{ApiCall, OperationCall};
use chrono::{DateTime, Utc};
pub use conflict::FieldConflict;
use domain::{
    core::{ids::ClusterId, message::Code},
    operation::verb_names,
};
use projections::{Window, models::operations};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::operation::OperationState")]
pub enum OperationState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Unknown,
    /// Somebody else changed what the operation had requested.
    Overtaken,
}

#[derive(InputObject, Default)]
pub struct OperationFilter {
    cluster: Option<ID>,
    namespace: Option<String>,
    target: Option<ID>,
    states: Option<Vec<OperationState>>,
    actor: Option<ID>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl OperationFilter {
    fn read(self) -> operations::Filter {
        operations::Filter {
            cluster: self.cluster.map(|id| id.0),
            namespace: self.namespace,
            target: self.target.map(|id| id.0),
            states: self.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            is_open: false,
            kinds: Vec::new(),
            actor: self.actor.map(uuid),
            batch: None,
            since: self.since,
            until: self.until,
        }
    }
}

/// One operation that a person requested, and its outcome.
#[derive(Clone)]
pub struct Operation(Arc<operations::Operation>);

/// One step of an operation.
pub struct OperationStage {
    stage: operations::Stage,
    target: String,
}

/// Why an operation failed.
pub struct OperationError(domain::operation::Failure);

/// The target of an operation.
pub struct OperationTarget(Arc<operations::Operation>);

impl From<domain::operation::Failure> for OperationError {
    fn from(failure: domain::operation::Failure) -> Self {
        Self(failure)
    }
}

impl From<operations::Operation> for Operation {
    fn from(row: operations::Operation) -> Self {
        Self(Arc::new(row))
    }
}

#[Object]
impl OperationStage {
    async fn name(&self) -> &str {
        &self.stage.name
    }
    async fn state(&self) -> OperationState {
        self.stage.state.into()
    }
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.stage.started_at
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.stage.finished_at
    }
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        text_of(ctx, self.stage.message.as_ref()).await
    }
    /// The calls to Kubernetes that the log shows, in order: the last ten. Of the reads of a stage that waits, only those
    /// that failed.
    async fn calls(&self) -> Vec<OperationCall> {
        let calls = self.stage.calls.latest.iter().cloned();
        calls.map(|call| OperationCall::new(call, &self.target)).collect()
    }
    /// The last calls to the API of the cluster, as they were made: at most 20. Reads that showed nothing new may be missing.
    async fn api_calls(&self) -> Vec<ApiCall> {
        self.stage.api_calls.iter().cloned().map(ApiCall::from).collect()
    }
    /// How many calls there were.
    async fn call_count(&self) -> i32 {
        self.stage.calls.count
    }
}

#[Object]
impl OperationError {
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }
    async fn message(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        text(ctx, &self.0.message).await
    }
    async fn retryable(&self) -> bool {
        self.0.code.is_retryable()
    }
    /// With CONFLICT of an edit: the fields that others changed too.
    async fn conflicts(&self, ctx: &Context<'_>) -> Result<Vec<FieldConflict>, ApiError> {
        Ok(conflicts(ctx, &self.0.message).await?.into_iter().map(FieldConflict::from).collect())
    }
}

impl Listed for Operation {}

#[Object]
impl Operation {
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }
    /// The verb, for example ScaleWorkload.
    async fn kind(&self) -> &str {
        &self.0.kind
    }
    async fn state(&self) -> OperationState {
        self.0.state.into()
    }
    /// 0 to 100.
    async fn progress(&self) -> i32 {
        self.0.progress
    }
    /// The stage in words, for example: waiting until 3 of 5 replicas are ready.
    async fn stage(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        text_of(ctx, Some(&self.0.stage)).await
    }
    async fn stages(&self) -> Vec<OperationStage> {
        let stage = |stage: &operations::Stage| OperationStage { stage: stage.clone(), target: self.0.target.clone() };
        self.0.stages.iter().map(stage).collect()
    }
    /// What it waits for now, and what will end that early; null once it has ended.
    async fn waits_for(&self) -> Option<Message> {
        self.0.waits_for().as_ref().map(Message::from)
    }
    /// When it ends as TIMED_OUT, unless something ends it before; null until it starts.
    async fn deadline(&self) -> Option<DateTime<Utc>> {
        self.0.deadline
    }
    /// What blocks it, or blocked it.
    async fn cause(&self) -> Option<Cause> {
        self.0.cause.as_ref().map(|cause| Cause::new(cause, &self.0.target))
    }
    /// With OVERTAKEN: who did it, by which manager; null if the cluster names nobody.
    async fn overtaken_by(&self) -> Option<&str> {
        self.0.overtaken.as_ref()?.manager.as_deref()
    }
    /// With CANCELLED: the newer operation on the same object that ended it; null if somebody cancelled it.
    async fn superseded_by(&self) -> Option<ID> {
        self.0.superseded_by.map(|newer| ID(newer.to_string()))
    }
    async fn target(&self) -> OperationTarget {
        OperationTarget(Arc::clone(&self.0))
    }
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>, ApiError> {
        User::of_actor(ctx, self.0.actor.as_ref()).await
    }
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// The batch that asked for it.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<Batch>, ApiError> {
        match self.0.batch {
            Some(batch) => Batch::of(ctx, batch).await,
            None => Ok(None),
        }
    }
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }
    async fn error(&self) -> Option<OperationError> {
        self.0.error.clone().map(OperationError)
    }
    async fn can_cancel(&self) -> bool {
        self.0.can_cancel()
    }
    async fn can_retry(&self, ctx: &Context<'_>) -> bool {
        self.0.can_retry() && services(ctx).clusters.closed(&ClusterId::from_name(&self.0.cluster)).is_none()
    }
    async fn requested_position(&self) -> Position {
        Position(self.0.requested_position)
    }
    async fn last_position(&self) -> Position {
        Position(self.0.last_position)
    }
}

impl Operation {
    /// The operation with this id. Loads of one request are batched.
    pub async fn of(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>, ApiError> {
        reach_nested(ctx, &operations::OperationsLog).await?;
        Ok(services(ctx).loaders.operations.load_one((scope(ctx)?, id)).await?.map(Self))
    }
}

#[Object]
impl OperationTarget {
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, ApiError> {
        Cluster::of(ctx, &self.0.cluster).await
    }
    async fn namespace(&self) -> Option<&str> {
        self.0.namespace.as_deref()
    }
    async fn kind(&self) -> String {
        self.0.target_kind.to_string()
    }
    async fn name(&self) -> &str {
        &self.0.target_name
    }
    async fn workload(&self, ctx: &Context<'_>) -> Result<Option<Workload>, ApiError> {
        Workload::of(ctx, &self.0.target).await
    }
}

/// One window of the operations that the filter matches, the newest first.
pub async fn page(
    ctx: &Context<'_>,
    filter: &operations::Filter,
    window: &Window,
) -> Result<Connection<Operation>, ApiError> {
    reach_nested(ctx, &operations::OperationsLog).await?;
    let scope = scope(ctx)?;
    let rows = |pool| operations::page(pool, &scope, filter, window);
    list::load(ctx, window, rows, |pool| operations::count(pool, &scope, filter)).await
}

/// A verb of operations, and what it is called.
#[derive(SimpleObject)]
pub struct OperationKind {
    /// For example ScaleWorkload.
    name: String,
    label: String,
}

#[derive(Default)]
pub struct OperationQuery;

#[Object]
impl OperationQuery {
    /// Every verb of operations, in the order of the actions.
    async fn operation_kinds(&self, ctx: &Context<'_>) -> Vec<OperationKind> {
        let kind = |verb: &str| {
            let label = language(ctx).text(&Code::ActionLabel.message([("verb", verb.into())]));
            OperationKind { name: verb.to_owned(), label }
        };
        verb_names().map(kind).collect()
    }

    async fn operation(
        &self,
        ctx: &Context<'_>,
        id: ID,
        min_position: Option<Position>,
    ) -> Result<Option<Operation>, ApiError> {
        reach(ctx, &operations::OperationsLog, min_position).await?;
        let Ok(id) = id.parse() else { return Ok(None) };
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| operations::get(pool, &scope, id)).await?.map(Operation::from))
    }

    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        filter: Option<OperationFilter>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        min_position: Option<Position>,
    ) -> Result<Connection<Operation>, ApiError> {
        let window = window(first, 50, after)?;
        reach(ctx, &operations::OperationsLog, min_position).await?;
        page(ctx, &filter.unwrap_or_default().read(), &window).await
    }
}
