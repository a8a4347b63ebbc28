//! The progress of a long check on standard error, for users at a terminal.
//!
//! Prints nothing without a terminal and in the first second. It is not tested.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

const QUIET_FOR: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(200);

pub struct Progress {
    what: &'static str,
    total: i64,
    begun: Instant,
    said: Option<Instant>,
    wanted: bool,
}

impl Progress {
    /// Prints nothing in the first second, and never if standard error is not a terminal.
    pub fn new(what: &'static str, total: i64) -> Self {
        Self { what, total, begun: Instant::now(), said: None, wanted: std::io::stderr().is_terminal() }
    }

    pub fn at(&mut self, done: i64) {
        let now = Instant::now();
        let due = self.said.map_or(self.begun + QUIET_FOR, |said| said + EVERY);
        if !self.wanted || now < due {
            return;
        }
        self.said = Some(now);
        let percent = done.saturating_mul(100) / self.total.max(1);
        let mut stderr = std::io::stderr().lock();
        // A failed write is ignored.
        let _ = write!(stderr, "\r{}: {done} of {} ({percent} %)", self.what, self.total).and_then(|()| stderr.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.said.is_some() {
            eprintln!();
        }
    }
}
