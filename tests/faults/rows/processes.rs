//! A gateway dies, sleeps, or receives SIGTERM.

use super::Plan;
use crate::world::{World, within};
use anyhow::{Result, ensure};
use std::time::Duration;
use tests::PATIENCE;
use tokio::time::{Instant, sleep};

/// F06: `kill -9` at any moment, and a new process at once.
pub async fn kill(world: &mut World, plan: &mut Plan) -> Result<String> {
    let (begun, mut each) = (Instant::now(), [0, 0]);
    for _ in 0..plan.kills {
        sleep(Duration::from_millis(plan.dice.u64(50..700))).await;
        let number = plan.dice.usize(..each.len());
        world.sides[number].kill_and_start()?;
        each[number] += 1;
        // Now and then one dies while it starts, or both are dead at once. Nobody waits until leases of the dead are over.
        if plan.dice.u8(..5) > 0 {
            let gateway = &world.sides[number].gateway;
            within(PATIENCE, "it answers", async || {
                Ok(gateway.http().get(format!("{}/livez", gateway.url)).send().await?.status().is_success())
            })
            .await?;
        }
    }
    let seconds = begun.elapsed().as_secs();
    Ok(format!("{} kills in {seconds} s, {} and {}", plan.kills, each[0], each[1]))
}

/// F07: stopped until its leases are over and others have taken its work, then let go on.
pub async fn sleep_past_the_lease(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 1 } else { 4 };
    let mut times = Vec::new();
    for round in 0..rounds {
        let time = Duration::from_millis(plan.dice.u64(if plan.is_short { 5_500..6_500 } else { 5_500..20_000 }));
        let side = &world.sides[round % 2];
        side.gateway.signal("STOP")?;
        sleep(time).await;
        side.gateway.signal("CONT")?;
        times.push(format!("{:.1} s", time.as_secs_f64()));
        sleep(Duration::from_secs(2)).await;
    }
    Ok(format!("slept {}", times.join(", ")))
}

/// F49: SIGTERM. It ends within half a minute and says that all is well; nothing fails.
pub async fn stop(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 1 } else { 6 };
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        let side = &mut world.sides[round % 2];
        let begun = Instant::now();
        let code = side.gateway.terminate().await?;
        let took = begun.elapsed();
        ensure!(code == Some(0), "it ended with {code:?}");
        ensure!(took < Duration::from_secs(30), "the stop took {:.1} s", took.as_secs_f64());
        longest = longest.max(took);
        side.gateway = side.start.clone().run().await?;
        sleep(Duration::from_millis(plan.dice.u64(500..1500))).await;
    }
    Ok(format!("{rounds} stops under load, the longest took {:.1} s, no operation failed", longest.as_secs_f64()))
}
