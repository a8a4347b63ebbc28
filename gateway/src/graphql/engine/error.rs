//! Maps errors to codes, for the whole API. Refusals are answers and do not come here, except in subscriptions, which
//! have no other way to return them. Errors that an operator must fix are logged here, once; the answer has the code, a
//! message and the request id.

use crate::auth;
use async_graphql::{ErrorExtensions, Response, ServerError};
use domain::core::refusal::ErrorCode;
use projections::{Projections, Trouble, evidence::printable::on_page, language::Language};
use serde_json::json;

/// The codes of `extensions.code`.
pub mod code {
    pub const BAD_INPUT: &str = "BAD_INPUT";
    pub const INTERNAL: &str = "INTERNAL";
    pub const NOT_YET: &str = "NOT_YET";
    pub const PERSISTED_QUERY_NOT_SUPPORTED: &str = "PERSISTED_QUERY_NOT_SUPPORTED";
    pub const TIMED_OUT: &str = "TIMED_OUT";
    pub const TOO_COMPLEX: &str = "TOO_COMPLEX";
    pub const TOO_LARGE: &str = "TOO_LARGE";
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    pub const UNAVAILABLE: &str = "UNAVAILABLE";
    pub const WRONG_METHOD: &str = "WRONG_METHOD";
}

/// The message if a query exceeds its time limit.
pub const TOO_SLOW: &str = "the answer took too long: ask for less";

/// Why a field has no value. Has no `Display`: it becomes a GraphQL error only by the conversion below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub code: &'static str,
    pub message: String,
    /// The argument it is about.
    pub field: Option<String>,
    /// The position of the list that cannot answer.
    pub position: Option<i64>,
}

impl ApiError {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, position: None }
    }

    pub fn bad_input(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(code::BAD_INPUT, message) }
    }

    pub fn unauthenticated() -> Self {
        Self::new(code::UNAUTHENTICATED, auth::Error::Unauthenticated.to_string())
    }

    /// `cause` is the error of the database, `error` the failed operation.
    fn of_database(cause: &sqlx::Error, error: &(dyn std::error::Error + 'static)) -> Self {
        match Trouble::from(cause) {
            Trouble::Value => Self::new(code::BAD_INPUT, "a value is out of the range that can be stored"),
            Trouble::TooSlow => Self::new(code::TIMED_OUT, TOO_SLOW),
            Trouble::Broken => Self::internal(error),
            Trouble::Unavailable => Self::unavailable(error),
        }
    }

    fn unavailable(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::warn!(error = %chain(error), "request.unavailable");
        Self::new(code::UNAVAILABLE, "Binnacle cannot answer at the moment: try again")
    }

    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "request.failed");
        Self::new(code::INTERNAL, "something went wrong inside Binnacle: the log tells more about this request id")
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    // A JSON error quotes the value, which may be one that is stored only sealed.
    let words = |error: &(dyn std::error::Error + 'static)| match error.downcast_ref::<serde_json::Error>() {
        Some(json) => format!("{:?} error of JSON at line {} column {}", json.classify(), json.line(), json.column()),
        None => error.to_string(),
    };
    causes.map(words).collect::<Vec<_>>().join(": ")
}

impl From<projections::Error> for ApiError {
    fn from(error: projections::Error) -> Self {
        use projections::Error;
        match &error {
            Error::Database(cause) => Self::of_database(cause, &error),
            // One list stopped while others continue. A retry fails until an operator has acted.
            Error::Behind { position, .. } => {
                Self { position: Some(position - 1), ..Self::new(code::UNAVAILABLE, error.to_string()) }
            }
            Error::NotYet { .. } | Error::Ahead { .. } => Self::new(code::NOT_YET, error.to_string()),
            Error::BadCursor => Self::bad_input("after", error.to_string()),
            Error::BadSelector(_) => Self::bad_input("labelSelector", error.to_string()),
            Error::Codec { .. }
            | Error::Fold { .. }
            | Error::Panicked(_)
            | Error::QuarantinedMeanwhile(_)
            | Error::Gap(_)
            | Error::Fenced
            | Error::Sealed { .. }
            | Error::Key(_)
            | Error::Leaf(_)
            | Error::Checkpoint(_)
            | Error::CheckpointStore(_) => Self::internal(&error),
        }
    }
}

impl From<commands::Error> for ApiError {
    fn from(error: commands::Error) -> Self {
        match &error {
            commands::Error::Refused(refusal) => {
                let code = if refusal.code == ErrorCode::Invalid { code::BAD_INPUT } else { refusal.code.as_str() };
                Self { field: refusal.field.clone(), ..Self::new(code, on_page(Language::English.refusal(refusal))) }
            }
            commands::Error::Unavailable { message } => {
                tracing::warn!(error = %message, "request.unavailable");
                Self::new(code::UNAVAILABLE, message.clone())
            }
            commands::Error::SessionEnded => Self::unauthenticated(),
            commands::Error::Internal(_) => Self::internal(&error),
        }
    }
}

impl From<auth::Error> for ApiError {
    fn from(error: auth::Error) -> Self {
        use auth::Error;
        match error {
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Command(error) => error.into(),
            Error::Database(ref cause) => Self::of_database(cause, &error),
            Error::Busy => {
                tracing::warn!(%error, "request.unavailable");
                Self::new(code::UNAVAILABLE, error.to_string())
            }
            Error::Stale => Self::unavailable(&error),
            Error::Hash(_) | Error::Key(_) | Error::Sealed { .. } | Error::Sealing(_) => Self::internal(&error),
        }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let ApiError { code, message, field, position } = error;
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(field) = field {
                extensions.set("field", field);
            }
            if let Some(position) = position {
                extensions.set("position", position.to_string());
            }
        })
    }
}

impl From<ApiError> for ServerError {
    fn from(error: ApiError) -> Self {
        async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default())
    }
}

/// An answer that holds only this error.
pub fn refused(error: ApiError) -> Response {
    let mut error = ServerError::from(error);
    error.locations.clear();
    Response::from_errors(vec![error])
}

/// Whether nothing was executed: an error of execution names its field. Such an answer has no data, not even null.
pub fn is_request_error(response: &Response) -> bool {
    let is_of_a_field = response.errors.iter().any(|error| !error.path.is_empty());
    response.data == async_graphql::Value::Null && !response.errors.is_empty() && !is_of_a_field
}

/// The code of an error, once [`finish`] has seen it.
pub fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Maximum number of errors in one answer.
const ERRORS: usize = 100;

/// Adds the code and the request id to each error of an answer. If the read model was unavailable, also adds its age
/// and position.
pub fn finish(response: &mut Response, projections: &Projections, request: &str) {
    response.errors.truncate(ERRORS);
    for error in &mut response.errors {
        let code = code_of(error).unwrap_or_else(|| by_library(&error.message).to_owned());
        let extensions = error.extensions.get_or_insert_default();
        if code == code::UNAVAILABLE && extensions.get("position").is_none() {
            extensions.set("asOf", projections.as_of().to_rfc3339());
            extensions.set("position", projections.position().to_string());
        }
        extensions.set("code", code);
        extensions.set("requestId", request);
    }
}

/// Errors of the library have no code, because they are about the document.
fn by_library(message: &str) -> &'static str {
    let is_too_much = message.contains("too complex") || message.contains("too deep") || message.contains("recursion");
    if is_too_much { code::TOO_COMPLEX } else { code::BAD_INPUT }
}

/// An error in the format of GraphQL, for requests that are refused before GraphQL.
pub fn body(code: &str, message: &str, request: &str) -> serde_json::Value {
    json!({"errors": [{"message": message, "extensions": {"code": code, "requestId": request}}]})
}

/// The error of a failed batch is the error of each of its rows.
impl From<std::sync::Arc<projections::Error>> for ApiError {
    fn from(error: std::sync::Arc<projections::Error>) -> Self {
        match &*error {
            projections::Error::Database(cause) => Self::of_database(cause, &*error),
            _ => Self::internal(&*error),
        }
    }
}
