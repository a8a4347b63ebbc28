//! The revisions of an object of any kind: each observed change of its manifest, with time and author.

use crate::{Error, Page, Window, engine::projection::Table, query::scope::push_scope};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Scope,
    core::event::Recorded,
    kubernetes::{
        manifest::{Manifest, comparable},
        observation::{FIELD_MANAGER, FieldManager, Part, Written, writers, writers_of},
        observed::ObservedEvent,
        secret::masked,
    },
};
use json_patch::PatchOperation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, PgPool, QueryBuilder};
use uuid::Uuid;

pub const REVISIONS: Table = Table { name: "revisions", key: &["id", "position"], of_objects: false };

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
    /// Whether people look at this field first: images, replicas, limits, selectors, ports, commands, pausing and suspending,
    /// and whatever stands beside `metadata` and `spec`: data, rights, webhooks.
    pub fn is_important(&self) -> bool {
        const FIELDS: [&str; 11] = [
            "image",
            "replicas",
            "resources",
            "selector",
            "ports",
            "command",
            "args",
            "paused",
            "suspend",
            "schedule",
            "env",
        ];
        let mut parts = self.path.split('/').skip(1);
        match parts.next() {
            Some("spec") => parts.any(|part| FIELDS.contains(&part)),
            Some("metadata" | "status") | None => false,
            Some(_) => true,
        }
    }

    /// What tells its author. None if the server itself made it.
    fn written(&self) -> Option<Written> {
        Some(Written { part: Part::of(&self.path)?, is_removed: self.after.is_none(), is_count: self.is_count() })
    }

    /// Whether it is the count of revisions, alone or as all annotations that there are.
    fn is_count(&self) -> bool {
        let values = [&self.before, &self.after].into_iter().flatten();
        let mut names = values.filter_map(Value::as_object).flat_map(|annotations| annotations.keys());
        self.path.strip_prefix("/metadata/annotations/").is_some_and(|name| name.starts_with(COUNTS))
            || self.path == "/metadata/annotations" && names.all(|name| name.starts_with(COUNTS))
    }
}

/// The annotations of the Deployment controller.
const COUNTS: &str = "deployment.kubernetes.io";

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
    /// The same of the revision before. None for the first one.
    #[sqlx(json(nullable))]
    pub managers_before: Option<Vec<FieldManager>>,
    #[sqlx(json)]
    pub changes: Vec<Change>,
    /// Whether it was known before, and what was recorded of it was forgotten.
    pub anew: bool,
}

impl Revision {
    /// The managers that made the change. Empty if it cannot be told.
    pub fn writers(&self) -> Vec<&str> {
        if self.changes.is_empty() {
            return writers(&self.managers);
        }
        let written: Vec<Written> = self.changes.iter().filter_map(Change::written).collect();
        writers_of(&self.managers, self.managers_before.as_deref().unwrap_or_default(), &written)
    }
}

/// A row of the table.
#[derive(Serialize)]
pub struct RevisionRow {
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

/// A manifest as it was observed, of an object of any kind.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    pub uid: &'a str,
    pub manifest: &'a Manifest,
    pub managers: &'a [FieldManager],
    /// 0 where the kind has none.
    pub generation: i64,
    pub created_at: DateTime<Utc>,
}

impl<'a> Observation<'a> {
    /// None if the event has no manifest.
    pub fn of(event: &'a ObservedEvent) -> Option<Self> {
        match event {
            ObservedEvent::WorkloadManifestObserved { uid, created_at, manifest, managers, snapshot, .. } => {
                Some(Self {
                    uid,
                    manifest,
                    managers,
                    generation: snapshot.workload.generation,
                    created_at: *created_at,
                })
            }
            ObservedEvent::ObjectObserved { uid, created_at, manifest, managers, report, .. } => {
                Some(Self { uid, manifest, managers, generation: report.generation, created_at: *created_at })
            }
            ObservedEvent::WorkloadStatusObserved { .. }
            | ObservedEvent::WorkloadGone { .. }
            | ObservedEvent::PodObserved { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. }
            | ObservedEvent::ObjectStatusObserved { .. }
            | ObservedEvent::ObjectGone { .. }
            | ObservedEvent::ObjectReleased { .. } => None,
        }
    }

    /// Whether the object was just made. Where there is no generation, its age tells.
    fn is_first(&self, recorded_at: DateTime<Utc>) -> bool {
        match self.generation {
            0 => recorded_at - self.created_at <= TimeDelta::minutes(1),
            generation => generation == 1,
        }
    }
}

/// The row of an observed manifest. `before` is the last manifest of the same incarnation; `anew` as in [`Revision`].
pub fn row(id: &str, seen: Observation<'_>, before: Option<&Value>, anew: bool, recorded: &Recorded) -> RevisionRow {
    let mark = |manifest: &Value| manifest.pointer(OPERATION)?.as_str()?.parse::<Uuid>().ok();
    let is_new = |operation: &Uuid| match before {
        Some(before) => mark(before) != Some(*operation),
        None => seen.is_first(recorded.recorded_at),
    };
    let operation = mark(seen.manifest).filter(|operation| is_new(operation) && is_marked_by_us(seen.managers));
    RevisionRow {
        id: id.to_owned(),
        position: recorded.position,
        uid: seen.uid.to_owned(),
        recorded_at: recorded.recorded_at,
        generation: seen.generation,
        operation,
        managers: seen.managers.to_vec(),
        changes: before.map(|before| changes(before, seen.manifest)).unwrap_or_default(),
        anew,
    }
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

/// The columns of a [`Revision`] in a query that names the table `revision`.
pub(in crate::models) const COLUMNS: &str = "revision.position, revision.recorded_at, revision.generation, \
    revision.operation, revision.managers, revision.changes, revision.anew, \
    (SELECT managers FROM read.revisions AS earlier \
     WHERE earlier.id = revision.id AND earlier.position < revision.position \
     ORDER BY earlier.position DESC LIMIT 1) AS managers_before";

/// A page of the revisions of an object, newest first.
pub async fn page(pool: &PgPool, scope: &Scope, id: &str, window: &Window) -> Result<Page<Revision>, Error> {
    let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM read.revisions AS revision WHERE id = "));
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

/// The existing revisions among these, each named by its object and its position. In no particular order.
pub async fn at(pool: &PgPool, scope: &Scope, keys: &[(String, i64)]) -> Result<Vec<Revision>, Error> {
    let (ids, positions): (Vec<&str>, Vec<i64>) = keys.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS} FROM read.revisions AS revision WHERE (id, position) IN (SELECT * FROM unnest("
    ));
    query.push_bind(ids).push("::text[], ").push_bind(positions).push("::bigint[]))");
    push_scope(&mut query, scope);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The number of revisions of an object.
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
    fn a_change_is_told_of_those_who_wrote_it() {
        let manager = |name: &str, subresource: &str, second: u32, parts: &[Part]| FieldManager {
            manager: name.to_owned(),
            subresource: subresource.to_owned(),
            at: DateTime::from_timestamp(i64::from(second), 0),
            parts: parts.to_vec(),
        };
        let controller = |second| manager("kube-controller-manager", "status", second, &[Part::Metadata, Part::Status]);
        let nightly = || manager("nightly-restart", "", 20, &[Part::Template]);
        let change = |path: &str, before, after| Change { path: path.to_owned(), before, after };
        let of = |managers: Vec<FieldManager>, changes: Vec<Change>| {
            let managers_before = Some(vec![nightly(), controller(22)]);
            let recorded_at = DateTime::<Utc>::UNIX_EPOCH;
            let (position, generation, operation, anew) = (2, 2, None, false);
            let revision =
                Revision { position, recorded_at, generation, operation, managers, managers_before, changes, anew };
            revision.writers().join(", ")
        };
        let count =
            || change("/metadata/annotations/deployment.kubernetes.io~1revision", Some(json!("1")), Some(json!("2")));
        let flag =
            || change("/spec/template/spec/containers/0/env", Some(json!([{"name": "FLAG", "value": "1"}])), None);
        let image = || change("/spec/template/spec/containers/0/image", Some(json!("a:2")), Some(json!("a:1")));
        let label = || change("/metadata/labels/team", None, Some(json!("web")));
        let alice = manager("alice-laptop", "", 28, &[Part::Metadata]);
        assert_eq!(of(vec![nightly(), controller(28), alice], vec![flag(), count()]), "alice-laptop");
        assert_eq!(of(vec![nightly(), controller(28)], vec![flag(), count()]), "");
        let undo = manager("kubectl-rollout", "", 28, &[Part::Template]);
        assert_eq!(of(vec![controller(28), undo], vec![image(), flag(), count()]), "kubectl-rollout");
        let bob = manager("bob", "", 28, &[Part::Metadata]);
        assert_eq!(of(vec![nightly(), controller(28), bob], vec![label()]), "bob");
        let all = change("/metadata/annotations", None, Some(json!({"deployment.kubernetes.io/revision": "1"})));
        assert_eq!(of(vec![nightly(), controller(28)], vec![all]), "kube-controller-manager");
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
