//! Counts for the first page, and the positions of the log and the read model.

use super::workload::WorkloadState;
use crate::graphql::{
    context::{scope, services},
    engine::{connection::count, error::ApiError, reads::read, scalar::Position},
    operation::OperationState,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use projections::models::overview;

/// Counts of the objects of the read model.
#[derive(SimpleObject)]
pub struct Overview {
    workloads: Vec<StateCount>,
    pods: Vec<PhaseCount>,
    operations: Vec<OperationStateCount>,
    position: Position,
}

#[derive(SimpleObject)]
pub struct StateCount {
    state: WorkloadState,
    count: i32,
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

impl From<overview::Overview> for Overview {
    fn from(row: overview::Overview) -> Self {
        let workloads = row.workloads.into_iter().map(|(state, n)| StateCount { state: state.into(), count: count(n) });
        let pods = row.pods.into_iter().map(|(phase, n)| PhaseCount { phase, count: count(n) });
        let operations =
            row.operations.into_iter().map(|(state, n)| OperationStateCount { state: state.into(), count: count(n) });
        Self {
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

    /// Counts for the first page, from the read model.
    async fn overview(&self, ctx: &Context<'_>, cluster: Option<ID>) -> Result<Overview, ApiError> {
        let (scope, cluster) = (scope(ctx)?, cluster.as_deref().map(String::as_str));
        Ok(read(ctx, |pool| overview::get(pool, &scope, cluster)).await?.into())
    }
}
