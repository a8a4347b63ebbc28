//! Namespaces as last observed: row, fold and queries.

use crate::query::scope::push_scope;
use crate::{
    Error, Page, Window,
    engine::{
        projection::{Projection, Table, remove},
        rows::{self, Fold},
    },
    models::forgotten::{CATEGORY, CLUSTERS, Gone, of_objects, parts, remove_cluster},
    query::page::{contains, push_equal},
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::core::sealing::Ring;
use domain::{
    core::event::{Event, Recorded},
    kubernetes::{
        manifest::Place, object::ObjectRef, observation::Report, observed::ObservedEvent, resource::Resource,
    },
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use std::sync::Arc;

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

/// The namespace with this id, if the reader may see it.
pub async fn get(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Namespace>, Error> {
    let mut query = query(COLUMNS, scope, &Filter::default());
    query.push(" AND id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(pool).await?)
}

/// The number of namespaces that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}

const NAMESPACES: Table = Table { name: "namespaces", key: &["id"], of_objects: true };

pub struct Namespaces;

impl Projection for Namespaces {
    fn name(&self) -> &'static str {
        "namespaces"
    }

    fn version(&self) -> i32 {
        3
    }

    fn tables(&self) -> &'static [Table] {
        &[NAMESPACES]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed", CATEGORY, CLUSTERS]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    for (part, gone) in parts(events) {
        rows::take_in::<Namespaces>(db, part).await?;
        // The phase may have been sealed with the key of the object.
        if let Some(("id", id)) = gone.and_then(Gone::values).and_then(of_objects) {
            remove(db, NAMESPACES, "id", &[id]).await?;
        }
        if let Some(cluster) = gone.and_then(Gone::cluster) {
            remove_cluster(db, &[NAMESPACES], cluster).await?;
        }
    }
    Ok(())
}

/// The phase of a namespace that is recorded like any other object.
fn phase_of(report: &Report) -> String {
    let otherwise = if report.deletion.is_some() { "Terminating" } else { "Active" };
    Place::of(&report.status).get("phase").text().unwrap_or(otherwise).to_owned()
}

impl Fold for Namespaces {
    type Key = String;
    type Before = Namespace;
    type Row<'a> = Namespace;
    const TABLE: Table = NAMESPACES;
    const LOADED: &'static str = COLUMNS;

    fn key(event: &Recorded) -> Option<String> {
        match &event.event {
            Event::Observed(
                ObservedEvent::NamespaceObserved { .. }
                | ObservedEvent::NamespaceGone { .. }
                | ObservedEvent::ObjectObserved { .. }
                | ObservedEvent::ObjectStatusObserved { .. }
                | ObservedEvent::ObjectGone { .. },
            ) => {
                let object = ObjectRef::from_stream(&event.stream)?;
                (object.kind == Resource::NAMESPACE).then(|| object.id())
            }
            _ => None,
        }
    }

    fn key_of(before: &Namespace) -> String {
        before.id.clone()
    }

    fn fold(before: Option<Namespace>, event: &Recorded) -> Option<Namespace> {
        let (uid, created_at, phase) = match &event.event {
            Event::Observed(ObservedEvent::NamespaceObserved { uid, created_at, phase, .. }) => {
                (uid, created_at, phase.clone())
            }
            Event::Observed(
                ObservedEvent::ObjectObserved { uid, created_at, report, .. }
                | ObservedEvent::ObjectStatusObserved { uid, created_at, report, .. },
            ) => (uid, created_at, phase_of(report)),
            _ => return None,
        };
        let object = ObjectRef::from_stream(&event.stream)?;
        let same = before.filter(|before| before.uid == *uid);
        Some(Namespace {
            id: object.id(),
            cluster: object.cluster.to_string(),
            name: object.name,
            uid: uid.clone(),
            phase,
            created_at: *created_at,
            added_position: same.map_or(event.position, |before| before.added_position),
            position: event.position,
        })
    }

    fn before(row: Namespace) -> Namespace {
        row
    }
}
