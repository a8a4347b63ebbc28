//! Workloads that cannot do their work, by what keeps them from it.

use super::{
    Place, Situation,
    pods::{container, object, of, real, with},
};
use domain::{core::message::Code, kubernetes::status::State};
use serde_json::{Value, json};

/// Something that keeps a pod from working.
struct Failure {
    what: &'static str,
    place: Place,
    pod: Value,
    code: Code,
    names: Vec<(&'static str, Value)>,
    /// The kinds that are brought into it.
    kinds: &'static [&'static str],
}

const ALL: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];
/// DaemonSets count the nodes that fit: no node is no failure.
const SCHEDULED: &[&str] = &["Deployment", "StatefulSet", "ReplicaSet", "Job"];

/// One situation for each failure and each of its kinds.
pub fn failing(registry: &str) -> Vec<Situation> {
    let all = refused().into_iter().chain(waiting(registry)).chain(ending());
    all.flat_map(|failure| failure.kinds.iter().map(move |kind| situation(&failure, kind)).collect::<Vec<_>>())
        .chain([long_name()])
        .collect()
}

fn situation(failure: &Failure, kind: &str) -> Situation {
    let name = format!("{}-{}", failure.what, kind.to_lowercase());
    // A Job that may try again, and in the same pod, waits as the others do.
    let (pod, spec) = match kind {
        "Job" => (with(failure.pod.clone(), json!({"restartPolicy": "OnFailure"})), json!({"backoffLimit": 100})),
        _ => (failure.pod.clone(), json!({})),
    };
    Situation::new(failure.what, object(kind, &name, pod, spec), State::Unavailable)
        .at(failure.place)
        .because(failure.code, &failure.names)
}

/// A label of 63 bytes is the longest: the name and the revision are longer together.
fn long_name() -> Situation {
    let name = "a".repeat(59);
    let set = with(object("StatefulSet", &name, real("sleep 3600"), json!({})), json!({}));
    Situation::new("label", set, State::Unavailable).because(Code::LabelTooLong, &[])
}

/// Pods that are never made.
fn refused() -> Vec<Failure> {
    let failure = |what, place, code, names: &[(&'static str, Value)]| {
        let pod = real("sleep 3600");
        Failure { what, place, pod, code, names: names.to_vec(), kinds: ALL }
    };
    let of_pod = |failure: Failure, more: Value| Failure { pod: with(failure.pod.clone(), more), ..failure };
    let absent = &[("name", json!("absent"))];
    vec![
        failure("quota", Place::Full, Code::QuotaExceeded, &[("quota", json!("none"))]),
        failure("webhook", Place::Webhook, Code::WebhookUnreachable, &[("webhook", json!("dead.binnacle.test"))]),
        failure("policy", Place::Policy, Code::PolicyDenied, &[]),
        failure("security", Place::Restricted, Code::PodSecurityViolated, &[("policy", json!("restricted:latest"))]),
        Failure {
            pod: of(with(container("sleep 3600"), json!({"resources": {"limits": {"memory": "16Mi"}}}))),
            ..failure("limits", Place::Limited, Code::LimitRangeViolated, &[])
        },
        of_pod(
            failure("account", Place::Plain, Code::ServiceAccountNotFound, absent),
            json!({"serviceAccountName": "absent"}),
        ),
        of_pod(
            failure("priority", Place::Plain, Code::PriorityClassNotFound, absent),
            json!({"priorityClassName": "absent"}),
        ),
    ]
}

/// Pods that wait for something.
fn waiting(registry: &str) -> Vec<Failure> {
    let plain = |what, pod, code, names: &[(&'static str, Value)], kinds| Failure {
        what,
        place: Place::Plain,
        pod,
        code,
        names: names.to_vec(),
        kinds,
    };
    let part = |more: Value| of(with(container("sleep 3600"), more));
    let whole = |more: Value| with(real("sleep 3600"), more);
    let image = |image: &str| part(json!({"image": image}));
    let absent = &[("name", json!("absent"))];
    let key = json!({"configMapKeyRef": {"name": "kube-root-ca.crt", "key": "nothing"}});
    let (gone, denied) = (format!("{registry}/gone:1"), format!("{registry}/denied:1"));
    let volume = |volume: Value| whole(json!({"volumes": [with(json!({"name": "data"}), volume)]}));
    // A volume that no container mounts keeps no pod waiting.
    let mounted = json!({"volumeMounts": [{"name": "data", "mountPath": "/data"}]});
    let config = with(
        of(with(container("sleep 3600"), mounted)),
        json!({"volumes": [{"name": "data", "configMap": {"name": "absent"}}]}),
    );
    let claim = volume(json!({"persistentVolumeClaim": {"claimName": "absent"}}));
    let cpu = json!({"resources": {"requests": {"cpu": "1000"}}});
    vec![
        plain("cpu", part(cpu), Code::InsufficientResources, &[("resources", json!(["cpu"]))], SCHEDULED),
        plain("selector", whole(json!({"nodeSelector": {"no": "where"}})), Code::NoMatchingNode, &[], SCHEDULED),
        plain(
            "gate",
            whole(json!({"schedulingGates": [{"name": "binnacle.test/shut"}]})),
            Code::SchedulingGated,
            &[],
            ALL,
        ),
        plain("claim", claim, Code::ClaimNotFound, absent, ALL),
        plain("config-volume", config, Code::ConfigMapNotFound, absent, &["Deployment", "StatefulSet"]),
        plain("image-gone", image(&gone), Code::ImageNotFound, &[("image", json!(gone))], ALL),
        plain(
            "image-denied",
            image(&denied),
            Code::ImagePullDenied,
            &[("image", json!(denied))],
            &["Deployment", "Job"],
        ),
        plain("image-name", image("Not/A/Name"), Code::ImageNameInvalid, &[("image", json!("Not/A/Name"))], ALL),
        plain(
            "config",
            part(json!({"envFrom": [{"configMapRef": {"name": "absent"}}]})),
            Code::ConfigMapNotFound,
            absent,
            &["Deployment", "DaemonSet", "Job"],
        ),
        plain(
            "secret",
            part(json!({"envFrom": [{"secretRef": {"name": "absent"}}]})),
            Code::SecretNotFound,
            absent,
            &["ReplicaSet", "StatefulSet"],
        ),
        plain(
            "key",
            part(json!({"env": [{"name": "A", "valueFrom": key}]})),
            Code::KeyNotFound,
            &[("key", json!("nothing")), ("name", json!("kube-root-ca.crt"))],
            &["Deployment", "Job"],
        ),
        plain(
            "root",
            part(json!({"securityContext": {"runAsNonRoot": true}})),
            Code::RunsAsRoot,
            &[("container", json!("main"))],
            &["DaemonSet", "ReplicaSet"],
        ),
    ]
}

/// Containers that end, or do not answer.
fn ending() -> Vec<Failure> {
    let plain = |what, pod, code, names: &[(&'static str, Value)], kinds| Failure {
        what,
        place: Place::Plain,
        pod,
        code,
        names: names.to_vec(),
        kinds,
    };
    let main = |line: &str, more: Value| of(with(container(line), more));
    let before = |name: &str, line: &str, more: Value| {
        let init = with(with(container(line), json!({"name": name})), more);
        with(real("sleep 3600"), json!({"initContainers": [init]}))
    };
    let probe = json!({"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 2});
    let memory = json!({"resources": {"limits": {"memory": "16Mi"}}});
    let hook = json!({"lifecycle": {"postStart": {"exec": {"command": ["false"]}}}});
    let container_is = |name: &str, role: &str| [("container", json!(name)), ("role", json!(role))];
    vec![
        plain("exit", real("exit 3"), Code::Exited, &[("exit_code", json!(3))], ALL),
        plain("oom", main("tail /dev/zero", memory), Code::OomKilled, &[("limit", json!("16Mi"))], ALL),
        plain(
            "command",
            main("", json!({"command": ["/no/such/program"]})),
            Code::CommandNotStarted,
            &[("container", json!("main"))],
            &["Deployment", "StatefulSet", "Job"],
        ),
        plain(
            "words",
            real("nonsense"),
            Code::CommandNotFound,
            &[("exit_code", json!(127))],
            &["DaemonSet", "ReplicaSet"],
        ),
        plain(
            "init",
            before("migrate", "exit 4", json!({})),
            Code::Exited,
            &container_is("migrate", "init"),
            &["Deployment", "StatefulSet", "Job"],
        ),
        plain(
            "sidecar",
            before("shipper", "exit 5", json!({"restartPolicy": "Always"})),
            Code::Exited,
            &container_is("shipper", "sidecar"),
            &["Deployment", "DaemonSet", "Job"],
        ),
        plain(
            "readiness",
            main("sleep 3600", json!({"readinessProbe": probe})),
            Code::ProbeFails,
            &[("probe", json!("readiness")), ("container", json!("main"))],
            &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
        ),
        plain(
            "startup",
            main("sleep 3600", json!({"startupProbe": probe})),
            Code::ProbeKilled,
            &[("probe", json!("startup"))],
            &["Deployment", "StatefulSet"],
        ),
        plain("hook", main("sleep 3600", hook), Code::HookFailed, &[("container", json!("main"))], &["ReplicaSet"]),
        plain(
            "readiness-gate",
            with(real("sleep 3600"), json!({"readinessGates": [{"conditionType": "binnacle.test/open"}]})),
            Code::ReadinessGateShut,
            &[("gate", json!("binnacle.test/open"))],
            &["Deployment", "StatefulSet", "ReplicaSet"],
        ),
    ]
}
