//! The calls to Kubernetes of a stage.

use crate::graphql::engine::{error::ApiError, message::text_of};
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use projections::models::operations;

/// What was sent to Kubernetes.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::operation::Sends", name = "OperationCallKind")]
pub enum Sends {
    /// A server-side apply that changes nothing.
    DryRun,
    /// A server-side apply.
    Apply,
    Patch,
    Delete,
    Read,
}

/// What came of a call.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "projections::models::operations::CallOutcome", name = "OperationCallOutcome")]
pub enum CallOutcome {
    Succeeded,
    /// Kubernetes refused it for good.
    Refused,
    /// It had no effect, and a new try may work.
    Failed,
    /// The answer was lost: it may have had its effect.
    Unknown,
}

/// One call to Kubernetes, as the events of the log show it.
pub struct OperationCall {
    call: operations::Call,
    object: String,
}

impl OperationCall {
    pub fn new(call: operations::Call, object: &str) -> Self {
        Self { call, object: object.to_owned() }
    }
}

#[Object]
impl OperationCall {
    async fn kind(&self) -> Sends {
        self.call.sent.into()
    }
    async fn object_id(&self) -> ID {
        ID(self.object.clone())
    }
    /// When its outcome was recorded.
    async fn at(&self) -> DateTime<Utc> {
        self.call.at
    }
    async fn outcome(&self) -> CallOutcome {
        self.call.outcome.into()
    }
    /// Why it failed, or what a read showed.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        text_of(ctx, self.call.message.as_ref()).await
    }
}
