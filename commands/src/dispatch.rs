//! The one entry point of every command and every outcome. [`guard`] checks what holds for all of them: the log is
//! whole, the session is open, the actor has the right, a repetition is recognised, and an answer comes in time. Then
//! the rules decide, and events, effects and idempotency key are appended together.
//!
//! [`operation`] has the commands about objects of a cluster. [`aggregate`] says what the dispatcher needs of an
//! aggregate beside its rules.

pub mod aggregate;
mod cache;
mod guard;
mod operation;

use crate::{error::Error, log::EventStore};
use cache::Cache;
use chrono::{DateTime, Utc};
use domain::core::{
    actor::Actor,
    event::Recorded,
    ids::{ClusterId, CommandId, SessionId},
};
pub use operation::{Receipt, Reported};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Who sends a command, and what they say about it.
#[derive(Clone, Debug)]
pub struct Origin {
    pub actor: Actor,
    /// The session that must be open when the command is accepted. None for what Binnacle does itself, and for signing
    /// in and out.
    pub session: Option<SessionId>,
    /// Why, in the user's own words.
    pub reason: Option<String>,
    /// The id of the API request.
    pub request: Option<String>,
    pub idempotency_key: Option<Uuid>,
}

impl Origin {
    /// A part of Binnacle, on its own behalf.
    pub fn system(component: &str) -> Self {
        Self::by(Actor::system(component))
    }

    /// An actor with nothing to say about it, outside a session.
    pub const fn by(actor: Actor) -> Self {
        Self { actor, session: None, reason: None, request: None, idempotency_key: None }
    }
}

/// What a command is decided with, beside the state.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub command: CommandId,
    /// By the clock of the database, which every gateway goes by: until then an operation that starts now may take.
    pub deadline: DateTime<Utc>,
}

/// A command that was accepted: durable, before anything reaches a cluster.
#[derive(Clone, Debug)]
pub struct Executed {
    /// The same for a repetition with the same idempotency key.
    pub command: CommandId,
    /// The position of the last event of this command, or of the stream where there was nothing to do.
    pub position: i64,
    /// What this call appended; empty when there was nothing to do, or it is a repetition.
    pub events: Vec<Recorded>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Dispatcher {
    store: EventStore,
    cache: Arc<Cache>,
    clusters: Arc<[ClusterId]>,
    timeout: Duration,
}

impl Dispatcher {
    pub(crate) fn new(store: EventStore, clusters: Arc<[ClusterId]>, timeout: Duration) -> Self {
        Self { store, cache: Arc::default(), clusters, timeout }
    }

    /// Whether the database came back without events that were acknowledged here; then every command is UNAVAILABLE.
    pub fn has_regressed(&self) -> bool {
        self.store.has_regressed()
    }

    /// Whether the clock of this machine is more than half a minute from the database's.
    pub fn is_clock_off(&self) -> bool {
        self.store.clock().is_off()
    }

    async fn deadline(&self) -> Result<DateTime<Utc>, Error> {
        Ok(self.store.now().await? + self.timeout)
    }
}
