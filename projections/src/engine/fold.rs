//! Applies events to one projection and classifies its errors. [`Error::Fold`] and [`Error::Codec`] are poison: the
//! cause is in the event or in the code, so a retry fails too. All other errors are database problems.
//!
//! Promises to stop right before a poison event, and to turn a panic into an error. Tested in
//! projections/tests/read_side/lagging.rs.

use crate::{
    Error,
    engine::{
        feed::{Entry, Unreadable, position_of, stream_of},
        projection::Projection,
        trouble::Trouble,
    },
};
use domain::{core::event::Recorded, core::sealing::Ring};
use futures::FutureExt;
use sqlx::{Connection, PgConnection};
use std::{any::Any, collections::BTreeSet, panic::AssertUnwindSafe, slice, sync::Arc};

/// How far a projection got in a page, and the error that stopped it.
pub struct Came {
    pub position: i64,
    pub stop: Option<Error>,
}

/// The events of a page that the projection folds, without quarantined ones, up to the first that cannot be decoded.
pub fn own<'a>(
    projection: &dyn Projection,
    page: &'a [Entry],
    passed_over: &BTreeSet<i64>,
) -> (Vec<Arc<Recorded>>, Option<&'a Unreadable>) {
    let own =
        || page.iter().filter(|entry| projection.reads(stream_of(entry)) && !passed_over.contains(&position_of(entry)));
    (own().map_while(|entry| entry.as_ref().ok().cloned()).collect(), own().find_map(|entry| entry.as_ref().err()))
}

/// Applies as much of the page as possible, in the transaction of the caller.
pub async fn take_in(
    projection: &dyn Projection,
    tx: &mut PgConnection,
    keys: &Ring,
    page: &[Entry],
    passed_over: &BTreeSet<i64>,
) -> Result<Came, Error> {
    let (events, unreadable) = own(projection, page, passed_over);
    let mut stop = attempt(projection, tx, keys, &events).await?;
    if stop.is_some() {
        for event in &events {
            stop = attempt(projection, tx, keys, slice::from_ref(event)).await?;
            if stop.is_some() {
                return Ok(Came { position: event.position - 1, stop });
            }
        }
    }
    match unreadable {
        Some(event) => Ok(Came { position: event.position - 1, stop: Some(event.clone().into()) }),
        None => Ok(Came { position: page.last().map_or(0, position_of), stop }),
    }
}

/// Some: the events are poison, and the transaction is unchanged.
async fn attempt(
    projection: &dyn Projection,
    tx: &mut PgConnection,
    keys: &Ring,
    events: &[Arc<Recorded>],
) -> Result<Option<Error>, Error> {
    let mut savepoint = tx.begin().await?;
    match apply(projection, &mut savepoint, keys, events).await {
        Ok(()) => savepoint.commit().await?,
        Err(error @ Error::Fold { .. }) => {
            savepoint.rollback().await?;
            return Ok(Some(error));
        }
        Err(error) => return Err(error),
    }
    Ok(None)
}

/// Does nothing without events.
pub async fn apply(
    projection: &dyn Projection,
    db: &mut PgConnection,
    keys: &Ring,
    events: &[Arc<Recorded>],
) -> Result<(), Error> {
    let Some(first) = events.first() else { return Ok(()) };
    let cause = match caught(async { projection.apply(db, keys, events).await }).await {
        Ok(()) => return Ok(()),
        Err(Error::Database(error)) if is_poison(&error) => error.to_string(),
        Err(error @ Error::Panicked(_)) => error.to_string(),
        Err(error) => return Err(error),
    };
    Err(Error::Fold { projection: projection.name(), position: first.position, cause })
}

/// Runs the work and turns a panic into an error.
pub async fn caught<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| Err(Error::Panicked(words(panic.as_ref()))))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}

/// Whether Postgres rejected the statement, rather than being unable to execute it. That is an SQLSTATE about data (21,
/// 22, 23), names and rights (42) or limits of a value (54), an error raised by a trigger (P0), or an answer with
/// another shape than our rows.
fn is_poison(error: &sqlx::Error) -> bool {
    matches!(Trouble::from(error), Trouble::Value | Trouble::Broken)
}
