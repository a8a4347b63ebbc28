//! The command line: one file for each subcommand. Errors are `anyhow` only here.
//!
//! Nothing here uses `println!`, which panics when the reader of a pipe has gone: see [`say`].

#![deny(clippy::print_stdout)]

mod doctor;
mod forget;
mod migrate;
mod quarantine;
mod reset_password;
mod schema;
mod seal;
mod serve;

use crate::{
    config::{Database, environment},
    database,
    graphql::engine::limits,
};
use anyhow::{bail, ensure};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ContextKind};
use commands::{Clusters, Settings, WriteSide};
use domain::{core::sealing::SealingKeys, kubernetes::secret};
use projections::language::Language;
use sqlx::PgPool;
use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// Exit code for a wrong setting.
const WRONG_SETTING: u8 = 2;

/// A Kubernetes console that can prove what happened.
#[derive(Parser, Debug)]
#[command(name = "binnacle", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the API and the dashboard, and run the background work.
    Serve(Box<crate::config::Config>),
    /// Migrate the database to the schema of this version; uses BINNACLE_DATABASE_ADMIN_URL if it is set.
    Migrate(migrate::Migrate),
    /// Print the GraphQL schema.
    Schema,
    /// Check everything Binnacle needs, and say how to fix what is missing.
    Doctor(doctor::Doctor),
    /// Set a new random password for an account, print it once, and end the account's sessions.
    ResetPassword(reset_password::ResetPassword),
    /// Delete what people wrote freely in a namespace or an object, or what the log says of a person
    Forget(forget::Forget),
    /// Manage the sealing key, which is kept outside the database
    Seal(seal::Seal),
    /// Let a stopped projection skip the event it stopped at; the log records who decided so, and why.
    Quarantine(quarantine::Quarantine),
}

/// Parses the arguments and runs. Exit code 2 for a wrong setting, 1 for a failure.
pub fn main() -> ExitCode {
    let command = match parse() {
        Ok(command) => command,
        Err(code) => return code,
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("binnacle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<Command, ExitCode> {
    let names: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    environment::check(names.iter().map(String::as_str), &Cli::command()).map_err(wrong_setting)?;
    let parsed = Cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map(|cli| cli.command).map_err(|error| {
        let _ = error.print();
        if let Some(flag) = error.get(ContextKind::InvalidArg).filter(|_| error.use_stderr()) {
            eprintln!("as an environment variable: {}", environment::setting_of(&flag.to_string()));
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_SETTING))
    })
}

fn wrong_setting(message: impl std::fmt::Display) -> ExitCode {
    eprintln!("binnacle: {message}");
    ExitCode::from(WRONG_SETTING)
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(config) => serve::run(*config),
        Command::Migrate(migrate) => migrate.run(),
        Command::Schema => schema::run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::ResetPassword(reset) => reset.run(),
        Command::Forget(forget) => forget.run(),
        Command::Seal(seal) => seal.run(),
        Command::Quarantine(quarantine) => quarantine.run(),
    }
}

/// Prints a line. A command goes on when nobody can read it: it may be in the middle of its work.
fn say(line: impl Display) {
    if let Err(error) = print(&format!("{line}\n")) {
        let _ = writeln!(io::stderr(), "binnacle: standard output: {error}");
    }
}

/// Prints a text. A reader that has closed the pipe, such as `head`, has read enough.
fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// The name of the user, or the number where the environment has no name.
fn user_of_the_shell() -> String {
    let name = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    name.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}

/// Author and reason of a decision. The log keeps both for ever, in clear.
fn must_be_said(flag: &str, text: &str) -> anyhow::Result<()> {
    ensure!(!text.trim().is_empty(), "{flag}: say it, the audit log keeps it");
    ensure!(text.len() <= limits::REASON, "{flag}: at most {} bytes", limits::REASON);
    if let Some(rule) = secret::in_text(text) {
        bail!("{flag}: this is {}, and the log is kept for ever", Language::English.text(&rule.message()));
    }
    Ok(())
}

/// A runtime with one worker thread for each core.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    // Blocking work is password hashing and parsing of long documents, which semaphores bound, and name resolution.
    tokio::runtime::Builder::new_multi_thread().worker_threads(cores).max_blocking_threads(16).enable_all().build()
}

/// The write side for the command line, with its connections: for a database of this version, without clusters.
async fn write_side(settings: &Database, sealing: Arc<SealingKeys>) -> anyhow::Result<(PgPool, WriteSide)> {
    let pools = database::connect(settings, database::PATIENCE).await?;
    database::check_schema(&pools.read).await?;
    let settings = Settings {
        pool: pools.write.clone(),
        sealing,
        owner: Uuid::now_v7().to_string(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(60),
        kubernetes_events_days: 30,
        on_appended: Arc::new(|_| {}),
    };
    Ok((pools.write, WriteSide::with_clusters(settings, Clusters::new(Vec::new()))))
}
