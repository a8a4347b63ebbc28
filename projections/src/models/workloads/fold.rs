//! The fold of observed events and requests into workload rows.

use super::{COLUMNS, Workload};
use crate::{
    Error,
    engine::projection::{Projection, Table, remove, save},
};
use domain::{
    core::{
        event::{Event, Recorded},
        version::Version,
    },
    kubernetes::{
        object::ObjectRef,
        observed::{ObservedEvent, WorkloadStatus},
    },
    operation::OperationEvent,
};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const WORKLOADS: Table = Table { name: "workloads", key: &["id"] };
const MANIFESTS: Table = Table { name: "manifests", key: &["id"] };
const TARGETS: Table = Table { name: "targets", key: &["id"] };

pub struct Workloads;

impl Projection for Workloads {
    fn name(&self) -> &'static str {
        "workloads"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [Table] {
        &[WORKLOADS, MANIFESTS, TARGETS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed", "target"]
    }

    fn apply<'a>(&self, db: &'a mut PgConnection, events: &'a [Arc<Recorded>]) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

#[derive(Serialize)]
struct TargetRow<'a> {
    id: &'a str,
    requests: i64,
}

#[derive(Serialize)]
struct ManifestRow<'a> {
    id: &'a str,
    hash: &'a str,
    manifest: &'a Value,
    position: i64,
}

/// What a batch changes in the objects it touches. None: the object is gone.
#[derive(Default)]
struct Batch<'a> {
    rows: BTreeMap<String, Option<Workload>>,
    manifests: BTreeMap<String, (&'a str, &'a Value, i64)>,
    requests: BTreeMap<String, i64>,
    asked: BTreeSet<String>,
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(ObjectRef, &Recorded)> =
        events.iter().filter_map(|event| Some((target(event)?, event.as_ref()))).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let mut batch = load(db, &touched).await?;
    for (object, event) in touched {
        batch.take_in(&object, event);
    }
    batch.store(db).await
}

/// The workload of an event, if the event changes its row.
fn target(event: &Recorded) -> Option<ObjectRef> {
    let matters = match &event.event {
        Event::Operation(operation) => matches!(operation, OperationEvent::OperationRequested { .. }),
        Event::Observed(_) => true,
        Event::Cluster(_) | Event::User(_) | Event::Projection(_) => false,
    };
    let object = if matters { ObjectRef::from_stream(&event.stream)? } else { return None };
    object.kind.is_workload().then_some(object)
}

async fn load<'a>(db: &mut PgConnection, touched: &[(ObjectRef, &Recorded)]) -> Result<Batch<'a>, Error> {
    let ids: BTreeSet<String> = touched.iter().map(|(object, _)| object.id()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let sql = format!("SELECT {COLUMNS} FROM workloads WHERE id = ANY ($1)");
    let rows: Vec<Workload> = sqlx::query_as(AssertSqlSafe(sql)).bind(&ids).fetch_all(&mut *db).await?;
    let requests: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, requests FROM targets WHERE id = ANY ($1)").bind(&ids).fetch_all(db).await?;
    Ok(Batch {
        rows: rows.into_iter().map(|row| (row.id.clone(), Some(row))).collect(),
        requests: requests.into_iter().collect(),
        ..Batch::default()
    })
}

impl<'a> Batch<'a> {
    fn take_in(&mut self, object: &ObjectRef, event: &'a Recorded) {
        match &event.event {
            Event::Operation(_) => self.asked_for(object.id(), event.position),
            Event::Observed(observed) => self.observed(object, observed, event.position),
            Event::Cluster(_) | Event::User(_) | Event::Projection(_) => {}
        }
    }

    fn asked_for(&mut self, id: String, position: i64) {
        let requests = self.requests.entry(id.clone()).or_default();
        *requests += 1;
        if let Some(Some(row)) = self.rows.get_mut(&id) {
            row.requests = *requests;
            row.version = version(row);
            row.position = position;
        }
        self.asked.insert(id);
    }

    fn observed(&mut self, object: &ObjectRef, event: &'a ObservedEvent, position: i64) {
        let id = object.id();
        match event {
            ObservedEvent::WorkloadManifestObserved { manifest_hash, manifest, .. } => {
                let before = self.rows.remove(&id).flatten();
                let requests = self.requests.get(&id).copied().unwrap_or_default();
                self.rows.insert(id.clone(), appeared(object, event, before.as_ref(), requests, position));
                self.manifests.insert(id, (manifest_hash, manifest, position));
            }
            ObservedEvent::WorkloadStatusObserved { uid, generation, status, .. } => {
                if let Some(Some(row)) =
                    self.rows.get_mut(&id).filter(|row| row.as_ref().is_some_and(|r| r.uid == *uid))
                {
                    row.generation = *generation;
                    row.position = position;
                    row.version = version(row);
                    set_status(row, status);
                }
            }
            ObservedEvent::WorkloadGone { .. } => {
                self.manifests.remove(&id);
                self.rows.insert(id, None);
            }
            ObservedEvent::PodObserved { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. } => {}
        }
    }

    async fn store(&self, db: &mut PgConnection) -> Result<(), Error> {
        let rows: Vec<&Workload> = self.rows.values().flatten().collect();
        let gone: Vec<String> = self.rows.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| id.clone()).collect();
        let manifests: Vec<_> = self
            .manifests
            .iter()
            .map(|(id, &(hash, manifest, position))| ManifestRow { id, hash, manifest, position })
            .collect();
        let targets: Vec<_> = self
            .asked
            .iter()
            .map(|id| TargetRow { id, requests: self.requests.get(id).copied().unwrap_or_default() })
            .collect();
        save(db, WORKLOADS, &rows).await?;
        save(db, MANIFESTS, &manifests).await?;
        save(db, TARGETS, &targets).await?;
        remove(db, WORKLOADS, "id", &gone).await?;
        remove(db, MANIFESTS, "id", &gone).await
    }
}

/// The row after its manifest was observed.
fn appeared(
    object: &ObjectRef,
    event: &ObservedEvent,
    before: Option<&Workload>,
    requests: i64,
    position: i64,
) -> Option<Workload> {
    let ObservedEvent::WorkloadManifestObserved { uid, generation, created_at, manifest, status, .. } = event else {
        return None;
    };
    let mut row = Workload {
        id: object.id(),
        cluster: object.cluster.to_string(),
        namespace: object.namespace.clone().unwrap_or_default(),
        kind: object.kind.clone(),
        name: object.name.clone(),
        uid: uid.clone(),
        generation: *generation,
        requests,
        version: String::new(),
        state: status.state,
        reason: None,
        desired_replicas: None,
        ready_replicas: None,
        images: images(manifest),
        labels: manifest.pointer("/metadata/labels").filter(|labels| labels.is_object()).cloned().unwrap_or(json!({})),
        created_at: *created_at,
        added_position: before.filter(|row| row.uid == *uid).map_or(position, |row| row.added_position),
        position,
    };
    row.version = version(&row);
    set_status(&mut row, status);
    Some(row)
}

fn set_status(row: &mut Workload, status: &WorkloadStatus) {
    row.state = status.state;
    row.reason.clone_from(&status.reason);
    row.desired_replicas = status.desired;
    row.ready_replicas = status.ready;
}

fn version(row: &Workload) -> String {
    Version { requests: row.requests.unsigned_abs(), generation: row.generation, uid: row.uid.clone() }.to_string()
}

/// The images of a pod template, in order, without repetition.
fn images(manifest: &Value) -> Vec<String> {
    let spec = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"]
        .into_iter()
        .find_map(|pointer| manifest.pointer(pointer));
    let mut found: Vec<String> = Vec::new();
    let containers = spec.and_then(|spec| spec.get("containers")).and_then(Value::as_array);
    for image in containers.into_iter().flatten().filter_map(|container| container.get("image")?.as_str()) {
        if !found.iter().any(|known| known == image) {
            found.push(image.to_owned());
        }
    }
    found
}
