//! What is said of the nodes is what the API server says of them.

use anyhow::{Context, Result, bail, ensure};
use kube::{
    Api,
    api::ListParams,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{cluster, database::Database, gateway::Start, socket::Subscription};

const CAPACITY: &str = "subscription { capacitySampled { clusterId message usageMessage usage { nodes } nodes { count ready \
    notReady unschedulable cpuMillicores memoryBytes pods podsPlaced cpuReservedMillicores } } }";
/// Samples that are looked at: a node may come or go between one and the look at the cluster.
const SAMPLES: usize = 3;

/// The nodes: how many there are, how many are ready, and how many pods they take in sum.
async fn nodes() -> Result<(usize, usize, f64)> {
    let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Node"));
    let api: Api<DynamicObject> = Api::all_with(cluster::client().await?, &kind);
    let found = api.list(&ListParams::default()).await?.items;
    let is_ready = |node: &&DynamicObject| {
        let conditions = node.data.pointer("/status/conditions").and_then(Value::as_array);
        conditions.into_iter().flatten().any(|one| one["type"] == "Ready" && one["status"] == "True")
    };
    // The API server writes 1000 as 1k.
    let pods = |node: &DynamicObject| {
        let text = node.data.pointer("/status/allocatable/pods")?.as_str()?;
        text.replace('k', "000").parse::<f64>().ok()
    };
    Ok((found.len(), found.iter().filter(is_ready).count(), found.iter().filter_map(pods).sum()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capacity_is_what_the_nodes_have() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let token = gateway.token().await?;
    let mut sampled = Subscription::open(&gateway.url, &token, CAPACITY, Value::Null).await?;
    let mut differs = Vec::new();
    for _ in 0..SAMPLES {
        let sample = sampled.next().await?.context("a sample")?;
        let sample = &sample["capacitySampled"];
        let (count, ready, pods) = nodes().await?;
        let found = &sample["nodes"];
        if (&found["count"], &found["ready"], &found["pods"]) != (&json!(count), &json!(ready), &json!(pods)) {
            differs.push(format!("{sample}: there are {count} nodes, {ready} ready, for {pods} pods"));
            continue;
        }
        ensure!(found["cpuMillicores"].as_f64() >= Some(1.0) && found["memoryBytes"].as_f64() >= Some(1.0), "{sample}");
        ensure!(sample["message"].is_null(), "{sample}");
        ensure!(sample["usage"].is_null() != sample["usageMessage"].is_null(), "{sample}");
        drop(gateway);
        database.drop().await;
        return Ok(());
    }
    bail!("no sample is of the nodes that are there: {differs:?}")
}
