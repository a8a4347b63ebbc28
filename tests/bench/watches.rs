//! How many watches the API server serves, by its own count.

use anyhow::Result;
use http::Request;
use std::collections::BTreeMap;

/// The kinds that Binnacle watches.
const KINDS: [&str; 8] =
    ["namespaces", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs", "pods"];

/// Watches over all namespaces, by kind.
pub async fn count(client: &kube::Client) -> Result<BTreeMap<String, i64>> {
    let text = client.request_text(Request::get("/metrics").body(Vec::new())?).await?;
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("apiserver_longrunning_requests{")) {
        let is_watch = line.contains("verb=\"WATCH\"") && line.contains("scope=\"cluster\"");
        let kind = KINDS.iter().find(|kind| line.contains(&format!("resource=\"{kind}\"")));
        let value = line.rsplit(' ').next().and_then(|value| value.parse::<i64>().ok());
        if let (true, Some(kind), Some(value)) = (is_watch, kind, value) {
            *found.entry((*kind).to_owned()).or_default() += value;
        }
    }
    Ok(found)
}

/// What came on top, most first.
pub fn added(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
    after.iter().map(|(kind, count)| (kind.clone(), count - before.get(kind).copied().unwrap_or_default())).collect()
}
