//! Sessions: one row for each sign-in. The refresh token changes with each renewal. The previous token stays valid for
//! ten seconds and gives the same successor. An older one ends the session, because it must have been copied.

use super::{Error, random};
use chrono::{DateTime, Utc};
use domain::core::ids::{SessionId, UserId};
use domain::core::sealing::SealingKeys;
use projections::engine::transaction::begin;
use sqlx::{FromRow, PgExecutor, PgPool};
use std::time::Duration;
use uuid::{Builder, Uuid};

/// A refresh token as in the cookie: the id, a dot, and a secret, both in hex. Has no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    cookie: [u8; 16],
    secret: [u8; 32],
}

/// A renewed session.
pub struct Renewed {
    pub token: RefreshToken,
    pub user: UserId,
    pub username: String,
    pub expires_at: DateTime<Utc>,
}

/// The result of a renewal.
pub enum Renewal {
    Renewed(Box<Renewed>),
    /// The session does not exist, has expired, or never had this secret. Nothing has changed.
    Refused,
    /// A token from before the last renewal came again: the session was ended.
    Reused(UserId),
}

impl RefreshToken {
    /// The first token of a new session.
    pub fn random() -> Self {
        Self { cookie: random::bytes(), secret: random::bytes() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (cookie, secret) = text.split_once('.')?;
        let mut token = Self { cookie: [0; 16], secret: [0; 32] };
        hex::decode_to_slice(cookie, &mut token.cookie).ok()?;
        hex::decode_to_slice(secret, &mut token.secret).ok()?;
        Some(token)
    }

    pub fn to_cookie(&self) -> String {
        format!("{}.{}", hex::encode(self.cookie), hex::encode(self.secret))
    }

    /// The session of the token. The log names sessions by this id. The id in the cookie cannot be computed from it.
    pub fn session(&self) -> SessionId {
        let digest = random::sha256(&[b"binnacle-session", &self.cookie]);
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        SessionId(Builder::from_custom_bytes(id).into_uuid())
    }

    /// The stored form of the token, under each sealing key. From the database alone nobody can make a token, or move
    /// one to another user or session.
    fn hashes(&self, sealing: &SealingKeys, user: Uuid) -> Vec<[u8; 32]> {
        sealing.hashes("refresh token", &[user.as_bytes(), self.session().0.as_bytes(), &self.secret])
    }

    fn hash(&self, sealing: &SealingKeys, user: Uuid) -> [u8; 32] {
        sealing.hash("refresh token", &[user.as_bytes(), self.session().0.as_bytes(), &self.secret])
    }

    fn successor(&self, salt: &[u8]) -> Self {
        Self { cookie: self.cookie, secret: random::sha256(&[b"binnacle-refresh-next", &self.secret, salt]) }
    }
}

#[derive(FromRow)]
struct Row {
    user_id: Uuid,
    username: String,
    expires_at: DateTime<Utc>,
    token_hash: Vec<u8>,
    /// The newest first.
    past_hashes: Vec<Vec<u8>>,
    successor_salt: Option<Vec<u8>>,
    /// Whether the previous token is still valid.
    is_in_grace: bool,
}

/// The state of a token in its session.
enum Standing {
    Current,
    /// The previous one, in its grace period.
    Previous,
    Past,
    Never,
}

/// Stores a session of `user` with its first refresh token.
pub async fn start(
    pool: &PgPool,
    sealing: &SealingKeys,
    user: UserId,
    token: &RefreshToken,
    life: Duration,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))",
    )
    .bind(token.session().0)
    .bind(user.0)
    .bind(token.hash(sealing, user.0))
    .bind(life.as_secs_f64())
    .execute(pool)
    .await?;
    Ok(())
}

/// The session of the token, if it is open; locked for the rest of the transaction.
async fn find(db: impl PgExecutor<'_>, token: &RefreshToken) -> Result<Option<Row>, sqlx::Error> {
    let read = "SELECT s.user_id, c.username, expires_at, token_hash, past_hashes, successor_salt,
             renewed_at > now() - interval '10 seconds' AS is_in_grace
         FROM auth.sessions s JOIN auth.credentials c USING (user_id)
         WHERE s.id = $1 AND ended_at IS NULL AND expires_at > now() FOR UPDATE OF s";
    sqlx::query_as(read).bind(token.session().0).fetch_optional(db).await
}

/// Exchanges a token for the next one.
pub async fn renew(pool: &PgPool, sealing: &SealingKeys, token: &RefreshToken) -> Result<Renewal, Error> {
    let mut transaction = begin(pool, "BEGIN").await?;
    let Some(row) = find(&mut *transaction, token).await? else { return Ok(Renewal::Refused) };
    match row.standing(&token.hashes(sealing, row.user_id)) {
        Standing::Current => {
            let salt = random::bytes::<32>();
            let next = token.successor(&salt);
            // Keeps as many past tokens as the column holds. An older one is refused as unknown.
            sqlx::query(
                "UPDATE auth.sessions SET token_hash = $2, past_hashes = (array_prepend(token_hash, past_hashes))[1:256],
                     successor_salt = $3, renewed_at = now()
                 WHERE id = $1",
            )
            .bind(token.session().0)
            .bind(next.hash(sealing, row.user_id))
            .bind(salt)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(row.renewed(next))
        }
        Standing::Previous => {
            let next = token.successor(row.successor_salt.as_deref().unwrap_or_default());
            Ok(row.renewed(next))
        }
        Standing::Past => {
            let end = "UPDATE auth.sessions SET ended_at = now() WHERE id = $1";
            sqlx::query(end).bind(token.session().0).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Renewal::Reused(UserId(row.user_id)))
        }
        Standing::Never => Ok(Renewal::Refused),
    }
}

impl Row {
    /// The state of the token with these hashes.
    fn standing(&self, presented: &[[u8; 32]]) -> Standing {
        let is = |stored: &Vec<u8>| presented.iter().any(|hash| hash.as_slice() == stored);
        if is(&self.token_hash) {
            Standing::Current
        } else if self.is_in_grace && self.past_hashes.first().is_some_and(is) {
            Standing::Previous
        } else if self.past_hashes.iter().any(is) {
            Standing::Past
        } else {
            Standing::Never
        }
    }

    fn renewed(self, token: RefreshToken) -> Renewal {
        Renewal::Renewed(Box::new(Renewed {
            token,
            user: UserId(self.user_id),
            username: self.username,
            expires_at: self.expires_at,
        }))
    }
}

/// The user of the session that has, or had, this token, if the session is open.
pub async fn owner(pool: &PgPool, sealing: &SealingKeys, token: &RefreshToken) -> Result<Option<UserId>, Error> {
    let Some(row) = find(pool, token).await? else { return Ok(None) };
    let standing = row.standing(&token.hashes(sealing, row.user_id));
    Ok((!matches!(standing, Standing::Never)).then_some(UserId(row.user_id)))
}

pub async fn end(pool: &PgPool, session: SessionId) -> Result<(), Error> {
    sqlx::query("UPDATE auth.sessions SET ended_at = now() WHERE id = $1 AND ended_at IS NULL")
        .bind(session.0)
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends all sessions of `user` and returns them.
pub async fn end_all(pool: &PgPool, user: UserId) -> Result<Vec<SessionId>, Error> {
    let ended: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE auth.sessions SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL RETURNING id",
    )
    .bind(user.0)
    .fetch_all(pool)
    .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Sessions that ended within the last `within`: their tokens may not have expired.
pub async fn ended_lately(pool: &PgPool, within: Duration) -> Result<Vec<SessionId>, Error> {
    let ended: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM auth.sessions WHERE ended_at > now() - make_interval(secs => $1)")
            .bind(within.as_secs_f64())
            .fetch_all(pool)
            .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Deletes sessions whose last token has expired.
pub async fn prune(pool: &PgPool) -> Result<(), Error> {
    sqlx::query("DELETE FROM auth.sessions WHERE expires_at < now() - interval '2 hours'").execute(pool).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
