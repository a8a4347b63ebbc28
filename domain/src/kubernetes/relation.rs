//! What the manifest of an object says about other objects: which it names, and which it selects.
//!
//! An object that is named need not exist. Each relation stands in the manifest of one side, and is read from both.

mod access;
mod found;
mod network;
mod pod;
mod selector;
mod storage;
#[cfg(test)]
mod tests;

pub use selector::{LabelSelector, Operator, Requirement};

use super::{manifest::Place, resource::Resource};
use found::Found;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an object is to another one.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Relation {
    /// The other one owns it, and it goes with its owners.
    Owner,
    Owned,
    /// It selects the other one by its labels.
    Selects,
    SelectedBy,
    /// It takes files, variables or credentials from the other one.
    Mounts,
    MountedBy,
    /// What is sent to it goes to the other one.
    RoutesTo,
    RoutedFrom,
    /// It sets the replicas of the other one.
    Scales,
    ScaledBy,
    /// It belongs to the other one: a claim and its volume, a binding and its role, an Ingress and its class.
    Binds,
}

impl Relation {
    /// The stable text of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The same, as the other one has it.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Owner => Self::Owned,
            Self::Owned => Self::Owner,
            Self::Selects => Self::SelectedBy,
            Self::SelectedBy => Self::Selects,
            Self::Mounts => Self::MountedBy,
            Self::MountedBy => Self::Mounts,
            Self::RoutesTo => Self::RoutedFrom,
            Self::RoutedFrom => Self::RoutesTo,
            Self::Scales => Self::ScaledBy,
            Self::ScaledBy => Self::Scales,
            Self::Binds => Self::Binds,
        }
    }
}

/// A relation of an object, as its manifest says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub relation: Relation,
    pub to: Target,
}

/// The other side of a relation, in the same cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One object, by its name.
    Object {
        kind: Resource,
        /// None for an object outside namespaces.
        namespace: Option<String>,
        name: String,
    },
    /// The objects of a kind and a namespace that have these labels.
    Selected { kind: Resource, namespace: Option<String>, selector: LabelSelector },
}

/// The relations of an object to others, each once, in an order of their own. The manifest is read whether its values were
/// stored or not. A name that Kubernetes does not allow is left out.
pub fn edges(kind: &Resource, namespace: Option<&str>, manifest: &Value) -> Vec<Edge> {
    let manifest = Place::of(manifest);
    let spec = manifest.get("spec");
    let mut found = Found::new(namespace);
    owners(manifest, &mut found);
    match (kind.group(), kind.kind()) {
        ("", "Pod") => pod::edges(spec, &mut found),
        ("", "PodTemplate") => pod::edges(manifest.at(&["template", "spec"]), &mut found),
        ("apps", "StatefulSet") => {
            pod::edges(spec.at(&["template", "spec"]), &mut found);
            found.binds(Resource::SERVICE, spec.get("serviceName"));
            storage::of_set(manifest, &mut found);
        }
        ("batch", "CronJob") => pod::edges(spec.at(&["jobTemplate", "spec", "template", "spec"]), &mut found),
        ("", "ServiceAccount") => access::of_account(manifest, &mut found),
        ("", "PersistentVolumeClaim") => storage::of_claim(spec, &mut found),
        ("", "PersistentVolume") => storage::of_volume(spec, &mut found),
        ("", "Service") => network::of_service(spec, &mut found),
        ("policy", "PodDisruptionBudget") => found.selects_pods(spec.get("selector")),
        ("autoscaling", "HorizontalPodAutoscaler") => scaled(spec.get("scaleTargetRef"), &mut found),
        ("networking.k8s.io", "Ingress") => network::of_ingress(spec, &mut found),
        ("networking.k8s.io", "NetworkPolicy") => network::of_policy(spec, &mut found),
        ("gateway.networking.k8s.io", "Gateway") => network::of_gateway(spec, &mut found),
        ("gateway.networking.k8s.io", route) if route.ends_with("Route") => network::of_route(spec, &mut found),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => access::of_binding(manifest, &mut found),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding") => {
            found.binds(Resource::ADMISSION_POLICY, spec.get("policyName"));
        }
        // An object with a template of its pods. Those of custom kinds have the same form.
        _ => pod::edges(spec.at(&["template", "spec"]), &mut found),
    }
    found.edges()
}

/// An owner is in the namespace of what it owns, or outside namespaces. Of a kind that only discovery knows, one of the two exists.
fn owners(manifest: Place, found: &mut Found) {
    for owner in manifest.at(&["metadata", "ownerReferences"]).items() {
        let Some(kind) = versioned(owner.get("apiVersion"), owner.get("kind")) else { continue };
        if kind.is_namespaced().is_none() {
            found.named_in(Relation::Owner, kind.clone(), None, owner.get("name"));
        }
        found.named(Relation::Owner, kind, owner.get("name"));
    }
}

fn scaled(target: Place, found: &mut Found) {
    if let Some(kind) = versioned(target.get("apiVersion"), target.get("kind")) {
        found.named(Relation::Scales, kind, target.get("name"));
    }
}

/// The kind of a reference that has the version with the group. Without one it is of the core group.
fn versioned(api_version: Place, kind: Place) -> Option<Resource> {
    let group = api_version.text().and_then(|version| version.split_once('/')).map_or("", |(group, _)| group);
    Resource::new(group, kind.text()?)
}

/// The kind of a reference that has the group alone.
fn grouped(group: Place, kind: Place, default: &Resource) -> Option<Resource> {
    Resource::new(group.text().unwrap_or(default.group()), kind.text().unwrap_or(default.kind()))
}
