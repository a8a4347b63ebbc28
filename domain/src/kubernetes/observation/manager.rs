//! Facts about who wrote which part of an object (`metadata.managedFields`).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The field manager of everything that Binnacle writes.
pub const FIELD_MANAGER: &str = "binnacle";

/// A part of a workload, as far as operations distinguish parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Replicas,
    Suspend,
    Paused,
    Template,
    /// Any other field of `spec`.
    Spec,
    /// Labels, annotations, finalizers and owners.
    Metadata,
    Status,
    /// The annotation with the id of the last operation. A manager that restored an earlier version owns it, as
    /// `kubectl rollout undo` does. The fields that it removed have no owner any more.
    Mark,
}

impl Part {
    /// The part of a field, by its JSON pointer. None for fields that the server itself writes.
    pub fn of(path: &str) -> Option<Self> {
        let mut names = path.split('/').skip(1);
        Some(match (names.next()?, names.next().unwrap_or_default()) {
            ("spec", "replicas") => Self::Replicas,
            ("spec", "suspend") => Self::Suspend,
            ("spec", "paused") => Self::Paused,
            ("spec", "template" | "jobTemplate") => Self::Template,
            ("spec", _) => Self::Spec,
            ("metadata", "deletionTimestamp" | "deletionGracePeriodSeconds" | "generation") => return None,
            ("metadata", _) => Self::Metadata,
            _ => Self::Status,
        })
    }
}

/// The managers that wrote these parts last, by name. A manager without a time wrote through a subresource such as `scale`; it
/// owns the part because it wrote last. If nobody owns a part any more, it is the newest manager of the manifest.
pub fn writers_of<'a>(managers: &'a [FieldManager], parts: &BTreeSet<Part>) -> Vec<&'a str> {
    let of_part = |part: &Part| {
        // Controllers write annotations through the subresource of the status.
        let owns = |manager: &&FieldManager| {
            manager.parts.contains(part) && (*part == Part::Metadata || manager.subresource != "status")
        };
        let owners: Vec<&FieldManager> = managers.iter().filter(owns).collect();
        let newest = owners.iter().filter_map(|manager| manager.at).max();
        let last = owners.iter().filter(|manager| manager.at.is_none() || manager.at == newest);
        let names: Vec<&str> = last.map(|manager| manager.manager.as_str()).collect();
        if names.is_empty() { writers(managers) } else { names }
    };
    let names: BTreeSet<&str> = parts.iter().flat_map(of_part).collect();
    names.into_iter().collect()
}

/// The managers that wrote the newest part of a manifest, by name; all others wrote before.
pub fn writers(managers: &[FieldManager]) -> Vec<&str> {
    let of_manifest = || managers.iter().filter(|manager| manager.subresource != "status");
    let newest = of_manifest().filter_map(|manager| manager.at).max();
    let mut names: Vec<&str> = of_manifest()
        .filter(|manager| newest.is_none() || manager.at == newest)
        .map(|manager| manager.manager.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// One manager, and what it owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldManager {
    pub manager: String,
    /// For example `scale` or `status`; empty for the object itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subresource: String,
    /// When it last wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    pub parts: Vec<Part>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(name: &str, subresource: &str, at: Option<i64>, parts: &[Part]) -> FieldManager {
        let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        FieldManager { manager: name.to_owned(), subresource: subresource.to_owned(), at, parts: parts.to_vec() }
    }

    #[test]
    fn a_change_was_made_by_the_owner_of_its_field_and_not_by_the_newest_manager() {
        let managers = [
            manager("binnacle", "", Some(30), &[Part::Template, Part::Metadata, Part::Mark]),
            manager("kubectl", "scale", None, &[Part::Replicas]),
            manager("kubectl-set", "", Some(20), &[Part::Template]),
            manager("kube-controller-manager", "status", Some(40), &[Part::Metadata, Part::Status]),
        ];
        let of =
            |paths: &[&str]| writers_of(&managers, &paths.iter().filter_map(|path| Part::of(path)).collect()).join(" ");
        assert_eq!(of(&["/spec/replicas"]), "kubectl");
        assert_eq!(of(&["/spec/template/spec/containers/0/image"]), "binnacle");
        let revision = "/metadata/annotations/deployment.kubernetes.io~1revision";
        assert_eq!(of(&[revision]), "kube-controller-manager");
        assert_eq!(of(&["/spec/replicas", revision]), "kube-controller-manager kubectl");
        assert_eq!(of(&["/metadata/deletionTimestamp"]), "", "the server wrote it");
        assert_eq!(of(&["/spec/minReadySeconds"]), "binnacle", "whoever took it away owns nothing of it");
    }
}
