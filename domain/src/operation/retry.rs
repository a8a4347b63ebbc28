//! Which operations can be retried: one rule for the command and for what lists say of it.

use crate::{
    core::{
        ids::OperationId,
        refusal::{ErrorCode, Refusal},
    },
    operation::event::{Failure, OperationState},
};

/// How many ended operations an object keeps for retries: those that ended last.
pub const ENDED_KEPT: usize = 50;

/// Whether a retry of an operation that its object still keeps can succeed. `is_forgotten`: nobody can read any more what it
/// would create. `superseded_by`: the newer operation that ended it.
pub fn may_retry(
    state: OperationState,
    failure: Option<&Failure>,
    is_forgotten: bool,
    superseded_by: Option<OperationId>,
) -> Result<(), Refusal> {
    let invalid = |message: &str| Err(Refusal::new(ErrorCode::Invalid, "id", message));
    if let Some(newer) = superseded_by {
        return invalid(&format!("the newer operation {newer} superseded it, and a retry would undo that one"));
    }
    if is_forgotten {
        return invalid("what it would create was forgotten: ask for it anew, with its manifest");
    }
    match (state, failure) {
        (OperationState::Failed, Some(failure)) if !failure.code.is_retryable() => {
            invalid(&format!("it failed as {}, and a retry would fail in the same way", failure.code))
        }
        (OperationState::Cancelled | OperationState::Overtaken | OperationState::Failed, _) => Ok(()),
        (OperationState::Succeeded, _) => invalid("it succeeded: there is no retry"),
        (OperationState::Queued | OperationState::Running | OperationState::Unknown, _) => {
            invalid("it has not ended yet: cancel it first, or wait")
        }
    }
}

/// Why an operation that its object does not keep cannot be retried.
pub fn too_long_ago() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "id", "that operation is too long ago to be retried: ask for it anew")
}
