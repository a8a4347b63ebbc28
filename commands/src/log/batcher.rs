//! A batcher for lookups. Requests that arrive during a lookup are combined into the next statement. An idle process
//! adds no wait; a busy one pays one round trip for all of them.
//!
//! Promises that each answer was read after its request arrived, and that a request which the database refuses affects
//! no other. Tested below and in tests/flow/batches.rs.

use crate::log::group_commit::{is_dead, is_refusal, limited, put};
use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot};

/// Requests in one statement.
const AT_ONCE: usize = 256;
/// If the server closed its connections, all idle ones in the pool are dead. Each is detected by using it.
const TRIES: usize = 16;
const WAITING: usize = 4096;

type Answer<V> = Result<V, sqlx::Error>;

struct Question<K, V> {
    of: K,
    answer: oneshot::Sender<Answer<V>>,
}

/// The sender of requests. When it is dropped, the task ends.
pub struct Together<K, V> {
    questions: mpsc::Sender<Question<K, V>>,
}

impl<K: Clone + Send + Sync + 'static, V: Send + 'static> Together<K, V> {
    /// `ask` returns one answer for each key, in order.
    pub fn new<F>(ask: impl Fn(Vec<K>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<V>, sqlx::Error>> + Send + 'static,
    {
        let (questions, waiting) = mpsc::channel(WAITING);
        tokio::spawn(answer_all(waiting, move |keys| ask(keys).boxed()));
        Self { questions }
    }

    /// An error of the pool means that nothing was sent.
    pub async fn ask(&self, of: K) -> Answer<V> {
        let (answer, told) = oneshot::channel();
        put(&self.questions, Question { of, answer })?;
        told.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }
}

async fn answer_all<K: Clone, V>(
    mut waiting: mpsc::Receiver<Question<K, V>>,
    ask: impl Fn(Vec<K>) -> BoxFuture<'static, Result<Vec<V>, sqlx::Error>> + Sync,
) {
    let mut questions = Vec::new();
    while waiting.recv_many(&mut questions, AT_ONCE).await > 0 {
        questions.retain(|question: &Question<K, V>| !question.answer.is_closed());
        if questions.is_empty() {
            continue;
        }
        let is_alone = questions.len() == 1;
        match on_one_that_lives(&questions, &ask).await {
            Ok(values) => questions.drain(..).zip(values).for_each(|(question, value)| tell(question, Ok(value))),
            Err(error) if is_refusal(&error) && !is_alone => {
                for question in questions.drain(..).filter(|question| !question.answer.is_closed()) {
                    let found = limited(ask(vec![question.of.clone()])).await;
                    tell(question, found.and_then(|mut values| values.pop().ok_or(sqlx::Error::RowNotFound)));
                }
            }
            Err(error) => {
                let words = error.to_string();
                let mut questions = questions.drain(..);
                if let Some(first) = questions.next() {
                    tell(first, Err(error));
                }
                questions.for_each(|other| tell(other, Err(sqlx::Error::Protocol(words.clone()))));
            }
        }
    }
}

/// Runs the lookup, on another connection if one is dead.
async fn on_one_that_lives<K: Clone, V>(
    questions: &[Question<K, V>],
    ask: impl Fn(Vec<K>) -> BoxFuture<'static, Result<Vec<V>, sqlx::Error>> + Sync,
) -> Result<Vec<V>, sqlx::Error> {
    let mut tries = 1..TRIES;
    loop {
        match limited(ask(questions.iter().map(|question| question.of.clone()).collect())).await {
            Err(error) if is_dead(&error) && tries.next().is_some() => {}
            found => return found,
        }
    }
}

/// The receiver may be gone.
fn tell<K, V>(question: Question<K, V>, found: Answer<V>) {
    let _ = question.answer.send(found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn what_comes_while_one_is_under_way_is_asked_at_once_and_a_refused_one_harms_nobody() {
        let (asked, may_answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
        let (noted, answers) = (Arc::clone(&asked), Arc::clone(&may_answer));
        let together = Together::new(move |keys: Vec<i32>| {
            noted.lock().expect("no panic").push(keys.clone());
            let answers = Arc::clone(&answers);
            async move {
                let _answering = answers.acquire().await;
                let is_refused = keys.contains(&13);
                if is_refused { Err(sqlx::Error::Encode("13".into())) } else { Ok(keys) }
            }
        });
        let others = async {
            while asked.lock().expect("no panic").is_empty() {
                tokio::task::yield_now().await;
            }
            tokio::join!(together.ask(2), together.ask(13), together.ask(3), async { may_answer.add_permits(1) })
        };
        let (first, (second, refused, third, ())) = tokio::join!(together.ask(1), others);
        assert_eq!((first.ok(), second.ok(), refused.is_err(), third.ok()), (Some(1), Some(2), true, Some(3)));
        let asked = asked.lock().expect("no panic").clone();
        assert_eq!(asked, [vec![1], vec![2, 13, 3], vec![2], vec![13], vec![3]]);
    }
}
