//! What the write side answers when it does not do what was asked.

use crate::log::AppendError;
use domain::operation::queue;
use std::fmt;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule forbids it. An answer, not a failure.
    #[error("{0}")]
    Refused(Refusal),
    /// Who asks has signed out. Nothing was done by this attempt.
    #[error("the session has ended: sign in")]
    SessionEnded,
    /// Something it needs does not answer. Nothing was done, unless the message says otherwise; asking again with the
    /// same idempotency key is safe.
    #[error("{message}")]
    Unavailable { message: String },
    /// A fault of Binnacle itself.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A command that is refused: a stable code, words for people, and the input field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub rule: Rule,
    pub message: String,
    pub field: Option<String>,
    /// With [`Rule::Conflict`]: the version to look at before asking again.
    pub current_version: Option<String>,
}

/// The stable codes of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Invalid,
    Forbidden,
    NotFound,
    Conflict,
    AlreadyExists,
    NotSupported,
    /// Not now: nothing is wrong with the wish itself.
    Unavailable,
}

impl Refusal {
    pub fn new(rule: Rule, field: &str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), field: Some(field.to_owned()), current_version: None }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<queue::Refusal> for Error {
    fn from(refusal: queue::Refusal) -> Self {
        let rule = match refusal.rule {
            queue::Rule::Invalid => Rule::Invalid,
            queue::Rule::NotFound => Rule::NotFound,
            queue::Rule::Conflict => Rule::Conflict,
            queue::Rule::AlreadyExists => Rule::AlreadyExists,
            queue::Rule::NotSupported => Rule::NotSupported,
            queue::Rule::Unavailable => Rule::Unavailable,
        };
        Self::Refused(Refusal {
            rule,
            message: refusal.message,
            field: refusal.field.map(str::to_owned),
            current_version: refusal.current_version,
        })
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(error = %error, "store.unavailable");
        Self::Unavailable { message: "the event log does not answer: nothing was done, try again".to_owned() }
    }
}

impl From<AppendError> for Error {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Unavailable | AppendError::Unknown => Self::Unavailable { message: error.to_string() },
            AppendError::Refused => Self::Internal(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<domain::core::codec::CodecError> for Error {
    fn from(error: domain::core::codec::CodecError) -> Self {
        Self::Internal(error.to_string())
    }
}
