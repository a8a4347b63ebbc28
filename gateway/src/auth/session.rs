//! Sessions: one row a sign-in. The refresh token is renewed with each use; the one just before it is good for ten more
//! seconds and gives the same successor, an older one ends the session, because somebody must have copied it.

use super::{Error, random};
use chrono::{DateTime, Utc};
use domain::core::ids::{SessionId, UserId};
use sqlx::{FromRow, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// A refresh token, as it stands in the cookie: the session, a dot, 32 bytes in hex. Has no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub session: SessionId,
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
    /// There is no such session, or its time is over.
    Ended,
    /// An old token came again: the session has been ended.
    Reused(UserId),
}

impl RefreshToken {
    fn new(session: SessionId) -> Self {
        Self { session, secret: random::bytes() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        Some(Self { session: SessionId(Uuid::try_parse(session).ok()?), secret: random::from_hex(secret)? })
    }

    pub fn to_cookie(&self) -> String {
        format!("{}.{}", self.session, random::to_hex(&self.secret))
    }

    fn hash(&self) -> [u8; 32] {
        random::sha256(&[b"binnacle-refresh-hash", &self.secret])
    }

    fn successor(&self, salt: &[u8]) -> Self {
        Self { session: self.session, secret: random::sha256(&[b"binnacle-refresh-next", &self.secret, salt]) }
    }
}

#[derive(FromRow)]
struct Row {
    user_id: Uuid,
    username: String,
    display_name: String,
    token_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    successor_salt: Option<Vec<u8>>,
    expires_at: DateTime<Utc>,
    is_in_grace: bool,
}

/// A new session of `user` and its first refresh token.
pub async fn start(pool: &PgPool, user: UserId, session: SessionId, life: Duration) -> Result<RefreshToken, Error> {
    let token = RefreshToken::new(session);
    sqlx::query(
        "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))",
    )
    .bind(session.0)
    .bind(user.0)
    .bind(token.hash())
    .bind(life.as_secs_f64())
    .execute(pool)
    .await?;
    Ok(token)
}

/// The next token of the session.
pub async fn renew(pool: &PgPool, token: &RefreshToken) -> Result<Renewal, Error> {
    let mut transaction = pool.begin().await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT s.user_id, c.username, c.display_name, token_hash, previous_hash, successor_salt, expires_at,
             renewed_at > now() - interval '10 seconds' AS is_in_grace
         FROM auth.sessions s JOIN auth.credentials c USING (user_id)
         WHERE s.id = $1 AND ended_at IS NULL AND expires_at > now() FOR UPDATE OF s",
    )
    .bind(token.session.0)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(Renewal::Ended) };
    let presented = token.hash();
    if row.token_hash == presented {
        let salt = random::bytes::<32>();
        let next = token.successor(&salt);
        sqlx::query(
            "UPDATE auth.sessions SET token_hash = $2, previous_hash = $3, successor_salt = $4, renewed_at = now()
             WHERE id = $1",
        )
        .bind(token.session.0)
        .bind(next.hash())
        .bind(presented)
        .bind(salt)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        return Ok(row.renewed(next));
    }
    if row.previous_hash.as_deref() == Some(&presented) && row.is_in_grace {
        let next = token.successor(row.successor_salt.as_deref().unwrap_or_default());
        return Ok(row.renewed(next));
    }
    sqlx::query("UPDATE auth.sessions SET ended_at = now() WHERE id = $1")
        .bind(token.session.0)
        .execute(&mut *transaction)
        .await?;
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

/// Whose session the token is the current or previous one of.
pub async fn owner(pool: &PgPool, token: &RefreshToken) -> Result<Option<UserId>, Error> {
    let owner: Option<Uuid> = sqlx::query_scalar(
        "SELECT user_id FROM auth.sessions WHERE id = $1 AND $2 IN (token_hash, previous_hash) AND ended_at IS NULL",
    )
    .bind(token.session.0)
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
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_found_again_in_its_cookie() {
        let token = RefreshToken::new(SessionId(Uuid::now_v7()));
        assert!(RefreshToken::parse(&token.to_cookie()) == Some(token.clone()));
        let short = token.to_cookie();
        for wrong in ["", ".", "x.y", &short[..short.len() - 1], &format!("{short}0")] {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong:?} passed");
        }
    }

    #[test]
    fn the_same_renewal_gives_the_same_successor() {
        let token = RefreshToken::new(SessionId(Uuid::now_v7()));
        assert!(token.successor(b"salt") == token.successor(b"salt"));
        assert!(token.successor(b"salt") != token.successor(b"another") && token.successor(b"salt") != token);
    }
}
