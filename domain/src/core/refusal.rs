//! Refusals of commands and failures of operations: one set of codes from the rules to the API.

use super::message::{Code, Message};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable codes of refusals and failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The command breaks a rule, or the API server rejects the object.
    Invalid,
    /// The actor lacks the right.
    Forbidden,
    /// The API server rejects the credentials.
    Unauthenticated,
    NotFound,
    /// The object changed meanwhile.
    Conflict,
    AlreadyExists,
    /// The kind does not support the operation.
    NotSupported,
    /// Not now: the command itself is valid.
    Unavailable,
    TimedOut,
    /// The workload was changed as requested but cannot become ready.
    NotReady,
    /// The API server refused the call with another status.
    Refused,
    /// A bug in Binnacle.
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

/// A refused command: a stable code, a message for users, and the input field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: ErrorCode,
    /// What is wrong and what to do.
    pub message: String,
    /// The input field that the refusal is about, for example `manifest.spec.replicas`.
    pub field: Option<String>,
    /// With [`ErrorCode::Conflict`]: the current version, to check before a retry.
    pub current_version: Option<String>,
    /// The same as `message`, as a code with arguments, if the gateway has a sentence for it in the reader's language.
    pub reason: Option<Box<Message>>,
}

impl Refusal {
    pub fn new(code: ErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: Some(field.to_owned()), current_version: None, reason: None }
    }

    /// A refusal that the gateway says in the reader's language.
    pub fn because(code: ErrorCode, field: &str, reason: Message) -> Self {
        Self { reason: Some(Box::new(reason.clone())), ..Self::new(code, field, reason.code) }
    }

    /// Whether that is why.
    pub fn is_because(&self, code: Code) -> bool {
        self.reason.as_ref().is_some_and(|reason| reason.is(code))
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
