//! Metrics for Prometheus. Labels are few and chosen here: nothing that a client sends becomes a label.

use crate::http::server::Counters;
use axum::http::StatusCode;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder, core::Collector,
};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};

const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

struct Inner {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    errors: IntCounterVec,
    appends: IntCounter,
    log_position: IntGauge,
    projected_position: IntGauge,
    projection_lag: IntGauge,
    clients: Counters,
    sockets: IntGauge,
    subscriptions: IntGauge,
    connections: IntGaugeVec,
    alarms: IntGaugeVec,
    memory: IntGauge,
}

/// All metrics of this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

impl Metrics {
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let build = Opts::new("binnacle_build_info", "Always 1; the version is a label.")
            .const_label("version", env!("CARGO_PKG_VERSION"));
        register(&registry, IntGauge::with_opts(build)?)?.set(1);
        let durations = HistogramOpts::new("binnacle_http_request_duration_seconds", "Time to answer a request.");
        Ok(Self(Arc::new(Inner {
            requests: register(
                &registry,
                counters("binnacle_http_requests_total", "Requests answered.", &["route", "status"])?,
            )?,
            durations: register(&registry, HistogramVec::new(durations.buckets(SECONDS.to_vec()), &["route"])?)?,
            errors: register(
                &registry,
                counters("binnacle_graphql_errors_total", "GraphQL errors by code.", &["code"])?,
            )?,
            appends: register(
                &registry,
                IntCounter::new("binnacle_log_appends_total", "Commits to the event log by this process.")?,
            )?,
            log_position: register(&registry, gauge("binnacle_log_position", "Last event of the log.")?)?,
            projected_position: register(
                &registry,
                gauge("binnacle_projected_position", "Last event that every list of the read model has taken in.")?,
            )?,
            projection_lag: register(
                &registry,
                gauge(
                    "binnacle_projection_lag_events",
                    "Events that some list of the read model has not taken in yet.",
                )?,
            )?,
            clients: Counters {
                open: register(&registry, gauge("binnacle_client_connections", "Open connections of clients.")?)?,
                closed: register(
                    &registry,
                    counters(
                        "binnacle_client_connections_closed_total",
                        "Connections of clients that were closed for them, by reason.",
                        &["reason"],
                    )?,
                )?,
            },
            sockets: register(&registry, gauge("binnacle_sockets", "Open WebSockets.")?)?,
            subscriptions: register(&registry, gauge("binnacle_subscriptions", "Running subscriptions.")?)?,
            connections: register(
                &registry,
                IntGaugeVec::new(Opts::new("binnacle_database_connections", "Connections to Postgres."), &["state"])?,
            )?,
            alarms: register(
                &registry,
                IntGaugeVec::new(
                    Opts::new(
                        "binnacle_alarm",
                        "1 while a duty of this process meets with trouble: its log says which.",
                    ),
                    &["duty"],
                )?,
            )?,
            memory: register(&registry, gauge("process_resident_memory_bytes", "Resident memory.")?)?,
            registry,
        })))
    }

    pub fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        self.0.requests.with_label_values(&[route, status.as_str()]).inc();
        self.0.durations.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    pub fn error(&self, code: &str) {
        self.0.errors.with_label_values(&[code]).inc();
    }

    pub fn appended(&self, position: i64) {
        self.0.appends.inc();
        self.0.log_position.set(position);
    }

    pub fn positions(&self, head: i64, projected: i64) {
        self.0.log_position.set(head);
        self.0.projected_position.set(projected);
        self.0.projection_lag.set((head - projected).max(0));
    }

    pub fn pool(&self, pool: &PgPool) {
        let idle = i64::try_from(pool.num_idle()).unwrap_or_default();
        self.0.connections.with_label_values(&["idle"]).set(idle);
        self.0.connections.with_label_values(&["busy"]).set((i64::from(pool.size()) - idle).max(0));
    }

    /// Sets the active alarms and clears all others.
    pub fn alarms(&self, duties: &[String]) {
        self.0.alarms.reset();
        for duty in duties {
            self.0.alarms.with_label_values(&[duty]).set(1);
        }
    }

    /// The connection counters of the servers.
    pub fn connections(&self) -> Counters {
        self.0.clients.clone()
    }

    pub fn sockets(&self) -> &IntGauge {
        &self.0.sockets
    }

    pub fn subscriptions(&self) -> &IntGauge {
        &self.0.subscriptions
    }

    /// All metrics as text.
    pub fn text(&self) -> String {
        self.0.memory.set(resident_memory().unwrap_or_default());
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.0.registry.gather(), &mut text) {
            tracing::error!(error = %error, "metrics.failed");
        }
        String::from_utf8(text).unwrap_or_default()
    }
}

fn register<C: Collector + Clone + 'static>(registry: &Registry, metric: C) -> Result<C, prometheus::Error> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn gauge(name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
    IntGauge::new(name, help)
}

fn counters(name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec, prometheus::Error> {
    IntCounterVec::new(Opts::new(name, help), labels)
}

/// Resident memory on Linux; None elsewhere.
fn resident_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<i64>().ok().map(|kib| kib * 1024)
}
