//! The accounts as shown beside their actions: row, fold and queries.

use crate::{
    Error,
    engine::{
        projection::{Projection, Table},
        rows::{self, Fold},
    },
};
use chrono::{DateTime, Utc};
use domain::core::sealing::Ring;
use domain::{
    core::{
        actor,
        event::{Event, Recorded},
        free_text::FreeText,
    },
    platform::user::UserEvent,
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// The author of an event, with the name at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: Uuid,
    pub username: String,
    pub display_name: FreeText,
}

impl Actor {
    /// The user who caused an event. None if a part of Binnacle did.
    pub fn of(actor: &actor::Actor) -> Option<Self> {
        match actor {
            actor::Actor::User { id, username, display_name, .. } => {
                Some(Self { id: id.0, username: username.clone(), display_name: display_name.clone() })
            }
            actor::Actor::System { .. } => None,
        }
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct User {
    pub id: Uuid,
    pub username: String,
    #[sqlx(json)]
    pub display_name: FreeText,
    pub registered_at: DateTime<Utc>,
    pub position: i64,
}

const COLUMNS: &str = "id, username, display_name, registered_at, position";

pub async fn get(pool: &PgPool, id: Uuid) -> Result<Option<User>, Error> {
    Ok(get_many(pool, &[id]).await?.pop())
}

/// The existing users among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<User>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM read.users WHERE id = ANY ($1)");
    Ok(sqlx::query_as(AssertSqlSafe(sql)).bind(ids).fetch_all(pool).await?)
}

const USERS: Table = Table { name: "users", key: &["id"], of_objects: false };

pub struct Users;

impl Projection for Users {
    fn name(&self) -> &'static str {
        "users"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [Table] {
        &[USERS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(rows::take_in::<Self>(db, events))
    }
}

impl Fold for Users {
    type Key = Uuid;
    type Before = User;
    type Row<'a> = User;
    const TABLE: Table = USERS;
    const LOADED: &'static str = COLUMNS;

    fn key(event: &Recorded) -> Option<Uuid> {
        match &event.event {
            Event::User(UserEvent::UserRegistered { user, .. }) => Some(user.0),
            _ => None,
        }
    }

    fn key_of(before: &User) -> Uuid {
        before.id
    }

    fn fold(before: Option<User>, event: &Recorded) -> Option<User> {
        let Event::User(UserEvent::UserRegistered { user, username, display_name }) = &event.event else {
            return before;
        };
        Some(User {
            id: user.0,
            username: username.clone(),
            display_name: display_name.clone(),
            registered_at: event.recorded_at,
            position: event.position,
        })
    }

    fn before(row: User) -> User {
        row
    }
}
