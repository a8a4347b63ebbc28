//! Pods, and workloads of them.

use serde_json::{Map, Value, json};

const IMAGE: &str = "docker.io/library/busybox:1";

/// A container of the real node that runs a line of shell.
pub fn container(line: &str) -> Value {
    json!({"name": "main", "image": IMAGE, "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", line]})
}

/// A pod of the real node with one container.
pub fn of(container: Value) -> Value {
    json!({"terminationGracePeriodSeconds": 0, "containers": [container]})
}

/// A pod of the real node that runs a line of shell.
pub fn real(line: &str) -> Value {
    of(container(line))
}

/// A pod of the fake node. It is ready at once, and one of a Job succeeds at once.
pub fn fake(run: &str) -> Value {
    on(&format!("fake-{run}"))
}

/// A pod of a node without a machine.
pub fn on(node: &str) -> Value {
    let mut pod = real("sleep 3600");
    pod["nodeSelector"] = json!({"kubernetes.io/hostname": node});
    pod["tolerations"] = json!([{"key": "binnacle.test/fake", "operator": "Exists"}]);
    pod
}

/// Adds fields to a JSON object.
pub fn with(mut value: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (value.as_object_mut(), more) {
        fields.extend(more);
    }
    value
}

/// A workload of `kind` with one pod, and with more fields in its `spec`.
pub fn object(kind: &str, name: &str, pod: Value, spec: Value) -> Value {
    let is_batch = matches!(kind, "Job" | "CronJob");
    let labels = json!({"app": name});
    let template = |pod: Value| json!({"metadata": {"labels": labels}, "spec": pod});
    let ends = || template(with(json!({"restartPolicy": "Never"}), pod.clone()));
    let own = match kind {
        "Job" => json!({"backoffLimit": 0, "template": ends()}),
        "CronJob" => json!({
            "schedule": "0 0 1 1 *",
            "jobTemplate": {"spec": {"backoffLimit": 0, "template": ends()}},
        }),
        "DaemonSet" => json!({"selector": {"matchLabels": labels}, "template": template(pod.clone())}),
        "StatefulSet" => json!({
            "replicas": 1, "selector": {"matchLabels": labels}, "template": template(pod.clone()),
            "serviceName": "none", "podManagementPolicy": "Parallel",
        }),
        _ => json!({"replicas": 1, "selector": {"matchLabels": labels}, "template": template(pod.clone())}),
    };
    json!({
        "apiVersion": if is_batch { "batch/v1" } else { "apps/v1" },
        "kind": kind,
        "metadata": {"name": name, "labels": labels},
        "spec": with(own, spec),
    })
}

/// The patch of a pod template.
pub fn template(spec: Value) -> Value {
    json!({"spec": {"template": {"spec": spec}}})
}

/// The patch that restarts a workload, as kubectl does it.
pub fn restart() -> Value {
    let annotations = Map::from_iter([("kubectl.kubernetes.io/restartedAt".to_owned(), "2026-01-01T00:00:00Z".into())]);
    json!({"spec": {"template": {"metadata": {"annotations": annotations}}}})
}
