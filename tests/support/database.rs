//! A fresh, migrated database for each test, on the private Postgres of `make postgres`.

use anyhow::Context;
use commands::log::pool;
use domain::{core::ids::SessionId, core::sealing::SealingKeys};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf, str::FromStr, sync::Arc};
use uuid::Uuid;

/// A database that is dropped with this value.
pub struct Database {
    pub name: String,
    /// File with the key that its gateways seal by.
    pub sealing_key: PathBuf,
    admin: PgConnectOptions,
    application: PgConnectOptions,
}

fn setting(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: run the tests by `make test`"))
}

fn options(url: &str) -> anyhow::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?.disable_statement_logging())
}

/// The person who asks in tests: an account and a session of it, both with this id.
pub const TESTER: Uuid = Uuid::from_u128(1);

/// The key that tests seal by.
pub fn sealing() -> Arc<SealingKeys> {
    Arc::new(SealingKeys::parse(&key_line()).expect("a key"))
}

fn key_line() -> String {
    format!("test {}", "5e".repeat(32))
}

/// A file with that key, which nobody but its owner may read.
pub fn sealing_key(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("{name}.sealing-key"));
    let file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&path);
    writeln!(file?, "{}", key_line())?;
    Ok(path)
}

impl Database {
    pub async fn create() -> anyhow::Result<Self> {
        Self::create_on(&setting("BINNACLE_DATABASE_ADMIN_URL")?, &setting("BINNACLE_DATABASE_URL")?).await
    }

    /// The same on another server, by the addresses of its owner and of the application.
    pub async fn create_on(admin: &str, application: &str) -> anyhow::Result<Self> {
        let name = format!("test_{}", Uuid::now_v7().simple());
        let admin = options(admin)?;
        let mut connection = PgConnection::connect_with(&admin).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        let application = options(application)?.database(&name);
        let sealing_key = sealing_key(&name)?;
        let database = Self { admin: admin.database(&name), application, name, sealing_key };
        let mut owner = PgConnection::connect_with(&database.admin).await?;
        sqlx::migrate!("../migrations").run(&mut owner).await?;
        Ok(database)
    }

    /// Connections of the application's role, with its rights and no more.
    pub async fn application(&self) -> PgPool {
        pool::options().max_connections(8).connect_lazy_with(self.application.clone())
    }

    /// Connections of the owner of the database, who may do everything in it and nothing else on the server.
    pub async fn owner(&self) -> PgPool {
        PgPoolOptions::new().max_connections(2).connect_lazy_with(self.admin.clone())
    }

    /// The address for a process that runs as the application.
    pub fn application_url(&self) -> String {
        self.application.to_url_lossy().to_string()
    }

    /// Host and port of the server.
    pub fn server(&self) -> String {
        format!("{}:{}", self.application.get_host(), self.application.get_port())
    }

    /// The application's address by way of another port, such as a proxy's.
    pub fn application_url_by(&self, port: u16) -> String {
        self.application.clone().port(port).to_url_lossy().to_string()
    }

    /// The address for a process that runs as the owner.
    pub fn owner_url(&self) -> String {
        self.admin.to_url_lossy().to_string()
    }

    /// Makes the account of the tester and its session. A gateway on this database then makes no administrator.
    pub async fn make_tester(&self) -> anyhow::Result<()> {
        let application = self.application().await;
        sqlx::query(
            "WITH account AS (INSERT INTO auth.credentials (user_id, username, sealed_hash) \
                 VALUES ($1, 'tester', '') ON CONFLICT DO NOTHING) \
             INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) \
             VALUES ($1, $1, '', now() + interval '1 hour') ON CONFLICT DO NOTHING",
        )
        .bind(TESTER)
        .execute(&application)
        .await?;
        application.close().await;
        Ok(())
    }

    /// A session of the tester that goes on, and one that has ended.
    pub async fn sessions(&self) -> anyhow::Result<[SessionId; 2]> {
        self.make_tester().await?;
        let application = self.application().await;
        let found: Vec<Uuid> = sqlx::query_scalar(
            "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at, ended_at) \
             SELECT gen_random_uuid(), $1, '', now() + interval '1 hour', ended_at \
             FROM (VALUES (NULL::timestamptz), (now())) AS ends (ended_at) RETURNING id",
        )
        .bind(TESTER)
        .fetch_all(&application)
        .await?;
        application.close().await;
        Ok([SessionId(found[0]), SessionId(found[1])])
    }

    /// A copy as it is now, as a restored backup would be. Nobody may be connected.
    pub async fn copy(&self) -> anyhow::Result<Self> {
        let (name, sealing_key) = (format!("{}_copy", self.name), self.sealing_key.clone());
        let mut connection = PgConnection::connect_with(&self.admin.clone().database("postgres")).await?;
        let statement = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await?;
        let (admin, application) = (self.admin.clone().database(&name), self.application.clone().database(&name));
        Ok(Self { name, sealing_key, admin, application })
    }

    /// Ends its connections and removes it. Best effort: the private Postgres is thrown away anyway.
    pub async fn drop(self) {
        let _ = fs::remove_file(&self.sealing_key);
        let server = self.admin.clone().database("postgres");
        if let Ok(mut connection) = PgConnection::connect_with(&server).await {
            let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            let _ = sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await;
        }
    }
}
