//! Lists of objects of every kind. Three tables hold them: a first query finds ids in the order of the list, each table by
//! its own index, and a second one for each table loads the rows.

use super::{Filter, ObjectRow, Order, OrderField, get_many};
use crate::{
    Error, Page, Window,
    query::{
        page::{is_storable, push_any, push_equal},
        scope::push_scope,
    },
};
use chrono::{DateTime, Utc};
use domain::{access::Scope, kubernetes::resource::Resource};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgPool, Postgres, QueryBuilder, Row, postgres::PgRow};
use std::collections::HashMap;

/// A table that holds objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Objects,
    Workloads,
    Pods,
}

impl Source {
    pub const ALL: [Self; 3] = [Self::Objects, Self::Workloads, Self::Pods];

    /// The table of this kind.
    pub fn of(kind: &Resource) -> Self {
        match kind {
            kind if kind.is_workload() => Self::Workloads,
            kind if *kind == Resource::POD => Self::Pods,
            _ => Self::Objects,
        }
    }

    pub const fn table(self) -> &'static str {
        match self {
            Self::Objects => "read.objects",
            Self::Workloads => "read.workloads",
            Self::Pods => "read.pods",
        }
    }

    /// The kind of a row.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Objects => "kind",
            Self::Workloads => "kind COLLATE \"C\"",
            Self::Pods => "'Pod'::text COLLATE \"C\"",
        }
    }

    pub const fn rank(self) -> &'static str {
        match self {
            Self::Objects => "rank",
            Self::Workloads | Self::Pods => "object_rank",
        }
    }

    const fn cause(self) -> &'static str {
        match self {
            Self::Objects | Self::Workloads => "status #>> '{cause,message,code}'",
            Self::Pods => "cause #>> '{message,code}'",
        }
    }

    const fn key(self, field: OrderField) -> &'static str {
        match field {
            OrderField::Name => "name",
            OrderField::Namespace => "namespace",
            OrderField::Kind => self.kind(),
            OrderField::State => self.rank(),
            OrderField::CreatedAt => "created_at",
        }
    }
}

/// The sort key in a cursor of this list.
#[derive(Clone, Serialize)]
#[serde(untagged)]
enum SortKey {
    Rank(i16),
    Time(DateTime<Utc>),
    Text(String),
}

impl SortKey {
    /// By the field: a name may look like a time.
    fn parse(key: Value, field: OrderField) -> Option<Self> {
        match field {
            OrderField::Name | OrderField::Namespace | OrderField::Kind => Some(Self::Text(key.as_str()?.to_owned())),
            OrderField::State => Some(Self::Rank(i16::try_from(key.as_i64()?).ok()?)),
            OrderField::CreatedAt => {
                Some(Self::Time(serde_json::from_value(key).ok().filter(|time| is_storable(*time))?))
            }
        }
    }

    fn push(&self, query: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Rank(rank) => query.push_bind(*rank),
            Self::Time(time) => query.push_bind(*time),
            Self::Text(text) => query.push_bind(text.clone()),
        };
    }
}

/// An object in its place of the list.
struct Found {
    id: String,
    key: SortKey,
}

impl Found {
    fn read(row: &PgRow, field: OrderField) -> sqlx::Result<Self> {
        let key = match field {
            OrderField::Name | OrderField::Namespace | OrderField::Kind => SortKey::Text(row.try_get(1)?),
            OrderField::State => SortKey::Rank(row.try_get(1)?),
            OrderField::CreatedAt => SortKey::Time(row.try_get(1)?),
        };
        Ok(Self { id: row.try_get(0)?, key })
    }
}

/// The tables in which the filter can find something, with the kinds that it wants of each. No kind: all of them.
pub fn sources(filter: &Filter) -> impl Iterator<Item = (Source, Vec<String>)> {
    let of = move |source| {
        let kinds = filter.kinds.iter().filter(|kind| Source::of(kind) == source);
        let kinds: Vec<String> = kinds.map(ToString::to_string).collect();
        (filter.kinds.is_empty() || !kinds.is_empty()).then_some((source, kinds))
    };
    Source::ALL.into_iter().filter_map(of)
}

/// ` FROM table WHERE ..` for a table of [`sources`].
pub fn push_from(
    query: &mut QueryBuilder<Postgres>,
    source: Source,
    mut kinds: Vec<String>,
    scope: &Scope,
    filter: &Filter,
) {
    query.push(" FROM ").push(source.table()).push(" WHERE true");
    push_scope(query, scope);
    push_equal(query, "cluster", filter.cluster.as_ref());
    push_any(query, "namespace", filter.namespaces.clone());
    match (source, kinds.len()) {
        (Source::Pods, _) => {}
        // In an index, the rows of one kind have an order of their own.
        (_, 1) => push_equal(query, "kind", kinds.pop().as_ref()),
        _ => push_any(query, "kind", kinds),
    }
    if !filter.states.is_empty() {
        let ranks: Vec<i16> = filter.states.iter().map(|state| state.rank()).collect();
        query.push(" AND ").push(source.rank()).push(" = ANY (").push_bind(ranks).push(")");
    }
    if let Some(search) = &filter.search {
        search.push(query, &["name", "namespace"], source.cause());
    }
    if let (Source::Objects, Some(labels)) = (source, filter.labels.contained()) {
        query.push(" AND labels @> ").push_bind(labels);
    }
    filter.labels.push(query, "labels");
}

/// A page of the objects that match the filter.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    order: Order,
    window: &Window,
) -> Result<Page<ObjectRow>, Error> {
    let direction = order.direction.sql();
    let name = format!("{} {direction}", order.field.as_str());
    let after = match window.key::<(Value, String)>(&name)? {
        Some((key, id)) => Some((SortKey::parse(key, order.field).ok_or(Error::BadCursor)?, id)),
        None => None,
    };
    let mut query = QueryBuilder::new("SELECT id, key FROM (");
    let mut union = "";
    for (source, kinds) in sources(filter) {
        let key = source.key(order.field);
        query.push(union).push("(SELECT id, ").push(key).push(" AS key");
        push_from(&mut query, source, kinds, scope, filter);
        if let Some((last, id)) = &after {
            query.push(format!(" AND ({key}, id) {} (", order.direction.follows()));
            last.push(&mut query);
            query.push(", ").push_bind(id.clone()).push(")");
        }
        query.push(format!(" ORDER BY {key} {direction}, id {direction}"));
        window.push_limit(&mut query);
        query.push(")");
        union = " UNION ALL ";
    }
    query.push(format!(") AS found ORDER BY key {direction}, id {direction}"));
    window.push_limit(&mut query);
    let found = query.build().fetch_all(pool).await?;
    let found = found.iter().map(|row| Found::read(row, order.field)).collect::<sqlx::Result<Vec<Found>>>()?;
    let found = window.page(found, &name, |found: &Found| (found.key.clone(), found.id.clone()));
    rows(pool, scope, found).await
}

/// The rows of what was found, in its order. One that is gone by now is left out.
async fn rows(pool: &PgPool, scope: &Scope, found: Page<Found>) -> Result<Page<ObjectRow>, Error> {
    let ids: Vec<String> = found.rows.iter().map(|found| found.id.clone()).collect();
    let rows = get_many(pool, scope, &ids).await?;
    let mut by_id: HashMap<String, ObjectRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    let (rows, has_next) = (ids.iter().filter_map(|id| by_id.remove(id)).collect(), found.has_next);
    // A row may have changed since it was found: the next page goes on from where it was.
    let places: HashMap<String, usize> = ids.into_iter().zip(0..).collect();
    let cursor = move |row: &ObjectRow| {
        let place = places.get(&row.id).and_then(|place| found.rows.get(*place));
        place.map(|place| found.cursor(place)).unwrap_or_default()
    };
    Ok(Page::new(rows, has_next, cursor))
}

/// The number of objects that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    let mut query = QueryBuilder::new("SELECT 0::bigint");
    for (source, kinds) in sources(filter) {
        query.push(" + (SELECT count(*)");
        push_from(&mut query, source, kinds, scope, filter);
        query.push(")");
    }
    Ok(query.build_query_scalar().fetch_one(pool).await?)
}
