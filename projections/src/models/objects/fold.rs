//! The fold of observed events and requests into rows of objects. It evaluates state and cause, so that a rebuild corrects
//! them after a rule has improved.
//!
//! Manifests, revisions and edges are those of every kind, workloads included: one table of each, with one owner.

use super::{
    COLUMNS, ObjectRow, Source,
    edges::{self, EDGES, EdgeRow},
};
use crate::{
    Error,
    engine::projection::{Projection, Table, remove, save},
    models::{
        content::content,
        forgotten::{CATEGORY, CLUSTERS, Gone, of_objects, parts, remove_cluster},
        manifests::{self, MANIFESTS, Observation, REVISIONS, Written},
        owner::controller_of,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        event::{Event, Recorded},
        sealing::Ring,
        version::ObjectVersion,
    },
    kubernetes::{
        manifest::Place,
        object::ObjectRef,
        observation::{Object, Report},
        observed::ObservedEvent,
        status::object::{ObjectState, evaluate},
    },
    operation::OperationEvent,
};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, FromRow, PgConnection};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const OBJECTS: Table = Table { name: "objects", key: &["id"], of_objects: true };
const REQUESTS: Table = Table { name: "object_requests", key: &["id"], of_objects: true };

pub struct Objects;

impl Projection for Objects {
    fn name(&self) -> &'static str {
        "objects"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [Table] {
        &[OBJECTS, REQUESTS, EDGES, MANIFESTS, REVISIONS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed", "target", CATEGORY, CLUSTERS]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, keys, events))
    }
}

/// The requests about an object so far, whether it exists or not.
#[derive(Serialize)]
struct RequestRow<'a> {
    id: &'a str,
    requests: i64,
}

/// A row with the columns that only the fold needs.
#[derive(Serialize, FromRow)]
struct Stored {
    #[serde(flatten)]
    #[sqlx(flatten)]
    row: ObjectRow,
    generation: i64,
    requests: i64,
    /// See [`content`].
    content: String,
    position: i64,
}

/// The changes of a batch to its objects.
struct Batch<'a> {
    keys: &'a Ring,
    /// None: the object is gone.
    rows: BTreeMap<String, Option<Stored>>,
    changed: BTreeSet<String>,
    written: Written<'a>,
    /// Of the objects whose manifest was observed, or that are gone: all that they have now.
    edges: BTreeMap<String, Vec<EdgeRow>>,
    requests: BTreeMap<String, i64>,
    requested: BTreeSet<String>,
}

async fn apply(db: &mut PgConnection, keys: &Ring, events: &[Arc<Recorded>]) -> Result<(), Error> {
    for (part, gone) in parts(events) {
        take_in(db, keys, part).await?;
        if let Some((column, value)) = gone.and_then(Gone::values).and_then(of_objects) {
            forget(db, column, &value).await?;
        }
        if let Some(cluster) = gone.and_then(Gone::cluster) {
            // What each object once was stays readable.
            remove_cluster(db, &[OBJECTS, EDGES, MANIFESTS], cluster).await?;
        }
    }
    Ok(())
}

/// Rows of existing objects return with their next observation.
async fn forget(db: &mut PgConnection, column: &str, value: &str) -> Result<(), Error> {
    for Table { name, .. } in [OBJECTS, EDGES] {
        let delete = AssertSqlSafe(format!("DELETE FROM {name} WHERE {column} = $1"));
        sqlx::query(delete).bind(value).execute(&mut *db).await?;
    }
    manifests::forget(db, column, value).await
}

async fn take_in(db: &mut PgConnection, keys: &Ring, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(ObjectRef, &Recorded)> =
        events.iter().filter_map(|event| Some((target(event)?, event.as_ref()))).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let mut batch = load(db, keys, &touched).await?;
    for (object, event) in touched {
        batch.take_in(&object, event);
    }
    batch.store(db).await
}

/// The object of an event, if the event changes something here.
fn target(event: &Recorded) -> Option<ObjectRef> {
    let (is_written, is_requested) = match &event.event {
        Event::Operation(operation) => (false, matches!(operation, OperationEvent::OperationRequested { .. })),
        Event::Observed(
            ObservedEvent::WorkloadManifestObserved { .. }
            | ObservedEvent::WorkloadGone { .. }
            | ObservedEvent::ObjectObserved { .. }
            | ObservedEvent::ObjectStatusObserved { .. }
            | ObservedEvent::ObjectGone { .. }
            | ObservedEvent::ObjectReleased { .. },
        ) => (true, false),
        Event::Observed(
            ObservedEvent::WorkloadStatusObserved { .. }
            | ObservedEvent::PodObserved { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. },
        )
        | Event::Batch(_)
        | Event::Cluster(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::Access(_)
        | Event::DataKey(_) => (false, false),
    };
    let object = if is_written || is_requested { ObjectRef::from_stream(&event.stream)? } else { return None };
    // Requests of the others are counted beside their rows.
    (is_written || Source::of(&object.kind) == Source::Objects).then_some(object)
}

async fn load<'a>(
    db: &mut PgConnection,
    keys: &'a Ring,
    touched: &[(ObjectRef, &Recorded)],
) -> Result<Batch<'a>, Error> {
    let ids = |is_meant: fn(&Event) -> bool| -> Vec<String> {
        let meant = touched.iter().filter(|(_, event)| is_meant(&event.event));
        let ids: BTreeSet<String> = meant.map(|(object, _)| object.id()).collect();
        ids.into_iter().collect()
    };
    let all = ids(|_| true);
    let sql = format!("SELECT {COLUMNS}, generation, requests, content, position FROM objects WHERE id = ANY ($1)");
    let rows: Vec<Stored> = sqlx::query_as(AssertSqlSafe(sql)).bind(&all).fetch_all(&mut *db).await?;
    let requests = sqlx::query_as("SELECT id, requests FROM object_requests WHERE id = ANY ($1)");
    let requests: Vec<(String, i64)> = requests.bind(&all).fetch_all(&mut *db).await?;
    // A report is evaluated with the manifest, which it does not repeat.
    let written = Written::load(db, keys, &ids(|event| matches!(event, Event::Observed(_)))).await?;
    Ok(Batch {
        keys,
        rows: rows.into_iter().map(|stored| (stored.row.id.clone(), Some(stored))).collect(),
        changed: BTreeSet::new(),
        written,
        edges: BTreeMap::new(),
        requests: requests.into_iter().collect(),
        requested: BTreeSet::new(),
    })
}

impl<'a> Batch<'a> {
    fn take_in(&mut self, object: &ObjectRef, recorded: &'a Recorded) {
        match &recorded.event {
            Event::Operation(_) => self.requested(object.id(), recorded.position),
            Event::Observed(observed) => self.observed(object, observed, recorded),
            Event::Batch(_)
            | Event::Cluster(_)
            | Event::User(_)
            | Event::Projection(_)
            | Event::Access(_)
            | Event::DataKey(_) => {}
        }
    }

    fn requested(&mut self, id: String, position: i64) {
        let requests = self.requests.entry(id.clone()).or_default();
        *requests += 1;
        if let Some(Some(stored)) = self.rows.get_mut(&id) {
            stored.requests = *requests;
            stored.position = position;
            stored.set_version();
            self.changed.insert(id.clone());
        }
        self.requested.insert(id);
    }

    fn observed(&mut self, object: &ObjectRef, event: &'a ObservedEvent, recorded: &Recorded) {
        let id = object.id();
        if let Some(seen) = Observation::of(event) {
            self.written.observed(&id, seen, recorded);
        }
        match event {
            ObservedEvent::WorkloadManifestObserved { manifest, .. } => {
                self.edges.insert(id, edges::of(object, manifest));
            }
            ObservedEvent::ObjectObserved { manifest, .. } => {
                self.edges.insert(id.clone(), edges::of(object, manifest));
                let requests = self.requests.get(&id).copied().unwrap_or_default();
                let before = self.rows.remove(&id).flatten();
                let row = appeared(object, event, before, requests, self.keys, recorded);
                self.rows.insert(id.clone(), row);
                self.changed.insert(id);
            }
            ObservedEvent::ObjectStatusObserved { uid, report, .. } => {
                let stored = self.rows.get_mut(&id).and_then(Option::as_mut).filter(|stored| stored.row.uid == *uid);
                if let (Some(stored), Some(manifest)) = (stored, self.written.manifest(&id)) {
                    stored.report(object, manifest, report, recorded);
                    self.changed.insert(id);
                }
            }
            ObservedEvent::WorkloadGone { .. }
            | ObservedEvent::ObjectGone { .. }
            | ObservedEvent::ObjectReleased { .. } => {
                self.written.gone(&id);
                self.edges.insert(id.clone(), Vec::new());
                self.rows.insert(id, None);
            }
            ObservedEvent::WorkloadStatusObserved { .. }
            | ObservedEvent::PodObserved { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. } => {}
        }
    }

    async fn store(&self, db: &mut PgConnection) -> Result<(), Error> {
        let rows: Vec<&Stored> = self.changed.iter().filter_map(|id| self.rows.get(id)?.as_ref()).collect();
        let gone: Vec<String> = self.rows.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| id.clone()).collect();
        let requests =
            self.requested.iter().filter_map(|id| Some(RequestRow { id, requests: *self.requests.get(id)? }));
        let (said, edges): (Vec<String>, Vec<&Vec<EdgeRow>>) =
            self.edges.iter().map(|(id, edges)| (id.clone(), edges)).unzip();
        save(db, OBJECTS, &rows).await?;
        save(db, REQUESTS, &requests.collect::<Vec<_>>()).await?;
        remove(db, OBJECTS, "id", &gone).await?;
        remove(db, EDGES, "id", &said).await?;
        save(db, EDGES, &edges.into_iter().flatten().collect::<Vec<_>>()).await?;
        self.written.store(db).await
    }
}

/// The row after the manifest was observed. `before` is the last row, if there was one.
fn appeared(
    object: &ObjectRef,
    event: &ObservedEvent,
    before: Option<Stored>,
    requests: i64,
    keys: &Ring,
    recorded: &Recorded,
) -> Option<Stored> {
    let ObservedEvent::ObjectObserved { uid, created_at, manifest_hash, manifest, report, .. } = event else {
        return None;
    };
    let before = before.filter(|stored| stored.row.uid == *uid);
    let seen = Object { name: &object.name, uid, created_at: *created_at, facts: report.as_ref() };
    let status = evaluate(&object.kind, &seen, manifest, before.as_ref().map(|stored| &stored.row.status));
    let labels = Place::of(manifest).at(&["metadata", "labels"]).value();
    let row = ObjectRow {
        id: object.id(),
        cluster: object.cluster.to_string(),
        namespace: object.namespace.clone().unwrap_or_default(),
        kind: object.kind.clone(),
        name: object.name.clone(),
        uid: uid.clone(),
        version: String::new(),
        state: status.state,
        rank: status.state.rank(),
        state_since: before.as_ref().and_then(|stored| stored.state_since(status.state, recorded.recorded_at)),
        status,
        owner: controller_of(object, &report.owners).map(|owner| owner.id()),
        labels: labels.filter(|labels| labels.is_object()).cloned().unwrap_or(json!({})),
        columns: report.columns.clone(),
        created_at: *created_at,
        added_position: before.as_ref().map_or(recorded.position, |stored| stored.row.added_position),
    };
    let (generation, content, position) = (report.generation, content(manifest_hash, keys), recorded.position);
    let mut stored = Stored { row, generation, requests, content, position };
    stored.set_version();
    Some(stored)
}

impl Stored {
    fn report(&mut self, object: &ObjectRef, manifest: &Value, report: &Report, recorded: &Recorded) {
        let seen = Object { name: &object.name, uid: &self.row.uid, created_at: self.row.created_at, facts: report };
        let status = evaluate(&object.kind, &seen, manifest, Some(&self.row.status));
        self.row.state_since = self.state_since(status.state, recorded.recorded_at);
        self.row.state = status.state;
        self.row.rank = status.state.rank();
        self.row.status = status;
        self.row.owner = controller_of(object, &report.owners).map(|owner| owner.id());
        self.row.columns = report.columns.clone();
        self.generation = report.generation;
        self.position = recorded.position;
    }

    /// Since when it has the state after an event.
    fn state_since(&self, state: ObjectState, recorded_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.row.state == state { self.row.state_since } else { Some(recorded_at) }
    }

    fn set_version(&mut self) {
        let Self { row, requests, content, .. } = self;
        let version = ObjectVersion { requests: requests.unsigned_abs(), content, uid: &row.uid };
        row.version = version.to_string();
    }
}
