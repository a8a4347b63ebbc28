//! The two media types of answers: their choice by `Accept`, and the status of an answer in each.

use crate::graphql::engine::error::{code, is_request_error};
use async_graphql::{Response, Value};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use headers_accept::Accept;
use mediatype::{MediaType, ReadParams, names};
use std::sync::LazyLock;

static OFFERED: LazyLock<Vec<MediaType<'static>>> = LazyLock::new(|| {
    let offered = ["application/json", "application/graphql-response+json"];
    offered.iter().filter_map(|name| MediaType::parse(name).ok()).collect()
});

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// 200 for every well-formed request, whatever its outcome.
    Json,
    /// The status gives the outcome of the request.
    GraphqlResponse,
}

impl Media {
    /// The type that the client prefers; `None` if it accepts neither. An unreadable header counts as none.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let wanted = values.collect::<Vec<_>>().join(",").to_ascii_lowercase();
        // JSON has no other charset, and the library takes a range with a parameter for a narrower one.
        let accept = wanted.replace("; charset=utf-8", "").replace(";charset=utf-8", "").parse::<Accept>();
        let Some(accept) = accept.ok().filter(|accept| accept.media_types().next().is_some()) else {
            return Some(Self::Json);
        };
        let chosen = accept.negotiate(OFFERED.iter())?;
        Some(if chosen.suffix.is_none() { Self::Json } else { Self::GraphqlResponse })
    }

    pub const fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        })
    }

    /// The status of an answer with these error codes. A wrong token is always 401. An outage is 503 even if the answer
    /// has data, so that clients that read only the status retry.
    pub fn status(self, headers: &HeaderMap, response: &Response, codes: &[String]) -> StatusCode {
        let has = |code: &str| codes.iter().any(|found| found == code);
        let says_more = self == Self::GraphqlResponse;
        let has_token = headers.contains_key(header::AUTHORIZATION);
        if codes.is_empty() || response.data != Value::Null {
            StatusCode::OK
        } else if has(code::UNAUTHENTICATED) && (says_more || has_token) {
            StatusCode::UNAUTHORIZED
        } else if has(code::WRONG_METHOD) {
            StatusCode::METHOD_NOT_ALLOWED
        } else if !says_more {
            StatusCode::OK
        } else if has(code::UNAVAILABLE) {
            StatusCode::SERVICE_UNAVAILABLE
        } else if has(code::INTERNAL) {
            StatusCode::INTERNAL_SERVER_ERROR
        } else if is_request_error(response) {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        }
    }
}

/// Whether a body is JSON in UTF-8. A page of another origin cannot send it without a preflight.
pub fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    MediaType::parse(sent).is_ok_and(|sent| {
        let is_utf_8 = |charset: mediatype::Value<'_>| charset.unquoted_str().eq_ignore_ascii_case("utf-8");
        sent.essence() == MediaType::new(names::APPLICATION, names::JSON)
            && sent.get_param(names::CHARSET).is_none_or(is_utf_8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: Option<&'static str>) -> HeaderMap {
        value.map(|value| (name, HeaderValue::from_static(value))).into_iter().collect()
    }

    #[test]
    fn a_client_gets_the_media_type_that_it_likes_best() {
        let accepted = |value| Media::accepted(&headers(header::ACCEPT, value));
        let (json, graphql_response) = (Some(Media::Json), Some(Media::GraphqlResponse));
        for (accept, media) in [
            (None, json),
            (Some(""), json),
            (Some("*/*"), json),
            (Some("application/*"), json),
            (Some("text/html, image/gif, *; q=.2, */*; q=.2"), json),
            (Some("application/json; charset=utf-8"), json),
            (Some("application/graphql-response+json"), graphql_response),
            (Some("Application/GraphQL-Response+JSON; charset=UTF-8"), graphql_response),
            (Some("application/graphql-response+json, application/json;q=0.9"), graphql_response),
            (Some("application/graphql-response+json;q=0.5, application/json"), json),
            (Some("application/json;q=0, */*"), graphql_response),
            (Some("text/html, application/xhtml+xml, */*;q=0.8"), json),
            (Some("text/html"), None),
            (Some("application/xml, text/*"), None),
            (Some("application/json;q=0"), None),
            (Some("*/*;q=0"), None),
        ] {
            assert_eq!(accepted(accept), media, "{accept:?}");
        }
    }

    #[test]
    fn a_body_is_json_in_utf_8() {
        let is_json = |value| is_json(&headers(header::CONTENT_TYPE, value));
        for right in [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
        ] {
            assert!(is_json(Some(right)), "{right}");
        }
        for wrong in
            ["", "text/plain", "application/graphql", "application/json+x", "application/json; charset=utf-16", "json"]
        {
            assert!(!is_json(Some(wrong)), "{wrong}");
        }
        assert!(!is_json(None));
    }
}
