//! Objects that are read from the API server: those of kinds that the log does not record, and manifests that it does not
//! keep.
//!
//! A list is read in parts, each by the token that the part before gave. A cursor is the token of a part and a place in it,
//! so that any row can be continued after.

use super::{KubernetesObject, filter::Wanted, list::ObjectConnection};
use crate::graphql::{
    context::{scope, services},
    engine::{connection::PageInfo, error::ApiError, message::make_visible, reads::read},
    kubernetes::kind,
};
use async_graphql::Context;
use chrono::DateTime;
use commands::kubernetes::{
    discovery::ServedKind,
    live::{LARGEST_PAGE, LiveObject, LivePage, Part},
};
use domain::{
    access::Scope,
    core::{ids::ClusterId, version::ObjectVersion},
    kubernetes::{object::ObjectRef, observation::Object, resource::Resource, status::object::evaluate},
};
use projections::{Error, Window, models::objects};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Parts that are read for one page, where the API server cannot filter.
const MOST_PARTS: usize = 10;

/// The kind of the filter with its cluster, if it is one that is not recorded.
pub async fn kind_of(ctx: &Context<'_>, filter: &objects::Filter) -> Result<Option<(ClusterId, ServedKind)>, ApiError> {
    let all = || services(ctx).clusters.ids();
    let clusters: Vec<ClusterId> =
        filter.cluster.as_ref().map_or_else(all, |id| ClusterId::parse(id).into_iter().collect());
    for kind in &filter.kinds {
        for cluster in &clusters {
            // One of several that does not answer must not hold up the others.
            let found = match clusters.len() {
                1 => in_cluster(ctx, cluster, kind).await?,
                _ => kind::known_unrecorded(ctx, cluster, kind),
            };
            let Some(found) = found else { continue };
            let refused = |field, what| Err(ApiError::bad_input(field, format!("{kind} is read live: {what}")));
            return match (filter.kinds.len(), clusters.len()) {
                (1, 1) => Ok(Some((cluster.clone(), found))),
                (1, _) => refused("cluster", "name the cluster"),
                _ => refused("kinds", "name no other kind beside it"),
            };
        }
    }
    Ok(None)
}

/// A cluster that did not say yet what it serves hides nothing that is recorded.
async fn in_cluster(ctx: &Context<'_>, cluster: &ClusterId, kind: &Resource) -> Result<Option<ServedKind>, ApiError> {
    let error = match kind::unrecorded(ctx, cluster, kind).await {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    let (scope, kinds) = (scope(ctx)?, vec![kind.clone()]);
    let filter = objects::Filter { cluster: Some(cluster.to_string()), kinds, ..objects::Filter::default() };
    let recorded = read(ctx, |pool| objects::count(pool, &scope, &filter)).await?;
    if recorded > 0 { Ok(None) } else { Err(error) }
}

/// One object of a kind that is not recorded.
pub async fn get(ctx: &Context<'_>, object: &ObjectRef) -> Result<Option<KubernetesObject>, ApiError> {
    if !scope(ctx)?.contains(object.cluster.as_str(), object.namespace.as_deref()) {
        return Ok(None);
    }
    let kind = kind::unrecorded(ctx, &object.cluster, &object.kind).await?;
    let Some(kind) = kind.filter(|kind| kind.namespaced == object.namespace.is_some()) else { return Ok(None) };
    Ok(services(ctx).live.get(object, &kind).await?.map(KubernetesObject::from))
}

/// The manifest of an object of any kind as it is now. None if there is no such object.
pub async fn manifest(ctx: &Context<'_>, object: &ObjectRef) -> Result<Option<Value>, ApiError> {
    let Some(kind) = kind::served(ctx, &object.cluster, &object.kind).await? else { return Ok(None) };
    let found = services(ctx).live.get(object, &kind).await?;
    Ok(found.and_then(|found| found.manifest).map(|manifest| Value::clone(&manifest)))
}

/// A place in the list of a kind: after `skip` objects of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    kind: String,
    /// None: in all namespaces, or outside them.
    namespace: Option<String>,
    /// The token of the part, empty for the first one.
    part: String,
    skip: usize,
}

impl Place {
    fn cursor(&self) -> String {
        // Texts and a number, which always serialise.
        hex::encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn parse(cursor: &str) -> Option<Self> {
        serde_json::from_slice(&hex::decode(cursor).ok()?).ok()
    }

    /// The place after this whole part. None at the end of the list.
    fn next(&self, token: Option<String>, namespaces: &[Option<String>]) -> Option<Self> {
        if let Some(part) = token {
            return Some(Self { part, skip: 0, ..self.clone() });
        }
        let this = namespaces.iter().position(|namespace| *namespace == self.namespace)?;
        let namespace = namespaces.get(this + 1)?.clone();
        Some(Self { namespace, part: String::new(), skip: 0, ..self.clone() })
    }
}

/// The namespaces to list, in order: those of the filter that the viewer may see. None: all at once.
fn namespaces(scope: &Scope, cluster: &ClusterId, kind: &ServedKind, wanted: &[String]) -> Vec<Option<String>> {
    let cluster = cluster.as_str();
    if !kind.namespaced {
        return if wanted.is_empty() && scope.contains(cluster, None) { vec![None] } else { Vec::new() };
    }
    let mut seen: Vec<String> = match scope.within() {
        None if wanted.is_empty() => return vec![None],
        Some(within) if wanted.is_empty() => {
            let own = within.iter().filter_map(|one| one.split_once('/')).filter(|(of, _)| *of == cluster);
            own.map(|(_, namespace)| namespace.to_owned()).collect()
        }
        _ => wanted.iter().filter(|namespace| scope.contains(cluster, Some(namespace))).cloned().collect(),
    };
    seen.retain(|namespace| !namespace.is_empty());
    seen.sort();
    seen.dedup();
    seen.into_iter().map(Some).collect()
}

/// The rows of a page, as far as they were found.
struct Found<'a> {
    filter: &'a objects::Filter,
    first: usize,
    rows: Vec<(KubernetesObject, Place)>,
    has_next: bool,
}

impl Found<'_> {
    /// Takes the rows of a part from a place on.
    fn take(&mut self, page: LivePage, at: &Place) {
        for object in page.objects.into_iter().filter(|object| object.place >= at.skip) {
            let place = Place { skip: object.place + 1, ..at.clone() };
            let object = KubernetesObject::from(object);
            if !self.filter.matches(&object.row) {
                continue;
            }
            if self.rows.len() == self.first {
                self.has_next = true;
                return;
            }
            self.rows.push((object, place));
        }
    }

    /// How many objects to ask for. One more than is missing shows whether more follow.
    fn limit(&self, skip: usize) -> u32 {
        let is_filtered = !self.filter.states.is_empty() || self.filter.search.is_some();
        // The number to skip is that of a cursor, which anybody can write.
        let wanted = skip.saturating_add(self.first - self.rows.len() + 1);
        if is_filtered { LARGEST_PAGE } else { u32::try_from(wanted).unwrap_or(LARGEST_PAGE) }
    }
}

/// One window of the objects of a kind that is not recorded, in the order of the API server.
pub async fn page(
    ctx: &Context<'_>,
    (cluster, kind): (ClusterId, ServedKind),
    Wanted { filter, labels }: &Wanted,
    order: objects::Order,
    window: &Window,
) -> Result<ObjectConnection, ApiError> {
    if order != objects::Order::default() {
        let words = format!("{} is read live, and sorted by NAME only", kind.resource);
        return Err(ApiError::bad_input("orderBy", words));
    }
    let namespaces = namespaces(&scope(ctx)?, &cluster, &kind, &filter.namespaces);
    let mut at = begin(&kind, &namespaces, window.after.as_deref())?;
    let first = usize::try_from(window.first).unwrap_or_default();
    let mut found = Found { filter, first, rows: Vec::new(), has_next: false };
    let mut parts = 0;
    while let Some(place) = at.take() {
        let (limit, namespace) = (found.limit(place.skip), place.namespace.as_deref());
        let part = Part { namespace, labels, after: &place.part, limit };
        let mut page = services(ctx).live.page(&cluster, &kind, &part).await?;
        let token = page.next.take();
        found.take(page, &place);
        parts += 1;
        at = place.next(token, &namespaces).filter(|_| !found.has_next);
        if parts == MOST_PARTS {
            break;
        }
    }
    Ok(connection(found, at.as_ref(), window.after.is_some()))
}

/// Where to begin. None: there is nothing to list.
fn begin(kind: &ServedKind, namespaces: &[Option<String>], after: Option<&str>) -> Result<Option<Place>, ApiError> {
    let kind = kind.resource.to_string();
    let Some(after) = after else {
        let first = namespaces.first().cloned();
        return Ok(first.map(|namespace| Place { kind, namespace, part: String::new(), skip: 0 }));
    };
    let place = Place::parse(after).filter(|place| place.kind == kind && namespaces.contains(&place.namespace));
    Ok(Some(place.ok_or(Error::BadCursor)?))
}

/// `at`: where a list that was not read to its end goes on.
fn connection(found: Found<'_>, at: Option<&Place>, has_previous_page: bool) -> ObjectConnection {
    let (rows, places): (Vec<KubernetesObject>, Vec<Place>) = found.rows.into_iter().unzip();
    let page_info = PageInfo {
        has_next_page: found.has_next || at.is_some(),
        has_previous_page,
        start_cursor: places.first().map(Place::cursor),
        end_cursor: at.or(places.last()).map(Place::cursor),
    };
    ObjectConnection::new(rows, places.iter().map(Place::cursor).collect(), page_info, None)
}

impl From<LiveObject> for KubernetesObject {
    fn from(found: LiveObject) -> Self {
        let LiveObject { object, uid, resource_version, created_at, manifest, labels, report, .. } = found;
        let (uid, created_at) = (uid.unwrap_or_default(), created_at.unwrap_or(DateTime::UNIX_EPOCH));
        let seen = Object { name: &object.name, uid: &uid, created_at, facts: &report };
        let status = evaluate(&object.kind, &seen, manifest.as_deref().unwrap_or(&Value::Null), None);
        let columns = report.columns.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
        let mut columns = Value::Object(columns.collect());
        make_visible(&mut columns);
        let content = resource_version.unwrap_or_default();
        let row = objects::ObjectRow {
            id: object.id(),
            cluster: object.cluster.to_string(),
            // It covers changes of the status too: there is no key to hash the rest by.
            version: ObjectVersion { requests: 0, content: &content, uid: &uid }.to_string(),
            namespace: object.namespace.unwrap_or_default(),
            kind: object.kind,
            name: object.name,
            state: status.state,
            rank: status.state.rank(),
            state_since: None,
            status,
            owner: None,
            labels,
            columns: report.columns,
            created_at,
            added_position: 0,
            uid,
        };
        Self { columns: Some(columns), manifest: manifest.map(Arc::new), ..Self::from(row) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kubernetes::status::object::ObjectState;

    fn kind(text: &str, namespaced: bool) -> ServedKind {
        ServedKind {
            resource: text.parse().expect("a kind"),
            version: "v1".to_owned(),
            plural: "things".to_owned(),
            namespaced,
            verbs: Vec::new(),
            short_names: Vec::new(),
            categories: Vec::new(),
            is_custom: false,
        }
    }

    fn lease() -> ServedKind {
        kind("Lease.coordination.k8s.io", true)
    }

    fn some(names: &[&str]) -> Vec<Option<String>> {
        names.iter().map(|name| Some((*name).to_owned())).collect()
    }

    #[test]
    fn only_namespaces_that_are_wanted_and_seen_are_listed() {
        let dev = ClusterId::from_name("dev");
        let seen = Scope::only(["b", "a", ""].map(|name| Scope::of("dev", Some(name))).to_vec());
        let names = |scope: &Scope, kind: &ServedKind, wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            namespaces(scope, &dev, kind, &wanted)
        };
        let (all, lease, class) = (Scope::everything(), lease(), kind("CSIDriver.storage.k8s.io", false));
        assert_eq!(names(&all, &lease, &[]), [None]);
        assert_eq!(names(&all, &lease, &["c", "b", "c"]), some(&["b", "c"]));
        assert_eq!(names(&seen, &lease, &[]), some(&["a", "b"]));
        assert_eq!(names(&seen, &lease, &["b", "c"]), some(&["b"]));
        assert_eq!((names(&all, &class, &[]), names(&all, &class, &["a"])), (vec![None], Vec::new()));
        assert_eq!(names(&Scope::only(Vec::new()), &class, &[]), []);
    }

    #[test]
    fn a_cursor_goes_on_where_it_was_made_and_nowhere_else() {
        let namespaces = some(&["a", "b"]);
        let begin = |kind: &ServedKind, after: Option<&str>| begin(kind, &namespaces, after);
        let place = begin(&lease(), None).expect("no cursor").expect("a place");
        let inside = Place { skip: 7, ..place.clone() };
        assert_eq!(begin(&lease(), Some(&inside.cursor())), Ok(Some(inside.clone())));
        let elsewhere = Place { namespace: Some("c".to_owned()), ..place };
        for (kind, cursor) in [
            (kind("CSINode.storage.k8s.io", true), inside.cursor()),
            (lease(), elsewhere.cursor()),
            (lease(), "zz".to_owned()),
            (lease(), String::new()),
        ] {
            assert_eq!(begin(&kind, Some(&cursor)).map_err(|error| error.code), Err("BAD_INPUT"), "{cursor}");
        }
    }

    #[test]
    fn as_many_as_are_missing_and_one_more_are_asked_for() {
        let filter = objects::Filter::default();
        let found = Found { filter: &filter, first: 50, rows: Vec::new(), has_next: false };
        assert_eq!((found.limit(0), found.limit(7), found.limit(usize::MAX)), (51, 58, LARGEST_PAGE));
        let searched = objects::Filter { states: vec![ObjectState::Failed], ..objects::Filter::default() };
        assert_eq!(Found { filter: &searched, ..found }.limit(0), LARGEST_PAGE, "the server cannot filter");
    }

    #[test]
    fn a_list_goes_from_part_to_part_and_from_namespace_to_namespace() {
        let namespaces = some(&["a", "b"]);
        let first = begin(&lease(), &namespaces, None).expect("no cursor").expect("a place");
        let second = first.next(Some("t".to_owned()), &namespaces).expect("a place");
        assert_eq!((second.namespace.as_deref(), second.part.as_str()), (Some("a"), "t"));
        let third = second.next(None, &namespaces).expect("a place");
        assert_eq!((third.namespace.as_deref(), third.part.as_str()), (Some("b"), ""));
        assert_eq!(third.next(None, &namespaces), None);
    }
}
