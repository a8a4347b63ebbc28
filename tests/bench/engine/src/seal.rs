//! B11: how fast a log is sealed and verified, how large a proof is, and what sealing costs those who append.

use crate::{
    Wanted,
    catch_up::fill,
    peers::{Server, Which},
    rounds::own_streams,
    table::words,
};
use anyhow::{Context, Result, bail, ensure};
use projections::{
    Projections,
    evidence::{
        Verdict,
        checkpoint::{Purpose, SigningKeys, TrustedKeys, new_key},
        notary::Notary,
        prove,
        verify::{self, Against},
    },
};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

struct Sealing {
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    projections: Projections,
}

impl Sealing {
    fn start(pool: &PgPool, private: &str) -> Result<Self> {
        let (projections, shutdown) = (Projections::new(pool.clone()), CancellationToken::new());
        let notary = Some(Arc::new(Notary::open(SigningKeys::parse(private)?, None)?));
        let task = tokio::spawn({
            let (projections, shutdown) = (projections.clone(), shutdown.clone());
            async move { projections.run_sealer("bench".to_owned(), notary, shutdown).await }
        });
        Ok(Self { shutdown, task, projections })
    }

    async fn stop(self) -> Result<()> {
        self.shutdown.cancel();
        self.task.await?;
        self.projections.close().await;
        Ok(())
    }
}

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let events = if wanted.quick { 100_000 } else { 1_000_000 };
    println!("B11 evidence over {events} events");
    let fresh = server.fresh().await?;
    let peer = server.peer(Which::Binnacle, &fresh, 8).await?;
    fill(&peer, events).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(peer.pool()).await?;
    let (private, public) = new_key("bench.example/log", Purpose::Log)?;
    let begun = Instant::now();
    let sealing = Sealing::start(peer.pool(), &private)?;
    while prove::newest(peer.pool()).await?.is_none_or(|sealed| sealed.size < events as i64) {
        ensure!(begun.elapsed() < Duration::from_secs(600), "sealing takes too long");
        sleep(Duration::from_millis(20)).await;
    }
    println!("  sealed                           {:.0} leaves/s", events as f64 / begun.elapsed().as_secs_f64());
    sealing.stop().await?;
    let begun = Instant::now();
    let position = events as i64 / 3;
    let proof = prove::inclusion(peer.pool(), position).await?.context("a proof")?;
    let text = proof.text().context("a signed proof")?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    println!(
        "  proof of one event               {} B of hashes, {} B as a file, {took:.1} ms",
        proof.path.len() * 32,
        text.len()
    );
    let begun = Instant::now();
    let against = Against::new(TrustedKeys::new(&[public])?, Vec::new());
    match verify::database(peer.pool(), &against).await? {
        Verdict::Holds(_) => println!("  verified, hashes and tree {:.1} s", begun.elapsed().as_secs_f64()),
        Verdict::Broken(broken) => bail!("{broken:?}"),
    }
    server.drop(fresh).await?;
    append_cost(server, wanted, &private).await
}

/// Appends with sealing beside them, against appends without, in turn.
async fn append_cost(server: &Server, wanted: &Wanted, private: &str) -> Result<()> {
    let mut ratios = Vec::new();
    for _ in 0..wanted.rounds.max(3) {
        let mut speeds = Vec::new();
        for is_sealed in [false, true] {
            let fresh = server.fresh().await?;
            let peer = server.peer(Which::Binnacle, &fresh, 8).await?;
            let sealing = if is_sealed { Some(Sealing::start(peer.pool(), private)?) } else { None };
            speeds.push(own_streams(Arc::clone(&peer), 8, 1, wanted).await?.events_a_second);
            if let Some(sealing) = sealing {
                sealing.stop().await?;
            }
            server.drop(fresh).await?;
        }
        ratios.push(speeds[1] / speeds[0]);
    }
    println!("  appends of 8 clients while sealed, of those not sealed: {}\n", words(ratios, 2));
    Ok(())
}
