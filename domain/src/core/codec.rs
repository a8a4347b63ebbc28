//! Encodes events for the log and decodes them. Old events stay readable for ever: types and versions are only added,
//! and `golden/` has a file for each.

#[cfg(test)]
mod tests;

use crate::{
    core::{
        canonical::canonical,
        envelope::{Metadata, StoredEvent},
        event::{Event, Recorded},
    },
    kubernetes::observed::ObservedEvent,
    operation::OperationEvent,
    platform::{cluster::ClusterEvent, projection::ProjectionEvent, user::UserEvent},
};
use serde::de::DeserializeOwned;

/// An encoded event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub event_type: &'static str,
    pub schema_version: i32,
    /// Canonical JSON (RFC 8785).
    pub payload: Vec<u8>,
}

/// Why stored bytes cannot be decoded.
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
        /// Every event type with its current schema version.
        pub const TYPES: &[(&str, i32)] = &[$($((stringify!($name), 1)),+),+];

        /// The stable type name of an event.
        pub fn type_of(event: &Event) -> &'static str {
            match event {
                $($(Event::$noun($event::$name { .. }) => stringify!($name)),+),+
            }
        }

        /// The event wrapped in its type, as serde tags an enum.
        fn tagged(event: &Event) -> serde_json::Result<Vec<u8>> {
            match event {
                $(Event::$noun(event) => canonical(event)),+
            }
        }

        fn parse(event_type: &str, payload: &[u8]) -> Option<serde_json::Result<Event>> {
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
    Projection(ProjectionEvent): [EventQuarantined],
}

fn read<E: DeserializeOwned>(event_type: &str, payload: &[u8]) -> serde_json::Result<E> {
    serde_json::from_slice(&[b"{\"", event_type.as_bytes(), b"\":", payload, b"}"].concat())
}

/// Encodes an event.
pub fn encode(event: &Event) -> serde_json::Result<Encoded> {
    let event_type = type_of(event);
    let mut payload = tagged(event)?;
    // Removes only the tag: {"Type":payload}.
    payload.pop();
    payload.drain(..event_type.len() + 4);
    Ok(Encoded { event_type, schema_version: 1, payload })
}

/// Decodes an event, whatever version wrote it.
pub fn decode(event_type: &str, schema_version: i32, payload: &[u8]) -> Result<Event, CodecError> {
    let unknown = || CodecError::UnknownType(event_type.to_owned(), schema_version);
    if schema_version != 1 {
        return Err(unknown());
    }
    let named = |source| CodecError::Payload { event_type: event_type.to_owned(), source };
    parse(event_type, payload).ok_or_else(unknown)?.map_err(named)
}

/// Decodes metadata and event of a stored row.
pub fn contents(stored: &StoredEvent) -> Result<(Metadata, Event), CodecError> {
    from_columns(&stored.event_type, stored.schema_version, &stored.metadata, &stored.payload)
}

/// Decodes metadata and event from the columns alone.
pub fn from_columns(
    event_type: &str,
    schema_version: i32,
    metadata: &[u8],
    payload: &[u8],
) -> Result<(Metadata, Event), CodecError> {
    let metadata = serde_json::from_slice(metadata).map_err(CodecError::Metadata)?;
    Ok((metadata, decode(event_type, schema_version, payload)?))
}

/// Decodes a stored row.
pub fn decode_stored(stored: StoredEvent) -> Result<Recorded, CodecError> {
    let (metadata, event) = contents(&stored)?;
    Ok(Recorded::new(stored, metadata, event))
}
