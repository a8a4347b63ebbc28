//! From Kubernetes objects to what is stored of them: pure functions on JSON.

mod autoscaler;
mod cron_job;
mod daemon_set;
mod deployment;
mod event;
pub mod facts;
mod job;
mod managers;
mod meta;
mod pod;
mod replica_set;
mod stateful_set;

use chrono::{DateTime, Utc};
use domain::core::canonical::canonical;
use domain::{
    core::ids::ClusterId,
    kubernetes::{
        object::ObjectRef,
        observed::{ContainerSnapshot, ObservedEvent, PodSnapshot, WorkloadState, WorkloadStatus},
        resource::Resource,
        secret,
    },
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The reference to an object of `kind` in `cluster`. None if its names are not valid Kubernetes names.
pub fn reference(cluster: &ClusterId, kind: &Resource, object: &Value) -> Option<ObjectRef> {
    let namespace = text(object, "/metadata/namespace").map(str::to_owned);
    let name = text(object, "/metadata/name")?.to_owned();
    ObjectRef { cluster: cluster.clone(), kind: kind.clone(), namespace, name }.checked()
}

/// Whether a watch of `kind` keeps this object. A ReplicaSet of a Deployment is a detail of it, not a workload.
pub fn is_kept(kind: &Resource, object: &Value) -> bool {
    *kind != Resource::REPLICA_SET || owner(object).is_none_or(|(owner, _)| owner != "Deployment")
}

/// The observation of an object of `kind`. None if it lacks mandatory metadata.
pub fn observe(cluster: &ClusterId, kind: &Resource, mut object: Value) -> Option<ObservedEvent> {
    let uid = text(&object, "/metadata/uid")?.to_owned();
    let resource_version = text(&object, "/metadata/resourceVersion")?.to_owned();
    let created_at = time(&object, "/metadata/creationTimestamp")?;
    if *kind == Resource::POD {
        return Some(ObservedEvent::PodObserved { uid, resource_version, pod: pod(cluster, &object, created_at) });
    }
    if *kind == Resource::NAMESPACE {
        let phase = text(&object, "/status/phase").unwrap_or("Active").to_owned();
        return Some(ObservedEvent::NamespaceObserved { uid, resource_version, created_at, phase });
    }
    if !kind.is_workload() {
        return None;
    }
    let status = status(kind, &object);
    let generation = object.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or_default();
    strip(&mut object);
    let manifest_hash = hash(&object)?;
    Some(ObservedEvent::WorkloadManifestObserved {
        uid,
        resource_version,
        generation,
        created_at,
        manifest_hash,
        manifest: object,
        status,
    })
}

/// Removes everything outside the manifest, and every secret.
fn strip(object: &mut Value) {
    secret::redact(object);
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["resourceVersion", "generation", "selfLink"] {
            metadata.remove(field);
        }
    }
}

fn hash(manifest: &Value) -> Option<String> {
    let bytes = canonical(manifest).ok()?;
    Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The state of a workload, from its own status alone.
pub fn status(kind: &Resource, object: &Value) -> WorkloadStatus {
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        return judged(WorkloadState::Deleting, Some("it is being deleted".to_owned()), counts(kind, object));
    }
    let generation = number(object, "/metadata/generation");
    if !kind.capabilities().suspend && number(object, "/status/observedGeneration") < generation {
        let reason = "its controller has not taken in the change yet".to_owned();
        return judged(WorkloadState::Progressing, Some(reason), counts(kind, object));
    }
    match kind.kind() {
        "Deployment" => deployment(object),
        "StatefulSet" | "ReplicaSet" => replicated(kind, object),
        "DaemonSet" => daemon_set(object),
        "Job" => job(object),
        "CronJob" => cron_job(object),
        _ => judged(WorkloadState::Unknown, None, (None, None)),
    }
}

fn counts(kind: &Resource, object: &Value) -> (Option<i32>, Option<i32>) {
    match kind.kind() {
        "Deployment" | "StatefulSet" | "ReplicaSet" => {
            (Some(desired(object)), Some(number(object, "/status/readyReplicas")))
        }
        "DaemonSet" => {
            (Some(number(object, "/status/desiredNumberScheduled")), Some(number(object, "/status/numberReady")))
        }
        "Job" => (
            Some(object.pointer("/spec/completions").map_or(1, |_| number(object, "/spec/completions"))),
            Some(number(object, "/status/succeeded")),
        ),
        _ => (None, None),
    }
}

fn judged(
    state: WorkloadState,
    reason: Option<String>,
    (desired, ready): (Option<i32>, Option<i32>),
) -> WorkloadStatus {
    WorkloadStatus { state, reason, desired, ready }
}

fn desired(object: &Value) -> i32 {
    object.pointer("/spec/replicas").map_or(1, |_| number(object, "/spec/replicas"))
}

fn deployment(object: &Value) -> WorkloadStatus {
    let counts = counts(&Resource::DEPLOYMENT, object);
    let failed = condition(object, "Progressing")
        .filter(|progressing| text(progressing, "/reason") == Some("ProgressDeadlineExceeded"));
    if let Some(failed) = failed {
        return judged(WorkloadState::Failed, text(failed, "/message").map(str::to_owned), counts);
    }
    if let Some(failure) = condition(object, "ReplicaFailure").filter(|found| text(found, "/status") == Some("True")) {
        return judged(WorkloadState::Degraded, text(failure, "/message").map(str::to_owned), counts);
    }
    rolled_out(object, counts, number(object, "/status/updatedReplicas"))
}

fn replicated(kind: &Resource, object: &Value) -> WorkloadStatus {
    let is_updating = *kind == Resource::STATEFUL_SET
        && text(object, "/status/updateRevision") != text(object, "/status/currentRevision")
        && text(object, "/spec/updateStrategy/type") != Some("OnDelete");
    let updated =
        if is_updating { number(object, "/status/updatedReplicas") } else { number(object, "/status/replicas") };
    rolled_out(object, counts(kind, object), updated)
}

fn rolled_out(object: &Value, counts: (Option<i32>, Option<i32>), updated: i32) -> WorkloadStatus {
    let (desired, ready) = (counts.0.unwrap_or_default(), counts.1.unwrap_or_default());
    let total = number(object, "/status/replicas");
    if desired == 0 && total == 0 {
        return judged(WorkloadState::Stopped, None, counts);
    }
    if total > desired {
        let reason = format!("{} of {total} replicas are going away", total - desired);
        return judged(WorkloadState::Progressing, Some(reason), counts);
    }
    if updated < desired || ready < desired {
        let paused =
            if object.pointer("/spec/paused") == Some(&Value::Bool(true)) { ", the rollout is paused" } else { "" };
        let reason = format!("{} of {desired} replicas are ready{paused}", ready.min(updated));
        return judged(WorkloadState::Progressing, Some(reason), counts);
    }
    judged(WorkloadState::Running, None, counts)
}

fn daemon_set(object: &Value) -> WorkloadStatus {
    let counts = counts(&Resource::DAEMON_SET, object);
    let (desired, ready) = (counts.0.unwrap_or_default(), counts.1.unwrap_or_default());
    let updated = number(object, "/status/updatedNumberScheduled");
    if updated < desired || ready < desired {
        let reason = format!("{} of {desired} pods are ready", ready.min(updated));
        return judged(WorkloadState::Progressing, Some(reason), counts);
    }
    judged(WorkloadState::Running, None, counts)
}

fn job(object: &Value) -> WorkloadStatus {
    let counts = counts(&Resource::JOB, object);
    let holds = |kind| condition(object, kind).filter(|found| text(found, "/status") == Some("True"));
    if let Some(failed) = holds("Failed") {
        return judged(WorkloadState::Failed, text(failed, "/message").map(str::to_owned), counts);
    }
    if holds("Complete").is_some() {
        return judged(WorkloadState::Completed, None, counts);
    }
    if object.pointer("/spec/suspend") == Some(&Value::Bool(true)) {
        return judged(WorkloadState::Suspended, None, counts);
    }
    judged(WorkloadState::Progressing, Some(format!("{} pods are active", number(object, "/status/active"))), counts)
}

fn cron_job(object: &Value) -> WorkloadStatus {
    if object.pointer("/spec/suspend") == Some(&Value::Bool(true)) {
        return judged(WorkloadState::Suspended, None, (None, None));
    }
    judged(WorkloadState::Running, None, (None, None))
}

/// A pod, reduced to what the screen shows.
fn pod(cluster: &ClusterId, object: &Value, created_at: DateTime<Utc>) -> PodSnapshot {
    let is_going = object.pointer("/metadata/deletionTimestamp").is_some();
    let containers = containers(object);
    PodSnapshot {
        created_at,
        workload: workload_of(cluster, object).map(|workload| workload.id()),
        labels: object.pointer("/metadata/labels").cloned().unwrap_or_default(),
        phase: if is_going { "Terminating" } else { text(object, "/status/phase").unwrap_or("Unknown") }.to_owned(),
        ready: !is_going && condition(object, "Ready").is_some_and(|ready| text(ready, "/status") == Some("True")),
        restarts: containers.iter().map(|container| container.restarts).sum(),
        reason: pod_reason(object, &containers),
        node: text(object, "/spec/nodeName").map(str::to_owned),
        containers,
    }
}

/// The workload that owns a pod. A pod of a Deployment names its ReplicaSet, whose name is that of the Deployment and
/// the pod template hash.
fn workload_of(cluster: &ClusterId, pod: &Value) -> Option<ObjectRef> {
    let (kind, name) = owner(pod)?;
    let hash = text(pod, "/metadata/labels/pod-template-hash");
    let deployment = hash.and_then(|hash| name.strip_suffix(hash)?.strip_suffix('-'));
    let (kind, name) = match (kind, deployment) {
        ("ReplicaSet", Some(deployment)) => (Resource::DEPLOYMENT, deployment),
        (kind, _) => (kind.parse().ok().filter(|kind: &Resource| kind.is_workload())?, name),
    };
    let namespace = text(pod, "/metadata/namespace").map(str::to_owned);
    Some(ObjectRef { cluster: cluster.clone(), kind, namespace, name: name.to_owned() })
}

fn owner(object: &Value) -> Option<(&str, &str)> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let owner = owners.iter().find(|owner| owner.get("controller") == Some(&Value::Bool(true)))?;
    Some((text(owner, "/kind")?, text(owner, "/name")?))
}

fn containers(pod: &Value) -> Vec<ContainerSnapshot> {
    let statuses = pod.pointer("/status/containerStatuses").and_then(Value::as_array);
    let specs = pod.pointer("/spec/containers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    specs
        .iter()
        .filter_map(|spec| {
            let name = text(spec, "/name")?;
            let status = statuses.and_then(|all| all.iter().find(|status| text(status, "/name") == Some(name)));
            Some(container(name, spec, status))
        })
        .collect()
}

fn container(name: &str, spec: &Value, status: Option<&Value>) -> ContainerSnapshot {
    let state = status.and_then(|status| status.get("state")).and_then(Value::as_object);
    let (state, detail) = state
        .and_then(|state| state.iter().next())
        .map_or(("waiting", &Value::Null), |(state, detail)| (state.as_str(), detail));
    ContainerSnapshot {
        name: name.to_owned(),
        image: text(spec, "/image").unwrap_or_default().to_owned(),
        ready: status.is_some_and(|status| status.get("ready") == Some(&Value::Bool(true))),
        restarts: status.map_or(0, |status| number(status, "/restartCount")),
        state: state.to_owned(),
        reason: text(detail, "/reason").map(str::to_owned),
    }
}

fn pod_reason(pod: &Value, containers: &[ContainerSnapshot]) -> Option<String> {
    let waiting = containers
        .iter()
        .filter(|container| !container.ready)
        .find_map(|container| container.reason.clone().filter(|reason| reason != "Completed"));
    let unscheduled = || {
        condition(pod, "PodScheduled")
            .filter(|scheduled| text(scheduled, "/status") == Some("False"))
            .and_then(|scheduled| text(scheduled, "/reason"))
            .map(str::to_owned)
    };
    text(pod, "/status/reason").map(str::to_owned).or(waiting).or_else(unscheduled)
}

/// Whether the reason of a pod is a problem and not a normal step of its start.
pub fn is_problem(reason: &str) -> bool {
    !matches!(reason, "ContainerCreating" | "PodInitializing" | "Completed")
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object.pointer("/status/conditions")?.as_array()?;
    conditions.iter().find(|condition| text(condition, "/type") == Some(kind))
}

fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}

fn number(object: &Value, pointer: &str) -> i32 {
    object.pointer(pointer).and_then(Value::as_i64).and_then(|n| n.try_into().ok()).unwrap_or_default()
}

fn time(object: &Value, pointer: &str) -> Option<DateTime<Utc>> {
    text(object, pointer)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn deployment_with(spec: Value, status: Value) -> WorkloadStatus {
        let object = json!({"metadata": {"generation": 2}, "spec": spec, "status": status});
        super::status(&Resource::DEPLOYMENT, &object)
    }

    #[test]
    fn a_deployment_is_judged_by_its_replicas() {
        let seen = |replicas, updated, ready| json!({"observedGeneration": 2, "replicas": replicas, "updatedReplicas": updated, "readyReplicas": ready});
        let cases = [
            (3, seen(3, 3, 3), WorkloadState::Running),
            (3, seen(3, 3, 1), WorkloadState::Progressing),
            (3, seen(4, 1, 3), WorkloadState::Progressing),
            (0, seen(2, 2, 2), WorkloadState::Progressing),
            (0, json!({"observedGeneration": 2}), WorkloadState::Stopped),
            (3, json!({"observedGeneration": 1, "replicas": 3, "readyReplicas": 3}), WorkloadState::Progressing),
        ];
        for (desired, status, expected) in cases {
            let judged = deployment_with(json!({"replicas": desired}), status.clone());
            assert_eq!(judged.state, expected, "{desired} {status}");
            assert_eq!(judged.reason.is_none(), matches!(expected, WorkloadState::Running | WorkloadState::Stopped));
        }
    }

    #[test]
    fn a_rollout_past_its_deadline_has_failed_and_says_why() {
        let conditions = json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out"}]);
        let judged = deployment_with(json!({}), json!({"observedGeneration": 2, "conditions": conditions}));
        assert_eq!((judged.state, judged.reason.as_deref()), (WorkloadState::Failed, Some("timed out")));
    }

    #[test]
    fn the_pod_of_a_deployment_knows_it() {
        let pod = json!({"metadata": {
            "namespace": "team", "name": "web-5d9-x", "labels": {"pod-template-hash": "5d9"},
            "ownerReferences": [{"controller": true, "kind": "ReplicaSet", "name": "web-5d9"}],
        }});
        let workload = workload_of(&ClusterId::from_name("dev"), &pod).expect("it has one");
        assert_eq!(workload.id(), "Deployment~dev~team~web");
    }

    #[test]
    fn secrets_and_status_do_not_reach_the_stored_manifest() {
        let object = json!({
            "metadata": {"name": "a", "uid": "u", "resourceVersion": "7", "generation": 1,
                "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [1]},
            "spec": {"template": {"spec": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]}}},
            "status": {"replicas": 1},
        });
        let seen = observe(&ClusterId::from_name("dev"), &Resource::DEPLOYMENT, object).expect("it is complete");
        let ObservedEvent::WorkloadManifestObserved { manifest, .. } = seen else { panic!("wrong event") };
        let text = manifest.to_string();
        assert!(!text.contains("hunter2") && !text.contains("managedFields") && !text.contains("status"), "{text}");
    }
}
