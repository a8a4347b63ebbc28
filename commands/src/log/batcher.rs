//! A batcher for lookups. Requests that arrive during a lookup are combined into the next statement. An idle process
//! adds no wait; a busy one pays one round trip for all of them.
//!
//! Promises that each answer was read after its request arrived, and that a request which the database refuses affects
//! no other. Tested below and in tests/flow/batches.rs.

use super::call::{is_dead, is_refusal, limited, put};
use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot};

/// Requests in one statement.
const AT_ONCE: usize = 256;
/// If the server closed its connections, all idle ones in the pool are dead. Each is detected by using it.
const TRIES: usize = 16;
const WAITING: usize = 4096;

type Answer<V> = Result<V, sqlx::Error>;

struct Lookup<K, V> {
    of: K,
    answer: oneshot::Sender<Answer<V>>,
}

/// The sender of requests. When it is dropped, the task ends.
pub struct Batcher<K, V> {
    lookups: mpsc::Sender<Lookup<K, V>>,
}

impl<K: Clone + Send + Sync + 'static, V: Send + 'static> Batcher<K, V> {
    /// `ask` returns one answer for each key, in order.
    pub fn new<F>(ask: impl Fn(Vec<K>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<V>, sqlx::Error>> + Send + 'static,
    {
        let (lookups, waiting) = mpsc::channel(WAITING);
        tokio::spawn(answer_all(waiting, move |keys| ask(keys).boxed()));
        Self { lookups }
    }

    /// An error of the pool means that nothing was sent.
    pub async fn ask(&self, of: K) -> Answer<V> {
        let (answer, received) = oneshot::channel();
        put(&self.lookups, Lookup { of, answer })?;
        received.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }
}

async fn answer_all<K: Clone, V>(
    mut waiting: mpsc::Receiver<Lookup<K, V>>,
    ask: impl Fn(Vec<K>) -> BoxFuture<'static, Result<Vec<V>, sqlx::Error>> + Sync,
) {
    let mut lookups = Vec::new();
    while waiting.recv_many(&mut lookups, AT_ONCE).await > 0 {
        lookups.retain(|lookup: &Lookup<K, V>| !lookup.answer.is_closed());
        if lookups.is_empty() {
            continue;
        }
        let is_alone = lookups.len() == 1;
        match on_one_that_lives(&lookups, &ask).await {
            Ok(values) => lookups.drain(..).zip(values).for_each(|(lookup, value)| respond(lookup, Ok(value))),
            Err(error) if is_refusal(&error) && !is_alone => {
                for lookup in lookups.drain(..).filter(|lookup| !lookup.answer.is_closed()) {
                    let found = limited(ask(vec![lookup.of.clone()])).await;
                    respond(lookup, found.and_then(|mut values| values.pop().ok_or(sqlx::Error::RowNotFound)));
                }
            }
            Err(error) => {
                let words = error.to_string();
                let mut lookups = lookups.drain(..);
                if let Some(first) = lookups.next() {
                    respond(first, Err(error));
                }
                lookups.for_each(|other| respond(other, Err(sqlx::Error::Protocol(words.clone()))));
            }
        }
    }
}

/// Runs the lookup, on another connection if one is dead.
async fn on_one_that_lives<K: Clone, V>(
    lookups: &[Lookup<K, V>],
    ask: impl Fn(Vec<K>) -> BoxFuture<'static, Result<Vec<V>, sqlx::Error>> + Sync,
) -> Result<Vec<V>, sqlx::Error> {
    let mut tries = 1..TRIES;
    loop {
        match limited(ask(lookups.iter().map(|lookup| lookup.of.clone()).collect())).await {
            Err(error) if is_dead(&error) && tries.next().is_some() => {}
            found => return found,
        }
    }
}

/// Sends the answer. The receiver may be gone.
fn respond<K, V>(lookup: Lookup<K, V>, found: Answer<V>) {
    let _ = lookup.answer.send(found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn lookups_during_a_statement_share_the_next_one() {
        let (statements, may_answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
        let (noted, answers) = (Arc::clone(&statements), Arc::clone(&may_answer));
        let batcher = Batcher::new(move |keys: Vec<i32>| {
            noted.lock().expect("no panic").push(keys.clone());
            let answers = Arc::clone(&answers);
            async move {
                let _answering = answers.acquire().await;
                let is_refused = keys.contains(&13);
                if is_refused { Err(sqlx::Error::Encode("13".into())) } else { Ok(keys) }
            }
        });
        let others = async {
            while statements.lock().expect("no panic").is_empty() {
                tokio::task::yield_now().await;
            }
            tokio::join!(batcher.ask(2), batcher.ask(13), batcher.ask(3), async { may_answer.add_permits(1) })
        };
        let (first, (second, refused, third, ())) = tokio::join!(batcher.ask(1), others);
        assert_eq!((first.ok(), second.ok(), refused.is_err(), third.ok()), (Some(1), Some(2), true, Some(3)));
        let statements = statements.lock().expect("no panic").clone();
        assert_eq!(statements, [vec![1], vec![2, 13, 3], vec![2], vec![13], vec![3]]);
    }
}
