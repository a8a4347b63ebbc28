//! The last event that this process acknowledged. A database without it lost acknowledged events, for example a standby
//! that was promoted too early. Then nothing is appended or executed until the database has them again, or an operator
//! restarts the process.
//!
//! Tested in tests/flow/regression.rs with a standby that was promoted too early.

use sqlx::PgConnection;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use uuid::Uuid;

/// The last event that this process acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    pub position: i64,
    pub id: Uuid,
}

/// The head of the log as far as this process acknowledged it, and whether the log has lost it.
#[derive(Default)]
pub struct AcknowledgedHead {
    last: Mutex<Option<Last>>,
    is_lost: AtomicBool,
}

impl AcknowledgedHead {
    pub fn acknowledged(&self, last: Last) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }

    pub fn last(&self) -> Option<Last> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the log lacks the acknowledged event.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// Checks that the log still has the acknowledged event. Must run on each new connection before it is used.
    pub async fn check(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let Some(last) = self.last() else { return Ok(true) };
        let found: Option<Uuid> = sqlx::query_scalar("SELECT id FROM events WHERE position = $1")
            .bind(last.position)
            .fetch_optional(connection)
            .await?;
        let is_there = found == Some(last.id);
        if self.is_lost.swap(!is_there, Ordering::Relaxed) == is_there {
            if is_there {
                tracing::info!(position = last.position, "log.whole_again");
            } else {
                tracing::error!(position = last.position, "log.regressed");
            }
        }
        Ok(is_there)
    }
}
