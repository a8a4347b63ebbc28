//! The operation: what a user asks of one object, in stages, until it ends.

pub mod decide;
pub mod effect;
pub mod queue;
pub mod react;
#[cfg(test)]
mod tests;

use crate::{
    core::{ids::OperationId, refusal::ErrorCode},
    kubernetes::resource::Resource,
    operation::effect::Action,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Intent {
    CreateWorkload { manifest: Value },
    ScaleWorkload { replicas: i32 },
    RestartWorkload,
    StopWorkload,
    StartWorkload,
    DeleteWorkload,
}

impl Intent {
    /// The verb, as users, the API and the log know it.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::CreateWorkload { .. } => "CreateWorkload",
            Self::ScaleWorkload { .. } => "ScaleWorkload",
            Self::RestartWorkload => "RestartWorkload",
            Self::StopWorkload => "StopWorkload",
            Self::StartWorkload => "StartWorkload",
            Self::DeleteWorkload => "DeleteWorkload",
        }
    }

    /// The stages in order; never empty.
    pub const fn stages(&self) -> &'static [Stage] {
        match self {
            Self::CreateWorkload { .. } => &[Stage::Validate, Stage::Apply, Stage::WaitUntilReady],
            Self::ScaleWorkload { .. } => &[Stage::Scale, Stage::WaitUntilReady],
            Self::RestartWorkload => &[Stage::Restart, Stage::WaitUntilReady],
            Self::StopWorkload => &[Stage::Remember, Stage::Stop, Stage::WaitUntilStopped],
            Self::StartWorkload => &[Stage::Start, Stage::WaitUntilReady],
            Self::DeleteWorkload => &[Stage::Delete, Stage::WaitUntilGone],
        }
    }
}

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

/// Where an operation is. The last three never change again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OperationState {
    Queued,
    Running,
    Unknown,
    Succeeded,
    Failed,
    Cancelled,
}

impl OperationState {
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Unknown => "UNKNOWN",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// Why an operation failed: a stable code, and words for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: ErrorCode,
    pub message: String,
}

/// Who or what ended an operation before its last stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    User,
    /// A newer operation on the same object, which did not have to wait for this one.
    Superseded(OperationId),
}

/// What a workload was like before it was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// All that can happen to an operation. Stored in the `target:` stream of its object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperationEvent {
    OperationRequested {
        operation: OperationId,
        intent: Intent,
        /// The incarnation the user looked at; None when the object was not there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uid: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_of: Option<OperationId>,
    },
    /// It is its turn: the first stage begins.
    OperationStarted {
        operation: OperationId,
        deadline: DateTime<Utc>,
    },
    /// News about the current stage, `percent` of it done.
    OperationProgressed {
        operation: OperationId,
        stage: Stage,
        percent: u8,
        message: String,
    },
    /// A stage is done; the next one begins, if there is one.
    OperationStageSucceeded {
        operation: OperationId,
        stage: Stage,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remembered: Option<Remembered>,
    },
    /// Somebody wants it cancelled while a call is under way: its outcome says which came first.
    OperationCancelRequested {
        operation: OperationId,
    },
    /// The call may or may not have had its effect.
    OperationOutcomeUnknown {
        operation: OperationId,
        stage: Stage,
        message: String,
    },
    /// A look at the cluster settled what was unknown.
    OperationResolved {
        operation: OperationId,
        stage: Stage,
        message: String,
    },
    OperationSucceeded {
        operation: OperationId,
    },
    OperationFailed {
        operation: OperationId,
        stage: Stage,
        failure: Failure,
    },
    OperationCancelled {
        operation: OperationId,
        by: CancelledBy,
    },
}

impl OperationEvent {
    /// The operation this event is about.
    pub const fn operation(&self) -> OperationId {
        match self {
            Self::OperationRequested { operation, .. }
            | Self::OperationStarted { operation, .. }
            | Self::OperationProgressed { operation, .. }
            | Self::OperationStageSucceeded { operation, .. }
            | Self::OperationCancelRequested { operation }
            | Self::OperationOutcomeUnknown { operation, .. }
            | Self::OperationResolved { operation, .. }
            | Self::OperationSucceeded { operation }
            | Self::OperationFailed { operation, .. }
            | Self::OperationCancelled { operation, .. } => *operation,
        }
    }

    /// Whether the operation ends here.
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::OperationSucceeded { .. } | Self::OperationFailed { .. } | Self::OperationCancelled { .. })
    }
}

/// An operation as the rules see it: the fold of its events.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    pub id: OperationId,
    pub intent: Intent,
    pub uid: Option<String>,
    /// The operation that this one asks for once more.
    pub retry_of: Option<OperationId>,
    pub state: OperationState,
    /// Index into `intent.stages()`; past the last one when all are done.
    pub stage: usize,
    pub cancel_requested: bool,
    pub deadline: Option<DateTime<Utc>>,
    pub failure: Option<Failure>,
    /// The last news of the current stage, to keep repetitions out of the log.
    pub news: Option<(u8, String)>,
}

impl Operation {
    /// The stage it is in; None when all are done.
    pub fn current_stage(&self) -> Option<Stage> {
        self.intent.stages().get(self.stage).copied()
    }

    /// Whether only waiting is left.
    pub fn only_waits(&self) -> bool {
        self.current_stage().is_none_or(Stage::waits)
    }

    /// What the current stage asks of the cluster. `remembered` is what the object was like before it was stopped.
    pub fn action(&self, kind: &Resource, remembered: Option<&Remembered>) -> Option<Action> {
        let action = match self.current_stage()? {
            Stage::Validate => Action::Validate { manifest: self.manifest()?, retry_of: self.retry_of },
            Stage::Apply => Action::Apply { manifest: self.manifest()?, retry_of: self.retry_of },
            Stage::Scale => match self.intent {
                Intent::ScaleWorkload { replicas } => Action::Scale { replicas },
                Intent::CreateWorkload { .. }
                | Intent::RestartWorkload
                | Intent::StopWorkload
                | Intent::StartWorkload
                | Intent::DeleteWorkload => return None,
            },
            Stage::Restart => Action::Restart,
            Stage::Remember => Action::Remember,
            Stage::Stop if kind.capabilities().suspend => Action::Suspend { suspend: true },
            Stage::Stop => Action::Scale { replicas: 0 },
            Stage::Start if kind.capabilities().suspend => Action::Suspend { suspend: false },
            Stage::Start => match remembered.and_then(|remembered| remembered.replicas) {
                Some(replicas) => Action::Scale { replicas },
                None => impossible("nothing is remembered to bring back: scale it to the replicas you want"),
            },
            Stage::Delete => match self.uid.clone() {
                Some(uid) => Action::Delete { uid },
                None => impossible("it was not seen when this was asked: ask again"),
            },
            Stage::WaitUntilReady => Action::AwaitReady,
            Stage::WaitUntilStopped => Action::AwaitStopped,
            Stage::WaitUntilGone => Action::AwaitGone { uid: self.uid.clone().unwrap_or_default() },
        };
        Some(action)
    }

    fn manifest(&self) -> Option<Value> {
        match &self.intent {
            Intent::CreateWorkload { manifest } => Some(manifest.clone()),
            Intent::ScaleWorkload { .. }
            | Intent::RestartWorkload
            | Intent::StopWorkload
            | Intent::StartWorkload
            | Intent::DeleteWorkload => None,
        }
    }
}

fn impossible(message: &str) -> Action {
    Action::Impossible { message: message.to_owned() }
}
