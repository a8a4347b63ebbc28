//! On what machine, with which versions, when.

use crate::report::load_average;
use anyhow::Result;
use serde_json::{Value, json};
use sqlx::PgPool;

fn line(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let found = text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(':'));
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

pub async fn look(owner: &PgPool, client: &kube::Client, repetitions: usize, seed: u64) -> Result<Value> {
    let postgres: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'shared_buffers')",
    )
    .fetch_all(owner)
    .await?;
    let postgres: serde_json::Map<String, Value> =
        postgres.into_iter().map(|(name, value)| (name, value.into())).collect();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    Ok(json!({
        "date": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "revision": std::env::var("BENCH_REVISION").unwrap_or_default(),
        "processor": line("/proc/cpuinfo", "model name"),
        "cores": cores,
        "purgeDelay": std::env::var("MIMALLOC_PURGE_DELAY").unwrap_or_default(),
        "memory": line("/proc/meminfo", "MemTotal"),
        "kernel": std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
        "postgres": postgres,
        "kubernetes": client.apiserver_version().await?.git_version,
        "cluster": "local: one real node, etcd without fsync; fake nodes by kwok",
        "control": "the administrator's certificate, HTTP/1.1, TLS",
        "repetitions": repetitions,
        "seed": seed,
        "loadAverage": load_average(),
    }))
}

pub fn words(conditions: &Value) -> String {
    let empty = serde_json::Map::new();
    let fields = conditions.as_object().unwrap_or(&empty).iter();
    fields.map(|(name, value)| format!("- {name}: {}\n", value.to_string().trim_matches('"'))).collect()
}
