//! B14: what it costs to know the pods of a cluster: memory above that of the same process before it looked, and time until all
//! are known. Ours is the watch of the gateway, which also appends what it saw to the log; the peer is the store of kube-rs,
//! which keeps objects whole. Each in a process of its own, fed by the same server.

mod api_server;
mod child;

pub use child::run as run_as_child;

use crate::{
    Wanted,
    peers::{Fresh, Server},
    table::words,
};
use anyhow::{Context, Result, ensure};
use api_server::ApiServer;
use child::Found;
use sqlx::ConnectOptions;
use std::process::Stdio;
use tokio::process::Command;

/// Where the child finds the database.
const DATABASE: &str = "ENGINE_BENCH_DATABASE";

/// Who knows the pods, and what it is called for the child.
const KEEPERS: [(&str, &str); 5] = [
    ("Binnacle, first start", "binnacle"),
    ("Binnacle, started again", "binnacle-again"),
    ("the same, with half as many ConfigMaps", WITH_OBJECTS),
    ("kube-rs reflector 5.0", WHOLE),
    ("the same without managedFields", "reflector-modified"),
];
/// The one that also knows other objects, whose first start it is for them.
const WITH_OBJECTS: &str = "binnacle-objects";
/// The one that the others are compared with.
const WHOLE: &str = "reflector";

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    println!(
        "B14 all pods known, {} B each on the wire: MB above the start, steady [ratio to the reflector; MB at the peak; s until known]",
        api_server::bytes_of_a_pod()?
    );
    let sizes: &[usize] = if wanted.quick { &[10_000] } else { &[10_000, 100_000] };
    for &pods in sizes {
        let mut found: Vec<Vec<Found>> = KEEPERS.iter().map(|_| Vec::new()).collect();
        for _ in 0..wanted.rounds {
            let fresh = server.fresh().await?;
            let pool = server.ours(&fresh, 1).await?;
            for (nth, (name, keeper)) in KEEPERS.into_iter().enumerate() {
                // That of a process that did not end in an orderly way would be waited for.
                sqlx::query("DELETE FROM leases").execute(&pool).await?;
                found[nth].push(measure(&fresh, pods, keeper).await.context(name)?);
            }
            pool.close().await;
            server.drop(fresh).await?;
        }
        let whole = KEEPERS.iter().zip(&found).find(|((_, keeper), _)| *keeper == WHOLE);
        let (_, whole) = whole.context("nothing to compare with")?;
        for (nth, (name, _)) in KEEPERS.into_iter().enumerate() {
            let of = |figure: fn(&Found) -> f64| found[nth].iter().map(figure).collect::<Vec<_>>();
            let ratios = found[nth].iter().zip(whole).map(|(it, whole)| it.steady / whole.steady);
            println!(
                "  {pods:6} pods  {name:38} {}  [{}; {}; {}]",
                words(of(|found| found.steady), 0),
                words(ratios.collect(), 3),
                words(of(|found| found.peak), 0),
                words(of(|found| found.seconds), 1),
            );
        }
    }
    println!();
    Ok(())
}

async fn measure(fresh: &Fresh, pods: usize, keeper: &str) -> Result<Found> {
    let objects = if keeper == WITH_OBJECTS { pods / 2 } else { 0 };
    let api_server = ApiServer::start(pods, objects).await?;
    let output = Command::new(std::env::current_exe()?)
        .args(["as", "watcher", keeper, &api_server.url, &pods.to_string()])
        .env(DATABASE, fresh.options.to_url_lossy().as_str())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
