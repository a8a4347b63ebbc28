//! Group commit: whatever waits while one append is under way goes into the next one, up to [`BATCH`] requests. An idle
//! log adds no wait; a busy one shares each flush of the disk among all who wait for it.
//!
//! The queue is bounded: when it is full, who asks for one append is told so at once. How long an answer is waited for is the
//! business of who waits.
//!
//! Promises that an answer of "appended" is durable, that a connection which is lost during the commit is settled by looking and
//! never by a blind repetition, and that one bad request harms nobody. Tested in tests/flow/batches.rs and under tests/torture.

use super::{
    append::{Appended, Prepared, Request, append},
    clock::Clock,
    known::{Known, Last},
    load::{self, LoadError},
    together::Together,
};
use chrono::{DateTime, Utc};
use domain::{
    codec,
    envelope::{Recorded, StoredEvent},
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
/// How often the database is looked at for what it has and what time it is.
const LOOK: Duration = Duration::from_secs(1);
/// Other processes are told of new events at most this often; they also look by themselves.
const NOTIFY_PACE: Duration = Duration::from_millis(20);

/// Why a request has no answer. The cause is in the log of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Nothing of it was appended: the log cannot be reached, gave up waiting, or too many wait for it.
    #[error("the event log does not answer")]
    Unavailable,
    /// Nothing of it was appended: the database said no.
    #[error("the event log refused it")]
    Refused,
    /// It was sent, and what became of it could not be found out: it may have been appended.
    #[error("the event log did not answer")]
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
    pub fn hasten(&self, operation: domain::ids::OperationId) {
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
        if let Ok(mut connection) = acquire(&pool).await {
            let _ = limited(look(&mut connection, &known, &clock)).await;
        }
        drop(known);
        tokio::time::sleep(LOOK).await;
    }
}

/// The connection that appends, and what is known to stand in the log.
struct Log {
    pool: PgPool,
    known: Arc<Known>,
    clock: Arc<Clock>,
    connection: Option<PoolConnection<sqlx::Postgres>>,
}

async fn commit_groups(
    mut log: Log,
    mut queue: mpsc::Receiver<Waiting>,
    on_appended: Arc<dyn Fn(i64) + Send + Sync>,
    effects: Arc<Notify>,
) {
    let mut late = VecDeque::new();
    let mut notified = tokio::time::Instant::now();
    // One at a time: where each takes long, they would take the connections from the wishes.
    let mut notifying = tokio::spawn(async {});
    loop {
        // Whoever was just answered and asks again at once is in time for this batch, mostly: half the batches, with 8 writers.
        tokio::task::yield_now().await;
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

impl Log {
    /// One call for all; if the database refuses the batch, one call for each, so that one bad request harms nobody.
    async fn commit(&mut self, requests: &[Prepared]) -> Vec<Answer> {
        match self.call(requests).await {
            Ok(results) => results.into_iter().map(Ok).collect(),
            Err(AppendError::Unknown) => self.each(requests, false, AppendError::Unknown).await,
            Err(AppendError::Refused) if requests.len() > 1 => {
                self.each(requests, true, AppendError::Unavailable).await
            }
            Err(error) => requests.iter().map(|_| Err(error)).collect(),
        }
    }

    /// One after the other, on their own or settled. Once the database does not answer, the others are not waited for.
    async fn each(&mut self, requests: &[Prepared], is_new: bool, others: AppendError) -> Vec<Answer> {
        let (mut answers, mut is_gone) = (Vec::with_capacity(requests.len()), false);
        for request in requests {
            if is_gone {
                answers.push(Err(others));
                continue;
            }
            let alone = if is_new { self.call_one(request).await } else { Err(AppendError::Unknown) };
            let answer = match alone {
                Err(AppendError::Unknown) => self.settle(request).await,
                known => known,
            };
            is_gone = matches!(answer, Err(AppendError::Unavailable | AppendError::Unknown));
            answers.push(answer);
        }
        answers
    }

    /// A connection to a log that has everything that was acknowledged. Those that died while they lay in the pool are found out
    /// by asking: at most all of them, after which the next one is new.
    async fn connect(&self) -> Result<PoolConnection<sqlx::Postgres>, sqlx::Error> {
        let mut idle = self.pool.num_idle();
        loop {
            let mut connection = acquire(&self.pool).await?;
            match limited(look(&mut connection, &self.known, &self.clock)).await {
                Ok(true) => return Ok(connection),
                Ok(false) => return Err(sqlx::Error::PoolClosed),
                Err(error) if is_dead(&error) && idle > 0 => {
                    connection.close_on_drop();
                    idle -= 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The connection that is held, or a new one.
    async fn connected(&mut self) -> Result<PoolConnection<sqlx::Postgres>, sqlx::Error> {
        match self.connection.take() {
            Some(held) => Ok(held),
            None => self.connect().await,
        }
    }

    async fn call(&mut self, requests: &[Prepared]) -> Result<Vec<Appended>, AppendError> {
        let failed = |error: sqlx::Error, what| {
            tracing::warn!(%error, requests = requests.len(), "store.append_failed");
            what
        };
        let mut held = self.connected().await.map_err(|error| failed(error, AppendError::Unavailable))?;
        match limited(append(&mut held, requests)).await {
            Ok(results) => {
                self.connection = Some(held);
                Ok(results)
            }
            Err(error) if is_given_up(&error) || is_refusal(&error) => {
                self.connection = Some(held);
                let what = if is_given_up(&error) { AppendError::Unavailable } else { AppendError::Refused };
                Err(failed(error, what))
            }
            Err(error) => {
                // Whatever still runs on it must not run on under somebody else.
                held.close_on_drop();
                Err(failed(error, AppendError::Unknown))
            }
        }
    }

    async fn call_one(&mut self, request: &Prepared) -> Answer {
        let mut results = self.call(std::slice::from_ref(request)).await?;
        results.pop().ok_or(AppendError::Unknown)
    }

    /// The request may or may not stand in the log, or may still get there. Looks for it by the id of its last event, and asks
    /// once more if it is not there.
    async fn settle(&mut self, request: &Prepared) -> Answer {
        if let Some(appended) = self.find(&request.request).await?
            && !is_planted(Bug::BlindAppend)
        {
            return Ok(appended);
        }
        match self.call_one(request).await {
            Ok(done @ Appended::Done { .. }) => Ok(done),
            // What was sent first may have got there since: then it is that which stands in the way.
            Ok(refused) => Ok(self.find(&request.request).await?.unwrap_or(refused)),
            Err(AppendError::Refused) => Err(AppendError::Refused),
            // Nothing of the repetition: of what was sent first nobody knows.
            Err(AppendError::Unavailable | AppendError::Unknown) => Err(AppendError::Unknown),
        }
    }

    /// Whether the request was appended, and to where.
    async fn find(&mut self, request: &Request) -> Result<Option<Appended>, AppendError> {
        let found = async {
            let mut held = self.connected().await?;
            let found = limited(find(&mut held, request)).await;
            match &found {
                Ok(_) => self.connection = Some(held),
                Err(_) => held.close_on_drop(),
            }
            found
        };
        found.await.map_err(|error: sqlx::Error| {
            tracing::warn!(%error, "store.not_settled");
            AppendError::Unknown
        })
    }
}

/// Whether the log has everything that was acknowledged; the clock is set by the way.
async fn look(connection: &mut PgConnection, known: &Known, clock: &Clock) -> Result<bool, sqlx::Error> {
    clock.look(connection).await?;
    known.check(connection).await
}

async fn find(connection: &mut PgConnection, request: &Request) -> Result<Option<Appended>, sqlx::Error> {
    let Some(last) = request.events.last() else { return Ok(None) };
    let row: Option<(i64, i64, DateTime<Utc>)> =
        sqlx::query_as("SELECT version, position, recorded_at FROM events WHERE stream = $1 AND id = $2")
            .bind(&request.stream)
            .bind(last.id.0)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(version, position, recorded_at)| Appended::Done { version, position, recorded_at }))
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
    has_asked && !is_late && !is_refusal(error) && !is_given_up(error)
}

/// Whether the database gave up waiting, for a lock or for the statement to end, and rolled back: nothing was appended, and
/// trying again at once would wait as long.
fn is_given_up(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "55P03" || code == "57014")
}

/// Whether the database itself said no, so that nothing was appended. A server that is shutting down, starting or out
/// of resources (classes 57, 53, 58) says nothing about the requests.
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            !database.code().is_some_and(|code| ["57", "53", "58", "08"].iter().any(|class| code.starts_with(class)))
        }
        sqlx::Error::Encode(_) => true,
        _ => false,
    }
}
