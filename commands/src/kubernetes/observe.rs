//! Converts Kubernetes objects into recorded observations. One file for each kind reads the facts; [`manifest`]
//! extracts the part that people wrote.

mod autoscaler;
mod cron_job;
mod daemon_set;
mod deployment;
mod event;
pub mod facts;
mod job;
mod managers;
mod manifest;
mod meta;
mod object;
mod pod;
mod replica_set;
mod stateful_set;

use chrono::{DateTime, Utc};
use domain::{
    core::ids::ClusterId,
    kubernetes::{
        manifest::Manifest,
        object::ObjectRef,
        observation::{Autoscaler, FieldManager, FreeText, KubernetesEvent, Pod, Report, Workload},
        resource::Resource,
        secret,
    },
};
pub use manifest::as_written;
use meta::Error;
pub(super) use object::{Described, described};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An object as the server sends it, and what it prints of it: the cells of its table, by the name of their column.
#[derive(Debug, Default)]
pub struct Row {
    pub object: Value,
    pub columns: BTreeMap<String, String>,
}

/// One observed object.
#[derive(Debug)]
pub struct Observation {
    pub object: ObjectRef,
    pub uid: String,
    pub resource_version: String,
    pub created_at: DateTime<Utc>,
    pub facts: Facts,
}

/// The recorded facts of an object, by kind.
#[derive(Debug)]
pub enum Facts {
    Workload {
        workload: Workload,
        /// SHA-256 of the canonical manifest, hex.
        manifest_hash: FreeText,
        /// Without status, and with secrets masked.
        manifest: Manifest,
        managers: Vec<FieldManager>,
    },
    Pod {
        labels: Value,
        pod: Pod,
    },
    /// An object of any other kind.
    Object {
        manifest_hash: FreeText,
        manifest: Manifest,
        managers: Vec<FieldManager>,
        report: Box<Report>,
        /// What an autoscaler does with its workload.
        autoscaler: Option<Autoscaler>,
    },
    Event(KubernetesEvent),
}

/// The reference to an object of `kind` in `cluster`. None if its names are not valid Kubernetes names.
pub fn reference(cluster: &ClusterId, kind: &Resource, object: &Value) -> Option<ObjectRef> {
    let namespace = text(object, "/metadata/namespace").map(str::to_owned);
    let name = text(object, "/metadata/name")?.to_owned();
    ObjectRef { cluster: cluster.clone(), kind: kind.clone(), namespace, name }.checked()
}

/// The observation of an object of `kind` at `now`. Ok(None) if it lacks mandatory metadata.
pub fn observe(
    cluster: &ClusterId,
    kind: &Resource,
    row: Row,
    now: DateTime<Utc>,
) -> Result<Option<Observation>, Error> {
    let Row { object, columns } = row;
    let mandatory = || {
        let uid = text(&object, "/metadata/uid")?.to_owned();
        let resource_version = text(&object, "/metadata/resourceVersion")?.to_owned();
        let created_at = text(&object, "/metadata/creationTimestamp")?.parse().ok()?;
        Some((reference(cluster, kind, &object)?, uid, resource_version, created_at))
    };
    let Some((reference, uid, resource_version, created_at)) = mandatory() else { return Ok(None) };
    let facts = match kind {
        kind if *kind == Resource::POD => Facts::Pod { labels: labels(&object), pod: facts::pod(&object, now)? },
        kind if *kind == Resource::EVENT => Facts::Event(facts::event(&object)?),
        kind if kind.is_workload() => {
            let (workload, managers) = (facts::workload(kind, &object)?, facts::managers(&object));
            let (manifest_hash, manifest) = manifest::of(object)?;
            Facts::Workload { workload, manifest_hash, manifest, managers }
        }
        kind => {
            let autoscaler = (*kind == Resource::AUTOSCALER).then(|| facts::autoscaler(&object)).transpose()?;
            let Described { manifest_hash, manifest, managers, report } = described(kind, object, columns)?;
            Facts::Object { manifest_hash, manifest, managers, report: Box::new(report), autoscaler }
        }
    };
    Ok(Some(Observation { object: reference, uid, resource_version, created_at, facts }))
}

/// The manifest of an object of any kind but workloads and pods, and the report about it, as the server sends it.
pub fn reported(kind: &Resource, object: Value) -> Result<(Manifest, Report), Error> {
    let Described { manifest, report, .. } = described(kind, object, BTreeMap::new())?;
    Ok((manifest, report))
}

/// The labels as a manifest keeps them: plain secrets are masked.
fn labels(object: &Value) -> Value {
    let labels = object.pointer("/metadata/labels").cloned().unwrap_or_default();
    let mut manifest = json!({"metadata": {"labels": labels}});
    secret::redact(&mut manifest);
    manifest["metadata"]["labels"].take()
}

fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_label_is_masked_and_other_labels_are_as_they_are() {
        let object = json!({"metadata": {"labels": {"app": "web", "x": "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}}});
        assert_eq!(labels(&object), json!({"app": "web", "x": "<redacted>"}));
        assert_eq!(labels(&json!({"metadata": {}})), Value::Null);
    }

    #[test]
    fn an_autoscaler_is_an_object_and_evidence_for_its_workload() {
        let object = serde_json::from_str(include_str!("observe/samples/autoscaler.json")).expect("a sample");
        let columns = BTreeMap::from([("Replicas".to_owned(), "1".to_owned())]);
        let (cluster, row) = (ClusterId::from_name("dev"), Row { object, columns });
        let seen = observe(&cluster, &Resource::AUTOSCALER, row, Utc::now()).expect("readable").expect("an object");
        let Facts::Object { report, autoscaler, .. } = seen.facts else { panic!("it is an object") };
        assert_eq!(autoscaler.map(|facts| facts.target_name).as_deref(), Some("autoscaled"));
        assert_eq!((report.conditions.len(), report.columns["Replicas"].as_str()), (2, "1"));
        assert_eq!(*report.status, json!({"currentReplicas": 1, "desiredReplicas": 0}));
    }
}
