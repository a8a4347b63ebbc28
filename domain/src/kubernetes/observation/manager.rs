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

/// A field that changed, as far as its author can be told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    pub part: Part,
    /// Nobody owns a field that is gone.
    pub is_removed: bool,
    /// Whether it is an annotation in which the Deployment controller counts revisions, as it does after each change by others.
    pub is_count: bool,
}

/// The managers that made these changes, by name: those that wrote since `before` and own a part that changed. A part that none
/// of them owns, and a removed field, is named after the only manager that wrote, if there is only one.
pub fn writers_of<'a>(managers: &'a [FieldManager], before: &[FieldManager], written: &[Written]) -> Vec<&'a str> {
    let wrote: Vec<&FieldManager> = managers.iter().filter(|manager| manager.has_written_since(before)).collect();
    let names = |of: Vec<&'a FieldManager>| of.into_iter().map(|one| one.manager.as_str()).collect::<BTreeSet<&str>>();
    let only = || {
        let found = names(wrote.iter().copied().filter(|manager| manager.subresource != "status").collect());
        if found.len() == 1 { found } else { BTreeSet::new() }
    };
    let of_change = |change: &Written| {
        // Controllers write annotations through the subresource of the status.
        let owns = |manager: &&FieldManager| {
            manager.parts.contains(&change.part) && change.is_count == (manager.subresource == "status")
        };
        let owners = names(wrote.iter().copied().filter(owns).collect());
        // The server notes no time for a subresource such as `scale`, so a second write looks like the first one.
        let untimed = || names(managers.iter().filter(|manager| manager.at.is_none()).filter(owns).collect());
        let choices: [&dyn Fn() -> BTreeSet<&'a str>; 3] = [&|| owners.clone(), &untimed, &only];
        let choices = if change.is_removed { &choices[2..] } else { &choices[..] };
        choices.iter().map(|choice| choice()).find(|names| !names.is_empty()).unwrap_or_default()
    };
    let is_count = written.iter().all(|change| change.is_count);
    let told: BTreeSet<Written> = written.iter().filter(|change| change.is_count == is_count).copied().collect();
    let names: BTreeSet<&str> = told.iter().flat_map(of_change).collect();
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

impl FieldManager {
    /// Whether it is new, wrote later or owns more than before. A manager that only lost fields to another wrote nothing.
    fn has_written_since(&self, before: &[Self]) -> bool {
        let has_all = |earlier: &Self| self.parts.iter().all(|part| earlier.parts.contains(part));
        let is_known = |earlier: &Self| {
            earlier.manager == self.manager && earlier.subresource == self.subresource && earlier.at >= self.at
        };
        !before.iter().any(|earlier| is_known(earlier) && has_all(earlier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(name: &str, subresource: &str, at: Option<i64>, parts: &[Part]) -> FieldManager {
        let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        FieldManager { manager: name.to_owned(), subresource: subresource.to_owned(), at, parts: parts.to_vec() }
    }

    fn set(part: Part) -> Written {
        Written { part, is_removed: false, is_count: false }
    }

    fn removed(part: Part) -> Written {
        Written { is_removed: true, ..set(part) }
    }

    const COUNT: Written = Written { part: Part::Metadata, is_removed: false, is_count: true };

    #[test]
    fn a_change_was_made_by_an_owner_that_wrote_since() {
        let before = [
            manager("kubectl", "scale", None, &[Part::Replicas]),
            manager("nightly-restart", "", Some(20), &[Part::Template]),
            manager("kube-controller-manager", "status", Some(21), &[Part::Metadata, Part::Status]),
        ];
        let mut managers = before.to_vec();
        managers.push(manager("bob", "", Some(30), &[Part::Metadata, Part::Spec]));
        managers[2].at = DateTime::from_timestamp(30, 0);
        let of = |written: &[Written]| writers_of(&managers, &before, written).join(" ");
        assert_eq!(of(&[set(Part::Metadata)]), "bob", "the controller wrote its status in the same second");
        assert_eq!(of(&[COUNT]), "kube-controller-manager");
        assert_eq!(of(&[set(Part::Metadata), COUNT]), "bob", "the count follows from the change");
        assert_eq!(of(&[set(Part::Replicas)]), "kubectl", "no time is known of it");
        assert_eq!(of(&[]), "", "the server wrote it");
    }

    #[test]
    fn a_removed_field_is_told_of_the_only_manager_that_wrote() {
        let before = [
            manager("nightly-restart", "", Some(20), &[Part::Template]),
            manager("alice", "", Some(10), &[Part::Spec, Part::Template]),
            manager("kube-controller-manager", "status", Some(21), &[Part::Metadata, Part::Status]),
        ];
        let of = |managers: &[FieldManager]| writers_of(managers, &before, &[removed(Part::Template), COUNT]).join(" ");
        let mut managers = before.to_vec();
        managers[2].at = DateTime::from_timestamp(29, 0);
        assert_eq!(of(&managers), "", "nobody is named rather than the one that wrote before");
        managers[1] = manager("alice", "", Some(28), &[Part::Spec]);
        assert_eq!(of(&managers), "alice");
        managers[0].parts.clear();
        assert_eq!(of(&managers), "alice", "the other lost a field");
        managers.push(manager("bob", "", Some(28), &[Part::Metadata]));
        assert_eq!(of(&managers), "", "one of two");
    }
}
