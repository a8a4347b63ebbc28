//! What is said of the nodes is what the API server says of them.

use crate::mutations::{created, until_seen};
use anyhow::{Context, Result, bail, ensure};
use kube::{
    Api,
    api::ListParams,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use tests::{
    cluster::{self, Namespace},
    database::Database,
    gateway::Start,
    socket::Subscription,
};

const CAPACITY: &str = "subscription { capacitySampled { clusterId message usageMessage usage { nodes } nodes { count ready \
    notReady unschedulable cpuMillicores memoryBytes pods podsPlaced cpuRequestedMillicores } } }";
/// How long samples are looked at: nodes and pods may come or go between one and the look at the cluster. One comes every 15 s.
const SAMPLED: Duration = Duration::from_secs(240);

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

/// The pods that have a node and have not ended, by uid.
async fn placed() -> Result<BTreeSet<String>> {
    let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Pod"));
    let api: Api<DynamicObject> = Api::all_with(cluster::client().await?, &kind);
    let is_placed = |pod: &DynamicObject| {
        let phase = pod.data.pointer("/status/phase").and_then(Value::as_str).unwrap_or_default();
        pod.data.pointer("/spec/nodeName").is_some() && !["Succeeded", "Failed"].contains(&phase)
    };
    let found = api.list(&ListParams::default()).await?.items.into_iter();
    Ok(found.filter(is_placed).filter_map(|pod| pod.metadata.uid).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capacity_is_what_the_nodes_have() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("capacity").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    // There is one pod at least.
    created(&gateway, &namespace, "web").await?;
    let token = gateway.token().await?;
    let mut sampled = Subscription::open(&gateway.url, &token, CAPACITY, Value::Null).await?;
    let (mut differs, mut before, end) = (Vec::new(), placed().await?, Instant::now() + SAMPLED);
    while Instant::now() < end {
        let sample = sampled.next().await?.context("a sample")?;
        let sample = &sample["capacitySampled"];
        let (count, ready, pods) = nodes().await?;
        let after = placed().await?;
        // Others come and go meanwhile.
        let (least, most) = (before.intersection(&after).count(), before.union(&after).count());
        before = after;
        let found = &sample["nodes"];
        let is_of_nodes =
            (&found["count"], &found["ready"], &found["pods"]) == (&json!(count), &json!(ready), &json!(pods));
        let found_placed = found["podsPlaced"].as_u64().and_then(|number| usize::try_from(number).ok());
        if !is_of_nodes || least == 0 || !found_placed.is_some_and(|number| (least..=most).contains(&number)) {
            let there = format!("{count} nodes, {ready} ready, for {pods} pods, with {least} to {most} of them");
            differs.push(format!("{sample}: there are {there}"));
            continue;
        }
        ensure!(found["cpuMillicores"].as_f64() >= Some(1.0) && found["memoryBytes"].as_f64() >= Some(1.0), "{sample}");
        ensure!(sample["message"].is_null(), "{sample}");
        ensure!(sample["usage"].is_null() != sample["usageMessage"].is_null(), "{sample}");
        drop(gateway);
        namespace.drop().await;
        database.drop().await;
        return Ok(());
    }
    bail!("no sample is of the nodes that are there: {differs:?}")
}
