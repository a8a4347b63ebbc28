//! The clock of the database, as this process knows it. Deadlines use it, so that gateways with different clocks agree.
//! Between two reads the monotonic clock continues.
//!
//! Promises a time that is independent of the clock of this machine. Tested below and, with a gateway ten minutes off,
//! in tests/faults.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A larger difference between the clocks is an alarm: times on the screen come from both.
const TOLERATED: TimeDelta = TimeDelta::seconds(30);

/// A slower answer is too old to be the current time.
const PROMPT: Duration = Duration::from_secs(1);

/// A reading of the database clock: its time, when it was read, and the offset of our clock.
#[derive(Clone, Copy)]
struct Seen {
    time: DateTime<Utc>,
    at: Instant,
    ahead: TimeDelta,
}

#[derive(Default)]
pub struct Clock(Mutex<Option<Seen>>);

impl Clock {
    /// Reads the clock of the database. Must be repeated: clocks drift, and another server may have taken over.
    pub async fn look(&self, connection: &mut PgConnection) -> Result<DateTime<Utc>, sqlx::Error> {
        let begun = Instant::now();
        let time = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(connection).await?;
        self.saw(time, Utc::now(), begun.elapsed());
        Ok(time)
    }

    fn saw(&self, time: DateTime<Utc>, ours: DateTime<Utc>, took: Duration) {
        if took > PROMPT && self.seen().is_some() {
            return;
        }
        let (was_off, ahead) = (self.is_off(), ours - time);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { time, at: Instant::now(), ahead });
        match (was_off, self.is_off()) {
            (false, true) => tracing::error!(ahead_ms = ahead.num_milliseconds(), "clock.off"),
            (true, false) => tracing::info!("clock.right_again"),
            (true, true) | (false, false) => {}
        }
    }

    /// None until the database was read once.
    pub fn now(&self) -> Option<DateTime<Utc>> {
        self.seen().map(|seen| seen.time + seen.at.elapsed())
    }

    /// Whether the moment is known to be in the past.
    pub fn is_past(&self, moment: DateTime<Utc>) -> bool {
        self.now().is_some_and(|now| now > moment)
    }

    /// Whether the clock of this machine differs from that of the database by more than 30 s.
    pub fn is_off(&self) -> bool {
        self.seen().is_some_and(|seen| seen.ahead.abs() > TOLERATED)
    }

    fn seen(&self) -> Option<Seen> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_by_the_database_whatever_the_clock_of_this_machine_says() {
        let clock = Clock::default();
        assert!(clock.now().is_none() && !clock.is_past(DateTime::UNIX_EPOCH) && !clock.is_off());
        let theirs = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        for (ours, is_off) in
            [(TimeDelta::minutes(10), true), (TimeDelta::minutes(-10), true), (TimeDelta::zero(), false)]
        {
            clock.saw(theirs, theirs + ours, Duration::ZERO);
            assert_eq!(clock.is_off(), is_off);
            assert!(clock.is_past(theirs - TimeDelta::seconds(1)) && !clock.is_past(theirs + TimeDelta::minutes(5)));
        }
        clock.saw(theirs - TimeDelta::minutes(1), theirs, PROMPT * 2);
        assert!(clock.is_past(theirs - TimeDelta::seconds(1)), "an answer of long ago is no news");
    }
}
