//! What a process costs, by /proc: processor time and memory.

use anyhow::{Context, Result};
use sqlx::PgPool;

/// Linux counts processor time in hundredths of a second on every architecture we run on.
const TICK_MILLIS: f64 = 10.0;

/// Processor time so far, all threads, user and system.
pub fn cpu_millis(id: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let fields: Vec<&str> = text.rsplit_once(')').context("no name")?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    Ok((ticks(11) + ticks(12)) * TICK_MILLIS)
}

/// Processor time so far of the server processes of our database that live. Other databases do not count.
pub async fn backends_cpu_millis(owner: &PgPool) -> Result<f64> {
    let own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ids: Vec<i32> = sqlx::query_scalar(own).fetch_all(owner).await?;
    Ok(ids.into_iter().filter_map(|id| cpu_millis(id.try_into().ok()?).ok()).sum())
}

/// A line of /proc/ID/status in MiB: `VmRSS` or `VmHWM`.
pub fn memory_mib(id: u32, line: &str) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let found = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
    let kibibytes = found.and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok());
    Ok(kibibytes.with_context(|| format!("no {line}"))? / 1024.0)
}

/// The API server of the local cluster.
pub fn api_server() -> Result<u32> {
    let folder = std::env::var("BINNACLE_CLUSTER_DIR").context("BINNACLE_CLUSTER_DIR is not set")?;
    let text = std::fs::read_to_string(format!("{folder}/run/kube-apiserver.pid"))?;
    Ok(text.split_whitespace().next().context("an empty pid file")?.parse()?)
}
