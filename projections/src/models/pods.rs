//! Pods as last observed, with their containers: row, fold and queries.

mod fold;
mod requests;
mod resources;

use crate::{
    AnyRow, ChangedRows, Direction, Error, Page, Window,
    engine::projection::Projection,
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
    cause::Cause,
    observation::{self, Condition, ContainerState, Role, Termination},
    resource::Resource,
};
pub use fold::Pods;
use futures::future::BoxFuture;
use requests::Requests;
pub use requests::{Requested, requested};
pub use resources::Resources;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, Row, postgres::PgRow, types::Json};
use std::sync::Arc;

/// A pod of a cluster, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    /// The public id, `ObjectRef::id()`.
    pub id: String,
    pub cluster: String,
    pub namespace: String,
    pub name: String,
    pub uid: String,
    /// The id of the owning workload.
    pub workload: Option<String>,
    /// `status.phase`, or `Terminating` once its deletion has begun.
    pub phase: String,
    pub ready: bool,
    /// Of containers of every role.
    pub restarts: i32,
    /// The STATUS of `kubectl get pods`, if it differs from the phase.
    pub reason: Option<String>,
    /// Why it does not work.
    pub cause: Option<Cause>,
    /// 1: something keeps it from working; 2: something is wrong; 3: nothing is known to be wrong.
    pub rank: i16,
    pub node: Option<String>,
    pub labels: Value,
    /// Init containers and sidecars first, then those of the pod, each in the order of the manifest.
    pub containers: Vec<Container>,
    pub created_at: DateTime<Utc>,
    /// The position at which this incarnation was first observed.
    pub added_position: i64,
}

/// A container of a pod, of any role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub name: String,
    pub role: Role,
    pub image: String,
    pub ready: bool,
    pub restarts: i32,
    /// `running`, `waiting` or `terminated`.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How it ended: now, or the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination: Option<Termination>,
    #[serde(default, skip_serializing_if = "Resources::is_empty")]
    pub resources: Resources,
}

impl From<&observation::Container> for Container {
    fn from(seen: &observation::Container) -> Self {
        let (state, reason, end) = match &seen.state {
            ContainerState::Waiting { reason, .. } => ("waiting", reason.as_str(), None),
            ContainerState::Running { .. } => ("running", "", None),
            ContainerState::Terminated(end) => ("terminated", end.reason.as_str(), Some(end)),
        };
        Self {
            name: seen.name.clone(),
            role: seen.role,
            image: seen.image.clone(),
            ready: seen.ready,
            restarts: seen.restarts,
            state: state.to_owned(),
            reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
            termination: end.or(seen.last.as_ref()).cloned(),
            resources: Resources::of(seen),
        }
    }
}

/// A filter of pods. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    pub namespaces: Vec<String>,
    /// The id of the owning workload.
    pub workload: Option<String>,
    /// The name of the node it is placed on.
    pub node: Option<String>,
    /// Part of an image.
    pub image: Option<String>,
    /// Part of the name, the namespace, an image or the reason, or words of the cause.
    pub search: Option<Search>,
    pub labels: Selector,
    pub phases: Vec<String>,
    /// Only those for which a cause is known, or with `false` the others.
    pub has_cause: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderField {
    #[default]
    Name,
    /// The worst first.
    State,
    Restarts,
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
            Self::State => "rank",
            Self::Restarts => "restarts",
            Self::CreatedAt => "created_at",
        }
    }
}

/// The sort key in a cursor of this list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SortKey {
    Number(i32),
    Time(DateTime<Utc>),
    Text(String),
}

impl Pod {
    /// What the containers that run beside each other request, and may use at most.
    pub fn resources(&self) -> Resources {
        Resources::sum(&self.containers)
    }

    fn is_found(&self, search: &Search) -> bool {
        let images = self.containers.iter().map(|container| container.image.as_str());
        let cause = self.cause.as_ref().map(|cause| cause.message.code.as_ref());
        search.finds(images.chain([self.name.as_str(), self.namespace.as_str()]).chain(self.reason.as_deref()), cause)
    }

    fn sort_key(&self, field: OrderField) -> (SortKey, String) {
        let key = match field {
            OrderField::Name => SortKey::Text(self.name.clone()),
            OrderField::State => SortKey::Number(self.rank.into()),
            OrderField::Restarts => SortKey::Number(self.restarts),
            OrderField::CreatedAt => SortKey::Time(self.created_at),
        };
        (key, self.id.clone())
    }
}

macro_rules! columns {
    ($labels:literal) => {
        concat!(
            "id, cluster, namespace, name, workload, phase, ready, restarts, reason, cause, node, ",
            $labels,
            ", containers, created_at, added_position, rank, uid"
        )
    };
}

/// By index: looking up columns by name takes a tenth of the time of a page.
impl FromRow<'_, PgRow> for Pod {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let Json(containers) = row.try_get(12)?;
        Ok(Self {
            id: row.try_get(0)?,
            cluster: row.try_get(1)?,
            namespace: row.try_get(2)?,
            name: row.try_get(3)?,
            workload: row.try_get(4)?,
            phase: row.try_get(5)?,
            ready: row.try_get(6)?,
            restarts: row.try_get(7)?,
            reason: row.try_get(8)?,
            cause: row.try_get::<Option<Json<Cause>>, _>(9)?.map(|Json(cause)| cause),
            node: row.try_get(10)?,
            labels: row.try_get::<Option<Value>, _>(11)?.unwrap_or_default(),
            containers,
            created_at: row.try_get(13)?,
            added_position: row.try_get(14)?,
            rank: row.try_get(15)?,
            uid: row.try_get(16)?,
        })
    }
}

/// In the order of [`Pod::from_row`].
const COLUMNS: &str = columns!("labels");
/// The same without labels, which are large and often not shown.
const WITHOUT_LABELS: &str = columns!("NULL::jsonb");
fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.pods WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", filter.cluster.as_ref());
    push_any(&mut query, "namespace", filter.namespaces.clone());
    push_equal(&mut query, "workload", filter.workload.as_ref());
    push_any(&mut query, "phase", filter.phases.clone());
    push_equal(&mut query, "node", filter.node.as_ref());
    push_image(&mut query, filter.image.as_ref());
    if let Some(has_cause) = filter.has_cause {
        query.push(if has_cause { " AND cause IS NOT NULL" } else { " AND cause IS NULL" });
    }
    if let Some(search) = &filter.search {
        search.push(&mut query, &["name", "namespace", IMAGES, "reason"], "cause #>> '{message,code}'");
    }
    filter.labels.push(&mut query, "labels");
    query
}

impl Filter {
    /// The same condition as the query, for one row.
    pub fn matches(&self, pod: &Pod) -> bool {
        is_equal(self.cluster.as_ref(), Some(&pod.cluster))
            && is_any(&self.namespaces, &pod.namespace)
            && is_equal(self.workload.as_ref(), pod.workload.as_ref())
            && is_any(&self.phases, &pod.phase)
            && is_equal(self.node.as_ref(), pod.node.as_ref())
            && is_of_image(self.image.as_ref(), &images(&pod.containers))
            && self.has_cause.is_none_or(|has_cause| has_cause == pod.cause.is_some())
            && self.search.as_ref().is_none_or(|search| pod.is_found(search))
            && self.labels.matches(&pod.labels)
    }
}

fn images(containers: &[Container]) -> Vec<&str> {
    let mut images: Vec<&str> = containers.iter().map(|container| container.image.as_str()).collect();
    images.dedup();
    images
}

/// A page of the pods that match the filter. Labels only if requested.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    order: Order,
    window: &Window,
    has_labels: bool,
) -> Result<Page<Pod>, Error> {
    let mut query = query(if has_labels { COLUMNS } else { WITHOUT_LABELS }, scope, filter);
    let (column, direction) = (order.field.column(), order.direction);
    let name = format!("{column} {}", direction.sql());
    if let Some((key, id)) = window.key::<(SortKey, String)>(&name)? {
        query.push(format!(" AND ({column}, id) {} (", direction.follows()));
        match (key, order.field) {
            (SortKey::Number(number), OrderField::State | OrderField::Restarts) => query.push_bind(number),
            (SortKey::Time(time), OrderField::CreatedAt) if is_storable(time) => query.push_bind(time),
            (SortKey::Text(text), OrderField::Name) => query.push_bind(text),
            _ => return Err(Error::BadCursor),
        };
        query.push(", ").push_bind(id).push(")");
    }
    query.push(format!(" ORDER BY {column} {0}, id {0}", direction.sql()));
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, &name, move |row: &Pod| row.sort_key(order.field)))
}

/// The number of pods that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}

pub async fn get(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Pod>, Error> {
    Ok(get_many(pool, scope, &[id.to_owned()]).await?.pop())
}

/// The existing pods among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, scope: &Scope, ids: &[String]) -> Result<Vec<Pod>, Error> {
    matching(pool, scope, ids, &Filter::default()).await
}

/// The existing pods among `ids` that match the filter, in no particular order.
pub async fn matching(pool: &PgPool, scope: &Scope, ids: &[String], filter: &Filter) -> Result<Vec<Pod>, Error> {
    let mut query = query(COLUMNS, scope, filter);
    query.push(" AND id = ANY (").push_bind(ids).push(")");
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The conditions of its status as last observed, by type. Empty if there is no such pod.
pub async fn conditions(pool: &PgPool, scope: &Scope, id: &str) -> Result<Vec<Condition>, Error> {
    let mut query = QueryBuilder::new("SELECT conditions FROM read.pods WHERE id = ");
    query.push_bind(id);
    push_scope(&mut query, scope);
    let found: Option<Option<Json<Vec<Condition>>>> = query.build_query_scalar().fetch_optional(pool).await?;
    Ok(found.flatten().map(|Json(conditions)| conditions).unwrap_or_default())
}

/// The rows that changes carry.
pub struct PodRows;

impl ChangedRows for PodRows {
    fn projection(&self) -> &'static dyn Projection {
        &Pods
    }

    fn holds(&self, kind: &Resource) -> bool {
        *kind == Resource::POD
    }

    fn load<'a>(&'a self, pool: &'a PgPool, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<(String, AnyRow)>, Error>> {
        Box::pin(async move {
            let rows = get_many(pool, &Scope::everything(), ids).await?;
            Ok(rows.into_iter().map(|row| (row.id.clone(), Arc::new(row) as AnyRow)).collect())
        })
    }
}
