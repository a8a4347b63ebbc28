//! Batches: type and queries. Mutations: [`change`]. Live: [`live`].

pub mod change;
pub mod live;

use crate::graphql::{
    context::{reach_nested, scope, services},
    engine::{
        connection as list,
        connection::{Connection, page_cost, window},
        error::ApiError,
        message::text,
        reads::read,
        rows::Listed,
    },
    operation::{Operation, OperationState, page, result::RefusalCode},
    platform::user::User,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::core::ids::ClusterId;
use projections::models::{batches, operations};
use std::sync::Arc;
use uuid::Uuid;

/// Many operations asked as one.
#[derive(Clone)]
pub struct Batch(Arc<batches::Batch>);

/// A member whose operation was refused, so that there is none.
pub struct BatchRefusal(batches::Refused);

impl From<batches::Batch> for Batch {
    fn from(row: batches::Batch) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for Batch {}

#[Object]
impl BatchRefusal {
    async fn object_id(&self) -> ID {
        ID(self.0.target.clone())
    }
    async fn code(&self) -> RefusalCode {
        self.0.refusal.code.into()
    }
    async fn message(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        text(ctx, &self.0.refusal.message).await
    }
}

#[Object]
impl Batch {
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }
    /// The verb of its members.
    async fn kind(&self) -> &str {
        &self.0.kind
    }
    async fn state(&self) -> OperationState {
        self.0.state().into()
    }
    async fn total(&self) -> i32 {
        self.0.counts.total()
    }
    async fn queued(&self) -> i32 {
        self.0.counts.queued
    }
    async fn running(&self) -> i32 {
        self.0.counts.running
    }
    async fn succeeded(&self) -> i32 {
        self.0.counts.succeeded
    }
    /// Those that were refused or overtaken, too.
    async fn failed(&self) -> i32 {
        self.0.counts.failed
    }
    async fn cancelled(&self) -> i32 {
        self.0.counts.cancelled
    }
    async fn unknown(&self) -> i32 {
        self.0.counts.unknown
    }
    /// Not asked, because what they need failed.
    async fn skipped(&self) -> i32 {
        self.0.counts.skipped
    }
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>, ApiError> {
        User::of_actor(ctx, self.0.actor.as_ref()).await
    }
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    /// The batch whose failed members this one asks for again.
    async fn retry_of(&self) -> Option<ID> {
        self.0.retry_of.map(|of| ID(of.to_string()))
    }
    async fn can_cancel(&self) -> bool {
        self.0.finished_at.is_none() && !self.0.cancel_requested
    }
    /// Whether it has ended and some members did not succeed.
    async fn can_retry(&self, ctx: &Context<'_>) -> bool {
        let has_failed = self.0.finished_at.is_some() && self.0.counts.succeeded < self.0.counts.total();
        has_failed && services(ctx).clusters.closed(&ClusterId::from_name(&self.0.cluster)).is_none()
    }
    /// Its members, as far as they are asked, the newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        states: Option<Vec<OperationState>>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Operation>, ApiError> {
        let window = window(first, 50, after)?;
        let states = states.unwrap_or_default().into_iter().map(Into::into).collect();
        let filter = operations::Filter { batch: Some(self.0.id), states, ..operations::Filter::default() };
        page(ctx, &filter, &window).await
    }
    /// The members that were refused when they were asked: at most 500.
    async fn refusals(&self, ctx: &Context<'_>) -> Result<Vec<BatchRefusal>, ApiError> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| batches::refused(pool, &scope, self.0.id)).await?;
        Ok(found.into_iter().map(BatchRefusal).collect())
    }
}

impl Batch {
    /// The batch with this id. Loads of one request are batched.
    pub async fn of(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>, ApiError> {
        reach_nested(ctx, &batches::Batches).await?;
        Ok(services(ctx).loaders.batches.load_one((scope(ctx)?, id)).await?.map(Self))
    }
}

#[derive(Default)]
pub struct BatchQuery;

#[Object]
impl BatchQuery {
    async fn batch(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Batch>, ApiError> {
        let Ok(id) = id.parse() else { return Ok(None) };
        Batch::of(ctx, id).await
    }

    /// The newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Batch>, ApiError> {
        let window = window(first, 50, after)?;
        reach_nested(ctx, &batches::Batches).await?;
        let scope = scope(ctx)?;
        let rows = |pool| batches::page(pool, &scope, &window);
        list::load(ctx, &window, rows, |pool| batches::count(pool, &scope)).await
    }
}
