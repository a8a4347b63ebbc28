//! What the first page shows: problems, changes and counts. And the positions of the log and the read model.

use super::{
    problem::{Problems, StateCount},
    recorded_change::RecordedChange,
};
use crate::graphql::{
    context::{scope, services},
    engine::{
        connection::{count, page_cost, window},
        error::ApiError,
        reads::read,
        scalar::Position,
    },
    operation::OperationState,
};
use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use projections::models::{overview, problems, recorded_changes};

/// What is wrong, what changed, and the counts of the objects of the read model.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Overview {
    #[graphql(skip)]
    cluster: Option<ID>,
    workloads: Vec<StateCount>,
    pods: Vec<PhaseCount>,
    operations: Vec<OperationStateCount>,
    position: Position,
}

#[derive(SimpleObject)]
pub struct PhaseCount {
    phase: String,
    count: i32,
}

#[derive(SimpleObject)]
pub struct OperationStateCount {
    state: OperationState,
    count: i32,
}

#[ComplexObject]
impl Overview {
    /// What is wrong now, grouped by cause: one node, image or quota is one problem with its victims.
    #[graphql(complexity = "problems::READ + problems::PROBLEMS * child_complexity")]
    async fn problems(&self, ctx: &Context<'_>) -> Result<Problems, ApiError> {
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| problems::get(pool, &scope, self.cluster())).await?.into())
    }

    /// The latest operations, and creations, changes and deletions by others, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
    ) -> Result<Vec<RecordedChange>, ApiError> {
        let (scope, first) = (scope(ctx)?, window(first, 20, None)?.first);
        let found = read(ctx, |pool| recorded_changes::latest(pool, &scope, self.cluster(), first)).await?;
        Ok(found.into_iter().map(RecordedChange::from).collect())
    }
}

impl Overview {
    fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref().map(String::as_str)
    }

    fn of(cluster: Option<ID>, row: overview::Overview) -> Self {
        let workloads = row.workloads.into_iter().map(|(state, n)| StateCount::new(state, n));
        let pods = row.pods.into_iter().map(|(phase, n)| PhaseCount { phase, count: count(n) });
        let operations =
            row.operations.into_iter().map(|(state, n)| OperationStateCount { state: state.into(), count: count(n) });
        Self {
            cluster,
            workloads: workloads.collect(),
            pods: pods.collect(),
            operations: operations.collect(),
            position: Position(row.position),
        }
    }
}

/// A lagging list of the read model.
#[derive(SimpleObject)]
pub struct ListBehind {
    /// Its projection, by the name that alarms and the command line use.
    list: String,
    /// The last event that it has applied.
    position: Position,
}

/// This server.
pub struct Server;

#[Object]
impl Server {
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
    /// The last event of the log.
    async fn position(&self, ctx: &Context<'_>) -> Result<Position, ApiError> {
        Ok(Position(services(ctx).projections.head().await?))
    }
    /// The last event that all lists have applied, except those in behind.
    async fn projected_position(&self, ctx: &Context<'_>) -> Position {
        Position(services(ctx).projections.position())
    }
    /// When the lists were last known to be up to date, except those in behind.
    async fn as_of(&self, ctx: &Context<'_>) -> DateTime<Utc> {
        services(ctx).projections.as_of()
    }
    /// The lagging lists: stopped at an event, or catching up. Empty when all is well.
    async fn behind(&self, ctx: &Context<'_>) -> Vec<ListBehind> {
        let behind = services(ctx).projections.behind();
        behind.into_iter().map(|(list, at)| ListBehind { list, position: Position(at) }).collect()
    }
}

#[derive(Default)]
pub struct OverviewQuery;

#[Object]
impl OverviewQuery {
    async fn server(&self) -> Server {
        Server
    }

    /// The first page, from the read model.
    async fn overview(&self, ctx: &Context<'_>, cluster: Option<ID>) -> Result<Overview, ApiError> {
        let (scope, of) = (scope(ctx)?, cluster.as_deref().map(String::as_str));
        let row = read(ctx, |pool| overview::get(pool, &scope, of)).await?;
        Ok(Overview::of(cluster, row))
    }
}
