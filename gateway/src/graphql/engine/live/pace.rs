//! How often a subscriber is told of its list: at once while it is calm, in bursts when it is not, so that a rollout of a thousand
//! pods costs a browser four repaints a second and not a thousand.

use std::time::{Duration, Instant};

/// No client reads changing rows faster than this.
const WINDOW: Duration = Duration::from_millis(250);
/// After so many messages in one window the rest waits for its end.
const AT_ONCE: usize = 32;

/// The messages to one subscriber in the current window.
pub struct Pace {
    began: Instant,
    told: usize,
}

impl Pace {
    pub const fn new(now: Instant) -> Self {
        Self { began: now, told: 0 }
    }

    /// So many messages went out.
    pub const fn told(&mut self, messages: usize) {
        self.told += messages;
    }

    /// How long to wait before the next one, which is then the first of a new window.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        let left = WINDOW.saturating_sub(now.duration_since(self.began));
        let must_wait = self.told >= AT_ONCE && !left.is_zero();
        if must_wait || left.is_zero() {
            *self = Self::new(now + left);
        }
        must_wait.then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second in which `rows` change every ten milliseconds: the bursts it is told in, and the longest wait.
    fn bursts(rows: usize) -> (usize, Duration) {
        let (begin, mut time) = (Instant::now(), Duration::ZERO);
        let (mut pace, mut bursts, mut longest) = (Pace::new(begin), 0, Duration::ZERO);
        while time < Duration::from_secs(1) {
            if let Some(wait) = pace.wait(begin + time) {
                (time, bursts, longest) = (time + wait, bursts + 1, longest.max(wait));
            }
            pace.told(rows);
            time += Duration::from_millis(10);
        }
        (bursts, longest)
    }

    #[test]
    fn a_calm_list_is_told_at_once_and_a_busy_one_four_times_a_second() {
        assert_eq!(bursts(1), (0, Duration::ZERO), "a hundred messages a second");
        let (busy, longest) = bursts(1000);
        assert!((3..=4).contains(&busy) && longest <= WINDOW, "{busy} bursts after the first, {longest:?}");
        let mut pace = Pace::new(Instant::now());
        pace.told(AT_ONCE);
        let later = Instant::now() + WINDOW;
        assert_eq!(pace.wait(later), None, "what was told long ago is forgotten");
    }
}
