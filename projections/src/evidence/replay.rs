//! Checks that the read tables are the fold of the log. All are rebuilt in temporary tables, each up to the position of
//! its live table, and compared row by row. Works while the projector runs, and with the rights of the application.
//!
//! Promises to name table, key and column of the first difference. Tested in projections/tests/read_side/evidence.rs
//! and tests/api/audit_tool.rs.

use super::{Broken, Difference, Error, Holds, Progress, Verdict};
use crate::{
    engine::{
        checkpoints,
        data_keys::DataKeys,
        projection::{Projection, Table},
        quarantine::{self, PassedOver},
        rebuild::{Build, Rebuild},
        snapshot::snapshot,
    },
    models::registry::PROJECTIONS,
};
use futures::TryStreamExt;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

/// Rebuilds and compares.
pub async fn replay(pool: &PgPool, keys: &DataKeys) -> Result<Verdict, Error> {
    let mut live = snapshot(pool).await?;
    let positions = positions(&mut live).await?;
    let position = positions.iter().map(|(_, position)| *position).max().unwrap_or_default();
    let mut progress = Progress::new("replayed", position);
    let mut rebuild = Rebuild::start(pool, keys, positions.clone()).await?;
    loop {
        match rebuild.step().await {
            Ok(Some(position)) => progress.at(position),
            Ok(None) => break,
            Err(crate::Error::Gap(position)) => {
                return Ok(Verdict::Broken(Broken::at(position, "the log has no event here, but later ones")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(broken) = rebuild.builds().iter().find_map(stopped) {
        return Ok(Verdict::Broken(broken));
    }
    let mut rows = 0;
    for build in rebuild.builds() {
        for table in build.projection.tables() {
            match compare(&mut live, &mut build.db, *table).await? {
                Ok(count) => rows += count,
                Err(broken) => return Ok(Verdict::Broken(broken)),
            }
        }
    }
    let is_applied = |passed_over: &PassedOver| {
        positions.iter().any(|(of, at)| of.name() == passed_over.projection && *at >= passed_over.position)
    };
    Ok(Verdict::Holds(Holds {
        holds: true,
        position,
        events: position,
        rows,
        passed_over: quarantine::of(&mut *live, PROJECTIONS).await?.into_iter().filter(is_applied).collect(),
        behind: positions.iter().filter(|(_, at)| *at < position).map(|(of, at)| (of.name(), *at)).collect(),
        ..Holds::default()
    }))
}

/// An event that the live table contains and the rebuild cannot apply.
fn stopped(build: &Build) -> Option<Broken> {
    let problem = match build.stop.as_ref()? {
        crate::Error::Codec { source, .. } => format!("it cannot be read: {source}"),
        error => error.to_string(),
    };
    Some(Broken::at(build.position + 1, problem))
}

/// The positions of the live tables, which must have this version.
async fn positions(live: &mut PgConnection) -> Result<Vec<(&'static dyn Projection, i64)>, Error> {
    let found = checkpoints::positions(live, PROJECTIONS).await?;
    let is_there = |projection: &&&dyn Projection| found.iter().any(|(of, _)| of.name() == projection.name());
    match PROJECTIONS.iter().find(|projection| !is_there(projection)) {
        None => Ok(found),
        Some(missing) => Err(Error::NotNow(format!(
            "{} is not there in this version: it was not projected yet, or is being rebuilt, or is of another version of Binnacle",
            missing.name()
        ))),
    }
}

/// The number of rows, or the first difference in the order of the key.
async fn compare(
    live: &mut PgConnection,
    rebuilt: &mut PgConnection,
    table: Table,
) -> Result<Result<i64, Broken>, Error> {
    let (left, right, count) = first_difference(live, rebuilt, table).await?;
    let (live_row, rebuilt_row) = match (left, right) {
        (None, None) => return Ok(Ok(count)),
        (Some(left), Some(right)) if key(&left, table) == key(&right, table) => (Some(left), Some(right)),
        // One side has an extra row. It is the live one, unless the rebuilt table has that key.
        (Some(left), _) if !has(rebuilt, table, &left).await? => (Some(left), None),
        (_, right) => (None, right),
    };
    let position = rebuilt_row.as_ref().or(live_row.as_ref()).and_then(position_of);
    Ok(Err(describe(position, difference(table, live_row, rebuilt_row))))
}

type Rows = (Option<Value>, Option<Value>, i64);

/// Reads both tables in the order of the key until they differ.
async fn first_difference(live: &mut PgConnection, rebuilt: &mut PgConnection, table: Table) -> Result<Rows, Error> {
    let select = |schema: &str| {
        let Table { name, key, .. } = table;
        format!("SELECT to_jsonb(t)::text FROM {schema}.{name} AS t ORDER BY {}", key.join(", "))
    };
    sqlx::raw_sql("SET LOCAL timezone = 'UTC'").execute(&mut *live).await?;
    sqlx::raw_sql("SET timezone = 'UTC'").execute(&mut *rebuilt).await?;
    let mut left = sqlx::query_scalar::<_, String>(AssertSqlSafe(select("read"))).fetch(live);
    let mut right = sqlx::query_scalar::<_, String>(AssertSqlSafe(select("pg_temp"))).fetch(rebuilt);
    let mut count = 0;
    loop {
        let (left, right) = tokio::try_join!(left.try_next(), right.try_next())?;
        if left.is_none() && right.is_none() {
            return Ok((None, None, count));
        }
        if left != right {
            let parse = |row: Option<String>| row.and_then(|row| serde_json::from_str(&row).ok());
            return Ok((parse(left), parse(right), count));
        }
        count += 1;
    }
}

fn key(row: &Value, table: Table) -> Vec<Value> {
    table.key.iter().map(|column| row.get(column).cloned().unwrap_or_default()).collect()
}

/// Whether the rebuilt table has a row with the key of `row`.
async fn has(rebuilt: &mut PgConnection, table: Table, row: &Value) -> Result<bool, Error> {
    let Table { name, key, .. } = table;
    let key = key.join(", ");
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_temp.{name} WHERE ({key}) IN \
         (SELECT {key} FROM jsonb_populate_record(NULL::pg_temp.{name}, $1)))"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).bind(row).fetch_one(rebuilt).await?)
}

pub(super) fn difference(table: Table, live: Option<Value>, rebuilt: Option<Value>) -> Difference {
    let row = live.as_ref().or(rebuilt.as_ref()).cloned().unwrap_or_default();
    let mut keys = key(&row, table);
    let key = if keys.len() == 1 { keys.remove(0) } else { Value::Array(keys) };
    let name = table.name.to_owned();
    let (Some(left), Some(right)) = (&live, &rebuilt) else {
        let (live, rebuilt) = (live.unwrap_or_default(), rebuilt.unwrap_or_default());
        return Difference { table: name, key, column: None, live, rebuilt };
    };
    let columns = left.as_object().into_iter().flatten().map(|(column, _)| column);
    let column = columns.into_iter().find(|column| left.get(column) != right.get(column)).cloned();
    let of = |row: &Value| column.as_ref().and_then(|column| row.get(column)).cloned().unwrap_or_default();
    Difference { table: name, key, live: of(left), rebuilt: of(right), column }
}

/// The position of the last event in a row.
pub(super) fn position_of(row: &Value) -> Option<i64> {
    ["last_position", "position"].iter().find_map(|column| row.get(column)?.as_i64())
}

pub(super) fn describe(position: Option<i64>, difference: Difference) -> Broken {
    let Difference { table, key, column, live, rebuilt } = &difference;
    let problem = match column {
        Some(column) => format!("{table} {key}: {column} is {live}, the log says {rebuilt}"),
        None if live.is_null() => format!("{table} {key}: the row is missing"),
        None => format!("{table} {key}: there is a row that the log knows nothing of"),
    };
    Broken { holds: false, position, problem, difference: Some(Box::new(difference)) }
}
