//! What resolvers share: the services of the process and the data of a request.

use super::engine::{error::ApiError, loaders::Loaders, reads::Reads, scalar::Position};
use crate::{
    auth::{Auth, Viewer, cookie::RefreshCookie, sign_in},
    usage::{Nodes, Pods, RequestedSums, Usage},
};
use async_graphql::Context;
use commands::{
    Clusters, Dispatcher, Origin,
    edit::Edits,
    kubernetes::{live::Live, openapi::Schemas, registry::Registry},
    preview::Previews,
};
use domain::access::Scope;
use projections::{Language, Projection, Projections};
use sqlx::PgPool;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// How long a query waits for the read model to reach a position.
pub const READ_YOUR_WRITES: Duration = Duration::from_secs(5);
/// The same for a mutation that reads its operation back. It is shorter than the time limit of the answer, so that the
/// caller learns what is missing.
pub const READ_BACK: Duration = Duration::from_secs(1);

/// What resolvers use.
pub struct Services {
    pub projections: Projections,
    pub dispatcher: Dispatcher,
    pub clusters: Clusters,
    pub registry: Registry,
    pub previews: Previews,
    pub edits: Edits,
    pub live: Live,
    pub schemas: Schemas,
    pub auth: Auth,
    pub pod_usage: Usage<Pods>,
    pub node_usage: Usage<Nodes>,
    pub requested: RequestedSums,
    pub loaders: Loaders,
    pub reads: Reads,
}

impl Services {
    /// The connections that answer queries. A resolver uses them by [`super::engine::reads::read`].
    pub fn pool(&self) -> &PgPool {
        self.projections.pool()
    }
}

/// The data of a request besides its document.
#[derive(Clone, Debug, Default)]
pub struct RequestInfo {
    pub id: String,
    /// The source address.
    pub source: String,
    pub viewer: Option<Viewer>,
    pub refresh_token: Option<String>,
    /// The session cookie of the request, which a renewal replaces.
    pub refresh_cookie: RefreshCookie,
    /// The language of messages.
    pub language: Language,
    /// The latest position that a query of the document requests.
    pub min_position: Arc<AtomicI64>,
}

impl RequestInfo {
    pub fn from(&self) -> sign_in::From {
        sign_in::From { source: self.source.clone(), request: self.id.clone() }
    }
}

pub fn services<'a>(ctx: &Context<'a>) -> &'a Arc<Services> {
    ctx.data_unchecked()
}

pub fn viewer<'a>(ctx: &Context<'a>) -> Result<&'a Viewer, ApiError> {
    let info: &RequestInfo = ctx.data_unchecked();
    info.viewer.as_ref().ok_or_else(ApiError::unauthenticated)
}

/// The language of messages in the answer.
pub fn language(ctx: &Context<'_>) -> Language {
    ctx.data_opt::<RequestInfo>().map(|info| info.language).unwrap_or_default()
}

/// What the viewer may see. Only sign-in works without a viewer, and it reads no list.
pub fn scope(ctx: &Context<'_>) -> Result<Scope, ApiError> {
    Ok(Scope::seen_by(&viewer(ctx)?.actor(None)))
}

/// The origin of the command that is about to be dispatched.
pub fn origin(ctx: &Context<'_>, reason: Option<String>, idempotency_key: Option<Uuid>) -> Result<Origin, ApiError> {
    let (viewer, info): (_, &RequestInfo) = (viewer(ctx)?, ctx.data_unchecked());
    let actor = viewer.actor(Some(info.source.clone()));
    Ok(Origin {
        session: actor.session(),
        reason,
        request: Some(info.id.clone()),
        idempotency_key,
        ..Origin::by(actor)
    })
}

/// Waits until a list has reached the requested position. Without one, the query reads what is there.
pub async fn reach(ctx: &Context<'_>, of: &'static dyn Projection, position: Option<Position>) -> Result<(), ApiError> {
    let Some(Position(position)) = position else { return Ok(()) };
    let info: &RequestInfo = ctx.data_unchecked();
    info.min_position.fetch_max(position, Ordering::Relaxed);
    reach_nested(ctx, of).await
}

/// The same for a nested list: it waits for the position that the document requests.
pub async fn reach_nested(ctx: &Context<'_>, of: &'static dyn Projection) -> Result<(), ApiError> {
    let info: &RequestInfo = ctx.data_unchecked();
    match info.min_position.load(Ordering::Relaxed) {
        ..=0 => Ok(()),
        position => Ok(services(ctx).projections.wait_for(&[of], position, READ_YOUR_WRITES).await?),
    }
}
