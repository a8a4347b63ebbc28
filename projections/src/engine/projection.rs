//! The shape of every projection: a fold of the log into tables, with a name and a version.
//!
//! A projection names the categories of streams that it folds and gets only their events. So an event that cannot be
//! decoded or applied affects only the projections that fold it.
//!
//! `apply` writes unqualified table names. The search path decides whether it works on the live tables or on those of a
//! rebuild. It gets all events in order, and must produce the same rows however they are split into batches.

use crate::Error;
use domain::core::sealing::Ring;
use domain::core::{envelope::category, event::Recorded, sealing::leaf};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Encode, PgConnection, Postgres, Type};
use std::{borrow::Cow, sync::Arc};

pub trait Projection: Send + Sync {
    /// The name in the checkpoints. Never changes.
    fn name(&self) -> &'static str;

    /// Raise it when the fold or a table changes: the projection is then rebuilt from the log.
    fn version(&self) -> i32;

    /// The tables with their keys.
    fn tables(&self) -> &'static [Table];

    /// The categories of streams that it folds. An empty list means all.
    fn categories(&self) -> &'static [&'static str];

    /// Whether it folds the events of this stream.
    fn reads(&self, stream: &str) -> bool {
        let categories = self.categories();
        categories.is_empty() || categories.contains(&category(stream))
    }

    /// Applies the next events of its categories, at least one. `keys` open what the tables hold sealed.
    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>>;
}

/// A table of a projection.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// The columns of the primary key, in order.
    pub key: &'static [&'static str],
    /// Whether the key is the id of an object of Kubernetes.
    pub of_objects: bool,
}

/// Writes complete rows: inserts new ones and replaces existing ones, in one statement.
pub async fn save<T: Serialize>(db: &mut PgConnection, table: Table, rows: &[T]) -> Result<(), Error> {
    let Some(first) = rows.first() else { return Ok(()) };
    let sql = upsert(table, &serde_json::to_value(first).map_err(encode)?);
    sqlx::query(AssertSqlSafe(sql)).bind(as_json(rows)?).execute(db).await?;
    Ok(())
}

/// The columns are the fields of a row, sorted by name, so that each table has one statement to prepare.
fn upsert(Table { name, key, .. }: Table, row: &Value) -> String {
    let columns: Vec<&str> = row.as_object().into_iter().flatten().map(|(column, _)| column.as_str()).collect();
    let sets: Vec<_> = columns
        .iter()
        .filter(|column| !key.contains(column))
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let (columns, key, sets) = (columns.join(", "), key.join(", "), sets.join(", "));
    format!(
        "INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{name}, $1::json) \
         ON CONFLICT ({key}) DO UPDATE SET {sets}"
    )
}

/// Postgres cannot store a NUL, but text of a container may contain one.
pub fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// Rows as JSON text: without NUL, and with free values only as the log stores them.
fn as_json<T: Serialize>(rows: &[T]) -> Result<String, Error> {
    let text = serde_json::to_string(rows).map_err(encode)?;
    let (has_free, has_nul) = (leaf::has_free(text.as_bytes()), text.contains("\\u0000"));
    if !has_free && !has_nul {
        return Ok(text);
    }
    let mut value = serde_json::to_value(rows).map_err(encode)?;
    stored(&mut value)?;
    if has_nul {
        without_nul(&mut value);
    }
    Ok(value.to_string())
}

/// Leaves of each free value only what the log stores of it.
pub fn stored(value: &mut Value) -> Result<(), Error> {
    leaf::close(value).map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}

pub fn without_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = storable(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(without_nul),
        Value::Object(fields) => {
            let clean = std::mem::take(fields).into_iter().map(|(name, mut inner)| {
                without_nul(&mut inner);
                (storable(&name).into_owned(), inner)
            });
            *fields = clean.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

pub fn encode(error: serde_json::Error) -> Error {
    Error::Database(sqlx::Error::Encode(error.into()))
}

/// Removes the rows whose column `column` holds one of `ids`.
pub async fn remove<K>(db: &mut PgConnection, table: Table, column: &str, ids: &[K]) -> Result<(), Error>
where
    for<'q> &'q [K]: Encode<'q, Postgres> + Type<Postgres>,
{
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM {} WHERE {column} = ANY ($1)", table.name);
    sqlx::query(AssertSqlSafe(sql)).bind(ids).execute(db).await?;
    Ok(())
}
