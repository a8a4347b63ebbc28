//! GraphQL: one file for each noun, merged here. Resolvers translate; they decide nothing. Who may ask is judged in
//! [`gate`], before anything is resolved.

pub mod audit;
pub mod cluster;
pub mod error;
pub mod evidence;
pub mod gate;
pub mod limits;
pub mod live;
pub mod loader;
pub mod namespace;
pub mod operation;
pub mod overview;
pub mod page;
pub mod pod;
pub mod reads;
pub mod result;
pub mod rows;
pub mod scalar;
pub mod session;
pub mod user;
pub mod workload;

use crate::{
    auth::{Auth, Viewer, sign_in},
    usage::Usage,
};
use async_graphql::{Context, MergedObject, MergedSubscription, SDLExportOptions};
use commands::{Clusters, Dispatcher, Origin};
use error::Fault;
use loader::Loaders;
use projections::{Projection, Projections};
use reads::{Reads, read};
use scalar::Position;
use sqlx::PgPool;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// How long a question waits for the read model to reach a position.
pub const READ_YOUR_WRITES: Duration = Duration::from_secs(5);
/// The same for a wish that has to look at its operation: less than its answer may take, so that who asks is told what is missing.
pub const READ_BACK: Duration = Duration::from_secs(1);

#[derive(MergedObject, Default)]
pub struct Query(
    user::UserQuery,
    overview::OverviewQuery,
    cluster::ClusterQuery,
    workload::WorkloadQuery,
    pod::PodQuery,
    operation::OperationQuery,
    namespace::NamespaceQuery,
    audit::AuditQuery,
    evidence::EvidenceQuery,
);

#[derive(MergedObject, Default)]
pub struct Mutation(session::SessionMutation, workload::change::WorkloadMutation, operation::change::OperationMutation);

#[derive(MergedSubscription, Default)]
pub struct Subscription(
    operation::live::OperationSubscription,
    workload::live::WorkloadSubscription,
    audit::AuditSubscription,
    pod::log::PodLogSubscription,
    pod::live::PodSubscription,
    pod::usage::UsageSubscription,
);

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What resolvers use.
pub struct Services {
    pub projections: Projections,
    pub dispatcher: Dispatcher,
    pub clusters: Clusters,
    pub auth: Auth,
    pub usage: Usage,
    pub loaders: Loaders,
    pub reads: Reads,
    /// Whether cookies travel over TLS only.
    pub secure_cookie: bool,
}

impl Services {
    /// The connections that answer queries. A resolver reads by [`reads::read`].
    pub fn pool(&self) -> &PgPool {
        self.projections.pool()
    }
}

/// What is known of a request besides its document.
#[derive(Clone, Debug, Default)]
pub struct RequestInfo {
    pub id: String,
    /// The address it came from.
    pub source: String,
    pub viewer: Option<Viewer>,
    pub refresh_token: Option<String>,
    /// The latest position that a question of the document asked for.
    pub min_position: Arc<AtomicI64>,
}

impl RequestInfo {
    pub fn from(&self) -> sign_in::From {
        sign_in::From { source: self.source.clone(), request: self.id.clone() }
    }
}

/// The schema with everything behind it.
pub fn schema(services: Arc<Services>) -> Schema {
    build().data(services).finish()
}

/// The schema as text.
pub fn sdl() -> String {
    build().finish().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}

fn build() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_complexity(limits::COMPLEXITY)
        .limit_recursive_depth(limits::RECURSION)
        .disable_suggestions()
}

fn services<'a>(ctx: &Context<'a>) -> &'a Arc<Services> {
    ctx.data_unchecked()
}

fn viewer<'a>(ctx: &Context<'a>) -> Result<&'a Viewer, Fault> {
    let info: &RequestInfo = ctx.data_unchecked();
    info.viewer.as_ref().ok_or_else(Fault::unauthenticated)
}

/// Who wishes what is about to be asked for.
fn origin(ctx: &Context<'_>, reason: Option<String>, idempotency_key: Option<Uuid>) -> Result<Origin, Fault> {
    let (viewer, info): (_, &RequestInfo) = (viewer(ctx)?, ctx.data_unchecked());
    let actor = viewer.actor(Some(info.source.clone()));
    Ok(Origin { actor, reason, request: Some(info.id.clone()), idempotency_key })
}

/// Waits until a list has the position that the question asks for. Without one it is answered from what is there.
async fn reach(ctx: &Context<'_>, of: &'static dyn Projection, position: Option<Position>) -> Result<(), Fault> {
    let Some(Position(position)) = position else { return Ok(()) };
    let info: &RequestInfo = ctx.data_unchecked();
    info.min_position.fetch_max(position, Ordering::Relaxed);
    reach_nested(ctx, of).await
}

/// The same for a list within another one: it waits for the position that the document asked for.
async fn reach_nested(ctx: &Context<'_>, of: &'static dyn Projection) -> Result<(), Fault> {
    let info: &RequestInfo = ctx.data_unchecked();
    match info.min_position.load(Ordering::Relaxed) {
        ..=0 => Ok(()),
        position => Ok(services(ctx).projections.wait_for(&[of], position, READ_YOUR_WRITES).await?),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_that_of_the_code() {
        let committed = include_str!("../schema.graphql");
        assert!(committed == super::sdl(), "run: binnacle schema > gateway/schema.graphql");
    }
}
