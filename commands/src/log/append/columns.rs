//! The requests of a call as arguments of the SQL functions, and the calls themselves: `append`, which takes any
//! requests, and two short ways for common ones.
//!
//! Promises that all ways answer the same. Tested in tests/flow/ways.rs.

use super::{Appended, Prepared};
use chrono::{DateTime, Utc};
use domain::core::{
    planted::{Bug, is_planted},
    sealing::KeyId,
};
use serde_json::Value;
use sqlx::{PgConnection, Row, postgres::PgRow};
use std::collections::HashSet;
use uuid::Uuid;

/// The function that needs the fewest statements for the requests of a call.
pub(super) enum Way {
    /// One event with at most one effect.
    One,
    /// Different streams at exact versions, without any other condition and without effects.
    Many,
    Any,
}

/// The arguments of `append`, one vector each. Those of the short ways are among them.
#[derive(Default)]
pub(super) struct Columns {
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
    keys: Vec<Vec<u8>>,
}

impl Columns {
    pub fn of(requests: &[Prepared]) -> Self {
        let mut columns = Self::default();
        for (nth, prepared) in (1..).zip(requests) {
            columns.push(nth, prepared);
        }
        let keys: HashSet<KeyId> = requests.iter().flat_map(|prepared| prepared.keys.iter().copied()).collect();
        columns.keys = keys.into_iter().map(|id| id.0.to_vec()).collect();
        columns
    }

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
            self.effect_cluster.push(effect.as_ref().map(|effect| effect.cluster.to_string()));
            self.effect_stage.push(effect.as_ref().map(|effect| effect.stage));
            self.effect_body.push(body.clone());
        }
    }

    fn is_shared(&self) -> bool {
        let streams: HashSet<&str> = self.stream.iter().map(String::as_str).collect();
        streams.len() < self.stream.len()
    }

    pub fn way(&self) -> Way {
        if self.events == [1] && self.effect_request.len() <= 1 {
            return Way::One;
        }
        let has_conditions =
            [&self.command, &self.session, &self.guard_operation].into_iter().flatten().any(Option::is_some);
        let is_exact = self.expected.iter().all(|expected| *expected >= 0);
        let has_events = self.events.iter().all(|events| *events > 0);
        if is_exact && has_events && !has_conditions && self.effect_request.is_empty() && !self.is_shared() {
            Way::Many
        } else {
            Way::Any
        }
    }

    /// Decides the only request.
    pub async fn append_one(&self, connection: &mut PgConnection) -> Result<Appended, sqlx::Error> {
        let row =
            sqlx::query("SELECT * FROM append_one($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)")
                .bind(&self.stream[0])
                .bind(self.expected[0])
                .bind(self.command[0])
                .bind(&self.request_hash[0])
                .bind(&self.result[0])
                .bind(self.session[0])
                .bind(self.guard_operation[0])
                .bind(self.guard_fence[0])
                .bind(self.event_id[0])
                .bind(self.event_type[0])
                .bind(self.event_schema[0])
                .bind(&self.event_payload[0])
                .bind(&self.event_metadata[0])
                .bind(self.effect_operation.first())
                .bind(self.effect_cluster.first().and_then(Option::as_ref))
                .bind(self.effect_stage.first().copied().flatten())
                .bind(self.effect_body.first().and_then(Option::as_ref))
                .bind(&self.keys)
                .fetch_one(connection)
                .await?;
        let status: String = row.try_get("status")?;
        answer(
            &status,
            row.try_get("stream_version")?,
            row.try_get("event_position")?,
            row.try_get("result")?,
            row.try_get("now_at")?,
        )
    }

    /// Appends all requests, or nothing.
    pub async fn append_many(&self, connection: &mut PgConnection) -> Result<Option<Vec<Appended>>, sqlx::Error> {
        let upto: Vec<i32> = self
            .events
            .iter()
            .scan(0, |upto, events| {
                *upto += events;
                Some(*upto)
            })
            .collect();
        let answer: Vec<i64> = sqlx::query_scalar("SELECT append_many($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)")
            .bind(&self.stream)
            .bind(&self.expected)
            .bind(&self.events)
            .bind(&upto)
            .bind(&self.event_request)
            .bind(&self.event_id)
            .bind(&self.event_type)
            .bind(&self.event_schema)
            .bind(&self.event_payload)
            .bind(&self.event_metadata)
            .bind(&self.keys)
            .fetch_one(connection)
            .await?;
        let [head, recorded_at] = answer[..] else { return Ok(None) };
        let recorded_at = DateTime::from_timestamp_micros(recorded_at)
            .ok_or_else(|| sqlx::Error::Protocol(format!("{recorded_at} is no time of record")))?;
        let requests = self.expected.iter().zip(&self.events).zip(upto);
        let done = requests.map(|((expected, events), upto)| Appended::Done {
            version: expected + i64::from(*events),
            position: head + i64::from(upto),
            recorded_at,
        });
        Ok(Some(done.collect()))
    }

    /// Decides every request.
    pub async fn append(&self, connection: &mut PgConnection) -> Result<Vec<Appended>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT * FROM append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)",
        )
        .bind(&self.stream)
        .bind(&self.expected)
        .bind(&self.events)
        .bind(&self.command)
        .bind(&self.request_hash)
        .bind(&self.result)
        .bind(&self.session)
        .bind(&self.guard_operation)
        .bind(&self.guard_fence)
        .bind(self.is_shared())
        .bind(&self.event_request)
        .bind(&self.event_following)
        .bind(&self.event_id)
        .bind(&self.event_type)
        .bind(&self.event_schema)
        .bind(&self.event_payload)
        .bind(&self.event_metadata)
        .bind(&self.effect_request)
        .bind(&self.effect_operation)
        .bind(&self.effect_cluster)
        .bind(&self.effect_stage)
        .bind(&self.effect_body)
        .bind(&self.keys)
        .fetch_one(connection)
        .await?;
        answers(&row)
    }
}

fn answers(row: &PgRow) -> Result<Vec<Appended>, sqlx::Error> {
    let statuses: Vec<String> = row.try_get("statuses")?;
    let versions: Vec<i64> = row.try_get("versions")?;
    let positions: Vec<Option<i64>> = row.try_get("positions")?;
    let results: Vec<Option<Value>> = row.try_get("results")?;
    let recorded_at = row.try_get("now_at")?;
    let answers = statuses.into_iter().zip(versions).zip(positions).zip(results);
    answers
        .map(|(((status, version), position), result)| answer(&status, version, position, result, recorded_at))
        .collect()
}

fn answer(
    status: &str,
    version: i64,
    position: Option<i64>,
    result: Option<Value>,
    recorded_at: DateTime<Utc>,
) -> Result<Appended, sqlx::Error> {
    match (status, position, result) {
        ("ok", Some(position), _) => Ok(Appended::Done { version, position, recorded_at }),
        ("conflict", ..) => Ok(Appended::Conflict { version }),
        ("duplicate", _, Some(result)) => Ok(Appended::Duplicate { result }),
        ("mismatch", ..) => Ok(Appended::Mismatch),
        ("fenced", ..) => Ok(Appended::Fenced),
        ("ended", ..) => Ok(Appended::SessionEnded),
        _ => Err(sqlx::Error::Protocol(format!("append answered {status:?}"))),
    }
}
