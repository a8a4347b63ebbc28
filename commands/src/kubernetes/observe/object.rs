//! Objects of kinds without facts of their own: the manifest, and the report of what controllers say about it. What changes
//! while nothing happens is left out of both.

use super::{
    managers, manifest,
    meta::{self, Error},
};
use chrono::{DateTime, Utc};
use domain::kubernetes::{
    manifest::Manifest,
    observation::{Condition, FieldManager, FreeText, Report},
    resource::Resource,
    secret,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Annotations that a leader or a controller renews all the time.
const RENEWED: [&str; 3] = [LAST_UPDATED, "control-plane.alpha.kubernetes.io/leader", LAST_CHANGE];
const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";
/// The cluster autoscaler writes its status, with times in it, into a ConfigMap that has this annotation.
const LAST_UPDATED: &str = "cluster-autoscaler.kubernetes.io/last-updated";

/// Fields of a status that are long or change all the time, and say nothing about the state of the object.
const NOISE: [(&str, &str, &[&str]); 2] = [
    ("", "Node", &["images", "volumesAttached", "volumesInUse"]),
    ("autoscaling", "HorizontalPodAutoscaler", &["currentMetrics"]),
];

/// Parts of the names of fields that hold the time at which a controller last looked, in lower case.
const HEARTBEATS: [&str; 16] = [
    "checkedat",
    "heartbeat",
    "lastactive",
    "lastcheck",
    "lasthandled",
    "lastobserved",
    "lastprobe",
    "lastscan",
    "lastseen",
    "lastsync",
    "lastupdate",
    "lastvalid",
    "observedat",
    "reconcil",
    "refresh",
    "syncedat",
];

/// Before the name of a pod in the words of an autoscaler. It is that of any pod, and another one each time.
const BEFORE_A_POD: [&str; 2] = [" of Pod ", " for pod "];

/// Bytes of a status beside its conditions. A controller may write one of a megabyte each second.
const LONGEST: usize = 64 << 10;

/// What is recorded of an object.
#[derive(Debug)]
pub(in crate::kubernetes) struct Described {
    /// SHA-256 of the canonical manifest, hex.
    pub manifest_hash: FreeText,
    /// Without status, and with secrets masked.
    pub manifest: Manifest,
    pub managers: Vec<FieldManager>,
    pub report: Report,
}

/// What is recorded of an object, as the server sends it with what it prints.
pub(in crate::kubernetes) fn described(
    kind: &Resource,
    mut object: Value,
    columns: BTreeMap<String, String>,
) -> Result<Described, Error> {
    let managers = managers::managers(&object);
    let metadata: ObjectMeta = meta::read(object.get("metadata").unwrap_or(&Value::Null))?;
    let status = object.as_object_mut().and_then(|fields| fields.remove("status"));
    let (observed_generation, conditions, status) = reported(kind, status.unwrap_or_default());
    forget_renewed(&mut object);
    let (manifest_hash, manifest) = manifest::of(object)?;
    let report = Report {
        generation: metadata.generation.unwrap_or_default(),
        observed_generation,
        deletion: meta::deletion(&metadata),
        owners: meta::owners(&metadata),
        conditions,
        status: status.into(),
        // The events about it are not part of the object.
        notes: Vec::new(),
        columns: masked(columns),
    };
    Ok(Described { manifest_hash, manifest, managers, report })
}

/// The observed generation, the conditions, and the rest of a status.
fn reported(kind: &Resource, mut status: Value) -> (Option<i64>, Vec<Condition>, Value) {
    let Some(fields) = status.as_object_mut() else {
        secret::redact(&mut status);
        return (None, Vec::new(), status);
    };
    let observed_generation = fields.get("observedGeneration").and_then(Value::as_i64);
    if observed_generation.is_some() {
        fields.remove("observedGeneration");
    }
    let mut conditions = fields.get("conditions").and_then(conditions);
    if conditions.is_some() {
        fields.remove("conditions");
    }
    if *kind == Resource::AUTOSCALER {
        conditions.iter_mut().flatten().for_each(forget_pod);
    }
    let noise = NOISE.iter().filter(|(group, name, _)| (*group, *name) == (kind.group(), kind.kind()));
    for name in noise.flat_map(|(.., names)| *names) {
        fields.remove(*name);
    }
    forget_heartbeats(fields);
    keep_what_fits(fields);
    let is_empty = fields.is_empty();
    secret::redact(&mut status);
    (observed_generation, conditions.unwrap_or_default(), if is_empty { Value::Null } else { status })
}

/// The conditions, ordered by type. None if it is no list of conditions.
fn conditions(list: &Value) -> Option<Vec<Condition>> {
    list.as_array()?.iter().map(condition).collect::<Option<Vec<_>>>().map(meta::sorted)
}

fn condition(one: &Value) -> Option<Condition> {
    let text = |name: &str| one.get(name).and_then(Value::as_str);
    let status = match one.get("status")? {
        Value::Bool(true) => "True",
        Value::Bool(false) => "False",
        status => status.as_str()?,
    };
    let (kind, reason) = (text("type")?.to_owned(), text("reason").map(str::to_owned));
    let since = text("lastTransitionTime").and_then(|time| time.parse::<DateTime<Utc>>().ok());
    // A default in the definitions of the Gateway API, until a controller writes the condition.
    let since = since.filter(|since| *since > DateTime::UNIX_EPOCH);
    Some(Condition { since, ..meta::condition(kind, status, reason, text("message"), None) })
}

fn forget_pod(condition: &mut Condition) {
    let cut = BEFORE_A_POD.iter().find_map(|mark| condition.message.as_str().split_once(mark));
    if let Some((words, _)) = cut {
        condition.message = FreeText::new(words);
    }
}

/// Drops the times at which a controller last looked, at any depth.
fn forget_heartbeats(fields: &mut Map<String, Value>) {
    fields.retain(|name, value| !is_heartbeat(name, value));
    fields.values_mut().for_each(forget_heartbeats_below);
}

fn forget_heartbeats_below(value: &mut Value) {
    match value {
        Value::Object(fields) => forget_heartbeats(fields),
        Value::Array(items) => items.iter_mut().for_each(forget_heartbeats_below),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_heartbeat(name: &str, value: &Value) -> bool {
    let is_time = || value.as_str().is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok());
    let name = name.to_lowercase();
    HEARTBEATS.iter().any(|part| name.contains(part)) && is_time()
}

/// Keeps each field that fits beside those before it, whole or not at all.
fn keep_what_fits(fields: &mut Map<String, Value>) {
    let mut left = LONGEST;
    fields.retain(|_, value| {
        let rest = left.checked_sub(value.to_string().len());
        left = rest.unwrap_or(left);
        rest.is_some()
    });
}

fn forget_renewed(object: &mut Value) {
    let Some(annotations) = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) else { return };
    let is_status = annotations.contains_key(LAST_UPDATED);
    annotations.retain(|name, _| !RENEWED.contains(&name.as_str()));
    if is_status && let Some(data) = object.pointer_mut("/data").and_then(Value::as_object_mut) {
        data.remove("status");
    }
}

/// What the server prints, without plain secrets. The name of a column says what stands in it, as that of a field does.
fn masked(columns: BTreeMap<String, String>) -> BTreeMap<String, FreeText> {
    let mut cells: Value = columns.into_iter().collect();
    secret::redact(&mut cells);
    let cell = |(name, text): (&String, &Value)| {
        let text = text.as_str()?;
        let mask = text.contains(' ').then(|| secret::masked_words(text)).flatten();
        Some((name.clone(), FreeText::new(mask.unwrap_or(text))))
    };
    cells.as_object().into_iter().flatten().filter_map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kubernetes::observation::Truth;
    use serde_json::json;

    fn kind(text: &str) -> Resource {
        text.parse().expect("a kind")
    }

    fn of(kind_of: &str, object: Value) -> Described {
        described(&kind(kind_of), object, BTreeMap::new()).expect("an object")
    }

    fn with_status(kind_of: &str, status: Value) -> Report {
        of(kind_of, json!({"metadata": {"name": "a", "uid": "u", "generation": 3}, "status": status})).report
    }

    #[test]
    fn a_claim_is_its_manifest_and_the_report_about_it() {
        let found = of(
            "PersistentVolumeClaim",
            json!({
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": {"name": "data", "namespace": "team", "uid": "u", "resourceVersion": "7",
                    "deletionTimestamp": "2026-12-01T00:00:00Z", "finalizers": ["kubernetes.io/pvc-protection"],
                    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "o"}],
                    "managedFields": [{"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:spec": {"f:x": {}}}}]},
                "spec": {"storageClassName": "fast"},
                "status": {"phase": "Pending", "observedGeneration": 2, "conditions": [
                    {"type": "Resizing", "status": "True", "reason": "Started", "message": "it grows",
                        "lastProbeTime": "2026-12-01T00:00:01Z", "lastTransitionTime": "2026-12-01T00:00:00Z"},
                    {"type": "A", "status": "?"}]},
            }),
        );
        let text = found.manifest.to_string();
        assert!(text.contains("fast") && !text.contains("Pending") && !text.contains("managedFields"), "{text}");
        assert_eq!(found.managers[0].manager, "kubectl");
        let report = found.report;
        assert_eq!((report.generation, report.observed_generation), (0, Some(2)));
        assert_eq!(*report.status, json!({"phase": "Pending"}));
        assert_eq!(report.owners[0].kind, "StatefulSet");
        assert!(report.deletion.is_some_and(|deletion| deletion.finalizers.len() == 1));
        let conditions: Vec<_> = report.conditions.iter().map(|one| (one.kind.as_str(), one.status)).collect();
        assert_eq!(conditions, [("A", Truth::Unknown), ("Resizing", Truth::True)]);
        assert!(report.conditions[1].since.is_some() && report.conditions[1].message.as_str() == "it grows");
    }

    #[test]
    fn what_changes_while_nothing_happens_is_not_in_the_report() {
        let node = |at: &str, image: &str| {
            with_status(
                "Node",
                json!({"images": [{"names": [image]}], "volumesInUse": [image], "nodeInfo": {"kernelVersion": "6"},
                    "conditions": [{"type": "Ready", "status": "True", "lastHeartbeatTime": at,
                        "lastTransitionTime": "2026-12-01T00:00:00Z"}]}),
            )
        };
        assert_eq!(node("2026-12-01T00:00:00Z", "a"), node("2026-12-01T00:05:00Z", "b"));
        assert_eq!(*node("2026-12-01T00:00:00Z", "a").status, json!({"nodeInfo": {"kernelVersion": "6"}}));
        let custom = |at: &str| {
            with_status(
                "Widget.example.org",
                json!({"lastSyncTime": at, "refreshTime": at, "lastReconcileTime": at, "notAfter": "2027-01-01T00:00:00Z",
                    "parts": [{"lastProbeTime": at, "lastUpdate": "never"}]}),
            )
        };
        let kept = json!({"notAfter": "2027-01-01T00:00:00Z", "parts": [{"lastUpdate": "never"}]});
        assert_eq!(*custom("2026-12-01T00:00:00Z").status, kept);
        let metrics = json!({"currentMetrics": [{"type": ""}], "currentReplicas": 1});
        assert_eq!(*with_status("HorizontalPodAutoscaler", metrics).status, json!({"currentReplicas": 1}));
    }

    #[test]
    fn an_autoscaler_does_not_name_the_pod_that_it_saw_first() {
        let of = |kind: &str, pod: &str| {
            let message =
                format!("failed to get cpu utilization: missing request for cpu in container web of Pod {pod}");
            let condition = json!({"type": "ScalingActive", "status": "False", "message": message,
                "lastTransitionTime": "1970-01-01T00:00:00Z"});
            with_status(kind, json!({"conditions": [condition]})).conditions
        };
        let found = of("HorizontalPodAutoscaler", "web-1");
        assert_eq!(found, of("HorizontalPodAutoscaler", "web-2"));
        assert!(found[0].message.as_str().ends_with("in container web") && found[0].since.is_none());
        assert_ne!(of("Widget.example.org", "web-1"), of("Widget.example.org", "web-2"));
    }

    #[test]
    fn of_a_long_status_as_much_is_kept_as_fits() {
        let text = |length| "x".repeat(length);
        let status = json!({"a": text(LONGEST / 2), "b": [text(LONGEST)], "phase": "Ready", "z": text(LONGEST / 2)});
        let kept = with_status("Widget.example.org", status).status;
        assert_eq!(kept.as_object().expect("fields").keys().collect::<Vec<_>>(), ["a", "phase"]);
    }

    #[test]
    fn a_leader_that_renews_its_lock_changes_no_manifest() {
        let hash = |annotations: Value, data: Value| {
            of("ConfigMap", json!({"metadata": {"name": "a", "annotations": annotations}, "data": data})).manifest_hash
        };
        let leader = |at: &str| hash(json!({"control-plane.alpha.kubernetes.io/leader": at}), json!({}));
        assert_eq!(leader("1"), leader("2"));
        let scaler = |at: &str| hash(json!({LAST_UPDATED: at}), json!({"status": at, "rest": "x"}));
        assert_eq!(scaler("1"), scaler("2"));
        assert_ne!(hash(json!({}), json!({"status": "1"})), hash(json!({}), json!({"status": "2"})));
    }

    #[test]
    fn any_status_is_read() {
        for (status, kept) in [
            (Value::Null, Value::Null),
            (json!({}), Value::Null),
            (json!("Ready"), json!("Ready")),
            (json!([1]), json!([1])),
            (json!({"conditions": {"a": 1}}), json!({"conditions": {"a": 1}})),
            (json!({"conditions": [{"name": "a"}]}), json!({"conditions": [{"name": "a"}]})),
            (
                json!({"conditions": null, "observedGeneration": "x"}),
                json!({"conditions": null, "observedGeneration": "x"}),
            ),
        ] {
            let report = with_status("Widget.example.org", status);
            assert_eq!((&*report.status, report.generation), (&kept, 3));
            assert!(report.conditions.is_empty() && report.observed_generation.is_none());
        }
        let bare = with_status("Widget.example.org", json!({"conditions": [{"type": "Ready", "status": true}]}));
        assert_eq!((bare.conditions[0].status, bare.status), (Truth::True, Manifest::default()));
        assert!(described(&kind("ConfigMap"), json!({"metadata": 7}), BTreeMap::new()).is_err());
    }

    #[test]
    fn no_plain_secret_is_in_manifest_status_or_columns() {
        let secret = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        let columns = [
            ("Password", "hunter2"),
            ("Url", "https://bob:hunter2@db/x"),
            ("Phase", "Ready"),
            ("Message", "new password is hunter2!"),
        ];
        let columns = columns.map(|(name, text)| (name.to_owned(), text.to_owned())).into_iter().collect();
        let object = json!({"metadata": {"name": "a"}, "data": {"token": secret}, "status": {"password": "hunter2",
            "url": "postgres://bob:hunter2@db/x", "phase": "Ready"}});
        let found = described(&kind("Widget.example.org"), object, columns).expect("an object");
        let text = format!("{} {:?}", *found.manifest, found.report);
        assert!(!text.contains("hunter2") && !text.contains(secret), "{text}");
        assert_eq!(found.report.status["phase"], "Ready");
        assert_eq!(found.report.columns["Phase"].as_str(), "Ready");
    }
}
