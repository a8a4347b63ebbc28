//! A field that others changed, or own, which an edit wants to change too.

use async_graphql::SimpleObject;
use domain::kubernetes::edit::Conflict;
use serde_json::Value;

/// One field with its three values. Long ones are cut.
#[derive(SimpleObject, Clone)]
pub struct FieldConflict {
    /// As server-side apply names it, for example .spec.template.spec.containers[name="web"].image
    path: String,
    /// The field manager that wrote it last; empty if nobody knows.
    manager: String,
    /// What the author saw; null without a base, or if nothing stood there.
    base: Option<Value>,
    /// What is there.
    live: Option<Value>,
    /// What the author wants.
    yours: Option<Value>,
}

impl From<Conflict> for FieldConflict {
    fn from(conflict: Conflict) -> Self {
        let Conflict { path, manager, base, live, yours } = conflict;
        Self { path, manager, base, live, yours }
    }
}
