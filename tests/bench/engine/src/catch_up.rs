//! B6: all events read and decoded, by the read API of each store, against a COPY of its own table in the same round.

use crate::sealing::sealing;
use crate::{
    Wanted,
    peers::{Fresh, Peer, Server, Which, libpq},
    table::words,
};
use anyhow::{Result, ensure};
use futures::{TryStreamExt, future::BoxFuture};
use projections::DataKeys;
use projections::engine::feed;
use serde_json::Value;
use sqlx::{PgPool, Row};
use std::{pin::pin, sync::Arc};
use tokio::{task::JoinSet, time::Instant};

const WRITERS: usize = 4;
const BATCH: usize = 100;
/// Events a page, for every store.
const PAGE: i64 = 5000;

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let events = if wanted.quick { 50_000 } else { 200_000 };
    println!(
        "B6 catch-up read of {events} events, decoded: ratio to COPY TO STDOUT by psql of a plain table [events/s]"
    );
    let mut copied = Vec::new();
    for _ in 0..wanted.rounds {
        let fresh = server.fresh().await?;
        let peer = server.peer(Which::Plain, &fresh, 8).await?;
        fill(&peer, events).await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(peer.pool()).await?;
        copied.push(copy(&fresh, peer.table(), events)?);
        server.drop(fresh).await?;
    }
    println!("  {:32} 1  [{}]", "COPY of a plain table", words(copied.clone(), 0));
    for which in [Which::Binnacle, Which::MessageDb, Which::Mire] {
        let (mut ratios, mut speeds) = (Vec::new(), Vec::new());
        for copied in &copied {
            let fresh = server.fresh().await?;
            let peer = server.peer(which, &fresh, 8).await?;
            fill(&peer, events).await?;
            sqlx::raw_sql("VACUUM ANALYZE").execute(peer.pool()).await?;
            let begun = Instant::now();
            let read = read_all(which, peer.pool().clone()).await?;
            ensure!(read == events, "{} read {read} of {events}", which.name());
            let speed = events as f64 / begun.elapsed().as_secs_f64();
            speeds.push(speed);
            ratios.push(speed / copied);
            server.drop(fresh).await?;
        }
        println!("  {:32} {}  [{}]", which.name(), words(ratios, 2), words(speeds, 0));
    }
    println!();
    Ok(())
}

/// Streams of a thousand events, by four writers.
pub async fn fill(peer: &Arc<dyn Peer>, events: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let peer = Arc::clone(peer);
        tasks.spawn(async move {
            for nth in (writer..events / BATCH).step_by(WRITERS) {
                let (stream, version) = (writer + WRITERS * (nth / WRITERS / 10), (nth / WRITERS % 10) * BATCH);
                ensure!(peer.append(stream, version as i64, BATCH).await?, "a conflict");
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// Events a second of a COPY to nowhere.
fn copy(fresh: &Fresh, table: &str, events: usize) -> Result<f64> {
    let begun = std::time::Instant::now();
    let status = std::process::Command::new("psql")
        .args(["-X", "-q", "-c", &format!("COPY {table} TO STDOUT")])
        .envs(libpq(&fresh.options, &fresh.name))
        .stdout(std::process::Stdio::null())
        .status()?;
    ensure!(status.success(), "psql could not copy");
    Ok(events as f64 / begun.elapsed().as_secs_f64())
}

fn read_all(which: Which, pool: PgPool) -> BoxFuture<'static, Result<usize>> {
    match which {
        Which::Binnacle => Box::pin(ours(pool)),
        Which::MessageDb => Box::pin(message_db(pool)),
        Which::Mire | Which::Plain => Box::pin(mire(pool)),
    }
}

/// As a rebuild reads: some pages ahead.
async fn ours(pool: PgPool) -> Result<usize> {
    let mut count = 0;
    let mut pages =
        pin!(feed::pages(&pool, &DataKeys::new(pool.clone(), sealing()), 0, feed::head(&pool).await?, PAGE));
    while let Some(page) = pages.try_next().await? {
        count += page.len();
    }
    Ok(count)
}

async fn message_db(pool: PgPool) -> Result<usize> {
    let (mut count, mut position) = (0, 1_i64);
    loop {
        let rows = sqlx::query("SELECT * FROM message_store.get_category_messages('pod', $1, $2)")
            .bind(position)
            .bind(PAGE)
            .fetch_all(&pool)
            .await?;
        let Some(last) = rows.last() else { return Ok(count) };
        position = last.try_get::<i64, _>("global_position")? + 1;
        for row in &rows {
            let _: Value = serde_json::from_str(row.try_get("data")?)?;
            count += 1;
        }
    }
}

async fn mire(pool: PgPool) -> Result<usize> {
    let store = mire::EventStore::new(pool);
    let (mut count, mut after) = (0, (0, 0));
    loop {
        let page = store.read_category_after_bounded("pod", after.0, after.1, PAGE, i64::MAX).await?;
        let Some(last) = page.last() else { return Ok(count) };
        after = (last.transaction_id, last.global_position);
        count += page.len();
    }
}
