//! The log under torture: writers and readers in processes of their own that are killed at random, append transactions
//! that are held open and rolled back. Nothing acknowledged may be lost, nothing delivered twice, nothing out of order.
//!
//! `torture [--events N] [--seed N]`: a short slice in `make test`, a million events by `make torture`.

mod child;
mod reader;
mod verdict;
mod writer;

use anyhow::{Context, Result, bail, ensure};
use child::Child;
use fastrand::Rng;
use projections::DataKeys;
use projections::evidence::{
    Verdict,
    checkpoint::TrustedKeys,
    replay,
    verify::{self, Against},
};
use std::{process::ExitCode, time::Duration};
use tests::database::{Database, sealing};
use tokio::time::{Instant, sleep};
use verdict::Delivered;

/// Events appended in the slice that is part of every run of the tests.
const SLICE: u64 = 50_000;
const WRITERS: u64 = 2;
/// Between two kills, in milliseconds.
const KILL_EVERY: std::ops::Range<u64> = 300..1500;
/// Longer without progress, and something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

struct Wanted {
    events: u64,
    seed: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            match words.as_slice() {
                ["writer", number] => writer::run(number.parse()?).await,
                ["reader", after] => reader::run(after.parse()?).await,
                _ => torture(&wanted(&words)?).await,
            }
        })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("torture: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Flags of the test runner are passed over: it starts this like every other test.
fn wanted(words: &[&str]) -> Result<Wanted> {
    let mut wanted = Wanted { events: SLICE, seed: fastrand::u64(..) };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let mut number = || rest.next().with_context(|| format!("{word} needs a number"))?.parse().context("a number");
        match *word {
            "--events" => wanted.events = number()?,
            "--seed" => wanted.seed = number()?,
            _ => {}
        }
    }
    Ok(wanted)
}

async fn torture(wanted: &Wanted) -> Result<()> {
    println!("commit order under torture: {} events, {WRITERS} writing processes, seed {}", wanted.events, wanted.seed);
    let database = Database::create().await?;
    let owner = database.owner().await;
    sqlx::raw_sql(include_str!("hold.sql")).execute(&owner).await?;
    let begun = Instant::now();
    let mut delivered = Delivered::default();
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        writers.push(Child::start(&database, &["writer", &number.to_string()])?);
    }
    let mut reader = Child::start(&database, &["reader", "0"])?;
    let mut dice = Rng::with_seed(wanted.seed);
    let (mut kills, mut moved) = ([0; 2], Instant::now());
    while delivered.acknowledged() < wanted.events {
        sleep(Duration::from_millis(dice.u64(KILL_EVERY))).await;
        let before = delivered.total();
        collect(&mut writers, &mut reader, &mut delivered).await?;
        moved = if delivered.total() > before { Instant::now() } else { moved };
        ensure!(moved.elapsed() < PATIENCE, "nothing moved for {} s: {}", PATIENCE.as_secs(), delivered.words());
        match dice.u64(..=WRITERS) {
            number if number < WRITERS => {
                let writer = &mut writers[number as usize];
                writer.kill()?;
                delivered.wrote(&writer.lines())?;
                *writer = Child::start(&database, &["writer", &number.to_string()])?;
                kills[0] += 1;
            }
            _ => {
                reader.kill()?;
                delivered.read(&reader.lines())?;
                reader = Child::start(&database, &["reader", &delivered.position().to_string()])?;
                kills[1] += 1;
            }
        }
    }
    let took = begun.elapsed();
    for mut writer in writers.drain(..) {
        writer.kill()?;
        delivered.wrote(&writer.lines())?;
    }
    let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&owner).await?;
    moved = Instant::now();
    while delivered.position() < head {
        let before = delivered.position();
        ensure!(moved.elapsed() < PATIENCE, "the reader stays behind: {before} of {head}");
        collect(&mut writers, &mut reader, &mut delivered).await?;
        moved = if delivered.position() > before { Instant::now() } else { moved };
        sleep(Duration::from_millis(50)).await;
    }
    reader.kill()?;
    let (rolled_back, held): (i64, i64) =
        sqlx::query_as("SELECT rolled_back, held FROM torture.counted").fetch_one(&owner).await?;
    println!(
        "  {} in {:.1} s; {} writers and {} readers killed, {held} append transactions held, {rolled_back} rolled back",
        delivered.words(),
        took.as_secs_f64(),
        kills[0],
        kills[1],
    );
    delivered.judge()?;
    ensure!(rolled_back > 0 && held > rolled_back, "the torture was none");
    let application = database.application().await;
    let against = Against::new(TrustedKeys::new(&[])?, Vec::new());
    if let Verdict::Broken(broken) = verify::database(&application, &against).await? {
        bail!("the log does not verify: {broken:?}");
    }
    if let Verdict::Broken(broken) =
        replay::replay(&application, &DataKeys::new(application.clone(), sealing())).await?
    {
        bail!("the read tables are not the fold of the log: {broken:?}");
    }
    println!("  0 lost, 0 doubled, 0 out of order, no position burnt, the log verifies, the read tables are its fold");
    application.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

async fn collect(writers: &mut [Child], reader: &mut Child, delivered: &mut Delivered) -> Result<()> {
    for writer in writers {
        writer.must_run()?;
        delivered.wrote(&writer.lines())?;
    }
    reader.must_run()?;
    delivered.read(&reader.lines())
}
