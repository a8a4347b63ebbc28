//! Limits the rate of messages of a client. Faster messages are read later, which slows the sender by TCP flow control.

use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The average time between messages.
const STEP: Duration = Duration::from_millis(10);
/// The allowed burst: 500 messages.
const AHEAD: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Pace {
    /// When all messages so far would have arrived at an even rate.
    due: Instant,
}

impl Pace {
    pub fn new() -> Self {
        Self { due: Instant::now() }
    }

    /// Counts one message.
    pub fn count(&mut self) {
        self.due = self.due.max(Instant::now()) + STEP;
    }

    /// Returns when the next message may be read.
    pub async fn ready(&self) {
        if self.due.duration_since(Instant::now()) > AHEAD {
            sleep_until(self.due - AHEAD).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn five_hundred_at_once_and_then_a_hundred_a_second() {
        let (mut pace, begun) = (Pace::new(), Instant::now());
        let mut read = async |messages| {
            for _ in 0..messages {
                pace.ready().await;
                pace.count();
            }
            begun.elapsed().as_millis()
        };
        assert_eq!(read(500).await, 0);
        assert!((900..=1100).contains(&read(100).await));
        tokio::time::sleep(Duration::from_secs(60)).await;
        let rested = begun.elapsed().as_millis();
        assert_eq!(read(500).await, rested);
    }
}
