//! A change in the cluster until the subscriber has it, beside a direct watch: the same change, paired.

use crate::{
    load::millis,
    report::{Goal, Report},
    scene::{Scene, patch},
    stats::quantile,
};
use anyhow::{Context, Result, bail};
use futures::{AsyncBufReadExt, StreamExt};
use http::Request;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::socket::Subscription;
use tokio::{sync::mpsc, task::JoinSet};

const PEERS: &str = "2026-11-22, stream after the direct watch, p50, 20 viewers: Headlamp +0.6 to +1.5 ms, Kite +2.9 ms; nothing is stored on the way";
/// A label that nothing selects by: its change is one of those that are recorded.
const LABEL: &str = "bench";
const LOST: Duration = Duration::from_secs(5);

/// When a viewer saw which change. Viewer 0 is the first direct watch, 1 the second, the others are ours.
struct SeenChange {
    viewer: usize,
    change: String,
    at: Instant,
}

const DIRECT: usize = 2;

pub async fn run(scene: &Scene, report: &mut Report) -> Result<()> {
    report.section("Change in the cluster to the subscriber", PEERS);
    let mut pods = scene.shuffled_pods().await?.into_iter();
    for (viewers, changes) in [(1, 200), (20, 200)] {
        let changes = if scene.quick { changes / 5 } else { changes };
        let mut repetitions = Vec::new();
        for number in 0..scene.repetitions {
            let names: Vec<String> = pods.by_ref().take(changes + 20).collect();
            repetitions.push(repetition(scene, viewers, &format!("v{viewers}-r{number}"), names, changes).await?);
        }
        tell(report, viewers, &repetitions);
    }
    Ok(())
}

/// Times of one repetition in ms.
#[derive(Default)]
struct Times {
    /// Direct watch after the patch was sent.
    direct: Vec<f64>,
    /// A second direct watch after the first: what the pairing itself costs.
    twin: Vec<f64>,
    /// Each viewer of ours after the direct watch.
    after: Vec<f64>,
    /// The last viewer of each change, after the direct watch.
    slowest: Vec<f64>,
    missed: usize,
}

async fn repetition(scene: &Scene, viewers: usize, name: &str, pods: Vec<String>, changes: usize) -> Result<Times> {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let mut watching = JoinSet::new();
    let path = format!("/api/v1/namespaces/{}/pods", scene.crowd.name);
    let version = crate::scene::get(&scene.crowd.client, &format!("{path}?limit=1")).await?;
    let version =
        version.pointer("/metadata/resourceVersion").and_then(Value::as_str).context("no version")?.to_owned();
    for viewer in 0..DIRECT {
        let request = Request::get(format!("{path}?watch=1&resourceVersion={version}")).body(Vec::new())?;
        let stream = scene.crowd.client.request_stream(request).await?;
        watching.spawn(direct(stream, viewer, sender.clone()));
    }
    let token = scene.gateway.token().await?;
    let query = format!(
        "subscription($f: PodFilter) {{ podChanged(filter: $f) {{ position kind podId pod {{ labels {} }} }} }}",
        crate::page::FIELDS
    );
    let variables = json!({"f": {"namespaces": [scene.crowd.name]}});
    for viewer in 0..viewers {
        let subscription = Subscription::open(&scene.gateway.url, &token, &query, variables.clone()).await?;
        watching.spawn(ours(subscription, DIRECT + viewer, sender.clone()));
    }
    let mut pods = pods.into_iter();
    warm_up(scene, &mut pods, name, DIRECT + viewers, &mut seen).await?;
    let mut times = Times::default();
    for (number, pod) in pods.take(changes).enumerate() {
        one_change(scene, &pod, &format!("{name}-{number}"), DIRECT + viewers, &mut seen, &mut times).await?;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    watching.abort_all();
    Ok(times)
}

/// Changes pods until all viewers have seen one: only then does every subscription stand.
async fn warm_up(
    scene: &Scene,
    pods: &mut impl Iterator<Item = String>,
    name: &str,
    viewers: usize,
    seen: &mut mpsc::UnboundedReceiver<SeenChange>,
) -> Result<()> {
    let mut ready = std::collections::HashSet::new();
    for pod in pods.by_ref().take(15) {
        let path = format!("/api/v1/namespaces/{}/pods/{pod}", scene.crowd.name);
        patch(&scene.crowd.client, &path, &json!({"metadata": {"labels": {LABEL: format!("{name}-warm")}}})).await?;
        let end = tokio::time::Instant::now() + Duration::from_secs(1);
        while let Ok(Some(next)) = tokio::time::timeout_at(end, seen.recv()).await {
            ready.insert(next.viewer);
            if ready.len() == viewers {
                return Ok(());
            }
        }
    }
    bail!("{} of {viewers} viewers saw a change within 15 s", ready.len())
}

async fn one_change(
    scene: &Scene,
    pod: &str,
    change: &str,
    viewers: usize,
    seen: &mut mpsc::UnboundedReceiver<SeenChange>,
    times: &mut Times,
) -> Result<()> {
    let path = format!("/api/v1/namespaces/{}/pods/{pod}", scene.crowd.name);
    let sent = Instant::now();
    patch(&scene.crowd.client, &path, &json!({"metadata": {"labels": {LABEL: change}}})).await?;
    let mut found = vec![None; viewers];
    let end = tokio::time::Instant::now() + LOST;
    while found.iter().any(Option::is_none) {
        let Ok(Some(next)) = tokio::time::timeout_at(end, seen.recv()).await else { break };
        if next.change == change {
            found[next.viewer].get_or_insert(next.at);
        }
    }
    times.missed += found.iter().skip(DIRECT).filter(|at| at.is_none()).count();
    let (Some(first), Some(twin)) = (found[0], found[1]) else { bail!("a direct watch missed a change") };
    let after = |at: Instant| if at > first { millis(at - first) } else { -millis(first - at) };
    times.direct.push(millis(first - sent));
    times.twin.push(after(twin));
    let ours: Vec<f64> = found.into_iter().skip(DIRECT).flatten().map(after).collect();
    times.slowest.push(quantile(&ours, 1.0));
    times.after.extend(ours);
    Ok(())
}

async fn direct(stream: impl futures::AsyncBufRead, viewer: usize, sender: mpsc::UnboundedSender<SeenChange>) {
    let mut lines = std::pin::pin!(stream.lines());
    while let Some(Ok(line)) = lines.next().await {
        let at = Instant::now();
        let event: Value = serde_json::from_str(&line).unwrap_or_default();
        let change = event.pointer(&format!("/object/metadata/labels/{LABEL}")).and_then(Value::as_str);
        if let Some(change) = change {
            let _ = sender.send(SeenChange { viewer, change: change.to_owned(), at });
        }
    }
}

async fn ours(mut subscription: Subscription, viewer: usize, sender: mpsc::UnboundedSender<SeenChange>) {
    while let Ok(Some(data)) = subscription.next().await {
        let at = Instant::now();
        if let Some(change) = data.pointer(&format!("/podChanged/pod/labels/{LABEL}")).and_then(Value::as_str) {
            let _ = sender.send(SeenChange { viewer, change: change.to_owned(), at });
        }
    }
}

fn tell(report: &mut Report, viewers: usize, repetitions: &[Times]) {
    let each = |figure: &dyn Fn(&Times) -> f64| repetitions.iter().map(figure).collect::<Vec<f64>>();
    let s = if viewers == 1 { "" } else { "s" };
    report.control(
        &format!("{viewers} viewer{s}: direct watch after the patch, p50"),
        "ms",
        each(&|times| quantile(&times.direct, 0.5)),
    );
    report.control(
        &format!("{viewers} viewer{s}: a second direct watch after the first, p50"),
        "ms",
        each(&|times| quantile(&times.twin, 0.5)),
    );
    report.control(
        &format!("{viewers} viewer{s}: a second direct watch after the first, p99"),
        "ms",
        each(&|times| quantile(&times.twin, 0.99)),
    );
    report.ours(
        &format!("{viewers} viewer{s}: after the direct watch, p50"),
        "ms",
        Goal::AtMost(8.0),
        each(&|times| quantile(&times.after, 0.5)),
    );
    report.ours(
        &format!("{viewers} viewer{s}: after the direct watch, p99"),
        "ms",
        Goal::AtMost(30.0),
        each(&|times| quantile(&times.after, 0.99)),
    );
    if viewers > 1 {
        report.ours(
            &format!("{viewers} viewers: slowest one, p50"),
            "ms",
            Goal::None,
            each(&|times| quantile(&times.slowest, 0.5)),
        );
    }
    report.ours(
        &format!("{viewers} viewer{s}: changes missed within 5 s"),
        "",
        Goal::AtMost(0.0),
        each(&|times| times.missed as f64),
    );
}
