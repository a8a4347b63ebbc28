//! Options of the connection pools of a gateway: for queries, for commands, and for the read side.
//!
//! Promises that a connection which died while idle is detected and causes no error for users of the store. Tested in
//! tests/flow/batches.rs.

use sqlx::{Connection, postgres::PgPoolOptions};
use std::time::Duration;

/// A connection that was idle for this long is pinged before use. A ping each time would double the cost of a query. A
/// connection that broke within this time is detected by the query itself: the log and the batcher then use another
/// one.
const TRUSTED: Duration = Duration::from_secs(1);

/// Options that all pools of a gateway share.
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
