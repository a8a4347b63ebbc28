//! Loads streams from the log.
//!
//! Promises the events of a stream complete and in order, also across partitions, or an error. Tested in
//! tests/flow/batches.rs, tests/cluster/watching.rs (last observations) and tests/flow/wishes.rs (earlier answers).

use domain::{
    core::{
        codec::{self, CodecError},
        envelope::StoredEvent,
        event::{Event, Recorded},
        ids::CommandId,
    },
    kubernetes::observed::ObservedEvent,
};
use serde_json::Value;
use sqlx::{PgPool, Row, postgres::PgRow};
use std::collections::HashMap;

/// A stream could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl From<LoadError> for crate::Error {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Database(error) => error.into(),
            LoadError::Codec(error) => error.into(),
        }
    }
}

const COLUMNS: &str = "position, id, stream, version, type, schema_version, payload, metadata, recorded_at, \
                       content_hash";

/// The last event `e` of each stream `s`.
const LAST: &str = "SELECT e.position, e.id, e.stream, e.version, e.type, e.schema_version, e.payload, e.metadata, \
                    e.recorded_at, e.content_hash FROM streams s JOIN events e ON e.position = s.last_position";

fn stored(row: &PgRow) -> Result<StoredEvent, sqlx::Error> {
    Ok(StoredEvent {
        position: row.try_get("position")?,
        id: row.try_get("id")?,
        stream: row.try_get("stream")?,
        version: row.try_get("version")?,
        event_type: row.try_get("type")?,
        schema_version: row.try_get("schema_version")?,
        payload: row.try_get("payload")?,
        metadata: row.try_get("metadata")?,
        recorded_at: row.try_get("recorded_at")?,
        content_hash: row.try_get("content_hash")?,
    })
}

fn decoded(rows: &[PgRow]) -> Result<Vec<Recorded>, LoadError> {
    rows.iter().map(|row| Ok(codec::decode_stored(stored(row)?)?)).collect()
}

/// The events of `stream` after `version`, in order.
pub async fn stream_after(pool: &PgPool, stream: &str, version: i64) -> Result<Vec<Recorded>, LoadError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM events WHERE stream = $1 AND version > $2 ORDER BY version"
    )))
    .bind(stream)
    .bind(version)
    .fetch_all(pool)
    .await?;
    decoded(&rows)
}

/// The last event of each of these streams, in order.
pub async fn last_of_each(pool: PgPool, streams: Vec<String>) -> Result<Vec<Option<StoredEvent>>, sqlx::Error> {
    let statement = format!("{LAST} WHERE s.name = ANY ($1)");
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&streams).fetch_all(&pool).await?;
    let found = rows.iter().map(|row| stored(row).map(|event| (event.stream.clone(), event)));
    let found = found.collect::<Result<HashMap<_, _>, _>>()?;
    Ok(streams.iter().map(|stream| found.get(stream).cloned()).collect())
}

/// The last event of every `observed:` stream of a cluster whose object is not gone, with its version. Read in pages.
pub async fn last_observed(pool: &PgPool, cluster: &str) -> Result<Vec<(String, i64, ObservedEvent)>, LoadError> {
    // In byte order, 0 follows /.
    let (from, to) = (format!("observed:{cluster}/"), format!("observed:{cluster}0"));
    let mut found = Vec::new();
    let mut after = from;
    loop {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{LAST} WHERE s.name COLLATE \"C\" > $1 AND s.name COLLATE \"C\" < $2 AND s.category = 'observed' AND e.type NOT LIKE '%Gone' \
             ORDER BY s.name COLLATE \"C\" LIMIT 1000",
        )))
        .bind(&after)
        .bind(&to)
        .fetch_all(pool)
        .await?;
        for recorded in decoded(&rows)? {
            after.clone_from(&recorded.stream);
            if let Event::Observed(event) = recorded.event {
                found.push((recorded.stream, recorded.version, event));
            }
        }
        if rows.len() < 1000 {
            return Ok(found);
        }
    }
}

/// The first answer to a command with an idempotency key.
pub async fn answered(pool: &PgPool, command: CommandId) -> Result<Option<(Vec<u8>, Value)>, sqlx::Error> {
    sqlx::query_as("SELECT request_hash, result FROM commands WHERE command_id = $1")
        .bind(command.0)
        .fetch_optional(pool)
        .await
}
