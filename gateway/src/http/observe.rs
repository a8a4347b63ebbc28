//! Each request gets an id, a source address, a log line and metrics. Its query string is never logged.

use super::Web;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};
use tracing::Instrument;
use uuid::Uuid;

/// The data of a request that every handler has.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub id: String,
    pub source: String,
    /// Whether cookies and pages require TLS.
    pub is_secure: bool,
}

pub async fn observe(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let observed = observed(&web, &request);
    let route = route(request.uri().path());
    let (method, started) = (request.method().clone(), Instant::now());
    let span = tracing::info_span!("request", request.id = %observed.id);
    request.extensions_mut().insert(observed.clone());
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = started.elapsed();
    web.metrics.answered(route, response.status(), took);
    span.in_scope(|| log(route, &method, &response, took, &observed));
    if let Ok(id) = HeaderValue::from_str(&observed.id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn log(route: &str, method: &Method, response: &Response, took: std::time::Duration, observed: &Observed) {
    let (status, millis) = (response.status().as_u16(), took.as_secs_f64() * 1000.0);
    let source = observed.source.as_str();
    if route == "dashboard" || route == "health" {
        tracing::debug!(http.route = route, %method, status, millis, source, "request.answered");
    } else {
        tracing::info!(http.route = route, %method, status, millis, source, "request.answered");
    }
}

/// The route label of a path. There are few, so that metrics stay small.
fn route(path: &str) -> &'static str {
    match path {
        "/graphql" => "graphql",
        "/graphql/ws" => "socket",
        "/livez" | "/readyz" | "/metrics" => "health",
        _ => "dashboard",
    }
}

/// Proxy headers count only if a trusted proxy wrote them.
fn observed(web: &Web, request: &Request) -> Observed {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    let is_proxied = peer.is_some_and(|peer| web.trusted_proxies.contains(&peer));
    let headers = request.headers();
    let source = if is_proxied { forwarded(headers, &web.trusted_proxies).or(peer) } else { peer };
    Observed {
        id: Uuid::now_v7().to_string(),
        source: source.map_or_else(|| "unknown".to_owned(), |source| source.to_string()),
        is_secure: web.site.is_secure(is_proxied && came_by_tls(headers)),
    }
}

/// The last address in `X-Forwarded-For` that is not a trusted proxy. Earlier ones may be forged.
fn forwarded(headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let listed = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> =
        listed.flat_map(|value| value.split(',')).map_while(|a| a.trim().parse().ok()).collect();
    addresses.into_iter().rev().find(|address| !proxies.contains(address))
}

/// Whether the last proxy says that the client used TLS.
pub(super) fn came_by_tls(headers: &HeaderMap) -> bool {
    let said = headers.get_all("x-forwarded-proto").iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(','))
        .next_back()
        .is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_before_our_proxies_is_believed() {
        let proxies: Vec<IpAddr> = vec!["10.0.0.1".parse().expect("address")];
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers, &proxies), None);
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.1.1.1, 2.2.2.2, 10.0.0.1"));
        assert_eq!(forwarded(&headers, &proxies), Some("2.2.2.2".parse().expect("address")));
    }
}
