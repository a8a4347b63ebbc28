//! What resolvers share: the services of the process, and what is known of a request beside its document.

use super::engine::{error::Fault, loaders::Loaders, reads::Reads, scalar::Position};
use crate::{
    auth::{Auth, Viewer, sign_in},
    usage::Usage,
};
use async_graphql::Context;
use commands::{Clusters, Dispatcher, Origin};
use domain::access::Scope;
use projections::{Projection, Projections};
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
    /// The connections that answer queries. A resolver reads by [`super::engine::reads::read`].
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

pub fn services<'a>(ctx: &Context<'a>) -> &'a Arc<Services> {
    ctx.data_unchecked()
}

pub fn viewer<'a>(ctx: &Context<'a>) -> Result<&'a Viewer, Fault> {
    let info: &RequestInfo = ctx.data_unchecked();
    info.viewer.as_ref().ok_or_else(Fault::unauthenticated)
}

/// What the viewer may see. Nothing is resolved without a viewer but signing in, which reads no list.
pub fn scope(ctx: &Context<'_>) -> Result<Scope, Fault> {
    Ok(Scope::seen_by(&viewer(ctx)?.actor(None)))
}

/// Who sends the command that is about to be dispatched.
pub fn origin(ctx: &Context<'_>, reason: Option<String>, idempotency_key: Option<Uuid>) -> Result<Origin, Fault> {
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

/// Waits until a list has the position that the question asks for. Without one it is answered from what is there.
pub async fn reach(ctx: &Context<'_>, of: &'static dyn Projection, position: Option<Position>) -> Result<(), Fault> {
    let Some(Position(position)) = position else { return Ok(()) };
    let info: &RequestInfo = ctx.data_unchecked();
    info.min_position.fetch_max(position, Ordering::Relaxed);
    reach_nested(ctx, of).await
}

/// The same for a list within another one: it waits for the position that the document asked for.
pub async fn reach_nested(ctx: &Context<'_>, of: &'static dyn Projection) -> Result<(), Fault> {
    let info: &RequestInfo = ctx.data_unchecked();
    match info.min_position.load(Ordering::Relaxed) {
        ..=0 => Ok(()),
        position => Ok(services(ctx).projections.wait_for(&[of], position, READ_YOUR_WRITES).await?),
    }
}
