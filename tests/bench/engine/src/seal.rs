//! B11: how fast a log is sealed and verified, how large a proof is, and what sealing costs those who append. The peers make the same
//! tree of hashes that they are given; ours reads its leaves from the log, and keeps the tree and a signed checkpoint in Postgres.

use crate::sealing::sealing;
use crate::{
    Wanted,
    catch_up::fill,
    external::{self, Language},
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
use serde::Deserialize;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tlog_tiles::{Hash, HashReader, prove_record, record_hash, stored_hash_index, stored_hashes, tree_hash};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

struct Sealing {
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    projections: Projections,
}

impl Sealing {
    fn start(pool: &PgPool, private: &str) -> Result<Self> {
        let (projections, shutdown) = (Projections::new(pool.clone(), sealing()), CancellationToken::new());
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
    tlog(events)?;
    match external::run::<Merkle>(Language::Python, "pymerkle_seal.py", &fresh, &[events.to_string(), KEPT.to_string()])
        .await
    {
        Ok(merkle) => merkle.tell(),
        Err(error) => println!("  {MERKLE} left out: {error:#}"),
    }
    server.drop(fresh).await?;
    append_cost(server, wanted, &private).await
}

/// All hashes of a tree in memory.
struct Hashes(Vec<Hash>);

impl HashReader for Hashes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        indexes.iter().map(|&index| self.0.get(index as usize).copied().ok_or(tlog_tiles::Error::InvalidTile)).collect()
    }
}

/// The crate that our tiles are made by, one leaf after the other and in memory.
fn tlog(events: usize) -> Result<()> {
    let leaves: Vec<[u8; 32]> = (0..events as u64).map(|number| record_hash(&number.to_be_bytes()).0).collect();
    let (begun, mut tree) = (Instant::now(), Hashes(Vec::with_capacity(2 * events)));
    for (number, leaf) in (0..).zip(&leaves) {
        let hashes = stored_hashes(number, leaf, &tree)?;
        tree.0.extend(hashes);
    }
    ensure!(tree.0.len() as u64 > stored_hash_index(0, events as u64 - 1), "a hash is missing");
    tree_hash(events as u64, &tree)?;
    let speed = events as f64 / begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let proof = prove_record(events as u64, events as u64 / 3, &tree)?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    println!(
        "  tlog_tiles 0.2.0, in memory      {speed:.0} leaves/s, a proof {} B of hashes, {took:.1} ms",
        proof.len() * 32
    );
    Ok(())
}

const MERKLE: &str = "pymerkle 7.0.0 (Python)         ";
/// Leaves of the tree that it keeps: each is a transaction of its own.
const KEPT: usize = 2000;

#[derive(Deserialize)]
struct Merkle {
    leaves_a_second: f64,
    kept_leaves_a_second: f64,
    proof_bytes: usize,
    proof_ms: f64,
}

impl Merkle {
    fn tell(&self) {
        let Self { leaves_a_second, kept_leaves_a_second, proof_bytes, proof_ms } = self;
        println!(
            "  {MERKLE} {leaves_a_second:.0} leaves/s in memory, {kept_leaves_a_second:.0} kept in SQLite; a proof {proof_bytes} B \
             of hashes, {proof_ms:.1} ms"
        );
    }
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
