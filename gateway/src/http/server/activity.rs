//! The activity of a connection: whether the server is working for it, or how long it has waited for the client.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

/// The activity of one connection, shared by everything that serves it.
#[derive(Debug)]
pub struct Activity {
    opened: Instant,
    /// Milliseconds from the opening to the client's last step.
    progress: AtomicU64,
    /// Whether a request has arrived.
    has_request: AtomicBool,
    /// Running work of the server, including work that waits.
    begun: AtomicUsize,
    /// Work that waits for bytes of the client.
    blocked: AtomicUsize,
    leave: Notify,
}

/// Work for a connection. While this value lives, the connection is not idle.
pub struct Work<A: AsRef<Activity>>(A);

impl Activity {
    /// For a connection opened now.
    pub fn start() -> Self {
        Self {
            opened: Instant::now(),
            progress: AtomicU64::new(0),
            has_request: AtomicBool::new(false),
            begun: AtomicUsize::new(0),
            blocked: AtomicUsize::new(0),
            leave: Notify::new(),
        }
    }

    /// Records a step of the client: a request, a piece of a body, or a piece of an answer that it took.
    pub fn progress(&self) {
        self.progress.store(u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX), Relaxed);
    }

    /// Records a request.
    pub fn request_began(&self) {
        self.has_request.store(true, Relaxed);
        self.progress();
    }

    pub fn has_request(&self) -> bool {
        self.has_request.load(Relaxed)
    }

    /// Records that some work waits for the client.
    pub fn blocks(&self) {
        self.blocked.fetch_add(1, Relaxed);
    }

    /// Records that the client has continued, or that no work waits for it any more.
    pub fn unblocks(&self) {
        self.blocked.fetch_sub(1, Relaxed);
        self.progress();
    }

    /// How long the connection has waited for the client. None while the server works.
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
                // If work ends now, the full limit starts again.
                None => sleep(limit).await,
            }
        }
    }

    /// Requests that the connection closes to make room.
    pub fn give_way(&self) {
        self.leave.notify_one();
    }

    /// Returns when the connection must close to make room.
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
