//! Appends a batch of requests and returns one answer for each, by the SQL function `append` or one of its short ways
//! ([`columns`]).
//!
//! Promises that a batch is one transaction, that each request gets its own answer, in order, and that a refused
//! request takes no position and leaves no trace. Tested in tests/flow/batches.rs and tests/flow/ways.rs.

mod columns;

use chrono::{DateTime, Utc};
use columns::{Columns, Way};
use domain::core::canonical::canonical;
use domain::core::{
    codec::{self, Encoded},
    envelope::Metadata,
    event::{Event, Recorded},
    ids::{ClusterId, CommandId, EventId, OperationId, SessionId},
    sealing::{KeyId, leaf},
};
use serde_json::Value;
use sqlx::PgConnection;

/// Events for one stream, with all conditions and all changes of the same transaction.
#[derive(Clone, Debug)]
pub struct Request {
    pub stream: String,
    pub expected: Expected,
    /// With an idempotency key: identifies a repetition and holds its answer.
    pub keyed: Option<Keyed>,
    /// With a command: the session of the user, which must not have ended.
    pub session: Option<SessionId>,
    /// With an outcome: the claim of the effect.
    pub guard: Option<Guard>,
    pub events: Vec<NewEvent>,
    /// Effects to perform (`Some`) or to withdraw (`None`), by operation.
    pub effects: Vec<(OperationId, Option<NewEffect>)>,
}

/// A call to make in a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEffect {
    pub cluster: ClusterId,
    /// The name of the stage.
    pub stage: &'static str,
    /// The call, with free values in clear. Its `deadline` is that of the effect.
    pub body: Value,
}

/// The expected version of the stream. A decision names the version that it is based on. The other variants are for
/// facts that hold whatever the stream contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this version; 0 means that the stream does not exist.
    Exact(i64),
    /// The stream exists, at any version.
    Exists,
    Any,
}

impl Expected {
    /// The value for the SQL function.
    const fn number(self) -> i64 {
        match self {
            Self::Exact(version) => version,
            Self::Any => -1,
            Self::Exists => -2,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Keyed {
    pub command: CommandId,
    pub request_hash: Vec<u8>,
    pub result: Value,
}

#[derive(Clone, Copy, Debug)]
pub struct Guard {
    pub operation: OperationId,
    pub fence: i64,
}

#[derive(Clone, Debug)]
pub struct NewEvent {
    pub id: EventId,
    pub event: Event,
    pub metadata: Metadata,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Appended {
    /// Appended and durable. The position is that of the last event.
    Done { version: i64, position: i64, recorded_at: DateTime<Utc> },
    /// The stream is at this version, not at the expected one.
    Conflict { version: i64 },
    /// The command was appended before. Returns its first result.
    Duplicate { result: Value },
    /// The idempotency key was used for another command.
    Mismatch,
    /// Another process holds the effect.
    Fenced,
    /// The session of the user has ended.
    SessionEnded,
}

impl Request {
    /// A request with no condition other than the version, and without effects.
    pub fn new(stream: String, expected: Expected, events: Vec<NewEvent>) -> Self {
        Self { stream, expected, keyed: None, session: None, guard: None, events, effects: Vec::new() }
    }

    /// The events of this request as recorded.
    pub fn recorded(&self, version: i64, position: i64, recorded_at: DateTime<Utc>) -> Vec<Recorded> {
        let count = self.events.len() as i64;
        (1..)
            .zip(&self.events)
            .map(|(nth, new)| Recorded {
                position: position - count + nth,
                id: new.id,
                stream: self.stream.clone(),
                version: version - count + nth,
                event_type: codec::type_of(&new.event).to_owned(),
                recorded_at,
                metadata: new.metadata.clone(),
                event: new.event.clone(),
            })
            .collect()
    }
}

/// A request encoded beforehand, so that no other request waits for the encoding.
pub struct Prepared {
    pub request: Request,
    pub(super) events: Vec<(Encoded, Vec<u8>)>,
    pub(super) effects: Vec<Option<Value>>,
    /// The data keys that sealed it.
    pub(super) keys: Vec<KeyId>,
}

impl Prepared {
    /// Encodes events that hold nothing free, so that nothing has to be sealed. Other events are an error.
    pub fn open(request: Request) -> Result<Self, serde_json::Error> {
        let encoded = request.events.iter().map(|new| {
            let encoded = codec::encode(&new.event)?;
            let metadata = canonical(&new.metadata)?;
            if leaf::has_free(&encoded.payload) || leaf::has_free(&metadata) {
                return Err(serde::ser::Error::custom("an event with free values has to be sealed"));
            }
            Ok((encoded, metadata))
        });
        let events = encoded.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { events, effects: Vec::new(), keys: Vec::new(), request })
    }
}

/// Appends all requests in one transaction. Only one request of a batch may name a command or an operation's effect.
/// Several may name a stream; they are decided in order.
pub async fn append(connection: &mut PgConnection, requests: &[Prepared]) -> Result<Vec<Appended>, sqlx::Error> {
    let columns = Columns::of(requests);
    match columns.way() {
        Way::One => Ok(vec![columns.append_one(connection).await?]),
        Way::Many => match columns.append_many(connection).await? {
            Some(appended) => Ok(appended),
            // One answer is not as expected.
            None => columns.append(connection).await,
        },
        Way::Any => columns.append(connection).await,
    }
}

/// The same by `append`, which takes any requests.
#[cfg(feature = "test-support")]
pub async fn append_decided(
    connection: &mut PgConnection,
    requests: &[Prepared],
) -> Result<Vec<Appended>, sqlx::Error> {
    Columns::of(requests).append(connection).await
}
