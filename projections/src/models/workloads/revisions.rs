//! The revisions of a workload: each observed change of its manifest, with time and author.

use crate::{Error, Page, Window, engine::projection::Table, query::scope::push_scope};
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    core::event::Recorded,
    kubernetes::{
        manifest::comparable,
        observation::{FIELD_MANAGER, FieldManager, Part, writers, writers_of},
        observed::ObservedEvent,
        secret::masked,
    },
};
use json_patch::PatchOperation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, PgPool, QueryBuilder};
use uuid::Uuid;

pub(super) const REVISIONS: Table = Table { name: "revisions", key: &["id", "position"], of_objects: false };

/// Maximum changes kept of one revision.
const LIMIT: usize = 100;

/// One field that changed. A list is compared by place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// A JSON pointer (RFC 6901).
    pub path: String,
    /// None where the field was added.
    pub before: Option<Value>,
    /// None where the field was removed.
    pub after: Option<Value>,
}

impl Change {
    /// Whether people look at this field first: images, replicas, limits, selectors, commands, pausing and suspending.
    pub fn is_important(&self) -> bool {
        const FIELDS: [&str; 10] =
            ["image", "replicas", "resources", "selector", "command", "args", "paused", "suspend", "schedule", "env"];
        self.path.starts_with("/spec/") && self.path.split('/').any(|part| FIELDS.contains(&part))
    }
}

/// One observed change of a manifest. The first one of an incarnation has no changes: the object appeared, or was recorded
/// anew.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Revision {
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    pub generation: i64,
    /// The operation that made it. None if something else did.
    pub operation: Option<Uuid>,
    /// The author of each part, as the server names them.
    #[sqlx(json)]
    pub managers: Vec<FieldManager>,
    #[sqlx(json)]
    pub changes: Vec<Change>,
    /// Whether it was known before, and what was recorded of it was forgotten.
    pub anew: bool,
}

impl Revision {
    /// The managers that made the change.
    pub fn writers(&self) -> Vec<&str> {
        if self.changes.is_empty() {
            return writers(&self.managers);
        }
        writers_of(&self.managers, &self.changes.iter().filter_map(|change| Part::of(&change.path)).collect())
    }
}

/// A row of the table.
#[derive(Serialize)]
pub(super) struct RevisionRow {
    id: String,
    position: i64,
    uid: String,
    recorded_at: DateTime<Utc>,
    generation: i64,
    operation: Option<Uuid>,
    managers: Vec<FieldManager>,
    changes: Vec<Change>,
    anew: bool,
}

const OPERATION: &str = "/metadata/annotations/binnacle.io~1operation-id";

/// The row of an observed manifest. `before` is the last manifest of the same incarnation; `anew` as in [`Revision`].
pub(super) fn row(
    id: &str,
    event: &ObservedEvent,
    before: Option<&Value>,
    anew: bool,
    recorded: &Recorded,
) -> Option<RevisionRow> {
    let ObservedEvent::WorkloadManifestObserved { uid, manifest, managers, snapshot, .. } = event else { return None };
    let mark = |manifest: &Value| manifest.pointer(OPERATION)?.as_str()?.parse::<Uuid>().ok();
    let generation = snapshot.workload.generation;
    let is_new = |operation: &Uuid| before.map_or(generation <= 1, |before| mark(before) != Some(*operation));
    let operation = mark(manifest).filter(|operation| is_new(operation) && is_marked_by_us(managers));
    Some(RevisionRow {
        id: id.to_owned(),
        position: recorded.position,
        uid: uid.clone(),
        recorded_at: recorded.recorded_at,
        generation,
        operation,
        managers: managers.clone(),
        changes: before.map(|before| changes(before, manifest)).unwrap_or_default(),
        anew,
    })
}

/// Whether Binnacle wrote the mark. Others bring back an old one, as `kubectl rollout undo` does, or forge one. In a cluster that
/// names no managers, the mark alone counts.
fn is_marked_by_us(managers: &[FieldManager]) -> bool {
    let ours = |manager: &FieldManager| manager.manager == FIELD_MANAGER && manager.parts.contains(&Part::Mark);
    managers.is_empty() || managers.iter().any(ours)
}

/// The fields that differ, without fields that change at each write. Plain secrets are masked. A field whose name is a
/// secret is left out.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let difference = json_patch::diff(&comparable(before), &comparable(after)).0;
    let is_shown = |operation: &PatchOperation| {
        let path = operation.path().to_string();
        path != OPERATION && before.pointer(&path) != after.pointer(&path)
    };
    let shown: Vec<PatchOperation> = difference.into_iter().filter(is_shown).take(LIMIT).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let (before, after) = (masked(before), masked(after));
    let of_operation = |operation: PatchOperation| {
        let path = operation.path().to_string();
        let is_there = matches!(operation, PatchOperation::Add(_) | PatchOperation::Replace(_));
        let after = after.pointer(&path).filter(|_| is_there).cloned();
        let change = Change { before: before.pointer(&path).cloned(), after, path };
        Some(change).filter(|change| change.before.is_some() || change.after.is_some())
    };
    shown.into_iter().filter_map(of_operation).collect()
}

const ORDER: &str = "position";

/// A page of the revisions of a workload, newest first.
pub async fn page(pool: &PgPool, scope: &Scope, id: &str, window: &Window) -> Result<Page<Revision>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT position, recorded_at, generation, operation, managers, changes, anew FROM read.revisions WHERE id = ",
    );
    query.push_bind(id);
    push_scope(&mut query, scope);
    if let Some(position) = window.key::<i64>(ORDER)? {
        query.push(" AND position < ").push_bind(position);
    }
    query.push(" ORDER BY position DESC");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &Revision| row.position))
}

/// The existing revisions among these, each named by its workload and its position. In no particular order.
pub async fn at(pool: &PgPool, scope: &Scope, keys: &[(String, i64)]) -> Result<Vec<Revision>, Error> {
    let (ids, positions): (Vec<&str>, Vec<i64>) = keys.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
    let mut query = QueryBuilder::new(
        "SELECT position, recorded_at, generation, operation, managers, changes, anew FROM read.revisions \
         WHERE (id, position) IN (SELECT * FROM unnest(",
    );
    query.push_bind(ids).push("::text[], ").push_bind(positions).push("::bigint[]))");
    push_scope(&mut query, scope);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The number of revisions of a workload.
pub async fn count(pool: &PgPool, scope: &Scope, id: &str) -> Result<i64, Error> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM read.revisions WHERE id = ");
    query.push_bind(id);
    push_scope(&mut query, scope);
    Ok(query.build_query_scalar().fetch_one(pool).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_has_its_place_and_both_values() {
        let before = json!({"metadata": {"annotations": {"binnacle.io/operation-id": "1"}},
            "spec": {"replicas": 2, "paused": true}});
        let after = json!({"metadata": {"annotations": {"binnacle.io/operation-id": "2"}},
            "spec": {"replicas": 3, "minReadySeconds": 5}});
        let mut found = changes(&before, &after);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        let change = |path: &str, before, after| Change { path: path.to_owned(), before, after };
        assert_eq!(
            found,
            [
                change("/spec/minReadySeconds", None, Some(json!(5))),
                change("/spec/paused", Some(json!(true)), None),
                change("/spec/replicas", Some(json!(2)), Some(json!(3))),
            ]
        );
        assert_eq!(found.iter().map(Change::is_important).collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn a_changed_secret_is_shown_as_a_mask() {
        let leaf = |text: &str| json!({"$free": text, "$sealed": format!("sealed {text}")});
        let pod = |env: Value| json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "env": env}]}}}});
        let variable = |name: &str, text: &str| json!({"name": name, "value": leaf(text)});
        let before = pod(json!([variable("DB_PASSWORD", "Tr0ub4dor&3-old"), variable("MODE", "slow")]));
        let after = pod(json!([
            variable("DB_PASSWORD", "Tr0ub4dor&3-new"),
            variable("MODE", "fast"),
            variable("API_TOKEN", "q8Zr4Lw9xKt2Vb7n")
        ]));
        let found = changes(&before, &after);
        let texts: Vec<&Value> = found.iter().flat_map(|change| [&change.before, &change.after]).flatten().collect();
        let shown = serde_json::to_string(&texts).expect("JSON");
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(shown.contains("slow") && shown.contains("fast"), "{shown}");
        assert!(!shown.contains("Tr0ub4dor") && !shown.contains("q8Zr4Lw9"), "{shown}");
    }
}
