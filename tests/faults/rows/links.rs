//! The network: one gateway cut off, or everything slow, or the API server silent.

use super::Plan;
use crate::{traffic::Answer, world::World};
use anyhow::{Result, ensure};
use std::time::Duration;
use tests::fault_proxy::Link;
use tokio::time::sleep;

#[derive(Clone, Copy, Debug)]
enum To {
    Postgres,
    Api,
}

/// F42: one of two gateways loses Postgres or the API server, in each way a link can be broken, for longer than a lease.
/// The other one goes on and takes over.
pub async fn partition(world: &mut World, plan: &mut Plan) -> Result<String> {
    let all = [
        (To::Postgres, Link::Held),
        (To::Api, Link::Deaf),
        (To::Postgres, Link::Cut),
        (To::Postgres, Link::Deaf),
        (To::Api, Link::Held),
        (To::Api, Link::Cut),
    ];
    let cases = if plan.is_short { &all[..2] } else { &all[..] };
    let mut told = Vec::new();
    for (number, (to, link)) in cases.iter().enumerate() {
        let side = &world.sides[number % 2];
        let proxy = match to {
            To::Postgres => &side.postgres,
            To::Api => &side.api,
        };
        proxy.set(*link);
        sleep(Duration::from_millis(plan.dice.u64(if plan.is_short { 5_500..6_500 } else { 5_500..9_000 }))).await;
        match link {
            // What was lost on the way is lost: no connection can go on.
            Link::Deaf => proxy.break_once(),
            Link::Pass | Link::Held | Link::Slow(_) | Link::Cut => proxy.set(Link::Pass),
        }
        told.push(format!("{to:?} {link:?}"));
        sleep(Duration::from_secs(1)).await;
    }
    Ok(told.join(", "))
}

/// F15: every answer of Postgres comes late, so that every connection is in use. Whatever is answered is true, and a
/// refusal comes soon.
pub async fn slow(world: &mut World, plan: &mut Plan) -> Result<String> {
    let (late, time) = (Duration::from_millis(400), Duration::from_secs(if plan.is_short { 5 } else { 15 }));
    for side in &world.sides {
        side.postgres.set(Link::Slow(late));
    }
    let before = world.traffic.history().asked.len();
    sleep(time).await;
    for side in &world.sides {
        side.postgres.set(Link::Pass);
    }
    let history = world.traffic.history();
    let accepted = history.asked[before..].iter().filter(|asked| matches!(asked.answer, Some(Answer::Accepted { .. })));
    Ok(format!(
        "each answer of Postgres {} ms late for {} s: {} accepted, slowest {:.1} s, no answers: {:?}",
        late.as_millis(),
        time.as_secs(),
        accepted.count(),
        history.slowest.as_secs_f64(),
        history.failures,
    ))
}

/// F23: the API server takes calls and never answers; what was asked waits, and all of it is done when it is back.
pub async fn black_hole(world: &mut World, plan: &mut Plan) -> Result<String> {
    let mut told = Vec::new();
    for link in [Link::Held, Link::Cut] {
        let accepted = world.traffic.history().asked.len();
        for side in &world.sides {
            side.api.set(link);
        }
        let time = Duration::from_millis(plan.dice.u64(if plan.is_short { 4_000..6_000 } else { 22_000..26_000 }));
        sleep(time).await;
        let meanwhile = world.traffic.history().asked.len() - accepted;
        ensure!(meanwhile > 0, "without the API server no wish is taken in");
        for side in &world.sides {
            side.api.set(Link::Pass);
        }
        told.push(format!("{link:?} for {:.0} s, {meanwhile} wishes taken in meanwhile", time.as_secs_f64()));
    }
    Ok(told.join("; "))
}
