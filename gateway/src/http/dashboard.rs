//! The dashboard: static files embedded in the binary, compressed at build time. Pages have no extension in the URL. A
//! page with a pattern such as `/workloads/:id` is one file for all ids.

mod routes;

use super::headers::content_security_policy;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use routes::Routes;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{collections::HashMap, sync::LazyLock};

#[derive(RustEmbed)]
#[folder = "../frontend/out"]
#[allow_missing = true]
struct Files;

const NOT_BUILT: &str = "Binnacle runs, but this binary was built without the dashboard.\n\
    Build the dashboard first (npm ci && npm run build in frontend/), then the binary. The API is at /graphql.\n";
/// One year: the name of such a file contains the hash of its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Data of the build, loaded once.
struct Build {
    routes: Routes,
    policies: HashMap<String, HeaderValue>,
    /// The policy of a page without inline scripts.
    plain: HeaderValue,
}

static BUILD: LazyLock<Build> = LazyLock::new(|| {
    let hashes: HashMap<String, Vec<String>> = read_json("inline-script-hashes.json").unwrap_or_default();
    let policy = |hashes: &[String]| HeaderValue::from_str(&content_security_policy(hashes));
    Build {
        routes: Routes::new(read_json("routes.json").unwrap_or_default()),
        policies: hashes.iter().filter_map(|(file, hashes)| Some((file.clone(), policy(hashes).ok()?))).collect(),
        plain: policy(&[]).unwrap_or(HeaderValue::from_static("default-src 'none'")),
    }
});

fn read_json<T: serde::de::DeserializeOwned>(file: &str) -> Option<T> {
    let found = Files::get(file)?;
    match serde_json::from_slice(&found.data) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(file, error = %error, "dashboard.broken");
            None
        }
    }
}

pub async fn handle(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    match find(uri.path()) {
        Some(path) => serve(StatusCode::OK, &path, &headers),
        None if Files::get("index.html").is_none() => {
            plain(if uri.path() == "/" { StatusCode::OK } else { StatusCode::NOT_FOUND })
        }
        None => serve(StatusCode::NOT_FOUND, "404.html", &headers),
    }
}

fn plain(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], NOT_BUILT).into_response()
}

/// The file for a path.
fn find(path: &str) -> Option<String> {
    let path = routes::decode(path)?;
    let exact = path.trim_matches('/');
    let is_there = |file: &str| !file.ends_with(".br") && Files::get(file).is_some();
    if exact.is_empty() {
        return Some("index.html".to_owned()).filter(|file| is_there(file));
    }
    let of_pattern = BUILD.routes.file(exact);
    let page = |name: &str| format!("{name}.html");
    let candidates =
        [Some(exact.to_owned()), Some(page(exact)), of_pattern.clone(), of_pattern.map(|name| page(&name))];
    candidates.into_iter().flatten().find(|file| is_there(file))
}

fn serve(status: StatusCode, path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Files::get(path) else { return plain(status) };
    let compressed = if accepts_brotli(headers) { Files::get(&format!("{path}.br")) } else { None };
    let etag = etag(&file, compressed.is_some());
    let mut response =
        if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == etag) && status == StatusCode::OK {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            (status, Body::from(compressed.as_ref().unwrap_or(&file).data.clone().into_owned())).into_response()
        };
    let answer = response.headers_mut();
    let mut set = |name: HeaderName, value: HeaderValue| answer.insert(name, value);
    if compressed.is_some() {
        set(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let is_page = path.ends_with(".html");
    if is_page {
        set(header::CONTENT_SECURITY_POLICY, BUILD.policies.get(path).unwrap_or(&BUILD.plain).clone());
    }
    set(header::VARY, HeaderValue::from_static("accept-encoding"));
    set(header::CONTENT_TYPE, content_type(path, &file));
    set(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if path.starts_with("_next/static/") { FOR_EVER } else { "no-cache" }),
    );
    set(header::ETAG, etag);
    response
}

fn content_type(path: &str, file: &EmbeddedFile) -> HeaderValue {
    let guessed = file.metadata.mimetype();
    let is_text = guessed.starts_with("text/") || path.ends_with(".js") || path.ends_with(".svg");
    let full = if is_text { format!("{guessed}; charset=utf-8") } else { guessed.to_owned() };
    HeaderValue::from_str(&full).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn etag(file: &EmbeddedFile, is_compressed: bool) -> HeaderValue {
    let hash = hex::encode(&file.metadata.sha256_hash()[..12]);
    let form = if is_compressed { "-br" } else { "" };
    HeaderValue::from_str(&format!("\"{hash}{form}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, "q=1"));
        name.trim().eq_ignore_ascii_case("br") && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_who_takes_it() {
        let accepts = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            accepts_brotli(&headers)
        };
        assert!(accepts("gzip, deflate, br, zstd") && accepts("br;q=0.5"));
        assert!(!accepts("gzip") && !accepts("br;q=0, gzip") && !accepts(""));
    }
}
