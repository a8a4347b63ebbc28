//! `OperationResult`: the same answer for every mutation. It is made of what was just appended and does not wait for the
//! read model; only a repetition is looked up.

use crate::graphql::{
    context::{READ_BACK, scope, services},
    engine::{error::Fault, scalar::Position},
    operation::Operation,
};
use async_graphql::{Context, Enum, ID, SimpleObject, Union};
use commands::{Error, Origin, Receipt};
use domain::{
    core::{
        event::Event,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::object::ObjectRef,
    operation::{Intent, OperationEvent},
};
use projections::models::operations;

/// What became of a command: accepted, or refused by a rule.
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
    /// The fields that were taken out of a manifest, such as metadata.ownerReferences: only the server sets them. Empty
    /// for everything but a new workload.
    pub removed: Vec<String>,
}

/// A rule forbids the command; nothing was done.
#[derive(SimpleObject)]
pub struct OperationRefused {
    pub code: RefusalCode,
    pub message: String,
    pub field: Option<String>,
    /// With CONFLICT: the version to look at before asking again.
    pub current_version: Option<String>,
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

impl From<Refusal> for OperationResult {
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, message, field, current_version } = refusal;
        Self::Refused(OperationRefused { code: code.into(), message, field, current_version })
    }
}

/// A request about one workload.
pub struct WorkloadRequest {
    pub id: ID,
    pub intent: Intent,
    pub expected_version: Option<String>,
    pub origin: Origin,
}

/// An id that names nothing.
pub fn not_found(what: &str) -> OperationResult {
    Refusal::new(ErrorCode::NotFound, "id", format!("there is no such {what}")).into()
}

pub async fn request(ctx: &Context<'_>, request: WorkloadRequest) -> Result<OperationResult, Fault> {
    let WorkloadRequest { id, intent, expected_version, origin } = request;
    let Ok(target) = id.parse::<ObjectRef>() else { return Ok(not_found("workload")) };
    answer(ctx, services(ctx).dispatcher.request(origin, target, intent, expected_version).await).await
}

/// The answer to a command.
pub async fn answer(ctx: &Context<'_>, outcome: Result<Receipt, Error>) -> Result<OperationResult, Fault> {
    let receipt = match outcome {
        Ok(receipt) => receipt,
        Err(Error::Refused(refusal)) => return Ok(refusal.into()),
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

async fn read_back(ctx: &Context<'_>, receipt: &Receipt) -> Result<operations::Operation, Fault> {
    let projections = &services(ctx).projections;
    projections.wait_for(&[&operations::OperationsLog], receipt.position, READ_BACK).await?;
    let found = operations::get(projections.pool(), &scope(ctx)?, receipt.operation.0).await?;
    found.ok_or_else(|| Fault::new("INTERNAL", "the operation was accepted, but the read model does not know it"))
}
