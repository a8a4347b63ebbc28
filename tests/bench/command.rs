//! Scaling as a user does it, on Deployments whose pods no scheduler takes: the rows measure the command, not the pods.

use crate::scene::create_deployment;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{cluster::Namespace, gateway::Gateway};

pub const SCALE: &str = "mutation($input: ScaleWorkloadInput!) { scaleWorkload(input: $input) { __typename \
    ... on OperationAccepted { operation { id } position } ... on OperationRefused { code message } } }";

/// Creates `count` Deployments called `name-N` with one replica that stays pending.
pub async fn held(namespace: &Namespace, name: &str, count: usize) -> Result<()> {
    for number in 0..count {
        let pod = json!({
            "schedulerName": "nobody", "terminationGracePeriodSeconds": 0,
            "containers": [{"name": "main", "image": "docker.io/library/busybox:1"}],
        });
        create_deployment(namespace, &format!("{name}-{number}"), 1, &pod).await?;
    }
    Ok(())
}

pub fn id(cluster: &str, namespace: &Namespace, name: &str) -> String {
    format!("Deployment~{cluster}~{}~{name}", namespace.name)
}

/// Waits until the read model knows `count` workloads of the namespace.
pub async fn until_known(gateway: &Gateway, namespace: &Namespace, count: usize) -> Result<()> {
    let variables = json!({"f": {"namespaces": [namespace.name]}});
    let begun = Instant::now();
    loop {
        let query = "query($f: WorkloadFilter) { workloads(filter: $f, first: 1) { totalCount } }";
        let found = gateway.ask(query, variables.clone()).await?;
        let known = found.pointer("/data/workloads/totalCount").and_then(Value::as_u64).unwrap_or_default();
        if known as usize >= count {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(60) {
            bail!("{known} of {count} workloads in the read model: {found}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
