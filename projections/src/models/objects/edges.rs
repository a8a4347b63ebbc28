//! What a manifest says of other objects, as rows. The fold writes them, and [`super::related`] reads them from both ends.

use crate::engine::projection::Table;
use domain::{
    access::Scope,
    kubernetes::{
        object::ObjectRef,
        relation::{self, Edge, LabelSelector, Target},
    },
};
use serde::Serialize;
use serde_json::Value;

pub const EDGES: Table = Table { name: "object_edges", key: &["id", "ordinal"], of_objects: true };

/// One relation to another object, or to those that a selector selects.
#[derive(Debug, PartialEq, Serialize)]
pub struct EdgeRow {
    /// The object whose manifest says so.
    id: String,
    ordinal: i32,
    relation: &'static str,
    to_id: Option<String>,
    to_kind: Option<String>,
    to_scope: Option<String>,
    selector: Option<LabelSelector>,
}

/// The relations that an object has by its manifest.
pub fn of(object: &ObjectRef, manifest: &Value) -> Vec<EdgeRow> {
    let edges = relation::edges(&object.kind, object.namespace.as_deref(), manifest);
    (0..).zip(edges).map(|(ordinal, edge)| row(object, ordinal, edge)).collect()
}

fn row(object: &ObjectRef, ordinal: i32, Edge { relation, to }: Edge) -> EdgeRow {
    let (id, relation, cluster) = (object.id(), relation.as_str(), object.cluster.clone());
    match to {
        Target::Object { kind, namespace, name } => {
            let to_id = Some(ObjectRef { cluster, kind, namespace, name }.id());
            EdgeRow { id, ordinal, relation, to_id, to_kind: None, to_scope: None, selector: None }
        }
        Target::Selected { kind, namespace, selector } => {
            let to_scope = Some(Scope::of(cluster.as_str(), namespace.as_deref()));
            let (to_kind, selector) = (Some(kind.to_string()), Some(selector));
            EdgeRow { id, ordinal, relation, to_id: None, to_kind, to_scope, selector }
        }
    }
}
