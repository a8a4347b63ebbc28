//! Objects of every kind as last observed: row, fold and queries. Workloads and pods have tables of their own, and stand in
//! the lists here beside all others.

mod columns;
mod edges;
mod fold;
mod kinds;
mod list;
mod missing;
mod related;

use crate::{
    AnyRow, ChangedRows, Direction, Error,
    engine::projection::Projection,
    models::{pods, text::Text, workloads},
    query::{
        page::{is_any, is_equal},
        scope::push_scope,
        search::Search,
        selector::Selector,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    core::free_text::FreeText,
    kubernetes::{
        resource::Resource,
        status::object::{ObjectState, ObjectStatus},
    },
};
pub use fold::Objects;
use futures::future::BoxFuture;
pub use kinds::{KindCount, kinds};
use list::Source;
pub use list::{count, page};
pub use missing::{Missing, missing};
pub use related::{Related, count as related_count, page as related};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, PgPool, QueryBuilder};
use std::{collections::BTreeMap, sync::Arc};

/// An object of any kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
pub struct ObjectRow {
    /// The public id, `ObjectRef::id()`.
    pub id: String,
    pub cluster: String,
    /// Empty for an object outside namespaces.
    pub namespace: String,
    #[sqlx(try_from = "Text")]
    pub kind: Resource,
    pub name: String,
    pub uid: String,
    /// Covers the uid, what was requested here, and the manifest. Clients send it back.
    pub version: String,
    #[sqlx(try_from = "Text")]
    pub state: ObjectState,
    /// `ObjectState::rank`, which lists are sorted by.
    pub rank: i16,
    /// The time of the event that brought the state. None if nobody knows how long the object has had it.
    pub state_since: Option<DateTime<Utc>>,
    /// State and cause.
    #[sqlx(json)]
    pub status: ObjectStatus,
    /// The id of the object that controls it.
    pub owner: Option<String>,
    pub labels: Value,
    /// What the server prints of it, by the name of the column. Of workloads and pods: what kubectl prints, as far as it is
    /// recorded.
    #[sqlx(json)]
    pub columns: BTreeMap<String, FreeText>,
    pub created_at: DateTime<Utc>,
    /// The position at which this incarnation was first observed.
    pub added_position: i64,
}

/// A filter of objects. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    pub kinds: Vec<Resource>,
    pub namespaces: Vec<String>,
    pub states: Vec<ObjectState>,
    /// Part of the name or the namespace, or words of the cause.
    pub search: Option<Search>,
    pub labels: Selector,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderField {
    #[default]
    Name,
    Namespace,
    Kind,
    /// The worst first.
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
    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Namespace => "namespace",
            Self::Kind => "kind",
            Self::State => "rank",
            Self::CreatedAt => "created_at",
        }
    }
}

impl ObjectRow {
    fn is_found(&self, search: &Search) -> bool {
        let cause = self.status.cause.as_ref().map(|cause| cause.message.code.as_ref());
        search.finds([self.name.as_str(), self.namespace.as_str()], cause)
    }
}

impl Filter {
    /// The same condition as the query, for one row.
    pub fn matches(&self, object: &ObjectRow) -> bool {
        is_equal(self.cluster.as_ref(), Some(&object.cluster))
            && is_any(&self.kinds, &object.kind)
            && is_any(&self.namespaces, &object.namespace)
            && is_any(&self.states, &object.state)
            && self.search.as_ref().is_none_or(|search| object.is_found(search))
            && self.labels.matches(&object.labels)
    }
}

const COLUMNS: &str = "id, cluster, namespace, kind, name, uid, version, state, rank, state_since, status, owner, labels, \
    columns, created_at, added_position";

pub async fn get(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<ObjectRow>, Error> {
    Ok(get_many(pool, scope, &[id.to_owned()]).await?.pop())
}

/// The existing objects among `ids`, in no particular order.
pub async fn get_many(pool: &PgPool, scope: &Scope, ids: &[String]) -> Result<Vec<ObjectRow>, Error> {
    let of = |source: Source| -> Vec<String> {
        let kind = |id: &str| Some(Source::of(&id.split_once('~')?.0.parse().ok()?));
        ids.iter().filter(|id| kind(id) == Some(source)).cloned().collect()
    };
    let (of_objects, of_workloads, of_pods) = (of(Source::Objects), of(Source::Workloads), of(Source::Pods));
    let (mut rows, workloads, pods) = tokio::try_join!(
        own(pool, scope, &of_objects),
        async {
            if of_workloads.is_empty() { Ok(Vec::new()) } else { workloads::get_many(pool, scope, &of_workloads).await }
        },
        async { if of_pods.is_empty() { Ok(Vec::new()) } else { pods::get_many(pool, scope, &of_pods).await } },
    )?;
    rows.extend(workloads.iter().map(ObjectRow::from));
    rows.extend(pods.iter().map(ObjectRow::from));
    Ok(rows)
}

/// Those of the table of objects.
async fn own(pool: &PgPool, scope: &Scope, ids: &[String]) -> Result<Vec<ObjectRow>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM read.objects WHERE id = ANY ("));
    query.push_bind(ids).push(")");
    push_scope(&mut query, scope);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The existing objects among `ids` that match the filter, in no particular order.
pub async fn matching(pool: &PgPool, scope: &Scope, ids: &[String], filter: &Filter) -> Result<Vec<ObjectRow>, Error> {
    let mut rows = get_many(pool, scope, ids).await?;
    rows.retain(|row| filter.matches(row));
    Ok(rows)
}

/// The rows that changes carry, of kinds that have no table of their own. Those of workloads and pods become a row by
/// `ObjectRow::from`.
pub struct ObjectRows;

impl ChangedRows for ObjectRows {
    fn projection(&self) -> &'static dyn Projection {
        &Objects
    }

    fn holds(&self, kind: &Resource) -> bool {
        Source::of(kind) == Source::Objects
    }

    fn load<'a>(&'a self, pool: &'a PgPool, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<(String, AnyRow)>, Error>> {
        Box::pin(async move {
            let rows = own(pool, &Scope::everything(), ids).await?;
            Ok(rows.into_iter().map(|row| (row.id.clone(), Arc::new(row) as AnyRow)).collect())
        })
    }
}
