//! Work that keeps a core busy for milliseconds: parsing long documents. It runs on the blocking pool, and little of it
//! at once, so that the threads that answer requests stay free.

use tokio::sync::Semaphore;

/// Maximum concurrent work.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The result of the work; `None` if it panicked.
pub async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let turn = TURNS.acquire().await.ok()?;
    let work = move || {
        // The work itself holds the permit, because its caller may go away before it ends.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.ok()
}
