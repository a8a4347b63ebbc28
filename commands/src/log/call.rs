//! One call to the database: its time limit, and what its error means for the request.

use std::time::Duration;
use tokio::sync::mpsc;

const CALL_LIMIT: Duration = Duration::from_secs(5);

/// Puts an item into a bounded queue. An error of the pool means that nothing was sent to the database.
pub(super) fn put<T>(queue: &mpsc::Sender<T>, item: T) -> Result<(), sqlx::Error> {
    queue.try_send(item).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => sqlx::Error::PoolTimedOut,
        mpsc::error::TrySendError::Closed(_) => sqlx::Error::PoolClosed,
    })
}

pub(super) async fn limited<T>(call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late = || sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut));
    tokio::time::timeout(CALL_LIMIT, call).await.unwrap_or_else(|_| Err(late()))
}

/// Repeats a repeatable call until it meets a live connection. All connections of a pool may be dead, and each is
/// detected only by using it.
pub(super) async fn on_live<T, C>(call: impl Fn() -> C) -> Result<T, sqlx::Error>
where
    C: Future<Output = Result<T, sqlx::Error>>,
{
    const TRIES: usize = 16;
    for _ in 1..TRIES {
        match limited(call()).await {
            Err(error) if is_dead(&error) => {}
            answered => return answered,
        }
    }
    limited(call()).await
}

/// Whether the connection is dead, so that the same request may run on another one.
pub(super) fn is_dead(error: &sqlx::Error) -> bool {
    let is_late = matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut);
    let has_asked = !matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
    // A lock or statement time-out would happen on another connection too.
    let code = error.as_database_error().and_then(|error| error.code());
    let has_given_up = code.is_some_and(|code| code == "55P03" || code == "57014");
    has_asked && !is_late && !is_refusal(error) && !has_given_up
}

/// Whether the database refused the request. A server that is shutting down, starting or out of resources (classes 57,
/// 53, 58) says nothing about the request.
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            !database.code().is_some_and(|code| ["57", "53", "58", "08"].iter().any(|class| code.starts_with(class)))
        }
        sqlx::Error::Encode(_) => true,
        _ => false,
    }
}
