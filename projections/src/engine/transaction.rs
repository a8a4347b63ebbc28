//! Transactions of callers that may go away at any moment: a client that hangs up, a time-out, a `select!`.
//!
//! `begin` of sqlx 0.9.0 must not be dropped: where its answer is not yet there, the connection goes back to the pool inside an
//! open transaction, and the next one to use it reads an old snapshot or writes what is never committed.
//!
//! Promises that a caller which goes away leaves no open transaction in the pool. Tested in
//! projections/tests/read_side/dropped.rs and gateway/src/auth/tests.rs.

use sqlx::{PgPool, Postgres, Transaction};

/// Begins a transaction by `statement`, in a task of its own that nobody drops. Where nobody waits for it any more it is
/// rolled back.
pub async fn begin(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { pool.begin_with(statement).await });
    beginning.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}
