//! Which pages may use the API: those of this host and of the allowed origins. Programs send no origin.

use axum::http::{HeaderMap, header};

/// The other allowed origins.
#[derive(Debug, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    pub fn new(allowed: Vec<String>) -> Self {
        Self(allowed)
    }

    /// Whether a request with these headers is allowed.
    pub fn allow(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let origin = origin.to_lowercase();
        self.0.contains(&origin) || is_same_host(&origin, headers)
    }
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
        let origins = Origins::new(vec!["https://console.example.org".to_owned()]);
        for good in [None, Some("http://127.0.0.1:8080"), Some("https://console.example.org")] {
            assert!(origins.allow(&headers(good)), "{good:?}");
        }
        for bad in [
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "http://localhost:8080",
            "null",
            "",
            "http://127.0.0.1:8080.evil.org",
            "https://console.example.org.evil.org",
            "http://console.example.org",
        ] {
            assert!(!origins.allow(&headers(Some(bad))), "{bad:?}");
        }
    }
}
