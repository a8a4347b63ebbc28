//! Batches, and how many of their members are in which state: rows and queries. The fold is in [`mod@fold`].

mod fold;

use crate::{Error, Page, Window, models::users::Actor, query::scope::push_scope};
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    operation::{Failure, OperationState},
};
pub use fold::{Batches, fold};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use std::collections::HashMap;
use uuid::Uuid;

/// Many operations that were requested as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
pub struct Batch {
    pub id: Uuid,
    /// The verb of its members, for example `CreateWorkload`.
    pub kind: String,
    pub cluster: String,
    pub total: i32,
    /// The batch whose failed members this one requests again.
    pub retry_of: Option<Uuid>,
    pub cancel_requested: bool,
    /// None if a part of Binnacle requested it.
    #[sqlx(json(nullable))]
    pub actor: Option<Actor>,
    pub reason: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub requested_position: i64,
    pub last_position: i64,
    /// Of the members that the reader may see. Queries fill it in; it is no column.
    #[serde(skip)]
    #[sqlx(skip)]
    pub counts: Counts,
}

/// How many members are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub queued: i32,
    pub running: i32,
    pub unknown: i32,
    pub succeeded: i32,
    /// Refused and overtaken ones included.
    pub failed: i32,
    pub cancelled: i32,
    /// Not requested, because what they need failed.
    pub skipped: i32,
}

/// The state of a member that is not requested, because what it needs failed.
const SKIPPED: &str = "SKIPPED";

impl Counts {
    pub const fn total(&self) -> i32 {
        self.queued + self.running + self.unknown + self.succeeded + self.failed + self.cancelled + self.skipped
    }

    fn add(&mut self, state: &str, count: i64) {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let place = match OperationState::named(state) {
            Some(OperationState::Queued) => &mut self.queued,
            Some(OperationState::Running) => &mut self.running,
            Some(OperationState::Unknown) => &mut self.unknown,
            Some(OperationState::Succeeded) => &mut self.succeeded,
            Some(OperationState::Failed | OperationState::Overtaken) => &mut self.failed,
            Some(OperationState::Cancelled) => &mut self.cancelled,
            None => &mut self.skipped,
        };
        *place += count;
    }
}

impl Batch {
    /// What its members amount to.
    pub const fn state(&self) -> OperationState {
        let Counts { queued, running, unknown, failed, cancelled, skipped, .. } = self.counts;
        if self.finished_at.is_none() {
            return match (running, unknown) {
                (0, 0) if queued == self.counts.total() => OperationState::Queued,
                (0, 1..) => OperationState::Unknown,
                _ => OperationState::Running,
            };
        }
        match (cancelled, failed + skipped) {
            (1.., _) if self.cancel_requested => OperationState::Cancelled,
            (_, 1..) => OperationState::Failed,
            // Their cluster was removed: nobody will look what became of them.
            _ if unknown > 0 => OperationState::Unknown,
            (1.., _) => OperationState::Cancelled,
            _ => OperationState::Succeeded,
        }
    }
}

/// A member whose operation was refused, so that there is none.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Refused {
    /// The id of the object.
    pub target: String,
    #[sqlx(json)]
    pub refusal: Failure,
}

const COLUMNS: &str = "id, kind, cluster, total, retry_of, cancel_requested, actor, reason, requested_at, finished_at, \
    requested_position, last_position";
const ORDER: &str = "requested";

/// The batches with a member that the reader may see.
fn query(what: &str, scope: &Scope) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.batches WHERE true"));
    if scope.within().is_some() {
        query.push(" AND EXISTS (SELECT FROM read.batch_members WHERE batch = batches.id");
        push_scope(&mut query, scope);
        query.push(")");
    }
    query
}

/// A page of batches, newest first.
pub async fn page(pool: &PgPool, scope: &Scope, window: &Window) -> Result<Page<Batch>, Error> {
    let mut query = query(COLUMNS, scope);
    if let Some(position) = window.key::<i64>(ORDER)? {
        query.push(" AND requested_position < ").push_bind(position);
    }
    query.push(" ORDER BY requested_position DESC");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    let mut page = window.page(rows, ORDER, |row: &Batch| row.requested_position);
    count_members(pool, scope, &mut page.rows).await?;
    Ok(page)
}

/// The number of batches.
pub async fn count(pool: &PgPool, scope: &Scope) -> Result<i64, Error> {
    Ok(query("count(*)", scope).build_query_scalar().fetch_one(pool).await?)
}

pub async fn get(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Batch>, Error> {
    Ok(get_many(pool, scope, &[id]).await?.pop())
}

/// The existing batches among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Batch>, Error> {
    let mut query = query(COLUMNS, scope);
    query.push(" AND id = ANY (").push_bind(ids).push(")");
    let mut rows = query.build_query_as().fetch_all(pool).await?;
    count_members(pool, scope, &mut rows).await?;
    Ok(rows)
}

/// The batches that have not ended, with a member in this namespace. Their members are not counted.
pub async fn open_in(pool: &PgPool, cluster: &str, namespace: &str) -> Result<Vec<Batch>, Error> {
    let mut query = query(COLUMNS, &Scope::only(vec![Scope::of(cluster, Some(namespace))]));
    query.push(" AND finished_at IS NULL");
    Ok(query.build_query_as().fetch_all(pool).await?)
}

async fn count_members(pool: &PgPool, scope: &Scope, batches: &mut [Batch]) -> Result<(), Error> {
    let ids: Vec<Uuid> = batches.iter().map(|batch| batch.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("SELECT batch, state, count(*) FROM read.batch_members WHERE batch = ANY (");
    query.push_bind(ids).push(")");
    push_scope(&mut query, scope);
    query.push(" GROUP BY batch, state");
    let found: Vec<(Uuid, String, i64)> = query.build_query_as().fetch_all(pool).await?;
    let mut counts: HashMap<Uuid, Counts> = HashMap::new();
    for (batch, state, count) in found {
        counts.entry(batch).or_default().add(&state, count);
    }
    for batch in batches {
        batch.counts = counts.remove(&batch.id).unwrap_or_default();
    }
    Ok(())
}

/// The operations of a batch, whether they are requested already or not.
pub async fn members(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Vec<Uuid>, Error> {
    let mut query = QueryBuilder::new("SELECT operation FROM read.batch_members WHERE batch = ");
    query.push_bind(id);
    push_scope(&mut query, scope);
    Ok(query.build_query_scalar().fetch_all(pool).await?)
}

/// The members of a batch whose operations were refused, by the id of the object.
pub async fn refused(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Vec<Refused>, Error> {
    let mut query = QueryBuilder::new("SELECT target, refusal FROM read.batch_members WHERE batch = ");
    query.push_bind(id).push(" AND refusal IS NOT NULL");
    push_scope(&mut query, scope);
    query.push(" ORDER BY target");
    Ok(query.build_query_as().fetch_all(pool).await?)
}
