//! Several reads of one moment.

use crate::Error;
use sqlx::{PgPool, Postgres, Transaction};

/// Begins a transaction that sees the database as it is now. Begun in a task of its own: a begin that is dropped before Postgres
/// has answered would leave a connection within a transaction to whoever gets it next.
pub async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, Error> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await });
    begun.await.map_err(|error| Error::Panicked(error.to_string()))?.map_err(Error::from)
}
