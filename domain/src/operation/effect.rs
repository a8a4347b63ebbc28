//! What an event asks of a cluster: data, performed by the write side, whose result comes back as a command.

use crate::{core::ids::OperationId, kubernetes::object::ObjectRef, operation::Stage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The one thing to do next for an operation. An operation has at most one effect at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub operation: OperationId,
    pub target: ObjectRef,
    pub stage: Stage,
    pub action: Action,
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

/// The narrowest call that does the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Dry run of the manifest; also looks whether the name is taken.
    Validate {
        manifest: Value,
        /// An object that carries this operation's id may be there: it is what the retried operation applied.
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    /// Server-side apply of the manifest.
    Apply {
        manifest: Value,
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    Scale {
        replicas: i32,
    },
    /// Changes one annotation of the pod template to the operation's id.
    Restart,
    Suspend {
        suspend: bool,
    },
    /// Reads what a later start must bring back.
    Remember,
    AwaitReady,
    AwaitStopped,
    /// Deletes exactly this incarnation.
    Delete {
        uid: String,
    },
    AwaitGone {
        uid: String,
    },
    /// There is nothing to do that would be right; the operation fails with these words.
    Impossible {
        message: String,
    },
}

/// What is done after a crash that may have come between the call and its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Does not change the cluster: simply again.
    Read,
    /// Look; if the effect is absent, repeat.
    Repeatable,
}

impl Action {
    /// The class of this action. The match has no wildcard: a new action does not compile without an answer.
    pub const fn recovery(&self) -> Recovery {
        match self {
            Self::Validate { .. }
            | Self::Remember
            | Self::AwaitReady
            | Self::AwaitStopped
            | Self::AwaitGone { .. }
            | Self::Impossible { .. } => Recovery::Read,
            Self::Apply { .. } | Self::Scale { .. } | Self::Restart | Self::Suspend { .. } | Self::Delete { .. } => {
                Recovery::Repeatable
            }
        }
    }
}
