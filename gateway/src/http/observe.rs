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

/// What every handler knows of its request.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub id: String,
    pub source: String,
}

pub async fn observe(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let observed = Observed { id: Uuid::now_v7().to_string(), source: source(&web, &request) };
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

/// The source address of the request. Headers count only from a trusted proxy.
fn source(web: &Web, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    match peer {
        Some(peer) if web.trusted_proxies.contains(&peer) => {
            forwarded(request.headers(), &web.trusted_proxies).unwrap_or(peer).to_string()
        }
        Some(peer) => peer.to_string(),
        None => "unknown".to_owned(),
    }
}

/// The last address in `X-Forwarded-For` that is not a trusted proxy. Earlier ones may be forged.
fn forwarded(headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let listed = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> =
        listed.flat_map(|value| value.split(',')).map_while(|a| a.trim().parse().ok()).collect();
    addresses.into_iter().rev().find(|address| !proxies.contains(address))
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
