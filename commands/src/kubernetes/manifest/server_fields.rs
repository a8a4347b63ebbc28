//! Removes the fields of a pasted live object that only the server sets.

use domain::kubernetes::secret;
use serde_json::{Map, Value};

/// Fields of `metadata` that the server writes, and owners: the garbage collector removes an object whose owner is gone.
const METADATA: [&str; 10] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "ownerReferences",
    "remainingItemCount",
    "resourceVersion",
    "selfLink",
    "uid",
];
/// Annotations of controllers, and the annotation with the operation id.
const ANNOTATIONS: [&str; 7] = [
    "binnacle.io/operation-id",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deprecated.daemonset.template.generation",
    "batch.kubernetes.io/job-tracking",
];
/// Finalizers that a deletion sets. Others are kept, because a manifest may set them.
const FINALIZERS: [&str; 2] = ["foregroundDeletion", "orphan"];
/// Labels by which a Job finds its own pods. Another Job must not have them.
const JOB_LABELS: [&str; 4] =
    ["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"];

/// Removes server fields. Returns the paths of the removed ones, such as `metadata.uid`. Empty fields, such as `status:
/// {}`, are removed without a path. The label `pod-template-hash` stays, because the selector needs it.
pub fn take_out(manifest: &mut Value) -> Vec<String> {
    let mut removed = Removed(Vec::new());
    removed.fields(manifest, "", &["status"]);
    removed.fields(manifest, "metadata", &METADATA);
    removed.fields(manifest, "metadata.annotations", &ANNOTATIONS);
    removed.finalizers(manifest);
    removed.fields(manifest, "spec.template.metadata", &["creationTimestamp"]);
    removed.fields(manifest, "spec.jobTemplate.metadata", &["creationTimestamp"]);
    removed.fields(manifest, "spec.jobTemplate.spec.template.metadata", &["creationTimestamp"]);
    if manifest["kind"] == "Job" && manifest["spec"]["manualSelector"] != true {
        removed.fields(manifest, "spec", &["selector"]);
        removed.fields(manifest, "metadata.labels", &JOB_LABELS);
        removed.fields(manifest, "spec.template.metadata.labels", &JOB_LABELS);
    }
    removed.0.extend(secret::forget_last_applied(manifest));
    removed.0
}

struct Removed(Vec<String>);

impl Removed {
    fn fields(&mut self, manifest: &mut Value, place: &str, names: &[&str]) {
        let Some(fields) = at(manifest, place) else { return };
        for name in names {
            if fields.remove(*name).is_some_and(|value| !is_empty(&value)) {
                self.0.push(if place.is_empty() { (*name).to_owned() } else { format!("{place}.{name}") });
            }
        }
    }

    fn finalizers(&mut self, manifest: &mut Value) {
        let Some(Value::Array(all)) = at(manifest, "metadata").and_then(|metadata| metadata.get_mut("finalizers"))
        else {
            return;
        };
        let before = all.len();
        all.retain(|finalizer| !finalizer.as_str().is_some_and(|name| FINALIZERS.contains(&name)));
        if all.len() < before {
            self.0.push("metadata.finalizers".to_owned());
        }
    }
}

fn at<'m>(manifest: &'m mut Value, place: &str) -> Option<&'m mut Map<String, Value>> {
    let pointer = if place.is_empty() { String::new() } else { format!("/{}", place.replace('.', "/")) };
    manifest.pointer_mut(&pointer)?.as_object_mut()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
