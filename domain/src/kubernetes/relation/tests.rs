use super::*;
use crate::core::sealing::leaf::free;
use serde_json::json;
use strum::IntoEnumIterator;

/// The edges as texts: `MOUNTS Secret team/tls`, and `SELECTS Pod team/app=web` for what is selected.
fn of(kind: &str, namespace: Option<&str>, manifest: &Value) -> Vec<String> {
    let kind: Resource = kind.parse().expect("a kind");
    edges(&kind, namespace, manifest).into_iter().map(|edge| text(&edge)).collect()
}

fn text(edge: &Edge) -> String {
    let place = |namespace: &Option<String>| namespace.as_ref().map(|of| format!("{of}/")).unwrap_or_default();
    let to = match &edge.to {
        Target::Object { kind, namespace, name } => format!("{kind} {}{name}", place(namespace)),
        Target::Selected { kind, namespace, selector } => {
            format!("{kind} {}{}", place(namespace), serde_json::to_value(selector).expect("JSON"))
        }
    };
    format!("{} {to}", edge.relation.as_str())
}

fn in_team(kind: &str, manifest: &Value) -> Vec<String> {
    of(kind, Some("team"), manifest)
}

fn pod() -> Value {
    json!({
        "serviceAccountName": "web", "serviceAccount": "web",
        "imagePullSecrets": [{"name": "registry"}],
        "volumes": [
            {"name": "a", "configMap": {"name": "settings"}},
            {"name": "b", "secret": {"secretName": "keys"}},
            {"name": "c", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "d", "projected": {"sources": [
                {"configMap": {"name": "more"}}, {"secret": {"name": "tokens"}}, {"serviceAccountToken": {"path": "t"}}]}},
            {"name": "e", "csi": {"driver": "x", "nodePublishSecretRef": {"name": "driver"}}},
            {"name": "f", "emptyDir": {}},
        ],
        "initContainers": [{"name": "i", "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "of-init", "key": "k"}}}]}],
        "containers": [
            {"name": "w", "env": [{"name": "B", "value": "x"},
                {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "k"}}}],
             "envFrom": [{"configMapRef": {"name": "all"}}, {"secretRef": {"name": "all-keys"}}]}],
        "ephemeralContainers": [{"name": "e", "envFrom": [{"secretRef": {"name": "of-debug"}}]}],
    })
}

const OF_THE_POD: [&str; 12] = [
    "MOUNTS ConfigMap team/all",
    "MOUNTS ConfigMap team/more",
    "MOUNTS ConfigMap team/settings",
    "MOUNTS PersistentVolumeClaim team/data",
    "MOUNTS Secret team/all-keys",
    "MOUNTS Secret team/driver",
    "MOUNTS Secret team/keys",
    "MOUNTS Secret team/of-debug",
    "MOUNTS Secret team/of-init",
    "MOUNTS Secret team/registry",
    "MOUNTS Secret team/tokens",
    "MOUNTS ServiceAccount team/web",
];

#[test]
fn a_pod_and_every_template_of_one_mount_what_they_need() {
    let template = json!({"spec": {"template": {"spec": pod()}}});
    for (kind, manifest) in [
        ("Pod", json!({"spec": pod()})),
        ("PodTemplate", json!({"template": {"spec": pod()}})),
        ("CronJob", json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": pod()}}}}})),
        ("Deployment", template.clone()),
        ("DaemonSet", template.clone()),
        ("ReplicaSet", template.clone()),
        ("StatefulSet", template.clone()),
        ("Job", template.clone()),
        ("Rollout.argoproj.io", template),
    ] {
        assert_eq!(in_team(kind, &manifest), OF_THE_POD, "{kind}");
    }
}

#[test]
fn every_object_has_its_owners() {
    let owners = json!({"metadata": {"ownerReferences": [
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "u"},
        {"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "n"},
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web", "uid": "r"},
        {"apiVersion": "v9", "kind": "Planet", "name": "earth", "uid": "p"},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "no/name", "uid": "x"},
    ]}});
    let found = [
        "OWNER Node node-1",
        "OWNER ReplicaSet team/web-1",
        // Nobody knows here whether a Rollout is in a namespace.
        "OWNER Rollout.argoproj.io web",
        "OWNER Rollout.argoproj.io team/web",
    ];
    for kind in ["Pod", "ConfigMap", "Certificate.cert-manager.io", "Service"] {
        assert_eq!(in_team(kind, &owners), found, "{kind}");
    }
}

#[test]
fn each_kind_names_or_selects_others() {
    let cases: [(&str, Value, &[&str]); 17] = [
        (
            "Service",
            json!({"spec": {"selector": {"app": "web"}}}),
            &[r#"SELECTS Pod team/{"matchLabels":{"app":"web"}}"#],
        ),
        ("Service", json!({"spec": {"selector": {}}}), &[]),
        ("Service", json!({"spec": {"type": "ExternalName", "externalName": "example.org"}}), &[]),
        (
            "PodDisruptionBudget",
            json!({"spec": {"selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}}}),
            &[r#"SELECTS Pod team/{"matchExpressions":[{"key":"app","operator":"In","values":["a","b"]}]}"#],
        ),
        ("PodDisruptionBudget", json!({"spec": {"minAvailable": 1}}), &[]),
        ("NetworkPolicy.networking.k8s.io", json!({"spec": {"podSelector": {}}}), &["SELECTS Pod team/{}"]),
        (
            "NetworkPolicy.networking.k8s.io",
            json!({"spec": {"podSelector": {"matchLabels": {"app": "no label"}}}}),
            &[],
        ),
        (
            "Ingress.networking.k8s.io",
            json!({"spec": {
                "ingressClassName": "nginx",
                "defaultBackend": {"service": {"name": "fallback", "port": {"number": 80}}},
                "tls": [{"hosts": ["a.example.org"], "secretName": "tls"}, {"hosts": ["b.example.org"]}],
                "rules": [
                    {"host": "a.example.org", "http": {"paths": [
                        {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"name": "http"}}}},
                        {"path": "/x", "backend": {"resource": {"apiGroup": "k8s.example.org", "kind": "Bucket", "name": "files"}}}]}},
                    {"host": "b.example.org"}],
            }}),
            &[
                "MOUNTS Secret team/tls",
                "ROUTES_TO Service team/fallback",
                "ROUTES_TO Service team/web",
                "ROUTES_TO Bucket.k8s.example.org team/files",
                "BINDS IngressClass.networking.k8s.io nginx",
            ],
        ),
        (
            "HTTPRoute.gateway.networking.k8s.io",
            json!({"spec": {
                "parentRefs": [{"name": "public", "namespace": "gateways"}, {"group": "", "kind": "Service", "name": "mesh"}],
                "rules": [{
                    "backendRefs": [{"name": "web", "port": 80}, {"name": "api", "namespace": "other", "port": 80}],
                    "filters": [{"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "copy"}}}]}],
            }}),
            &[
                "ROUTES_TO Service other/api",
                "ROUTES_TO Service team/copy",
                "ROUTES_TO Service team/web",
                "BINDS Service team/mesh",
                "BINDS Gateway.gateway.networking.k8s.io gateways/public",
            ],
        ),
        (
            "Gateway.gateway.networking.k8s.io",
            json!({"spec": {"gatewayClassName": "envoy",
                "listeners": [{"name": "https", "tls": {"certificateRefs": [{"name": "cert"}]}}, {"name": "http"}]}}),
            &["MOUNTS Secret team/cert", "BINDS GatewayClass.gateway.networking.k8s.io envoy"],
        ),
        (
            "HorizontalPodAutoscaler",
            json!({"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}}),
            &["SCALES Deployment team/web"],
        ),
        (
            "RoleBinding.rbac.authorization.k8s.io",
            json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:view"},
                "subjects": [{"kind": "ServiceAccount", "name": "bot", "namespace": "other"}, {"kind": "User", "name": "ann"}]}),
            &["BINDS ServiceAccount other/bot", "BINDS ClusterRole.rbac.authorization.k8s.io system:view"],
        ),
        (
            "RoleBinding.rbac.authorization.k8s.io",
            json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "edit"}}),
            &["BINDS Role.rbac.authorization.k8s.io team/edit"],
        ),
        (
            "PersistentVolumeClaim",
            json!({"spec": {"volumeName": "pv-1", "storageClassName": "fast"}}),
            &["BINDS PersistentVolume pv-1", "BINDS StorageClass.storage.k8s.io fast"],
        ),
        (
            "StatefulSet",
            json!({"metadata": {"name": "db"}, "spec": {"serviceName": "db", "template": {}, "replicas": 2,
                "ordinals": {"start": 3}, "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}),
            &[
                "MOUNTS PersistentVolumeClaim team/data-db-3",
                "MOUNTS PersistentVolumeClaim team/data-db-4",
                "BINDS Service team/db",
            ],
        ),
        ("ServiceAccount", json!({"imagePullSecrets": [{"name": "registry"}]}), &["MOUNTS Secret team/registry"]),
        ("ConfigMap", json!({"data": {"spec": "x"}}), &[]),
    ];
    for (kind, manifest, expected) in cases {
        assert_eq!(in_team(kind, &manifest), expected, "{kind}: {manifest}");
    }
}

#[test]
fn objects_outside_namespaces_name_others_too() {
    let volume = json!({"spec": {"storageClassName": "fast",
        "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": "team", "name": "data"}}});
    let bound = ["BINDS PersistentVolumeClaim team/data", "BINDS StorageClass.storage.k8s.io fast"];
    assert_eq!(of("PersistentVolume", None, &volume), bound);
    let binding = json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "bot"}]});
    let role = ["BINDS ClusterRole.rbac.authorization.k8s.io admin"];
    assert_eq!(of("ClusterRoleBinding.rbac.authorization.k8s.io", None, &binding), role, "an account has a namespace");
    let policy = json!({"spec": {"policyName": "no-latest"}});
    assert_eq!(
        of("ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io", None, &policy),
        ["BINDS ValidatingAdmissionPolicy.admissionregistration.k8s.io no-latest"]
    );
}

#[test]
fn a_manifest_is_read_as_it_is_stored() {
    let selector = |app: Value| json!({"spec": {"selector": {"app": app, "tier": free("front".into())}}});
    let found = [r#"SELECTS Pod team/{"matchLabels":{"app":"web","tier":"front"}}"#];
    assert_eq!(in_team("Service", &selector(free("web".into()))), found);
    let forgotten = selector(json!({"$sealed": "s"}));
    assert_eq!(in_team("Service", &forgotten), Vec::<String>::new(), "a part of it would select more");
    let rules = free(json!([{"http": {"paths": [{"backend": {"service": {"name": "web"}}}]}}]));
    assert_eq!(
        in_team("Ingress.networking.k8s.io", &json!({"spec": {"rules": rules}})),
        ["ROUTES_TO Service team/web"]
    );
}

#[test]
fn each_relation_has_an_inverse() {
    for relation in Relation::iter() {
        assert_eq!(relation.inverse().inverse(), relation);
        let text = serde_json::to_value(relation).expect("JSON");
        assert_eq!(text, relation.as_str());
    }
}
