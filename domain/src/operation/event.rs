//! The events of an operation, and its states.

use super::{
    plan::Stage,
    trace::{Remembered, Written},
    verbs::Intent,
};
use crate::{
    core::{ids::OperationId, message::Message, refusal::ErrorCode},
    kubernetes::{cause::Cause, wait::Overtaken},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

/// The state of an operation. The last four are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OperationState {
    Queued,
    Running,
    Unknown,
    Succeeded,
    Failed,
    Cancelled,
    /// Somebody else changed what it had requested before the cluster reached it.
    Overtaken,
}

impl OperationState {
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled | Self::Overtaken)
    }

    /// The state of a name. None for another text.
    pub fn named(name: &str) -> Option<Self> {
        Self::iter().find(|state| state.as_str() == name)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Unknown => "UNKNOWN",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Overtaken => "OVERTAKEN",
        }
    }
}

/// Why an operation failed: a stable code and a message for users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: ErrorCode,
    pub message: Message,
    /// What kept the workload from becoming what was requested, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// What ended an operation before its last stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    User,
    /// A newer operation on the same object ended it, because this one only waited.
    Superseded(OperationId),
    /// Its cluster was removed before it made a call, or while it only waited.
    ClusterRemoved,
}

/// All events of an operation. Stored in the `target:` stream of its object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperationEvent {
    OperationRequested {
        operation: OperationId,
        intent: Intent,
        /// The incarnation that the user saw. None if the object did not exist.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uid: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_of: Option<OperationId>,
        /// The verb of the operation on the same object that goes first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        behind: Option<String>,
    },
    /// The operation is first in the queue, and its first stage begins.
    OperationStarted {
        operation: OperationId,
        deadline: DateTime<Utc>,
    },
    /// Progress of the current stage, `percent` of it done.
    OperationProgressed {
        operation: OperationId,
        stage: Stage,
        percent: u8,
        message: Message,
        /// What is in the way, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
    },
    /// A stage is done. The next one begins, if there is one.
    OperationStageSucceeded {
        operation: OperationId,
        stage: Stage,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<Message>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remembered: Option<Remembered>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<Written>,
    },
    /// A user requested its cancellation during a call. The outcome of the call decides which came first.
    OperationCancelRequested {
        operation: OperationId,
    },
    /// The call may have had its effect.
    OperationOutcomeUnknown {
        operation: OperationId,
        stage: Stage,
        message: Message,
    },
    /// Reading the object resolved the unknown outcome.
    OperationResolved {
        operation: OperationId,
        stage: Stage,
        message: Message,
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
    /// Somebody else changed what was requested while the operation waited for it.
    OperationOvertaken {
        operation: OperationId,
        stage: Stage,
        overtaken: Overtaken,
    },
    /// Its cluster was removed while a call was under way. Nobody will look what became of it: the outcome stays unknown.
    OperationAbandoned {
        operation: OperationId,
        stage: Stage,
    },
}

impl OperationEvent {
    /// The operation of this event.
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
            | Self::OperationCancelled { operation, .. }
            | Self::OperationOvertaken { operation, .. }
            | Self::OperationAbandoned { operation, .. } => *operation,
        }
    }

    /// The stage that this event is about, if it is about one.
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::OperationProgressed { stage, .. }
            | Self::OperationStageSucceeded { stage, .. }
            | Self::OperationOutcomeUnknown { stage, .. }
            | Self::OperationResolved { stage, .. }
            | Self::OperationFailed { stage, .. }
            | Self::OperationOvertaken { stage, .. }
            | Self::OperationAbandoned { stage, .. } => Some(*stage),
            Self::OperationRequested { .. }
            | Self::OperationStarted { .. }
            | Self::OperationCancelRequested { .. }
            | Self::OperationSucceeded { .. }
            | Self::OperationCancelled { .. } => None,
        }
    }

    /// The state of the operation since this event. None if the event changes nothing about that.
    pub const fn state_after(&self) -> Option<OperationState> {
        Some(match self {
            Self::OperationRequested { .. } => OperationState::Queued,
            Self::OperationStarted { .. } | Self::OperationResolved { .. } => OperationState::Running,
            Self::OperationOutcomeUnknown { .. } | Self::OperationAbandoned { .. } => OperationState::Unknown,
            Self::OperationSucceeded { .. } => OperationState::Succeeded,
            Self::OperationFailed { .. } => OperationState::Failed,
            Self::OperationCancelled { .. } => OperationState::Cancelled,
            Self::OperationOvertaken { .. } => OperationState::Overtaken,
            Self::OperationProgressed { .. }
            | Self::OperationStageSucceeded { .. }
            | Self::OperationCancelRequested { .. } => return None,
        })
    }

    /// Whether this event ends the operation.
    pub const fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::OperationSucceeded { .. }
                | Self::OperationFailed { .. }
                | Self::OperationCancelled { .. }
                | Self::OperationOvertaken { .. }
                | Self::OperationAbandoned { .. }
        )
    }
}
