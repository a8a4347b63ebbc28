//! What the tiers share: a database of its own for each test, the write side on it, the real cluster, waiting on
//! conditions. Nothing here sleeps for a fixed time and hopes.

pub mod answers;
pub mod asking;
pub mod cluster;
pub mod database;
pub mod fault_proxy;
pub mod gateway;
pub mod registering;
pub mod second;
pub mod socket;
pub mod witness;
pub mod write_side;

use std::{future::Future, time::Duration};

/// How long a condition may take to come true before the test fails. Generous: it bounds a hang, it measures nothing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks `look` again and again until it finds something; panics with `what` when patience ends.
pub async fn until<T, F, Fut>(what: &str, mut look: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "waited {PATIENCE:?} in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
