//! Faults under load: two real gateways on one real Postgres and one real Kubernetes, users who ask without pause, one
//! fault at a time; after each, every invariant is checked against three witnesses.
//!
//! `faults [--all] [--row F07]... [--kills N] [--blackhole SECONDS] [--seed N]`: a short slice without flags, every row by
//! `make faults`.

mod canary;
mod follower;
mod footprint;
mod leaver;
mod log;
mod rows;
mod small;
mod traffic;
mod verdict;
mod world;

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use follower::{Follower, Topic};
use footprint::Footprint;
use leaver::Leaver;
use rows::{Plan, ROWS, Row};
use std::{process::ExitCode, time::Duration};
use tokio::time::{Instant, sleep};
use world::World;

/// So many commands accepted in a second, or the fault does not count.
const MIN_RATE: f64 = 50.0;
/// So many subscriptions open, or it does not count.
const SUBSCRIPTIONS: usize = 200;
/// How long the traffic is looked at before a fault.
const BEFORE: Duration = Duration::from_secs(3);
/// How long a world may take to reach that load.
const LOAD_PATIENCE: Duration = Duration::from_secs(15);
/// How long it may take to reach its rate again.
const PATIENCE: Duration = Duration::from_secs(90);
const KILLS: usize = 200;
const KILLS_OF_THE_SLICE: usize = 15;

struct Wanted {
    all: bool,
    rows: Vec<String>,
    kills: Option<usize>,
    black_hole: Option<Duration>,
    seed: u64,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = wanted().and_then(|wanted| runtime?.block_on(run(&wanted)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Flags of the test runner are passed over: it starts this like every other test.
fn wanted() -> Result<Wanted> {
    let mut wanted = Wanted { all: false, rows: Vec::new(), kills: None, black_hole: None, seed: fastrand::u64(..) };
    let mut rest = std::env::args().skip(1);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--all" => wanted.all = true,
            "--row" => wanted.rows.push(value()?),
            "--kills" => wanted.kills = Some(value()?.parse().context("a number")?),
            "--blackhole" => wanted.black_hole = Some(Duration::from_secs(value()?.parse().context("seconds")?)),
            "--seed" => wanted.seed = value()?.parse().context("a number")?,
            _ => {}
        }
    }
    let unknown = wanted.rows.iter().find(|name| !ROWS.iter().any(|row| row.name == **name));
    ensure!(unknown.is_none(), "there is no row {unknown:?}");
    Ok(wanted)
}

/// The slice shares one world, which saves the time to make it. Otherwise each row has its own.
async fn run(wanted: &Wanted) -> Result<()> {
    let is_slice = !wanted.all && wanted.rows.is_empty();
    let mut plan = Plan {
        kills: wanted.kills.unwrap_or(if is_slice { KILLS_OF_THE_SLICE } else { KILLS }),
        is_short: is_slice,
        black_hole: wanted.black_hole,
        dice: Rng::with_seed(wanted.seed),
    };
    println!("faults under load: seed {}", wanted.seed);
    let (mut shared, mut is_first) = (None, true);
    let mut failed = Vec::new();
    for row in ROWS {
        let is_wanted =
            if is_slice { row.is_in_slice } else { wanted.all || wanted.rows.iter().any(|name| name == row.name) };
        if !is_wanted {
            continue;
        }
        if let Some(reason) = (row.impossible)().await {
            println!("{} {}: not run, {reason}", row.name, row.words);
            continue;
        }
        let mut world = match shared.take() {
            Some(world) => world,
            None => World::open(&(row.kind)(&plan), plan.dice.u64(..)).await.context("a world cannot be made")?,
        };
        if std::mem::take(&mut is_first) {
            versions(&world).await?;
        }
        let judged = under(&mut world, row, &mut plan).await;
        world.heal();
        let is_whole = judged.is_ok();
        if let Err(error) = judged {
            let logs = world.sides[0].start.log().display().to_string();
            println!("{} FAILED: {error:#}\n  the gateways' log: {logs}", row.name);
            failed.push(row.name);
        }
        if is_slice && is_whole {
            shared = Some(world);
        } else {
            world.close().await?;
        }
    }
    if let Some(world) = shared {
        world.close().await?;
    }
    ensure!(failed.is_empty(), "{} failed; seed {}", failed.join(", "), wanted.seed);
    Ok(())
}

async fn versions(world: &World) -> Result<()> {
    let postgres: String = sqlx::query_scalar("SHOW server_version").fetch_one(&world.owner).await?;
    let kubernetes = world.namespace.client.apiserver_version().await?.git_version;
    println!("  Binnacle {}, Postgres {postgres}, Kubernetes {kubernetes}", env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// One fault: load, the fault, recovery, and the check of the invariants.
async fn under(world: &mut World, row: &Row, plan: &mut Plan) -> Result<()> {
    let before = until_loaded(world).await?;
    let footprint = Footprint::of(world).await?;
    let begun = Instant::now();
    let before_it = resumed(world);
    let leaver = Leaver::enter(world, Duration::from_millis(plan.dice.u64(200..6000))).await?;
    let summary = (row.inject)(world, plan).await?;
    world.heal();
    world.until_ready().await?;
    let (back, kept_out) = tokio::join!(until_back(world, Instant::now(), before), leaver.must_be_out());
    let (back, kept_out) = (back?, kept_out?);
    let pause = world.traffic.pause().await;
    let figures = verdict::judge(world).await?;
    let after = Footprint::back_near(&footprint, world).await?;
    drop(pause);
    let resumed = resumed(world) - before_it;
    println!("{} {}: {summary}", row.name, row.words);
    println!(
        "  {before:.0} commands/s before, 95 % of it {:.1} s after; all done {:.1} s later; so far {} accepted, {} effects, {} out of time, {} events: \
         0 lost, 0 doubled, {resumed} resumptions without gap; who left kept out {kept_out} times; {footprint}, then {after}; all in {:.0} s",
        back.as_secs_f64(),
        figures.settled.as_secs_f64(),
        figures.accepted,
        figures.effects,
        figures.timed_out,
        figures.events,
        begun.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// I15: a fault counts only under load. Waits until enough commands are accepted and enough subscriptions are open.
async fn until_loaded(world: &World) -> Result<f64> {
    let end = Instant::now() + LOAD_PATIENCE;
    loop {
        sleep(BEFORE).await;
        let now = Instant::now();
        let rate = world.traffic.rate(now - BEFORE, now);
        let open = world.followers.iter().filter(|follower| follower.is_open()).count();
        if rate >= MIN_RATE && open >= SUBSCRIPTIONS {
            return Ok(rate);
        }
        let history = world.traffic.history();
        ensure!(
            now < end,
            "I15: {rate:.0} commands/s are accepted and {open} subscriptions open, a fault counts at {MIN_RATE:.0} and \
             {SUBSCRIPTIONS}; refused: {:?}; failures: {:?}",
            history.refusals(),
            history.failures
        );
    }
}

/// How often subscribers to the feed had to begin anew.
fn resumed(world: &World) -> usize {
    let of_the_feed = world.followers.iter().filter(|follower| matches!(follower.topic, Topic::Feed));
    of_the_feed.map(Follower::resumed).sum()
}

/// I14: how long until as much is accepted in a second as before.
async fn until_back(world: &World, ended: Instant, before: f64) -> Result<Duration> {
    let second = Duration::from_secs(1);
    loop {
        sleep(Duration::from_millis(100)).await;
        let now = Instant::now();
        if now > ended + second && world.traffic.rate(now - second, now) >= before * 0.95 {
            return Ok(now - second - ended);
        }
        ensure!(now < ended + PATIENCE, "I14: the rate does not come back: {:?}", world.traffic.history().failures);
    }
}
