//! Liveness, readiness and metrics.

use super::{Web, json};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(2);
/// Postgres answers in milliseconds. If a connection and one query take longer than this, commands, which need several,
/// will soon be refused.
const SLOW: Duration = Duration::from_millis(500);
/// A read model that lags for longer than this is a failure.
const STALE: TimeDelta = TimeDelta::seconds(30);

pub async fn livez() -> Response {
    json(StatusCode::OK, &json!({"status": "ok"}))
}

/// 200 if queries can be answered and commands accepted. Otherwise 503, with the failing dependency. An alarm needs an
/// operator but does not make the process unready.
pub async fn readyz(State(web): State<Web>) -> Response {
    let database = Database::ask(&web).await;
    let checks = [
        ("process", if web.stopping.is_cancelled() { Err("it is stopping".to_owned()) } else { Ok(()) }),
        ("database", database.check()),
        ("log", log(&web)),
        ("readModel", read_model(&web)),
    ];
    let is_ready = checks.iter().all(|(_, outcome)| outcome.is_ok());
    let checks: Map<String, Value> =
        checks.into_iter().map(|(name, outcome)| (name.to_owned(), shown(outcome))).collect();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let status_word = if is_ready { "ready" } else { "not ready" };
    json(status, &json!({"status": status_word, "checks": checks, "alarms": alarms(&web, &database)}))
}

/// The active alarms: failing duties, `clock` if the clock of this machine is off, and `database` if it is slow.
fn alarms(web: &Web, database: &Database) -> Vec<String> {
    let services = web.graphql.services();
    let mut alarms = services.projections.alarms();
    alarms.extend(services.dispatcher.is_clock_off().then(|| "clock".to_owned()));
    alarms.extend((database.took > SLOW).then(|| "database".to_owned()));
    alarms
}

fn shown(outcome: Result<(), String>) -> Value {
    match outcome {
        Ok(()) => json!({"status": "ok"}),
        Err(message) => json!({"status": "failing", "message": message}),
    }
}

/// The state of Postgres.
struct Database {
    /// The end of the log, if read in time.
    head: Option<i64>,
    took: Duration,
}

impl Database {
    async fn ask(web: &Web) -> Self {
        let begun = Instant::now();
        let head = tokio::time::timeout(PATIENCE, web.graphql.services().projections.head()).await;
        Self { head: head.ok().and_then(Result::ok), took: begun.elapsed() }
    }

    fn check(&self) -> Result<(), String> {
        self.head.map(drop).ok_or_else(|| "Postgres does not answer".to_owned())
    }
}

fn log(web: &Web) -> Result<(), String> {
    if web.graphql.services().dispatcher.has_regressed() {
        return Err("the database has lost events that were acknowledged".to_owned());
    }
    Ok(())
}

fn read_model(web: &Web) -> Result<(), String> {
    let as_of = web.graphql.services().projections.as_of();
    if Utc::now() - as_of <= STALE {
        return Ok(());
    }
    Err(format!("the read model was last up to date at {}: is a projector running?", as_of.to_rfc3339()))
}

pub async fn metrics(State(web): State<Web>) -> Response {
    let projections = &web.graphql.services().projections;
    let database = Database::ask(&web).await;
    if let Some(head) = database.head {
        web.metrics.positions(head, projections.slowest());
    }
    web.metrics.pool(projections.pool());
    web.metrics.alarms(&alarms(&web, &database));
    let text = web.metrics.text();
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"))];
    (content, text).into_response()
}
