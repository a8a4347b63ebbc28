//! Errors of the write side.

use crate::log::{AppendError, data_keys};
use domain::core::refusal::Refusal;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule forbids the command. This is an answer, not a failure.
    #[error("{0}")]
    Refused(Refusal),
    /// The session of the user has ended. This attempt did nothing.
    #[error("the session has ended: sign in")]
    SessionEnded,
    /// A dependency does not answer. Nothing was done, unless the message says otherwise. A retry with the same
    /// idempotency key is safe.
    #[error("{message}")]
    Unavailable { message: String },
    /// A bug in Binnacle.
    #[error("internal error: {0}")]
    Internal(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
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
            AppendError::Unavailable | AppendError::Unknown | AppendError::KeyDeleted => {
                Self::Unavailable { message: error.to_string() }
            }
            AppendError::Refused => Self::Internal(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<domain::core::sealing::Error> for Error {
    fn from(error: domain::core::sealing::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<data_keys::Error> for Error {
    fn from(error: data_keys::Error) -> Self {
        match error {
            data_keys::Error::Database(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<domain::core::codec::CodecError> for Error {
    fn from(error: domain::core::codec::CodecError) -> Self {
        Self::Internal(error.to_string())
    }
}
