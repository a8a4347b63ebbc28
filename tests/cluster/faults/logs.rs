//! Logs as containers print them: what the console gets is what was printed, whole and in order.
//!
//! What of it is shown, and how, is in frontend/src/features/pods/logs.

use super::{console::Console, place::until};
use anyhow::{Context, Result, anyhow, ensure};
use commands::kubernetes::manifest;
use serde_json::json;
use tests::write_side::{CLUSTER, cluster_id};

pub const INPUTS: [&str; 3] = ["42-log-ansi.yaml", "43-log-long-line.yaml", "52-restarting.yaml"];

/// The first lines of the log of an input that was created by the console.
pub async fn read(console: &Console, file: &str, many: usize) -> Result<Vec<(String, bool)>> {
    let text = console.place.input(file)?;
    let id = manifest::read(&text, &cluster_id()).map_err(|refusal| anyhow!("{refusal}"))?.object.id();
    console.succeeds("createWorkload", json!({"cluster": CLUSTER, "manifest": text})).await?;
    until("it is a row", || async { Ok((!console.workload(&id, None).await?.is_null()).then_some(())) }).await?;
    console.log(&id, many).await
}

/// Colours, carriage returns, bytes that are no text and control sequences come as they were printed.
async fn control_sequences(console: &Console) -> Result<()> {
    let wanted = [
        "\u{1b}[31mred\u{1b}[0m and \u{1b}[1;32mbold green\u{1b}[0m",
        "  10%\r  50%\r 100% done",
        "",
        "bad bytes: \u{fffd}\u{fffd} and a NUL: \0 end",
        "\u{1b}[2J\u{1b}]0;title\u{7}cleared the screen",
        "last part without newline\u{1b}[31mred\u{1b}[0m and \u{1b}[1;32mbold green\u{1b}[0m",
    ];
    let found = read(console, "42-log-ansi.yaml", wanted.len()).await?;
    ensure!(found.iter().map(|(line, _)| line.as_str()).eq(wanted), "{found:?}");
    Ok(())
}

/// A longer line than is shown is cut between two characters and says so; one that is just as long as the limit is whole.
async fn long_lines(console: &Console) -> Result<()> {
    let found = read(console, "43-log-long-line.yaml", 3).await?;
    let [(cut, _), (whole, _), (after, _)] = found.as_slice() else { anyhow::bail!("{} lines", found.len()) };
    let characters = "漢字".repeat((65_536 - 1) / 6 + 1);
    let rest = cut.strip_suffix(" … (cut)").and_then(|cut| cut.strip_prefix('a')).context("it is not marked as cut")?;
    ensure!(rest.len() > 65_530 && characters.starts_with(rest), "it has {} bytes", cut.len());
    ensure!(*whole == "x".repeat(65_505), "the second has {} bytes", whole.len());
    ensure!(after == "after the long lines", "{after}");
    Ok(())
}

/// Following goes on over a restart, with a mark at the first line after it.
async fn restarts(console: &Console) -> Result<()> {
    let found = read(console, "52-restarting.yaml", 20).await?;
    let line = |nth: usize| (format!("line {}", nth % 10 + 1), nth == 10);
    ensure!(found == (0..20).map(line).collect::<Vec<_>>(), "{found:?}");
    Ok(())
}

pub async fn hold(console: &Console) -> Result<()> {
    let held = futures::join!(control_sequences(console), long_lines(console), restarts(console));
    held.0.context(INPUTS[0])?;
    held.1.context(INPUTS[1])?;
    held.2.context(INPUTS[2])
}
