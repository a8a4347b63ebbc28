//! Loads streams from the log.
//!
//! Promises the events of a stream complete and in order, also across partitions, or an error. Tested in
//! tests/flow/batches.rs, tests/cluster/watching.rs (last observations) and tests/flow/operations.rs (earlier answers).

use super::data_keys::{self, DataKeys, DecodeError};
use domain::core::{
    codec::{self, CodecError, Keys},
    envelope::StoredEvent,
    event::Recorded,
    ids::CommandId,
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
    #[error(transparent)]
    Key(#[from] data_keys::Error),
}

impl From<DecodeError> for LoadError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Key(error) => error.into(),
            DecodeError::Codec(error) => error.into(),
        }
    }
}

impl From<LoadError> for crate::Error {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Database(error) => error.into(),
            LoadError::Codec(error) => error.into(),
            LoadError::Key(error) => error.into(),
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

async fn decoded(keys: &DataKeys, rows: &[PgRow]) -> Result<Vec<Recorded>, LoadError> {
    let stored = rows.iter().map(stored).collect::<Result<_, _>>()?;
    Ok(keys.decode(stored).await?)
}

/// The events of `stream` after `version`, in order.
pub async fn stream_after(
    pool: &PgPool,
    keys: &DataKeys,
    stream: &str,
    version: i64,
) -> Result<Vec<Recorded>, LoadError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM events WHERE stream = $1 AND version > $2 ORDER BY version"
    )))
    .bind(stream)
    .bind(version)
    .fetch_all(pool)
    .await?;
    decoded(keys, &rows).await
}

/// The last events of `stream` of these types up to a version, the newest first, at most `limit`.
pub async fn last_of_types(
    pool: &PgPool,
    keys: &DataKeys,
    stream: &str,
    types: &[&str],
    (upto, limit): (i64, i64),
) -> Result<Vec<Recorded>, LoadError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM events WHERE stream = $1 AND type = ANY ($2) AND version <= $3 ORDER BY version DESC LIMIT $4"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(stream).bind(types).bind(upto).bind(limit);
    decoded(keys, &rows.fetch_all(pool).await?).await
}

/// How many events of a type a stream has.
pub async fn count_of(pool: &PgPool, stream: &str, event_type: &str) -> Result<i64, sqlx::Error> {
    let statement = "SELECT count(*) FROM events WHERE stream = $1 AND type = $2";
    sqlx::query_scalar(statement).bind(stream).bind(event_type).fetch_one(pool).await
}

/// The event at a position, if it is one of `stream`.
pub async fn at(pool: &PgPool, keys: &DataKeys, stream: &str, position: i64) -> Result<Option<Recorded>, LoadError> {
    let statement = format!("SELECT {COLUMNS} FROM events WHERE position = $1 AND stream = $2");
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(position).bind(stream).fetch_all(pool).await?;
    Ok(decoded(keys, &rows).await?.pop())
}

/// The last event of each of these streams, in order.
pub async fn last_of_each(pool: PgPool, streams: Vec<String>) -> Result<Vec<Option<StoredEvent>>, sqlx::Error> {
    let statement = format!("{LAST} WHERE s.name = ANY ($1)");
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&streams).fetch_all(&pool).await?;
    let found = rows.iter().map(|row| stored(row).map(|event| (event.stream.clone(), event)));
    let found = found.collect::<Result<HashMap<_, _>, _>>()?;
    Ok(streams.iter().map(|stream| found.get(stream).cloned()).collect())
}

/// The versions of those of these streams that exist.
pub async fn versions(pool: &PgPool, streams: &[String]) -> Result<HashMap<String, i64>, sqlx::Error> {
    let statement = "SELECT name, version FROM streams WHERE name = ANY ($1)";
    let found: Vec<(String, i64)> = sqlx::query_as(statement).bind(streams).fetch_all(pool).await?;
    Ok(found.into_iter().collect())
}

/// Streams of a page. Their events are large and are held only until they are consumed.
const STREAMS: usize = 200;

/// Calls the receiver with the last event of every stream of a category whose key begins with `prefix` and a slash,
/// except streams whose last type ends with `end`. Reads in pages.
pub async fn last_of_category(
    pool: &PgPool,
    keys: &DataKeys,
    category: &str,
    prefix: &str,
    end: &str,
    mut take: impl FnMut(Recorded) + Send,
) -> Result<(), LoadError> {
    // In byte order, 0 follows /.
    let (from, to) = (format!("{category}:{prefix}/"), format!("{category}:{prefix}0"));
    let mut after = from;
    loop {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{LAST} WHERE s.name COLLATE \"C\" > $1 AND s.name COLLATE \"C\" < $2 AND s.category = $3 AND e.type NOT LIKE '%' || $4 \
             ORDER BY s.name COLLATE \"C\" LIMIT {STREAMS}",
        )))
        .bind(&after)
        .bind(&to)
        .bind(category)
        .bind(end)
        .fetch_all(pool)
        .await?;
        for recorded in decoded(keys, &rows).await? {
            after.clone_from(&recorded.stream);
            take(recorded);
        }
        if rows.len() < STREAMS {
            return Ok(());
        }
    }
}

/// All events of a type, in the order of the log. For types without sealed values, in a category with few streams. What cannot be
/// read is reported and left out: one event must not keep every process from starting.
pub async fn of_type(pool: &PgPool, category: &str, event_type: &str) -> Result<Vec<Recorded>, LoadError> {
    let rows = sqlx::query(
        "SELECT e.* FROM streams s JOIN events e ON e.stream = s.name
         WHERE s.category = $1 AND e.type = $2 ORDER BY e.position",
    )
    .bind(category)
    .bind(event_type)
    .fetch_all(pool)
    .await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        let event = stored(row)?;
        let position = event.position;
        match codec::decode_stored(event, Keys::none()) {
            Ok(recorded) => events.push(recorded),
            Err(error) => tracing::error!(position, event_type, %error, "log.event_unreadable"),
        }
    }
    Ok(events)
}

/// The first answer to a command with an idempotency key.
pub async fn answered(pool: &PgPool, command: CommandId) -> Result<Option<(Vec<u8>, Value)>, sqlx::Error> {
    sqlx::query_as("SELECT request_hash, result FROM commands WHERE command_id = $1")
        .bind(command.0)
        .fetch_optional(pool)
        .await
}
