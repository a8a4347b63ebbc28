//! How a fold handles what goes at once: the values of a scope whose key is deleted, and the rows of a cluster that is removed.
//! It removes rows computed from forgotten values, because a fold of the same log could not compute them again.

use crate::{Error, engine::projection::Table};
use domain::{
    access::Scope,
    core::{
        event::{Event, Recorded},
        ids::ClusterId,
        sealing::KeyScope,
    },
    kubernetes::object::ObjectRef,
    platform::data_key::DataKeyEvent,
};
use sqlx::{AssertSqlSafe, PgConnection};
use std::sync::Arc;

/// The category of the streams that report deletions of keys.
pub const CATEGORY: &str = "sealing";
/// The category of the streams that report removals of clusters.
pub const CLUSTERS: &str = "cluster";

/// What goes with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone<'a> {
    /// The values that were sealed for this scope.
    Values(&'a KeyScope),
    /// The rows of this cluster. Its history stays.
    Cluster(&'a ClusterId),
}

impl<'a> Gone<'a> {
    pub const fn values(self) -> Option<&'a KeyScope> {
        match self {
            Self::Values(scope) => Some(scope),
            Self::Cluster(_) => None,
        }
    }

    pub const fn cluster(self) -> Option<&'a ClusterId> {
        match self {
            Self::Cluster(cluster) => Some(cluster),
            Self::Values(_) => None,
        }
    }
}

/// A part of a page: the events up to one with which something goes, and what goes. The last part may have nothing.
pub fn parts(events: &[Arc<Recorded>]) -> impl Iterator<Item = (&[Arc<Recorded>], Option<Gone<'_>>)> {
    let parts = events.split_inclusive(|event| gone(event).is_some());
    parts.map(|part| (part, part.last().and_then(gone)))
}

/// Deletes the rows of a removed cluster from tables with a column `scope`.
pub async fn remove_cluster(db: &mut PgConnection, tables: &[Table], cluster: &ClusterId) -> Result<(), Error> {
    // In byte order, 0 follows /.
    let (from, to) = (format!("{cluster}/"), format!("{cluster}0"));
    for table in tables {
        let delete = AssertSqlSafe(format!("DELETE FROM {} WHERE scope >= $1 AND scope < $2", table.name));
        sqlx::query(delete).bind(&from).bind(&to).execute(&mut *db).await?;
    }
    Ok(())
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

fn gone(event: &Arc<Recorded>) -> Option<Gone<'_>> {
    match &event.event {
        Event::DataKey(DataKeyEvent::DataKeyForgotten { scope, .. }) => Some(Gone::Values(scope)),
        other => other.ends_rows_of().map(Gone::Cluster),
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
