//! Structured log lines on standard error, in the configured format.

use crate::config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging. A second call changes nothing, which tests rely on.
pub fn start(log: &Log) {
    // The settings have already parsed the filter.
    let filter = EnvFilter::try_new(&log.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let started = match log.log_format {
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
        LogFormat::Text => registry.with(lines.with_target(false).with_ansi(false)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("somebody else writes log lines already");
    }
}
