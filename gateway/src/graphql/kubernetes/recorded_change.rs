//! Changes of objects as they are shown beside problems: what may have led to them.

use super::revision::ObjectRevision;
use crate::graphql::{engine::error::ApiError, operation::Operation};
use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use chrono::{DateTime, Utc};
use projections::models::recorded_changes::{self, What};

/// One change of an object: an operation, or a creation, change or deletion by others.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct RecordedChange {
    at: DateTime<Utc>,
    object_id: ID,
    #[graphql(skip)]
    what: What,
}

#[ComplexObject]
impl RecordedChange {
    /// Null for a change by others.
    async fn operation(&self, ctx: &Context<'_>) -> Result<Option<Operation>, ApiError> {
        match &self.what {
            What::Operation(id) => Operation::of(ctx, *id).await,
            What::ByOthers(_) | What::Deletion => Ok(None),
        }
    }
    /// Null for an operation and for a deletion. That of a creation has no changes.
    async fn revision(&self) -> Option<ObjectRevision> {
        match &self.what {
            What::Operation(_) | What::Deletion => None,
            What::ByOthers(revision) => Some(revision.as_ref().clone().into()),
        }
    }
    /// Whether the object was deleted by others. Kubernetes does not tell by whom.
    async fn is_deletion(&self) -> bool {
        self.what == What::Deletion
    }
}

impl From<recorded_changes::RecordedChange> for RecordedChange {
    fn from(change: recorded_changes::RecordedChange) -> Self {
        Self { at: change.at, object_id: ID(change.object), what: change.what }
    }
}
