//! Namespaces as last observed: row, fold and queries.

use crate::query::scope::push_scope;
use crate::{
    Error, Page, Window,
    engine::projection::{Projection, Table, remove, save},
    query::page::{contains, push_equal},
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::{
    core::event::{Event, Recorded},
    kubernetes::{object::ObjectRef, observed::ObservedEvent},
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use std::{collections::BTreeMap, sync::Arc};

/// A namespace of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Namespace {
    /// The public id, `ObjectRef::id()`.
    pub id: String,
    pub cluster: String,
    pub name: String,
    pub uid: String,
    pub phase: String,
    pub created_at: DateTime<Utc>,
    pub added_position: i64,
    pub position: i64,
}

/// A filter of namespaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    /// Part of the name.
    pub search: Option<String>,
}

const COLUMNS: &str = "id, cluster, name, uid, phase, created_at, added_position, position";
const ORDER: &str = "name";

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.namespaces WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", filter.cluster.as_ref());
    if let Some(search) = &filter.search {
        query.push(" AND name ILIKE ").push_bind(contains(search));
    }
    query
}

/// A page of the namespaces that match the filter, by name.
pub async fn page(pool: &PgPool, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Namespace>, Error> {
    let mut query = query(COLUMNS, scope, filter);
    if let Some((name, id)) = window.key::<(String, String)>(ORDER)? {
        query.push(" AND (name, id) > (").push_bind(name).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY name, id");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &Namespace| (row.name.clone(), row.id.clone())))
}

/// The number of namespaces that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}

const NAMESPACES: Table = Table { name: "namespaces", key: &["id"] };

pub struct Namespaces;

impl Projection for Namespaces {
    fn name(&self) -> &'static str {
        "namespaces"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [Table] {
        &[NAMESPACES]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed"]
    }

    fn apply<'a>(&self, db: &'a mut PgConnection, events: &'a [Arc<Recorded>]) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(ObjectRef, i64, &ObservedEvent)> = events.iter().filter_map(|event| seen(event)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = touched.iter().map(|(object, ..)| object.id()).collect();
    let known: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT id, uid, added_position FROM namespaces WHERE id = ANY ($1)")
            .bind(&ids)
            .fetch_all(&mut *db)
            .await?;
    let mut known: BTreeMap<String, (String, i64)> = known.into_iter().map(|(id, uid, at)| (id, (uid, at))).collect();
    let mut last: BTreeMap<String, Option<Namespace>> = BTreeMap::new();
    for (object, position, event) in touched {
        let id = object.id();
        let ObservedEvent::NamespaceObserved { uid, created_at, phase, .. } = event else {
            known.remove(&id);
            last.insert(id, None);
            continue;
        };
        let before = known.get(&id).filter(|(before, _)| before == uid);
        let added_position = before.map_or(position, |(_, added)| *added);
        known.insert(id.clone(), (uid.clone(), added_position));
        last.insert(id, Some(row(object, uid, *created_at, phase, (added_position, position))));
    }
    let gone: Vec<String> = last.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| id.clone()).collect();
    save(db, NAMESPACES, &last.values().flatten().collect::<Vec<_>>()).await?;
    remove(db, NAMESPACES, "id", &gone).await
}

fn row(object: ObjectRef, uid: &str, created_at: DateTime<Utc>, phase: &str, positions: (i64, i64)) -> Namespace {
    Namespace {
        id: object.id(),
        cluster: object.cluster.to_string(),
        name: object.name,
        uid: uid.to_owned(),
        phase: phase.to_owned(),
        created_at,
        added_position: positions.0,
        position: positions.1,
    }
}

/// The namespace of an event, if the event changes its row.
fn seen(event: &Recorded) -> Option<(ObjectRef, i64, &ObservedEvent)> {
    let Event::Observed(observed) = &event.event else { return None };
    match observed {
        ObservedEvent::NamespaceObserved { .. } | ObservedEvent::NamespaceGone { .. } => {
            Some((ObjectRef::from_stream(&event.stream)?, event.position, observed))
        }
        ObservedEvent::WorkloadManifestObserved { .. }
        | ObservedEvent::WorkloadStatusObserved { .. }
        | ObservedEvent::WorkloadGone { .. }
        | ObservedEvent::PodObserved { .. }
        | ObservedEvent::PodGone { .. } => None,
    }
}
