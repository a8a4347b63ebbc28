//! Many subscribers at once, and when each received the change of which command.

use super::{
    client::Client,
    contender::Running,
    scene::{WORKLOADS, namespace},
    socket::{Follower, ReceivedChange},
};
use anyhow::{Result, ensure};
use futures::{StreamExt, stream};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// Sockets that are opened at once.
const OPENING: usize = 32;

/// The commands to each workload, and the changes of it that were received.
pub struct Tally {
    /// For each workload the commands so far, with the time of those that are measured.
    sent: Vec<Mutex<Vec<Option<Instant>>>>,
    /// Milliseconds between a measured command and a message.
    late: Mutex<Vec<f64>>,
    seen: AtomicU64,
    /// Subscribers that have seen anything.
    awake: AtomicUsize,
}

impl Default for Tally {
    fn default() -> Self {
        let sent = (0..WORKLOADS).map(|_| Mutex::default()).collect();
        Self { sent, late: Mutex::default(), seen: AtomicU64::new(0), awake: AtomicUsize::new(0) }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    /// Sends the next command to a workload; `at` is when it was due, if it is measured.
    pub async fn command(&self, client: &Client, workload: usize, at: Option<Instant>) -> Result<()> {
        let nth = {
            let mut sent = locked(&self.sent[workload]);
            sent.push(at);
            sent.len()
        };
        client.scale(workload, nth).await
    }

    fn receive(&self, change: &ReceivedChange) {
        let at = locked(&self.sent[change.workload]).get(change.nth.wrapping_sub(1)).copied().flatten();
        if let Some(at) = at {
            locked(&self.late).push(at.elapsed().as_secs_f64() * 1000.0);
        }
        self.seen.fetch_add(1, Ordering::Relaxed);
    }

    /// Messages so far.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    pub fn take_late(&self) -> Vec<f64> {
        std::mem::take(&mut locked(&self.late))
    }

    /// Waits until there are so many messages, as long as some come; answers when the last one did.
    pub async fn until_seen(&self, expected: u64, patience: Duration) -> Instant {
        let (mut last, mut since) = (self.seen(), Instant::now());
        while last < expected && since.elapsed() < patience {
            sleep(Duration::from_millis(1)).await;
            if self.seen() > last {
                (last, since) = (self.seen(), Instant::now());
            }
        }
        since
    }
}

/// Dropping it closes the sockets.
pub struct Crowd {
    pub size: usize,
    pub tally: Arc<Tally>,
    /// Why a socket could not be opened, the first time.
    pub refused: Option<String>,
    _tasks: JoinSet<()>,
}

impl Crowd {
    /// Sockets that follow the first `namespaces`, as many each; fewer when the server takes no more.
    pub async fn open(server: &Running, size: usize, namespaces: usize) -> Self {
        let opening =
            (0..size).map(|nth| async move { Follower::open(server, &namespace(nth % namespaces), None).await });
        let mut opened = stream::iter(opening).buffer_unordered(OPENING);
        let (tally, mut tasks, mut refused) = (Arc::new(Tally::default()), JoinSet::new(), None);
        while let Some(follower) = opened.next().await {
            match follower {
                Ok(follower) => {
                    tasks.spawn(listen(follower, Arc::clone(&tally)));
                }
                Err(error) => {
                    refused.get_or_insert_with(|| format!("{error:#}"));
                }
            }
        }
        Self { size: tasks.len(), tally, refused, _tasks: tasks }
    }

    /// Sends commands until every subscriber has seen one: a subscription is not acknowledged.
    pub async fn wake(&self, client: &Client, namespaces: usize) -> Result<()> {
        let begun = Instant::now();
        while self.tally.awake.load(Ordering::Relaxed) < self.size {
            ensure!(
                begun.elapsed() < Duration::from_secs(30),
                "{} of {} subscribers received a change",
                self.tally.awake.load(Ordering::Relaxed),
                self.size
            );
            for workload in 0..namespaces {
                self.tally.command(client, workload, None).await?;
            }
            let asked = Instant::now();
            while self.tally.awake.load(Ordering::Relaxed) < self.size && asked.elapsed() < Duration::from_millis(500) {
                sleep(Duration::from_millis(5)).await;
            }
        }
        // What was sent twice meanwhile is none of what follows.
        self.tally.until_seen(u64::MAX, Duration::from_millis(200)).await;
        Ok(())
    }
}

async fn listen(mut follower: Follower, tally: Arc<Tally>) {
    let mut is_awake = false;
    loop {
        match follower.next().await {
            Ok(Some(change)) => tally.receive(&change),
            Ok(None) => return,
            Err(error) => {
                eprintln!("a subscriber was given up: {error:#}");
                return;
            }
        }
        if !std::mem::replace(&mut is_awake, true) {
            tally.awake.fetch_add(1, Ordering::Relaxed);
        }
    }
}
