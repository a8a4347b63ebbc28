//! The kinds that are known beyond discovery: those that Binnacle has rules for, those that it records without being asked
//! for, and those of Kubernetes itself.

use super::{Names, Resource};

/// What Binnacle can do with objects of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// It runs pods and has its own page.
    pub workload: bool,
    /// It has `spec.replicas`.
    pub replicas: bool,
    /// It has `spec.suspend`.
    pub suspend: bool,
    /// A change of the pod template replaces its pods one by one.
    pub rolls_out: bool,
    /// It has `spec.paused`.
    pub pauses: bool,
    /// Its pod template can be changed.
    pub template: bool,
}

/// The rules of one kind.
pub(super) struct CatalogueEntry {
    pub resource: Resource,
    pub version: &'static str,
    pub plural: &'static str,
    pub namespaced: bool,
    pub names: Names,
    pub listed_first: bool,
    pub capabilities: Capabilities,
}

impl CatalogueEntry {
    const fn listed_first(mut self) -> Self {
        self.listed_first = true;
        self
    }
}

const PODS_OF_ITS_OWN: Capabilities = Capabilities { workload: true, template: true, ..NONE };

/// The kinds that Binnacle has rules for. Each is watched.
pub(super) static CATALOGUE: [CatalogueEntry; 10] = [
    workload(
        "apps",
        "Deployment",
        "deployments",
        Capabilities { replicas: true, rolls_out: true, pauses: true, ..PODS_OF_ITS_OWN },
    ),
    workload(
        "apps",
        "StatefulSet",
        "statefulsets",
        Capabilities { replicas: true, rolls_out: true, ..PODS_OF_ITS_OWN },
    ),
    workload("apps", "DaemonSet", "daemonsets", Capabilities { rolls_out: true, ..PODS_OF_ITS_OWN }),
    workload("apps", "ReplicaSet", "replicasets", Capabilities { replicas: true, ..PODS_OF_ITS_OWN }).listed_first(),
    workload("batch", "Job", "jobs", Capabilities { suspend: true, template: false, ..PODS_OF_ITS_OWN }).listed_first(),
    workload("batch", "CronJob", "cronjobs", Capabilities { suspend: true, ..PODS_OF_ITS_OWN }),
    CatalogueEntry {
        resource: Resource::POD,
        version: "v1",
        plural: "pods",
        namespaced: true,
        names: Names::Subdomain,
        listed_first: false,
        capabilities: NONE,
    },
    CatalogueEntry {
        resource: Resource::NAMESPACE,
        version: "v1",
        plural: "namespaces",
        namespaced: false,
        names: Names::Label,
        listed_first: false,
        capabilities: NONE,
    },
    CatalogueEntry {
        resource: Resource::AUTOSCALER,
        version: "v2",
        plural: "horizontalpodautoscalers",
        namespaced: true,
        names: Names::Subdomain,
        listed_first: true,
        capabilities: NONE,
    },
    CatalogueEntry {
        resource: Resource::EVENT,
        version: "v1",
        plural: "events",
        namespaced: true,
        names: Names::Subdomain,
        listed_first: false,
        capabilities: NONE,
    },
];
pub(super) const NONE: Capabilities =
    Capabilities { workload: false, replicas: false, suspend: false, rolls_out: false, pauses: false, template: false };

const fn workload(
    group: &'static str,
    kind: &'static str,
    plural: &'static str,
    capabilities: Capabilities,
) -> CatalogueEntry {
    CatalogueEntry {
        resource: Resource::built_in(group, kind),
        version: "v1",
        plural,
        namespaced: true,
        names: Names::Subdomain,
        listed_first: false,
        capabilities,
    }
}

/// The kinds that are recorded without being asked for, where a cluster serves them, and whether each is namespaced. Custom
/// kinds come on top, up to a number of objects.
pub(super) static RECORDED: [(Resource, bool); 31] = [
    (Resource::SERVICE, true),
    (Resource::built_in(NETWORKING, "Ingress"), true),
    (Resource::INGRESS_CLASS, false),
    (Resource::built_in(NETWORKING, "NetworkPolicy"), true),
    (Resource::GATEWAY_CLASS, false),
    (Resource::GATEWAY, true),
    (Resource::built_in(GATEWAYS, "HTTPRoute"), true),
    (Resource::built_in(GATEWAYS, "GRPCRoute"), true),
    (Resource::built_in(GATEWAYS, "ReferenceGrant"), true),
    (Resource::CONFIG_MAP, true),
    (Resource::SECRET, true),
    (Resource::SERVICE_ACCOUNT, true),
    (Resource::ROLE, true),
    (Resource::built_in(RIGHTS, "RoleBinding"), true),
    (Resource::CLUSTER_ROLE, false),
    (Resource::built_in(RIGHTS, "ClusterRoleBinding"), false),
    (Resource::CLAIM, true),
    (Resource::VOLUME, false),
    (Resource::STORAGE_CLASS, false),
    (Resource::AUTOSCALER, true),
    (Resource::built_in("policy", "PodDisruptionBudget"), true),
    (Resource::built_in("", "ResourceQuota"), true),
    (Resource::built_in("", "LimitRange"), true),
    (Resource::built_in("scheduling.k8s.io", "PriorityClass"), false),
    (Resource::built_in("", "Node"), false),
    (Resource::NAMESPACE, false),
    (Resource::built_in("apiextensions.k8s.io", "CustomResourceDefinition"), false),
    (Resource::built_in(ADMISSION, "MutatingWebhookConfiguration"), false),
    (Resource::built_in(ADMISSION, "ValidatingWebhookConfiguration"), false),
    (Resource::ADMISSION_POLICY, false),
    (Resource::built_in(ADMISSION, "ValidatingAdmissionPolicyBinding"), false),
];

pub(super) const NETWORKING: &str = "networking.k8s.io";
pub(super) const GATEWAYS: &str = "gateway.networking.k8s.io";
pub(super) const RIGHTS: &str = "rbac.authorization.k8s.io";
pub(super) const ADMISSION: &str = "admissionregistration.k8s.io";

/// The kinds of groups without a dot (Kubernetes 1.37). A custom group always contains a dot (`apiextensions.k8s.io`,
/// validation of `spec.group`), so no other kind is written bare.
pub(super) const BARE: [(&str, &[&str]); 5] = [
    (
        "",
        &[
            "ComponentStatus",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    ("apps", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("batch", &["CronJob", "Job"]),
    ("policy", &["PodDisruptionBudget"]),
];
