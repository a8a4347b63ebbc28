//! Which operations can be retried: one rule for the command and for what lists say of it.

use crate::{
    core::{
        ids::OperationId,
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
    },
    operation::{
        event::{Failure, OperationState},
        verbs::set_secret_data,
    },
};

/// How many ended operations an object keeps for retries: those that ended last.
pub const ENDED_KEPT: usize = 50;

/// Whether the values of an operation of this verb are kept after its end, so that it can be requested again.
pub fn keeps_values(verb: &str) -> bool {
    verb != set_secret_data::VERB.name
}

/// Why an operation cannot be retried whose values went with it.
pub fn without_values() -> Refusal {
    Refusal::because(ErrorCode::Invalid, "id", Code::RetryWithoutValues.message([]))
}

/// Whether a retry of an operation that its object still keeps can succeed. `is_forgotten`: nobody can read any more what it
/// would create. `superseded_by`: the newer operation that ended it.
pub fn may_retry(
    state: OperationState,
    failure: Option<&Failure>,
    is_forgotten: bool,
    superseded_by: Option<OperationId>,
) -> Result<(), Refusal> {
    let invalid = |reason: Message| Err(Refusal::because(ErrorCode::Invalid, "id", reason));
    if let Some(newer) = superseded_by {
        return invalid(Code::RetrySuperseded.message([("newer", newer.to_string().into())]));
    }
    if is_forgotten {
        return invalid(Code::RetryErased.message([]));
    }
    match (state, failure) {
        (OperationState::Failed, Some(failure)) if !failure.code.is_retryable() => {
            invalid(Code::RetryFailsAgain.message([("code", failure.code.as_str().into())]))
        }
        (OperationState::Cancelled | OperationState::Overtaken | OperationState::Failed, _) => Ok(()),
        (OperationState::Succeeded, _) => invalid(Code::RetrySucceeded.message([])),
        (OperationState::Queued | OperationState::Running | OperationState::Unknown, _) => {
            invalid(Code::RetryNotEnded.message([]))
        }
    }
}

/// Why an operation that its object does not keep cannot be retried.
pub fn too_long_ago() -> Refusal {
    Refusal::because(ErrorCode::NotFound, "id", Code::RetryTooOld.message([]))
}
