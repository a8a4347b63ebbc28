//! One Postgres, and on it a fresh database for each store and round. Every store is used by its own API, with the same
//! payload of 256 bytes and the expected version checked.

use crate::Wanted;
use crate::sealing::sealing;
use anyhow::{Context, Result, ensure};
use commands::log::{Appended, EventStore, Expected, NewEvent, Request, pool};
use domain::{
    core::{actor::Actor, envelope::Metadata, ids::CommandId},
    kubernetes::observed::ObservedEvent,
};
use futures::future::BoxFuture;
use mire::EventData;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Bytes of a payload as stored.
const PAYLOAD: usize = 256;

pub fn payload() -> String {
    "x".repeat(PAYLOAD - r#"{"uid":""}"#.len())
}

/// A store as it is measured. `append` expects the stream at `version` (events so far) and answers whether it was.
pub trait Peer: Send + Sync {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>>;
    fn pool(&self) -> &PgPool;
    /// The table that holds the events.
    fn table(&self) -> &'static str;
}

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Plain,
    Binnacle,
    MessageDb,
    Mire,
}

impl Which {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain INSERT",
            Self::Binnacle => "Binnacle",
            Self::MessageDb => "message-db 1.3.1 (one category)",
            Self::Mire => "mire 0.4.0",
        }
    }
}

pub struct Server {
    admin: PgConnectOptions,
}

/// A database that is dropped by [`Server::drop`].
pub struct Fresh {
    pub name: String,
    pub options: PgConnectOptions,
}

impl Server {
    pub async fn open() -> Result<Self> {
        let url = std::env::var("BINNACLE_DATABASE_ADMIN_URL").context("BINNACLE_DATABASE_ADMIN_URL is not set")?;
        Ok(Self { admin: url.parse::<PgConnectOptions>()?.disable_statement_logging() })
    }

    pub async fn tell_conditions(&self, wanted: &Wanted) -> Result<()> {
        let mut db = PgConnection::connect_with(&self.admin).await?;
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut db).await?;
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut db).await?;
        let synchronous: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut db).await?;
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        println!("{}, PostgreSQL {version}, fsync {fsync}, synchronous_commit {synchronous}", chrono::Utc::now());
        println!(
            "{cores} cores for clients and server together; payload {PAYLOAD} B; {} round(s), stores in turn",
            wanted.rounds
        );
        println!("figures: median (least to greatest) over the rounds\n");
        Ok(())
    }

    pub async fn fresh(&self) -> Result<Fresh> {
        let name = format!("engine_{}", Uuid::now_v7().simple());
        let mut db = PgConnection::connect_with(&self.admin).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut db).await?;
        Ok(Fresh { options: self.admin.clone().database(&name), name })
    }

    /// Another database with the same in it; nobody may be connected to that.
    pub async fn copy_of(&self, template: &Fresh) -> Result<Fresh> {
        let name = format!("engine_{}", Uuid::now_v7().simple());
        let mut db = PgConnection::connect_with(&self.admin).await?;
        let statement = format!("CREATE DATABASE {name} TEMPLATE {}", template.name);
        sqlx::query(AssertSqlSafe(statement)).execute(&mut db).await?;
        Ok(Fresh { options: self.admin.clone().database(&name), name })
    }

    pub async fn drop(&self, fresh: Fresh) -> Result<()> {
        let mut db = PgConnection::connect_with(&self.admin).await?;
        let statement = format!("DROP DATABASE {} WITH (FORCE)", fresh.name);
        sqlx::query(AssertSqlSafe(statement)).execute(&mut db).await?;
        Ok(())
    }

    /// Our tables, empty.
    pub async fn ours(&self, fresh: &Fresh, connections: u32) -> Result<PgPool> {
        let pool = pool::options().max_connections(connections).connect_with(fresh.options.clone()).await?;
        sqlx::migrate!("../../../migrations").run(&pool).await?;
        Ok(pool)
    }

    pub async fn peer(&self, which: Which, fresh: &Fresh, clients: usize) -> Result<Arc<dyn Peer>> {
        let connections = u32::try_from(clients.clamp(4, 64))?;
        let pool = pool::options().max_connections(connections).connect_with(fresh.options.clone()).await?;
        Ok(match which {
            Which::Plain => {
                sqlx::raw_sql(
                    "CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, \
                     version bigint NOT NULL, type text NOT NULL, payload jsonb NOT NULL, \
                     recorded_at timestamptz NOT NULL DEFAULT now(), UNIQUE (stream, version))",
                )
                .execute(&pool)
                .await?;
                Arc::new(Plain { pool })
            }
            Which::Binnacle => {
                pool.close().await;
                let pool = self.ours(fresh, connections).await?;
                let store = EventStore::new(pool, sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
                Arc::new(Ours { store })
            }
            Which::MessageDb => {
                install_message_db(&fresh.options, &fresh.name)?;
                let options = fresh.options.clone().options([("search_path", "message_store,public")]);
                let pool = pool::options().max_connections(connections).connect_with(options).await?;
                Arc::new(MessageDb { pool })
            }
            Which::Mire => {
                let store = mire::EventStore::new(pool);
                store.migrate().await?;
                Arc::new(Mire { store })
            }
        })
    }
}

struct Plain {
    pool: PgPool,
}

impl Peer for Plain {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let payload = json!({"uid": payload()});
            if events == 1 {
                let insert = "INSERT INTO plain (stream, version, type, payload) VALUES ($1, $2, 'PodGone', $3)";
                let done = sqlx::query(insert).bind(format!("s-{stream}")).bind(version + 1).bind(payload);
                return judge_unique(done.execute(&self.pool).await.map(drop));
            }
            let versions: Vec<i64> = (version + 1..=version + events as i64).collect();
            let done = sqlx::query(
                "INSERT INTO plain (stream, version, type, payload) \
                 SELECT $1, v, 'PodGone', p FROM unnest($2::bigint[], $3::jsonb[]) AS new (v, p)",
            );
            let done = done.bind(format!("s-{stream}")).bind(versions).bind(vec![payload; events]);
            judge_unique(done.execute(&self.pool).await.map(drop))
        })
    }

    fn pool(&self) -> &PgPool {
        &self.pool
    }

    fn table(&self) -> &'static str {
        "plain"
    }
}

fn judge_unique(done: Result<(), sqlx::Error>) -> Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

struct Ours {
    store: EventStore,
}

impl Peer for Ours {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let id = CommandId(Uuid::now_v7());
            let event = |ordinal| NewEvent {
                id: id.event(ordinal),
                event: ObservedEvent::PodGone { uid: payload() }.into(),
                metadata: Metadata::by(Actor::system("bench")),
            };
            let events = (0..events).map(event).collect();
            let (stream, expected) = (format!("observed:dev/a/Pod/s-{stream}"), Expected::Exact(version));
            let request = Request::new(stream, expected, events);
            match self.store.append(request).await? {
                Appended::Done { .. } => Ok(true),
                Appended::Conflict { .. } => Ok(false),
                other => anyhow::bail!("{other:?}"),
            }
        })
    }

    fn pool(&self) -> &PgPool {
        self.store.pool()
    }

    fn table(&self) -> &'static str {
        "events"
    }
}

/// The settings of programs that connect by libpq.
pub fn libpq(options: &PgConnectOptions, database: &str) -> [(&'static str, String); 5] {
    let url = options.to_url_lossy();
    [
        ("PGHOST", options.get_host().to_owned()),
        ("PGPORT", options.get_port().to_string()),
        ("PGDATABASE", database.to_owned()),
        ("PGUSER", url.username().to_owned()),
        ("PGPASSWORD", url.password().unwrap_or_default().to_owned()),
    ]
}

/// By the script of its package; the role it makes belongs to the whole server and stays.
fn install_message_db(options: &PgConnectOptions, database: &str) -> Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/@eventide/message-db/database");
    let output = std::process::Command::new("bash")
        .arg(format!("{folder}/install.sh"))
        .env("DATABASE_NAME", database)
        .env("CREATE_DATABASE", "off")
        .envs(libpq(options, database))
        .output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "message-db was not installed: {words}");
    Ok(())
}

struct MessageDb {
    pool: PgPool,
}

impl MessageDb {
    async fn write(db: &mut PgConnection, stream: usize, version: i64) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT message_store.write_message($1, $2, 'PodGone', $3, NULL, $4)")
            .bind(Uuid::now_v7().to_string())
            .bind(format!("pod-{stream}"))
            .bind(json!({"uid": payload()}))
            // Its versions begin at 0, and -1 is none.
            .bind(version - 1)
            .execute(db)
            .await
            .map(drop)
    }
}

impl Peer for MessageDb {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let mut db = self.pool.acquire().await?;
            let done = if events == 1 {
                Self::write(&mut db, stream, version).await
            } else {
                // It has no call for several events: several calls in one transaction.
                let mut tx = db.begin().await?;
                let mut done = Ok(());
                for nth in 0..events as i64 {
                    done = Self::write(&mut tx, stream, version + nth).await;
                    if done.is_err() {
                        break;
                    }
                }
                match done {
                    Ok(()) => tx.commit().await,
                    failed => failed,
                }
            };
            match done {
                Ok(()) => Ok(true),
                Err(sqlx::Error::Database(error)) if error.message().contains("expected version") => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn pool(&self) -> &PgPool {
        &self.pool
    }

    fn table(&self) -> &'static str {
        "message_store.messages"
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gone {
    uid: String,
}

impl EventData for Gone {
    fn event_type(&self) -> &'static str {
        "PodGone"
    }
}

struct Mire {
    store: mire::EventStore,
}

impl Peer for Mire {
    fn append(&self, stream: usize, version: i64, events: usize) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let events: Vec<_> = (0..events).map(|_| mire::Event::new(Gone { uid: payload() })).collect();
            let expected =
                if version == 0 { mire::ExpectedVersion::NoStream } else { mire::ExpectedVersion::Exact(version) };
            match self.store.append(&format!("pod-{stream}"), "pod", expected, &events).await {
                Ok(_) => Ok(true),
                Err(mire::EventStoreError::ConcurrencyConflict { .. }) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn pool(&self) -> &PgPool {
        self.store.pool()
    }

    fn table(&self) -> &'static str {
        "es_events"
    }
}
