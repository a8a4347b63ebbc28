//! Headers of every response: restrictions for browsers, and when to retry.

use super::observe::Observed;
use axum::{
    Extension,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// The policy for everything except pages.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Seconds after which a client may retry a 503.
const RETRY_AFTER: &str = "1";

/// The retry advice for a status.
pub async fn remedy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let (name, value) = match response.status() {
        StatusCode::SERVICE_UNAVAILABLE => (header::RETRY_AFTER, RETRY_AFTER),
        StatusCode::UNAUTHORIZED => (header::WWW_AUTHENTICATE, "Bearer"),
        _ => return response,
    };
    response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    response
}

pub async fn secure(Extension(observed): Extension<Observed>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if observed.is_secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// The policy of a page whose inline scripts have these hashes.
pub fn content_security_policy(script_hashes: &[String]) -> String {
    let hashes: String = script_hashes.iter().map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_only_the_inline_scripts_it_was_built_with() {
        let policy = content_security_policy(&["sha256-AAAA=".to_owned(), "sha256-BBBB=".to_owned()]);
        assert!(policy.contains("script-src 'self' 'sha256-AAAA=' 'sha256-BBBB=';"), "{policy}");
        assert!(policy.contains("connect-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        let scripts = policy.split("script-src").nth(1).and_then(|rest| rest.split(';').next()).expect("script-src");
        assert!(!scripts.contains("unsafe") && !scripts.contains('*'), "{scripts}");
    }
}
