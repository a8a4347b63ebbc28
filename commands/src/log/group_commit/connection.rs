//! The connection that appends: one call for each batch, and error handling.
//!
//! Promises that nothing is repeated before the log was checked, and that "nothing was appended" is reported only if
//! the database said so or nothing was sent. Tested in tests/flow/batches.rs and tests/torture.

use super::{Answer, AppendError, look};
use crate::log::call::{is_dead, limited};
use crate::log::{
    append::{Appended, Expected, Prepared, Request, append},
    clock::Clock,
    data_keys::DataKeys,
    head::AcknowledgedHead,
};
use chrono::{DateTime, Utc};
use domain::core::planted::{Bug, is_planted};
use sqlx::{
    PgConnection, PgPool,
    pool::PoolConnection,
    postgres::{PgDatabaseError, PgSeverity},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long the requests of a failed batch may be processed one by one.
const ONE_BY_ONE: Duration = Duration::from_secs(5);

/// The SQLSTATE of a missing data key, raised by `must_have`.
const KEY_DELETED: &str = "BN001";

/// The connection that appends, and the acknowledged head of the log.
pub struct Log {
    pub pool: PgPool,
    pub keys: DataKeys,
    pub head: Arc<AcknowledgedHead>,
    pub clock: Arc<Clock>,
    pub connection: Option<PoolConnection<sqlx::Postgres>>,
}

impl Log {
    /// One call for all requests. If the database refuses the batch, one call for each, so that one bad request affects
    /// no other. A request whose data key was deleted is sealed again, once.
    pub async fn commit(&mut self, requests: &mut [Prepared]) -> Vec<Answer> {
        let mut answers = match self.call(requests).await {
            Ok(results) => results.into_iter().map(Ok).collect(),
            Err(AppendError::Unknown) => self.settle_each(requests).await,
            Err(AppendError::Refused | AppendError::KeyDeleted) if requests.len() > 1 => self.call_each(requests).await,
            Err(error) => requests.iter().map(|_| Err(error)).collect(),
        };
        for (request, answer) in requests.iter_mut().zip(&mut answers) {
            if *answer == Err(AppendError::KeyDeleted) {
                *answer = self.commit_anew(request).await;
            }
        }
        answers
    }

    /// Seals again and appends a request that the database refused because its data key was deleted.
    async fn commit_anew(&mut self, request: &mut Prepared) -> Answer {
        request.seal_anew(&self.keys).await.map_err(AppendError::from)?;
        match self.call_one(request).await {
            Err(AppendError::Unknown) => self.settle(request).await,
            known => known,
        }
    }

    /// Appends the requests of a refused batch one by one. If the database stops responding, the rest is unavailable.
    async fn call_each(&mut self, requests: &[Prepared]) -> Vec<Answer> {
        let (begun, mut answers) = (Instant::now(), Vec::with_capacity(requests.len()));
        for request in requests {
            answers.push(match self.call_one(request).await {
                Err(AppendError::Unknown) => self.settle(request).await,
                known => known,
            });
            if self.connection.is_none() || begun.elapsed() > ONE_BY_ONE {
                break;
            }
        }
        answers.resize_with(requests.len(), || Err(AppendError::Unavailable));
        answers
    }

    /// Resolves the requests of a batch that may be in the log. If the database stops responding, the rest stays
    /// unknown.
    async fn settle_each(&mut self, requests: &[Prepared]) -> Vec<Answer> {
        let (begun, mut answers) = (Instant::now(), Vec::with_capacity(requests.len()));
        for request in requests {
            answers.push(self.settle(request).await);
            if self.connection.is_none() || begun.elapsed() > ONE_BY_ONE {
                break;
            }
        }
        answers.resize_with(requests.len(), || Err(AppendError::Unknown));
        answers
    }

    /// Resolves a request that may be in the log or may still arrive there. Tries again when the log did not answer: a
    /// caller can do nothing with an unknown outcome.
    async fn settle(&mut self, request: &Prepared) -> Answer {
        match self.settle_once(request).await {
            Err(AppendError::Unknown) => self.settle_once(request).await,
            known => known,
        }
    }

    /// Checks the log, and repeats the append only if that cannot append it twice.
    async fn settle_once(&mut self, request: &Prepared) -> Answer {
        let Request { keyed, guard, expected, .. } = &request.request;
        // The database identifies a keyed request by its key. An earlier command with the same key must not be taken
        // for this one.
        if keyed.is_none()
            && !is_planted(Bug::BlindAppend)
            && let Some(appended) = self.find(&request.request).await?
        {
            return Ok(appended);
        }
        let is_conditional = keyed.is_some() || guard.is_some() || matches!(expected, Expected::Exact(_));
        if !is_conditional && !is_planted(Bug::BlindAppend) {
            return Err(AppendError::Unknown);
        }
        // A failed repetition says nothing about the first request.
        match self.call_one(request).await.map_err(|_| AppendError::Unknown)? {
            done @ (Appended::Done { .. } | Appended::Duplicate { .. }) => Ok(done),
            // The session is checked before the key: it may have been valid at the first attempt.
            Appended::SessionEnded if keyed.is_some() => Err(AppendError::Unknown),
            refused if keyed.is_some() || is_planted(Bug::LateArrivalForgotten) => Ok(refused),
            // The first request may have arrived since. Then it caused the refusal.
            refused => Ok(self.find(&request.request).await?.unwrap_or(refused)),
        }
    }

    async fn call_one(&mut self, request: &Prepared) -> Answer {
        let mut results = self.call(std::slice::from_ref(request)).await?;
        results.pop().ok_or(AppendError::Unknown)
    }

    /// Makes one call. Keeps the connection if it can be reused.
    async fn call(&mut self, requests: &[Prepared]) -> Result<Vec<Appended>, AppendError> {
        let said = |error: &sqlx::Error| tracing::warn!(%error, requests = requests.len(), "store.append_failed");
        let mut held = self.connected().await.map_err(|error| {
            said(&error);
            AppendError::Unavailable
        })?;
        let error = match limited(append(&mut held, requests)).await {
            Ok(results) => {
                self.connection = Some(held);
                return Ok(results);
            }
            Err(error) => error,
        };
        said(&error);
        let failed = classify(&error);
        match failed {
            AppendError::Refused | AppendError::KeyDeleted => self.connection = Some(held),
            // A statement may still run on the connection, so it must not be reused. A read-only one is useless here.
            AppendError::Unavailable | AppendError::Unknown => held.close_on_drop(),
        }
        Err(failed)
    }

    /// The current connection, or a new one.
    async fn connected(&mut self) -> Result<PoolConnection<sqlx::Postgres>, sqlx::Error> {
        match self.connection.take() {
            Some(held) => Ok(held),
            None => self.connect().await,
        }
    }

    /// A connection to a log with everything that was acknowledged. Dead connections of the pool are detected by using
    /// them: at most all that it may hold, then the next one is new.
    async fn connect(&self) -> Result<PoolConnection<sqlx::Postgres>, sqlx::Error> {
        let mut dead = 0;
        loop {
            let mut connection = self.pool.acquire().await?;
            match limited(look(&mut connection, &self.head, &self.clock)).await {
                Ok(true) => return Ok(connection),
                Ok(false) => return Err(sqlx::Error::PoolClosed),
                Err(error) => {
                    connection.close_on_drop();
                    if !is_dead(&error) || dead == self.pool.options().get_max_connections() {
                        return Err(error);
                    }
                    dead += 1;
                }
            }
        }
    }

    /// Finds an appended request by the id of its last event.
    async fn find(&mut self, request: &Request) -> Result<Option<Appended>, AppendError> {
        let unknown = |error: sqlx::Error| {
            tracing::warn!(%error, "store.not_settled");
            AppendError::Unknown
        };
        let mut held = self.connected().await.map_err(unknown)?;
        match limited(find(&mut held, request)).await {
            Ok(found) => {
                self.connection = Some(held);
                Ok(found)
            }
            Err(error) => {
                held.close_on_drop();
                Err(unknown(error))
            }
        }
    }
}

/// What an error says about the requests. If only the statement failed, it was rolled back. If the server or the
/// connection failed, the outcome is unknown.
fn classify(error: &sqlx::Error) -> AppendError {
    if matches!(error, sqlx::Error::Encode(_)) {
        return AppendError::Refused;
    }
    let of_statement = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .filter(|error| error.severity() == PgSeverity::Error);
    match of_statement.map(PgDatabaseError::code) {
        None => AppendError::Unknown,
        // Reported by a proxy, or by a server that does not know the outcome either.
        Some(code) if code == "40003" || code.starts_with("08") => AppendError::Unknown,
        Some(KEY_DELETED) => AppendError::KeyDeleted,
        Some(code) if may_pass(code) => AppendError::Unavailable,
        Some(_) => AppendError::Refused,
    }
}

/// Whether the error is temporary: a lock time-out, a serialisation failure, no resources, a shutdown, or a read-only
/// server. Repeating each request of the batch at once would fail the same way.
fn may_pass(code: &str) -> bool {
    code == "55P03" || ["25", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
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
