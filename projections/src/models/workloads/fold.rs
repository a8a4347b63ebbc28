//! The fold of observed events and requests into workload rows. It evaluates state and cause, so that a rebuild
//! corrects them after a rule has improved.

use super::{COLUMNS, Workload};
use crate::{
    Error,
    engine::projection::{Projection, Table, remove, save},
    models::{
        content::content,
        forgotten::{CATEGORY, CLUSTERS, Gone, parts, remove_cluster},
        object_state::of_workload,
        owner::controller_of,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        event::{Event, Recorded},
        sealing::{KeyScope, Ring},
        version::Version,
    },
    kubernetes::{
        object::ObjectRef,
        observation::{Object, WorkloadSnapshot},
        observed::ObservedEvent,
        status::{self, State, Status},
    },
    operation::{OperationEvent, Remembered},
};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, types::Json};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const WORKLOADS: Table = Table { name: "workloads", key: &["id"], of_objects: true };
const TARGETS: Table = Table { name: "targets", key: &["id"], of_objects: true };

pub struct Workloads;

impl Projection for Workloads {
    fn name(&self) -> &'static str {
        "workloads"
    }

    fn version(&self) -> i32 {
        11
    }

    fn tables(&self) -> &'static [Table] {
        &[WORKLOADS, TARGETS]
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
#[derive(Default, Serialize, FromRow)]
struct TargetRow {
    id: String,
    requests: i64,
    remembers_replicas: bool,
}

/// A row with the columns that lists do not need.
#[derive(Serialize)]
struct Stored<'a> {
    #[serde(flatten)]
    row: &'a Workload,
    snapshot: &'a WorkloadSnapshot,
    /// Its place in lists of all kinds.
    object_rank: i16,
}

/// The changes of a batch to its objects. None: the object is gone.
struct Batch<'a> {
    keys: &'a Ring,
    rows: BTreeMap<String, Option<Workload>>,
    snapshots: BTreeMap<String, Cow<'a, WorkloadSnapshot>>,
    targets: BTreeMap<String, TargetRow>,
    requested: BTreeSet<String>,
}

async fn apply(db: &mut PgConnection, keys: &Ring, events: &[Arc<Recorded>]) -> Result<(), Error> {
    for (part, gone) in parts(events) {
        take_in(db, keys, part).await?;
        // Rows of existing workloads return with their next observation.
        if let Some((cluster, namespace)) = gone.and_then(Gone::values).and_then(KeyScope::namespace) {
            let delete = sqlx::query("DELETE FROM workloads WHERE scope = $1").bind(format!("{cluster}/{namespace}"));
            delete.execute(&mut *db).await?;
        }
        if let Some(cluster) = gone.and_then(Gone::cluster) {
            remove_cluster(db, &[WORKLOADS], cluster).await?;
        }
    }
    Ok(())
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

/// The workload of an event, if the event changes its row.
fn target(event: &Recorded) -> Option<ObjectRef> {
    let matters = match &event.event {
        Event::Operation(operation) => matches!(
            operation,
            OperationEvent::OperationRequested { .. } | OperationEvent::OperationStageSucceeded { .. }
        ),
        Event::Observed(_) => true,
        Event::Batch(_)
        | Event::Cluster(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::Access(_)
        | Event::DataKey(_) => false,
    };
    let object = if matters { ObjectRef::from_stream(&event.stream)? } else { return None };
    object.kind.is_workload().then_some(object)
}

async fn load<'a>(
    db: &mut PgConnection,
    keys: &'a Ring,
    touched: &[(ObjectRef, &Recorded)],
) -> Result<Batch<'a>, Error> {
    let ids = ids_of(touched, |_| true);
    let sql = format!("SELECT {COLUMNS} FROM workloads WHERE id = ANY ($1)");
    let rows: Vec<Workload> = sqlx::query_as(AssertSqlSafe(sql)).bind(&ids).fetch_all(&mut *db).await?;
    // Only a request needs the stored snapshot. An observation brings a new one, and an unchanged row is not stored.
    let requested = ids_of(touched, |event| matches!(event, Event::Operation(_)));
    let sql = "SELECT id, snapshot FROM workloads WHERE id = ANY ($1)";
    let snapshots: Vec<(String, Json<WorkloadSnapshot>)> =
        sqlx::query_as(sql).bind(&requested).fetch_all(&mut *db).await?;
    let sql = "SELECT id, requests, remembers_replicas FROM targets WHERE id = ANY ($1)";
    let targets: Vec<TargetRow> = sqlx::query_as(sql).bind(&ids).fetch_all(db).await?;
    Ok(Batch {
        rows: rows.into_iter().map(|row| (row.id.clone(), Some(row))).collect(),
        snapshots: snapshots.into_iter().map(|(id, Json(snapshot))| (id, Cow::Owned(snapshot))).collect(),
        targets: targets.into_iter().map(|target| (target.id.clone(), target)).collect(),
        keys,
        requested: BTreeSet::new(),
    })
}

/// The ids of the objects that these events are about, each once.
fn ids_of(touched: &[(ObjectRef, &Recorded)], is_meant: impl Fn(&Event) -> bool) -> Vec<String> {
    let meant = touched.iter().filter(|(_, event)| is_meant(&event.event));
    let ids: BTreeSet<String> = meant.map(|(object, _)| object.id()).collect();
    ids.into_iter().collect()
}

impl<'a> Batch<'a> {
    fn take_in(&mut self, object: &ObjectRef, event: &'a Recorded) {
        match &event.event {
            Event::Operation(OperationEvent::OperationRequested { .. }) => self.requested(object.id(), event.position),
            Event::Operation(OperationEvent::OperationStageSucceeded { stage, remembered, .. }) => {
                let target = self.target(object.id());
                target.remembers_replicas =
                    Remembered::is_kept_after(target.remembers_replicas, *stage, remembered.as_ref());
            }
            Event::Operation(_)
            | Event::Batch(_)
            | Event::Cluster(_)
            | Event::User(_)
            | Event::Projection(_)
            | Event::Access(_)
            | Event::DataKey(_) => {}
            Event::Observed(observed) => self.observed(object, observed, event),
        }
    }

    fn target(&mut self, id: String) -> &mut TargetRow {
        self.requested.insert(id.clone());
        self.targets.entry(id.clone()).or_insert_with(|| TargetRow { id, ..TargetRow::default() })
    }

    fn requested(&mut self, id: String, position: i64) {
        let target = self.target(id.clone());
        target.requests += 1;
        let requests = target.requests;
        if let Some(Some(row)) = self.rows.get_mut(&id) {
            row.requests = requests;
            row.version = version(row);
            row.position = position;
        }
    }

    fn observed(&mut self, object: &ObjectRef, event: &'a ObservedEvent, recorded: &Recorded) {
        let id = object.id();
        match event {
            ObservedEvent::WorkloadManifestObserved { uid, manifest_hash, snapshot, .. } => {
                let before = self.rows.remove(&id).flatten().filter(|row| row.uid == *uid);
                let requests = self.targets.get(&id).map_or(0, |target| target.requests);
                let row = appeared(object, event, before.as_ref(), requests, recorded);
                let content = content(manifest_hash, self.keys);
                self.rows.insert(id.clone(), row.map(|row| Workload { content, ..row }));
                self.snapshots.insert(id, Cow::Borrowed(snapshot.as_ref()));
            }
            ObservedEvent::WorkloadStatusObserved { uid, snapshot, .. } => {
                let row = self.rows.get_mut(&id).and_then(Option::as_mut).filter(|row| row.uid == *uid);
                if let Some(row) = row {
                    set_snapshot(object, row, snapshot, recorded.recorded_at);
                    row.position = recorded.position;
                    self.snapshots.insert(id, Cow::Borrowed(snapshot.as_ref()));
                }
            }
            ObservedEvent::WorkloadGone { .. } => {
                self.rows.insert(id, None);
            }
            ObservedEvent::PodObserved { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. }
            | ObservedEvent::ObjectObserved { .. }
            | ObservedEvent::ObjectStatusObserved { .. }
            | ObservedEvent::ObjectGone { .. }
            | ObservedEvent::ObjectReleased { .. } => {}
        }
    }

    async fn store(&self, db: &mut PgConnection) -> Result<(), Error> {
        let changed = self.rows.values().flatten();
        let rows: Vec<Stored> = changed
            .filter_map(|row| {
                let object_rank = of_workload(row.state).rank();
                Some(Stored { row, snapshot: self.snapshots.get(&row.id)?, object_rank })
            })
            .collect();
        let gone: Vec<String> = self.rows.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| id.clone()).collect();
        let targets: Vec<&TargetRow> = self.requested.iter().filter_map(|id| self.targets.get(id)).collect();
        save(db, WORKLOADS, &rows).await?;
        save(db, TARGETS, &targets).await?;
        remove(db, WORKLOADS, "id", &gone).await
    }
}

/// The row after its manifest was observed. `before` is the row of the same incarnation.
fn appeared(
    object: &ObjectRef,
    event: &ObservedEvent,
    before: Option<&Workload>,
    requests: i64,
    recorded: &Recorded,
) -> Option<Workload> {
    let ObservedEvent::WorkloadManifestObserved { uid, created_at, manifest, snapshot, .. } = event else {
        return None;
    };
    let this = Object { name: &object.name, uid, created_at: *created_at, facts: snapshot.as_ref() };
    let status = status::of_snapshot(&this, before.map(|row| &row.status));
    let mut row = Workload {
        id: object.id(),
        cluster: object.cluster.to_string(),
        namespace: object.namespace.clone().unwrap_or_default(),
        kind: object.kind.clone(),
        name: object.name.clone(),
        uid: uid.clone(),
        generation: snapshot.workload.generation,
        requests,
        version: String::new(),
        content: String::new(),
        state: status.state,
        rank: status.state.rank(),
        state_since: before.and_then(|row| state_since(row, status.state, recorded.recorded_at)),
        status,
        owner: owner(object, snapshot),
        images: images(manifest),
        labels: manifest.pointer("/metadata/labels").filter(|labels| labels.is_object()).cloned().unwrap_or(json!({})),
        created_at: *created_at,
        added_position: before.map_or(recorded.position, |row| row.added_position),
        position: recorded.position,
    };
    row.version = version(&row);
    Some(row)
}

/// Since when it has the state after an event. `row` is from before it.
fn state_since(row: &Workload, state: State, recorded_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if row.state == state { row.state_since } else { Some(recorded_at) }
}

fn set_snapshot(object: &ObjectRef, row: &mut Workload, snapshot: &WorkloadSnapshot, recorded_at: DateTime<Utc>) {
    let this = Object { name: &object.name, uid: &row.uid, created_at: row.created_at, facts: snapshot };
    let status: Status = status::of_snapshot(&this, Some(&row.status));
    row.generation = snapshot.workload.generation;
    row.version = version(row);
    row.state_since = state_since(row, status.state, recorded_at);
    row.state = status.state;
    row.rank = status.state.rank();
    row.status = status;
    row.owner = owner(object, snapshot);
}

/// The id of the workload that controls it.
fn owner(object: &ObjectRef, snapshot: &WorkloadSnapshot) -> Option<String> {
    let owner = controller_of(object, &snapshot.workload.owners)?;
    owner.kind.is_workload().then(|| owner.id())
}

fn version(row: &Workload) -> String {
    Version { requests: row.requests.unsigned_abs(), generation: row.generation, uid: row.uid.clone() }.to_string()
}

/// The images of a pod template, in order, without repetition; those of init containers last.
fn images(manifest: &Value) -> Vec<String> {
    let spec = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"]
        .into_iter()
        .find_map(|pointer| manifest.pointer(pointer));
    let of = |field: &str| spec.and_then(|spec| spec.get(field)).and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<String> = Vec::new();
    for image in of("containers").chain(of("initContainers")).filter_map(|container| container.get("image")?.as_str()) {
        if !found.iter().any(|known| known == image) {
            found.push(image.to_owned());
        }
    }
    found
}
