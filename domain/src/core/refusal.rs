//! Why a command was not accepted, or an operation failed: one set of codes from the rules to the API.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable codes of refusals and failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The command breaks a rule, or the API server says that the object does.
    Invalid,
    /// The actor lacks the right.
    Forbidden,
    /// The API server does not know the credentials.
    Unauthenticated,
    NotFound,
    /// Somebody else was faster.
    Conflict,
    AlreadyExists,
    /// The kind has no such operation.
    NotSupported,
    /// Not now: nothing is wrong with the command itself.
    Unavailable,
    TimedOut,
    /// The workload was changed as requested and cannot become ready.
    NotReady,
    /// The API server refused the call with a status that has no code of its own.
    Refused,
    /// A fault of Binnacle.
    Internal,
}

impl ErrorCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "INVALID",
            Self::Forbidden => "FORBIDDEN",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::NotSupported => "NOT_SUPPORTED",
            Self::Unavailable => "UNAVAILABLE",
            Self::TimedOut => "TIMED_OUT",
            Self::NotReady => "NOT_READY",
            Self::Refused => "REFUSED",
            Self::Internal => "INTERNAL",
        }
    }

    /// Whether the same command can succeed later without a change.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Unauthenticated | Self::Unavailable | Self::TimedOut | Self::NotReady | Self::Refused)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A command that is refused: a stable code, words for people, and the input field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: ErrorCode,
    /// What is wrong and what to do.
    pub message: String,
    /// The input field it is about, for example `manifest.spec.replicas`.
    pub field: Option<String>,
    /// With [`ErrorCode::Conflict`]: the version to look at before the next try.
    pub current_version: Option<String>,
}

impl Refusal {
    pub fn new(code: ErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: Some(field.to_owned()), current_version: None }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<std::convert::Infallible> for Refusal {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
