//! How a fold handles the deletion of a scope's key. It removes rows computed from the sealed values, because a fold of
//! the same log could not compute them again.

use domain::{
    access::Scope,
    core::{
        event::{Event, Recorded},
        sealing::KeyScope,
    },
    kubernetes::object::ObjectRef,
    platform::data_key::DataKeyEvent,
};
use std::sync::Arc;

/// The category of the streams that report deletions.
pub const CATEGORY: &str = "sealing";

/// A part of a page: the events up to a deletion, with the forgotten scope. The last part has none.
pub fn parts(events: &[Arc<Recorded>]) -> impl Iterator<Item = (&[Arc<Recorded>], Option<&KeyScope>)> {
    let parts = events.split_inclusive(|event| scope(event).is_some());
    parts.map(|part| (part, part.last().and_then(|event| scope(event))))
}

/// The rows of objects whose values went with the key of this scope: a column of their tables, and its value.
pub fn of_objects(scope: &KeyScope) -> Option<(&'static str, String)> {
    if let Some((cluster, namespace)) = scope.namespace() {
        return Some(("scope", Scope::of(cluster, Some(namespace))));
    }
    let mut path = scope.as_str().strip_prefix("object:")?.splitn(3, '/');
    let (cluster, kind, name) = (path.next()?, path.next()?, path.next()?);
    let object = ObjectRef::from_stream(&format!("observed:{cluster}/_/{kind}/{name}"))?;
    Some(("id", object.id()))
}

fn scope(event: &Arc<Recorded>) -> Option<&KeyScope> {
    match &event.event {
        Event::DataKey(DataKeyEvent::DataKeyForgotten { scope, .. }) => Some(scope),
        Event::DataKey(_)
        | Event::Operation(_)
        | Event::Observed(_)
        | Event::Cluster(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::Access(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_outside_namespaces_is_forgotten_alone() {
        let of = |stream: &str| of_objects(&KeyScope::of_stream(stream)?);
        let one = |column: &'static str, value: &str| Some((column, value.to_owned()));
        assert_eq!(of("observed:dev/team/ConfigMap/a"), one("scope", "dev/team"));
        assert_eq!(of("observed:dev/_/Node/a"), one("id", "Node~dev~_~a"));
        let role = "ClusterRole.rbac.authorization.k8s.io~dev~_~system:node";
        assert_eq!(of("observed:dev/_/ClusterRole.rbac.authorization.k8s.io/system:node"), one("id", role));
        assert_eq!(of("user:1"), None);
    }
}
