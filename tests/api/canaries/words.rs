//! Words of the cluster, with canaries in them: what pods, events and refusals quote.

use super::{
    manifests::{IMAGE, of_kind, shapes_of, texts},
    shapes::{Canaries, SHAPES},
};
use serde_json::{Value, json};

/// A Deployment whose pods say what they were given: one container ends with it, the other one is never ready.
pub fn talkative(namespace: &str, name: &str, canaries: &mut Canaries) -> Value {
    let ends = format!("echo {} >/dev/termination-log; exit 3", canaries.number());
    let failing = format!("echo {}; exit 1", canaries.number());
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"terminationGracePeriodSeconds": 0, "containers": [
                    {"name": "ends", "image": IMAGE, "command": ["sh", "-c", ends]},
                    {"name": "waits", "image": IMAGE, "command": ["sleep", "3600"],
                        "readinessProbe": {"exec": {"command": ["sh", "-c", failing]}, "periodSeconds": 1}},
                ]},
            },
        },
    })
}

/// A Deployment whose container ends with words that quote a plain secret. Its manifest holds the parts of them only, so that
/// nothing of it is masked there.
pub fn indiscreet(namespace: &str, name: &str, masked: &mut Canaries) -> Value {
    let number = masked.number();
    let (first, rest) = number.split_at(7);
    let ends = format!("printf 'pa%sord=hunter%s%s' ssw {first} {rest} >/dev/termination-log; exit 3");
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"terminationGracePeriodSeconds": 0, "containers": [
                    {"name": "ends", "image": IMAGE, "command": ["sh", "-c", ends]},
                ]},
            },
        },
    })
}

/// A Deployment with a pod that no node takes, so that nobody else reports its status. It has a container and a readiness
/// gate for each shape.
pub fn held(namespace: &str, name: &str) -> Value {
    let container = |shape| json!({"name": format!("c{shape}"), "image": IMAGE});
    let gate = |shape| json!({"conditionType": format!("canary.example/k{shape}")});
    let (containers, gates): (Vec<Value>, Vec<Value>) =
        (0..SHAPES.len()).map(|shape| (container(shape), gate(shape))).unzip();
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"schedulingGates": [{"name": "canary.example/held"}], "containers": containers, "readinessGates": gates},
            },
        },
    })
}

/// The status of that pod: a message of each shape in a condition, in the reason why a container waits, and in how it ended
/// the last time.
pub fn status(canaries: &mut Canaries) -> Value {
    let mut of_container = |shape| {
        json!({
            "name": format!("c{shape}"), "image": IMAGE, "imageID": "", "ready": false, "restartCount": 1,
            "state": {"waiting": {"reason": "Held", "message": canaries.shaped(shape)}},
            "lastState": {"terminated": {"exitCode": 3, "reason": "Error", "message": canaries.shaped(shape)}},
        })
    };
    let containers: Vec<Value> = (0..SHAPES.len()).map(&mut of_container).collect();
    let of_gate = |shape| {
        let message = canaries.shaped(shape);
        json!({"type": format!("canary.example/k{shape}"), "status": "False", "reason": "Held", "message": message})
    };
    let conditions: Vec<Value> = (0..SHAPES.len()).map(of_gate).collect();
    json!({"status": {"message": canaries.number(), "conditions": conditions, "containerStatuses": containers}})
}

/// The reason of the event whose message quotes a plain secret.
pub const INDISCREET: &str = "Indiscreet";

/// Kubernetes events about a Deployment, with a message of each shape, and one that quotes a plain secret.
pub fn events(
    namespace: &str,
    deployment: &str,
    uid: &str,
    canaries: &mut Canaries,
    masked: &mut Canaries,
) -> Vec<Value> {
    let about =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "namespace": namespace, "name": deployment, "uid": uid});
    let event = |name: &str, reason: &str, message: &str| {
        json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": format!("{deployment}-{name}"), "namespace": namespace},
            "involvedObject": about, "type": "Warning", "reason": reason, "message": message,
            "source": {"component": "canary"}, "count": 1,
        })
    };
    let quoting = event("quoting", INDISCREET, &format!("no login with password=hunter{}", masked.number()));
    let of_shape = |shape: usize| event(&shape.to_string(), &format!("Canary{shape}"), &canaries.shaped(shape));
    (0..SHAPES.len()).map(of_shape).chain([quoting]).collect()
}

/// Manifests of the nth kind that the API server refuses with words that quote them. Its words have an end, so a manifest has
/// five shapes.
pub fn refused(nth: usize, namespace: &str, canaries: &mut Canaries) -> Vec<Value> {
    let shapes: Vec<usize> = shapes_of(nth).collect();
    let mut manifest = |shapes: &[usize]| {
        let nameservers: Vec<String> = shapes.iter().map(|shape| canaries.shaped(*shape)).collect();
        let pod = json!({"containers": [{"name": "c", "image": IMAGE}], "dnsConfig": {"nameservers": nameservers}});
        of_kind(nth, namespace, &format!("refused-{nth}-{}", shapes[0]), pod)
    };
    shapes.chunks(5).map(&mut manifest).collect()
}

/// A manifest of the nth kind with fields that no API server knows.
pub fn unknown(nth: usize, namespace: &str, canaries: &mut Canaries) -> Value {
    let mut texts = || texts("k", shapes_of(nth), canaries);
    let pod = json!({"containers": [{"name": "c", "image": IMAGE, "unheardOf": [texts()]}], "unheardOf": texts()});
    let mut manifest = of_kind(nth, namespace, &format!("unknown-{nth}"), pod);
    (manifest["unheardOf"], manifest["metadata"]["unheardOf"], manifest["spec"]["unheardOf"]) =
        (texts(), texts(), texts());
    manifest
}
