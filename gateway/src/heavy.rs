//! Work that takes a processor for milliseconds: reading long documents. It runs on the blocking pool, little of it at once, so that
//! the threads which answer health and everybody else have their time.

use tokio::sync::Semaphore;

/// So much at once.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The result of the work; `None` when it panicked.
pub async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let turn = TURNS.acquire().await.ok()?;
    let work = move || {
        // Held by the work itself: whoever waits for it may be gone before it ends.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.ok()
}
