//! The engine beside its peers, in one run on one Postgres: appends, contention, catch-up, a stalled transaction, sealing.
//! Figures are ratios to a plain INSERT (or a COPY) of the same round. See `run` beside this folder.

mod catch_up;
mod peers;
mod rounds;
mod seal;
mod stalled;
mod table;

use anyhow::{Result, bail};
use peers::Server;

pub struct Wanted {
    pub rounds: usize,
    pub quick: bool,
    /// One store alone, for a profiler.
    pub only: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut wanted = Wanted { rounds: 3, quick: false, only: None };
    let mut rows = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => (wanted.rounds, wanted.quick) = (1, true),
            "--only" => wanted.only = words.next(),
            "--rounds" => wanted.rounds = words.next().unwrap_or_default().parse()?,
            "append" | "batch" | "contention" | "catch-up" | "stalled" | "seal" => rows.push(word),
            other => bail!(
                "{other}: unknown. Rows: append batch contention catch-up stalled seal. Flags: --quick --rounds N --only STORE"
            ),
        }
    }
    let server = Server::open().await?;
    server.tell_conditions(&wanted).await?;
    let is_asked = |row: &str| rows.is_empty() || rows.iter().any(|asked| asked == row);
    if is_asked("append") {
        rounds::append(&server, &wanted).await?;
    }
    if is_asked("batch") {
        rounds::batch(&server, &wanted).await?;
    }
    if is_asked("contention") {
        rounds::contention(&server, &wanted).await?;
    }
    if is_asked("catch-up") {
        catch_up::run(&server, &wanted).await?;
    }
    if is_asked("stalled") {
        stalled::run(&server, &wanted).await?;
    }
    if is_asked("seal") {
        seal::run(&server, &wanted).await?;
    }
    Ok(())
}
