//! Group commit: all requests that wait during an append go into the next one, up to [`BATCH`]. An idle log adds no
//! wait; a busy one shares each disk flush.
//!
//! The queue is bounded. If it is full, a single append fails at once. The caller decides how long to wait for an
//! answer.
//!
//! Promises that an answer of "appended" is durable, that after a lost connection the log is checked before anything is
//! repeated ([`log`]), and that one bad request affects no other. Tested in tests/flow/batches.rs and tests/torture.

mod connection;

use super::{
    append::{Appended, Prepared, Request},
    call::{limited, put},
    clock::Clock,
    data_keys::{self, DataKeys},
    load::{self, LoadError},
    prepare::PrepareError,
};
use crate::log::group_commit::connection::Log;
use crate::log::{
    batcher::Batcher,
    head::{AcknowledgedHead, Last},
};
use chrono::{DateTime, Utc};
use domain::core::sealing::{KeyId, KeyScope, SealingKeys};
use domain::core::{
    codec,
    envelope::StoredEvent,
    event::Recorded,
    planted::{Bug, is_planted},
};
use sqlx::{PgConnection, PgPool};
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;

const BATCH: usize = 256;
const QUEUE: usize = 4096;
/// Below this number of events the flush dominates, so it is worth a short wait for more requests. Above it, the
/// database is better kept busy.
const FEW: usize = 100;
/// How often the process checks the last acknowledged event and the clock of the database.
const LOOK: Duration = Duration::from_secs(1);
/// The shortest interval between notifications to other processes, which also poll.
const NOTIFY_PACE: Duration = Duration::from_millis(20);

/// Why an append failed. The cause is in the log of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Nothing was appended: the log is unreachable, timed out, or overloaded.
    #[error("the event log does not answer: nothing was done, try again")]
    Unavailable,
    /// Nothing was appended: the database refused it.
    #[error("the event log refused it: nothing was done")]
    Refused,
    /// Nothing was appended: its data key was deleted meanwhile. Sealed with the next key, it can be appended.
    #[error("a data key was deleted meanwhile: nothing was done, try again")]
    KeyDeleted,
    /// The request was sent, and its outcome could not be determined: it may have been appended.
    #[error(
        "the event log did not answer: what was asked may have been taken in, so look at the operations, or ask again with the same \
         idempotency key"
    )]
    Unknown,
}

impl From<PrepareError> for AppendError {
    /// Logs the cause.
    fn from(error: PrepareError) -> Self {
        tracing::error!(%error, "store.not_prepared");
        match error {
            PrepareError::Key(data_keys::Error::Database(_)) => Self::Unavailable,
            PrepareError::Key(_) | PrepareError::Encode(_) | PrepareError::Seal(_) | PrepareError::Random => {
                Self::Refused
            }
        }
    }
}

type Answer = Result<Appended, AppendError>;

struct Waiting {
    prepared: Prepared,
    answer: oneshot::Sender<Answer>,
}

/// The event store. Cheap to clone.
#[derive(Clone)]
pub struct EventStore {
    pool: PgPool,
    keys: DataKeys,
    queue: mpsc::Sender<Waiting>,
    effects: Arc<Notify>,
    head: Arc<AcknowledgedHead>,
    clock: Arc<Clock>,
    last: Arc<Batcher<String, Option<StoredEvent>>>,
}

impl EventStore {
    /// Starts the task that commits. It waits for a connection as long as `pool` does. After each commit it calls `on_appended` with the last position, and wakes
    /// `effects` if there are new ones.
    pub fn new(
        pool: PgPool,
        sealing: Arc<SealingKeys>,
        on_appended: Arc<dyn Fn(i64) + Send + Sync>,
        effects: Arc<Notify>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (head, clock) = (Arc::new(AcknowledgedHead::default()), Arc::new(Clock::default()));
        let keys = DataKeys::new(pool.clone(), sealing);
        let log = Log {
            pool: pool.clone(),
            keys: keys.clone(),
            head: Arc::clone(&head),
            clock: Arc::clone(&clock),
            connection: None,
        };
        tokio::spawn(commit_groups(log, waiting, on_appended, Arc::clone(&effects)));
        tokio::spawn(look_each_second(pool.clone(), keys.clone(), Arc::downgrade(&head), Arc::clone(&clock)));
        let on = pool.clone();
        let last = Arc::new(Batcher::new(move |streams| load::last_of_each(on.clone(), streams)));
        Self { pool, keys, queue, effects, head, clock, last }
    }

    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The keys that seal and open values of the log.
    pub const fn keys(&self) -> &DataKeys {
        &self.keys
    }

    /// The last event of `stream`.
    pub async fn last_of(&self, stream: String) -> Result<Option<Recorded>, LoadError> {
        let found = self.last.ask(stream).await?;
        Ok(self.keys.decode(found.into_iter().collect()).await?.pop())
    }

    /// The events of `stream` after `version`, in order.
    pub async fn stream_after(&self, stream: &str, version: i64) -> Result<Vec<Recorded>, LoadError> {
        load::stream_after(&self.pool, &self.keys, stream, version).await
    }

    /// The last events of `stream` of these types up to the version `upto`, the newest first, at most `limit`.
    pub async fn last_of_types(
        &self,
        stream: &str,
        types: &[&str],
        upto: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, LoadError> {
        load::last_of_types(&self.pool, &self.keys, stream, types, (upto, limit)).await
    }

    /// How many events of a type a stream has.
    pub async fn count_of(&self, stream: &str, event_type: &str) -> Result<i64, sqlx::Error> {
        load::count_of(&self.pool, stream, event_type).await
    }

    /// The event at a position, if it is one of `stream`.
    pub async fn at(&self, stream: &str, position: i64) -> Result<Option<Recorded>, LoadError> {
        load::at(&self.pool, &self.keys, stream, position).await
    }

    /// The deletions, in the order of the log: the key, its scope, and the time.
    pub async fn forgotten(&self) -> Result<Vec<(KeyId, KeyScope, DateTime<Utc>)>, crate::Error> {
        let deleted = load::of_type(&self.pool, "sealing", codec::FORGETS).await?;
        let key = |recorded: Recorded| {
            let (_, scope) = recorded.stream.split_once(':')?;
            Some((recorded.event.forgets()?, KeyScope::stored(scope.to_owned()), recorded.recorded_at))
        };
        Ok(deleted.into_iter().filter_map(key).collect())
    }

    /// Whether the database lost events that this process acknowledged. Then no command may be executed.
    pub fn has_regressed(&self) -> bool {
        self.head.is_lost()
    }

    /// The last event that this process acknowledged.
    pub fn last_acknowledged(&self) -> Option<Last> {
        self.head.last()
    }

    /// The clock of the database, as last read.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time of the database clock. Reads it if it was never read.
    pub async fn now(&self) -> Result<DateTime<Utc>, sqlx::Error> {
        match self.clock.now() {
            Some(now) => Ok(now),
            None => limited(self.clock.look(&mut *self.pool.acquire().await?)).await,
        }
    }

    /// Appends one request.
    pub async fn append(&self, request: Request) -> Answer {
        let (answer, receiver) = oneshot::channel();
        let waiting = Waiting { prepared: self.prepare(request).await?, answer };
        put(&self.queue, waiting).map_err(|_| AppendError::Unavailable)?;
        let answer = receiver.await.unwrap_or(Err(AppendError::Unknown));
        if answer.is_err() && is_planted(Bug::FailureCalledDone) {
            return Ok(Appended::Done { version: 1, position: 1, recorded_at: DateTime::UNIX_EPOCH });
        }
        answer
    }

    /// Appends several independent requests and returns their answers in order. Waits for room in the queue.
    pub async fn append_all(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let (answer, receiver) = oneshot::channel();
            answers.push(match self.prepare(request).await {
                Ok(prepared) => {
                    let sent = self.queue.send(Waiting { prepared, answer }).await;
                    sent.map(|()| receiver).map_err(|_| AppendError::Unavailable)
                }
                Err(error) => Err(error),
            });
        }
        let mut results = Vec::with_capacity(answers.len());
        for answer in answers {
            results.push(match answer {
                Ok(receiver) => receiver.await.unwrap_or(Err(AppendError::Unknown)),
                Err(error) => Err(error),
            });
        }
        results
    }

    async fn prepare(&self, request: Request) -> Result<Prepared, AppendError> {
        Ok(request.prepare(&self.keys).await?)
    }

    /// Makes the effect of an operation due now if it waits for a retry. Best effort, in the background: it becomes due
    /// anyway.
    pub fn hasten(&self, operation: domain::core::ids::OperationId) {
        let (pool, effects) = (self.pool.clone(), Arc::clone(&self.effects));
        tokio::spawn(async move {
            let statement =
                "UPDATE effects SET due_at = clock_timestamp() WHERE operation_id = $1 AND lease_until IS NULL";
            match limited(sqlx::query(statement).bind(operation.0).execute(&pool)).await {
                Ok(_) => effects.notify_one(),
                Err(error) => tracing::debug!(%error, "effect.not_hastened"),
            }
        });
    }

    /// Creates the next partition of the log when the last one is half full. An append without room also creates it,
    /// but other appends wait meanwhile.
    pub async fn make_room(&self) {
        let statement = "SELECT make_room() FROM log_head WHERE room < position + partition_size / 2";
        if let Err(error) = sqlx::query(statement).execute(&self.pool).await {
            tracing::debug!(%error, "store.no_room_made");
        }
    }
}

/// Checks [`EventStore::has_regressed`], the clock and the keys, until the store is dropped. If the database does not respond,
/// nothing changes.
async fn look_each_second(pool: PgPool, keys: DataKeys, head: Weak<AcknowledgedHead>, clock: Arc<Clock>) {
    while let Some(head) = head.upgrade() {
        if let Ok(mut connection) = pool.acquire().await
            && limited(look(&mut connection, &head, &clock)).await.is_err()
        {
            connection.close_on_drop();
        }
        drop(head);
        if let Err(error) = limited(keys.drop_forgotten()).await {
            tracing::debug!(%error, "store.keys_not_looked_at");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn commit_groups(
    mut log: Log,
    mut queue: mpsc::Receiver<Waiting>,
    on_appended: Arc<dyn Fn(i64) + Send + Sync>,
    effects: Arc<Notify>,
) {
    let (mut late, mut events) = (VecDeque::new(), 0);
    let mut notified = tokio::time::Instant::now();
    // One at a time: slow notifications would take the connections from the commands.
    let mut notifying = tokio::spawn(async {});
    loop {
        if events < FEW {
            // A caller that was just answered and sends its next request at once usually makes it into this batch.
            tokio::task::yield_now().await;
        }
        let batch = next_batch(&mut queue, &mut late).await;
        if batch.is_empty() {
            return;
        }
        // A caller that is gone got an error and may have retried: only the retry counts.
        let (mut requests, answers): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .filter(|waiting| !waiting.answer.is_closed())
            .map(|waiting| (waiting.prepared, waiting.answer))
            .unzip();
        if requests.is_empty() {
            continue;
        }
        events = requests.iter().map(|prepared| prepared.request.events.len()).sum();
        let results = log.commit(&mut requests).await;
        let appended = requests.iter().zip(&results).filter_map(|(prepared, result)| match result {
            Ok(Appended::Done { position, .. }) => {
                Some(Last { position: *position, id: prepared.request.events.last()?.id.0 })
            }
            _ => None,
        });
        if let Some(last) = appended.max_by_key(|last| last.position) {
            log.head.acknowledged(last);
            on_appended(last.position);
            if notified.elapsed() >= NOTIFY_PACE && notifying.is_finished() {
                notified = tokio::time::Instant::now();
                notifying = tokio::spawn(notify(log.pool.clone(), last.position));
            }
            if requests.iter().any(|prepared| !prepared.request.effects.is_empty()) {
                effects.notify_one();
            }
        }
        for (answer, result) in answers.into_iter().zip(results) {
            // The caller may be gone.
            let _ = answer.send(result);
        }
    }
}

/// Notifies other processes that the log has grown. It is outside the append, because a notification holds a
/// server-wide lock until its transaction ends.
async fn notify(pool: PgPool, position: i64) {
    let sent = limited(sqlx::query("SELECT pg_notify('log', $1)").bind(position.to_string()).execute(&pool));
    if let Err(error) = sent.await {
        tracing::debug!(%error, "store.not_notified");
    }
}

/// Waits for one request and takes all that are waiting. Each command and each operation at most once: a repetition
/// must find the result of the first one, and an outcome the effect of the request before it.
async fn next_batch(queue: &mut mpsc::Receiver<Waiting>, late: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut batch = Vec::new();
    let mut named = HashSet::new();
    let mut still_late = VecDeque::new();
    let mut take = |waiting: Waiting, batch: &mut Vec<Waiting>, still_late: &mut VecDeque<Waiting>| {
        if batch.len() < BATCH && names(&waiting.prepared.request).all(|name| !named.contains(&name)) {
            named.extend(names(&waiting.prepared.request));
            batch.push(waiting);
        } else {
            still_late.push_back(waiting);
        }
    };
    for waiting in std::mem::take(late) {
        take(waiting, &mut batch, &mut still_late);
    }
    if batch.is_empty() {
        match queue.recv().await {
            Some(waiting) => take(waiting, &mut batch, &mut still_late),
            None => return batch,
        }
    }
    while batch.len() < BATCH && still_late.len() < BATCH {
        match queue.try_recv() {
            Ok(waiting) => take(waiting, &mut batch, &mut still_late),
            Err(_) => break,
        }
    }
    *late = still_late;
    batch
}

/// The command and the operations that only one request of a batch may name.
fn names(request: &Request) -> impl Iterator<Item = Uuid> {
    let command = request.keyed.as_ref().map(|keyed| keyed.command.0);
    let reported = request.guard.as_ref().map(|guard| guard.operation.0);
    let effects = request.effects.iter().map(|(operation, _)| operation.0).filter(move |id| Some(*id) != reported);
    command.into_iter().chain(reported).chain(effects)
}

/// Whether the log has every acknowledged event. Also reads the clock.
async fn look(connection: &mut PgConnection, head: &AcknowledgedHead, clock: &Clock) -> Result<bool, sqlx::Error> {
    clock.look(connection).await?;
    head.check(connection).await
}
