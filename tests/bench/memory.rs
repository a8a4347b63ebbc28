//! Memory of the gateway with 3,000 pods: idle, and while 20 clients ask for pages without pause.

use crate::{
    load::{Until, closed_loop},
    process::{api_server, memory_mib},
    report::{Goal, Report},
    scene::Scene,
    targets::{ours, without_errors},
};
use anyhow::Result;
use std::time::Duration;

const PEERS: &str = "2026-11-22, idle / under 20 clients: Kite 91 / 848 MiB (high-water mark 895), Headlamp 46 / 57 MiB (the API server does its work)";

pub async fn run(scene: &mut Scene, report: &mut Report) -> Result<()> {
    report.section("Memory with 3,000 pods", PEERS);
    let first = memory_mib(scene.gateway.id(), "VmHWM")?;
    report.ours(
        "first process, which read and recorded all pods: high-water mark so far",
        "MiB",
        Goal::None,
        vec![first],
    );
    let (mut idle, mut busy, mut later, mut most) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let pages = crate::page::pages(scene).await?;
    for _ in 0..scene.repetitions {
        scene.gateway.kill();
        scene.gateway = scene.gateway.start.clone().run().await?;
        scene.until_all_seen().await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let id = scene.gateway.id();
        idle.push(memory_mib(id, "VmRSS")?);
        let ask = ours(&scene.gateway, pages.clone(), Some("br, gzip"), without_errors).await?;
        let time = Duration::from_secs(if scene.quick { 3 } else { 30 });
        let load = closed_loop(20, Until::Time(time), &ask).await;
        busy.push(memory_mib(id, "VmRSS")?);
        if !load.failures.is_empty() {
            report.note(format!("{} requests failed, first: {}", load.failures.len(), load.failures[0]));
        }
        tokio::time::sleep(Duration::from_secs(if scene.quick { 1 } else { 10 })).await;
        later.push(memory_mib(id, "VmRSS")?);
        most.push(memory_mib(id, "VmHWM")?);
    }
    report.ours("fresh process, idle, all pods seen: resident", "MiB", Goal::AtMost(60.0), idle);
    report.ours("20 clients, pages of 200 (br): resident at the end", "MiB", Goal::AtMost(90.0), busy);
    report.ours("10 s later: resident", "MiB", Goal::None, later);
    report.ours("high-water mark", "MiB", Goal::AtMost(90.0), most);
    report.control("API server, now: resident", "MiB", vec![memory_mib(api_server()?, "VmRSS")?]);
    Ok(())
}
