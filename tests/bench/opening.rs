//! What a live list costs to open: bytes from the server, and watches at the API server.

use crate::{
    load::Until,
    load::closed_loop,
    relay::Relay,
    report::{Goal, Report},
    scene::Scene,
    targets::{body, ours_at, without_errors},
    watches,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::socket::Subscription;

const PEERS: &str = "2026-11-22, bytes to open: Kite 3,068,506 (reduced), 11,635,071 (full), Headlamp a list (11.5 MB, 0.75 gzip) and a watch; \
    20 viewers: 20 more pod watches at the API server in both";
const QUIET: Duration = Duration::from_millis(500);

pub async fn run(scene: &mut Scene, report: &mut Report) -> Result<()> {
    report.section("Opening a live list of pods; watches at the API server", PEERS);
    for (name, encoding) in [("br", Some("br")), ("gzip", Some("gzip")), ("plain", None)] {
        let mut sizes = Vec::new();
        for _ in 0..scene.repetitions {
            sizes.push(open(scene, encoding).await? as f64);
        }
        let goal = if encoding.is_some() { Goal::AtMost(60_000.0) } else { Goal::None };
        report.ours(&format!("first page of 200 ({name}) and subscription, on the wire"), "bytes", goal, sizes);
    }
    watches(scene, report).await
}

/// Everything the server sends, heads included, for the first page and a subscription that goes on from its position.
async fn open(scene: &Scene, encoding: Option<&'static str>) -> Result<usize> {
    let relay = Relay::open(scene.gateway.url.trim_start_matches("http://").to_owned()).await?;
    let url = format!("http://{}", relay.address);
    let token = scene.gateway.token().await?;
    let filter = json!({"namespaces": [scene.crowd.name]});
    let position = scene.gateway.data("{ server { projectedPosition } }", json!({})).await?;
    let position = position.pointer("/server/projectedPosition").and_then(Value::as_str).context("no position")?;
    let page = body(&crate::page::query(), json!({"filter": filter, "first": crate::page::PAGE}));
    let load = closed_loop(1, Until::Requests(1), &ours_at(&url, &token, vec![page], encoding, without_errors)?).await;
    ensure!(load.failures.is_empty(), "{:?}", load.failures);
    let query = format!(
        "subscription($f: PodFilter, $after: Position) {{ podChanged(filter: $f, after: $after) {{ position kind podId pod {{ {} }} }} }}",
        crate::page::FIELDS
    );
    let _open = Subscription::open(&url, &token, &query, json!({"f": filter, "after": position})).await?;
    tokio::time::sleep(QUIET).await;
    Ok(relay.sent_by_server())
}

/// Watches with no viewer and with twenty; and what goes when our gateway goes.
async fn watches(scene: &mut Scene, report: &mut Report) -> Result<()> {
    let (mut most, mut more) = (Vec::new(), Vec::new());
    let mut words = String::new();
    for _ in 0..scene.repetitions {
        let alone = watches::count(&scene.crowd.client).await?;
        let viewers = twenty(scene).await?;
        let together = watches::count(&scene.crowd.client).await?;
        drop(viewers);
        more.push(watches::added(&alone, &together).iter().map(|(_, count)| count).sum::<i64>() as f64);
        let with = watches::count(&scene.crowd.client).await?;
        scene.gateway.kill();
        tokio::time::sleep(QUIET).await;
        let ours = watches::added(&watches::count(&scene.crowd.client).await?, &with);
        words = ours.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ");
        most.push(ours.iter().map(|(_, count)| *count).max().unwrap_or_default() as f64);
        scene.gateway = scene.gateway.start.clone().run().await?;
        scene.until_all_seen().await?;
        scene.until_watching().await?;
    }
    report.ours("20 viewers: watches that came with them, all kinds", "", Goal::AtMost(0.0), more);
    report.ours("watches that go with our gateway, most of one kind", "", Goal::AtMost(1.0), most);
    report
        .note(format!("the last time (what other clients of the cluster begin or end meanwhile counts too): {words}"));
    Ok(())
}

async fn twenty(scene: &Scene) -> Result<Vec<Subscription>> {
    let token = scene.gateway.token().await?;
    let mut open = Vec::new();
    for _ in 0..20 {
        let query = "subscription($f: PodFilter) { podChanged(filter: $f) { position podId } }";
        let variables = json!({"f": {"namespaces": [scene.crowd.name]}});
        open.push(Subscription::open(&scene.gateway.url, &token, query, variables).await?);
    }
    tokio::time::sleep(QUIET).await;
    Ok(open)
}
