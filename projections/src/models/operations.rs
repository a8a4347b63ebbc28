//! Operations with their stages and times: row and queries. The fold is in [`mod@fold`].

mod calls;
mod fold;

use crate::query::scope::push_scope;
use crate::{
    Error, Page, Window,
    models::{text::Text, users::Actor},
    query::page::{push_any, push_equal},
};
pub use calls::{Call, CallOutcome, Calls};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::{
    core::{
        api_call::ApiCall,
        ids::OperationId,
        message::{Code, Message},
    },
    kubernetes::{
        cause::Cause,
        resource::Resource,
        wait::{self, Overtaken},
    },
    operation::{self, Failure, OperationState, retry},
};
pub use fold::{OperationsLog, fold};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use std::sync::LazyLock;
use uuid::Uuid;

/// One request of a user and its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
pub struct Operation {
    pub id: Uuid,
    /// The verb, for example `ScaleWorkload`.
    pub kind: String,
    #[sqlx(try_from = "Text")]
    pub state: OperationState,
    /// 0 to 100.
    pub progress: i32,
    /// The current stage, or how it ended.
    #[sqlx(json)]
    pub stage: Message,
    #[sqlx(json)]
    pub stages: Vec<Stage>,
    /// The id of the object. The next four fields are its parts.
    pub target: String,
    pub cluster: String,
    pub namespace: Option<String>,
    #[sqlx(try_from = "Text")]
    pub target_kind: Resource,
    pub target_name: String,
    /// None if a part of Binnacle requested it.
    #[sqlx(json(nullable))]
    pub actor: Option<Actor>,
    pub reason: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    /// When it ends as timed out, unless something ends it before. None until it starts.
    pub deadline: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// 0 until it starts, then 1, plus 1 for each resolved unknown outcome.
    pub attempts: i32,
    #[sqlx(json(nullable))]
    pub error: Option<Failure>,
    /// What blocks it, or blocked it.
    #[sqlx(json(nullable))]
    pub cause: Option<Cause>,
    /// Who changed what had been requested.
    #[sqlx(json(nullable))]
    pub overtaken: Option<Overtaken>,
    pub cancel_requested: bool,
    /// Whether the manifest that it would create was forgotten.
    pub forgotten: bool,
    pub retry_of: Option<Uuid>,
    /// The batch that requested it.
    pub batch: Option<Uuid>,
    /// The newer operation that ended this one.
    pub superseded_by: Option<Uuid>,
    pub requested_position: i64,
    pub last_position: i64,
    /// Whether it is among those that ended last, which its object keeps for retries. Queries compute it; it is no column.
    #[serde(skip)]
    #[sqlx(default)]
    pub is_kept: bool,
}

/// One step of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub state: OperationState,
    pub percent: u8,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub message: Option<Message>,
    #[serde(default, flatten)]
    pub calls: Calls,
    /// The last calls to the API of the cluster, as they were made.
    #[serde(default)]
    pub api_calls: Vec<ApiCall>,
}

impl Operation {
    /// What it waits for now, and what will end that early. None once it has ended.
    pub fn waits_for(&self) -> Option<Message> {
        let current = self.stages.iter().find(|stage| stage.started_at.is_some() && !stage.state.has_ended());
        let stage = current.and_then(|stage| operation::Stage::named(&stage.name));
        match (self.state, stage) {
            (state, _) if state.has_ended() || self.finished_at.is_some() => None,
            (OperationState::Running, Some(stage)) if stage.waits() => {
                let early = self.ends_early(stage).into();
                Some(Code::WaitsUntil.message([("progress", self.stage.clone().into()), ("early", early)]))
            }
            _ => Some(self.stage.clone()),
        }
    }

    fn ends_early(&self, stage: operation::Stage) -> Message {
        let patience = self.cause.as_ref().and_then(|cause| wait::patience(&cause.message));
        match (stage, patience) {
            (operation::Stage::WaitUntilGone, _) => Code::EndsWhenGone.message([]),
            (_, Some(patience)) => Code::EndsWithCause.message([("seconds", patience.num_seconds().into())]),
            (_, None) => Code::EndsIfChanged.message([]),
        }
    }

    pub const fn can_cancel(&self) -> bool {
        !self.state.has_ended() && self.finished_at.is_none() && !self.cancel_requested
    }

    /// Whether a retry can succeed, by the rule of the command.
    pub fn can_retry(&self) -> bool {
        let superseded_by = self.superseded_by.map(OperationId);
        self.is_kept
            && retry::keeps_values(&self.kind)
            && retry::may_retry(self.state, self.error.as_ref(), self.forgotten, superseded_by).is_ok()
    }
}

/// A filter of operations. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    pub namespace: Option<String>,
    /// The id of the object.
    pub target: Option<String>,
    pub states: Vec<OperationState>,
    /// Only those that have not ended.
    pub is_open: bool,
    /// The verbs, for example `ScaleWorkload`.
    pub kinds: Vec<String>,
    pub actor: Option<Uuid>,
    /// The batch that requested them.
    pub batch: Option<Uuid>,
    /// Requested at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Requested before this time.
    pub until: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, kind, state, progress, stage, stages, target, cluster, namespace, target_kind, target_name, \
    actor, reason, requested_at, started_at, deadline, finished_at, attempts, error, cause, overtaken, cancel_requested, forgotten, \
    retry_of, batch, superseded_by, requested_position, last_position";
const ORDER: &str = "requested";

/// The columns, and whether fewer operations on the object ended later than are kept.
static ROW: LazyLock<String> = LazyLock::new(|| {
    let last = retry::ENDED_KEPT - 1;
    format!(
        "{COLUMNS}, finished_at IS NOT NULL AND NOT EXISTS (SELECT FROM read.operations_log AS later \
             WHERE later.target = operations_log.target AND later.finished_at IS NOT NULL \
                 AND later.last_position > operations_log.last_position \
             ORDER BY later.last_position OFFSET {last}) AS is_kept"
    )
});

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.operations_log WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", filter.cluster.as_ref());
    push_equal(&mut query, "namespace", filter.namespace.as_ref());
    push_equal(&mut query, "target", filter.target.as_ref());
    push_any(&mut query, "state", filter.states.iter().map(|state| state.as_str().to_owned()).collect());
    if filter.is_open {
        query.push(" AND finished_at IS NULL");
    }
    push_any(&mut query, "kind", filter.kinds.clone());
    push_equal(&mut query, "actor ->> 'id'", filter.actor.map(|actor| actor.to_string()).as_ref());
    if let Some(batch) = filter.batch {
        query.push(" AND batch = ").push_bind(batch);
    }
    if let Some(since) = filter.since {
        query.push(" AND requested_at >= ").push_bind(since);
    }
    if let Some(until) = filter.until {
        query.push(" AND requested_at < ").push_bind(until);
    }
    query
}

/// A page of the operations that match the filter, newest first.
pub async fn page(pool: &PgPool, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Operation>, Error> {
    let mut query = query(&ROW, scope, filter);
    if let Some(position) = window.key::<i64>(ORDER)? {
        query.push(" AND requested_position < ").push_bind(position);
    }
    query.push(" ORDER BY requested_position DESC");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &Operation| row.requested_position))
}

/// The number of operations that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}

pub async fn get(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Operation>, Error> {
    Ok(get_many(pool, scope, &[id]).await?.pop())
}

/// The existing operations among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Operation>, Error> {
    matching(pool, scope, ids, &Filter::default()).await
}

/// The existing operations among `ids` that match the filter, in no particular order.
pub async fn matching(pool: &PgPool, scope: &Scope, ids: &[Uuid], filter: &Filter) -> Result<Vec<Operation>, Error> {
    let mut query = query(&ROW, scope, filter);
    query.push(" AND id = ANY (").push_bind(ids).push(")");
    Ok(query.build_query_as().fetch_all(pool).await?)
}
