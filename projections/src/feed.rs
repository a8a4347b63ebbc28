//! The log as the read side sees it: pages of events after a position, gapless, decoded.
//!
//! Promises that nobody who reads "after position p" misses an event, and that one which cannot be read is named and never passed
//! over. Tested in projections/tests/read_side/{projector,changes}.rs and, with writers and readers that are killed, in tests/torture.

use crate::Error;
use chrono::{DateTime, Utc};
use domain::{
    codec,
    envelope::{Recorded, StoredEvent},
    planted::{Bug, is_planted},
};
use futures::{Stream, StreamExt, stream};
use sqlx::{PgExecutor, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// Events of one read.
pub const PAGE: i64 = 500;
/// Pages that are read before they are asked for.
const AHEAD: usize = 3;

/// The columns of an event, in their order.
type EventRow = (i64, Uuid, String, i64, String, i32, Vec<u8>, Vec<u8>, DateTime<Utc>, Vec<u8>);

fn from_row(row: EventRow) -> StoredEvent {
    let (position, id, stream, version, event_type, schema_version, payload, metadata, recorded_at, content_hash) = row;
    StoredEvent {
        position,
        id,
        stream,
        version,
        event_type,
        schema_version,
        payload,
        metadata,
        recorded_at,
        content_hash,
    }
}

/// At most `limit` events after `after`, up to and with `until`, as stored.
pub async fn stored(db: impl PgExecutor<'_>, after: i64, until: i64, limit: i64) -> Result<Vec<StoredEvent>, Error> {
    let rows = sqlx::query_as(
        "SELECT position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash \
         FROM public.events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3",
    );
    let rows: Vec<EventRow> = rows.bind(after).bind(until).bind(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// At most `limit` events of these streams, up to and with `until`, as stored.
pub async fn stored_of(
    db: impl PgExecutor<'_>,
    streams: &[String],
    until: i64,
    limit: i64,
) -> Result<Vec<StoredEvent>, Error> {
    let rows = sqlx::query_as(
        "SELECT position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash \
         FROM public.events WHERE stream = ANY ($1) AND position <= $2 ORDER BY position LIMIT $3",
    );
    let rows: Vec<EventRow> = rows.bind(streams).bind(until).bind(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(from_row).collect())
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

/// The pages of the log after `after`, up to and with `until`, which must be in it: some are read and decoded ahead, on all
/// processors, while the caller works on one. Positions have no gap, so that each page is known before those in front of it are read.
pub fn pages(pool: &PgPool, after: i64, until: i64, page: i64) -> impl Stream<Item = Result<Read, Error>> + use<> {
    let pool = pool.clone();
    let starts = stream::iter((after..until).step_by(page.unsigned_abs() as usize));
    let reading = starts.map(move |start| {
        let (pool, end) = (pool.clone(), until.min(start + page));
        tokio::spawn(async move { Ok(whole(read(&pool, start, end, page).await?, start, end)) })
    });
    reading.buffered(AHEAD).map(|read| read.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())))
}

/// A page that has its last event, or says why it has not.
fn whole(read: Read, start: i64, end: i64) -> Read {
    let reached = read.events.last().map_or(start, |last| last.position);
    let missing = (reached < end).then_some(Error::Gap(reached + 1));
    Read { stopped: read.stopped.or(missing), ..read }
}

/// The last position of the log.
pub async fn head(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT position FROM public.log_head").fetch_one(db).await?)
}
