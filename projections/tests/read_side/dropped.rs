//! Callers that go away in the middle: nothing of theirs stays open on the connections that others get next.

use projections::models::overview;
use sqlx::{PgPool, postgres::PgPoolOptions};
use std::{future::poll_fn, pin::pin, task::Poll};

/// Polls `work` so many times at most, then drops it: whether it came to its end.
async fn polled(work: impl Future, times: usize) -> bool {
    let (mut work, mut left) = (pin!(work), times);
    poll_fn(|context| {
        if left > 0 && work.as_mut().poll(context).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        if left == 0 { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_read_that_is_dropped_leaves_no_open_transaction(admin: PgPool) {
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*admin.connect_options()).clone());
    // Where an answer is there at once there is nothing to wait for, so not every round stops at every point.
    for _ in 0..10 {
        let mut times = 0;
        while !polled(overview::get(&pool, &domain::access::Scope::everything(), None), times).await {
            let outside = sqlx::query("SAVEPOINT probe").execute(&pool).await.err();
            let code = outside.as_ref().and_then(|error| error.as_database_error()?.code());
            assert_eq!(code.as_deref(), Some("25P01"), "inside a transaction after {times} polls");
            times += 1;
        }
    }
    pool.close().await;
}
