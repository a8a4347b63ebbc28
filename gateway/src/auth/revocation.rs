//! Ended sessions whose access tokens have not expired. The process that ended them knows at once, other processes
//! within a second. If the database cannot be read for long, no token is accepted. Commands do not depend on this: the
//! append checks the session itself.

use super::{Error, attempts, session};
use domain::core::ids::SessionId;
use sqlx::PgPool;
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const PERIOD: Duration = Duration::from_millis(1000);
/// The time limit for the database.
const LIMIT: Duration = Duration::from_secs(5);
/// Older information is not used.
const STALE: Duration = Duration::from_secs(20);
const PRUNE_EVERY: u32 = 600;

#[derive(Default)]
struct EndedSessions {
    /// From the last read of the database.
    ended: HashSet<SessionId>,
    /// Ended in this process since then.
    ended_here: HashSet<SessionId>,
    queried_at: Option<Instant>,
}

/// Shared by all token checks. Cheap to clone.
#[derive(Clone)]
pub struct Revocations {
    sessions: Arc<RwLock<EndedSessions>>,
    changed: Arc<watch::Sender<()>>,
}

impl Default for Revocations {
    fn default() -> Self {
        Self { sessions: Arc::default(), changed: Arc::new(watch::Sender::new(())) }
    }
}

impl Revocations {
    /// Fails if the state of the session is unknown.
    pub fn has_ended(&self, session: SessionId) -> Result<bool, Error> {
        let sessions = self.sessions.read().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = sessions.queried_at.is_some_and(|at| at.elapsed() < STALE);
        if !is_fresh {
            return Err(Error::Stale);
        }
        Ok(sessions.ended.contains(&session) || sessions.ended_here.contains(&session))
    }

    /// Returns when this session must not continue: it has ended, or its state has been unknown for too long, which is
    /// the error.
    pub async fn ended(&self, session: SessionId) -> Result<(), Error> {
        let mut changes = self.changed.subscribe();
        while !self.has_ended(session)? {
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    }

    pub(super) fn end(&self, session: SessionId) {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner).ended_here.insert(session);
        self.changed.send_replace(());
    }

    fn replace(&self, ended: HashSet<SessionId>, queried_at: Instant) {
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        // A slow answer must not replace a newer one.
        if sessions.queried_at.is_some_and(|newer| newer > queried_at) {
            return;
        }
        let has_changed = sessions.ended != ended;
        // The database already has the sessions ended here, or will have them at the next read.
        sessions.ended_here.retain(|session| !ended.contains(session));
        sessions.ended = ended;
        sessions.queried_at = Some(queried_at);
        drop(sessions);
        if has_changed {
            self.changed.send_replace(());
        }
    }

    /// Reads the ended sessions from the database.
    pub async fn refresh(&self, pool: &PgPool, token_life: Duration) -> Result<(), Error> {
        let queried_at = Instant::now();
        let ended = session::ended_lately(pool, token_life + Duration::from_secs(60)).await?;
        self.replace(ended.into_iter().collect(), queried_at);
        Ok(())
    }
}

/// Reads every second, and deletes old rows from time to time.
pub async fn run(revocations: Revocations, pool: PgPool, token_life: Duration, token: CancellationToken) {
    let mut timer = tokio::time::interval(PERIOD);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut rounds: u32 = 0;
    while token.run_until_cancelled(timer.tick()).await.is_some() {
        if let Err(error) = limited(revocations.refresh(&pool, token_life)).await {
            tracing::debug!(error = %error, "auth.revocations.unknown");
            // The information may have become too old: sockets must check.
            revocations.changed.send_replace(());
        }
        if rounds.is_multiple_of(PRUNE_EVERY)
            && let Err(error) = limited(prune(&pool)).await
        {
            tracing::warn!(error = %error, "auth.prune.failed");
        }
        rounds = rounds.wrapping_add(1);
    }
}

async fn limited(call: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    tokio::time::timeout(LIMIT, call).await.unwrap_or(Err(Error::Stale))
}

async fn prune(pool: &PgPool) -> Result<(), Error> {
    session::prune(pool).await?;
    attempts::prune(pool).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use uuid::Uuid;

    #[test]
    fn a_session_that_ended_here_stays_ended() {
        let (revocations, session) = (Revocations::default(), SessionId(Uuid::now_v7()));
        assert!(matches!(revocations.has_ended(session), Err(Error::Stale)), "nothing is known yet");
        revocations.replace(HashSet::new(), Instant::now());
        assert!(matches!(revocations.has_ended(session), Ok(false)));
        revocations.end(session);
        assert!(matches!(revocations.has_ended(session), Ok(true)));
        revocations.replace(HashSet::new(), Instant::now());
        assert!(matches!(revocations.has_ended(session), Ok(true)), "an answer asked for before does not revive it");
    }

    #[tokio::test]
    async fn a_waiting_session_fails_when_its_state_becomes_stale() {
        let (revocations, session) = (Revocations::default(), SessionId(Uuid::now_v7()));
        revocations.replace(HashSet::new(), Instant::now());
        let mut ended = std::pin::pin!(revocations.ended(session));
        assert!(ended.as_mut().now_or_never().is_none());
        revocations.sessions.write().expect("no panic").queried_at = Instant::now().checked_sub(STALE);
        revocations.changed.send_replace(());
        assert!(matches!(ended.now_or_never(), Some(Err(Error::Stale))));
    }

    #[test]
    fn an_answer_that_was_long_on_its_way_takes_no_newer_ones_place() {
        let (revocations, session, before) = (Revocations::default(), SessionId(Uuid::now_v7()), Instant::now());
        revocations.replace(HashSet::from([session]), before + Duration::from_millis(1));
        revocations.replace(HashSet::new(), before);
        assert!(matches!(revocations.has_ended(session), Ok(true)));
    }
}
