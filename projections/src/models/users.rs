//! The accounts as shown beside their actions: row, fold and queries.

use crate::{
    Error,
    engine::projection::{Projection, Table, save},
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        actor,
        event::{Event, Recorded},
    },
    platform::user::UserEvent,
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The author of an event, with the name at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: Uuid,
    pub username: String,
    pub display_name: String,
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
    pub display_name: String,
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

const USERS: Table = Table { name: "users", key: &["id"] };

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

    fn apply<'a>(&self, db: &'a mut PgConnection, events: &'a [Arc<Recorded>]) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let rows: BTreeMap<Uuid, User> =
                events.iter().filter_map(|event| registered(event)).map(|user| (user.id, user)).collect();
            save(db, USERS, &rows.values().collect::<Vec<_>>()).await
        })
    }
}

fn registered(event: &Recorded) -> Option<User> {
    let Event::User(about) = &event.event else { return None };
    match about {
        UserEvent::UserRegistered { user, username, display_name } => Some(User {
            id: user.0,
            username: username.clone(),
            display_name: display_name.clone(),
            registered_at: event.recorded_at,
            position: event.position,
        }),
        UserEvent::UserPasswordChanged { .. } | UserEvent::SessionStarted { .. } | UserEvent::SessionEnded { .. } => {
            None
        }
    }
}
