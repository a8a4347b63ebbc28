//! Limits how often a list sends changes: at once while few rows change, in bursts while many do. A rollout of a
//! thousand pods then costs a browser four repaints a second and not a thousand.

use std::time::{Duration, Instant};

/// The length of a burst. People cannot follow faster changes.
const WINDOW: Duration = Duration::from_millis(250);
/// After this many messages in one window, the rest waits for the next window.
const AT_ONCE: usize = 32;

/// The messages to one subscriber in the current window.
pub struct Pace {
    began: Instant,
    sent: usize,
}

impl Pace {
    pub const fn new(now: Instant) -> Self {
        Self { began: now, sent: 0 }
    }

    /// Counts sent messages.
    pub const fn sent(&mut self, messages: usize) {
        self.sent += messages;
    }

    /// How long to wait before the next message, which then starts a new window.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        let left = WINDOW.saturating_sub(now.duration_since(self.began));
        let must_wait = self.sent >= AT_ONCE && !left.is_zero();
        if must_wait || left.is_zero() {
            *self = Self::new(now + left);
        }
        must_wait.then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simulates a second in which `rows` change every ten milliseconds. Returns the number of bursts and the longest
    /// wait.
    fn bursts(rows: usize) -> (usize, Duration) {
        let (begin, mut time) = (Instant::now(), Duration::ZERO);
        let (mut pace, mut bursts, mut longest) = (Pace::new(begin), 0, Duration::ZERO);
        while time < Duration::from_secs(1) {
            if let Some(wait) = pace.wait(begin + time) {
                (time, bursts, longest) = (time + wait, bursts + 1, longest.max(wait));
            }
            pace.sent(rows);
            time += Duration::from_millis(10);
        }
        (bursts, longest)
    }

    #[test]
    fn a_calm_list_is_sent_at_once_and_a_busy_one_in_bursts() {
        assert_eq!(bursts(1), (0, Duration::ZERO), "a hundred messages a second");
        let (busy, longest) = bursts(1000);
        assert!((3..=4).contains(&busy) && longest <= WINDOW, "{busy} bursts after the first, {longest:?}");
        let mut pace = Pace::new(Instant::now());
        pace.sent(AT_ONCE);
        let later = Instant::now() + WINDOW;
        assert_eq!(pace.wait(later), None, "messages of an earlier window do not count");
    }
}
