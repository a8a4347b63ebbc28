//! A page of 200 pods out of 3,000, as the dashboard asks for it, against the API server's lists.

use crate::{
    load::{Ask, Load, Until, closed_loop, each, in_turn},
    process::{api_server as api_server_process, backends_cpu_millis, cpu_millis},
    report::{Goal, Report},
    scene::Scene,
    targets::{api_server, body, ours, without_errors},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;

const PEERS: &str = "2026-11-22, all 3,000 pods: Kite p50 56 ms (1 client), 795 ms (20), 75 ms CPU, 2,984,000 bytes (77,171 gzip); \
    API server 185 ms, 2,545 ms, 187 ms CPU, 11,487,551 bytes";
pub const PAGE: usize = 200;
/// The fields of the dashboard's list of pods.
pub const FIELDS: &str = "id namespace name phase ready restarts reason node createdAt \
    containers { name image ready restarts state reason }";

pub fn query() -> String {
    format!(
        "query Pods($filter: PodFilter, $first: Int, $after: String) {{ pods(filter: $filter, first: $first, after: $after) \
         {{ nodes {{ {FIELDS} }} pageInfo {{ hasNextPage endCursor }} totalCount }} }}"
    )
}

/// The requests for every page of the list, first to last.
pub async fn pages(scene: &Scene) -> Result<Vec<Value>> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({"filter": {"namespaces": [scene.crowd.name]}, "first": PAGE, "after": after});
        let answer = scene.gateway.data(&query(), variables.clone()).await?;
        found.push(body(&query(), variables));
        let info = answer.pointer("/pods/pageInfo").context("no page info")?;
        if info["hasNextPage"] != json!(true) {
            return Ok(found);
        }
        after = info["endCursor"].clone();
    }
}

pub async fn run(scene: &Scene, report: &mut Report) -> Result<()> {
    report.section("A page of 200 pods out of 3,000", PEERS);
    let pages = pages(scene).await?;
    report.note(format!(
        "ours: the {} pages of the list in turn, with containers and total count, in the dashboard's own fields",
        pages.len()
    ));
    let all = format!("/api/v1/namespaces/{}/pods", scene.crowd.name);
    let targets = [
        (
            "page of 200, as a browser asks (br)",
            ours(&scene.gateway, pages.clone(), Some("br, gzip"), without_errors).await?,
        ),
        ("page of 200, plain", ours(&scene.gateway, pages.clone(), None, without_errors).await?),
        ("API server, all pods", api_server(&scene.crowd.client, &all, false)),
        ("API server, limit=200", api_server(&scene.crowd.client, &format!("{all}?limit=200"), false)),
    ];
    latency(scene, report, &targets, 1, Until::Requests(30), Goal::AtMost(10.0)).await;
    let time = Duration::from_secs(if scene.quick { 2 } else { 10 });
    latency(scene, report, &targets, 20, Until::Time(time), Goal::AtMost(40.0)).await;
    processor(scene, report, &targets).await?;
    bytes(scene, report, &pages).await
}

async fn latency(
    scene: &Scene,
    report: &mut Report,
    targets: &[(&str, Ask)],
    clients: usize,
    until: Until,
    goal: Goal,
) {
    let asks: Vec<Ask> = targets.iter().map(|(_, ask)| ask.clone()).collect();
    for ask in &asks {
        closed_loop(1, Until::Requests(3), ask).await;
    }
    let loads = in_turn(scene.repetitions, clients, until, &asks).await;
    for (index, ((name, _), loads)) in targets.iter().zip(&loads).enumerate() {
        let what = |figure: &str| format!("{name}: {clients} client{}, {figure}", if clients == 1 { "" } else { "s" });
        tell(report, index, &what("p50"), "ms", goal, each(loads, |load| load.p(0.5)));
        tell(report, index, &what("p99"), "ms", Goal::None, each(loads, |load| load.p(0.99)));
        if clients > 1 {
            tell(report, index, &what("answers"), "/s", Goal::None, each(loads, Load::rate));
        }
        let failures: Vec<&String> = loads.iter().flat_map(|load| &load.failures).collect();
        if let Some(first) = failures.first() {
            report.note(format!("{name}: {} requests failed, first: {first}", failures.len()));
        }
    }
}

/// The first target is the one a goal is for.
fn tell(report: &mut Report, index: usize, what: &str, unit: &'static str, goal: Goal, values: Vec<f64>) {
    match index {
        0 => report.ours(what, unit, goal, values),
        1 => report.ours(what, unit, Goal::None, values),
        _ => report.control(what, unit, values),
    }
}

/// Processor time of each part for one page, one client, in turn.
async fn processor(scene: &Scene, report: &mut Report, targets: &[(&str, Ask)]) -> Result<()> {
    let (gateway, server) = (scene.gateway.id(), api_server_process()?);
    let mut costs = vec![(Vec::new(), Vec::new(), Vec::new()); targets.len()];
    for _ in 0..scene.repetitions {
        for (index, (_, ask)) in targets.iter().enumerate() {
            let count = if index < 2 { 200 } else { 30 };
            let before = (cpu_millis(gateway)?, backends_cpu_millis(&scene.owner).await?, cpu_millis(server)?);
            closed_loop(1, Until::Requests(count), ask).await;
            let after = (cpu_millis(gateway)?, backends_cpu_millis(&scene.owner).await?, cpu_millis(server)?);
            let each = |after: f64, before: f64| (after - before) / count as f64;
            costs[index].0.push(each(after.0, before.0));
            costs[index].1.push(each(after.1, before.1));
            costs[index].2.push(each(after.2, before.2));
        }
    }
    for (index, ((name, _), (gateway, postgres, server))) in targets.iter().zip(costs).enumerate() {
        if index < 2 {
            let both = gateway.iter().zip(&postgres).map(|(gateway, postgres)| gateway + postgres).collect();
            tell(report, index, &format!("{name}: CPU of gateway and Postgres"), "ms", Goal::AtMost(5.0), both);
            tell(report, 1, &format!("{name}: CPU of the gateway alone"), "ms", Goal::None, gateway);
            tell(report, 1, &format!("{name}: CPU of Postgres alone"), "ms", Goal::None, postgres);
        } else {
            report.control(&format!("{name}: CPU of the API server"), "ms", server);
        }
    }
    Ok(())
}

async fn bytes(scene: &Scene, report: &mut Report, pages: &[Value]) -> Result<()> {
    for (name, encoding, goal) in [
        ("br", Some("br"), Goal::AtMost(25_000.0)),
        ("gzip", Some("gzip"), Goal::AtMost(25_000.0)),
        ("plain", None, Goal::None),
    ] {
        let ask = ours(&scene.gateway, pages.to_vec(), encoding, without_errors).await?;
        let load = closed_loop(1, Until::Requests(pages.len()), &ask).await;
        report.ours(
            &format!("page of 200, {name}: mean body of all pages"),
            "bytes",
            goal,
            vec![load.bytes_each().round()],
        );
    }
    let all = format!("/api/v1/namespaces/{}/pods", scene.crowd.name);
    for (name, path, gzip) in [
        ("all pods, plain", all.clone(), false),
        ("all pods, gzip", all.clone(), true),
        ("limit=200, gzip", format!("{all}?limit=200"), true),
    ] {
        let load = closed_loop(1, Until::Requests(1), &api_server(&scene.crowd.client, &path, gzip)).await;
        report.control(&format!("API server, {name}: body"), "bytes", vec![load.bytes_each()]);
    }
    Ok(())
}
