//! The calls to Kubernetes of a stage.

use crate::graphql::engine::{error::ApiError, message::text_of};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::core::api_call;
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

/// One call to the API of a cluster, as it was made.
#[derive(SimpleObject)]
pub struct ApiCall {
    /// The method of HTTP.
    verb: String,
    /// Path and query.
    path: String,
    at: DateTime<Utc>,
    took_ms: i32,
    /// The status of the answer; null if there was none.
    status: Option<i32>,
    /// By this id the audit log of the API server has it; null if the server gave none.
    audit_id: Option<String>,
}

impl From<api_call::ApiCall> for ApiCall {
    fn from(call: api_call::ApiCall) -> Self {
        let api_call::ApiCall { verb, path, at, took_ms, status, audit_id } = call;
        let took_ms = i32::try_from(took_ms).unwrap_or(i32::MAX);
        Self { verb, path, at, took_ms, status: status.map(i32::from), audit_id }
    }
}
