//! The audit tool: proves to others that the log is whole and that what people see is its fold. It can write to no
//! database and reach no cluster. Exit 0: it holds; 1: it does not, and the first bad place is named; 2: it could not run.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use projections::evidence::{Broken, Holds, Verdict, export, replay, show, verify};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{path::PathBuf, process::ExitCode, time::Duration};
use uuid::Uuid;

#[derive(Parser)]
#[command(
    name = "binnacle-audit",
    version,
    about = "Proves what happened: verifies, replays, exports and shows the log"
)]
struct Arguments {
    /// Postgres with the log; the application's role is enough
    #[arg(long, global = true, env = "BINNACLE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// One line of JSON instead of words
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks positions, versions, hashes, the chain and that every event can be read
    Verify {
        /// An exported file instead of the database
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Builds all read tables anew from the log and compares them with the live ones
    Replay,
    /// Writes the log as JSON lines that `verify --file` checks without a database
    Export {
        /// A file, or a folder that exists
        #[arg(long)]
        output: PathBuf,
    },
    /// Prints events
    Show(ShowArguments),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct ShowArguments {
    /// The event at this position
    position: Option<i64>,
    /// All events of an operation
    #[arg(long)]
    operation: Option<Uuid>,
    /// All events of a stream
    #[arg(long)]
    stream: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("binnacle-audit: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether it holds.
async fn run(arguments: &Arguments) -> Result<bool> {
    match &arguments.command {
        Command::Verify { file: Some(file) } => say(arguments, &export::verify_file(file)?),
        Command::Verify { file: None } => say(arguments, &verify::database(&connect(arguments).await?).await?),
        Command::Replay => say(arguments, &replay::replay(&connect(arguments).await?).await?),
        Command::Export { output } => {
            let (path, events) = export::export(&connect(arguments).await?, output).await?;
            let path = path.display();
            if arguments.json {
                println!("{}", serde_json::json!({"file": path.to_string(), "events": events}));
            } else {
                println!("{events} events in {path}");
            }
            Ok(true)
        }
        Command::Show(which) => print_events(arguments, which).await,
    }
}

async fn connect(arguments: &Arguments) -> Result<PgPool> {
    let url = arguments.database_url.as_deref().context("no database: set BINNACLE_DATABASE_URL or --database-url")?;
    let options: PgConnectOptions = url.parse().context("the address of the database")?;
    // One connection by itself says why it cannot be made; a pool only says that it waited.
    tokio::time::timeout(Duration::from_secs(10), PgConnection::connect_with(&options))
        .await
        .context("the database does not answer")?
        .context("the database cannot be reached")?
        .close()
        .await?;
    Ok(PgPoolOptions::new().max_connections(4).connect_lazy_with(options))
}

fn say(arguments: &Arguments, verdict: &Verdict) -> Result<bool> {
    if arguments.json {
        println!("{}", serde_json::to_string(verdict)?);
    }
    match verdict {
        Verdict::Holds(holds) if !arguments.json => println!("{}", in_words(holds)),
        Verdict::Broken(Broken { position, problem, .. }) if !arguments.json => match position {
            Some(position) => println!("does not hold at position {position}: {problem}"),
            None => println!("does not hold: {problem}"),
        },
        Verdict::Holds(_) | Verdict::Broken(_) => {}
    }
    Ok(matches!(verdict, Verdict::Holds(_)))
}

fn in_words(holds: &Holds) -> String {
    match &holds.chain {
        Some(chain) => format!("holds: {} events in {} streams, chain {chain}", holds.events, holds.streams),
        None => format!("holds: {} rows are the fold of {} events", holds.rows, holds.events),
    }
}

async fn print_events(arguments: &Arguments, which: &ShowArguments) -> Result<bool> {
    let which = match (which.position, which.operation, &which.stream) {
        (Some(position), ..) => show::Which::Position(position),
        (None, Some(operation), _) => show::Which::Operation(operation),
        (None, None, stream) => show::Which::Stream(stream.clone().unwrap_or_default()),
    };
    let events = show::find(&connect(arguments).await?, &which).await?;
    anyhow::ensure!(!events.is_empty(), "there is no such event");
    for event in &events {
        if arguments.json {
            println!("{}", show::as_json(event));
        } else {
            println!("{}\n", show::readable(event));
        }
    }
    Ok(true)
}
