//! All events of the log.

use super::{
    envelope::{Metadata, StoredEvent},
    ids::{ClusterId, EventId, OperationId},
    sealing::{KeyId, KeyScope},
};
use crate::{
    kubernetes::observed::ObservedEvent,
    operation::{OperationEvent, batch::BatchEvent},
    platform::{
        access_log::AccessEvent, cluster::ClusterEvent, data_key::DataKeyEvent, projection::ProjectionEvent,
        user::UserEvent,
    },
};
use chrono::{DateTime, Utc};

/// Any event of the log, by aggregate.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Operation(OperationEvent),
    Batch(BatchEvent),
    Observed(ObservedEvent),
    Cluster(ClusterEvent),
    User(UserEvent),
    Projection(ProjectionEvent),
    Access(AccessEvent),
    DataKey(DataKeyEvent),
}

impl From<OperationEvent> for Event {
    fn from(event: OperationEvent) -> Self {
        Self::Operation(event)
    }
}

impl From<BatchEvent> for Event {
    fn from(event: BatchEvent) -> Self {
        Self::Batch(event)
    }
}

impl From<ObservedEvent> for Event {
    fn from(event: ObservedEvent) -> Self {
        Self::Observed(event)
    }
}

impl From<ClusterEvent> for Event {
    fn from(event: ClusterEvent) -> Self {
        Self::Cluster(event)
    }
}

impl From<UserEvent> for Event {
    fn from(event: UserEvent) -> Self {
        Self::User(event)
    }
}

impl From<ProjectionEvent> for Event {
    fn from(event: ProjectionEvent) -> Self {
        Self::Projection(event)
    }
}

impl From<AccessEvent> for Event {
    fn from(event: AccessEvent) -> Self {
        Self::Access(event)
    }
}

impl From<DataKeyEvent> for Event {
    fn from(event: DataKeyEvent) -> Self {
        Self::DataKey(event)
    }
}

impl Event {
    /// A data key was made.
    pub fn key_made(scope: &KeyScope, key: KeyId) -> Self {
        DataKeyEvent::DataKeyMade { scope: scope.clone(), key: format!("{key:?}") }.into()
    }

    /// A data key was wrapped by another sealing key.
    pub fn key_wrapped(scope: &KeyScope, key: KeyId) -> Self {
        DataKeyEvent::DataKeyWrapped { scope: scope.clone(), key: format!("{key:?}") }.into()
    }

    /// What seals its free values. None if it can hold none. The members of a batch are sealed with their objects, wherever
    /// those are, so that they are forgotten with them.
    pub fn key_scope(&self, stream: &str) -> Option<KeyScope> {
        match self {
            Self::Batch(event) => event.target().map(|target| KeyScope::of_object(&target.path())),
            Self::Operation(_)
            | Self::Observed(_)
            | Self::Cluster(_)
            | Self::User(_)
            | Self::Projection(_)
            | Self::Access(_)
            | Self::DataKey(_) => KeyScope::of_stream(stream),
        }
    }

    /// The key that was deleted with this event. No later value may be opened with it, even where it is still known.
    pub fn forgets(&self) -> Option<KeyId> {
        match self {
            Self::DataKey(DataKeyEvent::DataKeyForgotten { key, .. }) => key.parse().ok(),
            Self::DataKey(_)
            | Self::Operation(_)
            | Self::Batch(_)
            | Self::Observed(_)
            | Self::Cluster(_)
            | Self::User(_)
            | Self::Projection(_)
            | Self::Access(_) => None,
        }
    }

    /// The cluster whose rows go with this event.
    pub const fn ends_rows_of(&self) -> Option<&ClusterId> {
        match self {
            Self::Cluster(event) if event.ends_rows() => Some(event.cluster()),
            Self::Cluster(_)
            | Self::Operation(_)
            | Self::Batch(_)
            | Self::Observed(_)
            | Self::User(_)
            | Self::Projection(_)
            | Self::Access(_)
            | Self::DataKey(_) => None,
        }
    }

    /// What the event says of the object of its stream. None if no row of the object shows it.
    pub const fn of_object(&self) -> Option<OfObject> {
        match self {
            Self::Operation(OperationEvent::OperationRequested { .. }) => Some(OfObject::Requested),
            Self::Observed(event) if event.is_end() => Some(OfObject::Gone),
            Self::Observed(_) => Some(OfObject::Observed),
            Self::Operation(_)
            | Self::Batch(_)
            | Self::Cluster(_)
            | Self::User(_)
            | Self::Projection(_)
            | Self::Access(_)
            | Self::DataKey(_) => None,
        }
    }

    /// Drops texts that cannot be opened any more, so that nothing is computed from them. Only the cluster reports them
    /// again.
    pub fn forget(&mut self) {
        match self {
            Self::Observed(event) => event.forget(),
            Self::Operation(_)
            | Self::Batch(_)
            | Self::Cluster(_)
            | Self::User(_)
            | Self::Projection(_)
            | Self::Access(_)
            | Self::DataKey(_) => {}
        }
    }
}

/// What an event says of the object of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfObject {
    /// Somebody requested an operation on it.
    Requested,
    /// The object was observed.
    Observed,
    Gone,
}

/// One event of the log, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub position: i64,
    pub id: EventId,
    pub stream: String,
    pub version: i64,
    pub event_type: String,
    pub recorded_at: DateTime<Utc>,
    pub metadata: Metadata,
    pub event: Event,
}

impl Recorded {
    /// The operation that the event belongs to.
    pub const fn operation(&self) -> Option<OperationId> {
        match &self.event {
            Event::Operation(operation) => Some(operation.operation()),
            Event::Batch(_)
            | Event::Observed(_)
            | Event::Cluster(_)
            | Event::User(_)
            | Event::Projection(_)
            | Event::Access(_)
            | Event::DataKey(_) => self.metadata.correlation,
        }
    }

    /// A stored event with its decoded metadata and payload.
    pub fn new(stored: StoredEvent, metadata: Metadata, event: Event) -> Self {
        let StoredEvent { position, id, stream, version, event_type, recorded_at, .. } = stored;
        Self { position, id: EventId(id), stream, version, event_type, recorded_at, metadata, event }
    }
}
