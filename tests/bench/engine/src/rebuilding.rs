//! B7: a read table built anew from the log, while people read it: one row a pod, three indexes, of a log in which each of ten
//! thousand pods was seen again and again. The peers project the same events into the same table, by the means that they
//! document; they have no second table to build beside the one that is read, so that nobody reads theirs meanwhile.

mod mire_table;
pub mod ours;

use crate::{
    Wanted,
    external::{self, Language},
    peers::Server,
    table::words,
};
use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

/// Pods, each a stream.
const STREAMS: usize = 10_000;
/// Events of a peer that takes in one at a time: its speed does not depend on how many there are.
const FEW: usize = 20_000;

/// Name, language, script.
const SCRIPTS: [(&str, Language, &str); 2] = [
    ("emmett-postgresql 0.42.0 (Node)", Language::Node, "emmett_rebuild.mjs"),
    ("eventsourcing 9.5.6 (Python)", Language::Python, "eventsourcing_rebuild.py"),
];

#[derive(Deserialize)]
struct Found {
    seconds: f64,
}

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let events = if wanted.quick { 50_000 } else { 1_000_000 };
    println!("B7 a read table of {STREAMS} rows from {events} events: events/s");
    let mut found = Vec::new();
    for _ in 0..wanted.rounds {
        found.push(ours::rebuilt(server, events).await?);
    }
    let of = |figure: fn(&ours::Rebuilt) -> f64| found.iter().map(figure).collect::<Vec<_>>();
    println!("  {:32} {}", "Binnacle, the table of pods", words(of(|rebuilt| rebuilt.events_a_second), 0));
    println!(
        "  {:32} {} reads meanwhile, failed or not whole {}; p99 ms {}",
        "",
        words(of(|rebuilt| rebuilt.reads as f64), 0),
        words(of(|rebuilt| rebuilt.failed as f64), 0),
        words(of(|rebuilt| rebuilt.p99), 1),
    );
    println!("  {:32} {}", "Binnacle, all read tables", words(of(|rebuilt| rebuilt.all_events_a_second), 0));
    if wanted.only.as_deref() == Some("Binnacle") {
        return Ok(());
    }
    let mut speeds = Vec::new();
    for _ in 0..wanted.rounds {
        speeds.push(mire_table::rebuilt(server, events).await?);
    }
    println!("  {:32} {}", "mire 0.4.0", words(speeds, 0));
    for (name, language, script) in SCRIPTS {
        match scripted(server, wanted, language, script).await {
            Ok(speeds) => println!("  {name:32} {}  [{FEW} events]", words(speeds, 0)),
            Err(error) => println!("  {name:32} left out: {error:#}"),
        }
    }
    println!();
    Ok(())
}

async fn scripted(server: &Server, wanted: &Wanted, language: Language, script: &str) -> Result<Vec<f64>> {
    let mut speeds = Vec::new();
    for _ in 0..wanted.rounds {
        let fresh = server.fresh().await?;
        let arguments = [FEW.to_string(), STREAMS.to_string()];
        let found = external::run::<Found>(language, script, &fresh, &arguments).await;
        server.drop(fresh).await?;
        speeds.push(FEW as f64 / found?.seconds);
    }
    Ok(speeds)
}

/// A pod as it was seen for the `turn`-th time, in the words of our log.
fn pod(stream: usize, turn: usize) -> Value {
    let is_ready = turn.is_multiple_of(2);
    json!({
        "uid": format!("{stream:08}-0000-4000-8000-000000000000"),
        "resource_version": turn.to_string(),
        "created_at": "2026-11-20T08:00:00Z",
        "workload": format!("Deployment~dev~team-{}~web-{}", stream % 50, stream / 10),
        "labels": {"app.kubernetes.io/name": format!("web-{}", stream / 10), "pod-template-hash": "5d4f8c7b9"},
        "pod": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": if is_ready { "True" } else { "False" }}],
            "node": format!("node-{}", stream % 100),
            "containers": [{"name": "web", "image": "registry.example.com/web:2.14.0", "ready": is_ready,
                "started": true, "restarts": turn, "state": {"running": {"since": "2026-11-20T08:00:05Z"}}}],
        },
    })
}

/// The same as the row that a peer's fold writes: it has nothing to evaluate.
fn row(stream: usize, turn: usize) -> Value {
    let mut seen = pod(stream, turn);
    let is_ready = turn.is_multiple_of(2);
    seen["pod"] = json!({
        "created_at": seen["created_at"], "workload": seen["workload"], "labels": seen["labels"],
        "phase": "Running", "ready": is_ready, "restarts": turn, "node": seen["pod"]["node"],
        "containers": [{"name": "web", "image": "registry.example.com/web:2.14.0", "ready": is_ready, "restarts": turn,
            "state": "running"}],
    });
    seen
}
