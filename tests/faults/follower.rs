//! Subscribers: cut by any fault, each goes on after the last position it saw, and judges what comes.

use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tests::socket::Subscription;
use tokio::{task::JoinHandle, time::timeout};

const FEED: &str = "subscription($after: Position) { auditEventRecorded(after: $after) { position } }";
const LIST: &str = "subscription($after: Position, $f: WorkloadFilter) \
    { workloadChanged(after: $after, filter: $f) { position workload { namespace name version } } }";
/// While users ask, so long a silence means that this gateway hears nothing any more. Doubled each time it was in vain, up to the
/// longest: after a long outage 200 subscribers who are far behind all take their time, and none arrives who begins anew too soon.
const SILENCE: Duration = Duration::from_secs(4);
const LONGEST_SILENCE: Duration = Duration::from_secs(64);

/// What somebody subscribes to.
#[derive(Clone)]
pub enum Topic {
    /// Every event there is.
    Feed,
    /// The workload of this name, in a list that may hold others.
    Workload { namespace: String, name: String },
}

#[derive(Default)]
struct Seen {
    last: AtomicI64,
    is_open: AtomicBool,
    resumed: AtomicUsize,
    /// The version of the workload in the last message about it.
    version: Mutex<Option<String>>,
    wrong: Mutex<Option<String>>,
}

pub struct Follower {
    pub topic: Topic,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Follower {
    /// Follows from `head` on, first the gateway of this number.
    pub fn start(topic: Topic, urls: Vec<String>, token: String, number: usize, head: i64) -> Self {
        let seen = Arc::new(Seen::default());
        seen.last.store(head, Ordering::Relaxed);
        let task = tokio::spawn(follow(topic.clone(), Arc::clone(&seen), urls, token, number));
        Self { topic, seen, task }
    }

    /// The last position it saw, of the feed without a gap.
    pub fn last(&self) -> i64 {
        self.seen.last.load(Ordering::Relaxed)
    }

    pub fn is_open(&self) -> bool {
        self.seen.is_open.load(Ordering::Relaxed)
    }

    /// How often it had to begin anew.
    pub fn resumed(&self) -> usize {
        self.seen.resumed.load(Ordering::Relaxed)
    }

    /// The version of its workload in the last change that it received.
    pub fn version(&self) -> Option<String> {
        lock(&self.seen.version).clone()
    }

    /// The first message that it must not receive.
    pub fn wrong(&self) -> Option<String> {
        lock(&self.seen.wrong).clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn follow(topic: Topic, seen: Arc<Seen>, urls: Vec<String>, token: String, first: usize) {
    let mut patience = SILENCE;
    for side in first.. {
        let after = seen.last.load(Ordering::Relaxed).to_string();
        let (query, variables) = match &topic {
            Topic::Feed => (FEED, json!({"after": after})),
            Topic::Workload { namespace, name } => {
                (LIST, json!({"after": after, "f": {"namespaces": [namespace], "search": name}}))
            }
        };
        let open = Subscription::open(&urls[side % urls.len()], &token, query, variables);
        if let Ok(Ok(mut messages)) = timeout(SILENCE, open).await {
            seen.is_open.store(true, Ordering::Relaxed);
            let mut in_vain = true;
            while let Ok(Ok(Some(data))) = timeout(patience, messages.next()).await {
                (patience, in_vain) = (SILENCE, false);
                take(&topic, &seen, &data);
            }
            if in_vain {
                patience = (patience * 2).min(LONGEST_SILENCE);
            }
        }
        seen.is_open.store(false, Ordering::Relaxed);
        seen.resumed.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The feed delivers every position in turn. A list delivers some, each newer than the one before.
fn take(topic: &Topic, seen: &Seen, data: &Value) {
    let field = match topic {
        Topic::Feed => "auditEventRecorded",
        Topic::Workload { .. } => "workloadChanged",
    };
    let position = data[field]["position"].as_str().and_then(|text| text.parse::<i64>().ok());
    let last = seen.last.load(Ordering::Relaxed);
    let is_right = match topic {
        Topic::Feed => position == Some(last + 1),
        Topic::Workload { .. } => position > Some(last),
    };
    if let (true, Some(position)) = (is_right, position) {
        seen.last.store(position, Ordering::Relaxed);
    } else {
        lock(&seen.wrong).get_or_insert_with(|| format!("after {last} came {data}"));
    }
    let workload = &data[field]["workload"];
    let Topic::Workload { namespace, name } = topic else { return };
    if workload.is_object() && workload["namespace"] != *namespace {
        lock(&seen.wrong).get_or_insert_with(|| format!("I10: a change of another namespace: {data}"));
    }
    if workload["name"] == *name {
        *lock(&seen.version) = workload["version"].as_str().map(str::to_owned);
    }
}
