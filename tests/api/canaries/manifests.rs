//! Workloads of all six kinds, with canaries at each place that people fill freely and that the API server takes any text at.

use super::shapes::{Canaries, SHAPES};
use domain::kubernetes::resource::Resource;
use serde_json::{Value, json};

pub const IMAGE: &str = "docker.io/library/busybox:1";
/// A label that no node has.
const NOWHERE: &str = "canary.example/nowhere";

/// The shapes that a workload of the nth kind has at each of its places. The six kinds together have all.
pub fn shapes_of(nth: usize) -> impl Iterator<Item = usize> + Clone {
    (nth..SHAPES.len()).step_by(Resource::WORKLOADS.len())
}

/// A workload of the nth kind with canaries at each place.
pub fn workload(nth: usize, namespace: &str, name: &str, canaries: &mut Canaries) -> Value {
    let mut manifest = of_kind(nth, namespace, name, pod(shapes_of(nth), canaries));
    manifest["metadata"]["annotations"] = texts("k", shapes_of(nth), canaries);
    template(&mut manifest)["metadata"]["annotations"] = texts("k", shapes_of(nth), canaries);
    match Resource::WORKLOADS[nth].kind() {
        "CronJob" => {
            manifest["spec"]["jobTemplate"]["metadata"] = json!({"annotations": texts("k", 0..SHAPES.len(), canaries)});
        }
        "StatefulSet" => {
            let metadata = json!({"name": "claim", "annotations": texts("k", 0..SHAPES.len(), canaries)});
            manifest["spec"]["volumeClaimTemplates"] = json!([{"metadata": metadata, "spec": claim()}]);
        }
        _ => {}
    }
    manifest
}

/// A ConfigMap with a canary of each shape: it is recorded like objects of any other kind.
pub fn config_map(namespace: &str, name: &str, canaries: &mut Canaries) -> Value {
    let mut texts = || texts("k", 0..SHAPES.len(), canaries);
    let metadata = json!({"name": name, "namespace": namespace, "annotations": texts()});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": texts()})
}

/// A workload of the nth kind that starts no pod.
pub fn of_kind(nth: usize, namespace: &str, name: &str, mut pod: Value) -> Value {
    let kind = &Resource::WORKLOADS[nth];
    let runs_once = [Resource::JOB, Resource::CRON_JOB].contains(kind);
    pod["restartPolicy"] = if runs_once { "Never" } else { "Always" }.into();
    pod["nodeSelector"] = json!({NOWHERE: "true"});
    let template = json!({"metadata": {"labels": {"app": name}}, "spec": pod});
    let selector = json!({"matchLabels": {"app": name}});
    let spec = match kind.kind() {
        "CronJob" => json!({"schedule": "0 0 1 1 *", "suspend": true, "jobTemplate": {"spec": {"template": template}}}),
        "Job" => json!({"suspend": true, "template": template}),
        "DaemonSet" => json!({"selector": selector, "template": template}),
        "StatefulSet" => json!({"replicas": 0, "selector": selector, "serviceName": name, "template": template}),
        _ => json!({"replicas": 0, "selector": selector, "template": template}),
    };
    let metadata = json!({"name": name, "namespace": namespace});
    json!({"apiVersion": kind.api_version(), "kind": kind.kind(), "metadata": metadata, "spec": spec})
}

/// The template of its pods.
pub fn template(manifest: &mut Value) -> &mut Value {
    let spec = &mut manifest["spec"];
    let spec = if spec["jobTemplate"].is_null() { spec } else { &mut spec["jobTemplate"]["spec"] };
    &mut spec["template"]
}

/// Fields with a canary of each of these shapes.
pub fn texts(name: &str, shapes: impl Iterator<Item = usize>, canaries: &mut Canaries) -> Value {
    shapes.map(|shape| (format!("{name}{shape}"), Value::from(canaries.shaped(shape)))).collect()
}

fn pod(shapes: impl Iterator<Item = usize> + Clone, canaries: &mut Canaries) -> Value {
    let mut each = |made: fn(usize, &mut Canaries) -> Value| -> Vec<Value> {
        shapes.clone().map(|shape| made(shape, canaries)).collect()
    };
    let (sidecars, containers) = (each(sidecar), each(container));
    let options = each(|shape, of| json!({"name": format!("o{shape}"), "value": of.shaped(shape)}));
    let sysctls = each(|shape, of| json!({"name": format!("net.canary.k{shape}"), "value": of.shaped(shape)}));
    let volumes: Vec<Value> = shapes.flat_map(|shape| volumes(shape, canaries)).collect();
    json!({
        "initContainers": sidecars, "containers": containers, "volumes": volumes, "securityContext": {"sysctls": sysctls},
        // These of them take names only.
        "dnsConfig": {"options": options, "searches": [format!("d{}.example", canaries.number())]},
        "hostAliases": [{"ip": "127.0.0.9", "hostnames": [format!("h{}", canaries.number())]}],
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1,
            "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname",
                "labelSelector": {"matchLabels": {"x": format!("l{}", canaries.number())}}}}]}},
    })
}

/// The places of one container, each with a canary of this shape.
fn container(shape: usize, canaries: &mut Canaries) -> Value {
    let mut text = || canaries.shaped(shape);
    let mut container = json!({
        "name": format!("c{shape}"), "image": IMAGE, "workingDir": text(), "terminationMessagePath": text(),
        "command": ["true", text()], "args": [text()], "env": [{"name": "V", "value": text()}],
        "livenessProbe": {"httpGet": request(&mut text)},
        "readinessProbe": {"exec": {"command": ["true", text()]}},
        "startupProbe": {"tcpSocket": {"port": 1, "host": text()}},
        "lifecycle": {"postStart": {"httpGet": request(&mut text)}, "preStop": {"exec": {"command": ["true", text()]}}},
        "volumeMounts": [{"name": format!("path{shape}"), "mountPath": text()}],
        "securityContext": {
            "seLinuxOptions": {"user": text(), "role": text(), "type": text(), "level": text()},
            "windowsOptions": {"gmsaCredentialSpec": text()},
        },
    });
    container["volumeMounts"][0]["subPathExpr"] = format!("s{}", canaries.number()).into();
    container
}

/// The same of a container that starts before the others and has the places that are left.
fn sidecar(shape: usize, canaries: &mut Canaries) -> Value {
    let mut text = || canaries.shaped(shape);
    json!({
        "name": format!("s{shape}"), "image": IMAGE, "restartPolicy": "Always",
        "command": ["true", text()], "args": [text(), text()], "env": [{"name": "V", "value": text()}],
        "startupProbe": {"grpc": {"port": 1, "service": text()}},
        "livenessProbe": {"exec": {"command": ["true", text()]}},
        "lifecycle": {"postStart": {"exec": {"command": ["true", text()]}}, "preStop": {"httpGet": request(&mut text)}},
    })
}

fn request(text: &mut impl FnMut() -> String) -> Value {
    json!({"path": text(), "host": text(), "port": 1, "httpHeaders": [{"name": "X-Canary", "value": text()}]})
}

/// Volumes of the kinds that take any text.
fn volumes(shape: usize, canaries: &mut Canaries) -> Vec<Value> {
    let mut text = || canaries.shaped(shape);
    vec![
        json!({"name": format!("path{shape}"), "hostPath": {"path": text()}}),
        json!({"name": format!("nfs{shape}"), "nfs": {"server": text(), "path": "/"}}),
        json!({"name": format!("csi{shape}"), "csi": {"driver": "canary.example", "volumeAttributes": {"a": text()}}}),
        json!({"name": format!("flex{shape}"), "flexVolume": {"driver": "canary.example/flex", "options": {"a": text()}}}),
        json!({"name": format!("claim{shape}"), "ephemeral": {"volumeClaimTemplate":
            {"metadata": {"annotations": {"a": text()}}, "spec": claim()}}}),
    ]
}

fn claim() -> Value {
    json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}})
}
