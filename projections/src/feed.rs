//! The log as the read side sees it: pages of events after a position, gapless, decoded.

use crate::Error;
use chrono::{DateTime, Utc};
use domain::{
    codec,
    envelope::{Recorded, StoredEvent},
    planted::{Bug, is_planted},
};
use sqlx::{FromRow, PgExecutor};
use std::sync::Arc;
use uuid::Uuid;

/// Events of one read.
pub const PAGE: i64 = 500;

#[derive(FromRow)]
struct EventRow {
    position: i64,
    id: Uuid,
    stream: String,
    version: i64,
    r#type: String,
    schema_version: i32,
    payload: Vec<u8>,
    metadata: Vec<u8>,
    recorded_at: DateTime<Utc>,
    content_hash: Vec<u8>,
}

impl From<EventRow> for StoredEvent {
    fn from(row: EventRow) -> Self {
        Self {
            position: row.position,
            id: row.id,
            stream: row.stream,
            version: row.version,
            event_type: row.r#type,
            schema_version: row.schema_version,
            payload: row.payload,
            metadata: row.metadata,
            recorded_at: row.recorded_at,
            content_hash: row.content_hash,
        }
    }
}

/// At most `limit` events after `after`, up to and with `until`, as stored.
pub async fn stored(db: impl PgExecutor<'_>, after: i64, until: i64, limit: i64) -> Result<Vec<StoredEvent>, Error> {
    let rows = sqlx::query_as(
        "SELECT position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash \
         FROM public.events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3",
    );
    let rows: Vec<EventRow> = rows.bind(after).bind(until).bind(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(StoredEvent::from).collect())
}

/// At most `limit` content hashes after `after`, without a gap.
pub async fn content_hashes(db: impl PgExecutor<'_>, after: i64, limit: i64) -> Result<Vec<Vec<u8>>, Error> {
    let rows = sqlx::query_as(
        "SELECT position, content_hash FROM public.events WHERE position > $1 ORDER BY position LIMIT $2",
    );
    let rows: Vec<(i64, Vec<u8>)> = rows.bind(after).bind(limit).fetch_all(db).await?;
    match (after + 1..).zip(&rows).find(|(expected, (position, _))| expected != position) {
        Some((expected, _)) => Err(Error::Gap(expected)),
        None => Ok(rows.into_iter().map(|(_, hash)| hash).collect()),
    }
}

/// What could be read of a page: the events before the first one that cannot be, and why that one cannot.
pub struct Read {
    pub events: Vec<Arc<Recorded>>,
    pub stopped: Option<Error>,
}

/// Reads and decodes like [`stored`]. Positions follow `after` without a gap.
pub async fn read(db: impl PgExecutor<'_>, after: i64, until: i64, limit: i64) -> Result<Read, Error> {
    let stored = stored(db, after, until, limit).await?;
    let mut events = Vec::with_capacity(stored.len());
    for (expected, event) in (after + 1..).zip(&stored) {
        if event.position != expected {
            return Ok(Read { events, stopped: Some(Error::Gap(expected)) });
        }
        match codec::decode_stored(event) {
            Ok(event) => events.push(Arc::new(event)),
            Err(_) if is_planted(Bug::PoisonSkipped) => {}
            Err(source) => return Ok(Read { events, stopped: Some(Error::Codec { position: expected, source }) }),
        }
    }
    Ok(Read { events, stopped: None })
}

/// The last position of the log.
pub async fn head(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT position FROM public.log_head").fetch_one(db).await?)
}
