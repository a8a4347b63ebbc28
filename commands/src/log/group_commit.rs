//! Group commit: whatever waits while one append is under way goes into the next one, up to [`BATCH`] requests. An idle
//! log adds no wait; a busy one shares each flush of the disk among all who wait for it.
//!
//! The queue is bounded: when it is full, who asks for one append is told so at once. How long an answer is waited for is the
//! business of who waits.
//!
//! Promises that an answer of "appended" is durable, that a connection which is lost during the commit is settled by looking and
//! never by a blind repetition ([`log`]), and that one bad request harms nobody. Tested in tests/flow/batches.rs and under
//! tests/torture.

mod connection;

use super::{
    append::{Appended, Prepared, Request},
    clock::Clock,
    load::{self, LoadError},
};
use crate::log::group_commit::connection::Log;
use crate::log::{
    batcher::Together,
    head::{Known, Last},
};
use chrono::{DateTime, Utc};
use domain::core::{
    codec,
    envelope::StoredEvent,
    event::Recorded,
    planted::{Bug, is_planted},
};
use sqlx::{PgConnection, PgPool, pool::PoolConnection};
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;

const BATCH: usize = 256;
const QUEUE: usize = 4096;
const CALL_LIMIT: Duration = Duration::from_secs(5);
/// How long to wait for a connection before the callers are told that the log does not answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);
/// With fewer events than this in a batch its flush counts, and it is worth waiting for those who come at once; with more the
/// database is better kept busy while they make theirs.
const FEW: usize = 100;
/// How often the database is looked at for what it has and what time it is.
const LOOK: Duration = Duration::from_secs(1);
/// Other processes are told of new events at most this often; they also look by themselves.
const NOTIFY_PACE: Duration = Duration::from_millis(20);

/// Why a request has no answer. The cause is in the log of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Nothing of it was appended: the log cannot be reached, gave up waiting, or too many wait for it.
    #[error("the event log does not answer: nothing was done, try again")]
    Unavailable,
    /// Nothing of it was appended: the database said no.
    #[error("the event log refused it: nothing was done")]
    Refused,
    /// It was sent, and what became of it could not be found out: it may have been appended.
    #[error(
        "the event log did not answer: what was asked may have been taken in, so look at the operations, or ask again with the same \
         idempotency key"
    )]
    Unknown,
}

type Answer = Result<Appended, AppendError>;

struct Waiting {
    prepared: Prepared,
    answer: oneshot::Sender<Answer>,
}

/// The door to the log. Cheap to clone.
#[derive(Clone)]
pub struct EventStore {
    pool: PgPool,
    queue: mpsc::Sender<Waiting>,
    effects: Arc<Notify>,
    known: Arc<Known>,
    clock: Arc<Clock>,
    last: Arc<Together<String, Option<StoredEvent>>>,
}

impl EventStore {
    /// Starts the task that commits. After each commit `on_appended` is called with the last position, and `effects` is
    /// woken when there are new ones.
    pub fn new(pool: PgPool, on_appended: Arc<dyn Fn(i64) + Send + Sync>, effects: Arc<Notify>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (known, clock) = (Arc::new(Known::default()), Arc::new(Clock::default()));
        let log = Log { pool: pool.clone(), known: Arc::clone(&known), clock: Arc::clone(&clock), connection: None };
        tokio::spawn(commit_groups(log, waiting, on_appended, Arc::clone(&effects)));
        tokio::spawn(look_each_second(pool.clone(), Arc::downgrade(&known), Arc::clone(&clock)));
        let asked = pool.clone();
        let last = Arc::new(Together::new(move |streams| load::last_of_each(asked.clone(), streams)));
        Self { pool, queue, effects, known, clock, last }
    }

    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The last event of `stream`.
    pub async fn last_of(&self, stream: String) -> Result<Option<Recorded>, LoadError> {
        let found = self.last.ask(stream).await?;
        Ok(found.map(codec::decode_stored).transpose()?)
    }

    /// Whether the database came back without events that were acknowledged here. Then nothing may be done for anybody.
    pub fn has_regressed(&self) -> bool {
        self.known.is_lost()
    }

    /// The last event that was acknowledged here.
    pub fn last_acknowledged(&self) -> Option<Last> {
        self.known.last()
    }

    /// The clock of the database, as it was last heard.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time by the clock of the database, which is asked if it never was.
    pub async fn now(&self) -> Result<DateTime<Utc>, sqlx::Error> {
        match self.clock.now() {
            Some(now) => Ok(now),
            None => limited(self.clock.look(&mut *acquire(&self.pool).await?)).await,
        }
    }

    /// Appends one request.
    pub async fn append(&self, request: Request) -> Answer {
        let (answer, receiver) = oneshot::channel();
        let waiting = Waiting { prepared: prepare(request)?, answer };
        put(&self.queue, waiting).map_err(|_| AppendError::Unavailable)?;
        let answer = receiver.await.unwrap_or(Err(AppendError::Unknown));
        if answer.is_err() && is_planted(Bug::FailureCalledDone) {
            return Ok(Appended::Done { version: 1, position: 1, recorded_at: DateTime::UNIX_EPOCH });
        }
        answer
    }

    /// Appends several requests, each on its own; answers in their order. Waits for room in the queue.
    pub async fn append_all(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let (answer, receiver) = oneshot::channel();
            answers.push(match prepare(request) {
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

    /// Makes the effect of an operation due now, if it waits for its next try. Best effort, for which nobody waits: it comes due
    /// by itself.
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

    /// Makes the next partition of the log when the last one is half full. An append that finds no room makes it too, but
    /// others wait for it meanwhile.
    pub async fn make_room(&self) {
        let statement = "SELECT make_room() FROM log_head WHERE room < position + partition_size / 2";
        if let Err(error) = sqlx::query(statement).execute(&self.pool).await {
            tracing::debug!(%error, "store.no_room_made");
        }
    }
}

fn prepare(request: Request) -> Result<Prepared, AppendError> {
    request.prepare().map_err(|error| {
        tracing::error!(%error, "store.not_encoded");
        AppendError::Refused
    })
}

/// Into a queue that has an end. An error of the pool means that nothing was asked of the database.
pub(super) fn put<T>(queue: &mpsc::Sender<T>, item: T) -> Result<(), sqlx::Error> {
    queue.try_send(item).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => sqlx::Error::PoolTimedOut,
        mpsc::error::TrySendError::Closed(_) => sqlx::Error::PoolClosed,
    })
}

/// Finds out whether [`EventStore::has_regressed`], and what time it is, whatever this process does, until the store is dropped.
/// A database that does not answer says nothing.
async fn look_each_second(pool: PgPool, known: Weak<Known>, clock: Arc<Clock>) {
    while let Some(known) = known.upgrade() {
        if let Ok(mut connection) = acquire(&pool).await
            && limited(look(&mut connection, &known, &clock)).await.is_err()
        {
            connection.close_on_drop();
        }
        drop(known);
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
    // One at a time: where each takes long, they would take the connections from the wishes.
    let mut notifying = tokio::spawn(async {});
    loop {
        if events < FEW {
            // Whoever was just answered and asks again at once is in time for this one, mostly.
            tokio::task::yield_now().await;
        }
        let batch = next_batch(&mut queue, &mut late).await;
        if batch.is_empty() {
            return;
        }
        // Whoever is gone was told that the log did not answer, and may have asked again: then that counts.
        let (requests, answers): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .filter(|waiting| !waiting.answer.is_closed())
            .map(|waiting| (waiting.prepared, waiting.answer))
            .unzip();
        if requests.is_empty() {
            continue;
        }
        events = requests.iter().map(|prepared| prepared.request.events.len()).sum();
        let results = log.commit(&requests).await;
        let appended = requests.iter().zip(&results).filter_map(|(prepared, result)| match result {
            Ok(Appended::Done { position, .. }) => {
                Some(Last { position: *position, id: prepared.request.events.last()?.id.0 })
            }
            _ => None,
        });
        if let Some(last) = appended.max_by_key(|last| last.position) {
            log.known.acknowledged(last);
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
            // A caller that is gone does not need its answer.
            let _ = answer.send(result);
        }
    }
}

/// Tells other processes that the log has grown. Outside the append: a notification holds a lock of the whole server
/// until its transaction ends.
async fn notify(pool: PgPool, position: i64) {
    let sent = limited(sqlx::query("SELECT pg_notify('log', $1)").bind(position.to_string()).execute(&pool));
    if let Err(error) = sent.await {
        tracing::debug!(%error, "store.not_notified");
    }
}

/// Waits for one request and takes what waits beside it. Each command and each operation once: a repetition is to find
/// what the first one left in the log, an outcome the effect as the request before it left it.
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

/// The command and the operations that a batch may name once.
fn names(request: &Request) -> impl Iterator<Item = Uuid> {
    let command = request.keyed.as_ref().map(|keyed| keyed.command.0);
    let reported = request.guard.as_ref().map(|guard| guard.operation.0);
    let effects = request.effects.iter().map(|(operation, _)| operation.0).filter(move |id| Some(*id) != reported);
    command.into_iter().chain(reported).chain(effects)
}

/// Whether the log has everything that was acknowledged; the clock is set by the way.
async fn look(connection: &mut PgConnection, known: &Known, clock: &Clock) -> Result<bool, sqlx::Error> {
    clock.look(connection).await?;
    known.check(connection).await
}

async fn acquire(pool: &PgPool) -> Result<PoolConnection<sqlx::Postgres>, sqlx::Error> {
    tokio::time::timeout(CONNECT_LIMIT, pool.acquire()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

pub(super) async fn limited<T>(call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late = || sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut));
    tokio::time::timeout(CALL_LIMIT, call).await.unwrap_or_else(|_| Err(late()))
}

/// Whether the connection is of no use any more, so that the same may be asked on another one.
pub(super) fn is_dead(error: &sqlx::Error) -> bool {
    let is_late = matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut);
    let has_asked = !matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
    // Gave up waiting: it would wait as long on another one.
    let code = error.as_database_error().and_then(|error| error.code());
    let has_given_up = code.is_some_and(|code| code == "55P03" || code == "57014");
    has_asked && !is_late && !is_refusal(error) && !has_given_up
}

/// Whether the database itself said no. A server that is shutting down, starting or out of resources (classes 57, 53, 58) says
/// nothing about what was asked.
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            !database.code().is_some_and(|code| ["57", "53", "58", "08"].iter().any(|class| code.starts_with(class)))
        }
        sqlx::Error::Encode(_) => true,
        _ => false,
    }
}
