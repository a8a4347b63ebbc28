//! The dashboard: static files embedded in the binary, compressed at build time. Pages have no extension in the URL. A
//! page with a pattern such as `/workloads/:id` is one file for all ids.

mod routes;

use super::headers::content_security_policy;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
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
    let compressed = if prefers_brotli(headers) { Files::get(&format!("{path}.br")) } else { None };
    let etag = etag(&file);
    let is_known = etag.as_ref().is_some_and(|etag| knows(headers, etag)) && status == StatusCode::OK;
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (status, Body::from(compressed.as_ref().unwrap_or(&file).data.clone().into_owned())).into_response()
    };
    let answer = response.headers_mut();
    if let Some(etag) = etag {
        answer.typed_insert(etag);
    }
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
    response
}

fn content_type(path: &str, file: &EmbeddedFile) -> HeaderValue {
    let guessed = file.metadata.mimetype();
    let is_text = guessed.starts_with("text/") || path.ends_with(".js") || path.ends_with(".svg");
    let full = if is_text { format!("{guessed}; charset=utf-8") } else { guessed.to_owned() };
    HeaderValue::from_str(&full).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Weak, because it is the same for every content coding.
fn etag(file: &EmbeddedFile) -> Option<ETag> {
    format!("W/\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12])).parse().ok()
}

fn knows(headers: &HeaderMap, etag: &ETag) -> bool {
    headers.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag))
}

/// Whether the client prefers brotli to the other coding, or accepts both equally.
fn prefers_brotli(headers: &HeaderMap) -> bool {
    let brotli = weight(headers, "br");
    brotli > 0.0 && brotli >= weight(headers, "gzip")
}

/// The weight that `Accept-Encoding` gives to a coding; 0 excludes it.
fn weight(headers: &HeaderMap, coding: &str) -> f32 {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let weights = values.flat_map(|value| value.split(',')).map(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().to_ascii_lowercase().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        (name.trim().to_ascii_lowercase(), weight.filter(|weight| (0.0..=1.0).contains(weight)))
    });
    let weights: HashMap<String, Option<f32>> = weights.collect();
    weights.get(coding).or_else(|| weights.get("*")).copied().flatten().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn brotli_is_sent_only_if_the_client_prefers_it() {
        let prefers = |value| prefers_brotli(&headers(header::ACCEPT_ENCODING, &[value]));
        for right in ["gzip, deflate, br, zstd", "br;q=0.5", "BR", "*", "gzip;q=0.5, *;q=0.9", "gzip;q=0, br; q=0.001"]
        {
            assert!(prefers(right), "{right}");
        }
        for wrong in
            ["gzip", "br;q=0, gzip", "br;q=0.000", "", "br;q=0, *", "br;q=0.5, gzip", "br;q=x", "br;q=2", "*;q=0"]
        {
            assert!(!prefers(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_known_tag_is_found_in_a_list_weak_or_strong_and_in_a_star() {
        let etag: ETag = "W/\"one\"".parse().expect("a tag");
        let knows = |values: &[&'static str]| knows(&headers(header::IF_NONE_MATCH, values), &etag);
        for known in [&["W/\"one\""] as &[_], &["\"one\""], &["\"two\", W/\"one\""], &["\"two\"", "\"one\""], &["*"]] {
            assert!(knows(known), "{known:?}");
        }
        for unknown in [&[] as &[_], &["W/\"two\""], &["one"], &["\"one"], &[""]] {
            assert!(!knows(unknown), "{unknown:?}");
        }
    }
}
