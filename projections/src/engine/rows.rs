//! The fold of a table with one row for each object. The engine loads the rows of a batch, saves the changed ones, and
//! removes the others. A model with several tables has its own `apply`.

use super::projection::{Table, remove, save};
use crate::Error;
use domain::core::event::Recorded;
use serde::Serialize;
use sqlx::{
    AssertSqlSafe, Encode, FromRow, PgConnection, Postgres, Type,
    postgres::{PgHasArrayType, PgRow},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The rules of one row.
pub trait Fold {
    /// The primary key.
    type Key: Clone + Ord + Send + Sync + PgHasArrayType + Type<Postgres> + for<'q> Encode<'q, Postgres>;
    /// The part of the row that the fold needs before an event.
    type Before: for<'r> FromRow<'r, PgRow> + Send + Unpin;
    /// The row after an event, which may borrow from it.
    type Row<'a>: Serialize + Send + Sync;

    /// A table with a key of one column.
    const TABLE: Table;
    /// The columns of [`Fold::Before`].
    const LOADED: &'static str;

    /// The row that an event changes.
    fn key(event: &Recorded) -> Option<Self::Key>;

    fn key_of(before: &Self::Before) -> Self::Key;

    /// The row after an event. None if there is none.
    fn fold<'a>(before: Option<Self::Before>, event: &'a Recorded) -> Option<Self::Row<'a>>;

    /// The row as the next event finds it.
    fn before(row: Self::Row<'_>) -> Self::Before;
}

/// Applies events to the rows that they change, in order.
pub async fn take_in<F: Fold>(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(F::Key, &Recorded)> =
        events.iter().filter_map(|event| Some((F::key(event)?, event.as_ref()))).collect();
    let keys: BTreeSet<F::Key> = touched.iter().map(|(key, _)| key.clone()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let mut known = load::<F>(db, keys.into_iter().collect()).await?;
    let mut rows: BTreeMap<F::Key, Option<F::Row<'_>>> = BTreeMap::new();
    for (key, event) in touched {
        let before = match rows.remove(&key) {
            Some(row) => row.map(F::before),
            None => known.remove(&key),
        };
        rows.insert(key, F::fold(before, event));
    }
    save(db, F::TABLE, &rows.values().flatten().collect::<Vec<_>>()).await?;
    let gone: Vec<F::Key> = rows.into_iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key).collect();
    remove(db, F::TABLE, F::TABLE.key[0], &gone).await
}

async fn load<F: Fold>(db: &mut PgConnection, keys: Vec<F::Key>) -> Result<BTreeMap<F::Key, F::Before>, Error> {
    let sql = format!("SELECT {} FROM {} WHERE {} = ANY ($1)", F::LOADED, F::TABLE.name, F::TABLE.key[0]);
    let rows: Vec<F::Before> = sqlx::query_as(AssertSqlSafe(sql)).bind(keys).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (F::key_of(&row), row)).collect())
}
