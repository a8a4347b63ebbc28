//! The steps of an operation: what users see of them, and the call to the cluster that each makes.

use super::event::Remembered;
use crate::{core::ids::OperationId, kubernetes::resource::Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One step of an operation that users see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Validate,
    Apply,
    Scale,
    Restart,
    Remember,
    Stop,
    Start,
    Delete,
    WaitUntilReady,
    WaitUntilStopped,
    WaitUntilGone,
}

impl Stage {
    /// The stable name of the log and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Apply => "apply",
            Self::Scale => "scale",
            Self::Restart => "restart",
            Self::Remember => "remember",
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Delete => "delete",
            Self::WaitUntilReady => "wait-until-ready",
            Self::WaitUntilStopped => "wait-until-stopped",
            Self::WaitUntilGone => "wait-until-gone",
        }
    }

    /// Whether it only waits for what was done before. Such a stage does not block the object.
    pub const fn waits(self) -> bool {
        matches!(self, Self::WaitUntilReady | Self::WaitUntilStopped | Self::WaitUntilGone)
    }
}

/// One step: the stage that users see, and what it asks of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub stage: Stage,
    pub action: Call,
}

/// What a plan is made of, beside the intent.
pub struct Context<'a> {
    pub operation: OperationId,
    pub kind: &'a Resource,
    /// The incarnation that the user looked at; None when the object was not there.
    pub uid: Option<&'a str>,
    /// What the object was like before it was stopped.
    pub remembered: Option<&'a Remembered>,
    /// The operation that this one requests once more.
    pub retry_of: Option<OperationId>,
}

/// The narrowest call that does a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Call {
    /// Dry run of the manifest; also looks whether the name is taken.
    DryRun {
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
    /// One merge patch of the spec, which also marks the object with the operation.
    Patch { spec: Value },
    /// Reads what a later start must bring back.
    Remember,
    /// Deletes exactly this incarnation.
    Delete { uid: String },
    /// Waits for a condition.
    Await(Condition),
    /// No call would be right; the operation fails with these words.
    Impossible { message: String },
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    Ready,
    Stopped,
    /// This incarnation is not there any more.
    Gone {
        uid: String,
    },
}

impl Call {
    pub(super) fn impossible(message: &str) -> Self {
        Self::Impossible { message: message.to_owned() }
    }
}
