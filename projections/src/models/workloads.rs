//! Workloads as last observed, with the number of requests: row, fold and queries.

mod fold;
mod pod_sums;

use crate::{
    AnyRow, ChangedRows, Direction, Error, Page, Window,
    engine::projection::Projection,
    models::{manifests, text::Text},
    query::{
        page::{IMAGES, is_any, is_equal, is_of_image, is_storable, push_any, push_equal, push_image},
        scope::push_scope,
        search::Search,
        selector::Selector,
    },
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::kubernetes::{
    action::{AvailableAction, Surroundings},
    observation::{Condition, CronJob, WorkloadSnapshot},
    resource::Resource,
    status::{State, Status},
};
use domain::operation::available_actions;
pub use fold::Workloads;
use futures::future::BoxFuture;
pub use manifests::{Change, Revision, changes, manifest, revision_count, revisions, revisions_at};
pub use pod_sums::{OwnedPod, PodSums, owned_pods, pod_sums};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, types::Json};
use std::sync::Arc;

/// A workload of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
pub struct Workload {
    /// The public id, `ObjectRef::id()`.
    pub id: String,
    pub cluster: String,
    pub namespace: String,
    #[sqlx(try_from = "Text")]
    pub kind: Resource,
    pub name: String,
    pub uid: String,
    pub generation: i64,
    /// Operations requested on it so far.
    pub requests: i64,
    /// `domain::core::version::Version` of requests, generation and uid, which clients send back.
    pub version: String,
    /// `domain::core::version::content` of its manifest. The version that lists of all kinds have covers it.
    pub content: String,
    #[sqlx(try_from = "Text")]
    pub state: State,
    /// `State::rank`, which lists are sorted by.
    pub rank: i16,
    /// The time of the event that brought the state. None for the state in which this incarnation was first observed:
    /// nobody knows how long it had it before.
    pub state_since: Option<DateTime<Utc>>,
    /// State, summary, cause and counts.
    #[sqlx(json)]
    pub status: Status,
    /// The id of the workload that controls it.
    pub owner: Option<String>,
    pub images: Vec<String>,
    pub labels: Value,
    pub created_at: DateTime<Utc>,
    /// The position at which this incarnation was first observed.
    pub added_position: i64,
    /// The position of the last event that changed the row.
    pub position: i64,
}

/// A filter of workloads. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    pub namespaces: Vec<String>,
    pub kinds: Vec<Resource>,
    pub states: Vec<State>,
    /// The id of the workload that controls them.
    pub owner: Option<String>,
    /// Part of an image.
    pub image: Option<String>,
    /// Part of the name, the namespace or an image, or words of the cause.
    pub search: Option<Search>,
    pub labels: Selector,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderField {
    #[default]
    Name,
    Namespace,
    State,
    CreatedAt,
}

/// By a field, then by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub field: OrderField,
    pub direction: Direction,
}

impl OrderField {
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Namespace => "namespace",
            Self::State => "rank",
            Self::CreatedAt => "created_at",
        }
    }
}

/// The sort key in a cursor of this list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SortKey {
    Rank(i16),
    Time(DateTime<Utc>),
    Text(String),
}

impl Workload {
    fn is_found(&self, search: &Search) -> bool {
        let cause = self.status.cause.as_ref().map(|cause| cause.message.code.as_ref());
        search.finds(self.images.iter().chain([&self.name, &self.namespace]).map(String::as_str), cause)
    }

    fn sort_key(&self, field: OrderField) -> (SortKey, String) {
        let key = match field {
            OrderField::Name => SortKey::Text(self.name.clone()),
            OrderField::Namespace => SortKey::Text(self.namespace.clone()),
            OrderField::State => SortKey::Rank(self.rank),
            OrderField::CreatedAt => SortKey::Time(self.created_at),
        };
        (key, self.id.clone())
    }
}

const COLUMNS: &str = "id, cluster, namespace, kind, name, uid, generation, requests, version, content, state, rank, state_since, \
    status, owner, images, labels, created_at, added_position, position";

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.workloads WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", filter.cluster.as_ref());
    push_any(&mut query, "namespace", filter.namespaces.clone());
    push_any(&mut query, "kind", filter.kinds.iter().map(|kind| kind.to_string()).collect());
    push_any(&mut query, "state", filter.states.iter().map(|state| state.as_str().to_owned()).collect());
    push_equal(&mut query, "owner", filter.owner.as_ref());
    push_image(&mut query, filter.image.as_ref());
    if let Some(search) = &filter.search {
        search.push(&mut query, &["name", "namespace", IMAGES], "status #>> '{cause,message,code}'");
    }
    filter.labels.push(&mut query, "labels");
    query
}

fn of_one(what: &str, scope: &Scope, id: &str) -> QueryBuilder<Postgres> {
    let mut query = query(what, scope, &Filter::default());
    query.push(" AND id = ").push_bind(id);
    query
}

impl Filter {
    /// The same condition as the query, for one row.
    pub fn matches(&self, workload: &Workload) -> bool {
        is_equal(self.cluster.as_ref(), Some(&workload.cluster))
            && is_any(&self.namespaces, &workload.namespace)
            && is_any(&self.kinds, &workload.kind)
            && is_any(&self.states, &workload.state)
            && is_equal(self.owner.as_ref(), workload.owner.as_ref())
            && is_of_image(self.image.as_ref(), &workload.images)
            && self.search.as_ref().is_none_or(|search| workload.is_found(search))
            && self.labels.matches(&workload.labels)
    }
}

/// A page of the workloads that match the filter.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    order: Order,
    window: &Window,
) -> Result<Page<Workload>, Error> {
    let (column, direction) = (order.field.column(), order.direction);
    let name = format!("{column} {}", direction.sql());
    let mut query = query(COLUMNS, scope, filter);
    if let Some((key, id)) = window.key::<(SortKey, String)>(&name)? {
        query.push(format!(" AND ({column}, id) {} (", direction.follows()));
        match (key, order.field) {
            (SortKey::Time(time), OrderField::CreatedAt) if is_storable(time) => query.push_bind(time),
            (SortKey::Rank(rank), OrderField::State) => query.push_bind(rank),
            (SortKey::Text(text), OrderField::Name | OrderField::Namespace) => query.push_bind(text),
            _ => return Err(Error::BadCursor),
        };
        query.push(", ").push_bind(id).push(")");
    }
    query.push(format!(" ORDER BY {column} {0}, id {0}", direction.sql()));
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, &name, move |row: &Workload| row.sort_key(order.field)))
}

/// The number of workloads that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}

pub async fn get(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Workload>, Error> {
    Ok(get_many(pool, scope, &[id.to_owned()]).await?.pop())
}

/// The existing workloads among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, scope: &Scope, ids: &[String]) -> Result<Vec<Workload>, Error> {
    matching(pool, scope, ids, &Filter::default()).await
}

/// The existing workloads among `ids` that match the filter, in no particular order.
pub async fn matching(pool: &PgPool, scope: &Scope, ids: &[String], filter: &Filter) -> Result<Vec<Workload>, Error> {
    let mut query = query(COLUMNS, scope, filter);
    query.push(" AND id = ANY (").push_bind(ids).push(")");
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The ids of those among `ids` that exist and match the filter, in no particular order.
pub async fn matching_ids(pool: &PgPool, scope: &Scope, ids: &[String], filter: &Filter) -> Result<Vec<String>, Error> {
    let mut query = query("id", scope, filter);
    query.push(" AND id = ANY (").push_bind(ids).push(")");
    Ok(query.build_query_scalar().fetch_all(pool).await?)
}

/// The conditions of its status as last observed, by type. Empty if there is no such workload.
pub async fn conditions(pool: &PgPool, scope: &Scope, id: &str) -> Result<Vec<Condition>, Error> {
    let mut query = of_one("snapshot -> 'conditions'", scope, id);
    let found: Option<Option<Json<Vec<Condition>>>> = query.build_query_scalar().fetch_optional(pool).await?;
    Ok(found.flatten().map(|Json(conditions)| conditions).unwrap_or_default())
}

/// What a CronJob has of its own, as last observed. None if there is no such workload, or it is of another kind.
pub async fn cron_job(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<CronJob>, Error> {
    let mut query = of_one("snapshot #> '{details,CronJob}'", scope, id);
    let found: Option<Option<Json<CronJob>>> = query.build_query_scalar().fetch_optional(pool).await?;
    Ok(found.flatten().map(|Json(cron_job)| cron_job))
}

/// The actions that are possible now on each of these workloads, by id. Missing workloads are left out.
pub async fn actions(
    pool: &PgPool,
    scope: &Scope,
    ids: &[String],
) -> Result<Vec<(String, Vec<AvailableAction>)>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT id, snapshot, coalesce(remembers_replicas, false) FROM read.workloads LEFT JOIN read.targets USING (id) \
         WHERE id = ANY (",
    );
    query.push_bind(ids).push(")");
    push_scope(&mut query, scope);
    let rows: Vec<(String, Json<WorkloadSnapshot>, bool)> = query.build_query_as().fetch_all(pool).await?;
    let of_row = |(id, Json(snapshot), remembers_replicas): (String, Json<WorkloadSnapshot>, bool)| {
        let surroundings = Surroundings { remembers_replicas, autoscaler: snapshot.autoscaled() };
        (id, available_actions(&snapshot.workload, &surroundings))
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// The rows that changes carry.
pub struct WorkloadRows;

impl ChangedRows for WorkloadRows {
    fn projection(&self) -> &'static dyn Projection {
        &Workloads
    }

    fn holds(&self, kind: &Resource) -> bool {
        kind.is_workload()
    }

    fn load<'a>(&'a self, pool: &'a PgPool, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<(String, AnyRow)>, Error>> {
        Box::pin(async move {
            let rows = get_many(pool, &Scope::everything(), ids).await?;
            Ok(rows.into_iter().map(|row| (row.id.clone(), Arc::new(row) as AnyRow)).collect())
        })
    }
}
