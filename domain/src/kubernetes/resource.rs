//! Kinds of the Kubernetes API: their names, and what Binnacle knows of some of them beyond discovery.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{borrow::Cow, fmt, str::FromStr};

/// A kind of the Kubernetes API: group and name. A version is never part of an identity.
///
/// Its text is permanent: it is part of streams and public ids. A kind of a group without a dot is written bare
/// (`Deployment`): those groups belong to Kubernetes, and their kinds do not collide. Any other kind carries its group:
/// `Ingress.networking.k8s.io`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    group: Cow<'static, str>,
    kind: Cow<'static, str>,
}

/// The text is not the name of a kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is no kind of Kubernetes")]
pub struct NotAResource(pub String);

/// The naming rule of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// RFC 1123 label: at most 63 lower-case letters, digits and `-`, an alphanumeric at each end.
    Label,
    /// RFC 1123 subdomain: labels joined by dots, at most 253 characters. Most kinds, and all custom ones.
    Subdomain,
    /// A path segment: no `/` and no `%`, not `.` or `..`. Roles and their bindings.
    PathSegment,
}

impl Names {
    /// Whether an object can have this name. No rule allows `~`, which separates the parts of a public id.
    pub fn allow(self, name: &str) -> bool {
        match self {
            Self::Label => is_label(name),
            Self::Subdomain => is_subdomain(name),
            Self::PathSegment => {
                (1..=253).contains(&name.len())
                    && name != "."
                    && name != ".."
                    && !name.chars().any(|c| matches!(c, '/' | '%' | '~') || c.is_control() || c.is_whitespace())
            }
        }
    }
}

/// RFC 1123 label, the rule for names of namespaces.
pub fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// RFC 1123 subdomain, the rule for names of most objects.
pub fn is_subdomain(text: &str) -> bool {
    let is_part = |part: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !part.is_empty() && part.bytes().all(is_inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

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
}

/// The rules of one kind.
struct CatalogueEntry {
    resource: Resource,
    version: &'static str,
    plural: &'static str,
    namespaced: bool,
    names: Names,
    listed_first: bool,
    capabilities: Capabilities,
}

impl CatalogueEntry {
    const fn listed_first(mut self) -> Self {
        self.listed_first = true;
        self
    }
}

const PODS_OF_ITS_OWN: Capabilities =
    Capabilities { workload: true, replicas: false, suspend: false, rolls_out: false };

/// The kinds that Binnacle has rules for. Each is watched.
static CATALOGUE: [CatalogueEntry; 10] = [
    workload("apps", "Deployment", "deployments", Capabilities { replicas: true, rolls_out: true, ..PODS_OF_ITS_OWN }),
    workload(
        "apps",
        "StatefulSet",
        "statefulsets",
        Capabilities { replicas: true, rolls_out: true, ..PODS_OF_ITS_OWN },
    ),
    workload("apps", "DaemonSet", "daemonsets", Capabilities { rolls_out: true, ..PODS_OF_ITS_OWN }),
    workload("apps", "ReplicaSet", "replicasets", Capabilities { replicas: true, ..PODS_OF_ITS_OWN }).listed_first(),
    workload("batch", "Job", "jobs", Capabilities { suspend: true, ..PODS_OF_ITS_OWN }).listed_first(),
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
const NONE: Capabilities = Capabilities { workload: false, replicas: false, suspend: false, rolls_out: false };

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

/// The kinds of groups without a dot (Kubernetes 1.37). A custom group always contains a dot (`apiextensions.k8s.io`,
/// validation of `spec.group`), so no other kind is written bare.
const BARE: [(&str, &[&str]); 5] = [
    (
        "",
        &[
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

impl Resource {
    pub const DEPLOYMENT: Self = Self::built_in("apps", "Deployment");
    pub const STATEFUL_SET: Self = Self::built_in("apps", "StatefulSet");
    pub const DAEMON_SET: Self = Self::built_in("apps", "DaemonSet");
    pub const REPLICA_SET: Self = Self::built_in("apps", "ReplicaSet");
    pub const JOB: Self = Self::built_in("batch", "Job");
    pub const CRON_JOB: Self = Self::built_in("batch", "CronJob");
    pub const POD: Self = Self::built_in("", "Pod");
    pub const NAMESPACE: Self = Self::built_in("", "Namespace");
    pub const AUTOSCALER: Self = Self::built_in("autoscaling", "HorizontalPodAutoscaler");
    pub const EVENT: Self = Self::built_in("", "Event");

    /// The kinds that run pods and have a page of their own.
    pub const WORKLOADS: [Self; 6] =
        [Self::DEPLOYMENT, Self::STATEFUL_SET, Self::DAEMON_SET, Self::REPLICA_SET, Self::JOB, Self::CRON_JOB];

    const fn built_in(group: &'static str, kind: &'static str) -> Self {
        Self { group: Cow::Borrowed(group), kind: Cow::Borrowed(kind) }
    }

    /// The kind of a group and a kind name, as in a manifest or in discovery. None if Kubernetes cannot have such a
    /// kind.
    pub fn new(group: &str, kind: &str) -> Option<Self> {
        if group.contains('.') {
            let is_kind = is_label(&kind.to_lowercase()) && kind.is_ascii();
            return (is_kind && is_subdomain(group))
                .then(|| Self { group: group.to_owned().into(), kind: kind.to_owned().into() });
        }
        let (group, kinds) = BARE.into_iter().find(|(bare, _)| *bare == group)?;
        kinds.iter().find(|bare| **bare == kind).map(|kind| Self::built_in(group, kind))
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The name of the kind, without its group.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// `group/version` that Binnacle uses. None if only discovery knows it.
    pub fn api_version(&self) -> Option<String> {
        let CatalogueEntry { version, .. } = self.entry()?;
        Some(if self.group.is_empty() { (*version).to_owned() } else { format!("{}/{version}", self.group) })
    }

    /// The plural name in URL paths. None if only discovery knows it.
    pub fn plural(&self) -> Option<&'static str> {
        self.entry().map(|entry| entry.plural)
    }

    /// Whether the kind is namespaced. None if only discovery knows it.
    pub fn is_namespaced(&self) -> Option<bool> {
        self.entry().map(|entry| entry.namespaced)
    }

    /// The rule that names of its objects follow.
    pub fn names(&self) -> Names {
        if self.group == "rbac.authorization.k8s.io" {
            return Names::PathSegment;
        }
        self.entry().map_or(Names::Subdomain, |entry| entry.names)
    }

    /// The capabilities of the kind. A kind outside the catalogue has none.
    pub fn capabilities(&self) -> Capabilities {
        self.entry().map_or(NONE, |entry| entry.capabilities)
    }

    pub fn is_workload(&self) -> bool {
        self.capabilities().workload
    }

    /// The kinds that the watch records.
    pub fn watched() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.resource.clone())
    }

    /// Whether it is listed before other kinds, because they are recorded with what it shows: their owner or autoscaler.
    pub fn is_listed_first(&self) -> bool {
        self.entry().is_some_and(|entry| entry.listed_first)
    }

    fn entry(&self) -> Option<&'static CatalogueEntry> {
        CATALOGUE.iter().find(|entry| entry.resource == *self)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.kind)?;
        if self.group.contains('.') { write!(formatter, ".{}", self.group) } else { Ok(()) }
    }
}

impl FromStr for Resource {
    type Err = NotAResource;

    fn from_str(text: &str) -> Result<Self, NotAResource> {
        let found = match text.split_once('.') {
            Some((kind, group)) if group.contains('.') => Self::new(group, kind),
            Some(_) => None,
            None => BARE.into_iter().find_map(|(group, _)| Self::new(group, text)),
        };
        found.ok_or_else(|| NotAResource(text.to_owned()))
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_again_by_its_text() {
        for (group, kind, text) in [
            ("apps", "Deployment", "Deployment"),
            ("", "Pod", "Pod"),
            ("autoscaling", "HorizontalPodAutoscaler", "HorizontalPodAutoscaler"),
            ("networking.k8s.io", "Ingress", "Ingress.networking.k8s.io"),
            ("events.k8s.io", "Event", "Event.events.k8s.io"),
            ("example.org", "my-Kind", "my-Kind.example.org"),
        ] {
            let resource = Resource::new(group, kind).expect(text);
            assert_eq!(resource.to_string(), text);
            assert_eq!(text.parse(), Ok(resource.clone()));
            assert_eq!(serde_json::from_value(serde_json::json!(text)).ok(), Some(resource));
        }
    }

    #[test]
    fn what_is_no_kind_is_refused() {
        for text in
            ["", "Planet", "deployment", "Deployment.apps", "Pod.", "../Pod", "Po d.a.b", "X.a..b", "X.A.b", "Ü.a.b"]
        {
            assert_eq!(text.parse::<Resource>(), Err(NotAResource(text.to_owned())));
        }
    }

    #[test]
    fn names_follow_the_rules_of_kubernetes() {
        let long = "a".repeat(63);
        let names = [
            ("web", true, true, true),
            (long.as_str(), true, true, true),
            (&"a".repeat(64), false, true, true),
            ("a.b", false, true, true),
            ("system:node", false, false, true),
            ("Web", false, false, true),
            ("-a", false, false, true),
            ("a-.b", false, false, true),
            ("", false, false, false),
            (".", false, false, false),
            ("..", false, false, false),
            ("a/b", false, false, false),
            ("a%2fb", false, false, false),
            ("a~b", false, false, false),
            ("a b", false, false, false),
            (&"a".repeat(254), false, false, false),
        ];
        for (name, label, subdomain, segment) in names {
            let found = [Names::Label, Names::Subdomain, Names::PathSegment].map(|rule| rule.allow(name));
            assert_eq!(found, [label, subdomain, segment], "{name:?}");
        }
    }
}
