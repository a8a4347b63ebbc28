//! B10: operations a second against a target that does nothing, from the first command to the last end, each with its full trail in
//! the log; the same while the process that executes is killed again and again; and job queues on the same Postgres, whose jobs
//! leave no trail and have no order.

mod executor;
mod jobs;
mod remote;
mod requests;
mod trail;
mod watch;

pub use executor::run_as_child;

use crate::sealing::sealing;
use crate::{
    Wanted,
    peers::{Fresh, Server},
    table::words,
};
use anyhow::{Result, ensure};
use commands::{Clusters, Settings, WriteSide, kubernetes::fake::MemoryCluster};
use domain::kubernetes::object::ObjectRef;
use executor::Killed;
use sqlx::PgPool;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use trail::Trail;
use uuid::Uuid;
use watch::Watch;

/// Commands that wait for their answer at once; for the peers, jobs that are being added and jobs under way.
const CLIENTS: usize = 64;
/// Connections of each process.
const CONNECTIONS: u32 = 20;
/// Operations that a killed process must have had under way, of all.
const CRASHED: f64 = 0.05;

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let count = if wanted.quick { 4_000 } else { 20_000 };
    println!(
        "B10 {count} operations against a no-op target, {CLIENTS} clients, from the first command to the last end: operations/s [s of requests]"
    );
    for is_killed in [false, true] {
        let mut found = Vec::new();
        for _ in 0..wanted.rounds {
            found.push(ours(server, count, is_killed).await?);
        }
        tell(is_killed, &found);
        ensure!(found.iter().all(|round| round.trail.is_sound()), "an operation was lost, doubled or out of order");
    }
    if wanted.only.as_deref() != Some("Binnacle") {
        jobs::run(server, wanted, count).await?;
    }
    println!();
    Ok(())
}

/// What one round found.
struct Round {
    a_second: f64,
    /// Seconds until the last command was answered.
    requesting: f64,
    trail: Trail,
    killed: Killed,
}

fn tell(is_killed: bool, found: &[Round]) {
    let sum = |figure: fn(&Trail) -> usize| found.iter().map(|round| figure(&round.trail)).sum::<usize>();
    println!(
        "  {:32} {}  [{}; lost {}, doubled {}, out of order {}, trail incomplete {}; superseded {}; {} events]",
        if is_killed { "Binnacle, executor killed" } else { "Binnacle, one process" },
        words(found.iter().map(|round| round.a_second).collect(), 0),
        words(found.iter().map(|round| round.requesting).collect(), 1),
        sum(|trail| trail.lost),
        sum(|trail| trail.doubled),
        sum(|trail| trail.disordered),
        sum(|trail| trail.incomplete),
        sum(|trail| trail.superseded),
        sum(|trail| trail.events),
    );
    if is_killed {
        let (kills, operations) =
            found.iter().fold((0, 0), |all, round| (all.0 + round.killed.times, all.1 + round.killed.operations));
        println!(
            "  {:32} {kills} kills, {operations} operations under way in a killed process, each waits for its lease",
            ""
        );
    }
}

async fn ours(server: &Server, count: usize, is_killed: bool) -> Result<Round> {
    let fresh = server.fresh().await?;
    let pool = server.ours(&fresh, CONNECTIONS).await?;
    requests::sign_in(&pool).await?;
    let cluster = Arc::new(MemoryCluster::default());
    let write_side = Arc::new(write_side(pool.clone(), Arc::clone(&cluster)));
    let targets = requests::prepare(cluster.as_ref()).await?;
    let mut watch = Watch::new(write_side.store().clone(), Arc::clone(&cluster), &targets);
    watch.record().await?;
    let watching = tokio::spawn(watch.run());
    let (round, requested) = if is_killed {
        killed(&fresh, &pool, &cluster, &write_side, &targets, count).await?
    } else {
        whole(&pool, &write_side, &targets, count).await?
    };
    ensure!(!watching.is_finished(), "the watch ended: {:?}", watching.await);
    watching.abort();
    let trail = trail::judge(&pool, &cluster, &requested).await?;
    drop(write_side);
    pool.close().await;
    server.drop(fresh).await?;
    Ok(Round { trail, ..round })
}

fn write_side(pool: PgPool, cluster: Arc<MemoryCluster>) -> WriteSide {
    let settings = Settings {
        pool,
        sealing: sealing(),
        kubernetes_events_days: 30,
        owner: Uuid::now_v7().to_string(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(120),
        on_appended: Arc::new(|_| {}),
    };
    WriteSide::with_clusters(settings, Clusters::new(vec![requests::handle(cluster)]))
}

type Found = (Round, trail::OperationsByObject);

/// Requested and executed in one process, as in a gateway.
async fn whole(pool: &PgPool, write_side: &Arc<WriteSide>, targets: &[ObjectRef], count: usize) -> Result<Found> {
    let shutdown = CancellationToken::new();
    let (executor, ends) = (Arc::clone(write_side), shutdown.clone());
    let executing = tokio::spawn(async move { executor.run_executor(ends).await });
    let done = request_and_wait(pool, write_side, targets, count).await?;
    shutdown.cancel();
    executing.await?;
    Ok(done)
}

async fn request_and_wait(pool: &PgPool, write_side: &WriteSide, targets: &[ObjectRef], count: usize) -> Result<Found> {
    let begun = Instant::now();
    let requested = requests::send(write_side, targets, CLIENTS, count).await?;
    let requesting = begun.elapsed().as_secs_f64();
    requests::until_ended(pool).await?;
    let a_second = count as f64 / begun.elapsed().as_secs_f64();
    Ok((Round { a_second, requesting, trail: Trail::default(), killed: Killed::default() }, requested))
}

/// Requested here, executed in processes that are killed until enough operations were under way in one of them.
async fn killed(
    fresh: &Fresh,
    pool: &PgPool,
    cluster: &Arc<MemoryCluster>,
    write_side: &Arc<WriteSide>,
    targets: &[ObjectRef],
    count: usize,
) -> Result<Found> {
    let enough = (count as f64 * CRASHED).ceil() as usize;
    let executors = executor::run_and_kill(fresh, pool, Arc::clone(cluster), enough);
    let requests = request_and_wait(pool, write_side, targets, count);
    let (killed, (round, requested)) = executor::beside(fresh, executors, requests).await?;
    Ok((Round { killed, ..round }, requested))
}
