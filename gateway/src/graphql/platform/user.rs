//! People, as they sign in and as the log names them.

use crate::auth::Viewer;
use crate::graphql::engine::error::Fault;
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::models::users;

/// Somebody who signs in.
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

impl From<&users::Actor> for User {
    fn from(actor: &users::Actor) -> Self {
        Self {
            id: ID(actor.id.to_string()),
            username: actor.username.clone(),
            display_name: actor.display_name.clone(),
        }
    }
}

#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    async fn viewer(&self, ctx: &Context<'_>) -> Result<User, Fault> {
        crate::graphql::context::viewer(ctx).map(User::from)
    }
}
