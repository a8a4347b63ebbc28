//! What the log adds to an event: position, time, author, and the hash that proves it.

use crate::core::{
    actor::Actor,
    api_call::ApiCall,
    ids::{BatchId, ClusterId, EventId, OperationId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Author, reason and correlation of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterId>,
    /// The operation that the event belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<OperationId>,
    /// The batch that requested the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchId>,
    /// The event that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<EventId>,
    /// The reason that the user gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The id of the API request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The calls to a cluster that led to the event, at most [`super::api_call::KEPT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<ApiCall>,
}

impl Metadata {
    pub const fn by(actor: Actor) -> Self {
        Self {
            actor,
            cluster: None,
            correlation: None,
            batch: None,
            causation: None,
            reason: None,
            request: None,
            calls: Vec::new(),
        }
    }
}

/// The category of a stream: its name up to the first colon, for example `observed`.
pub fn category(stream: &str) -> &str {
    stream.split_once(':').map_or(stream, |(category, _)| category)
}

/// One row of the log, byte for byte as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Gapless from 1, in the order of commits.
    pub position: i64,
    pub id: Uuid,
    pub stream: String,
    /// Contiguous from 1 within the stream.
    pub version: i64,
    pub event_type: String,
    pub schema_version: i32,
    /// Canonical JSON (RFC 8785).
    pub payload: Vec<u8>,
    /// Canonical JSON (RFC 8785) of [`Metadata`].
    pub metadata: Vec<u8>,
    /// Database clock, whole microseconds.
    pub recorded_at: DateTime<Utc>,
    pub content_hash: Vec<u8>,
}

impl StoredEvent {
    /// SHA-256 over every field except the position. Each field is preceded by its length in bytes as a 32-bit
    /// big-endian integer: the text `binnacle-event-1`, the id (16 bytes), stream, version (64-bit), type, schema
    /// version (32-bit), time of record (microseconds since 1970, 64-bit), metadata, payload. Integers are big-endian.
    /// The Merkle tree proves the position: this hash is its leaf. The database function `event_hash` hashes
    /// the same bytes.
    pub fn expected_content_hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let fields: [&[u8]; 9] = [
            b"binnacle-event-1",
            self.id.as_bytes(),
            self.stream.as_bytes(),
            &self.version.to_be_bytes(),
            self.event_type.as_bytes(),
            &self.schema_version.to_be_bytes(),
            &self.recorded_at.timestamp_micros().to_be_bytes(),
            &self.metadata,
            &self.payload,
        ];
        for field in fields {
            hasher.update((field.len() as u32).to_be_bytes());
            hasher.update(field);
        }
        hasher.finalize().into()
    }
}
