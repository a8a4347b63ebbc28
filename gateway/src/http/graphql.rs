//! `POST /graphql`: JSON in, JSON out. No other content type is accepted, so that a page of another origin cannot send
//! it without a preflight.

use super::{BODY_LIMIT, Web, json, observe::Observed, server::body::is_too_slow};
use crate::{
    graphql::{
        context::RequestInfo,
        engine::{
            error::{Fault, body, code, code_of, finish, refused},
            rows::to_json,
        },
        platform::session::COOKIE,
    },
    heavy,
};
use async_graphql::Request as Question;
use axum::{
    Extension,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, future::OptionFuture};
use std::time::Duration;

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
/// How much of an oversized body is read and discarded, so that the sender can read the answer.
const DRAIN: usize = 16 << 20;
const DRAIN_TIME: Duration = Duration::from_millis(500);

/// Bytes of a body from somebody who has not signed in: signing in needs no more.
const STRANGERS_BODY_LIMIT: usize = 16 << 10;

/// Why a request is not executed.
enum Refused {
    Http(Rejected),
    Fault(Fault),
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        Self::Http(rejected)
    }
}

/// A request that is refused before GraphQL.
struct Rejected {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn rejected(status: StatusCode, code: &'static str, message: &'static str) -> Rejected {
    Rejected { status, code, message }
}

pub async fn wrong_method(Extension(observed): Extension<Observed>) -> Response {
    let words = "GraphQL is asked by POST";
    let mut response = json(StatusCode::METHOD_NOT_ALLOWED, &body(code::BAD_INPUT, words, &observed.id));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

pub async fn handle(
    State(web): State<Web>,
    Extension(observed): Extension<Observed>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let mut response = match asked(&web, &observed, query.as_deref(), &headers, body).await {
        Ok((question, info)) => web.gate.answer(question, info).await,
        Err(Refused::Http(Rejected { status, code, message })) => {
            web.metrics.error(code);
            return json(status, &crate::graphql::engine::error::body(code, message, &observed.id));
        }
        Err(Refused::Fault(fault)) => {
            let mut response = refused(fault);
            finish(&mut response, &web.gate.services().projections, &observed.id);
            response
        }
    };
    let codes: Vec<String> = response.errors.iter().filter_map(code_of).collect();
    codes.iter().for_each(|code| web.metrics.error(code));
    let cookies = std::mem::take(&mut response.http_headers);
    let (status, content_type) = shape(&headers, &response, &codes);
    let Ok(text) = to_json(&response) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut answer = (status, [(header::CONTENT_TYPE, content_type)], text).into_response();
    if web.origins.is_own(&headers) {
        answer.headers_mut().extend(cookies);
    }
    answer
}

/// What is asked, and by whom. Who has not signed in is known before the body is read, of which they may then send little.
async fn asked(
    web: &Web,
    observed: &Observed,
    query: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Question, RequestInfo), Refused> {
    check_headers(web, headers, query)?;
    let token = bearer(headers);
    let viewer = OptionFuture::from(token.as_deref().map(|token| web.gate.services().auth.viewer(token)));
    let viewer = match viewer.await.transpose() {
        // Signing in is still allowed: the guard refuses everything else without a viewer.
        Err(crate::auth::Error::Unauthenticated) => None,
        found => found.map_err(|error| Refused::Fault(error.into()))?,
    };
    let limit = if viewer.is_some() { BODY_LIMIT } else { STRANGERS_BODY_LIMIT };
    let bytes = match collect(headers, body, limit).await? {
        Some(bytes) => bytes,
        None if viewer.is_none() => return Err(Refused::Fault(Fault::unauthenticated())),
        None => {
            let words = "a request has at most 2 MiB";
            return Err(rejected(StatusCode::PAYLOAD_TOO_LARGE, code::TOO_LARGE, words).into());
        }
    };
    let question = parse(bytes).await?;
    let info = RequestInfo {
        id: observed.id.clone(),
        source: observed.source.clone(),
        viewer,
        refresh_token: cookie(headers, COOKIE).filter(|_| web.origins.is_own(headers)),
        ..RequestInfo::default()
    };
    Ok((question, info))
}

/// A wrong token is always 401. Other errors are part of a 200, unless the client accepts the new media type, which has
/// its own status codes for documents that were not executed.
fn shape(headers: &HeaderMap, response: &async_graphql::Response, codes: &[String]) -> (StatusCode, HeaderValue) {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_new = accept.contains(GRAPHQL_RESPONSE);
    let was_executed = codes.is_empty() || response.data != async_graphql::Value::Null;
    let has = |code: &str| codes.iter().any(|found| found == code);
    let status = if was_executed {
        StatusCode::OK
    } else if has(code::UNAUTHENTICATED) && (is_new || headers.contains_key(header::AUTHORIZATION)) {
        StatusCode::UNAUTHORIZED
    } else if !is_new {
        StatusCode::OK
    } else if has(code::UNAVAILABLE) {
        StatusCode::SERVICE_UNAVAILABLE
    } else if has(code::INTERNAL) {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::BAD_REQUEST
    };
    (status, HeaderValue::from_static(if is_new { GRAPHQL_RESPONSE } else { "application/json" }))
}

fn check_headers(web: &Web, headers: &HeaderMap, query: Option<&str>) -> Result<(), Rejected> {
    if !web.origins.allow(headers) {
        return Err(rejected(StatusCode::FORBIDDEN, "FORBIDDEN", "pages of this origin may not use the API"));
    }
    if query.is_some_and(|query| !query.is_empty()) {
        let words = "nothing may stand in the address: the document goes into the body, a token into its header";
        return Err(rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, words));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let words = "send application/json";
        return Err(rejected(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::BAD_INPUT, words));
    }
    Ok(())
}

/// Reads JSON; a long body beside the threads that answer requests.
async fn parse(bytes: Vec<u8>) -> Result<Question, Rejected> {
    let words = "the body is no GraphQL request: an object with query, variables and operationName";
    let wrong = rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, words);
    if bytes.len() <= STRANGERS_BODY_LIMIT {
        return serde_json::from_slice(&bytes).map_err(|_| wrong);
    }
    heavy::run(move || serde_json::from_slice(&bytes)).await.and_then(Result::ok).ok_or(wrong)
}

/// The bytes of the body; `None` when they are more than the limit.
async fn collect(headers: &HeaderMap, body: Body, limit: usize) -> Result<Option<Vec<u8>>, Rejected> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(limit));
    let mut is_too_large = announced.is_some_and(|length| length > limit);
    while !is_too_large && let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(broken_off)?;
        is_too_large = bytes.len() + chunk.len() > limit;
        if !is_too_large {
            bytes.extend_from_slice(&chunk);
        }
    }
    if !is_too_large {
        return Ok(Some(bytes));
    }
    let mut drained = 0;
    let rest = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            drained += chunk.len();
            if drained > DRAIN {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_TIME, rest).await;
    Ok(None)
}

fn broken_off(error: axum::Error) -> Rejected {
    if is_too_slow(&error) {
        return rejected(StatusCode::REQUEST_TIMEOUT, code::TIMED_OUT, "the body did not come in time");
    }
    rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, "the body ended early")
}

/// The token of `Authorization: Bearer`. Any other value counts as a wrong token.
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    Some(from_bearer(value).to_owned())
}

/// `Bearer <token>`, the scheme in any case.
pub fn from_bearer(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("xbinnacle_refresh=1; a=b; binnacle_refresh=two"));
        assert_eq!(cookie(&headers, COOKIE).as_deref(), Some("two"));
        assert_eq!(cookie(&headers, "c"), None);
    }

    #[test]
    fn another_scheme_is_a_wrong_token() {
        assert_eq!(from_bearer("Bearer abc"), "abc");
        assert_eq!(from_bearer("bearer  abc "), "abc");
        for wrong in ["", "abc", "Basic abc", "Bearer"] {
            assert_eq!(from_bearer(wrong), "");
        }
    }
}
