//! `OperationResult`: the answer of every mutation. It is made from the appended events and does not wait for the read
//! model. Only a repeated command is looked up.

use crate::graphql::{
    context::{READ_BACK, scope, services},
    engine::{error::ApiError, message, scalar::Position},
    operation::{FieldConflict, Operation},
};
use async_graphql::{Context, Enum, ID, SimpleObject, Union};
use commands::{Error, Origin, Receipt};
use domain::{
    core::{
        event::Event,
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{edit::conflicts_in, object::ObjectRef},
    operation::{Intent, OperationEvent},
};
use projections::models::operations;

/// The outcome of a command: accepted, or refused by a rule.
#[derive(Union)]
pub enum OperationResult {
    Accepted(OperationAccepted),
    Refused(OperationRefused),
}

/// The command is in the log.
#[derive(SimpleObject)]
pub struct OperationAccepted {
    pub operation: Operation,
    pub position: Position,
    /// The fields that were removed from a manifest, such as metadata.ownerReferences, which only the server sets.
    /// Empty except for a new workload.
    pub removed: Vec<String>,
}

/// A rule forbids the command; nothing was done.
#[derive(SimpleObject)]
pub struct OperationRefused {
    pub code: RefusalCode,
    pub message: String,
    pub field: Option<String>,
    /// With CONFLICT: the version to review before the next request.
    pub current_version: Option<String>,
    /// With CONFLICT of an edit: the fields that others changed too.
    pub conflicts: Vec<FieldConflict>,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    Invalid,
    Forbidden,
    NotFound,
    Conflict,
    AlreadyExists,
    NotSupported,
    Unavailable,
}

impl From<ErrorCode> for RefusalCode {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Invalid | ErrorCode::Refused | ErrorCode::NotReady => Self::Invalid,
            ErrorCode::Forbidden | ErrorCode::Unauthenticated => Self::Forbidden,
            ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Conflict => Self::Conflict,
            ErrorCode::AlreadyExists => Self::AlreadyExists,
            ErrorCode::NotSupported => Self::NotSupported,
            ErrorCode::Unavailable | ErrorCode::TimedOut | ErrorCode::Internal => Self::Unavailable,
        }
    }
}

impl OperationRefused {
    pub fn new(ctx: &Context<'_>, refusal: Refusal) -> Self {
        let message = message::refusal(ctx, &refusal);
        let Refusal { code, field, current_version, reason, .. } = refusal;
        let conflicts = reason.as_deref().map(conflicts_in).unwrap_or_default();
        let conflicts = conflicts.into_iter().map(FieldConflict::from).collect();
        Self { code: code.into(), message, field, current_version, conflicts }
    }
}

impl OperationResult {
    /// The answer to a command that a rule refuses.
    pub fn refused(ctx: &Context<'_>, refusal: Refusal) -> Self {
        Self::Refused(OperationRefused::new(ctx, refusal))
    }
}

/// A request about one workload.
pub struct WorkloadRequest {
    pub id: ID,
    pub intent: Intent,
    pub expected_version: Option<String>,
    pub origin: Origin,
}

/// An id without an object.
pub fn not_found(ctx: &Context<'_>, code: Code) -> OperationResult {
    OperationResult::refused(ctx, Refusal::because(ErrorCode::NotFound, "id", code.message([])))
}

pub async fn request(ctx: &Context<'_>, request: WorkloadRequest) -> Result<OperationResult, ApiError> {
    let WorkloadRequest { id, intent, expected_version, origin } = request;
    let Ok(target) = id.parse::<ObjectRef>() else { return Ok(not_found(ctx, Code::NoSuchWorkload)) };
    answer(ctx, services(ctx).dispatcher.request(origin, target, intent, expected_version).await).await
}

/// The answer to a command.
pub async fn answer(ctx: &Context<'_>, outcome: Result<Receipt, Error>) -> Result<OperationResult, ApiError> {
    let receipt = match outcome {
        Ok(receipt) => receipt,
        Err(Error::Refused(refusal)) => return Ok(OperationResult::refused(ctx, refusal)),
        Err(error) => return Err(error.into()),
    };
    tracing::info!(operation.id = %receipt.operation, position = receipt.position, "operation.accepted");
    let operation = match just_appended(&receipt) {
        Some(operation) => operation,
        None => read_back(ctx, &receipt).await?,
    };
    Ok(OperationResult::Accepted(OperationAccepted {
        operation: operation.into(),
        position: Position(receipt.position),
        removed: receipt.removed,
    }))
}

fn just_appended(receipt: &Receipt) -> Option<operations::Operation> {
    let is_request = receipt.events.first().is_some_and(|first| {
        matches!(&first.event, Event::Operation(OperationEvent::OperationRequested { operation, .. }) if *operation == receipt.operation)
    });
    if is_request { operations::fold(&receipt.events) } else { None }
}

async fn read_back(ctx: &Context<'_>, receipt: &Receipt) -> Result<operations::Operation, ApiError> {
    let projections = &services(ctx).projections;
    projections.wait_for(&[&operations::OperationsLog], receipt.position, READ_BACK).await?;
    let found = operations::get(projections.pool(), &scope(ctx)?, receipt.operation.0).await?;
    found.ok_or_else(|| ApiError::new("INTERNAL", "the operation was accepted, but the read model does not know it"))
}
