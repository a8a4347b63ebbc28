//! The one mapping from errors to codes. Refusals are answers and do not come here, except in subscriptions, which have no
//! other way to say it. What only operators can mend is logged here, once; the answer carries code, words and request id.

use crate::auth;
use async_graphql::{ErrorExtensions, Response, ServerError};
use domain::core::refusal::ErrorCode;
use projections::{Projections, Trouble};
use serde_json::json;

/// The codes of `extensions.code`.
pub mod code {
    pub const BAD_INPUT: &str = "BAD_INPUT";
    pub const INTERNAL: &str = "INTERNAL";
    pub const NOT_YET: &str = "NOT_YET";
    pub const TIMED_OUT: &str = "TIMED_OUT";
    pub const TOO_COMPLEX: &str = "TOO_COMPLEX";
    pub const TOO_LARGE: &str = "TOO_LARGE";
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    pub const UNAVAILABLE: &str = "UNAVAILABLE";
}

/// To whoever asked for more than can be read in time.
pub const TOO_SLOW: &str = "the answer took too long: ask for less";

/// Why a field has no value. Has no `Display`: it becomes a GraphQL error only by the conversion below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
    /// The argument it is about.
    pub field: Option<String>,
    /// Where the list stands that cannot answer.
    pub position: Option<i64>,
}

impl Fault {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, position: None }
    }

    pub fn bad_input(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(code::BAD_INPUT, message) }
    }

    pub fn unauthenticated() -> Self {
        Self::new(code::UNAUTHENTICATED, auth::Error::Unauthenticated.to_string())
    }

    /// `cause` is what the database said, `error` what was being done.
    fn of_database(cause: &sqlx::Error, error: &dyn std::error::Error) -> Self {
        match Trouble::from(cause) {
            Trouble::Value => Self::new(code::BAD_INPUT, "a value is out of the range that can be stored"),
            Trouble::TooSlow => Self::new(code::TIMED_OUT, TOO_SLOW),
            Trouble::Broken => Self::internal(error),
            Trouble::Unavailable => Self::unavailable(error),
        }
    }

    fn unavailable(error: &dyn std::error::Error) -> Self {
        tracing::warn!(error = %chain(error), "request.unavailable");
        Self::new(code::UNAVAILABLE, "Binnacle cannot answer at the moment: try again")
    }

    fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(error), "request.failed");
        Self::new(code::INTERNAL, "something went wrong inside Binnacle: the log tells more about this request id")
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<projections::Error> for Fault {
    fn from(error: projections::Error) -> Self {
        use projections::Error;
        match &error {
            Error::Database(cause) => Self::of_database(cause, &error),
            // One list stopped, others go on: it is no use to try again before somebody has looked.
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
            | Error::Checkpoint(_)
            | Error::CheckpointStore(_) => Self::internal(&error),
        }
    }
}

impl From<commands::Error> for Fault {
    fn from(error: commands::Error) -> Self {
        match &error {
            commands::Error::Refused(refusal) => {
                let code = if refusal.code == ErrorCode::Invalid { code::BAD_INPUT } else { refusal.code.as_str() };
                Self { field: refusal.field.clone(), ..Self::new(code, refusal.message.clone()) }
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

impl From<auth::Error> for Fault {
    fn from(error: auth::Error) -> Self {
        use auth::Error;
        match error {
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Command(error) => error.into(),
            Error::Database(ref cause) => Self::of_database(cause, &error),
            Error::Busy | Error::Stale => Self::unavailable(&error),
            Error::Hash(_) | Error::Key(_) | Error::Sealed { .. } | Error::Sealing(_) => Self::internal(&error),
        }
    }
}

impl From<Fault> for async_graphql::Error {
    fn from(fault: Fault) -> Self {
        let Fault { code, message, field, position } = fault;
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

impl From<Fault> for ServerError {
    fn from(fault: Fault) -> Self {
        async_graphql::Error::from(fault).into_server_error(async_graphql::Pos::default())
    }
}

/// An answer that is only this fault.
pub fn refused(fault: Fault) -> Response {
    let mut error = ServerError::from(fault);
    error.locations.clear();
    Response::from_errors(vec![error])
}

/// The code of an error, once [`finish`] has seen it.
pub fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Errors of one answer at most: the first of them say enough.
const ERRORS: usize = 100;

/// Gives each error of an answer its code and the request id; what could not be read also says how old the read model is.
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

/// Errors of the library itself are about the document, which is why they have no code.
fn by_library(message: &str) -> &'static str {
    let is_too_much = message.contains("too complex") || message.contains("too deep") || message.contains("recursion");
    if is_too_much { code::TOO_COMPLEX } else { code::BAD_INPUT }
}

/// An answer in the shape of GraphQL, for what is refused before GraphQL is reached.
pub fn body(code: &str, message: &str, request: &str) -> serde_json::Value {
    json!({"errors": [{"message": message, "extensions": {"code": code, "requestId": request}}]})
}

/// A batch that failed, failed for each of its rows.
impl From<std::sync::Arc<projections::Error>> for Fault {
    fn from(error: std::sync::Arc<projections::Error>) -> Self {
        match &*error {
            projections::Error::Database(cause) => Self::of_database(cause, &*error),
            _ => Self::internal(&*error),
        }
    }
}
