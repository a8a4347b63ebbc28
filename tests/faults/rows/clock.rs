//! A gateway whose clock is wrong. Leases and the order of events go by the database, so only what is shown may be off.

use super::Plan;
use crate::world::{Kind, World, within};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::{path::Path, time::Duration};
use tests::{PATIENCE, gateway::Gateway};
use tokio::time::sleep;

const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

pub async fn impossible() -> Option<String> {
    (!Path::new(LIBRARY).exists()).then(|| "libfaketime is not installed (Debian: libfaketime)".to_owned())
}

/// The second gateway sees the time shifted by this much; durations stay as they are.
pub fn skewed(by: &str) -> Kind {
    let settings = [("LD_PRELOAD", LIBRARY), ("FAKETIME", by), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
    Kind { second: settings.map(|(name, value)| (name, value.to_owned())).to_vec(), ..Kind::default() }
}

pub async fn run(world: &mut World, plan: &mut Plan) -> Result<String> {
    sleep(Duration::from_secs(if plan.is_short { 3 } else { 10 })).await;
    // The one whose clock is right goes away, so that the other one must take over what it held.
    world.sides[0].kill_and_start()?;
    sleep(Duration::from_secs(8)).await;
    world.sides[1].kill_and_start()?;
    within(PATIENCE, "the one whose clock is wrong says so", async || {
        Ok(alarms(&world.sides[1].gateway).await?.contains("clock"))
    })
    .await?;
    ensure!(!alarms(&world.sides[0].gateway).await?.contains("clock"), "the one whose clock is right gives an alarm");
    Ok("both took over from each other, and the one whose clock is wrong says so".to_owned())
}

/// What a gateway says needs somebody to look.
pub async fn alarms(gateway: &Gateway) -> Result<String> {
    let answer = gateway.http().get(format!("{}/readyz", gateway.url)).send().await?;
    Ok(answer.json::<Value>().await?["alarms"].to_string())
}
