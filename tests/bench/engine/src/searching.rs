//! B16: a word in the audit log of ten million rows, and what its index costs a rebuild.

use crate::{
    Wanted,
    peers::Server,
    rebuilding::ours::rebuild,
    sealing::sealing,
    table::{quantile, words},
};
use anyhow::{Result, ensure};
use commands::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    access::Scope,
    core::{actor::Actor, envelope::Metadata, ids::CommandId},
    kubernetes::observed::ObservedEvent,
};
use fastrand::Rng;
use projections::{
    Window,
    models::audit::{self, Filter},
};
use sqlx::PgPool;
use std::{sync::Arc, time::Instant};
use tokio::{sync::Notify, task::JoinSet, try_join};
use uuid::Uuid;

const WRITERS: usize = 8;
/// Events of a call while the log is filled.
const BATCH: usize = 100;
/// Events of a stream.
const EACH: usize = 1000;
/// Searches of a kind.
const SEARCHES: usize = 100;
/// Rows of a page.
const PAGE: i64 = 50;
/// Of a rare word, a reason or a name, p95, in ms.
const BOUND: f64 = 300.0;
const WORDS: [&str; 24] = [
    "customers",
    "waited",
    "for",
    "the",
    "checkout",
    "during",
    "a",
    "release",
    "so",
    "more",
    "replicas",
    "are",
    "needed",
    "until",
    "monday",
    "after",
    "an",
    "incident",
    "in",
    "the",
    "payment",
    "queue",
    "was",
    "reported",
];

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let (few, many) = if wanted.quick { (100_000, 1_000_000) } else { (1_000_000, 10_000_000) };
    println!(
        "B16 search in the audit log: ms, 50 rows and their number. All rows have words and a reason; none is of a pod"
    );
    cost(server, wanted, few).await?;
    let fresh = server.fresh().await?;
    let pool = server.ours(&fresh, 12).await?;
    fill(&pool, many).await?;
    let took = rebuild(&pool, &["audit_log"]).await?;
    sqlx::raw_sql("VACUUM ANALYZE read.audit_log").execute(&pool).await?;
    let size = "SELECT pg_size_pretty(pg_relation_size('read.audit_log')) || ' and its index of words ' \
                || pg_size_pretty(pg_relation_size('read.audit_log_by_words'))";
    let size: String = sqlx::query_scalar(size).fetch_one(&pool).await?;
    println!("  {many} rows built in {took:.0} s: {size}");
    let mut dice = Rng::with_seed(7);
    let mut late = Vec::new();
    for (what, wanted) in [
        ("a ticket that one reason names", (0..SEARCHES).map(|_| ticket(dice.usize(..many))).collect::<Vec<_>>()),
        ("a name that a thousand rows have", (0..SEARCHES).map(|_| name(dice.usize(..many / EACH))).collect()),
        ("a word that no row has", (0..SEARCHES).map(|nth| format!("zebra-{nth}")).collect()),
        ("a word of most reasons", vec!["incident".to_owned(); 10]),
    ] {
        let mut times = search(&pool, &wanted, what != "a word that no row has").await?;
        let p95 = quantile(&mut times, 0.95);
        println!(
            "  {what:34} p50 {:7.1}  p95 {p95:7.1}  most {:7.1}",
            quantile(&mut times, 0.5),
            quantile(&mut times, 1.0)
        );
        if p95 > BOUND {
            late.push(what);
        }
    }
    pool.close().await;
    server.drop(fresh).await?;
    println!();
    ensure!(late.is_empty(), "over {BOUND} ms at p95: {}", late.join(", "));
    Ok(())
}

/// A rebuild with the index of words against one without it.
async fn cost(server: &Server, wanted: &Wanted, events: usize) -> Result<()> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..wanted.rounds {
        for (has_index, speeds) in [(true, &mut with), (false, &mut without)] {
            let fresh = server.fresh().await?;
            let pool = server.ours(&fresh, 12).await?;
            fill(&pool, events).await?;
            if !has_index {
                sqlx::raw_sql("DROP INDEX read.audit_log_by_words").execute(&pool).await?;
            }
            sqlx::raw_sql("VACUUM ANALYZE events").execute(&pool).await?;
            speeds.push(events as f64 / rebuild(&pool, &["audit_log"]).await?);
            pool.close().await;
            server.drop(fresh).await?;
        }
    }
    let ratios = with.iter().zip(&without).map(|(with, without)| with / without).collect();
    println!(
        "  rebuild of {events} rows with the index against without: ratio {} [events/s {}; {}]",
        words(ratios, 2),
        words(with, 0),
        words(without, 0)
    );
    Ok(())
}

/// How long each search took, in ms.
async fn search(pool: &PgPool, texts: &[String], finds: bool) -> Result<Vec<f64>> {
    let (scope, window) = (Scope::everything(), Window::first(PAGE));
    let mut times = Vec::with_capacity(texts.len());
    for text in texts {
        let filter = Filter { search: Some(text.clone()), ..Filter::default() };
        let begun = Instant::now();
        // At once, as the gateway reads them.
        let reads = (audit::page(pool, &scope, &filter, &window), audit::count(pool, &scope, &filter));
        let (page, count) = try_join!(reads.0, reads.1)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        ensure!(
            page.rows.is_empty() != finds && count != Some(0) || !finds,
            "{text}: {} rows, {count:?}",
            page.rows.len()
        );
    }
    Ok(times)
}

fn name(stream: usize) -> String {
    format!("team-{stream:05}")
}

fn ticket(event: usize) -> String {
    format!("INC-{event:08}")
}

/// A sentence of a person, with a ticket of its own.
fn reason(event: usize) -> String {
    let mut dice = Rng::with_seed(event as u64);
    let words = (0..8).map(|_| WORDS[dice.usize(..WORDS.len())]);
    format!("{}: {}", ticket(event), words.collect::<Vec<_>>().join(" "))
}

async fn fill(pool: &PgPool, events: usize) -> Result<()> {
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            for stream in (writer..events / EACH).step_by(WRITERS) {
                for from in (0..EACH).step_by(BATCH) {
                    let appended = store.append(request(stream, from)).await?;
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

fn request(stream: usize, from: usize) -> Request {
    let id = CommandId(Uuid::now_v7());
    let event = |nth: usize| {
        let event = ObservedEvent::NamespaceGone { uid: format!("{stream}-{nth}") };
        let reason = Some(reason(stream * EACH + from + nth));
        let metadata = Metadata { reason, ..Metadata::by(Actor::system("bench")) };
        NewEvent { id: id.event(nth), event: event.into(), metadata }
    };
    let stream = format!("observed:dev/_/Namespace/{}", name(stream));
    Request::new(stream, Expected::Exact(from as i64), (0..BATCH).map(event).collect())
}
