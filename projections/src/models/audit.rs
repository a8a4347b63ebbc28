//! The audit log: one row and one sentence for each event, newest first. Payloads stay in the log.

mod caused_by;
mod search;
mod summary;

use crate::query::scope::push_scope;
use crate::{
    Error, Page, Window,
    engine::{
        feed::PAGE,
        projection::{Projection, Table, encode, storable, stored, without_nul},
    },
    models::{
        forgotten::{Gone, of_objects, parts},
        operations,
        users::Actor,
    },
    query::page::{push_any, push_equal},
};
pub use caused_by::CausedBy;
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::core::sealing::Ring;
use domain::{
    core::{
        actor, codec,
        event::{Event, Recorded},
        message::{Code, Message},
    },
    kubernetes::object::ObjectRef,
    operation::{OperationState, batch::BatchEvent},
};
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use std::sync::Arc;
use uuid::Uuid;

/// One event of the log, for users.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct AuditEvent {
    pub position: i64,
    pub id: Uuid,
    /// Stable event type, for example `OperationRequested`.
    #[sqlx(rename = "type")]
    pub event_type: String,
    pub recorded_at: DateTime<Utc>,
    /// None if a part of Binnacle is the author: see `component`.
    #[sqlx(json(nullable))]
    pub actor: Option<Actor>,
    pub component: Option<String>,
    /// None in a row of an older version.
    caused_by: Option<String>,
    pub operation: Option<Uuid>,
    pub cluster: Option<String>,
    pub namespace: Option<String>,
    /// The id of the object.
    pub target: Option<String>,
    /// What happened.
    #[sqlx(json)]
    pub summary: Message,
    /// The reason that the person gave.
    pub reason: Option<String>,
    /// The text for searches.
    search: String,
    #[sqlx(try_from = "Payload")]
    pub payload: Value,
}

/// A payload as the log stores it.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
struct Payload(Vec<u8>);

impl TryFrom<Payload> for Value {
    type Error = serde_json::Error;

    fn try_from(payload: Payload) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(&payload.0)
    }
}

/// A row of the table.
struct Row {
    position: i64,
    id: Uuid,
    r#type: String,
    recorded_at: DateTime<Utc>,
    actor: Option<Actor>,
    component: Option<String>,
    caused_by: CausedBy,
    operation: Option<Uuid>,
    cluster: Option<String>,
    namespace: Option<String>,
    target: Option<String>,
    summary: Message,
    reason: Option<String>,
    search: String,
}

impl From<&Recorded> for Row {
    fn from(event: &Recorded) -> Self {
        let object = object_of(event);
        let (summary, reason) = (summary::of(event, object.as_ref()), event.metadata.reason.clone());
        let component = match &event.metadata.actor {
            actor::Actor::User { .. } => None,
            actor::Actor::System { component } => Some(component.clone()),
        };
        Self {
            position: event.position,
            id: event.id.0,
            r#type: event.event_type.clone(),
            recorded_at: event.recorded_at,
            actor: Actor::of(&event.metadata.actor),
            component,
            caused_by: CausedBy::of(&event.event),
            operation: event.operation().map(|id| id.0),
            cluster: cluster_of(event, object.as_ref()),
            namespace: object.as_ref().and_then(|object| object.namespace.clone()),
            target: object.as_ref().map(ObjectRef::id),
            search: search::searched(&event.event_type, &summary, reason.as_deref()),
            summary,
            reason,
        }
    }
}

fn object_of(event: &Recorded) -> Option<ObjectRef> {
    match &event.event {
        Event::Access(access) => access.about(),
        // Others are about all members.
        Event::Batch(BatchEvent::BatchMemberRefused { target, .. }) => Some(target.clone()),
        Event::Operation(_)
        | Event::Batch(_)
        | Event::Observed(_)
        | Event::Cluster(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::DataKey(_) => ObjectRef::from_stream(&event.stream),
    }
}

fn cluster_of(event: &Recorded, object: Option<&ObjectRef>) -> Option<String> {
    let own = match &event.event {
        Event::Cluster(cluster) => Some(cluster.cluster()),
        Event::Batch(batch) => batch.cluster(),
        Event::Operation(_)
        | Event::Observed(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::Access(_)
        | Event::DataKey(_) => object.map(|object| &object.cluster),
    };
    own.or(event.metadata.cluster.as_ref()).map(ToString::to_string)
}

/// The row of an event, without the database.
pub fn from_recorded(event: &Recorded) -> AuditEvent {
    let row = Row::from(event);
    let payload = codec::encode(&event.event).ok().and_then(|encoded| serde_json::from_slice(&encoded.payload).ok());
    let payload = payload.and_then(|mut payload| stored(&mut payload).ok().map(|()| payload));
    AuditEvent {
        position: row.position,
        id: row.id,
        event_type: row.r#type,
        recorded_at: row.recorded_at,
        actor: row.actor,
        component: row.component,
        caused_by: Some(row.caused_by.as_str().to_owned()),
        operation: row.operation,
        cluster: row.cluster,
        namespace: row.namespace,
        target: row.target,
        summary: row.summary,
        reason: row.reason,
        search: row.search,
        payload: payload.unwrap_or_default(),
    }
}

impl AuditEvent {
    fn is_found(&self, search: &str) -> bool {
        let (words, text) = (search.trim().to_lowercase(), self.search.to_lowercase());
        words.is_empty() || !search::NOT_SEARCHED.contains(&self.event_type.as_str()) && text.contains(&words)
    }
}

/// A filter of events. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub types: Vec<String>,
    pub actor: Option<Uuid>,
    pub cluster: Option<String>,
    pub namespace: Option<String>,
    /// The id of the object.
    pub target: Option<String>,
    pub operation: Option<Uuid>,
    pub by: Option<CausedBy>,
    /// Events of operations with one of these verbs, for example `ScaleWorkload`.
    pub verbs: Vec<String>,
    /// Events of operations that are in one of these states now.
    pub states: Vec<OperationState>,
    /// Recorded at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Recorded before this time.
    pub until: Option<DateTime<Utc>>,
    /// Part of the English sentence or of the reason. Observations of pods are left out: `target` finds those.
    pub search: Option<String>,
}

impl Filter {
    /// What the operation of an event must be. None if that does not matter.
    pub fn of_operation(&self) -> Option<operations::Filter> {
        let is_any = self.verbs.is_empty() && self.states.is_empty();
        let (kinds, states) = (self.verbs.clone(), self.states.clone());
        (!is_any).then(|| operations::Filter { kinds, states, ..operations::Filter::default() })
    }

    /// The same condition as the query, for one event; [`Self::of_operation`] has the rest of it.
    pub fn matches(&self, scope: &Scope, event: &AuditEvent) -> bool {
        let is = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        scope.contains(event.cluster.as_deref().unwrap_or_default(), event.namespace.as_deref())
            && (self.types.is_empty() || self.types.contains(&event.event_type))
            && self.actor.is_none_or(|id| event.actor.as_ref().is_some_and(|actor| actor.id == id))
            && is(&self.cluster, &event.cluster)
            && is(&self.namespace, &event.namespace)
            && is(&self.target, &event.target)
            && self.operation.is_none_or(|id| event.operation == Some(id))
            && self.by.is_none_or(|by| event.caused_by.as_deref() == Some(by.as_str()))
            && self.since.is_none_or(|since| event.recorded_at >= since)
            && self.until.is_none_or(|until| event.recorded_at < until)
            && self.search.as_ref().is_none_or(|search| event.is_found(search))
    }
}

const COLUMNS: &str = "position, id, type, recorded_at, actor, component, caused_by, operation, cluster, namespace, target, \
    summary, reason, search";
const ORDER: &str = "position";
/// More events than this are not counted.
pub const MAX_COUNT: i64 = 10_000;

fn push_filter(query: &mut QueryBuilder<Postgres>, scope: &Scope, filter: &Filter) {
    push_scope(query, scope);
    push_any(query, "type", filter.types.clone());
    push_equal(query, "actor ->> 'id'", filter.actor.map(|actor| actor.to_string()).as_ref());
    push_equal(query, "cluster", filter.cluster.as_ref());
    push_equal(query, "namespace", filter.namespace.as_ref());
    push_equal(query, "target", filter.target.as_ref());
    if let Some(operation) = filter.operation {
        query.push(" AND operation = ").push_bind(operation);
    }
    if let Some(by) = filter.by {
        // Written out, so that every plan may use the partial index of it.
        query.push(" AND caused_by = '").push(by.as_str()).push("'");
    }
    if !filter.verbs.is_empty() || !filter.states.is_empty() {
        query.push(" AND operation IN (SELECT operations_log.id FROM read.operations_log WHERE true");
        push_any(query, "operations_log.kind", filter.verbs.clone());
        push_any(query, "operations_log.state", filter.states.iter().map(|state| state.as_str().to_owned()).collect());
        query.push(")");
    }
    if let Some(since) = filter.since {
        query.push(" AND recorded_at >= ").push_bind(since);
    }
    if let Some(until) = filter.until {
        query.push(" AND recorded_at < ").push_bind(until);
    }
    if let Some(search) = search::wanted(filter) {
        search::push(query, search);
    }
}

/// The events of the filter after the cursor of the window.
fn push_matching(
    query: &mut QueryBuilder<Postgres>,
    scope: &Scope,
    filter: &Filter,
    window: &Window,
) -> Result<(), Error> {
    push_filter(query, scope, filter);
    if let Some(position) = window.key::<i64>(ORDER)? {
        query.push(" AND position < ").push_bind(position);
    }
    Ok(())
}

/// A page of the events that match the filter, newest first.
pub async fn page(pool: &PgPool, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<AuditEvent>, Error> {
    let mut query = QueryBuilder::new("SELECT found.*, events.payload FROM (SELECT ");
    query.push(COLUMNS).push(" FROM read.audit_log WHERE true");
    let few = match search::wanted(filter) {
        Some(_) => search::newest(pool, scope, filter, window).await?,
        None => None,
    };
    if let Some(positions) = few {
        push_scope(&mut query, scope);
        query.push(" AND position = ANY (").push_bind(positions).push(")");
    } else {
        push_matching(&mut query, scope, filter, window)?;
    }
    query.push(" ORDER BY position DESC");
    window.push_limit(&mut query);
    query.push(") AS found JOIN public.events USING (position) ORDER BY position DESC");
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &AuditEvent| row.position))
}

/// The event at a position. None until the read model has it.
pub async fn get(pool: &PgPool, scope: &Scope, position: i64) -> Result<Option<AuditEvent>, Error> {
    let mut query = QueryBuilder::new("SELECT ");
    query
        .push(COLUMNS)
        .push(", payload FROM read.audit_log JOIN (SELECT position, payload FROM public.events) AS stored ");
    query.push("USING (position) WHERE position = ").push_bind(position);
    push_scope(&mut query, scope);
    Ok(query.build_query_as().fetch_optional(pool).await?)
}

/// The number of events that match the filter. None above [`MAX_COUNT`].
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<Option<i64>, Error> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM read.audit_log WHERE true");
    push_filter(&mut query, scope, filter);
    query.push(" LIMIT ").push_bind(MAX_COUNT + 1).push(") AS found");
    let count: i64 = query.build_query_scalar().fetch_one(pool).await?;
    Ok((count <= MAX_COUNT).then_some(count))
}

const AUDIT: Table = Table { name: "audit_log", key: &["position"], of_objects: false };

pub struct AuditLog;

impl Projection for AuditLog {
    fn name(&self) -> &'static str {
        "audit_log"
    }

    fn version(&self) -> i32 {
        9
    }

    fn tables(&self) -> &'static [Table] {
        &[AUDIT]
    }

    fn categories(&self) -> &'static [&'static str] {
        &[]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            for (part, gone) in parts(events) {
                for events in part.chunks(usize::try_from(PAGE).unwrap_or(part.len().max(1))) {
                    store(db, events.iter().map(|event| Row::from(event.as_ref())).collect()).await?;
                }
                if let Some((column, value)) = gone.and_then(Gone::values).and_then(of_objects) {
                    forget(db, if column == "id" { "target" } else { column }, &value).await?;
                }
            }
            Ok(())
        })
    }
}

/// The sentence about a status names a cause, which may come from a forgotten value.
async fn forget(db: &mut PgConnection, column: &str, value: &str) -> Result<(), Error> {
    let forget = format!(
        "UPDATE audit_log SET summary = json_build_object('code', $2::text, 'arguments', \
             json_build_object('object', summary -> 'arguments' -> 'object')), search = summary -> 'arguments' ->> 'object' \
         WHERE {column} = $1 AND type IN ('WorkloadStatusObserved', 'ObjectStatusObserved')"
    );
    let code = Code::ObservationForgotten.as_str();
    sqlx::query(AssertSqlSafe(forget)).bind(value).bind(code).execute(db).await?;
    Ok(())
}

/// Every event has a row here, so most rows ever written are these. They are written by column instead of as JSON,
/// which Postgres would have to parse.
async fn store(db: &mut PgConnection, rows: Vec<Row>) -> Result<(), Error> {
    let text = |of: fn(&Row) -> Option<&str>| rows.iter().map(|row| of(row).map(storable)).collect::<Vec<_>>();
    let (types, searched) = (text(|row| Some(&row.r#type)), text(|row| Some(&row.search)));
    let reasons = text(|row| row.reason.as_deref());
    let causes = text(|row| Some(row.caused_by.as_str()));
    let summaries = rows.iter().map(|row| serde_json::to_value(&row.summary));
    let mut summaries = summaries.collect::<Result<Vec<Value>, _>>().map_err(encode)?;
    summaries.iter_mut().try_for_each(stored)?;
    summaries.iter_mut().for_each(without_nul);
    let (components, targets) = (text(|row| row.component.as_deref()), text(|row| row.target.as_deref()));
    let (clusters, namespaces) = (text(|row| row.cluster.as_deref()), text(|row| row.namespace.as_deref()));
    let actors = rows.iter().map(|row| row.actor.as_ref().map(serde_json::to_value).transpose());
    let mut actors = actors.collect::<Result<Vec<Option<Value>>, _>>().map_err(encode)?;
    actors.iter_mut().flatten().try_for_each(stored)?;
    actors.iter_mut().flatten().for_each(without_nul);
    sqlx::query(
        "INSERT INTO audit_log (position, id, type, recorded_at, actor, component, operation, cluster, namespace, target, summary, reason, search, \
         caused_by) \
         SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::text[], $7::uuid[], \
         $8::text[], $9::text[], $10::text[], $11::json[], $12::text[], $13::text[], $14::text[]) \
         ON CONFLICT (position) DO UPDATE SET id = excluded.id, type = excluded.type, recorded_at = excluded.recorded_at, \
         actor = excluded.actor, component = excluded.component, operation = excluded.operation, cluster = excluded.cluster, \
         namespace = excluded.namespace, target = excluded.target, summary = excluded.summary, reason = excluded.reason, search = excluded.search, \
         caused_by = excluded.caused_by",
    )
    .bind(rows.iter().map(|row| row.position).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.id).collect::<Vec<_>>())
    .bind(types)
    .bind(rows.iter().map(|row| row.recorded_at).collect::<Vec<_>>())
    .bind(actors)
    .bind(components)
    .bind(rows.iter().map(|row| row.operation).collect::<Vec<_>>())
    .bind(clusters)
    .bind(namespaces)
    .bind(targets)
    .bind(summaries)
    .bind(reasons)
    .bind(searched)
    .bind(causes)
    .execute(db)
    .await?;
    Ok(())
}
