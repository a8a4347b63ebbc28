//! Encodes events for the log and decodes them. Old events stay readable for ever: types and versions are only added,
//! and `golden/` has a file for each.

#[cfg(test)]
mod tests;

use crate::{
    core::{
        canonical::canonical,
        envelope::{Metadata, StoredEvent},
        event::{Event, Recorded},
        sealing::{self, Opening, Ring, leaf},
    },
    kubernetes::observed::ObservedEvent,
    operation::{OperationEvent, batch::BatchEvent},
    platform::{
        access_log::AccessEvent, cluster::ClusterEvent, data_key::DataKeyEvent, projection::ProjectionEvent,
        user::UserEvent,
    },
};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, sync::LazyLock};

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
    #[error(transparent)]
    Sealed(#[from] sealing::Error),
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
        OperationOvertaken, OperationAbandoned,
    ],
    Batch(BatchEvent): [
        BatchRequested, BatchMembersAdded, BatchGroupStarted, BatchMemberRefused, BatchGroupEnded, BatchMembersSkipped,
        BatchCancelRequested, BatchEnded,
    ],
    Observed(ObservedEvent): [
        WorkloadManifestObserved, WorkloadStatusObserved, WorkloadGone, PodObserved, PodGone, NamespaceObserved,
        NamespaceGone, ObjectObserved, ObjectStatusObserved, ObjectGone, ObjectReleased,
    ],
    Cluster(ClusterEvent): [
        ClusterRegistered, ClusterConnected, ClusterIdentified, ClusterRenamed, ClusterEnvironmentChanged, ClusterStateChanged,
        ClusterRemoved, ClusterWatchEnded, KindJudged, KindRecorded, KindReleased,
    ],
    User(UserEvent): [UserRegistered, UserPasswordChanged, SessionStarted, SessionEnded],
    Projection(ProjectionEvent): [EventQuarantined],
    Access(AccessEvent): [LogOpened, SignInRefused, RefreshTokenReused, CommandRefused],
    DataKey(DataKeyEvent): [DataKeyMade, DataKeyWrapped, DataKeyForgotten],
}

fn read<E: DeserializeOwned>(event_type: &str, payload: &[u8]) -> serde_json::Result<E> {
    serde_json::from_slice(&[b"{\"", event_type.as_bytes(), b"\":", payload, b"}"].concat())
}

/// Encodes an event. Its free leaves are still open: [`sealing::Sealer`] seals them.
pub fn encode(event: &Event) -> serde_json::Result<Encoded> {
    let event_type = type_of(event);
    let mut payload = tagged(event)?;
    // Removes only the tag: {"Type":payload}.
    payload.pop();
    payload.drain(..event_type.len() + 4);
    Ok(Encoded { event_type, schema_version: 1, payload })
}

/// The type of events with which a key is deleted: see [`Event::forgets`].
pub const FORGETS: &str = "DataKeyForgotten";

/// How stored bytes are opened: with these keys, and with or without what was stored beside each value.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    pub ring: &'a Ring,
    pub opening: Opening,
}

impl Keys<'static> {
    /// No key: sealed values stay sealed.
    pub fn none() -> Self {
        static NONE: LazyLock<Ring> = LazyLock::new(Ring::default);
        Self { ring: &NONE, opening: Opening::Kept }
    }
}

/// The document of a payload, for [`sealing`].
pub fn payload_of(stream: &str) -> String {
    format!("payload of {stream}")
}

/// The document of metadata, for [`sealing`].
pub fn metadata_of(stream: &str) -> String {
    format!("metadata of {stream}")
}

/// Decodes an event, whatever version wrote it. What is sealed in it stays sealed.
pub fn decode(event_type: &str, schema_version: i32, payload: &[u8]) -> Result<Event, CodecError> {
    let unknown = || CodecError::UnknownType(event_type.to_owned(), schema_version);
    if schema_version != 1 {
        return Err(unknown());
    }
    let named = |source| CodecError::Payload { event_type: event_type.to_owned(), source };
    parse(event_type, payload).ok_or_else(unknown)?.map_err(named)
}

/// Decodes metadata and event of a stored row.
pub fn contents(stored: &StoredEvent, keys: Keys<'_>) -> Result<(Metadata, Event), CodecError> {
    let StoredEvent { stream, event_type, schema_version, metadata, payload, .. } = stored;
    from_columns(stream, event_type, *schema_version, metadata, payload, keys)
}

/// Decodes metadata and event from the columns alone.
pub fn from_columns(
    stream: &str,
    event_type: &str,
    schema_version: i32,
    metadata: &[u8],
    payload: &[u8],
    keys: Keys<'_>,
) -> Result<(Metadata, Event), CodecError> {
    let opened = open(|| metadata_of(stream), metadata, keys)?;
    let metadata = serde_json::from_slice(&opened).map_err(CodecError::Metadata)?;
    let opened = open(|| payload_of(stream), payload, keys)?;
    Ok((metadata, decode(event_type, schema_version, &opened)?))
}

/// Decodes a stored row.
pub fn decode_stored(stored: StoredEvent, keys: Keys<'_>) -> Result<Recorded, CodecError> {
    let (metadata, event) = contents(&stored, keys)?;
    Ok(Recorded::new(stored, metadata, event))
}

/// The document with its leaves opened. Most have none, and are not parsed for it.
fn open<'a>(document: impl FnOnce() -> String, json: &'a [u8], keys: Keys<'_>) -> Result<Cow<'a, [u8]>, CodecError> {
    if !leaf::has_sealed(json) {
        return Ok(Cow::Borrowed(json));
    }
    let mut value = serde_json::from_slice(json).map_err(|_| sealing::Error::NoJson)?;
    leaf::open(&document(), &mut value, keys.ring, keys.opening)?;
    Ok(Cow::Owned(value.to_string().into_bytes()))
}
