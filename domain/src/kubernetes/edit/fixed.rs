//! Fields that Kubernetes lets nobody change once the object is there.

use super::changes::Change;
use crate::kubernetes::resource::Resource;

/// The fields of a kind that cannot be changed: the beginning of their place. Others that the API server refuses to change are
/// found when it is asked.
const FIXED: [(&str, &str, &[&[&str]]); 11] = [
    ("apps", "Deployment", &[&["spec", "selector"]]),
    ("apps", "ReplicaSet", &[&["spec", "selector"]]),
    ("apps", "DaemonSet", &[&["spec", "selector"]]),
    (
        "apps",
        "StatefulSet",
        &[
            &["spec", "selector"],
            &["spec", "serviceName"],
            &["spec", "podManagementPolicy"],
            &["spec", "volumeClaimTemplates"],
        ],
    ),
    ("batch", "Job", &[&["spec", "selector"], &["spec", "completionMode"]]),
    (
        "",
        "PersistentVolumeClaim",
        &[&["spec", "accessModes"], &["spec", "selector"], &["spec", "storageClassName"], &["spec", "volumeMode"]],
    ),
    ("rbac.authorization.k8s.io", "RoleBinding", &[&["roleRef"]]),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", &[&["roleRef"]]),
    ("storage.k8s.io", "StorageClass", &[&["provisioner"], &["parameters"], &["volumeBindingMode"]]),
    ("networking.k8s.io", "IngressClass", &[&["spec", "controller"]]),
    ("scheduling.k8s.io", "PriorityClass", &[&["value"]]),
];

/// The same of every kind: what makes it this object.
const OF_ALL: [&[&str]; 4] = [&["apiVersion"], &["kind"], &["metadata", "name"], &["metadata", "namespace"]];

/// The first change of a field that cannot be changed: its place.
pub fn fixed(kind: &Resource, changes: &[Change]) -> Option<String> {
    let of_kind = FIXED.iter().find(|(group, name, _)| *group == kind.group() && *name == kind.kind());
    let own = of_kind.map_or(&[][..], |(_, _, fields)| fields);
    let is_fixed = |change: &&Change| own.iter().chain(&OF_ALL).any(|fields| change.path.is_in(fields));
    // A claim can get a class or a volume that it did not have.
    let is_first = |change: &&Change| change.before.is_none() && *kind == Resource::CLAIM;
    changes.iter().filter(|change| !is_first(change)).find(is_fixed).map(|change| change.path.to_string())
}
