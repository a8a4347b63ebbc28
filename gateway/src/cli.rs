//! The command line: one file for each subcommand. Only here errors are `anyhow`.

mod doctor;
mod migrate;
mod quarantine;
mod reset_password;
mod schema;
mod serve;

use crate::{
    config::{Database, environment},
    database,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ContextKind};
use commands::{Clusters, Settings, WriteSide};
use sqlx::PgPool;
use std::{process::ExitCode, sync::Arc, time::Duration};
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
        Command::Quarantine(quarantine) => quarantine.run(),
    }
}

/// A runtime with one worker thread for each core.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    // Blocking work is hashing passwords and reading long documents, which semaphores bound, and name resolution.
    tokio::runtime::Builder::new_multi_thread().worker_threads(cores).max_blocking_threads(16).enable_all().build()
}

/// The write side of the command line and its connections: on a database of this version, without any cluster.
async fn write_side(settings: &Database) -> anyhow::Result<(PgPool, WriteSide)> {
    let pools = database::connect(settings, database::PATIENCE).await?;
    database::check_schema(&pools.read).await?;
    let settings = Settings {
        pool: pools.write.clone(),
        owner: Uuid::now_v7().to_string(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(60),
        on_appended: Arc::new(|_| {}),
    };
    Ok((pools.write, WriteSide::with_clusters(settings, Clusters::new(Vec::new()))))
}
