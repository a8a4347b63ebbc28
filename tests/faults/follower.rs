//! A subscriber to the whole feed: cut by any fault, it goes on after the last position it saw, and judges what comes.

use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tests::socket::Subscription;
use tokio::{task::JoinHandle, time::timeout};

const FEED: &str = "subscription($after: Position) { auditEventRecorded(after: $after) { position } }";
/// While users ask, so long a silence means that this gateway hears nothing any more.
const SILENCE: Duration = Duration::from_secs(4);

#[derive(Default)]
struct Seen {
    last: AtomicI64,
    resumed: AtomicUsize,
    wrong: Mutex<Option<String>>,
}

pub struct Follower {
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Follower {
    /// Follows from `head` on, first the gateway of this number.
    pub fn start(urls: Vec<String>, token: String, number: usize, head: i64) -> Self {
        let seen = Arc::new(Seen::default());
        seen.last.store(head, Ordering::Relaxed);
        let task = tokio::spawn(follow(Arc::clone(&seen), urls, token, number));
        Self { seen, task }
    }

    /// The last position it saw without a gap.
    pub fn last(&self) -> i64 {
        self.seen.last.load(Ordering::Relaxed)
    }

    /// How often it had to begin anew.
    pub fn resumed(&self) -> usize {
        self.seen.resumed.load(Ordering::Relaxed)
    }

    /// What it was told that it must not be told.
    pub fn wrong(&self) -> Option<String> {
        self.seen.wrong.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(seen: Arc<Seen>, urls: Vec<String>, token: String, first: usize) {
    for side in first.. {
        let after = seen.last.load(Ordering::Relaxed).to_string();
        let open = Subscription::open(&urls[side % urls.len()], &token, FEED, json!({"after": after}));
        if let Ok(Ok(mut feed)) = timeout(SILENCE, open).await {
            while let Ok(Ok(Some(data))) = timeout(SILENCE, feed.next()).await {
                take(&seen, &data);
            }
        }
        seen.resumed.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn take(seen: &Seen, data: &Value) {
    let text = data.pointer("/auditEventRecorded/position").and_then(Value::as_str);
    let position = text.and_then(|text| text.parse::<i64>().ok());
    let last = seen.last.load(Ordering::Relaxed);
    if position == Some(last + 1) {
        seen.last.store(last + 1, Ordering::Relaxed);
    } else {
        let mut wrong = seen.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get_or_insert_with(|| format!("after {last} came {data}"));
    }
}
