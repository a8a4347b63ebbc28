//! `binnacle serve`.

use super::{runtime, say, wrong_setting};
use crate::{App, app::Error, config::Config, telemetry};
use anyhow::Context;
use std::{
    io::{IsTerminal, stdout},
    process::ExitCode,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub fn run(config: Config) -> anyhow::Result<ExitCode> {
    if let Err(message) = config.check() {
        return Ok(wrong_setting(message));
    }
    telemetry::start(&config.log);
    runtime()?.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    if config.clusters.sources().is_empty() {
        tracing::warn!("no cluster is known: set KUBECONFIG, or run inside a cluster");
    }
    let username = config.accounts.admin_username.clone();
    let app = App::build(config).await?;
    if let Some(password) = app.first_password() {
        show(&username, password);
    }
    tracing::info!(address = %app.address(), version = env!("CARGO_PKG_VERSION"), "serving");
    stop_on_signal(app.stopper())?;
    match app.serve().await {
        Err(error @ Error::StopTookTooLong) => tracing::warn!(%error, "stopped"),
        outcome => {
            outcome?;
            tracing::info!("stopped");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the password only on a terminal. Files, journals and container logs would keep it. There, an operator sets a
/// new one with `binnacle reset-password`.
fn show(username: &str, password: &str) {
    if stdout().is_terminal() {
        say(format_args!("First administrator: {username}\nPassword, shown this once: {password}"));
    } else {
        tracing::warn!(
            "the first administrator is there: `binnacle reset-password {username}` prints a password for it"
        );
    }
}

/// The first signal stops gracefully, the second at once.
fn stop_on_signal(stopper: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be received")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be received")?;
    tokio::spawn(async move {
        for round in 0.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if round > 0 {
                std::process::exit(130);
            }
            tracing::info!("stopping");
            stopper.cancel();
        }
    });
    Ok(())
}
