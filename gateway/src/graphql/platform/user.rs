//! Users, as they sign in and as the log names them.

use crate::auth::Viewer;
use crate::graphql::engine::{error::ApiError, message::reveal_text};
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::models::users;

/// A person with an account.
#[derive(Clone, SimpleObject)]
pub struct User {
    pub id: ID,
    pub username: String,
    pub display_name: String,
}

impl From<&Viewer> for User {
    fn from(viewer: &Viewer) -> Self {
        Self {
            id: ID(viewer.user.to_string()),
            username: viewer.username.clone(),
            display_name: viewer.display_name.clone(),
        }
    }
}

impl User {
    /// The person who did it. None if it was a part of Binnacle.
    pub async fn of_actor(ctx: &Context<'_>, actor: Option<&users::Actor>) -> Result<Option<Self>, ApiError> {
        let Some(actor) = actor else { return Ok(None) };
        let display_name = reveal_text(ctx, &actor.display_name).await?;
        Ok(Some(Self { id: ID(actor.id.to_string()), username: actor.username.clone(), display_name }))
    }
}

#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    async fn viewer(&self, ctx: &Context<'_>) -> Result<User, ApiError> {
        crate::graphql::context::viewer(ctx).map(User::from)
    }
}
