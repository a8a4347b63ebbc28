//! How long whoever calls a cluster waits before the next try.

use std::time::Duration;

/// The longest pause where a cluster does not answer: one that is back is to be seen, and what was asked to be done, as soon as
/// people would begin to wonder.
pub const LONGEST: Duration = Duration::from_secs(5);

/// Up to a quarter more, so that many do not come back at once. Whole milliseconds: Postgres has no nanoseconds, and would
/// take none.
pub fn spread(wait: Duration) -> Duration {
    let more = f64::from(uuid::Uuid::now_v7().as_u128() as u16) / f64::from(u16::MAX) / 4.0;
    Duration::from_millis((wait.as_millis() as f64 * (1.0 + more)).ceil() as u64)
}
