//! The engine beside its peers, in one run on one Postgres: appends, contention, catch-up, a stalled transaction, sealing,
//! operations, watches; and the gateway beside GraphQL servers. Figures are ratios to a plain INSERT, a COPY, plain JSON of
//! the same round. See `run` beside this folder.

mod catch_up;
mod external;
mod growth;
mod live;
mod operations;
mod page;
mod peers;
mod rebuilding;
mod rounds;
mod seal;
mod sealing;
mod searching;
mod sockets;
mod stalled;
mod table;
mod watching;
mod web;

use anyhow::{Result, bail};
use peers::Server;

/// As in the gateway, for all that is measured in this program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: [&str; 14] = [
    "append",
    "batch",
    "contention",
    "catch-up",
    "growth",
    "rebuild",
    "search",
    "stalled",
    "seal",
    "operations",
    "watch",
    "page",
    "live",
    "sockets",
];

pub struct Wanted {
    pub rounds: usize,
    pub quick: bool,
    /// One store or server alone, for a profiler.
    pub only: Option<String>,
}

impl Wanted {
    /// Whether it is to be measured: the beginning of a name is enough.
    pub fn asks_for(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.starts_with(only))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [a_child, role, rest @ ..] = arguments.as_slice()
        && a_child == "as"
    {
        return run_as_child(role, rest).await;
    }
    let mut wanted = Wanted { rounds: 3, quick: false, only: None };
    let mut rows = Vec::new();
    let mut words = arguments.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => (wanted.rounds, wanted.quick) = (1, true),
            "--only" => wanted.only = words.next(),
            "--rounds" => wanted.rounds = words.next().unwrap_or_default().parse()?,
            row if ROWS.contains(&row) => rows.push(word),
            other => bail!("{other}: unknown. Rows: {}. Flags: --quick --rounds N --only NAME", ROWS.join(" ")),
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
    if is_asked("growth") {
        growth::run(&server, &wanted).await?;
    }
    if is_asked("rebuild") {
        rebuilding::run(&server, &wanted).await?;
    }
    if is_asked("stalled") {
        stalled::run(&server, &wanted).await?;
    }
    if is_asked("seal") {
        seal::run(&server, &wanted).await?;
    }
    if is_asked("operations") {
        operations::run(&server, &wanted).await?;
    }
    if is_asked("watch") {
        watching::run(&server, &wanted).await?;
    }
    if is_asked("page") {
        page::run(&server, &wanted).await?;
    }
    if is_asked("live") {
        live::run(&server, &wanted).await?;
    }
    if is_asked("sockets") {
        sockets::run(&server, &wanted).await?;
    }
    // Last: it ends with an error where it is too slow.
    if is_asked("search") {
        searching::run(&server, &wanted).await?;
    }
    Ok(())
}

/// This program as a process of its own that is measured or killed.
async fn run_as_child(role: &str, arguments: &[String]) -> Result<()> {
    match role {
        "executor" => operations::run_as_child(arguments).await,
        "watcher" => watching::run_as_child(arguments).await,
        other => bail!("{other}: no such child"),
    }
}
