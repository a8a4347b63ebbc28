//! Reads the body of a request, up to a limit. Reads an oversized body a little further, so that the client can read
//! the answer.

use super::{Rejected, rejected};
use crate::{
    graphql::engine::error::code,
    heavy,
    http::{operation::Operation, server::body::is_too_slow},
};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use futures::StreamExt;
use std::time::Duration;

/// How much of an oversized body is read and discarded.
const DRAIN: usize = 16 << 20;
const DRAIN_TIME: Duration = Duration::from_millis(500);
/// Bytes of JSON that are parsed on the threads that answer requests.
const SHORT: usize = 16 << 10;

/// The bytes of the body; `None` if they exceed the limit.
pub async fn collect(headers: &HeaderMap, body: Body, limit: usize) -> Result<Option<Vec<u8>>, Rejected> {
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

/// Parses JSON. A long body is parsed on the blocking pool.
pub async fn parse(bytes: Vec<u8>) -> Result<Operation, Rejected> {
    let operation = match bytes.len() {
        ..=SHORT => Operation::from_json(&bytes),
        _ => heavy::run(move || Operation::from_json(&bytes)).await.flatten(),
    };
    let words = "the body is no GraphQL request: an object with query, variables and operationName";
    operation.ok_or(rejected(StatusCode::BAD_REQUEST, code::BAD_INPUT, words))
}
