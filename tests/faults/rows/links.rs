//! The network: one gateway cut off, or everything slow, or the API server silent.

use super::{Plan, clock::alarms, postgres::accepted_since};
use crate::{
    footprint::Footprint,
    log,
    traffic::since,
    world::{Kind, World, within},
};
use anyhow::{Result, ensure};
use std::time::Duration;
use tests::fault_proxy::Link;
use tokio::time::{Instant, sleep, sleep_until};

/// F15: how soon the gateway refuses a request that it cannot serve, and what two busy cores may add.
const REFUSAL: Duration = Duration::from_secs(2);
const GRACE: Duration = Duration::from_millis(400);

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
    let mut injected = Vec::new();
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
        injected.push(format!("{to:?} {link:?}"));
        sleep(Duration::from_secs(1)).await;
    }
    Ok(injected.join(", "))
}

/// F15: every answer of Postgres comes late, so that every connection is in use. Every answer is true, a request that cannot be
/// served is refused soon, and health says what is wrong.
pub async fn slow(world: &mut World, plan: &mut Plan) -> Result<String> {
    let (late, time) = (Duration::from_millis(400), Duration::from_secs(if plan.is_short { 5 } else { 15 }));
    let (sent, failures) = {
        let mut history = world.traffic.history();
        history.longest_wait = Duration::ZERO;
        (history.sent.len(), history.failures.clone())
    };
    for side in &world.sides {
        side.postgres.set(Link::Slow(late));
    }
    let end = Instant::now() + time;
    for side in &world.sides {
        within(time, "health says that Postgres is slow", async || {
            Ok(alarms(&side.gateway).await?.contains("\"database\""))
        })
        .await?;
    }
    sleep_until(end).await;
    for side in &world.sides {
        side.postgres.set(Link::Pass);
    }
    let accepted = accepted_since(world, sent);
    let (waited, outcome) = {
        let history = world.traffic.history();
        let outcome = format!("{accepted} accepted, retried because of {:?}", since(&history.failures, &failures));
        (history.longest_wait, outcome)
    };
    ensure!(waited < REFUSAL + GRACE, "a user waited {:.1} s for an answer: {outcome}", waited.as_secs_f64());
    for side in &world.sides {
        within(Duration::from_secs(10), "health is as before", async || {
            Ok(!alarms(&side.gateway).await?.contains("\"database\""))
        })
        .await?;
    }
    Ok(format!(
        "each answer of Postgres {} ms late for {} s: {outcome}; the longest wait for an answer {:.1} s, health said so",
        late.as_millis(),
        time.as_secs(),
        waited.as_secs_f64(),
    ))
}

/// Where the black hole is as long as somebody wants it, the time of half of the operations ends in it.
pub fn patience_for_half_of_it(plan: &Plan) -> Kind {
    Kind { operation_timeout: plan.black_hole.map(|time| time / 2), ..Kind::default() }
}

/// F23: the API server accepts calls and never answers, then it is unreachable. Its circuit opens, and operations wait. Some may
/// time out; the others end when the API server is back.
pub async fn black_hole(world: &mut World, plan: &mut Plan) -> Result<String> {
    let usual = |plan: &mut Plan| {
        Duration::from_millis(plan.dice.u64(if plan.is_short { 4_000..6_000 } else { 22_000..26_000 }))
    };
    let held = plan.black_hole.unwrap_or_else(|| usual(plan));
    let (mut phases, before) = (Vec::new(), world.traffic.history().failures.clone());
    for (link, time) in [(Link::Held, held), (Link::Cut, usual(plan))] {
        let sent = world.traffic.history().sent.len();
        for side in &world.sides {
            side.api.set(link);
        }
        sleep(time).await;
        let meanwhile = accepted_since(world, sent);
        ensure!(
            meanwhile > 0 || link == Link::Cut && plan.black_hole.is_some(),
            "without the API server no command is accepted"
        );
        let (left, footprint) = (log::under_way(&world.owner).await?, Footprint::of(world).await?);
        for side in &world.sides {
            side.api.set(Link::Pass);
        }
        phases.push(format!(
            "{link:?} for {:.0} s, {meanwhile} commands accepted meanwhile, {left} under way at its end, {footprint}",
            time.as_secs_f64()
        ));
    }
    let opened = world.sides[0].gateway.log().matches("cluster.left_alone").count();
    ensure!(plan.is_short || opened > 0, "no circuit opened");
    let refused = since(&world.traffic.history().failures, &before);
    Ok(format!(
        "{}; circuits opened, or stayed open after a try, {opened} times; refused or not answered {refused:?}",
        phases.join("; ")
    ))
}
