//! Postgres dies, fills up, is slow, or does not notify.

use super::Plan;
use crate::{
    follower::Topic,
    small::{self, SmallPostgres},
    traffic::Answer,
    world::{OBJECTS, World, within},
};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::time::Duration;
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn impossible() -> Option<String> {
    (!small::is_possible().await)
        .then(|| "a Postgres of its own needs a small disk in memory, which root may mount".to_owned())
}

/// F13 besides needs to stop between two system calls.
pub async fn no_tracing() -> Option<String> {
    let traced =
        Command::new("strace").args(["-o", "/dev/null", "-e", "inject=fsync:delay_enter=1", "true"]).output().await;
    match traced {
        Ok(output) if output.status.success() => impossible().await,
        Ok(output) => Some(format!("strace is not permitted: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(_) => Some("strace is not installed".to_owned()),
    }
}

fn own(world: &World) -> Result<&SmallPostgres> {
    world.small.as_ref().context("a Postgres of its own")
}

async fn kill_process(id: u32) -> Result<()> {
    let status = Command::new("kill").args(["-KILL", &id.to_string()]).status().await?;
    ensure!(status.success(), "{id} cannot be killed");
    Ok(())
}

/// F08: first single backends, which makes the server end all others and recover, then the server itself.
pub async fn kill(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 1 } else { 5 };
    for _ in 0..rounds {
        sleep(Duration::from_millis(plan.dice.u64(500..2000))).await;
        let query = "SELECT pid FROM pg_stat_activity WHERE usename = 'binnacle' ORDER BY pid";
        let backends: Vec<i32> = sqlx::query_scalar(query).fetch_all(&world.owner).await?;
        let chosen = plan.dice.choice(&backends).context("no backends")?;
        kill_process((*chosen).try_into()?).await?;
        within(PATIENCE, "the server has recovered", async || Ok(world.position().await? > 0)).await?;
        sleep(Duration::from_millis(plan.dice.u64(500..2000))).await;
        kill_process(own(world)?.postmaster().await?).await?;
        sleep(Duration::from_millis(plan.dice.u64(0..1000))).await;
        own(world)?.start().await?;
        within(PATIENCE, "the server has recovered", async || Ok(world.position().await? > 0)).await?;
    }
    Ok(format!("{rounds} backends and {rounds} servers killed"))
}

/// F09: the read tables are declared outdated, and the server is killed while they are rebuilt. Whoever reads meanwhile
/// gets the old rows or an error, never a part.
pub async fn kill_in_rebuild(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 1 } else { 4 };
    let (mut whole, mut errors) = (0, 0);
    for _ in 0..rounds {
        sqlx::query("UPDATE read.checkpoints SET version = -1").execute(&world.owner).await?;
        for side in &mut world.sides {
            side.kill_and_start()?;
        }
        let kill_after = Instant::now() + Duration::from_millis(plan.dice.u64(300..2500));
        let mut is_killed = false;
        let end = Instant::now() + Duration::from_secs(6);
        while Instant::now() < end {
            if !is_killed && Instant::now() > kill_after {
                kill_process(own(world)?.postmaster().await?).await?;
                own(world)?.start().await?;
                is_killed = true;
            }
            match shown(world, 0).await {
                Some(count) => {
                    ensure!(count == OBJECTS as u64, "{count} of {OBJECTS} workloads are shown during a rebuild");
                    whole += 1;
                }
                None => errors += 1,
            }
            sleep(Duration::from_millis(20)).await;
        }
        within(PATIENCE, "the rebuild has ended", async || {
            let query = "SELECT NOT EXISTS (SELECT FROM read.checkpoints WHERE version < 0)";
            Ok(sqlx::query_scalar(query).fetch_one(&world.owner).await?)
        })
        .await?;
    }
    Ok(format!("{rounds} rebuilds with the server killed; {whole} reads whole, {errors} without an answer, 0 in part"))
}

/// How many workloads one gateway shows, if it answers.
pub async fn shown(world: &World, side: usize) -> Option<u64> {
    let query = "query($f: WorkloadFilter) { workloads(filter: $f, first: 1) { totalCount } }";
    let answer =
        world.traffic.caller.post(query, json!({"f": {"namespaces": [world.namespace.name]}}), side).await.ok()?;
    answer.pointer("/data/workloads/totalCount")?.as_u64()
}

/// F12: the disk has no byte left. Commands are refused, and nothing happens without a record. With room again, all goes on.
pub async fn full_disk(world: &mut World, plan: &mut Plan) -> Result<String> {
    own(world)?.fill().await?;
    let time = Duration::from_secs(if plan.is_short { 5 } else { 12 });
    sleep(time).await;
    let second = Duration::from_secs(1);
    let refused_meanwhile = world.traffic.rate(Instant::now() - second, Instant::now()) == 0.0;
    own(world)?.free().await?;
    ensure!(refused_meanwhile, "the disk is full and commands are still accepted");
    within(PATIENCE, "the server has recovered", async || Ok(world.position().await? > 0)).await?;
    Ok(format!("full for {} s, nothing was accepted at its end", time.as_secs()))
}

/// F13: each flush takes a fifth of a second, then one fails: the server gives up what it has not flushed and recovers.
pub async fn bad_disk(world: &mut World, plan: &mut Plan) -> Result<String> {
    let time = Duration::from_secs(if plan.is_short { 3 } else { 8 });
    let before = world.traffic.history().sent.len();
    trace(world, "inject=fsync,fdatasync:delay_enter=200000", time).await?;
    let slow = accepted_since(world, before);
    let before = world.traffic.history().sent.len();
    trace(world, "inject=fdatasync:error=EIO:when=1", time).await?;
    // A server that panicked starts its children anew by itself, or has ended.
    own(world)?.start().await?;
    within(PATIENCE, "the server has recovered", async || Ok(world.position().await? > 0)).await?;
    let failing = accepted_since(world, before);
    Ok(format!(
        "each flush 200 ms late for {0} s: {slow} accepted; the first flush of each process fails for {0} s: {failing} accepted",
        time.as_secs()
    ))
}

/// Commands accepted after the first `before` of the history.
pub fn accepted_since(world: &World, before: usize) -> usize {
    let history = world.traffic.history();
    history.sent[before..].iter().filter(|sent| matches!(sent.answer, Some(Answer::Accepted { .. }))).count()
}

/// Attaches to every process of the server, and lets go after `time`.
async fn trace(world: &World, inject: &str, time: Duration) -> Result<()> {
    let postmaster = own(world)?.postmaster().await?;
    let children = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"))?;
    let mut command = Command::new("strace");
    command.args(["-f", "-o", "/dev/null", "-e", inject, "-p", &postmaster.to_string()]);
    for child in children.split_whitespace() {
        command.args(["-p", child]);
    }
    let mut tracer = command.stderr(std::process::Stdio::null()).spawn()?;
    sleep(time).await;
    if let Some(id) = tracer.id() {
        let _ = Command::new("kill").args(["-INT", &id.to_string()]).status().await?;
    }
    tracer.wait().await?;
    Ok(())
}

/// F19: the connections that wait for notifications are ended, again and again; the log is read without them.
pub async fn kill_listeners(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 3 } else { 15 };
    let (mut ended, mut longest) = (0, Duration::ZERO);
    for _ in 0..rounds {
        let query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND usename = 'binnacle' AND query ILIKE 'LISTEN%'";
        let count: i64 = sqlx::query_scalar(query).fetch_one(&world.owner).await?;
        ended += count;
        let (begun, head) = (Instant::now(), world.position().await?);
        within(PATIENCE, "all subscribers saw what was appended before", async || {
            let mut of_the_feed = world.followers.iter().filter(|follower| matches!(follower.topic, Topic::Feed));
            Ok(of_the_feed.all(|follower| follower.last() >= head))
        })
        .await?;
        longest = longest.max(begun.elapsed());
        sleep(Duration::from_millis(plan.dice.u64(200..1500))).await;
    }
    ensure!(ended > 0, "nobody listens");
    Ok(format!("{ended} listening connections ended; subscribers were at most {:.1} s behind", longest.as_secs_f64()))
}
