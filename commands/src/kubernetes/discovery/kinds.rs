//! What is known of the kinds of a cluster.

use domain::kubernetes::resource::Resource;
use std::collections::{BTreeMap, HashSet, btree_map::Entry};

/// A kind that a cluster serves, in the version in which Binnacle reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedKind {
    pub resource: Resource,
    /// Without its group: `v1`.
    pub version: String,
    pub plural: String,
    pub namespaced: bool,
    /// What the server does with it: `get`, `list`, `watch`, `create`, `patch`, `delete` and others.
    pub verbs: Vec<String>,
    pub short_names: Vec<String>,
    pub categories: Vec<String>,
    /// Whether a CustomResourceDefinition made it.
    pub is_custom: bool,
}

impl ServedKind {
    /// A kind that Binnacle has rules for, as every cluster serves it.
    pub fn of_catalogue(kind: &Resource) -> Option<Self> {
        let api_version = kind.api_version()?;
        Some(Self {
            resource: kind.clone(),
            version: api_version.rsplit('/').next().unwrap_or_default().to_owned(),
            plural: kind.plural()?.to_owned(),
            namespaced: kind.is_namespaced()?,
            verbs: ["get", "list", "watch"].map(str::to_owned).to_vec(),
            short_names: Vec::new(),
            categories: Vec::new(),
            is_custom: false,
        })
    }

    /// `group/version`, or the version alone in the core group.
    pub fn api_version(&self) -> String {
        match self.resource.group() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// The path of its objects in all namespaces.
    pub fn path(&self) -> String {
        let root = if self.resource.group().is_empty() { "api" } else { "apis" };
        format!("/{root}/{}/{}", self.api_version(), self.plural)
    }

    /// Whether the server has this verb for it. That says nothing about rights.
    pub fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }

    pub fn can_be_watched(&self) -> bool {
        self.can("list") && self.can("watch")
    }

    /// Whether the number of its objects says whether it is recorded.
    pub fn is_judged_by_number(&self) -> bool {
        self.is_custom && self.can_be_watched() && !self.resource.is_recorded_by_default()
    }
}

/// One version of a group, as discovery describes it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Described {
    pub group: String,
    /// Whether the server could not ask whoever serves it, so that kinds may be missing.
    pub is_stale: bool,
    pub kinds: Vec<ServedKind>,
}

/// The kinds of a cluster, by group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    groups: BTreeMap<String, Group>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    is_stale: bool,
    kinds: BTreeMap<Resource, ServedKind>,
}

impl Kinds {
    /// Each kind in the version that Binnacle has rules for, else in the one that its group prefers: the first.
    pub(super) fn of(described: Vec<Described>) -> Self {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for version in described {
            let group = groups.entry(version.group).or_default();
            group.is_stale |= version.is_stale;
            for kind in version.kinds {
                match group.kinds.entry(kind.resource.clone()) {
                    Entry::Vacant(entry) => {
                        entry.insert(kind);
                    }
                    Entry::Occupied(mut entry) if is_better(&kind, entry.get()) => {
                        entry.insert(kind);
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        Self { groups }
    }

    /// With the kinds that were known before, in groups that are stale now.
    pub(super) fn after(mut self, before: &Self) -> Self {
        for (name, group) in self.groups.iter_mut().filter(|(_, group)| group.is_stale) {
            let known = before.groups.get(name).into_iter().flat_map(|group| &group.kinds);
            for (resource, kind) in known {
                group.kinds.entry(resource.clone()).or_insert_with(|| kind.clone());
            }
        }
        self
    }

    /// With the mark of kinds that a definition made. Without definitions, that of before.
    pub(super) fn with_custom(mut self, definitions: Option<&HashSet<String>>, before: &Self) -> Self {
        for kind in self.groups.values_mut().flat_map(|group| group.kinds.values_mut()) {
            let name = || format!("{}.{}", kind.plural, kind.resource.group());
            kind.is_custom = match definitions {
                Some(definitions) => definitions.contains(&name()),
                None => before.get(&kind.resource).is_some_and(|known| known.is_custom),
            };
        }
        self
    }

    pub fn get(&self, kind: &Resource) -> Option<&ServedKind> {
        self.groups.get(kind.group())?.kinds.get(kind)
    }

    /// Every kind, in the order of groups and names.
    pub fn all(&self) -> impl Iterator<Item = &ServedKind> {
        self.groups.values().flat_map(|group| group.kinds.values())
    }

    /// Whether kinds of this group may be missing, or may be no more.
    pub fn is_stale(&self, group: &str) -> bool {
        self.groups.get(group).is_some_and(|group| group.is_stale)
    }

    /// Whether the core group is unknown, which every cluster serves.
    pub fn is_empty(&self) -> bool {
        self.groups.get("").is_none_or(|core| core.kinds.is_empty())
    }
}

fn is_better(kind: &ServedKind, known: &ServedKind) -> bool {
    let is_ours = kind.resource.api_version().is_some_and(|version| version == kind.api_version());
    is_ours || kind.can("list") && !known.can("list")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str, version: &str) -> ServedKind {
        let resource: Resource = text.parse().expect("a kind");
        let plural = format!("{}s", resource.kind().to_lowercase());
        let verbs = ["get", "list", "watch"].map(str::to_owned).to_vec();
        let (version, short_names, categories) = (version.to_owned(), Vec::new(), Vec::new());
        ServedKind { resource, version, plural, namespaced: true, verbs, short_names, categories, is_custom: false }
    }

    fn described(group: &str, is_stale: bool, kinds: Vec<ServedKind>) -> Described {
        Described { group: group.to_owned(), is_stale, kinds }
    }

    #[test]
    fn a_stale_group_keeps_what_was_known_and_a_gone_one_does_not() {
        let widget = || kind("Widget.example.org", "v1");
        let before = Kinds::of(vec![
            described("example.org", false, vec![widget(), kind("Gadget.example.org", "v1")]),
            described("gone.org", false, vec![kind("Thing.gone.org", "v1")]),
        ]);
        let now = Kinds::of(vec![described("example.org", true, vec![kind("New.example.org", "v1")])]).after(&before);
        let names: Vec<String> = now.all().map(|kind| kind.resource.to_string()).collect();
        assert_eq!(names, ["Gadget.example.org", "New.example.org", "Widget.example.org"]);
        assert!(now.is_stale("example.org") && !now.is_stale("gone.org"));
        let current = Kinds::of(vec![described("example.org", false, vec![widget()])]).after(&now);
        assert_eq!(current.all().count(), 1, "it answers again, without the others");
    }

    #[test]
    fn a_kind_is_read_in_the_version_of_the_rules_or_the_preferred_one() {
        let kinds = Kinds::of(vec![
            described("autoscaling", false, vec![kind("HorizontalPodAutoscaler", "v3")]),
            described("autoscaling", false, vec![kind("HorizontalPodAutoscaler", "v2")]),
            described("example.org", false, vec![kind("Widget.example.org", "v1beta1")]),
            described("example.org", false, vec![kind("Widget.example.org", "v1alpha1")]),
        ]);
        let path = |text: &str| kinds.get(&text.parse().expect("a kind")).map(ServedKind::path);
        let autoscalers = "/apis/autoscaling/v2/horizontalpodautoscalers";
        assert_eq!(path("HorizontalPodAutoscaler").as_deref(), Some(autoscalers));
        assert_eq!(path("Widget.example.org").as_deref(), Some("/apis/example.org/v1beta1/widgets"));
        assert_eq!(path("Gadget.example.org"), None);
    }

    #[test]
    fn without_definitions_a_kind_stays_custom_or_not() {
        let of = || Kinds::of(vec![described("example.org", false, vec![kind("Widget.example.org", "v1")])]);
        let is_custom = |kinds: &Kinds| kinds.all().all(|kind| kind.is_custom);
        let names = HashSet::from(["widgets.example.org".to_owned()]);
        let custom = of().with_custom(Some(&names), &Kinds::default());
        assert!(is_custom(&custom) && is_custom(&of().with_custom(None, &custom)));
        assert!(!is_custom(&of().with_custom(Some(&HashSet::new()), &custom)));
        assert!(!is_custom(&of().with_custom(None, &Kinds::default())));
    }
}
