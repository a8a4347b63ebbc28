//! In which order the members of a batch are requested, and which of them need which.

use super::Member;
use crate::kubernetes::{
    relation::{self, Target},
    resource::Resource,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// A group of kinds that is requested together, in this order. What is deleted goes in the reverse order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    Namespaces,
    /// Definitions of custom kinds.
    Definitions,
    /// Who may do what, and what everything in a namespace is held to.
    Rights,
    Config,
    Storage,
    /// What runs pods. Objects of custom kinds too: their controllers make some.
    Workloads,
    /// What leads to workloads, scales them, or judges requests: it needs them to run.
    Routes,
}

impl Group {
    /// The stable name in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Definitions => "definitions",
            Self::Rights => "rights",
            Self::Config => "config",
            Self::Storage => "storage",
            Self::Workloads => "workloads",
            Self::Routes => "routes",
        }
    }

    pub fn of(kind: &Resource) -> Self {
        match (kind.group(), kind.kind()) {
            ("", "Namespace") => Self::Namespaces,
            ("apiextensions.k8s.io", _) => Self::Definitions,
            ("rbac.authorization.k8s.io", _)
            | ("", "ServiceAccount" | "ResourceQuota" | "LimitRange")
            | ("scheduling.k8s.io", "PriorityClass")
            | ("networking.k8s.io", "NetworkPolicy") => Self::Rights,
            // Pods look for the names of Services when they start.
            ("", "ConfigMap" | "Secret" | "Service" | "Endpoints") | ("discovery.k8s.io", _) => Self::Config,
            ("storage.k8s.io", _) | ("", "PersistentVolume" | "PersistentVolumeClaim") => Self::Storage,
            ("networking.k8s.io" | "gateway.networking.k8s.io" | "autoscaling" | "policy", _)
            | ("admissionregistration.k8s.io" | "apiregistration.k8s.io", _) => Self::Routes,
            _ => Self::Workloads,
        }
    }
}

/// Whether the members go in the reverse order, because each of them takes its object away.
fn is_reversed(members: &[&Member]) -> bool {
    members.iter().all(|member| member.intent.leaves() == Some(false))
}

/// The groups that have members, in the order in which they are requested.
pub(super) fn groups(members: &[&Member]) -> Vec<Group> {
    let groups: BTreeSet<Group> = members.iter().map(|member| member.group).collect();
    if is_reversed(members) { groups.into_iter().rev().collect() } else { groups.into_iter().collect() }
}

/// For each member, the places of those that it needs. All of them are in groups before its own.
pub(super) fn needs(members: &[&Member]) -> Vec<BTreeSet<usize>> {
    let places = Places::of(members);
    let is_reversed = is_reversed(members);
    let mut needs = vec![BTreeSet::new(); members.len()];
    for (place, member) in members.iter().enumerate() {
        let is_before = |needed: &usize| members[*needed].group < member.group;
        for needed in places.needed_by(member).into_iter().filter(is_before) {
            // Before an object is taken away, those that need it have to be gone.
            let (later, earlier) = if is_reversed { (needed, place) } else { (place, needed) };
            needs[later].insert(earlier);
        }
    }
    needs
}

/// Where the objects of a batch stand in it.
struct Places<'a> {
    /// By kind, namespace and name.
    objects: HashMap<(&'a str, &'a str, Option<&'a str>, &'a str), usize>,
    /// The definitions of custom kinds, by their API group.
    definitions: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Places<'a> {
    fn of(members: &[&'a Member]) -> Self {
        let (mut objects, mut definitions) = (HashMap::new(), HashMap::<&str, Vec<usize>>::new());
        for (place, member) in members.iter().copied().enumerate() {
            let Member { target, group, .. } = member;
            let kind = &target.kind;
            objects.insert((kind.group(), kind.kind(), target.namespace.as_deref(), target.name.as_str()), place);
            // A definition is named by its plural and its group.
            if let (Group::Definitions, Some((_, group))) = (group, target.name.split_once('.')) {
                definitions.entry(group).or_default().push(place);
            }
        }
        Self { objects, definitions }
    }

    fn find(&self, kind: &Resource, namespace: Option<&str>, name: &str) -> Option<usize> {
        self.objects.get(&(kind.group(), kind.kind(), namespace, name)).copied()
    }

    /// Its namespace, the definitions of its group, and the objects that its manifest names.
    fn needed_by(&self, member: &Member) -> Vec<usize> {
        let target = &member.target;
        let namespace = target.namespace.as_deref();
        let place = namespace.and_then(|name| self.find(&Resource::NAMESPACE, None, name));
        let definitions = self.definitions.get(target.kind.group()).into_iter().flatten().copied();
        let mut needed: Vec<usize> = place.into_iter().chain(definitions).collect();
        if let Some(manifest) = member.intent.manifest() {
            for edge in relation::edges(&target.kind, namespace, manifest) {
                if let Target::Object { kind, namespace, name } = edge.to {
                    needed.extend(self.find(&kind, namespace.as_deref(), &name));
                }
            }
        }
        needed
    }
}
