//! Accounts: the credentials of the users in the log, and the first administrator.

use super::{Auth, Error, password::Passwords, random, session};
use crate::{config::Accounts, database::PATIENCE};
use commands::{Dispatcher, Origin};
use domain::core::sealing::SealingKeys;
use domain::{
    core::ids::{SessionId, UserId},
    platform::user::{User, UserCommand},
};
use projections::engine::transaction::begin;
use sqlx::{FromRow, PgPool};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// How soon the first administrator is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// SQLSTATE `lock_not_available`: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
const LOCKED: &str = "55P03";

/// The credentials of a user name.
#[derive(FromRow)]
pub(super) struct Credential {
    pub user_id: Uuid,
    pub username: String,
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

    /// Whether the current sealing key sealed the hash.
    pub fn is_current(&self, sealing: &SealingKeys) -> bool {
        sealing.is_current(&self.sealed_hash)
    }
}

/// The context of the seal: a hash moved to another account does not open.
fn place(user: Uuid) -> String {
    format!("password of {user}")
}

pub(super) async fn find(pool: &PgPool, username: &str) -> Result<Option<Credential>, Error> {
    let read = "SELECT user_id, username, sealed_hash FROM auth.credentials WHERE username = $1";
    Ok(sqlx::query_as(read).bind(username).fetch_optional(pool).await?)
}

/// The account with this name.
pub async fn id_of(pool: &PgPool, username: &str) -> Result<Option<Uuid>, Error> {
    Ok(find(pool, &canonical(username)).await?.map(|credential| credential.user_id))
}

/// Stores the hash of a new password.
async fn store_hash(pool: &PgPool, sealing: &SealingKeys, user: Uuid, hash: &str) -> Result<(), Error> {
    sqlx::query("UPDATE auth.credentials SET sealed_hash = $2, changed_at = now() WHERE user_id = $1")
        .bind(user)
        .bind(sealing.seal(&place(user), hash.as_bytes())?)
        .execute(pool)
        .await?;
    Ok(())
}

/// Replaces the hash of the same password, unless the password was changed meanwhile.
pub(super) async fn replace_hash(
    pool: &PgPool,
    sealing: &SealingKeys,
    old: &Credential,
    hash: &str,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE auth.credentials SET sealed_hash = $3, changed_at = now() WHERE user_id = $1 AND sealed_hash = $2",
    )
    .bind(old.user_id)
    .bind(&old.sealed_hash)
    .bind(sealing.seal(&place(old.user_id), hash.as_bytes())?)
    .execute(pool)
    .await?;
    Ok(())
}

/// Checks that these sealing keys open the hash of each password.
pub(super) async fn check(pool: &PgPool, sealing: &SealingKeys) -> Result<(), Error> {
    let read = "SELECT user_id, username, sealed_hash FROM auth.credentials";
    let credentials: Vec<Credential> = sqlx::query_as(read).fetch_all(pool).await?;
    credentials.iter().try_for_each(|credential| credential.hash(sealing).map(|_| ()))
}

/// Seals again with the first key what older keys sealed; returns the number of hashes.
pub async fn seal_anew(pool: &PgPool, sealing: &SealingKeys) -> Result<usize, Error> {
    let read = "SELECT user_id, username, sealed_hash FROM auth.credentials";
    let credentials: Vec<Credential> = sqlx::query_as(read).fetch_all(pool).await?;
    let mut sealed = 0;
    for credential in credentials.iter().filter(|credential| !credential.is_current(sealing)) {
        replace_hash(pool, sealing, credential, &credential.hash(sealing)?).await?;
        sealed += 1;
    }
    Ok(sealed)
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
    ///
    /// Tries again for a while on a busy machine: nothing else retries at the start.
    pub async fn ensure_administrator(&self, accounts: &Accounts) -> Result<Option<String>, Error> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.make_administrator(accounts).await {
                Err(error) if passes(&error) && Instant::now() < end => {
                    tracing::warn!(%error, "auth.administrator_not_made_yet");
                    tokio::time::sleep(AGAIN).await;
                }
                made => return made,
            }
        }
    }

    async fn make_administrator(&self, accounts: &Accounts) -> Result<Option<String>, Error> {
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
        // Derived from the name. An interrupted first start then registers the same user again, which changes nothing.
        let user = UserId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("binnacle-user:{username}").as_bytes()));
        let command = UserCommand::Register {
            user,
            username: username.clone(),
            display_name: display_name(&username).as_str().into(),
        };
        self.dispatcher.command::<User>(origin(), &user, command).await?;
        sqlx::query("INSERT INTO auth.credentials (user_id, username, sealed_hash) VALUES ($1, $2, $3)")
            .bind(user.0)
            .bind(&username)
            .bind(self.sealing.seal(&place(user.0), hash.as_bytes())?)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(made_up)
    }
}

/// Whether it may work in a moment: the machine is busy, or another gateway that starts is making the account.
fn passes(error: &Error) -> bool {
    match error {
        Error::Busy | Error::Command(commands::Error::Unavailable { .. }) => true,
        Error::Database(source) => source.as_database_error().and_then(|error| error.code()).as_deref() == Some(LOCKED),
        _ => false,
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

/// The display name of an account: `Admin` for `admin`. Users cannot choose it yet.
pub(super) fn display_name(username: &str) -> String {
    let mut letters = username.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
