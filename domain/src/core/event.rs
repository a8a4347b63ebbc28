//! All events of the log.

use super::{
    envelope::{Metadata, StoredEvent},
    ids::EventId,
};
use crate::{
    kubernetes::observed::ObservedEvent,
    operation::OperationEvent,
    platform::{cluster::ClusterEvent, projection::ProjectionEvent, user::UserEvent},
};
use chrono::{DateTime, Utc};

/// Any event of the log, by aggregate.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Operation(OperationEvent),
    Observed(ObservedEvent),
    Cluster(ClusterEvent),
    User(UserEvent),
    Projection(ProjectionEvent),
}

impl From<OperationEvent> for Event {
    fn from(event: OperationEvent) -> Self {
        Self::Operation(event)
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
    /// A stored event with its decoded metadata and payload.
    pub fn new(stored: StoredEvent, metadata: Metadata, event: Event) -> Self {
        let StoredEvent { position, id, stream, version, event_type, recorded_at, .. } = stored;
        Self { position, id: EventId(id), stream, version, event_type, recorded_at, metadata, event }
    }
}
