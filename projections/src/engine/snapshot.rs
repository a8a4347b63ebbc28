//! Several reads of one moment.

use super::transaction;
use crate::Error;
use sqlx::{PgPool, Postgres, Transaction};

/// Begins a transaction that sees the database as it is now.
pub async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, Error> {
    Ok(transaction::begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
}
