//! The steps of an operation: the stage that users see, and the call to the cluster.

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
    /// The stable name in the log and the API.
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

    /// Whether the stage only waits for an earlier stage. Such a stage does not block the object.
    pub const fn waits(self) -> bool {
        matches!(self, Self::WaitUntilReady | Self::WaitUntilStopped | Self::WaitUntilGone)
    }
}

/// One step: the stage that users see, and its call to the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub stage: Stage,
    pub action: Call,
}

/// The input of a plan, besides the intent.
pub struct Context<'a> {
    pub operation: OperationId,
    pub kind: &'a Resource,
    /// The incarnation that the user saw. None if the object did not exist.
    pub uid: Option<&'a str>,
    /// The state of the object before it was stopped.
    pub remembered: Option<&'a Remembered>,
    /// The operation that this one retries.
    pub retry_of: Option<OperationId>,
}

/// The narrowest call that performs the step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Call {
    /// Dry run of the manifest. Also checks that the name is free.
    DryRun {
        manifest: Value,
        /// An object with this operation's id may exist already: the retried operation applied it.
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    /// Server-side apply of the manifest.
    Apply {
        manifest: Value,
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    /// One merge patch of the spec. It also sets the annotation with the operation id.
    Patch { spec: Value },
    /// Reads what a later start must restore.
    Remember,
    /// Deletes exactly this incarnation.
    Delete { uid: String },
    /// Waits for a condition.
    Await(Condition),
    /// No call would be correct. The operation fails with this message.
    Impossible { message: String },
}

/// The condition that a step waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    Ready,
    Stopped,
    /// This incarnation no longer exists.
    Gone {
        uid: String,
    },
}

impl Call {
    pub(super) fn impossible(message: &str) -> Self {
        Self::Impossible { message: message.to_owned() }
    }
}
