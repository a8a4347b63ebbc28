//! Revisions of an object: what changed, when, and by whom, and what it was then.

use super::manifest::{self, ManifestFormat};
use crate::graphql::{
    context::scope,
    engine::{
        connection::{self, Connection, window},
        error::{ApiError, code},
        message::reveal,
        reads::read,
        rows::Listed,
        scalar::Position,
    },
    operation::Operation,
};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use projections::models::{audit, manifests};
use serde_json::Value;
use std::sync::Arc;

/// One recorded change of an object.
#[derive(Clone)]
pub struct ObjectRevision(Arc<manifests::Revision>);

/// One field that changed.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// A JSON pointer (RFC 6901).
    path: String,
    before: Option<Value>,
    after: Option<Value>,
    /// Important fields, shown first: image, replicas, limits, selectors.
    important: bool,
}

impl From<manifests::Revision> for ObjectRevision {
    fn from(row: manifests::Revision) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for ObjectRevision {}

#[Object]
impl ObjectRevision {
    async fn position(&self) -> Position {
        Position(self.0.position)
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }
    /// 0 for a kind that has none.
    async fn generation(&self) -> i64 {
        self.0.generation
    }
    /// What it was after the change, from the log: without status and managed fields, secrets masked. Values whose data key
    /// was deleted are shown as forgotten.
    #[graphql(complexity = 100)]
    async fn manifest(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] format: ManifestFormat,
    ) -> Result<String, ApiError> {
        let (scope, position) = (scope(ctx)?, self.0.position);
        let event = read(ctx, |pool| audit::get(pool, &scope, position)).await?;
        // Its list is a fold of its own, and may be behind that of the revisions.
        let not_yet = || ApiError::new(code::NOT_YET, "the audit log does not show this change yet: try again");
        let manifest = event.ok_or_else(not_yet)?.payload.get_mut("manifest").map(Value::take).unwrap_or_default();
        manifest::text(reveal(ctx, manifest).await?, format).await
    }
    /// The operation that made the change; null if something else did.
    async fn operation(&self, ctx: &Context<'_>) -> Result<Option<Operation>, ApiError> {
        match self.0.operation {
            Some(id) => Operation::of(ctx, id).await,
            None => Ok(None),
        }
    }
    /// The field managers of this change: those that wrote the manifest last.
    async fn managers(&self) -> Vec<&str> {
        self.0.writers()
    }
    /// Whether the object was recorded before, and this is the first record after its data key was deleted.
    async fn recorded_anew(&self) -> bool {
        self.0.anew
    }
    /// The differences from the manifest before. Empty when the object appeared or was recorded anew.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<FieldChange>, ApiError> {
        changes_of(ctx, &self.0).await
    }
}

/// One window of the revisions of an object, newest first.
pub async fn page(
    ctx: &Context<'_>,
    id: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<ObjectRevision>, ApiError> {
    let (window, scope) = (window(first, 20, after)?, scope(ctx)?);
    let rows = |pool| manifests::revisions(pool, &scope, id, &window);
    connection::load(ctx, &window, rows, |pool| manifests::revision_count(pool, &scope, id)).await
}

/// The changed fields of a revision, with their sealed values opened.
pub async fn changes_of(ctx: &Context<'_>, revision: &manifests::Revision) -> Result<Vec<FieldChange>, ApiError> {
    let mut changes = Vec::with_capacity(revision.changes.len());
    for change in &revision.changes {
        let (before, after) = (revealed(ctx, &change.before).await?, revealed(ctx, &change.after).await?);
        changes.extend(parts(manifests::Change { path: change.path.clone(), before, after }).map(FieldChange::from));
    }
    Ok(changes)
}

/// The entries that differ: a map that is sealed as one leaf is recorded as one change.
fn parts(change: manifests::Change) -> impl Iterator<Item = manifests::Change> {
    let parts = match (&change.before, &change.after) {
        (Some(before @ Value::Object(_)), Some(after @ Value::Object(_))) => manifests::changes(before, after),
        _ => Vec::new(),
    };
    let whole = parts.is_empty().then(|| change.clone());
    let inside =
        move |part: manifests::Change| manifests::Change { path: format!("{}{}", change.path, part.path), ..part };
    parts.into_iter().map(inside).chain(whole)
}

impl From<manifests::Change> for FieldChange {
    fn from(change: manifests::Change) -> Self {
        let important = change.is_important();
        let manifests::Change { path, before, after } = change;
        Self { path, before, after, important }
    }
}

async fn revealed(ctx: &Context<'_>, value: &Option<Value>) -> Result<Option<Value>, ApiError> {
    match value {
        Some(value) => Ok(Some(reveal(ctx, value.clone()).await?)),
        None => Ok(None),
    }
}
