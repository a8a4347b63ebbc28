//! What a connection is doing: whether the server works for it, or since when it waits for its client.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

/// The activity of one connection, shared by all that serve it.
#[derive(Debug)]
pub struct Activity {
    opened: Instant,
    /// Milliseconds from the opening to the last step that the client took.
    progress: AtomicU64,
    /// Whether a request has come.
    has_asked: AtomicBool,
    /// What the server works on, whoever it waits for.
    begun: AtomicUsize,
    /// How much of that waits for bytes of the client.
    blocked: AtomicUsize,
    leave: Notify,
}

/// Work of the server for a connection, which does not count as idle while this value lives.
pub struct Work<A: AsRef<Activity>>(A);

impl Activity {
    /// Of a connection that was opened now.
    pub fn start() -> Self {
        Self {
            opened: Instant::now(),
            progress: AtomicU64::new(0),
            has_asked: AtomicBool::new(false),
            begun: AtomicUsize::new(0),
            blocked: AtomicUsize::new(0),
            leave: Notify::new(),
        }
    }

    /// Notes that the client took a step: a request, a piece of a body, a piece of an answer that it took.
    pub fn progress(&self) {
        self.progress.store(u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX), Relaxed);
    }

    /// Notes a request.
    pub fn asked(&self) {
        self.has_asked.store(true, Relaxed);
        self.progress();
    }

    pub fn has_asked(&self) -> bool {
        self.has_asked.load(Relaxed)
    }

    /// Notes that some of the work cannot go on without the client.
    pub fn blocks(&self) {
        self.blocked.fetch_add(1, Relaxed);
    }

    /// Notes that the client did its part of it, or that nobody waits for it any more.
    pub fn unblocks(&self) {
        self.blocked.fetch_sub(1, Relaxed);
        self.progress();
    }

    /// For how long only the client could have gone on; None while the server works.
    pub fn idle_for(&self) -> Option<Duration> {
        let is_working = self.begun.load(Relaxed) > self.blocked.load(Relaxed);
        (!is_working).then(|| self.opened.elapsed().saturating_sub(Duration::from_millis(self.progress.load(Relaxed))))
    }

    /// Returns when the connection has been idle for the time that `limit` gives.
    pub async fn idle(&self, limit: impl Fn(&Self) -> Duration) {
        loop {
            let limit = limit(self);
            match self.idle_for() {
                Some(idle) if idle >= limit => return,
                Some(idle) => sleep(limit - idle).await,
                // Work that ends now would be followed by the whole limit.
                None => sleep(limit).await,
            }
        }
    }

    /// Asks the connection to leave for another one.
    pub fn give_way(&self) {
        self.leave.notify_one();
    }

    /// Returns when the connection is to leave for another one.
    pub async fn gives_way(&self) {
        self.leave.notified().await;
    }
}

impl<A: AsRef<Activity>> Work<A> {
    pub fn begin(activity: A) -> Self {
        activity.as_ref().begun.fetch_add(1, Relaxed);
        Self(activity)
    }
}

impl<A: AsRef<Activity>> Drop for Work<A> {
    fn drop(&mut self) {
        let activity = self.0.as_ref();
        activity.begun.fetch_sub(1, Relaxed);
        activity.progress();
    }
}
