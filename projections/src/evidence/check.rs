//! Whether the read tables are the fold of the log, a sample at a time, while the console runs: what [`super::replay`] proves
//! of all rows, this finds out of a few objects each minute. What differs is an alarm for as long as that object does and this process
//! leads; nothing is mended by it.
//!
//! Promises to read one moment of the database and to leave nothing in it. Tested in projections/tests/read_side/evidence.rs.

use super::{
    Broken,
    replay::{describe, difference, position_of},
};
use crate::{
    Error, Projections,
    engine::{
        checkpoints,
        feed::{self, Entry, position_of as at},
        fold,
        leader::{Duty, Leading},
        projection::{Projection, Table},
        quarantine::{self, PassedOver},
        rebuild::temporary_tables,
    },
};
use domain::{
    core::{
        event::Recorded,
        planted::{Bug, is_planted},
    },
    kubernetes::object::ObjectRef,
};
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

const PACE: Duration = Duration::from_secs(60);
/// Objects looked at each time.
const OBJECTS: i64 = 20;
/// One with a longer history is passed over: `binnacle-audit replay` looks at it.
const LONGEST: i64 = 5000;

/// Tables whose key is the id of an object: the live one may have a row of it that the fold has not.
const OF_OBJECTS: [&str; 5] = ["workloads", "manifests", "targets", "pods", "namespaces"];

/// The duty of one process at a time.
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
            let mut sample = Sample::open(self.projections.own(), self.projections.list()).await?;
            loop {
                // Objects with a long history take their time.
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

/// Where objects are folded: tables that only this connection sees, empty but in the middle of a look.
pub struct Sample {
    db: PgConnection,
    list: &'static [&'static dyn Projection],
}

impl Sample {
    pub async fn open(pool: &PgPool, list: &'static [&'static dyn Projection]) -> Result<Self, Error> {
        let mut db = pool.acquire().await?.detach();
        sqlx::raw_sql("SET search_path = pg_temp, public; SET timezone = 'UTC'").execute(&mut db).await?;
        temporary_tables(&mut db, list).await?;
        Ok(Self { db, list })
    }

    /// Folds objects from their own events and compares their rows with the live ones: the one that `differed` the last time
    /// before up to `objects` others, taken at random. Answers the first difference, and notes of which stream it is. Sees one
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
        // Others that are as they should be do not end an alarm.
        streams.splice(..0, differed.clone());
        let mut found = None;
        for stream in streams {
            match compare(&mut tx, &stream, &positions, &passed_over).await? {
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

/// What is known of the rows of one stream.
enum Compared {
    Same,
    Different(Broken),
    /// Its history is too long, or cannot be read any more: `binnacle-audit` looks at it.
    Unknown,
}

/// The rows of one object, or of one platform stream, against the live ones, each projection where it stands.
async fn compare(
    db: &mut PgConnection,
    stream: &str,
    positions: &[(&'static dyn Projection, i64)],
    passed_over: &[PassedOver],
) -> Result<Compared, Error> {
    let object = ObjectRef::from_stream(stream);
    let streams = object
        .as_ref()
        .map_or_else(|| vec![stream.to_owned()], |object| vec![object.observed_stream(), object.target_stream()]);
    let furthest = positions.iter().map(|(_, position)| *position).max().unwrap_or_default();
    let stored = feed::stored_of(&mut *db, &streams, furthest, LONGEST).await?;
    if stored.len() as i64 == LONGEST {
        return Ok(Compared::Unknown);
    }
    let mut compared = Compared::Same;
    let events: Vec<Entry> = stored.into_iter().map(feed::decode).collect();
    for (projection, position) in positions {
        let events = &events[..events.partition_point(|event| at(event) <= *position)];
        let (own, None) = fold::own(*projection, events, &quarantine::positions(passed_over, *projection)) else {
            compared = Compared::Unknown;
            continue;
        };
        if let Some(broken) = compare_one(db, *projection, &own, object.as_ref()).await? {
            return Ok(Compared::Different(broken));
        }
    }
    Ok(compared)
}

async fn compare_one(
    db: &mut PgConnection,
    projection: &dyn Projection,
    events: &[Arc<Recorded>],
    object: Option<&ObjectRef>,
) -> Result<Option<Broken>, Error> {
    let mut fold = db.begin().await?;
    fold::apply(projection, &mut fold, events).await?;
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
    let Table { name, key } = table;
    let key = key.join(", ");
    // The second one only names the type of a parameter that it has no use for.
    let is_own = if OF_OBJECTS.contains(&name) { "id = $1" } else { "false AND $1::text IS NULL" };
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
