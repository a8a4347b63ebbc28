//! B15: appends and the catch-up read in a log that is large already, against the same in an empty one.

use crate::sealing::sealing;
use crate::{
    Wanted,
    peers::{Peer, Server, Which},
    rounds::own_streams,
    table::words,
};
use anyhow::{Result, ensure};
use futures::{TryStreamExt, future::BoxFuture};
use projections::DataKeys;
use projections::engine::feed;
use sqlx::PgPool;
use std::{pin::pin, sync::Arc};
use tokio::{task::JoinSet, time::Instant};

const WRITERS: usize = 8;
/// Events of a call while the log is filled.
const BATCH: usize = 100;
/// Events of a stream of the filling.
const EACH: usize = 1000;
/// The streams of the filling come after those that appends are measured on.
const FILLING: usize = 1_000_000;
/// Streams that one measurement may append to.
const ROOM: usize = 10_000;
/// Events that are read: the last ones, as by a reader that was away.
const READ: usize = 200_000;
/// Events of a page.
const PAGE: i64 = 5000;
const CLIENTS: [usize; 2] = [8, 64];

/// Events a second: appended by 8 clients, by 64, and read.
type Speeds = [f64; 3];

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let large = if wanted.quick { 1_000_000 } else { 10_000_000 };
    println!(
        "B15 a log of {large} events against an empty one, for the read one of {READ}: ratio [events/s in the small, in the large]"
    );
    let fresh = server.fresh().await?;
    let peer = server.peer(Which::Binnacle, &fresh, 64).await?;
    let filled = Instant::now();
    fill(&peer, large).await?;
    println!("  filled in {:.0} s, {} on disk", filled.elapsed().as_secs_f64(), size(peer.pool()).await?);
    settle(peer.pool()).await?;
    let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
    for round in 0..wanted.rounds {
        of_small.push(in_small(server, wanted).await?);
        let read = read_last(peer.pool()).await?;
        let [few, many] = append(&peer, round, wanted).await?;
        of_large.push([few, many, read]);
    }
    server.drop(fresh).await?;
    for (nth, name) in
        ["append, 8 clients", "append, 64 clients", "catch-up of the last events"].into_iter().enumerate()
    {
        let of = |all: &[Speeds]| all.iter().map(|speeds| speeds[nth]).collect::<Vec<_>>();
        let ratios = of_large.iter().zip(&of_small).map(|(large, small)| large[nth] / small[nth]);
        println!(
            "  {name:32} {}  [{}; {}]",
            words(ratios.collect(), 2),
            words(of(&of_small), 0),
            words(of(&of_large), 0)
        );
    }
    println!();
    Ok(())
}

async fn in_small(server: &Server, wanted: &Wanted) -> Result<Speeds> {
    let fresh = server.fresh().await?;
    let peer = server.peer(Which::Binnacle, &fresh, 64).await?;
    settle(peer.pool()).await?;
    let [few, many] = append(&peer, 0, wanted).await?;
    server.drop(fresh).await?;
    let fresh = server.fresh().await?;
    let peer = server.peer(Which::Binnacle, &fresh, 64).await?;
    fill(&peer, READ).await?;
    settle(peer.pool()).await?;
    let read = read_last(peer.pool()).await?;
    server.drop(fresh).await?;
    Ok([few, many, read])
}

async fn append(peer: &Arc<dyn Peer>, round: usize, wanted: &Wanted) -> Result<[f64; 2]> {
    let mut speeds = [0.0; 2];
    for (nth, clients) in CLIENTS.into_iter().enumerate() {
        let by = (round * CLIENTS.len() + nth) * ROOM;
        let shifted: Arc<dyn Peer> = Arc::new(Shifted { peer: Arc::clone(peer), by });
        speeds[nth] = own_streams(shifted, clients, 1, wanted).await?.events_a_second;
    }
    Ok(speeds)
}

/// A store whose streams begin at another number: those of the measurements before are not empty any more.
struct Shifted {
    peer: Arc<dyn Peer>,
    by: usize,
}

impl Peer for Shifted {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>> {
        self.peer.append(self.by + stream, version, events)
    }

    fn pool(&self) -> &PgPool {
        self.peer.pool()
    }

    fn table(&self) -> &'static str {
        self.peer.table()
    }
}

async fn read_last(pool: &PgPool) -> Result<f64> {
    let head = feed::head(pool).await?;
    let begun = Instant::now();
    let mut count = 0;
    let mut pages = pin!(feed::pages(pool, &DataKeys::new(pool.clone(), sealing()), head - READ as i64, head, PAGE));
    while let Some(page) = pages.try_next().await? {
        count += page.len();
    }
    ensure!(count == READ, "read {count} of {READ}");
    Ok(READ as f64 / begun.elapsed().as_secs_f64())
}

async fn fill(peer: &Arc<dyn Peer>, events: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let peer = Arc::clone(peer);
        tasks.spawn(async move {
            for stream in (writer..events / EACH).step_by(WRITERS) {
                for version in (0..EACH).step_by(BATCH) {
                    ensure!(peer.append(FILLING + stream, version as i64, BATCH).await?, "a conflict");
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn size(pool: &PgPool) -> Result<String> {
    Ok(sqlx::query_scalar("SELECT pg_size_pretty(pg_database_size(current_database()))").fetch_one(pool).await?)
}

/// What the server would do by and by, it does before the measurement and not in it.
async fn settle(pool: &PgPool) -> Result<()> {
    sqlx::query("VACUUM ANALYZE").execute(pool).await?;
    sqlx::query("CHECKPOINT").execute(pool).await?;
    Ok(())
}
