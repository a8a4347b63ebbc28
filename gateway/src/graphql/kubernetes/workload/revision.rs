//! Revisions of a workload: what changed, when, and by whom.

use crate::graphql::{
    engine::{error::ApiError, message::reveal, rows::Listed, scalar::Position},
    operation::Operation,
};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use projections::models::workloads;
use serde_json::Value;
use std::sync::Arc;

/// One recorded change of an object.
#[derive(Clone)]
pub struct ObjectRevision(Arc<workloads::Revision>);

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

impl From<workloads::Revision> for ObjectRevision {
    fn from(row: workloads::Revision) -> Self {
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
    async fn generation(&self) -> i64 {
        self.0.generation
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

/// The changed fields of a revision, with their sealed values opened.
pub async fn changes_of(ctx: &Context<'_>, revision: &workloads::Revision) -> Result<Vec<FieldChange>, ApiError> {
    let mut changes = Vec::with_capacity(revision.changes.len());
    for change in &revision.changes {
        let (before, after) = (revealed(ctx, &change.before).await?, revealed(ctx, &change.after).await?);
        changes.push(FieldChange { before, after, ..FieldChange::from(change.clone()) });
    }
    Ok(changes)
}

impl From<workloads::Change> for FieldChange {
    fn from(change: workloads::Change) -> Self {
        let important = change.is_important();
        let workloads::Change { path, before, after } = change;
        Self { path, before, after, important }
    }
}

async fn revealed(ctx: &Context<'_>, value: &Option<Value>) -> Result<Option<Value>, ApiError> {
    match value {
        Some(value) => Ok(Some(reveal(ctx, value.clone()).await?)),
        None => Ok(None),
    }
}
