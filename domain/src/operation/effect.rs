//! What an event asks of a cluster: data, performed by the write side, whose result comes back as a command.

use crate::{
    core::ids::OperationId,
    kubernetes::object::ObjectRef,
    operation::plan::{Call, Stage},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The one thing to do next for an operation. An operation has at most one effect at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub operation: OperationId,
    pub target: ObjectRef,
    pub stage: Stage,
    pub action: Call,
    /// After this time the operation gives up waiting and fails.
    pub deadline: DateTime<Utc>,
}

/// What an event asks of the effects of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Reaction {
    Nothing,
    /// This is the one effect of its operation from now on.
    Perform(Box<Effect>),
    /// The operation has no effect any more.
    Withdraw(OperationId),
}

/// What is done after a crash that may have come between the call and its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Does not change the cluster: simply again.
    Read,
    /// Look; if the effect is absent, repeat.
    Repeatable,
}

impl Call {
    /// The class of this action. The match has no wildcard: a new action does not compile without an answer.
    pub const fn recovery(&self) -> Recovery {
        match self {
            Self::DryRun { .. } | Self::Remember | Self::Await(_) | Self::Impossible { .. } => Recovery::Read,
            Self::Apply { .. } | Self::Patch { .. } | Self::Delete { .. } => Recovery::Repeatable,
        }
    }
}
