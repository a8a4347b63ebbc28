//! The entry point of every command and every outcome. [`guard`] checks what applies to all of them: the log is
//! complete, the session is open, the actor has the right, a repetition is recognised, and the answer comes in time.
//! Then the rules decide, and events, effects and idempotency key are appended in one transaction.
//!
//! [`access`] records what people open and what is refused to them. [`batch`] has the commands about many objects at once.
//! [`operation`] has the commands about objects of a cluster. [`aggregate`] has what the dispatcher needs of an
//! aggregate besides its rules.

mod access;
pub mod aggregate;
mod batch;
mod cache;
mod forget;
mod guard;
mod operation;

use crate::{
    error::Error,
    kubernetes::Clusters,
    log::{DataKeys, EventStore},
};
use access::Windows;
pub use batch::BatchReceipt;
pub(crate) use batch::{Asked, Requester};
use cache::Cache;
use chrono::{DateTime, Utc};
use domain::core::{
    actor::Actor,
    event::Recorded,
    ids::{CommandId, SessionId},
};
pub use guard::to_be_stored;
pub(crate) use operation::Prepared;
pub use operation::{Receipt, Reported};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// The origin of a command: author, session, reason, request and idempotency key.
#[derive(Clone, Debug)]
pub struct Origin {
    pub actor: Actor,
    /// The session that must be open when the command is accepted. None for Binnacle itself, and for sign-in and
    /// sign-out.
    pub session: Option<SessionId>,
    /// The reason that the user gave.
    pub reason: Option<String>,
    /// The id of the API request.
    pub request: Option<String>,
    pub idempotency_key: Option<Uuid>,
}

impl Origin {
    /// A command of a part of Binnacle.
    pub fn system(component: &str) -> Self {
        Self::by(Actor::system(component))
    }

    /// A command of an actor without reason, request or session.
    pub const fn by(actor: Actor) -> Self {
        Self { actor, session: None, reason: None, request: None, idempotency_key: None }
    }
}

/// What a command is decided with, besides the state.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub command: CommandId,
    /// The deadline of an operation that starts now, by the clock of the database.
    pub deadline: DateTime<Utc>,
}

/// An accepted command. It is durable before any call to a cluster.
#[derive(Clone, Debug)]
pub struct Executed {
    /// The same for a repetition with the same idempotency key.
    pub command: CommandId,
    /// The position of the last event of this command, or of the stream if there was nothing to do.
    pub position: i64,
    /// The events that this call appended. Empty if there was nothing to do, or if the command is a repetition.
    pub events: Vec<Recorded>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Dispatcher {
    store: EventStore,
    cache: Arc<Cache>,
    windows: Arc<Windows>,
    clusters: Clusters,
    timeout: Duration,
}

impl Dispatcher {
    pub(crate) fn new(store: EventStore, clusters: Clusters, timeout: Duration) -> Self {
        Self { store, cache: Arc::default(), windows: Arc::default(), clusters, timeout }
    }

    /// The data keys of the log.
    pub const fn keys(&self) -> &DataKeys {
        self.store.keys()
    }

    pub(crate) fn pool(&self) -> &PgPool {
        self.store.pool()
    }

    /// Whether the database lost events that this process acknowledged. Then every command is UNAVAILABLE.
    pub fn has_regressed(&self) -> bool {
        self.store.has_regressed()
    }

    /// Whether the clock of this machine differs from that of the database by more than 30 s.
    pub fn is_clock_off(&self) -> bool {
        self.store.clock().is_off()
    }

    async fn deadline(&self) -> Result<DateTime<Utc>, Error> {
        Ok(self.store.now().await? + self.timeout)
    }
}
