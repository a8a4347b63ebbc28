//! Errors of calls to API servers, by what may be done next.

use super::{Error, OwnedField};
use domain::core::refusal::ErrorCode;
use kube::core::response::Status;
use std::time::Duration;

/// How long a call may take. A later answer counts as lost.
pub(crate) const CALL_LIMIT: Duration = Duration::from_secs(20);
/// The longest path of a field that is taken from a refusal.
const FIELD_LIMIT: usize = 512;

/// Classifies an error by what the caller may do next.
pub fn explain(error: &kube::Error) -> Error {
    match error {
        kube::Error::Api(status) => explain_status(status, None),
        kube::Error::Service(source) if was_not_sent(source.as_ref()) => {
            Error::Unreachable { message: format!("the API server cannot be reached: {source}") }
        }
        kube::Error::SerdeError(_) | kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => {
            Error::permanent(ErrorCode::Internal, error.to_string())
        }
        other => Error::Ambiguous {
            message: format!("the connection to the API server was lost: {other}"),
            retry_after: None,
        },
    }
}

pub(super) fn explain_status(status: &Status, retry_after: Option<Duration>) -> Error {
    let message = status.message.clone();
    let seconds = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
    let retry_after = retry_after.or((seconds > 0).then(|| Duration::from_secs(u64::from(seconds))));
    let fields = owned_fields(status);
    if status.code == 409 && !fields.is_empty() {
        return Error::Conflicting { message, fields };
    }
    let code = match status.code {
        // The webhook chose the code. A failure of the webhook itself may pass; any other code is a refusal.
        500.. if is_answer_of_webhook(&message) => return Error::Transient { message, retry_after },
        401 | 404 | 409 | 410 | 429 if is_answer_of_webhook(&message) => ErrorCode::Refused,
        400 | 415 | 422 => ErrorCode::Invalid,
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        410 | 429 => return Error::Transient { message: format!("the API server is busy: {message}"), retry_after },
        // A field or a type that the schema lacks: server-side apply reports it as an internal error.
        500 if message.starts_with("failed to create typed patch object") => ErrorCode::Invalid,
        500.. => return Error::Ambiguous { message: format!("the API server failed: {message}"), retry_after },
        _ => ErrorCode::Refused,
    };
    let field = field_of(status);
    Error::Permanent { code, message, field }
}

/// The fields of a refused apply that belong to others. The words name the manager in quotation marks.
fn owned_fields(status: &Status) -> Vec<OwnedField> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let owned = causes.filter(|cause| cause.reason == "FieldManagerConflict").map(|cause| OwnedField {
        path: cause.field.clone(),
        manager: cause.message.split('"').nth(1).unwrap_or_default().to_owned(),
    });
    owned.collect()
}

/// The field that a refusal is about. Server-side apply names a field that the schema lacks in its words alone.
fn field_of(status: &Status) -> Option<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let named = causes.map(|cause| cause.field.as_str()).find(|field| !field.is_empty());
    let in_words = || {
        let mut words = status.message.split_whitespace();
        words.find_map(|word| word.strip_prefix('.')?.strip_suffix(':'))
    };
    named.or_else(in_words).filter(|field| field.len() <= FIELD_LIMIT).map(str::to_owned)
}

/// Whether a webhook refused or failed. Admission comes before storage: nothing was written, and the server itself is
/// well.
fn is_answer_of_webhook(message: &str) -> bool {
    message.contains("failed calling webhook")
        || message.contains("admission webhook \"") && message.contains("denied the request")
}

/// Whether the request was never sent, because no connection was made.
fn was_not_sent(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), std::io::ErrorKind::ConnectionRefused | std::io::ErrorKind::HostUnreachable)
        {
            return true;
        }
        if error.to_string().contains("client error (Connect)") || error.to_string().contains("tcp connect error") {
            return true;
        }
        source = error.source();
    }
    false
}
