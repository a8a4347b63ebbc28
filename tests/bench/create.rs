//! From the command that creates a workload until it is ready, against kubectl and against the API server itself, in turn.

use crate::{
    load::millis,
    report::{Goal, Report},
    scene::{Scene, get},
    stats::median,
};
use anyhow::{Context, Result, bail, ensure};
use futures::{AsyncBufReadExt, StreamExt};
use http::Request;
use serde_json::{Value, json};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use tests::{cluster::manifest, socket::Subscription};
use tokio::io::AsyncWriteExt;

const PEERS: &str = "not measured";
const PATIENCE: Duration = Duration::from_secs(60);
const CREATE: &str = "mutation($input: CreateWorkloadInput!) { createWorkload(input: $input) { __typename \
    ... on OperationAccepted { operation { id } } ... on OperationRefused { code message } } }";

pub async fn run(scene: &Scene, report: &mut Report) -> Result<()> {
    report.section("Create until ready (one pod, on the real node)", PEERS);
    let count = if scene.quick { 2 } else { 6 };
    let (mut ours, mut kubectl, mut direct, mut more, mut more_direct) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for repetition in 0..scene.repetitions {
        let (mut one, mut two, mut three) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..count {
            let name = |who: &str| format!("{who}-{repetition}-{number}");
            one.push(by_us(scene, &name("ours")).await?);
            two.push(by_kubectl(scene, &name("kubectl")).await?);
            three.push(by_api(scene, &name("direct")).await?);
        }
        more.push(median(&one) - median(&two));
        more_direct.push(median(&one) - median(&three));
        ours.push(median(&one));
        kubectl.push(median(&two));
        direct.push(median(&three));
    }
    report.note(format!("{count} of each in a repetition, in turn; the one before is gone before the next begins"));
    report.ours("createWorkload until operationChanged says SUCCEEDED, p50", "ms", Goal::None, ours);
    report.control("kubectl apply and kubectl wait, p50", "ms", kubectl);
    report.control("POST and watch at the API server until Available, p50", "ms", direct);
    report.ours("more than kubectl, p50", "ms", Goal::AtMost(150.0), more);
    report.ours("more than POST and watch, p50", "ms", Goal::None, more_direct);
    Ok(())
}

async fn by_us(scene: &Scene, name: &str) -> Result<f64> {
    let token = scene.gateway.token().await?;
    let query = "subscription { operationChanged { operation { id state error { message } } } }";
    let mut changes = Subscription::open(&scene.gateway.url, &token, query, json!({})).await?;
    // The subscription stands when an answer to a later request has come.
    scene.gateway.data("{ server { position } }", json!({})).await?;
    let text = manifest(&scene.place.name, name, 1);
    let sent = Instant::now();
    let answer = scene.gateway.data(CREATE, json!({"input": {"cluster": scene.cluster, "manifest": text}})).await?;
    let id =
        answer.pointer("/createWorkload/operation/id").and_then(Value::as_str).with_context(|| answer.to_string())?;
    let taken = loop {
        let Some(change) = tokio::time::timeout(PATIENCE, changes.next()).await?? else { bail!("the stream ended") };
        let operation = &change["operationChanged"]["operation"];
        if operation["id"] == json!(id) {
            match operation["state"].as_str() {
                Some("SUCCEEDED") => break millis(sent.elapsed()),
                Some("FAILED" | "CANCELLED") => bail!("{operation}"),
                _ => {}
            }
        }
    };
    remove(scene, name).await?;
    Ok(taken)
}

async fn by_kubectl(scene: &Scene, name: &str) -> Result<f64> {
    let text = manifest(&scene.place.name, name, 1);
    let sent = Instant::now();
    kubectl(&["apply", "-f", "-"], Some(&text)).await?;
    let deployment = format!("deployment/{name}");
    kubectl(&["wait", "-n", &scene.place.name, &deployment, "--for=condition=Available", "--timeout=60s"], None)
        .await?;
    let taken = millis(sent.elapsed());
    remove(scene, name).await?;
    Ok(taken)
}

async fn kubectl(arguments: &[&str], input: Option<&str>) -> Result<()> {
    let program = std::env::var("BENCH_KUBECTL").unwrap_or_else(|_| "kubectl".to_owned());
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    if let (Some(mut pipe), Some(text)) = (process.stdin.take(), input) {
        pipe.write_all(text.as_bytes()).await?;
    }
    ensure!(process.wait().await?.success(), "kubectl {arguments:?} failed");
    Ok(())
}

async fn by_api(scene: &Scene, name: &str) -> Result<f64> {
    let client = &scene.place.client;
    let path = format!("/apis/apps/v1/namespaces/{}/deployments", scene.place.name);
    let text = manifest(&scene.place.name, name, 1);
    let sent = Instant::now();
    let request = Request::post(&path).header("Content-Type", "application/json").body(text.into_bytes())?;
    let created: Value = serde_json::from_str(&client.request_text(request).await?)?;
    let version = created.pointer("/metadata/resourceVersion").and_then(Value::as_str).context("no version")?;
    let watch = format!("{path}?watch=1&fieldSelector=metadata.name%3D{name}&resourceVersion={version}");
    let mut lines = std::pin::pin!(client.request_stream(Request::get(watch).body(Vec::new())?).await?.lines());
    let taken = loop {
        let Some(line) = tokio::time::timeout(PATIENCE, lines.next()).await? else { bail!("the watch ended") };
        let event: Value = serde_json::from_str(&line?)?;
        let conditions =
            event.pointer("/object/status/conditions").and_then(Value::as_array).cloned().unwrap_or_default();
        if conditions.iter().any(|found| found["type"] == "Available" && found["status"] == "True") {
            break millis(sent.elapsed());
        }
    };
    remove(scene, name).await?;
    Ok(taken)
}

/// Removes it at the API server and waits until its pods are gone, so that the next one finds the same cluster.
async fn remove(scene: &Scene, name: &str) -> Result<()> {
    scene.place.deployments().delete(name, &kube::api::DeleteParams::background()).await?;
    let path = format!("/api/v1/namespaces/{}/pods?labelSelector=app%3D{name}", scene.place.name);
    let begun = Instant::now();
    while get(&scene.place.client, &path).await?["items"].as_array().is_some_and(|pods| !pods.is_empty()) {
        ensure!(begun.elapsed() < PATIENCE, "the pods of {name} do not go");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
