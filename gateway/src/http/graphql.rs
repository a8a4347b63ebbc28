//! `/graphql`, by the specification of GraphQL over HTTP: queries by GET, queries and mutations by POST, JSON in and
//! out.
//!
//! A request has only the rights of the token in its header, so a link or a form of another page has none. Three
//! mutations read a cookie; no GET and no form can send them.

mod body;
mod media;

use super::{
    BODY_LIMIT, STRANGERS_LIMIT, Web,
    observe::Observed,
    operation::{Incomplete, Operation},
};
use crate::{
    auth::Viewer,
    graphql::{
        context::RequestInfo,
        engine::{
            error::{self, ApiError, code, code_of, finish, refused},
            guard::Transport,
            rows::to_json,
        },
    },
};
use axum::{
    Extension,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use futures::future::OptionFuture;
use media::Media;
use projections::Language;

/// Why a request is not executed.
enum Refused {
    Http(Rejected),
    ApiError(ApiError),
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

impl Rejected {
    fn response(self, media: Media, observed: &Observed) -> Response {
        let body = error::body(self.code, self.message, &observed.id).to_string();
        (self.status, [(header::CONTENT_TYPE, media.name())], body).into_response()
    }
}

pub fn routes() -> MethodRouter<Web> {
    get(by_get).post(by_post).fallback(by_other)
}

async fn by_other(Extension(observed): Extension<Observed>) -> Response {
    let words = "GraphQL is asked by POST, queries also by GET";
    let wrong = rejected(StatusCode::METHOD_NOT_ALLOWED, code::WRONG_METHOD, words);
    let mut response = wrong.response(Media::Json, &observed);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

async fn by_get(
    State(web): State<Web>,
    Extension(observed): Extension<Observed>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let request = async {
        check_origin(&web, &headers)?;
        let words = "a GET has the parameters query, operationName, variables and extensions, each once and no others";
        let wrong = rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, words);
        let operation = Operation::from_query(query.as_deref().unwrap_or_default()).ok_or(wrong)?;
        Ok((operation, viewer(&web, &headers).await?))
    };
    answer(&web, &observed, &headers, Transport::Get, request).await
}

async fn by_post(
    State(web): State<Web>,
    Extension(observed): Extension<Observed>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let request = async {
        check_origin(&web, &headers)?;
        check_post(&headers, query.as_deref())?;
        // The token is checked before the body is read, because a request without a viewer may send only a small body.
        let viewer = viewer(&web, &headers).await?;
        let limit = if viewer.is_some() { BODY_LIMIT } else { STRANGERS_LIMIT };
        let bytes = match body::collect(&headers, body, limit).await? {
            Some(bytes) => bytes,
            None if viewer.is_none() => return Err(Refused::ApiError(ApiError::unauthenticated())),
            None => {
                let words = "a request has at most 2 MiB";
                return Err(rejected(StatusCode::PAYLOAD_TOO_LARGE, code::TOO_LARGE, words).into());
            }
        };
        Ok((body::parse(bytes).await?, viewer))
    };
    answer(&web, &observed, &headers, Transport::Post, request).await
}

async fn answer(
    web: &Web,
    observed: &Observed,
    headers: &HeaderMap,
    transport: Transport,
    request: impl Future<Output = Result<(Operation, Option<Viewer>), Refused>>,
) -> Response {
    let Some(media) = Media::accepted(headers) else {
        let words = "accept application/json or application/graphql-response+json";
        return rejected(StatusCode::NOT_ACCEPTABLE, code::BAD_INPUT, words).response(Media::Json, observed);
    };
    let mut response = match request.await.and_then(complete) {
        Ok((request, viewer)) => web.graphql.answer(request, info(web, observed, headers, viewer), transport).await,
        Err(Refused::Http(rejected)) => {
            web.metrics.error(rejected.code);
            return rejected.response(media, observed);
        }
        Err(Refused::ApiError(error)) => {
            let mut response = refused(error);
            finish(&mut response, &web.graphql.services().projections, &observed.id);
            response
        }
    };
    let codes: Vec<String> = response.errors.iter().filter_map(code_of).collect();
    codes.iter().for_each(|code| web.metrics.error(code));
    let cookies = std::mem::take(&mut response.http_headers);
    let status = media.status(headers, &response, &codes);
    let Ok(text) = to_json(&response) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut answer = (status, [(header::CONTENT_TYPE, media.name())], text).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if web.origins.is_own(headers) {
        answer.headers_mut().extend(cookies);
    }
    answer
}

fn complete(
    (operation, viewer): (Operation, Option<Viewer>),
) -> Result<(async_graphql::Request, Option<Viewer>), Refused> {
    match operation.into_request() {
        Ok(request) => Ok((request, viewer)),
        Err(Incomplete::Persisted(error)) => Err(Refused::ApiError(error)),
        Err(Incomplete::NoDocument) => {
            Err(rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, "a request has a document as query").into())
        }
    }
}

fn info(web: &Web, observed: &Observed, headers: &HeaderMap, viewer: Option<Viewer>) -> RequestInfo {
    let refresh_cookie = web.site.cookie(observed.is_secure);
    RequestInfo {
        id: observed.id.clone(),
        source: observed.source.clone(),
        viewer,
        refresh_token: cookie(headers, refresh_cookie.name()).filter(|_| web.origins.is_own(headers)),
        refresh_cookie,
        language: Language::accepted(text(headers, header::ACCEPT_LANGUAGE)),
        ..RequestInfo::default()
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The viewer of the request. None is allowed for sign-in: the guard refuses everything else.
async fn viewer(web: &Web, headers: &HeaderMap) -> Result<Option<Viewer>, Refused> {
    let token = bearer(headers);
    let viewer = OptionFuture::from(token.as_deref().map(|token| web.graphql.services().auth.viewer(token)));
    match viewer.await.transpose() {
        Err(crate::auth::Error::Unauthenticated) => Ok(None),
        found => found.map_err(|error| Refused::ApiError(error.into())),
    }
}

fn check_origin(web: &Web, headers: &HeaderMap) -> Result<(), Rejected> {
    if web.origins.allow(headers) {
        return Ok(());
    }
    Err(rejected(StatusCode::FORBIDDEN, "FORBIDDEN", "pages of this origin may not use the API"))
}

fn check_post(headers: &HeaderMap, query: Option<&str>) -> Result<(), Rejected> {
    if query.is_some_and(|query| !query.is_empty()) {
        let words =
            "nothing may stand in the address of a POST: the document goes into the body, a token into its header";
        return Err(rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, words));
    }
    if !media::is_json(headers) {
        return Err(rejected(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::BAD_INPUT, "send application/json in UTF-8"));
    }
    Ok(())
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
        assert_eq!(cookie(&headers, "binnacle_refresh").as_deref(), Some("two"));
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
