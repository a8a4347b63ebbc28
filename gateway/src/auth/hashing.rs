//! Threads that only hash passwords. They are few and have a low priority, and their queue is short. So a flood of
//! sign-ins is refused and does not slow down readers.

use super::Error;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};
use tokio::sync::oneshot;

/// Maximum length of the queue. A hash takes about 40 ms.
const QUEUE: usize = 32;
/// Other threads have 0, and the lowest priority is 19: a busy machine still hashes.
const NICENESS: i32 = 5;

type Work = Box<dyn FnOnce() + Send>;

/// The threads. They end when this value is dropped.
pub struct Hashing(SyncSender<Work>);

impl Hashing {
    /// One thread for every two cores.
    pub fn start() -> Self {
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        Self::with(threads, QUEUE)
    }

    fn with(threads: usize, queue: usize) -> Self {
        let (sender, receiver) = sync_channel(queue);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..threads {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || perform(&receiver));
        }
        Self(sender)
    }

    /// Runs `work` on a thread. Returns [`Error::Busy`] at once if the queue is full.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, receiver) = oneshot::channel();
        let work = move || {
            // A cancelled request is skipped.
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        };
        self.0.try_send(Box::new(work)).map_err(|_| Error::Busy)?;
        receiver.await.unwrap_or_else(|_| Err(Error::Hash("it panicked".to_owned())))
    }
}

fn perform(work: &Mutex<Receiver<Work>>) {
    // Only for this thread. Without the right to change it, the priority stays normal.
    let _ = rustix::process::setpriority_process(None, NICENESS);
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(next) = next else { return };
        // The thread must survive a panic of its work.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Blocks one thread until the sender releases it.
    async fn held(queue: usize) -> (Arc<Hashing>, std::sync::mpsc::Sender<()>) {
        let hashing = Arc::new(Hashing::with(1, queue));
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = oneshot::channel();
        let holding = Arc::clone(&hashing);
        tokio::spawn(async move {
            let _ = holding
                .run(move || {
                    let _ = begun.send(());
                    let _ = wait.recv();
                    Ok(())
                })
                .await;
        });
        begins.await.expect("it has begun");
        (hashing, release)
    }

    #[tokio::test]
    async fn what_does_not_fit_into_the_queue_is_refused_at_once() {
        let (hashing, release) = held(1).await;
        let waits = hashing.run(|| Ok(1));
        let mut waits = std::pin::pin!(waits);
        assert!(futures::poll!(waits.as_mut()).is_pending());
        assert!(matches!(hashing.run(|| Ok(2)).await, Err(Error::Busy)));
        drop(release);
        assert_eq!(waits.await.ok(), Some(1), "what waited is done");
    }

    #[tokio::test]
    async fn cancelled_work_in_the_queue_is_skipped() {
        static DONE: AtomicUsize = AtomicUsize::new(0);
        let (hashing, release) = held(2).await;
        let count = || {
            DONE.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        {
            let gone = std::pin::pin!(hashing.run(count));
            assert!(futures::poll!(gone).is_pending());
        }
        drop(release);
        hashing.run(count).await.expect("done");
        assert_eq!(DONE.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let hashing = Hashing::with(1, 2);
        assert!(matches!(hashing.run(|| -> Result<(), Error> { panic!("on purpose") }).await, Err(Error::Hash(_))));
        assert_eq!(hashing.run(|| Ok(1)).await.ok(), Some(1));
    }
}
