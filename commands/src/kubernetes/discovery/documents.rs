//! The documents in which an API server describes its kinds: the aggregated one, and those of older servers.

use super::kinds::{Described, ServedKind};
use domain::kubernetes::resource::Resource;
use serde::{Deserialize, Deserializer};

/// Servers in other languages write null for what is empty.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "or_default")]
    name: String,
    #[serde(rename = "continue", deserialize_with = "or_default")]
    next: String,
}

#[derive(Deserialize)]
struct Aggregated {
    #[serde(default)]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default, deserialize_with = "or_default")]
    metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    version: String,
    #[serde(default, deserialize_with = "or_default")]
    resources: Vec<AggregatedKind>,
    #[serde(default, deserialize_with = "or_default")]
    freshness: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AggregatedKind {
    resource: String,
    #[serde(default, deserialize_with = "or_default")]
    response_kind: Option<ResponseKind>,
    #[serde(default, deserialize_with = "or_default")]
    scope: String,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Deserialize)]
struct ResponseKind {
    #[serde(default, deserialize_with = "or_default")]
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rest {
    #[serde(deserialize_with = "or_default")]
    verbs: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    short_names: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    categories: Vec<String>,
}

/// A document that describes all groups, the preferred version of each first. None if the server answers in the older form.
pub(super) fn aggregated(text: &str) -> Result<Option<Vec<Described>>, serde_json::Error> {
    let document: Aggregated = serde_json::from_str(text)?;
    if document.kind != "APIGroupDiscoveryList" {
        return Ok(None);
    }
    let of_group = |Group { metadata, versions }: Group| {
        versions.into_iter().map(move |version| described(&metadata.name, version))
    };
    Ok(Some(document.items.into_iter().flat_map(of_group).collect()))
}

fn described(group: &str, version: Version) -> Described {
    let kind = |one: AggregatedKind| {
        let kind = one.response_kind.unwrap_or(ResponseKind { kind: String::new() }).kind;
        served(group, &version.version, &kind, one.resource, one.scope == "Namespaced", one.rest)
    };
    let kinds = version.resources.into_iter().filter_map(kind).collect();
    Described { group: group.to_owned(), is_stale: version.freshness == "Stale", kinds }
}

/// None for a kind that no object can have.
fn served(group: &str, version: &str, kind: &str, plural: String, namespaced: bool, rest: Rest) -> Option<ServedKind> {
    let (resource, version) = (Resource::new(group, kind)?, version.to_owned());
    let Rest { verbs, short_names, categories } = rest;
    Some(ServedKind { resource, version, plural, namespaced, verbs, short_names, categories, is_custom: false })
}

#[derive(Deserialize)]
struct Groups {
    #[serde(default, deserialize_with = "or_default")]
    groups: Vec<OldGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OldGroup {
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<OldVersion>,
    #[serde(default)]
    preferred_version: Option<OldVersion>,
}

#[derive(Deserialize)]
struct OldVersion {
    version: String,
}

/// The groups and versions of the older form, the preferred version of each group first.
pub(super) fn versions(text: &str) -> Result<Vec<(String, String)>, serde_json::Error> {
    let document: Groups = serde_json::from_str(text)?;
    let of_group = |OldGroup { name, mut versions, preferred_version }: OldGroup| {
        // The sort is stable: the others stay in the order of the server.
        versions.sort_by_key(|one| preferred_version.as_ref().is_none_or(|preferred| preferred.version != one.version));
        versions.into_iter().map(move |one| (name.clone(), one.version))
    };
    Ok(document.groups.into_iter().flat_map(of_group).collect())
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default, deserialize_with = "or_default")]
    resources: Vec<ListedKind>,
}

#[derive(Deserialize)]
struct ListedKind {
    name: String,
    kind: String,
    #[serde(default)]
    namespaced: bool,
    #[serde(flatten)]
    rest: Rest,
}

/// The kinds of one group version in the older form. Subresources stand among them.
pub(super) fn listed(group: &str, version: &str, text: &str) -> Result<Described, serde_json::Error> {
    let document: Listed = serde_json::from_str(text)?;
    let objects = document.resources.into_iter().filter(|one| !one.name.contains('/'));
    let kinds = objects.filter_map(|one| served(group, version, &one.kind, one.name, one.namespaced, one.rest));
    Ok(Described { group: group.to_owned(), is_stale: false, kinds: kinds.collect() })
}

/// The names of a page of objects.
pub(super) struct Names {
    pub names: Vec<String>,
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Metadata,
}

pub(super) fn names(text: &str) -> Result<Names, serde_json::Error> {
    let page: Page = serde_json::from_str(text)?;
    let names = page.items.into_iter().map(|item| item.metadata.name).collect();
    Ok(Names { names, next: Some(page.metadata.next).filter(|next| !next.is_empty()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aggregated_document_is_read() {
        let found = aggregated(include_str!("samples/apis.json")).expect("JSON").expect("aggregated");
        let lines: Vec<String> = found
            .iter()
            .map(|one| {
                let kinds: Vec<String> =
                    one.kinds.iter().map(|kind| format!("{} {}", kind.resource, kind.path())).collect();
                format!("{}{} {}", one.group, if one.is_stale { " stale" } else { "" }, kinds.join(", "))
            })
            .collect();
        let autoscaler = "autoscaling HorizontalPodAutoscaler /apis/autoscaling";
        assert_eq!(
            lines,
            [
                "apps Deployment /apis/apps/v1/deployments".to_owned(),
                format!("{autoscaler}/v2/horizontalpodautoscalers"),
                format!("{autoscaler}/v1/horizontalpodautoscalers"),
                "authorization.k8s.io SubjectAccessReview.authorization.k8s.io \
                 /apis/authorization.k8s.io/v1/subjectaccessreviews"
                    .to_owned(),
                "example.org Widget.example.org /apis/example.org/v1/widgets".to_owned(),
                "metrics.k8s.io stale ".to_owned(),
            ]
        );
        let deployment = &found[0].kinds[0];
        assert!(deployment.can_be_watched() && deployment.namespaced && deployment.can("patch"));
        assert_eq!(
            (&deployment.short_names[..], &deployment.categories[..]),
            (&["deploy".to_owned()][..], &["all".to_owned()][..])
        );
        let review = &found[3].kinds[0];
        assert!(!review.can_be_watched() && !review.namespaced);
    }

    #[test]
    fn the_core_group_has_no_name() {
        let found = aggregated(include_str!("samples/api.json")).expect("JSON").expect("aggregated");
        let kinds: Vec<&str> = found[0].kinds.iter().map(|kind| kind.resource.kind()).collect();
        assert_eq!((found[0].group.as_str(), &kinds[..]), ("", &["ConfigMap", "Node", "Pod"][..]), "no Binding");
    }

    #[test]
    fn the_older_form_is_told_apart_and_read() {
        let groups = include_str!("samples/groups.json");
        assert_eq!(aggregated(groups).expect("JSON"), None);
        let pair = |group: &str, version: &str| (group.to_owned(), version.to_owned());
        let wanted = [
            pair("apps", "v1"),
            pair("autoscaling", "v2"),
            pair("autoscaling", "v1"),
            pair("metrics.k8s.io", "v1beta1"),
        ];
        assert_eq!(versions(groups).expect("JSON"), wanted, "the preferred one first");
        let listed = listed("apps", "v1", include_str!("samples/apps-v1.json")).expect("JSON");
        let plurals: Vec<&str> = listed.kinds.iter().map(|kind| kind.plural.as_str()).collect();
        assert_eq!(plurals, ["deployments"], "without subresources");
    }

    #[test]
    fn what_is_empty_may_be_null_and_what_is_no_document_is_an_error() {
        let text = r#"{"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "example.org"}, "versions":
            [{"version": "v1", "resources": [{"resource": "widgets", "responseKind": {"kind": "Widget"}, "verbs": null,
            "shortNames": null}, {"resource": "odd", "responseKind": null}]}, {"version": "v2", "resources": null}]}]}"#;
        let found = aggregated(text).expect("JSON").expect("aggregated");
        assert_eq!(found.iter().map(|one| one.kinds.len()).collect::<Vec<_>>(), [1, 0]);
        for text in ["", "<html>", r#"{"kind": "APIGroupDiscoveryList", "items": [7]}"#] {
            assert!(aggregated(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_come_in_pages() {
        let page =
            names(r#"{"metadata": {"continue": "t"}, "items": [{"metadata": {"name": "a.b.c"}}]}"#).expect("JSON");
        assert_eq!((page.names, page.next.as_deref()), (vec!["a.b.c".to_owned()], Some("t")));
        let last = names(r#"{"metadata": {"continue": ""}, "items": null}"#).expect("JSON");
        assert_eq!((last.names.len(), last.next), (0, None));
    }
}
