//! Transactions of callers that may be dropped at any moment: a client disconnects, a time-out, a `select!`.
//!
//! The `begin` of sqlx 0.9.0 must not be dropped. If its answer is pending, the connection returns to the pool inside
//! an open transaction. Its next user reads an old snapshot or writes rows that are never committed.
//!
//! Promises that a dropped caller leaves no open transaction in the pool. Tested in
//! projections/tests/read_side/dropped.rs and gateway/src/auth/tests.rs.

use sqlx::{PgPool, Postgres, Transaction};

/// Begins a transaction by `statement` in a task that is never dropped. If the caller is gone, the task rolls back.
pub async fn begin(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { pool.begin_with(statement).await });
    beginning.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}
