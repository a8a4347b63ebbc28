//! Pauses between calls to a cluster that does not respond.

use std::time::Duration;

/// The longest pause for an unresponsive cluster. When it is back, pending work must resume before users notice.
pub const LONGEST: Duration = Duration::from_secs(5);

/// Adds up to 25 % jitter, so that many callers do not return at once. Whole milliseconds, because Postgres has no
/// nanoseconds.
pub fn spread(wait: Duration) -> Duration {
    let more = f64::from(uuid::Uuid::now_v7().as_u128() as u16) / f64::from(u16::MAX) / 4.0;
    Duration::from_millis((wait.as_millis() as f64 * (1.0 + more)).ceil() as u64)
}
