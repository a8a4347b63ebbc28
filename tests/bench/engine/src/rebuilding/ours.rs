//! Ours: the checkpoint of a projection is put back to an older version, as it is found after an upgrade; the projector then
//! builds the table beside the live one and switches.

use super::{STREAMS, pod};
use crate::sealing::sealing;
use crate::{peers::Server, table::quantile};
use anyhow::{Result, ensure};
use commands::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::access::Scope;
use domain::{
    core::{actor::Actor, envelope::Metadata, event::Event, ids::CommandId},
    kubernetes::observed::ObservedEvent,
};
use projections::{
    Projections, Window,
    engine::feed,
    models::{
        pods::{self, Filter},
        registry::PROJECTIONS,
    },
};
use serde_json::json;
use sqlx::PgPool;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Notify, task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const WRITERS: usize = 4;
/// Events of a call while the log is filled.
const BATCH: usize = 100;
const READERS: usize = 2;
/// Between two reads of one reader.
const PAUSE: Duration = Duration::from_millis(5);
/// Rows of a page that is read.
const PAGE: i64 = 50;
const PATIENCE: Duration = Duration::from_secs(1800);

pub struct Rebuilt {
    pub events_a_second: f64,
    pub all_events_a_second: f64,
    pub reads: usize,
    pub failed: usize,
    pub p99: f64,
}

pub async fn rebuilt(server: &Server, events: usize) -> Result<Rebuilt> {
    let fresh = server.fresh().await?;
    let pool = server.ours(&fresh, 12).await?;
    fill(&pool, events).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&pool).await?;
    let all: Vec<&str> = PROJECTIONS.iter().map(|projection| projection.name()).collect();
    // All of them first: the tables stand then as they do when people read them.
    let all_took = rebuild(&pool, &all).await?;
    let (ends, mut readers) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
    for _ in 0..READERS {
        readers.spawn(read(pool.clone(), Arc::clone(&ends)));
    }
    let took = rebuild(&pool, &["pods"]).await?;
    ends.store(true, Ordering::Relaxed);
    let (mut times, mut failed) = (Vec::new(), 0);
    while let Some(done) = readers.join_next().await {
        let (some, wrong) = done?;
        times.extend(some);
        failed += wrong;
    }
    ensure!(
        pods::count(&pool, &Scope::everything(), &Filter::default()).await? == STREAMS as i64,
        "not all pods are there"
    );
    ensure!(failed == 0, "{failed} reads failed or were not whole");
    pool.close().await;
    server.drop(fresh).await?;
    Ok(Rebuilt {
        events_a_second: events as f64 / took,
        all_events_a_second: events as f64 / all_took,
        reads: times.len(),
        failed,
        p99: quantile(&mut times, 0.99),
    })
}

async fn fill(pool: &PgPool, events: usize) -> Result<()> {
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let each = events / STREAMS;
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            for from in (0..each).step_by(BATCH) {
                for stream in (writer..STREAMS).step_by(WRITERS) {
                    let turns = from..each.min(from + BATCH);
                    let appended = store.append(request(stream, turns)?).await?;
                    ensure!(matches!(appended, Appended::Done { .. }), "{appended:?}");
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

fn request(stream: usize, turns: std::ops::Range<usize>) -> Result<Request> {
    let id = CommandId(Uuid::now_v7());
    let expected = Expected::Exact(turns.start as i64);
    let events = turns.enumerate().map(|(ordinal, turn)| {
        let event: ObservedEvent = serde_json::from_value(json!({"PodObserved": pod(stream, turn)}))?;
        let metadata = Metadata::by(Actor::system("watcher"));
        Ok(NewEvent { id: id.event(ordinal), event: Event::from(event), metadata })
    });
    Ok(Request::new(
        format!("observed:dev/team-{}/Pod/web-{}-{stream}", stream % 50, stream / 10),
        expected,
        events.collect::<Result<_>>()?,
    ))
}

/// Seconds until the projector has built these projections anew.
pub async fn rebuild(pool: &PgPool, names: &[&str]) -> Result<f64> {
    let head = feed::head(pool).await?;
    for projection in PROJECTIONS {
        let is_old = names.contains(&projection.name());
        sqlx::query(
            "INSERT INTO read.checkpoints (projection, version, position, fence) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (projection) DO UPDATE SET version = excluded.version, position = excluded.position",
        )
        .bind(projection.name())
        .bind(projection.version() - i32::from(is_old))
        .bind(head)
        .execute(pool)
        .await?;
    }
    let (projections, shutdown) = (Projections::new(pool.clone(), sealing()), CancellationToken::new());
    let begun = Instant::now();
    let running = tokio::spawn({
        let (projections, shutdown) = (projections.clone(), shutdown.clone());
        async move { projections.run_projector(Uuid::now_v7().to_string(), shutdown).await }
    });
    let versions: i64 = PROJECTIONS.iter().map(|projection| i64::from(projection.version())).sum();
    loop {
        ensure!(begun.elapsed() < PATIENCE, "the rebuild takes too long");
        let sum: i64 = sqlx::query_scalar("SELECT sum(version) FROM read.checkpoints").fetch_one(pool).await?;
        if sum == versions {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    let took = begun.elapsed().as_secs_f64();
    shutdown.cancel();
    running.await?;
    projections.close().await;
    Ok(took)
}

/// Reads pages as the console does: how long each took in ms, and how many failed or were not whole.
async fn read(pool: PgPool, ends: Arc<AtomicBool>) -> (Vec<f64>, usize) {
    let (mut times, mut failed) = (Vec::new(), 0);
    for turn in 0_usize.. {
        if ends.load(Ordering::Relaxed) {
            break;
        }
        let begun = Instant::now();
        let filter = Filter { namespaces: vec![format!("team-{}", turn % 50)], ..Filter::default() };
        let page =
            pods::page(&pool, &Scope::everything(), &filter, pods::Order::default(), &Window::first(PAGE), true).await;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        failed += usize::from(page.map_or(0, |page| page.rows.len()) != PAGE as usize);
        sleep(PAUSE).await;
    }
    (times, failed)
}
