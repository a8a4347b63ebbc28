//! The pages that may use the API: those of this host and of the allowed origins. Programs send no origin.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may cache a preflight answer.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The allowed origins.
#[derive(Debug, Default)]
pub struct Origins {
    allowed: Vec<String>,
    /// The origin of the console's own pages, if it is configured: behind a proxy the request may name another host.
    own: Option<String>,
}

impl Origins {
    pub fn new(allowed: Vec<String>, own: Option<String>) -> Self {
        Self { allowed, own }
    }

    /// Whether a request with these headers is allowed.
    pub fn allow(&self, headers: &HeaderMap) -> bool {
        self.is_own(headers) || origin(headers).is_some_and(|origin| self.allowed.contains(&origin))
    }

    /// Whether a request comes from a page of this console, or from no page. Only then is its cookie used.
    pub fn is_own(&self, headers: &HeaderMap) -> bool {
        let is_own = |origin: String| self.own.as_ref() == Some(&origin) || is_same_host(&origin, headers);
        !headers.contains_key(header::ORIGIN) || origin(headers).is_some_and(is_own)
    }

    /// Allows pages of the allowed origins to use the API with a token, never with a cookie.
    pub fn cors(&self) -> CorsLayer {
        let allowed = self.allowed.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(allowed))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
            .max_age(REMEMBERED)
    }
}

/// The origin in the form that browsers send. An unreadable origin equals no other.
fn origin(headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(header::ORIGIN)?;
    Some(origin.to_str().unwrap_or_default().to_lowercase())
}

/// Compares with the requested host, port included. The scheme is unknown here, because a proxy may terminate TLS.
fn is_same_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let from = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    !host.is_empty() && from == Some(host.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:8080".parse().expect("host"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("origin"));
        }
        headers
    }

    #[test]
    fn only_the_own_and_the_allowed_origins_pass() {
        let origins =
            Origins::new(vec!["https://console.example.org".to_owned()], Some("https://public.example.org".to_owned()));
        for good in [None, Some("http://127.0.0.1:8080"), Some("https://console.example.org")] {
            assert!(origins.allow(&headers(good)), "{good:?}");
        }
        assert!(!origins.is_own(&headers(Some("https://console.example.org"))), "allowed, and without a cookie");
        assert!(origins.is_own(&headers(Some("https://public.example.org"))), "its own, whatever host a proxy names");
        for bad in [
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "http://localhost:8080",
            "null",
            "",
            "http://127.0.0.1:8080.evil.org",
            "https://console.example.org.evil.org",
            "http://console.example.org",
            "http://public.example.org",
        ] {
            assert!(!origins.allow(&headers(Some(bad))), "{bad:?}");
        }
    }
}
