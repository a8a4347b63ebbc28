//! Connections to Postgres, and the check of its schema version.

use crate::config::Database;
use commands::log::pool;
use sqlx::{
    Connection, PgConnection, PgPool,
    migrate::{Migrate, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::{Duration, Instant};

/// The embedded migrations.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// How long the start waits for Postgres.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(2);

/// How long an abandoned connection may take to finish its running statement.
const LEFTOVER: Duration = Duration::from_millis(50);

/// Settings of the connections for queries.
const READS: [(&str, &str); 2] = [
    // Longer than any useful query, and shorter than the time limit of a request.
    ("statement_timeout", "20000"),
    // How often, in milliseconds, Postgres checks during a statement whether the client is still connected.
    ("client_connection_check_interval", "500"),
];

/// Settings of the connections for commands.
const WRITES: [(&str, &str); 5] = [
    // The caller has its answer by then, so no statement may wait longer for a lock.
    ("statement_timeout", "4500"),
    // An append holds its locks for milliseconds, so a longer wait means a stuck transaction. Shorter than the time
    // limit of a command, so that the answer can say that nothing was done.
    ("lock_timeout", "1500"),
    // Every row is found by an index, so one plan fits all values and table sizes.
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("jit", "off"),
];

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Postgres cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    #[error("the database has no schema of Binnacle: run binnacle migrate")]
    NoSchema,
    #[error("the schema is older than this version needs ({missing} migrations are missing): run binnacle migrate")]
    Older { missing: usize },
    #[error(
        "the schema is newer than this version knows (migration {0}): run the version that migrated it, or a newer one"
    )]
    Newer(i64),
    #[error(
        "migration {0} was applied in another form than this version knows: run binnacle migrate of the version that did"
    )]
    Other(i64),
    #[error(
        "the database was made before the first release (migration {0}), and its events have another form: keep it for the \
         version that made it, and give this one an empty database (for the development database: make clean-state)"
    )]
    Unreleased(i64),
    #[error("the schema's version cannot be read")]
    Unreadable(#[source] sqlx::migrate::MigrateError),
}

/// Separate connections for queries and for commands, so that neither waits for the other.
pub struct Pools {
    pub read: PgPool,
    pub write: PgPool,
}

/// Waits for Postgres with growing pauses, for at most `patience`.
pub async fn connect(database: &Database, patience: Duration) -> Result<Pools, Error> {
    let options: PgConnectOptions = database.database_url.reveal().parse().map_err(Error::Unreachable)?;
    let options = options.application_name("binnacle");
    let write = (database.database_connections / 3).max(2);
    let read = database.database_connections - write;
    let started = Instant::now();
    let mut pause = Duration::from_millis(200);
    loop {
        // A single connection reports why it fails; a pool only reports a time-out.
        let tried = tokio::time::timeout(ACQUIRE, PgConnection::connect_with(&options)).await;
        let error = match tried.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Ok(connection) => {
                connection.close().await.map_err(Error::Unreachable)?;
                let writes = options.clone().options(WRITES);
                let read = kept(closed_when_busy(sized(read)), read).connect_lazy_with(options.options(READS));
                return Ok(Pools { read, write: sized(write).connect_lazy_with(writes) });
            }
            Err(error) => error,
        };
        if !may_pass(&error) || started.elapsed() + pause > patience {
            return Err(Error::Unreachable(error));
        }
        tracing::warn!(error = %error, "database.unreachable");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}

fn sized(connections: u32) -> PgPoolOptions {
    pool::options().max_connections(connections).acquire_timeout(ACQUIRE).idle_timeout(Duration::from_secs(120))
}

/// Keeps all connections open, and replaces closed ones in the background. On a busy machine, connecting takes longer than a
/// request waits, and a request that gives up would end it: then no request ever got one.
/// Without both limits on their age, they are opened at the start.
fn kept(options: PgPoolOptions, connections: u32) -> PgPoolOptions {
    options.min_connections(connections).idle_timeout(None).max_lifetime(None)
}

/// Closes a connection that was abandoned in a long statement, which ends the statement. The pool would wait for it.
fn closed_when_busy(options: PgPoolOptions) -> PgPoolOptions {
    options.after_release(|connection, _| {
        Box::pin(async move {
            let finished = tokio::time::timeout(LEFTOVER, connection.flush()).await;
            Ok(finished.is_ok_and(|flushed| flushed.is_ok()))
        })
    })
}

/// A wrong password is permanent; a server that is starting (class 57) is not.
fn may_pass(error: &sqlx::Error) -> bool {
    match error.as_database_error().and_then(|error| error.code()) {
        Some(code) => code.starts_with("57") || code.starts_with("53"),
        None => !matches!(error, sqlx::Error::Configuration(_)),
    }
}

/// Checks that exactly the migrations of this version are applied.
pub async fn check_schema(pool: &PgPool) -> Result<(), Error> {
    let mut connection = pool.acquire().await.map_err(Error::Unreachable)?;
    let applied = connection.list_applied_migrations("_sqlx_migrations").await.map_err(unreadable)?;
    let known: Vec<_> = MIGRATOR.iter().filter(|migration| !migration.migration_type.is_down_migration()).collect();
    for found in &applied {
        match known.iter().find(|migration| migration.version == found.version) {
            None => return Err(unknown(found.version)),
            Some(migration) if migration.checksum != found.checksum => return Err(Error::Other(found.version)),
            Some(_) => {}
        }
    }
    match known.len() - applied.len() {
        0 => Ok(()),
        missing if applied.is_empty() && missing > 0 => Err(Error::NoSchema),
        missing => Err(Error::Older { missing }),
    }
}

/// What an unknown applied migration means for the database.
pub fn unknown(migration: i64) -> Error {
    let is_older = MIGRATOR.iter().next().is_some_and(|first| migration < first.version);
    if is_older { Error::Unreleased(migration) } else { Error::Newer(migration) }
}

fn unreadable(error: sqlx::migrate::MigrateError) -> Error {
    match &error {
        sqlx::migrate::MigrateError::Execute(inner) => match inner.as_database_error().and_then(|e| e.code()) {
            // The table is missing, or the grant of the migrations is missing.
            Some(code) if code == "42P01" || code == "42501" => Error::NoSchema,
            _ => Error::Unreadable(error),
        },
        _ => Error::Unreadable(error),
    }
}
