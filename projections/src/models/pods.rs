//! Pods as last observed, with their containers: row, fold and queries.

use crate::query::scope::push_scope;
use crate::{
    Error, Page, Window,
    engine::projection::{Projection, Table, remove, save},
    query::{
        page::{is_any, is_equal, is_found, push_any, push_equal, push_search},
        selector::Selector,
    },
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::{
    core::event::{Event, Recorded},
    kubernetes::{
        object::ObjectRef,
        observed::{ContainerSnapshot, ObservedEvent, PodSnapshot},
    },
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder, Row, postgres::PgRow, types::Json};
use std::{collections::BTreeMap, sync::Arc};

/// A pod of a cluster, as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pod {
    /// The public id, `ObjectRef::id()`.
    pub id: String,
    pub cluster: String,
    pub namespace: String,
    pub name: String,
    /// The id of the owning workload.
    pub workload: Option<String>,
    pub phase: String,
    pub ready: bool,
    pub restarts: i32,
    pub reason: Option<String>,
    pub node: Option<String>,
    pub labels: Value,
    /// In the order of the manifest.
    pub containers: Vec<ContainerSnapshot>,
    pub created_at: DateTime<Utc>,
    /// The position at which this incarnation was first observed.
    pub added_position: i64,
}

/// A filter of pods. An empty list matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub cluster: Option<String>,
    pub namespaces: Vec<String>,
    /// The id of the owning workload.
    pub workload: Option<String>,
    /// Part of the name or of an image.
    pub search: Option<String>,
    pub labels: Selector,
    pub phases: Vec<String>,
}

macro_rules! columns {
    ($labels:literal) => {
        concat!(
            "id, cluster, namespace, name, workload, phase, ready, restarts, reason, node, ",
            $labels,
            ", containers, created_at, added_position"
        )
    };
}

/// By index: looking up each column by name takes a tenth of the time of a page.
impl FromRow<'_, PgRow> for Pod {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let Json(containers) = row.try_get(11)?;
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
            node: row.try_get(9)?,
            labels: row.try_get::<Option<Value>, _>(10)?.unwrap_or_default(),
            containers,
            created_at: row.try_get(12)?,
            added_position: row.try_get(13)?,
        })
    }
}

/// In the order of [`Pod::from_row`].
const COLUMNS: &str = columns!("labels");
/// The same without labels, which are large and often not shown.
const WITHOUT_LABELS: &str = columns!("NULL::jsonb");
const ORDER: &str = "name";

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM read.pods WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", filter.cluster.as_ref());
    push_any(&mut query, "namespace", filter.namespaces.clone());
    push_equal(&mut query, "workload", filter.workload.as_ref());
    push_any(&mut query, "phase", filter.phases.clone());
    push_search(&mut query, filter.search.as_ref());
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
            && is_found(self.search.as_ref(), &pod.name, &images(&pod.containers))
            && self.labels.matches(&pod.labels)
    }
}

/// A page of the pods that match the filter, by name. Labels only if requested.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    window: &Window,
    has_labels: bool,
) -> Result<Page<Pod>, Error> {
    let mut query = query(if has_labels { COLUMNS } else { WITHOUT_LABELS }, scope, filter);
    if let Some((name, id)) = window.key::<(String, String)>(ORDER)? {
        query.push(" AND (name, id) > (").push_bind(name).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY name, id");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &Pod| (row.name.clone(), row.id.clone())))
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

const PODS: Table = Table { name: "pods", key: &["id"] };

pub struct Pods;

impl Projection for Pods {
    fn name(&self) -> &'static str {
        "pods"
    }

    fn version(&self) -> i32 {
        3
    }

    fn tables(&self) -> &'static [Table] {
        &[PODS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed"]
    }

    fn apply<'a>(&self, db: &'a mut PgConnection, events: &'a [Arc<Recorded>]) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

/// The uid of a pod, and the position at which it was first observed.
type Incarnation = (String, i64);

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(ObjectRef, i64, &ObservedEvent)> = events.iter().filter_map(|event| seen(event)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = touched.iter().map(|(object, ..)| object.id()).collect();
    let known: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT id, uid, added_position FROM pods WHERE id = ANY ($1)")
            .bind(&ids)
            .fetch_all(&mut *db)
            .await?;
    let mut known: BTreeMap<String, Incarnation> =
        known.into_iter().map(|(id, uid, added)| (id, (uid, added))).collect();
    let mut last: BTreeMap<String, Option<Sight>> = BTreeMap::new();
    for (object, position, event) in touched {
        let id = object.id();
        let ObservedEvent::PodObserved { uid, pod, .. } = event else {
            known.remove(&id);
            last.insert(id, None);
            continue;
        };
        let before = known.get(&id).filter(|(before, _)| before == uid);
        let added = before.map_or(position, |(_, added)| *added);
        known.insert(id.clone(), (uid.clone(), added));
        last.insert(id, Some(Sight { object, uid, pod, added, position }));
    }
    store(db, last).await
}

/// The pod of an event, if the event changes its row.
fn seen(event: &Recorded) -> Option<(ObjectRef, i64, &ObservedEvent)> {
    let Event::Observed(observed) = &event.event else { return None };
    match observed {
        ObservedEvent::PodObserved { .. } | ObservedEvent::PodGone { .. } => {
            Some((ObjectRef::from_stream(&event.stream)?, event.position, observed))
        }
        ObservedEvent::WorkloadManifestObserved { .. }
        | ObservedEvent::WorkloadStatusObserved { .. }
        | ObservedEvent::WorkloadGone { .. }
        | ObservedEvent::NamespaceObserved { .. }
        | ObservedEvent::NamespaceGone { .. } => None,
    }
}

/// The last observation of a pod. Earlier ones of the batch produce no row.
struct Sight<'a> {
    object: ObjectRef,
    uid: &'a str,
    pod: &'a PodSnapshot,
    added: i64,
    position: i64,
}

async fn store(db: &mut PgConnection, last: BTreeMap<String, Option<Sight<'_>>>) -> Result<(), Error> {
    let gone: Vec<String> = last.iter().filter(|(_, sight)| sight.is_none()).map(|(id, _)| id.clone()).collect();
    let rows: Vec<Stored<'_>> = last.into_values().flatten().map(row).collect();
    save(db, PODS, &rows).await?;
    remove(db, PODS, "id", &gone).await
}

/// A row of the table.
#[derive(Serialize)]
struct Stored<'a> {
    #[serde(flatten)]
    pod: Pod,
    uid: &'a str,
    /// For the search.
    images: Vec<&'a str>,
    /// The position of the last event that changed the row.
    position: i64,
}

fn images(containers: &[ContainerSnapshot]) -> Vec<&str> {
    let mut images: Vec<&str> = containers.iter().map(|container| container.image.as_str()).collect();
    images.dedup();
    images
}

fn row(Sight { object, uid, pod: seen, added, position }: Sight<'_>) -> Stored<'_> {
    let pod = Pod {
        id: object.id(),
        cluster: object.cluster.to_string(),
        namespace: object.namespace.unwrap_or_default(),
        name: object.name,
        workload: seen.workload.clone(),
        phase: seen.phase.clone(),
        ready: seen.ready,
        restarts: seen.restarts,
        reason: seen.reason.clone(),
        node: seen.node.clone(),
        labels: if seen.labels.is_object() { seen.labels.clone() } else { json!({}) },
        containers: seen.containers.clone(),
        created_at: seen.created_at,
        added_position: added,
    };
    Stored { pod, uid, images: images(&seen.containers), position }
}
