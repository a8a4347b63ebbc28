//! Checks a sample of the read tables against the log while the console runs. [`super::replay`] checks all rows; this
//! checks a few objects each minute. A difference is an alarm until that object matches again or another process leads.
//! It repairs nothing.
//!
//! Promises to read one moment of the database and to leave nothing in it. Tested in
//! projections/tests/read_side/evidence.rs.

use super::{
    Broken,
    replay::{describe, difference, position_of},
};
use crate::{
    Error, Projections,
    engine::{
        checkpoints,
        data_keys::DataKeys,
        feed::{self, position_of as at},
        fold,
        leader::{Duty, Leading},
        projection::{Projection, Table},
        quarantine::{self, PassedOver},
        rebuild::temporary_tables,
    },
};
use domain::{
    core::{
        codec,
        decider::Decider,
        envelope::StoredEvent,
        event::Recorded,
        planted::{Bug, is_planted},
        sealing::{KeyId, KeyScope, Ring, leaf},
    },
    kubernetes::object::ObjectRef,
    platform::data_key,
};
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

const PACE: Duration = Duration::from_secs(60);
/// Objects in each sample.
const OBJECTS: i64 = 20;
/// An object with a longer history is skipped; `binnacle-audit replay` checks it.
const LONGEST: i64 = 5000;

/// A duty of one process at a time.
pub struct Checker<'a> {
    projections: &'a Projections,
    differed: Mutex<Option<String>>,
}

impl<'a> Checker<'a> {
    pub fn of(projections: &'a Projections) -> Self {
        Self { projections, differed: Mutex::default() }
    }
}

impl Duty for Checker<'_> {
    fn name(&self) -> &'static str {
        "checker"
    }

    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let Leading { db, lease, shutdown, trouble } = leading;
            let mut sample =
                Sample::open(self.projections.own(), self.projections.keys(), self.projections.list()).await?;
            loop {
                // Objects with a long history take long.
                let mut differed = self.differed.lock().await;
                match lease.keep_during(db, sample.look(OBJECTS, &mut differed)).await?? {
                    Some(broken) => trouble.found(broken.problem),
                    None if differed.is_none() => trouble.is_over(),
                    None => {}
                }
                drop(differed);
                let pause = tokio::time::sleep(PACE);
                tokio::select! {
                    () = shutdown.cancelled() => return Ok(()),
                    kept = lease.keep_during(db, pause) => kept?,
                }
            }
        })
    }
}

/// The tables in which objects are folded. Only this connection sees them, and they are empty between checks.
pub struct Sample {
    db: PgConnection,
    keys: DataKeys,
    list: &'static [&'static dyn Projection],
}

impl Sample {
    pub async fn open(pool: &PgPool, keys: &DataKeys, list: &'static [&'static dyn Projection]) -> Result<Self, Error> {
        let mut db = pool.acquire().await?.detach();
        sqlx::raw_sql("SET search_path = pg_temp, public; SET timezone = 'UTC'").execute(&mut db).await?;
        temporary_tables(&mut db, list).await?;
        Ok(Self { db, keys: keys.clone(), list })
    }

    /// Folds objects from their own events and compares their rows with the live ones: first the one that `differed`
    /// last time, then up to `objects` random others. Returns the first difference and records its stream. Sees one
    /// moment of the database and changes nothing.
    pub async fn look(&mut self, objects: i64, differed: &mut Option<String>) -> Result<Option<Broken>, Error> {
        let mut tx = self.db.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
        let positions = checkpoints::positions(&mut *tx, self.list).await?;
        let passed_over = quarantine::of(&mut *tx, self.list).await?;
        let furthest = positions.iter().map(|(_, position)| *position).max().unwrap_or_default();
        let mut streams: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT stream FROM public.events \
             WHERE position = ANY (ARRAY(SELECT 1 + floor(random() * $1)::bigint FROM generate_series(1, $2)))",
        )
        .bind(furthest)
        .bind(objects)
        .fetch_all(&mut *tx)
        .await?;
        // Other objects that match do not end an alarm.
        streams.splice(..0, differed.clone());
        let mut found = None;
        for stream in streams {
            match compare(&mut tx, &self.keys, &stream, &positions, &passed_over).await? {
                Compared::Same if differed.as_ref() == Some(&stream) => *differed = None,
                Compared::Same | Compared::Unknown => {}
                Compared::Different(broken) => {
                    *differed = Some(stream).filter(|_| !is_planted(Bug::DifferenceForgotten));
                    found = Some(broken);
                    break;
                }
            }
        }
        tx.rollback().await?;
        Ok(found)
    }
}

/// The result for the rows of one stream.
enum Compared {
    Same,
    Different(Broken),
    /// The history is too long or not readable; `binnacle-audit` checks it.
    Unknown,
}

/// Compares the rows of one object, or of one platform stream, with the live ones, each projection at its own position.
async fn compare(
    db: &mut PgConnection,
    keys: &DataKeys,
    stream: &str,
    positions: &[(&'static dyn Projection, i64)],
    passed_over: &[PassedOver],
) -> Result<Compared, Error> {
    let object = ObjectRef::from_stream(stream);
    let mut streams = object
        .as_ref()
        .map_or_else(|| vec![stream.to_owned()], |object| vec![object.observed_stream(), object.target_stream()]);
    // Rows are removed when the key of their values is deleted.
    streams.extend(KeyScope::of_stream(stream).map(|scope| data_key::DataKeys::stream(&scope)));
    let furthest = positions.iter().map(|(_, position)| *position).max().unwrap_or_default();
    let stored = feed::stored_of(&mut *db, &streams, furthest, LONGEST).await?;
    if stored.len() as i64 == LONGEST {
        return Ok(Compared::Unknown);
    }
    let mut compared = Compared::Same;
    let sealed: Vec<Sealed> = stored.iter().map(Sealed::from).collect();
    let events = feed::decoded(keys, stored).await?;
    let keys = keys.opened();
    for (projection, position) in positions {
        // A key was deleted, and this projection has not applied the event of the deletion.
        if is_ahead(&sealed, *position, &keys) {
            compared = Compared::Unknown;
            continue;
        }
        let events = &events[..events.partition_point(|event| at(event) <= *position)];
        let (own, None) = fold::own(*projection, events, &quarantine::positions(passed_over, *projection)) else {
            compared = Compared::Unknown;
            continue;
        };
        if let Some(broken) = compare_one(db, *projection, &keys, &own, object.as_ref()).await? {
            return Ok(Compared::Different(broken));
        }
    }
    Ok(compared)
}

/// The keys that an event needs.
struct Sealed {
    position: i64,
    /// Rows computed from earlier sealed values are removed.
    forgets: bool,
    keys: Vec<KeyId>,
}

impl From<&StoredEvent> for Sealed {
    fn from(event: &StoredEvent) -> Self {
        let forgets = event.event_type == codec::FORGETS;
        Self { position: event.position, forgets, keys: leaf::keys_of(&event.payload).collect() }
    }
}

/// Whether a key was deleted and the events up to `position` do not report it.
fn is_ahead(events: &[Sealed], position: i64, keys: &Ring) -> bool {
    let seen = &events[..events.partition_point(|event| event.position <= position)];
    let kept = seen.iter().rposition(|event| event.forgets).map_or(0, |last| last + 1);
    seen[kept..].iter().flat_map(|event| &event.keys).any(|key| keys.get(*key).is_none())
}

async fn compare_one(
    db: &mut PgConnection,
    projection: &dyn Projection,
    keys: &Ring,
    events: &[Arc<Recorded>],
    object: Option<&ObjectRef>,
) -> Result<Option<Broken>, Error> {
    let mut fold = db.begin().await?;
    fold::apply(projection, &mut fold, keys, events).await?;
    let mut found = None;
    for table in projection.tables() {
        found = difference_of(&mut fold, *table, object).await?;
        if found.is_some() {
            break;
        }
    }
    fold.rollback().await?;
    Ok(found)
}

async fn difference_of(
    db: &mut PgConnection,
    table: Table,
    object: Option<&ObjectRef>,
) -> Result<Option<Broken>, Error> {
    let Table { name, key, of_objects } = table;
    let key = key.join(", ");
    // The live table may have a row that the fold does not have. The second form only gives the unused parameter a type.
    let is_own = if of_objects { "id = $1" } else { "false AND $1::text IS NULL" };
    let sql = format!(
        "SELECT to_jsonb(live), to_jsonb(fold) FROM (SELECT * FROM read.{name} \
         WHERE ({key}) IN (SELECT {key} FROM pg_temp.{name}) OR {is_own}) AS live \
         FULL JOIN pg_temp.{name} AS fold USING ({key}) WHERE to_jsonb(live) IS DISTINCT FROM to_jsonb(fold) LIMIT 1"
    );
    let found: Option<(Option<Value>, Option<Value>)> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(object.map(ObjectRef::id)).fetch_optional(db).await?;
    Ok(found.map(|(live, fold)| {
        let position = fold.as_ref().or(live.as_ref()).and_then(position_of);
        describe(position, difference(table, live, fold))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::sealing::{DataKey, data_key};

    #[test]
    fn a_key_that_went_before_its_event_was_applied_is_no_difference() {
        let id = |byte| KeyId([byte; KeyId::LENGTH]);
        let ring: Ring = [Arc::new(DataKey::new(id(2), &[2; data_key::LENGTH]))].into_iter().collect();
        let event = |position, forgets, byte| Sealed { position, forgets, keys: vec![id(byte)] };
        let events = [event(1, false, 1), event(5, true, 2), event(7, false, 2), event(9, false, 3)];
        assert!(is_ahead(&events, 4, &ring), "the event is not applied yet");
        assert!(!is_ahead(&events, 7, &ring), "rows of what was sealed before are gone");
        assert!(is_ahead(&events, 9, &ring), "the next key is gone too");
    }
}
