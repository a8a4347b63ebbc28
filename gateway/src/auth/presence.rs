//! Checks that the session of an access token exists and belongs to its user, with one database query a minute. Ended
//! sessions are known within a second by [`super::revocation`].

use super::Error;
use domain::core::ids::{SessionId, UserId};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long an answer of the database is used.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Maximum sessions remembered.
const KEPT: usize = 10_000;

/// The sessions found lately, with their users.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<SessionId, (UserId, Instant)>>);

impl Presence {
    /// Whether `user` has this session and it has not expired.
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
