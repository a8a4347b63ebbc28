//! Sessions: one row a sign-in. The refresh token changes with each renewal. The token just before it stays good for ten
//! seconds and gives the same successor. An older one ends the session, because somebody must have copied it.

use super::{Error, random};
use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use projections::transaction::begin;
use sqlx::{FromRow, PgPool};
use std::time::Duration;
use uuid::{Builder, Uuid};

/// A refresh token as the cookie carries it: the cookie's own id, a dot, and a secret, both in hex. Has no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    cookie: [u8; 16],
    secret: [u8; 32],
}

/// A session that goes on.
pub struct Renewed {
    pub token: RefreshToken,
    pub user: UserId,
    pub username: String,
    pub display_name: String,
    pub expires_at: DateTime<Utc>,
}

/// What became of a renewal.
pub enum Renewal {
    Renewed(Box<Renewed>),
    /// There is no such session, its time is over, or it never had this secret. Nothing has changed.
    Refused,
    /// A token that was renewed before came again: the session has been ended.
    Reused(UserId),
}

impl RefreshToken {
    /// The first token of a new session.
    pub fn new() -> Self {
        Self { cookie: random::bytes(), secret: random::bytes() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (cookie, secret) = text.split_once('.')?;
        Some(Self { cookie: random::from_hex(cookie)?, secret: random::from_hex(secret)? })
    }

    pub fn to_cookie(&self) -> String {
        format!("{}.{}", random::to_hex(&self.cookie), random::to_hex(&self.secret))
    }

    /// The session the token is of. The log names sessions by this id, from which nobody can compute that of the cookie.
    pub fn session(&self) -> SessionId {
        let digest = random::sha256(&[b"binnacle-session", &self.cookie]);
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        SessionId(Builder::from_custom_bytes(id).into_uuid())
    }

    fn hash(&self) -> [u8; 32] {
        random::sha256(&[b"binnacle-refresh-hash", &self.secret])
    }

    fn successor(&self, salt: &[u8]) -> Self {
        Self { cookie: self.cookie, secret: random::sha256(&[b"binnacle-refresh-next", &self.secret, salt]) }
    }
}

#[derive(FromRow)]
struct Row {
    user_id: Uuid,
    username: String,
    display_name: String,
    expires_at: DateTime<Utc>,
    successor_salt: Option<Vec<u8>>,
    is_current: bool,
    /// The token before the current one, and still in its time of grace.
    is_previous: bool,
    is_past: bool,
}

/// Stores a session of `user` with its first refresh token.
pub async fn start(pool: &PgPool, user: UserId, token: &RefreshToken, life: Duration) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))",
    )
    .bind(token.session().0)
    .bind(user.0)
    .bind(token.hash())
    .bind(life.as_secs_f64())
    .execute(pool)
    .await?;
    Ok(())
}

/// The next token of the session.
pub async fn renew(pool: &PgPool, token: &RefreshToken) -> Result<Renewal, Error> {
    let (id, presented) = (token.session().0, token.hash());
    let mut transaction = begin(pool, "BEGIN").await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT s.user_id, c.username, c.display_name, expires_at, successor_salt, token_hash = $2 AS is_current,
             coalesce(past_hashes[1] = $2, false) AND renewed_at > now() - interval '10 seconds' AS is_previous,
             $2 = ANY (past_hashes) AS is_past
         FROM auth.sessions s JOIN auth.credentials c USING (user_id)
         WHERE s.id = $1 AND ended_at IS NULL AND expires_at > now() FOR UPDATE OF s",
    )
    .bind(id)
    .bind(presented)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(Renewal::Refused) };
    if row.is_current {
        let salt = random::bytes::<32>();
        let next = token.successor(&salt);
        // As many past tokens as the column takes: an older one is refused like one that never was.
        sqlx::query(
            "UPDATE auth.sessions SET token_hash = $2, past_hashes = (array_prepend($3, past_hashes))[1:256],
                 successor_salt = $4, renewed_at = now()
             WHERE id = $1",
        )
        .bind(id)
        .bind(next.hash())
        .bind(presented)
        .bind(salt)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        return Ok(row.renewed(next));
    }
    if row.is_previous {
        let next = token.successor(row.successor_salt.as_deref().unwrap_or_default());
        return Ok(row.renewed(next));
    }
    if !row.is_past {
        return Ok(Renewal::Refused);
    }
    sqlx::query("UPDATE auth.sessions SET ended_at = now() WHERE id = $1").bind(id).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Renewal::Reused(UserId(row.user_id)))
}

impl Row {
    fn renewed(self, token: RefreshToken) -> Renewal {
        Renewal::Renewed(Box::new(Renewed {
            token,
            user: UserId(self.user_id),
            username: self.username,
            display_name: self.display_name,
            expires_at: self.expires_at,
        }))
    }
}

/// Whose session the token is, or was, a token of, if the session goes on.
pub async fn owner(pool: &PgPool, token: &RefreshToken) -> Result<Option<UserId>, Error> {
    let owner: Option<Uuid> = sqlx::query_scalar(
        "SELECT user_id FROM auth.sessions
         WHERE id = $1 AND ended_at IS NULL AND (token_hash = $2 OR $2 = ANY (past_hashes))",
    )
    .bind(token.session().0)
    .bind(token.hash())
    .fetch_optional(pool)
    .await?;
    Ok(owner.map(UserId))
}

pub async fn end(pool: &PgPool, session: SessionId) -> Result<(), Error> {
    sqlx::query("UPDATE auth.sessions SET ended_at = now() WHERE id = $1 AND ended_at IS NULL")
        .bind(session.0)
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends all sessions of `user` and says which they were.
pub async fn end_all(pool: &PgPool, user: UserId) -> Result<Vec<SessionId>, Error> {
    let ended: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE auth.sessions SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL RETURNING id",
    )
    .bind(user.0)
    .fetch_all(pool)
    .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Sessions that ended within the last `within`: tokens of them may still be about.
pub async fn ended_lately(pool: &PgPool, within: Duration) -> Result<Vec<SessionId>, Error> {
    let ended: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM auth.sessions WHERE ended_at > now() - make_interval(secs => $1)")
            .bind(within.as_secs_f64())
            .fetch_all(pool)
            .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Forgets sessions whose last token has long expired.
pub async fn prune(pool: &PgPool) -> Result<(), Error> {
    sqlx::query("DELETE FROM auth.sessions WHERE expires_at < now() - interval '2 hours'").execute(pool).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
