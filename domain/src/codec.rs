//! Events to the bytes of the log and back. Old events are read for ever: a type or version is only ever added, and a
//! golden file of each is kept in `golden/`.

#[cfg(test)]
mod tests;

use crate::{
    cluster::ClusterEvent,
    envelope::{Metadata, Recorded, StoredEvent},
    event::Event,
    ids::EventId,
    observed::ObservedEvent,
    operation::OperationEvent,
    user::UserEvent,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// An event as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub event_type: &'static str,
    pub schema_version: i32,
    /// Canonical JSON (RFC 8785).
    pub payload: Vec<u8>,
}

/// The bytes are no event that this version knows.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    #[error("event type {0} version {1} is not known here: a newer version of Binnacle wrote it")]
    UnknownType(String, i32),
    #[error("event type {event_type}")]
    Payload { event_type: String, source: serde_json::Error },
    #[error("metadata")]
    Metadata(#[source] serde_json::Error),
}

macro_rules! types {
    ($($noun:ident($event:ident): [$($name:ident),+ $(,)?]),+ $(,)?) => {
        /// Every event type of the log with its current schema version.
        pub const TYPES: &[(&str, i32)] = &[$($((stringify!($name), 1)),+),+];

        /// The stable type name of an event.
        pub fn type_of(event: &Event) -> &'static str {
            match event {
                $($(Event::$noun($event::$name { .. }) => stringify!($name)),+),+
            }
        }

        fn payload(event: &Event) -> serde_json::Result<Value> {
            match event {
                $(Event::$noun(event) => serde_json::to_value(event)),+
            }
        }

        fn parse(event_type: &str, payload: Value) -> Option<serde_json::Result<Event>> {
            match event_type {
                $($(stringify!($name))|+ => Some(read::<$event>(event_type, payload).map(Event::$noun)),)+
                _ => None,
            }
        }
    };
}

types! {
    Operation(OperationEvent): [
        OperationRequested, OperationStarted, OperationProgressed, OperationStageSucceeded, OperationCancelRequested,
        OperationOutcomeUnknown, OperationResolved, OperationSucceeded, OperationFailed, OperationCancelled,
    ],
    Observed(ObservedEvent): [
        WorkloadManifestObserved, WorkloadStatusObserved, WorkloadGone, PodObserved, PodGone, NamespaceObserved,
        NamespaceGone,
    ],
    Cluster(ClusterEvent): [ClusterRegistered, ClusterStateChanged],
    User(UserEvent): [UserRegistered, UserPasswordChanged, SessionStarted, SessionEnded],
}

fn read<E: DeserializeOwned>(event_type: &str, payload: Value) -> serde_json::Result<E> {
    let mut tagged = serde_json::Map::with_capacity(1);
    tagged.insert(event_type.to_owned(), payload);
    serde_json::from_value(Value::Object(tagged))
}

/// Canonical JSON (RFC 8785) of a value.
pub fn canonical<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value)
}

/// The bytes of an event.
pub fn encode(event: &Event) -> serde_json::Result<Encoded> {
    let event_type = type_of(event);
    let mut tagged = payload(event)?;
    let payload = tagged.get_mut(event_type).map(Value::take).unwrap_or_default();
    Ok(Encoded { event_type, schema_version: 1, payload: canonical(&payload)? })
}

/// The event behind bytes, whatever version wrote them.
pub fn decode(event_type: &str, schema_version: i32, payload: &[u8]) -> Result<Event, CodecError> {
    let unknown = || CodecError::UnknownType(event_type.to_owned(), schema_version);
    if schema_version != 1 {
        return Err(unknown());
    }
    let named = |source| CodecError::Payload { event_type: event_type.to_owned(), source };
    let payload = serde_json::from_slice(payload).map_err(named)?;
    parse(event_type, payload).ok_or_else(unknown)?.map_err(named)
}

/// A stored row, decoded.
pub fn decode_stored(stored: &StoredEvent) -> Result<Recorded, CodecError> {
    let metadata: Metadata = serde_json::from_slice(&stored.metadata).map_err(CodecError::Metadata)?;
    Ok(Recorded {
        position: stored.position,
        id: EventId(stored.id),
        stream: stored.stream.clone(),
        version: stored.version,
        event_type: stored.event_type.clone(),
        recorded_at: stored.recorded_at,
        metadata,
        event: decode(&stored.event_type, stored.schema_version, &stored.payload)?,
    })
}
