//! Accounts: the credentials of the users in the log, and the first administrator.

use super::{Auth, Error, password::Passwords, random, session};
use crate::config::Accounts;
use commands::{Dispatcher, Origin, sealing::SealingKeys};
use domain::{
    core::ids::{SessionId, UserId},
    platform::user::{User, UserCommand},
};
use projections::engine::transaction::begin;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

/// The credentials of a user name.
#[derive(FromRow)]
pub(super) struct Credential {
    pub user_id: Uuid,
    pub username: String,
    pub display_name: String,
    sealed_hash: Vec<u8>,
}

impl Credential {
    /// The hash of the password.
    pub fn hash(&self, sealing: &SealingKeys) -> Result<String, Error> {
        let what = "hash of a password";
        let opened = sealing.open(&place(self.user_id), &self.sealed_hash);
        let opened = opened.map_err(|source| Error::Sealed { what, source })?;
        String::from_utf8(opened).map_err(|error| Error::Hash(error.to_string()))
    }

    /// Whether the hash was sealed by the key that seals today.
    pub fn is_current(&self, sealing: &SealingKeys) -> bool {
        sealing.is_current(&self.sealed_hash)
    }
}

/// What the hash is sealed for: that of one account is of no use for another one.
fn place(user: Uuid) -> String {
    format!("password of {user}")
}

pub(super) async fn find(pool: &PgPool, username: &str) -> Result<Option<Credential>, Error> {
    let read = "SELECT user_id, username, display_name, sealed_hash FROM auth.credentials WHERE username = $1";
    Ok(sqlx::query_as(read).bind(username).fetch_optional(pool).await?)
}

pub(super) async fn store_hash(pool: &PgPool, sealing: &SealingKeys, user: Uuid, hash: &str) -> Result<(), Error> {
    sqlx::query("UPDATE auth.credentials SET sealed_hash = $2, changed_at = now() WHERE user_id = $1")
        .bind(user)
        .bind(sealing.seal(&place(user), hash.as_bytes())?)
        .execute(pool)
        .await?;
    Ok(())
}

/// The canonical form of a user name, for storing and lookup.
pub fn canonical(username: &str) -> String {
    username.trim().to_lowercase()
}

fn origin() -> Origin {
    Origin::system("gateway")
}

impl Auth {
    /// Creates the first administrator if there is no account. Returns the password if it was generated.
    pub async fn ensure_administrator(&self, accounts: &Accounts) -> Result<Option<String>, Error> {
        let mut transaction = begin(&self.pool, "BEGIN").await?;
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('binnacle.first_administrator'))")
            .execute(&mut *transaction)
            .await?;
        let any: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM auth.credentials)").fetch_one(&mut *transaction).await?;
        if any {
            return Ok(None);
        }
        let username = canonical(&accounts.admin_username);
        let made_up = accounts.admin_password.is_none().then(random::password);
        let password = accounts.admin_password.as_ref().map(|secret| secret.reveal().to_owned());
        let hash = self.passwords.hash(password.or_else(|| made_up.clone()).unwrap_or_default()).await?;
        // Derived from the name, so that a start that was interrupted here registers the same user again, which does
        // nothing.
        let user = UserId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("binnacle-user:{username}").as_bytes()));
        let command = UserCommand::Register { user, username: username.clone(), display_name: display_name(&username) };
        self.dispatcher.command::<User>(origin(), &user, command).await?;
        sqlx::query(
            "INSERT INTO auth.credentials (user_id, username, display_name, sealed_hash) VALUES ($1, $2, $3, $4)",
        )
        .bind(user.0)
        .bind(&username)
        .bind(display_name(&username))
        .bind(self.sealing.seal(&place(user.0), hash.as_bytes())?)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(made_up)
    }
}

/// Sets a random password for `username` and ends all its sessions. `None` if there is no such account.
pub async fn reset_password(
    pool: &PgPool,
    dispatcher: &Dispatcher,
    sealing: &SealingKeys,
    username: &str,
) -> Result<Option<String>, Error> {
    let Some(credential) = find(pool, &canonical(username)).await? else { return Ok(None) };
    let user = UserId(credential.user_id);
    let password = random::password();
    let hash = Passwords::new()?.hash(password.clone()).await?;
    dispatcher.command::<User>(origin(), &user, UserCommand::ChangePassword { user }).await?;
    store_hash(pool, sealing, user.0, &hash).await?;
    for session in session::end_all(pool, user).await? {
        end_in_log(dispatcher, user, session).await?;
    }
    Ok(Some(password))
}

async fn end_in_log(dispatcher: &Dispatcher, user: UserId, session: SessionId) -> Result<(), Error> {
    dispatcher.command::<User>(origin(), &user, UserCommand::EndSession { user, session }).await?;
    Ok(())
}

/// `admin` becomes `Admin`.
fn display_name(username: &str) -> String {
    let mut letters = username.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
