//! Peers of other languages: a script in `peers` does the work and prints its figures as one line of JSON.

use crate::peers::{Fresh, libpq};
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use std::process::Stdio;
use tokio::process::Command;

/// What runs a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The generation that the peers ask for; it is one of their packages.
    Node,
    Python,
}

/// Runs a script on the database `fresh` and answers what it printed. Its words on the way are shown only if it fails.
pub async fn run<T: DeserializeOwned>(
    language: Language,
    script: &str,
    fresh: &Fresh,
    arguments: &[String],
) -> Result<T> {
    let folder = env!("CARGO_MANIFEST_DIR");
    let program = match language {
        Language::Node => format!("{folder}/node_modules/.bin/node"),
        Language::Python => std::env::var("ENGINE_BENCH_PYTHON").context("its packages are not installed")?,
    };
    let output = Command::new(program)
        .arg(format!("{folder}/peers/{script}"))
        .args(arguments)
        .envs(libpq(&fresh.options, &fresh.name))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", words.lines().rev().take(5).collect::<Vec<_>>().join(" | "));
    let printed = String::from_utf8_lossy(&output.stdout);
    let line = printed.lines().last().context("it printed nothing")?;
    serde_json::from_str(line).with_context(|| format!("it printed {line}"))
}
