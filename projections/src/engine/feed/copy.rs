//! Reads a page of the log with `COPY … TO STDOUT (FORMAT binary)`, because decoding rows in the driver took a fifth of
//! a long read.
//!
//! Promises the same entries as [`super::read`] for the same events, and an error for a malformed stream. A connection
//! whose copy ended early is not reused. Tested below and in projections/tests/read_side/feed.rs.

use super::{DataKeys, Entry, Unreadable};
use crate::Error;
use bytes::{Buf, Bytes, TryGetError};
use chrono::{DateTime, Utc};
use domain::core::{
    codec::{self, Keys},
    event::Recorded,
    ids::EventId,
    sealing::{Opening, leaf},
};
use futures::TryStreamExt;
use memchr::memmem;
use sqlx::{PgConnection, PgPool};
use std::{array::TryFromSliceError, iter, str::Utf8Error, sync::Arc};
use uuid::Uuid;

/// Signature, flags and an empty extension: <https://www.postgresql.org/docs/15/sql-copy.html>, "File Header".
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The field count that marks the end.
const TRAILER: i16 = -1;
const COLUMNS: &str = "position, id, stream, version, type, schema_version, recorded_at, metadata, payload";
const FIELDS: i16 = 9;
/// The epoch of Postgres, 2000-01-01, in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// The events after `after`, up to and including `until`, in order.
pub async fn entries(pool: &PgPool, keys: &DataKeys, after: i64, until: i64) -> Result<Vec<Entry>, Error> {
    let mut connection = pool.acquire().await?;
    let copied = copied(&mut connection, after, until).await;
    if copied.is_err() {
        // After a copy that ended early, the next answer on the connection may belong to it.
        connection.close_on_drop();
    }
    drop(connection);
    let messages = copied?;
    let forgotten = messages.iter().filter(|message| memmem::find(message, codec::FORGETS.as_bytes()).is_some());
    keys.forget(forgotten.filter_map(|message| event(message)?.event.forgets()));
    let ring = keys.ring(messages.iter().flat_map(|message| leaf::keys_of(message))).await?;
    let rows = decoded(&messages, Keys { ring: &ring, opening: Opening::Kept })
        .map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(rows)
}

/// The messages of the copy, one for each row.
async fn copied(connection: &mut PgConnection, after: i64, until: i64) -> Result<Vec<Bytes>, sqlx::Error> {
    let query = format!(
        "COPY (SELECT {COLUMNS} FROM public.events WHERE position > {after} AND position <= {until} ORDER BY position) \
         TO STDOUT (FORMAT binary)"
    );
    connection.copy_out_raw(&query).await?.try_collect().await
}

/// The event of a message, if it can be read without a key.
fn event(message: &Bytes) -> Option<Arc<Recorded>> {
    entry(message.strip_prefix(HEADER).unwrap_or(message), Keys::none()).ok()??.ok()
}

fn decoded(messages: &[Bytes], keys: Keys<'_>) -> Result<Vec<Entry>, Malformed> {
    let (first, others) = messages.split_first().ok_or(Malformed::Header)?;
    let rows = iter::once(first.strip_prefix(HEADER).ok_or(Malformed::Header)?).chain(others.iter().map(Bytes::as_ref));
    rows.filter_map(|row| entry(row, keys).transpose()).collect()
}

/// The message is not a row of [`COLUMNS`].
#[derive(Debug, thiserror::Error)]
enum Malformed {
    #[error("a copy without its header")]
    Header,
    #[error("a row of {0} fields")]
    Fields(i16),
    #[error("a row that ends too early, or a null")]
    Short,
    #[error("a row with {0} bytes left over")]
    Rest(usize),
    #[error("a field of another length")]
    Length(#[from] TryFromSliceError),
    #[error("text that is not UTF-8")]
    Text(#[from] Utf8Error),
    #[error("a time out of range")]
    Time,
}

impl From<TryGetError> for Malformed {
    fn from(_: TryGetError) -> Self {
        Self::Short
    }
}

/// The event of a row; None for the trailer.
fn entry(mut row: &[u8], keys: Keys<'_>) -> Result<Option<Entry>, Malformed> {
    match row.try_get_i16()? {
        TRAILER => return Ok(None),
        FIELDS => {}
        other => return Err(Malformed::Fields(other)),
    }
    let position = i64::from_be_bytes(field(&mut row)?.try_into()?);
    let id = Uuid::from_bytes(field(&mut row)?.try_into()?);
    let stream = str::from_utf8(field(&mut row)?)?.to_owned();
    let version = i64::from_be_bytes(field(&mut row)?.try_into()?);
    let event_type = str::from_utf8(field(&mut row)?)?;
    let schema_version = i32::from_be_bytes(field(&mut row)?.try_into()?);
    let recorded_at = time(i64::from_be_bytes(field(&mut row)?.try_into()?))?;
    let (metadata, payload) = (field(&mut row)?, field(&mut row)?);
    if !row.is_empty() {
        return Err(Malformed::Rest(row.len()));
    }
    Ok(Some(match codec::from_columns(&stream, event_type, schema_version, metadata, payload, keys) {
        Ok((metadata, event)) => Ok(Arc::new(Recorded {
            position,
            id: EventId(id),
            stream,
            version,
            event_type: event_type.to_owned(),
            recorded_at,
            metadata,
            event,
        })),
        Err(source) => Err(Unreadable { position, stream, source: Arc::new(source) }),
    }))
}

fn field<'r>(row: &mut &'r [u8]) -> Result<&'r [u8], Malformed> {
    let length = usize::try_from(row.try_get_i32()?).map_err(|_| Malformed::Short)?;
    row.split_off(..length).ok_or(Malformed::Short)
}

fn time(since_2000: i64) -> Result<DateTime<Utc>, Malformed> {
    since_2000.checked_add(EPOCH).and_then(DateTime::from_timestamp_micros).ok_or(Malformed::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(row: &[u8]) -> Result<Option<Entry>, Malformed> {
        super::entry(row, Keys::none())
    }

    fn decoded(messages: &[Bytes]) -> Result<Vec<Entry>, Malformed> {
        super::decoded(messages, Keys::none())
    }

    #[test]
    fn what_is_no_row_is_an_error() {
        let row = |fields: &[&[u8]]| {
            let each = fields.iter().flat_map(|field| [&(field.len() as i32).to_be_bytes(), *field].concat());
            FIELDS.to_be_bytes().into_iter().chain(each).collect::<Vec<u8>>()
        };
        let number = 1_i64.to_be_bytes();
        let whole: [&[u8]; 9] = [&number, &[7; 16], b"a:b", &number, b"T", &[0, 0, 0, 1], &number, b"{}", b"{}"];
        assert!(
            matches!(entry(&row(&whole)), Ok(Some(Err(Unreadable { position: 1, .. })))),
            "no event of ours, but a row"
        );
        assert!(matches!(entry(&TRAILER.to_be_bytes()), Ok(None)));
        for end in 0..row(&whole).len() {
            assert!(matches!(entry(&row(&whole)[..end]), Err(Malformed::Short)), "{end} bytes");
        }
        assert!(matches!(entry(&8_i16.to_be_bytes()), Err(Malformed::Fields(8))));
        let with = |index: usize, field: &'static [u8]| {
            let mut fields = whole;
            fields[index] = field;
            entry(&row(&fields)).err()
        };
        assert!(matches!(with(0, b"1"), Some(Malformed::Length(_))));
        assert!(matches!(with(2, b"\xff"), Some(Malformed::Text(_))));
        assert!(matches!(with(6, &[0x7f; 8]), Some(Malformed::Time)), "the end of time");
        assert!(matches!(entry(&[row(&whole), vec![0]].concat()), Err(Malformed::Rest(1))));
        let message = |bytes: &[u8]| Bytes::copy_from_slice(bytes);
        let (first, trailer) = (message(&[HEADER, &row(&whole)].concat()), message(&TRAILER.to_be_bytes()));
        assert!(matches!(decoded(&[first, trailer.clone()]).map(|entries| entries.len()), Ok(1)));
        assert!(matches!(decoded(&[message(&[HEADER, &trailer].concat())]).map(|entries| entries.len()), Ok(0)));
        for headless in [&[][..], &[trailer]] {
            assert!(matches!(decoded(headless), Err(Malformed::Header)));
        }
        let null = [&FIELDS.to_be_bytes()[..], &(-1_i32).to_be_bytes()].concat();
        assert!(matches!(entry(&null), Err(Malformed::Short)));
    }
}
