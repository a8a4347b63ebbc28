//! One call of the SQL function `append`: a batch of requests in, one answer for each out.
//!
//! Promises that a batch is one transaction, that each request gets its own answer, in order, and that a refused
//! request takes no position and leaves no trace. Tested in tests/flow/batches.rs.

use chrono::{DateTime, Utc};
use domain::core::canonical::canonical;
use domain::{
    core::{
        codec::{self, Encoded},
        envelope::Metadata,
        event::{Event, Recorded},
        ids::{CommandId, EventId, OperationId, SessionId},
        planted::{Bug, is_planted},
    },
    operation::effect::Effect,
};
use serde_json::Value;
use sqlx::{PgConnection, Row, postgres::PgRow};
use std::collections::HashSet;
use uuid::Uuid;

/// Events for one stream, with all conditions and all changes of the same transaction.
#[derive(Clone, Debug)]
pub struct Request {
    pub stream: String,
    pub expected: Expected,
    /// With an idempotency key: what identifies and answers a repetition.
    pub keyed: Option<Keyed>,
    /// With a command: the session of the user, which must not have ended.
    pub session: Option<SessionId>,
    /// With an outcome: the claim of the effect.
    pub guard: Option<Guard>,
    pub events: Vec<NewEvent>,
    /// Effects to perform (`Some`) or to withdraw (`None`), by operation.
    pub effects: Vec<(OperationId, Option<Effect>)>,
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

    /// The events of this request as the log has them after the append.
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

/// The arguments of the SQL function, one vector each.
#[derive(Default)]
struct Columns {
    stream: Vec<String>,
    expected: Vec<i64>,
    events: Vec<i32>,
    command: Vec<Option<Uuid>>,
    request_hash: Vec<Option<Vec<u8>>>,
    result: Vec<Option<Value>>,
    session: Vec<Option<Uuid>>,
    guard_operation: Vec<Option<Uuid>>,
    guard_fence: Vec<Option<i64>>,
    event_request: Vec<i32>,
    event_following: Vec<i32>,
    event_id: Vec<Uuid>,
    event_type: Vec<&'static str>,
    event_schema: Vec<i32>,
    event_payload: Vec<Vec<u8>>,
    event_metadata: Vec<Vec<u8>>,
    effect_request: Vec<i32>,
    effect_operation: Vec<Uuid>,
    effect_cluster: Vec<Option<String>>,
    effect_stage: Vec<Option<&'static str>>,
    effect_body: Vec<Option<Value>>,
}

/// A request with everything encoded beforehand, so that no other request waits for it.
pub struct Prepared {
    pub request: Request,
    events: Vec<(Encoded, Vec<u8>)>,
    effects: Vec<Option<Value>>,
}

impl Request {
    /// Encodes events and effects.
    pub fn prepare(self) -> Result<Prepared, sqlx::Error> {
        let encode = |new: &NewEvent| Ok((codec::encode(&new.event)?, canonical(&new.metadata)?));
        let events = self.events.iter().map(encode).collect::<serde_json::Result<_>>();
        let body = |(_, effect): &(OperationId, Option<Effect>)| effect.as_ref().map(serde_json::to_value).transpose();
        let effects = self.effects.iter().map(body).collect::<serde_json::Result<_>>();
        let failed = |error: serde_json::Error| sqlx::Error::Encode(Box::new(error));
        Ok(Prepared { events: events.map_err(failed)?, effects: effects.map_err(failed)?, request: self })
    }
}

impl Columns {
    fn push(&mut self, nth: i32, prepared: &Prepared) {
        let request = &prepared.request;
        self.stream.push(request.stream.clone());
        self.expected.push(request.expected.number());
        let events = request.events.len() as i32;
        self.events.push(events);
        let keyed = request.keyed.as_ref().filter(|_| !is_planted(Bug::KeyForgotten));
        self.command.push(keyed.map(|keyed| keyed.command.0));
        self.request_hash.push(keyed.map(|keyed| keyed.request_hash.clone()));
        self.result.push(keyed.map(|keyed| keyed.result.clone()));
        self.session.push(request.session.map(|session| session.0));
        let guard = request.guard.filter(|_| !is_planted(Bug::FenceForgotten));
        self.guard_operation.push(guard.map(|guard| guard.operation.0));
        self.guard_fence.push(guard.map(|guard| guard.fence));
        for ((new, (encoded, metadata)), following) in
            request.events.iter().zip(&prepared.events).zip((0..events).rev())
        {
            self.event_request.push(nth);
            self.event_following.push(following);
            self.event_id.push(new.id.0);
            self.event_type.push(encoded.event_type);
            self.event_schema.push(encoded.schema_version);
            self.event_payload.push(encoded.payload.clone());
            self.event_metadata.push(metadata.clone());
        }
        for ((operation, effect), body) in request.effects.iter().zip(&prepared.effects) {
            self.effect_request.push(nth);
            self.effect_operation.push(operation.0);
            self.effect_cluster.push(effect.as_ref().map(|effect| effect.target.cluster.to_string()));
            self.effect_stage.push(effect.as_ref().map(|effect| effect.stage.as_str()));
            self.effect_body.push(body.clone());
        }
    }
}

/// Appends all requests in one transaction, which is this one statement. Only one request of a batch may name a command
/// or an operation's effect. Several may name a stream; they are decided in order.
pub async fn append(connection: &mut PgConnection, requests: &[Prepared]) -> Result<Vec<Appended>, sqlx::Error> {
    let mut columns = Columns::default();
    for (nth, prepared) in (1..).zip(requests) {
        columns.push(nth, prepared);
    }
    let streams: HashSet<&str> = requests.iter().map(|prepared| prepared.request.stream.as_str()).collect();
    let is_shared = streams.len() < requests.len();
    let row = sqlx::query(
        "SELECT * FROM append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)",
    )
    .bind(columns.stream)
    .bind(columns.expected)
    .bind(columns.events)
    .bind(columns.command)
    .bind(columns.request_hash)
    .bind(columns.result)
    .bind(columns.session)
    .bind(columns.guard_operation)
    .bind(columns.guard_fence)
    .bind(is_shared)
    .bind(columns.event_request)
    .bind(columns.event_following)
    .bind(columns.event_id)
    .bind(columns.event_type)
    .bind(columns.event_schema)
    .bind(columns.event_payload)
    .bind(columns.event_metadata)
    .bind(columns.effect_request)
    .bind(columns.effect_operation)
    .bind(columns.effect_cluster)
    .bind(columns.effect_stage)
    .bind(columns.effect_body)
    .fetch_one(connection)
    .await?;
    answers(&row)
}

fn answers(row: &PgRow) -> Result<Vec<Appended>, sqlx::Error> {
    let statuses: Vec<String> = row.try_get("statuses")?;
    let versions: Vec<i64> = row.try_get("versions")?;
    let positions: Vec<Option<i64>> = row.try_get("positions")?;
    let results: Vec<Option<Value>> = row.try_get("results")?;
    let recorded_at = row.try_get("now_at")?;
    let answers = statuses.into_iter().zip(versions).zip(positions).zip(results);
    answers
        .map(|(((status, version), position), result)| match (status.as_str(), position, result) {
            ("ok", Some(position), _) => Ok(Appended::Done { version, position, recorded_at }),
            ("conflict", ..) => Ok(Appended::Conflict { version }),
            ("duplicate", _, Some(result)) => Ok(Appended::Duplicate { result }),
            ("mismatch", ..) => Ok(Appended::Mismatch),
            ("fenced", ..) => Ok(Appended::Fenced),
            ("ended", ..) => Ok(Appended::SessionEnded),
            _ => Err(sqlx::Error::Protocol(format!("append answered {status:?}"))),
        })
        .collect()
}
