//! Whether the process lives, whether it can serve, and its metrics.

use super::{Web, json};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);
/// A read model that has been behind for longer than this is a failure.
const STALE: TimeDelta = TimeDelta::seconds(30);

pub async fn livez() -> Response {
    json(StatusCode::OK, &json!({"status": "ok"}))
}

/// 200 when questions can be answered and wishes taken in; else 503, and which dependency fails. An alarm
/// needs somebody to look, but questions are answered all the same.
pub async fn readyz(State(web): State<Web>) -> Response {
    let checks = [
        ("process", if web.stopping.is_cancelled() { Err("it is stopping".to_owned()) } else { Ok(()) }),
        ("database", database(&web).await),
        ("log", log(&web)),
        ("readModel", read_model(&web)),
    ];
    let is_ready = checks.iter().all(|(_, outcome)| outcome.is_ok());
    let checks: Map<String, Value> =
        checks.into_iter().map(|(name, outcome)| (name.to_owned(), shown(outcome))).collect();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let status_word = if is_ready { "ready" } else { "not ready" };
    json(status, &json!({"status": status_word, "checks": checks, "alarms": alarms(&web)}))
}

/// What needs somebody to look: the duties in trouble, and `clock` when this machine's is not the database's.
fn alarms(web: &Web) -> Vec<String> {
    let services = web.gate.services();
    let mut alarms = services.projections.alarms();
    alarms.extend(services.dispatcher.is_clock_off().then(|| "clock".to_owned()));
    alarms
}

fn shown(outcome: Result<(), String>) -> Value {
    match outcome {
        Ok(()) => json!({"status": "ok"}),
        Err(message) => json!({"status": "failing", "message": message}),
    }
}

async fn database(web: &Web) -> Result<(), String> {
    let asked = web.gate.services().projections.head();
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err("Postgres does not answer".to_owned()),
    }
}

fn log(web: &Web) -> Result<(), String> {
    if web.gate.services().dispatcher.has_regressed() {
        return Err("the database has lost events that were acknowledged".to_owned());
    }
    Ok(())
}

fn read_model(web: &Web) -> Result<(), String> {
    let as_of = web.gate.services().projections.as_of();
    if Utc::now() - as_of <= STALE {
        return Ok(());
    }
    Err(format!("the read model was last up to date at {}: is a projector running?", as_of.to_rfc3339()))
}

pub async fn metrics(State(web): State<Web>) -> Response {
    let projections = &web.gate.services().projections;
    let head = tokio::time::timeout(PATIENCE, projections.head()).await;
    if let Ok(Ok(head)) = head {
        web.metrics.positions(head, projections.slowest());
    }
    web.metrics.pool(projections.pool());
    web.metrics.alarms(&alarms(&web));
    let text = web.metrics.text();
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"))];
    (content, text).into_response()
}
