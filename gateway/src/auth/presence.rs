//! Whether the session that an access token names is there and is its user's, asked of the database once a minute. Which ones
//! have ended meanwhile, [`super::revocation`] knows within a second.

use super::Error;
use domain::core::ids::{SessionId, UserId};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long an answer of the database counts.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Sessions remembered at most.
const KEPT: usize = 10_000;

/// The sessions that were found lately, with whose they are.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<SessionId, (UserId, Instant)>>);

impl Presence {
    /// Whether there is such a session of `user`, and its time is not over.
    pub async fn is_there(&self, pool: &PgPool, session: SessionId, user: UserId) -> Result<bool, Error> {
        if self.owner(session) == Some(user) {
            return Ok(true);
        }
        let read = "SELECT user_id FROM auth.sessions WHERE id = $1 AND ended_at IS NULL AND expires_at > now()";
        let owner: Option<Uuid> = sqlx::query_scalar(read).bind(session.0).fetch_optional(pool).await?;
        if let Some(owner) = owner {
            self.remember(session, UserId(owner));
        }
        Ok(owner == Some(user.0))
    }

    fn owner(&self, session: SessionId) -> Option<UserId> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(&session).filter(|(_, at)| at.elapsed() < REMEMBERED).map(|(user, _)| *user)
    }

    fn remember(&self, session: SessionId, user: UserId) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= KEPT {
            found.retain(|_, (_, at)| at.elapsed() < REMEMBERED);
        }
        if found.len() < KEPT {
            found.insert(session, (user, Instant::now()));
        }
    }
}
