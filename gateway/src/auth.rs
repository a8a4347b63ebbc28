//! Sign-in: passwords, sessions and tokens in the schema `auth`, the only SQL of this crate. Accounts, sign-ins and
//! sign-outs are recorded in the log through the dispatcher before they take effect here.

pub mod account;
pub mod attempts;
pub mod cookie;
pub mod hashing;
pub mod keys;
pub mod password;
pub mod preferences;
pub mod presence;
pub mod random;
pub mod revocation;
pub mod rights;
pub mod session;
pub mod sign_in;
pub mod token;

use chrono::{DateTime, Utc};
use commands::Dispatcher;
use domain::core::{
    actor::Actor,
    ids::{SessionId, UserId},
    sealing::{SealingKeys, keys as sealing},
};
use keys::Keys;
use password::Passwords;
use presence::Presence;
use revocation::Revocations;
use sqlx::PgPool;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tracing::Instrument;

/// A signed-in user, from the claims of the access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub user: UserId,
    pub username: String,
    pub display_name: String,
    pub session: SessionId,
    pub expires_at: DateTime<Utc>,
}

impl Viewer {
    /// The actor for the log.
    pub fn actor(&self, source: Option<String>) -> Actor {
        Actor::User {
            id: self.user,
            username: self.username.clone(),
            display_name: self.display_name.as_str().into(),
            session: Some(self.session),
            source: source.as_deref().map(Into::into),
        }
    }
}

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("sign in: the access token is missing, wrong or has expired")]
    Unauthenticated,
    #[error("accounts and sessions cannot be read")]
    Database(#[from] sqlx::Error),
    #[error("the sign-in could not be recorded")]
    Command(#[from] commands::Error),
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    #[error("the signing key: {0}")]
    Key(String),
    #[error("the {what} in the database cannot be opened by the keys of BINNACLE_SEALING_KEY_FILE")]
    Sealed { what: &'static str, source: sealing::Error },
    #[error("nothing can be sealed")]
    Sealing(#[from] sealing::Error),
    #[error("too many people sign in at once: try again in a second")]
    Busy,
    #[error("which sessions have ended is not known at the moment")]
    Stale,
}

/// Runs a change to its end, even if the caller goes away. Otherwise a session could start or end in the database and
/// not in the log.
async fn finished<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let working = tokio::spawn(work.in_current_span());
    working.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
}

/// Lifetimes of tokens and sessions.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    pub access_token: Duration,
    pub session: Duration,
}

/// The sign-in service. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    pool: PgPool,
    dispatcher: Dispatcher,
    keys: Arc<RwLock<Arc<Keys>>>,
    sealing: Arc<SealingKeys>,
    passwords: Arc<Passwords>,
    presence: Arc<Presence>,
    revocations: Revocations,
    lifetimes: Lifetimes,
}

impl Auth {
    /// Reads or makes the signing key, which is sealed by `sealing`.
    pub async fn open(
        pool: PgPool,
        dispatcher: Dispatcher,
        sealing: Arc<SealingKeys>,
        lifetimes: Lifetimes,
    ) -> Result<Self, Error> {
        Ok(Self {
            keys: Arc::new(RwLock::new(Arc::new(Keys::open(&pool, &sealing).await?))),
            sealing,
            passwords: Arc::new(Passwords::new()?),
            presence: Arc::default(),
            revocations: Revocations::default(),
            pool,
            dispatcher,
            lifetimes,
        })
    }

    /// The keys that sign tokens and verify them.
    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Checks that these sealing keys open each password hash.
    pub async fn check_passwords(&self, sealing: &SealingKeys) -> Result<(), Error> {
        account::check(&self.pool, sealing).await
    }

    /// Reads the signing keys again, after the sealing keys were replaced.
    pub async fn reopen_keys(&self) -> Result<(), Error> {
        let keys = Arc::new(Keys::open(&self.pool, &self.sealing).await?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// The viewer of an access token whose session exists and has not ended.
    pub async fn viewer(&self, token: &str) -> Result<Viewer, Error> {
        let verified = token::verify(&self.keys(), token, self.lifetimes.access_token);
        let viewer = verified.ok_or(Error::Unauthenticated)?;
        let goes_on = !self.revocations.has_ended(viewer.session)?
            && self.presence.is_there(&self.pool, viewer.session, viewer.user).await?;
        if goes_on { Ok(viewer) } else { Err(Error::Unauthenticated) }
    }

    /// The ended sessions, for everything that must end with its session.
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// Loads the ended sessions once, so that tokens can be checked from the first request on.
    pub async fn refresh_revocations(&self) -> Result<(), Error> {
        self.revocations.refresh(&self.pool, self.lifetimes.access_token).await
    }

    /// Keeps the ended sessions up to date, and deletes old rows.
    pub async fn run(self, token: tokio_util::sync::CancellationToken) {
        revocation::run(self.revocations, self.pool, self.lifetimes.access_token, token).await;
    }
}

#[cfg(test)]
mod tests;
