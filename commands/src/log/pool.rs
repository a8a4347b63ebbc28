//! How a gateway keeps its connections: those for questions, those for wishes, and those of the read side.
//!
//! Promises that one which died while it lay idle is found out and fails nobody who asks by the store. Tested in
//! tests/flow/batches.rs.

use sqlx::{Connection, postgres::PgPoolOptions};
use std::time::Duration;

/// A connection that lay idle for so long is asked whether it still lives before it is used. Asking each time would double
/// what a question costs; one that broke within this time is found out by the question itself: the log and what is asked
/// together ask again on another one.
const TRUSTED: Duration = Duration::from_secs(1);

/// What all pools of a gateway have in common.
pub fn options() -> PgPoolOptions {
    PgPoolOptions::new().test_before_acquire(false).before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for > TRUSTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}
