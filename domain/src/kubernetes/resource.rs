//! Kinds of the Kubernetes API: their names, and what Binnacle knows of some of them beyond discovery.

mod catalogue;

pub use catalogue::Capabilities;

use catalogue::{ADMISSION, BARE, CATALOGUE, CatalogueEntry, GATEWAYS, NETWORKING, NONE, RECORDED, RIGHTS};
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
    pub const SERVICE: Self = Self::built_in("", "Service");
    pub const CONFIG_MAP: Self = Self::built_in("", "ConfigMap");
    pub const SECRET: Self = Self::built_in("", "Secret");
    pub const SERVICE_ACCOUNT: Self = Self::built_in("", "ServiceAccount");
    /// A PersistentVolumeClaim.
    pub const CLAIM: Self = Self::built_in("", "PersistentVolumeClaim");
    /// A PersistentVolume.
    pub const VOLUME: Self = Self::built_in("", "PersistentVolume");
    pub const STORAGE_CLASS: Self = Self::built_in("storage.k8s.io", "StorageClass");
    pub const INGRESS_CLASS: Self = Self::built_in(NETWORKING, "IngressClass");
    pub const GATEWAY: Self = Self::built_in(GATEWAYS, "Gateway");
    pub const GATEWAY_CLASS: Self = Self::built_in(GATEWAYS, "GatewayClass");
    pub const ROLE: Self = Self::built_in(RIGHTS, "Role");
    pub const CLUSTER_ROLE: Self = Self::built_in(RIGHTS, "ClusterRole");
    /// A ValidatingAdmissionPolicy.
    pub const ADMISSION_POLICY: Self = Self::built_in(ADMISSION, "ValidatingAdmissionPolicy");

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
        let recorded = || RECORDED.iter().find(|(kind, _)| kind == self).map(|(_, namespaced)| *namespaced);
        self.entry().map(|entry| entry.namespaced).or_else(recorded)
    }

    /// The rule that names of its objects follow.
    pub fn names(&self) -> Names {
        let is_recorded = || RECORDED.iter().any(|(kind, _)| kind == self);
        match self.entry() {
            Some(entry) => entry.names,
            // Some of Kubernetes' own are named by a version, an address or a signer: `v1.`, `fd00::1`.
            None if self.group == RIGHTS || self.group.ends_with(".k8s.io") && !is_recorded() => Names::PathSegment,
            None => Names::Subdomain,
        }
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

    /// The kinds that are recorded as objects without being asked for, where a cluster serves them. Custom kinds are too, up
    /// to a number of objects.
    pub fn recorded_by_default() -> impl Iterator<Item = Self> {
        RECORDED.iter().map(|(kind, _)| kind.clone())
    }

    /// Whether it is recorded without being asked for, where a cluster serves it and however many objects there are. Kubernetes
    /// events are kept outside the log.
    pub fn is_recorded_by_default(&self) -> bool {
        *self != Self::EVENT && Self::watched().chain(Self::recorded_by_default()).any(|kind| kind == *self)
    }

    /// Whether a person decides whether it is recorded. Binnacle does not work without workloads, pods, and what they are shown
    /// with; Kubernetes events are kept outside the log.
    pub fn is_optional(&self) -> bool {
        ![Self::NAMESPACE, Self::AUTOSCALER].contains(self) && Self::watched().all(|kind| kind != *self)
    }

    /// Whether only the metadata of its objects is read, because the rest is secret.
    pub fn is_metadata_only(&self) -> bool {
        *self == Self::SECRET
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
    fn recorded_kinds_are_kinds_and_each_stands_once() {
        let recorded: Vec<Resource> = Resource::recorded_by_default().collect();
        for kind in &recorded {
            assert_eq!(Resource::new(kind.group(), kind.kind()).as_ref(), Some(kind));
            assert!(kind.is_namespaced().is_some() && !kind.is_workload() && *kind != Resource::POD, "{kind}");
            assert_eq!(recorded.iter().filter(|other| *other == kind).count(), 1, "{kind}");
        }
        let secret: Vec<String> =
            recorded.iter().filter(|kind| kind.is_metadata_only()).map(ToString::to_string).collect();
        assert_eq!(secret, ["Secret"]);
        for (kind, is_recorded) in [("Deployment", true), ("Pod", true), ("Event", false), ("Endpoints", false)] {
            assert_eq!(kind.parse().map(|kind: Resource| kind.is_recorded_by_default()), Ok(is_recorded), "{kind}");
        }
    }

    #[test]
    fn the_scope_of_a_kind_stands_once() {
        for (kind, namespaced) in &RECORDED {
            let entry = CATALOGUE.iter().find(|entry| entry.resource == *kind);
            assert!(entry.is_none_or(|entry| entry.namespaced == *namespaced), "{kind}");
        }
    }

    #[test]
    fn the_rule_of_names_depends_on_the_kind() {
        for (kind, names) in [
            ("Namespace", Names::Label),
            ("Pod", Names::Subdomain),
            ("ConfigMap", Names::Subdomain),
            ("Ingress.networking.k8s.io", Names::Subdomain),
            ("Widget.example.org", Names::Subdomain),
            ("ClusterRole.rbac.authorization.k8s.io", Names::PathSegment),
            ("APIService.apiregistration.k8s.io", Names::PathSegment),
            ("IPAddress.networking.k8s.io", Names::PathSegment),
        ] {
            assert_eq!(kind.parse::<Resource>().map(|kind| kind.names()), Ok(names), "{kind}");
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
