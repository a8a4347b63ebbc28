//! The log for the read side: gapless pages of decoded events after a position.
//!
//! Promises that a reader of "after position p" misses no event. An event that cannot be decoded is included with its
//! position and stream, for the reader to handle. Tested in projections/tests/read_side/{feed,projector,changes}.rs
//! and, while writers and readers are killed, in tests/torture; consumer groups in tests/api/resume.rs.

mod copy;

use super::data_keys::DataKeys;
use crate::Error;
use chrono::{DateTime, Utc};
use domain::core::{
    codec::{self, CodecError, Keys},
    envelope::StoredEvent,
    event::Recorded,
    planted::{Bug, is_planted},
    sealing::{Opening, leaf},
};
use futures::{Stream, StreamExt, stream};
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// Events in one read.
pub const PAGE: i64 = 500;
/// Pages that are read ahead.
const AHEAD: usize = 3;

/// The columns of an event, in order.
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

/// At most `limit` stored events after `after`, up to and including `until`.
pub async fn stored(db: impl PgExecutor<'_>, after: i64, until: i64, limit: i64) -> Result<Vec<StoredEvent>, Error> {
    let rows = sqlx::query_as(
        "SELECT position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash \
         FROM public.events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3",
    );
    let rows: Vec<EventRow> = rows.bind(after).bind(until).bind(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// At most `limit` stored events of these streams, up to and including `until`.
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

/// An event of the log, decoded if possible.
pub type Entry = Result<Arc<Recorded>, Unreadable>;

/// An event that cannot be decoded: a newer version of Binnacle wrote it, or it is damaged. Its position and stream are
/// known.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub position: i64,
    pub stream: String,
    source: Arc<CodecError>,
}

impl From<Unreadable> for Error {
    fn from(event: Unreadable) -> Self {
        Self::Codec { position: event.position, source: event.source }
    }
}

pub fn position_of(entry: &Entry) -> i64 {
    match entry {
        Ok(event) => event.position,
        Err(event) => event.position,
    }
}

pub fn stream_of(entry: &Entry) -> &str {
    match entry {
        Ok(event) => &event.stream,
        Err(event) => &event.stream,
    }
}

pub fn decode(stored: StoredEvent, keys: Keys<'_>) -> Entry {
    match codec::contents(&stored, keys) {
        Ok((metadata, event)) => Ok(Arc::new(Recorded::new(stored, metadata, event))),
        Err(source) => Err(Unreadable { position: stored.position, stream: stored.stream, source: Arc::new(source) }),
    }
}

/// Decodes stored events. Values are opened; the stored form stays beside them.
pub async fn decoded(keys: &DataKeys, stored: Vec<StoredEvent>) -> Result<Vec<Entry>, Error> {
    // A page that reports the deletion of a key is read without that key, even if this process still has it.
    let forgotten = stored.iter().filter(|event| event.event_type == codec::FORGETS).cloned();
    keys.forget(forgotten.filter_map(|event| decode(event, Keys::none()).ok()?.event.forgets()));
    let documents = stored.iter().flat_map(|event| [event.payload.as_slice(), event.metadata.as_slice()]);
    let ring = keys.ring(documents.flat_map(leaf::keys_of)).await?;
    let keys = Keys { ring: &ring, opening: Opening::Kept };
    Ok(stored.into_iter().map(|event| decode(event, keys)).collect())
}

/// Reads like [`stored`] and decodes. Positions follow `after` without a gap: a page ends before a gap, and a page that
/// would begin with one is an error.
pub async fn read(
    db: impl PgExecutor<'_>,
    keys: &DataKeys,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let stored = stored(db, after, until, limit).await?;
    gapless(decoded(keys, stored).await?, after)
}

/// The part of a page that follows `after` without a gap.
fn gapless(mut page: Vec<Entry>, after: i64) -> Result<Vec<Entry>, Error> {
    let expected = (after + 1..).zip(&page);
    let length = expected.take_while(|(expected, entry)| position_of(entry) == *expected).count();
    if length == 0 && !page.is_empty() {
        return Err(Error::Gap(after + 1));
    }
    page.truncate(length);
    if is_planted(Bug::PoisonSkipped) {
        page.retain(Result::is_ok);
    }
    Ok(page)
}

/// The pages of the log after `after`, up to and including `until`, which must exist. Some pages are read and decoded
/// ahead, on all processors, while the caller processes one. Positions have no gap, so the bounds of each page are
/// known in advance.
pub fn pages(
    pool: &PgPool,
    keys: &DataKeys,
    after: i64,
    until: i64,
    page: i64,
) -> impl Stream<Item = Result<Vec<Entry>, Error>> + use<> {
    let (pool, keys) = (pool.clone(), keys.clone());
    let starts = stream::iter((after..until).step_by(page.unsigned_abs() as usize));
    let reading = starts.map(move |start| {
        let (pool, keys, end) = (pool.clone(), keys.clone(), until.min(start + page));
        tokio::spawn(async move { whole(gapless(copy::entries(&pool, &keys, start, end).await?, start)?, start, end) })
    });
    reading.buffered(AHEAD).map(|read| read.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())))
}

/// Fails if the last event of a page is missing.
fn whole(page: Vec<Entry>, start: i64, end: i64) -> Result<Vec<Entry>, Error> {
    let last = page.last().map_or(start, position_of);
    if last < end { Err(Error::Gap(last + 1)) } else { Ok(page) }
}

/// One of several consumers that share the log. Each stream belongs to one member, which keeps the order of its events.
/// The member is the first four bytes of the SHA-256 of the stream's name, as a big-endian number, modulo the size of
/// the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerGroup {
    member: u32,
    size: u32,
}

impl ConsumerGroup {
    pub const MAX_SIZE: u32 = 1024;

    /// Members count from 0. None if a group of this size has no such member.
    pub fn new(member: u32, size: u32) -> Option<Self> {
        (member < size && size <= Self::MAX_SIZE).then_some(Self { member, size })
    }

    /// Whether this member reads the events of the stream.
    pub fn reads(self, stream: &str) -> bool {
        let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(stream));
        u32::from_be_bytes([a, b, c, d]) % self.size == self.member
    }
}

/// The last position of the log.
pub async fn head(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT position FROM public.log_head").fetch_one(db).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stream_falls_to_one_member_and_every_member_gets_some() {
        let group: Vec<ConsumerGroup> = (0..4).filter_map(|member| ConsumerGroup::new(member, 4)).collect();
        let mut streams = [0; 4];
        for number in 0..1000 {
            let stream = format!("target:dev/shop/Deployment/web-{number}");
            let reads: Vec<usize> = (0..4).filter(|member| group[*member].reads(&stream)).collect();
            assert_eq!(reads.len(), 1, "{stream}");
            streams[reads[0]] += 1;
        }
        assert!(streams.iter().all(|count| (150..350).contains(count)), "{streams:?}");
    }

    #[test]
    fn a_member_that_is_not_in_the_group_reads_nothing() {
        assert_eq!(ConsumerGroup::new(2, 2), None);
        assert_eq!(ConsumerGroup::new(0, 0), None);
        assert_eq!(ConsumerGroup::new(0, ConsumerGroup::MAX_SIZE + 1), None);
    }
}
