//! Appends: B3 (one event a call), B4 (a hundred), B5 (many writers on few streams).

use crate::{
    Wanted,
    external::{self, Language},
    peers::{Fresh, Peer, Server, Which},
    table::{quantile, words},
};
use anyhow::Result;
use serde::Deserialize;
use sqlx::AssertSqlSafe;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Mutex, task::JoinSet, time::Instant};

const STREAMS: usize = 1000;
const STORES: [Which; 4] = [Which::Plain, Which::Binnacle, Which::MessageDb, Which::Mire];

/// A store of another language, driven by a script: its client is not ours.
const EMMETT: &str = "emmett-postgresql 0.42.0 (Node)";

/// What one store did in one window.
#[derive(Deserialize)]
pub struct Window {
    pub events_a_second: f64,
    p50: f64,
    p99: f64,
    #[serde(default)]
    conflicts: u64,
}

fn window(wanted: &Wanted) -> (Duration, Duration) {
    if wanted.quick {
        (Duration::from_millis(300), Duration::from_secs(1))
    } else {
        (Duration::from_millis(700), Duration::from_secs(3))
    }
}

/// `clients` at once, each on streams of its own.
pub async fn own_streams(peer: Arc<dyn Peer>, clients: usize, events: usize, wanted: &Wanted) -> Result<Window> {
    let (warm_up, length) = window(wanted);
    let (counts, ends) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let measured = Arc::new(AtomicBool::new(false));
    let times = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let (peer, counts, ends, measured, times) =
            (Arc::clone(&peer), Arc::clone(&counts), Arc::clone(&ends), Arc::clone(&measured), Arc::clone(&times));
        tasks.spawn(async move {
            let mine: Vec<usize> = (0..STREAMS).filter(|stream| stream % clients == client).collect();
            let mut versions = vec![0_i64; mine.len()];
            let mut took = Vec::new();
            for turn in 0.. {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                let nth = turn % mine.len();
                let begun = Instant::now();
                anyhow::ensure!(
                    peer.append(mine[nth], versions[nth], events).await?,
                    "a conflict on a stream of one's own"
                );
                versions[nth] += events as i64;
                if measured.load(Ordering::Relaxed) {
                    counts.fetch_add(events as u64, Ordering::Relaxed);
                    took.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
            }
            times.lock().await.extend(took);
            Ok(())
        });
    }
    tokio::time::sleep(warm_up).await;
    measured.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    tokio::time::sleep(length).await;
    let (count, took) = (counts.load(Ordering::Relaxed), begun.elapsed());
    ends.store(true, Ordering::Relaxed);
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let mut times = times.lock().await;
    let (p50, p99) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
    Ok(Window { events_a_second: count as f64 / took.as_secs_f64(), p50, p99, conflicts: 0 })
}

/// All writers on the same few streams, each tries again on the version it finds.
async fn shared_streams(peer: Arc<dyn Peer>, streams: usize, wanted: &Wanted) -> Result<Window> {
    let (warm_up, length) = window(wanted);
    let (counts, conflicts, ends) =
        (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let versions: Arc<Vec<AtomicU64>> = Arc::new((0..streams).map(|_| AtomicU64::new(0)).collect());
    let mut tasks = JoinSet::new();
    for writer in 0..64_usize {
        let (peer, counts, conflicts, ends, versions) =
            (Arc::clone(&peer), Arc::clone(&counts), Arc::clone(&conflicts), Arc::clone(&ends), Arc::clone(&versions));
        tasks.spawn(async move {
            for turn in 0_usize.. {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                let stream = (writer + turn * 7) % streams;
                // What this writer believes; another one may be faster.
                let version = versions[stream].load(Ordering::Relaxed);
                if peer.append(stream, version as i64, 1).await? {
                    versions[stream].fetch_max(version + 1, Ordering::Relaxed);
                    counts.fetch_add(1, Ordering::Relaxed);
                } else {
                    conflicts.fetch_add(1, Ordering::Relaxed);
                }
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(warm_up).await;
    let (begun, before) = (Instant::now(), counts.load(Ordering::Relaxed));
    tokio::time::sleep(length).await;
    let (count, took) = (counts.load(Ordering::Relaxed) - before, begun.elapsed());
    ends.store(true, Ordering::Relaxed);
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let conflicts = conflicts.load(Ordering::Relaxed);
    Ok(Window { events_a_second: count as f64 / took.as_secs_f64(), p50: 0.0, p99: 0.0, conflicts })
}

/// Positions that were handed out and hold no event.
async fn burnt(peer: &dyn Peer, which: Which) -> Result<i64> {
    let position = match which {
        Which::MessageDb | Which::Mire => "global_position",
        Which::Plain | Which::Binnacle => "position",
    };
    let sql = format!("SELECT coalesce(max({position}), 0) - count(*) FROM {}", peer.table());
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(peer.pool()).await?)
}

pub async fn append(server: &Server, wanted: &Wanted) -> Result<()> {
    println!(
        "B3 append of 1 event, expected version checked, {STREAMS} streams: ratio to plain INSERT [events/s; p50 / p99 ms]"
    );
    for clients in std::env::var("CLIENTS").map_or(vec![1, 8, 32, 64], |c| vec![c.parse().unwrap()]) {
        in_turn(server, wanted, clients, 1).await?;
    }
    Ok(())
}

pub async fn batch(server: &Server, wanted: &Wanted) -> Result<()> {
    println!("B4 append of 100 events a call, 8 writers: ratio to plain multi-row INSERT [events/s; p50 / p99 ms]");
    in_turn(server, wanted, 8, 100).await
}

async fn in_turn(server: &Server, wanted: &Wanted, clients: usize, events: usize) -> Result<()> {
    let stores: Vec<Which> = STORES.into_iter().filter(|which| wanted.asks_for(which.name())).collect();
    let mut found: Vec<Vec<Window>> = stores.iter().map(|_| Vec::new()).collect();
    let mut of_emmett = Vec::new();
    for _ in 0..wanted.rounds {
        for (nth, &which) in stores.iter().enumerate() {
            let fresh = server.fresh().await?;
            let peer = server.peer(which, &fresh, clients).await?;
            found[nth].push(own_streams(Arc::clone(&peer), clients, events, wanted).await?);
            server.drop(fresh).await?;
        }
        if wanted.only.is_none() {
            let fresh = server.fresh().await?;
            of_emmett.push(emmett(&fresh, clients, events, wanted).await);
            server.drop(fresh).await?;
        }
    }
    for (which, windows) in stores.iter().zip(&found) {
        tell(clients, which.name(), windows, &found[0]);
    }
    match of_emmett.into_iter().collect::<Result<Vec<_>>>() {
        Ok(windows) if windows.is_empty() => {}
        Ok(windows) => tell(clients, EMMETT, &windows, &found[0]),
        Err(error) => println!("  {clients:2} clients  {EMMETT:32} left out: {error:#}"),
    }
    println!();
    Ok(())
}

fn tell(clients: usize, name: &str, windows: &[Window], plain: &[Window]) {
    let ratios = windows.iter().zip(plain).map(|(it, plain)| it.events_a_second / plain.events_a_second);
    let of = |figure: fn(&Window) -> f64| windows.iter().map(figure).collect::<Vec<_>>();
    println!(
        "  {clients:2} clients  {name:32} {}  [{}; {} / {}]",
        words(ratios.collect(), 2),
        words(of(|window| window.events_a_second), 0),
        words(of(|window| window.p50), 2),
        words(of(|window| window.p99), 1),
    );
}

async fn emmett(fresh: &Fresh, clients: usize, events: usize, wanted: &Wanted) -> Result<Window> {
    let (warm_up, length) = window(wanted);
    let arguments = [clients, events, STREAMS, warm_up.as_millis() as usize, length.as_millis() as usize];
    external::run(Language::Node, "emmett_append.mjs", fresh, &arguments.map(|number| number.to_string())).await
}

pub async fn contention(server: &Server, wanted: &Wanted) -> Result<()> {
    println!("B5 64 writers on the same streams: appended/s [conflicts; positions burnt]");
    for streams in [1, 10, 1000] {
        for which in [Which::Binnacle, Which::MessageDb, Which::Mire] {
            let (mut speeds, mut conflicts, mut lost) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..wanted.rounds {
                let fresh = server.fresh().await?;
                let peer = server.peer(which, &fresh, 64).await?;
                let window = shared_streams(Arc::clone(&peer), streams, wanted).await?;
                speeds.push(window.events_a_second);
                conflicts.push(window.conflicts as f64);
                lost.push(burnt(peer.as_ref(), which).await? as f64);
                server.drop(fresh).await?;
            }
            let name = which.name();
            println!(
                "  {streams:4} streams  {name:32} {}  [{}; {}]",
                words(speeds, 0),
                words(conflicts, 0),
                words(lost, 0)
            );
        }
    }
    println!();
    Ok(())
}
