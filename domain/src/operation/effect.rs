//! What must be done in a cluster after an event. Effects are data. The write side performs them and reports the
//! outcome as a command.

use crate::{
    core::ids::{BatchId, ClusterId, OperationId},
    kubernetes::object::ObjectRef,
    operation::plan::{Call, Stage},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The next thing to do for an operation. An operation has at most one effect at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub operation: OperationId,
    pub target: ObjectRef,
    pub stage: Stage,
    pub action: Call,
    /// The incarnation that the operation is about. None if the object was not there when it was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// After this time a waiting operation fails.
    pub deadline: DateTime<Utc>,
}

/// The stage of the effect of a batch, which calls no cluster. Its index names it too.
pub const ASK_MEMBERS: &str = "wait-for-members";

/// What an event changes in the effects of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Reaction {
    Nothing,
    /// This effect replaces any other of its operation.
    Perform(Box<Effect>),
    /// The members of the batch are to be requested, and to be waited for.
    AskMembers {
        batch: BatchId,
        cluster: ClusterId,
    },
    /// The operation has no effect left.
    Withdraw(OperationId),
}

/// What to do after a crash that may have come between the call and its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The action does not change the cluster: repeat it.
    Read,
    /// Read the object and repeat the call if the effect is absent.
    Repeatable,
}

impl Call {
    /// The recovery class of this call. The match has no wildcard, so a new call does not compile without a class.
    pub const fn recovery(&self) -> Recovery {
        match self {
            Self::DryRun { .. }
            | Self::TryApply { .. }
            | Self::TryEdit { .. }
            | Self::Remember
            | Self::Await(_)
            | Self::Impossible { .. } => Recovery::Read,
            Self::Apply { .. }
            | Self::ApplyOver { .. }
            | Self::Edit { .. }
            | Self::Patch { .. }
            | Self::Merge { .. }
            | Self::Container(_)
            | Self::SecretData { .. }
            | Self::Delete { .. } => Recovery::Repeatable,
        }
    }
}
