//! Settings: each is a flag and an environment variable of the same name. A wrong one stops the start and is named. An
//! unknown `BINNACLE_*` variable is an error too. Secrets cannot be printed.

mod cluster;
mod descriptors;
pub mod environment;
mod parse;
mod secret;

use clap::{
    Args, ValueEnum,
    builder::{OsStringValueParser, TypedValueParser},
    value_parser,
};
use domain::{core::sealing::SealingKeys, platform::cluster::Environment};
use parse::{duration, origin};
use projections::evidence::{
    checkpoint::{self, SigningKeys},
    notary::Notary,
    publish::CheckpointStore,
};
pub use secret::Secret;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use url::Url;

/// The settings of `binnacle serve`.
#[derive(Args, Clone, Debug)]
pub struct Config {
    #[command(flatten)]
    pub server: Server,
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub sealing: Sealing,
    #[command(flatten)]
    pub accounts: Accounts,
    #[command(flatten)]
    pub clusters: Clusters,
    #[command(flatten)]
    pub evidence: Evidence,
    #[command(flatten)]
    pub log: Log,
}

/// Addresses, origins and proxies.
#[derive(Args, Clone, Debug)]
pub struct Server {
    /// Address of the API and the dashboard.
    #[arg(long, env = "BINNACLE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Separate address for /metrics; the main address then does not serve it.
    #[arg(long, env = "BINNACLE_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// What this process does; replicas can share the work.
    #[arg(
        long,
        env = "BINNACLE_ROLES",
        value_name = "ROLES",
        value_delimiter = ',',
        default_value = "api,executor,watcher,projector"
    )]
    pub roles: Vec<Role>,
    /// Other origins whose pages may use the API, with a token and without cookies: https://tools.example.org.
    #[arg(long, env = "BINNACLE_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub allowed_origins: Vec<String>,
    /// Address at which browsers reach the console, such as https://console.example.org: no other host is served, and https
    /// makes cookies and pages require TLS.
    #[arg(long, env = "BINNACLE_PUBLIC_URL", value_name = "URL", value_parser = parse::public_url)]
    pub public_url: Option<Url>,
    /// Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted.
    #[arg(long, env = "BINNACLE_TRUSTED_PROXIES", value_name = "ADDRESSES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections of clients at most; without it what the limit of open files leaves, at most 16384.
    #[arg(long, env = "BINNACLE_CONNECTIONS", value_name = "NUMBER", value_parser = parse::places)]
    pub connections: Option<usize>,
    /// Connections of one address at most, of IPv6 of one /64; trusted proxies are not bounded by it.
    #[arg(
        long,
        env = "BINNACLE_CONNECTIONS_PER_ADDRESS",
        value_name = "NUMBER",
        default_value = "1024",
        value_parser = parse::places
    )]
    pub connections_per_address: usize,
    /// Sockets of one user at most; they share ten times as many subscriptions.
    #[arg(long, env = "BINNACLE_SOCKETS_PER_USER", value_name = "NUMBER", default_value = "256", value_parser = parse::places)]
    pub sockets_per_user: usize,
}

/// The Postgres that holds the log, the read tables and the accounts.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// Address of the database with the application's role: postgres://user:password@host/database.
    #[arg(long, env = "BINNACLE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Secret,
    /// Maximum number of connections.
    #[arg(
        long,
        env = "BINNACLE_DATABASE_CONNECTIONS",
        value_name = "NUMBER",
        default_value_t = 12,
        value_parser = clap::value_parser!(u32).range(4..=500)
    )]
    pub database_connections: u32,
}

/// Accounts and sessions.
#[derive(Args, Clone, Debug)]
pub struct Accounts {
    /// Name of the first administrator, created if there is no account.
    #[arg(long, env = "BINNACLE_ADMIN_USERNAME", value_name = "NAME", default_value = "admin", value_parser = parse::username)]
    pub admin_username: String,
    /// Password of the first administrator, at least 12 characters and hard to guess; without it a random one is shown
    /// once on a terminal, and `binnacle reset-password` prints one.
    #[arg(long, env = "BINNACLE_ADMIN_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub admin_password: Option<Secret>,
    /// Lifetime of an access token, 5s to 1h.
    #[arg(long, env = "BINNACLE_ACCESS_TOKEN_TTL", value_name = "TIME", default_value = "10m", value_parser = parse::token_life)]
    pub access_token_ttl: Duration,
    /// Maximum length of a session.
    #[arg(long, env = "BINNACLE_SESSION_TTL", value_name = "TIME", default_value = "12h", value_parser = duration)]
    pub session_ttl: Duration,
}

/// The keys that are kept outside the database.
#[derive(Args, Clone, Debug)]
pub struct Sealing {
    /// File with the sealing keys, one key a line: a name and 32 bytes in base64 or hex; readable for its owner only.
    #[arg(long, env = "BINNACLE_SEALING_KEY_FILE", value_name = "FILE")]
    pub sealing_key_file: PathBuf,
}

/// The Kubernetes clusters and the work on them.
#[derive(Args, Clone, Debug)]
pub struct Clusters {
    /// Name of the cluster: lower-case letters, digits, '-' and '.'; default: made of the current context of the kubeconfig.
    #[arg(long, env = "BINNACLE_CLUSTER_NAME", value_name = "NAME", value_parser = parse::cluster_name)]
    pub cluster_name: Option<String>,
    /// What the cluster is for: production, staging or development. The screens warn by it, and in production the name of what
    /// is deleted has to be typed.
    #[arg(
        long,
        env = "BINNACLE_CLUSTER_ENVIRONMENT",
        value_name = "ENVIRONMENT",
        default_value = "production",
        value_parser = parse::environment
    )]
    pub cluster_environment: Environment,
    /// Kubeconfig of the cluster; default, and where it is empty: ~/.kube/config, or the service account inside a cluster.
    #[arg(long, env = "KUBECONFIG", value_name = "FILE", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub kubeconfig: Option<PathBuf>,
    /// Time after which an operation fails.
    #[arg(long, env = "BINNACLE_OPERATION_TIMEOUT", value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub operation_timeout: Duration,
    /// How many days Kubernetes events are kept after they were last reported.
    #[arg(long, env = "BINNACLE_KUBERNETES_EVENTS_DAYS", value_name = "DAYS", default_value = "30", value_parser = value_parser!(u16).range(1..))]
    pub kubernetes_events_days: u16,
}

/// Signing and publishing of checkpoints.
#[derive(Args, Clone, Debug)]
pub struct Evidence {
    /// File with the private keys that sign checkpoints, from `binnacle-audit key`; without it they are not signed.
    #[arg(long, env = "BINNACLE_SIGNING_KEY_FILE", value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// File for the last signed checkpoint, outside the database; only a log that continues it is signed.
    #[arg(long, env = "BINNACLE_CHECKPOINT_FILE", value_name = "FILE", requires = "signing_key_file")]
    pub checkpoint_file: Option<PathBuf>,
    /// Where signed checkpoints are published: file:///folder or s3://bucket/prefix; AWS_* variables configure access.
    #[arg(long, env = "BINNACLE_CHECKPOINT_STORE", value_name = "URL", requires = "signing_key_file")]
    pub checkpoint_store: Option<Url>,
}

/// Logging to standard error.
#[derive(Args, Clone, Debug)]
pub struct Log {
    /// Log level, or levels by module, such as info,sqlx=warn.
    #[arg(long, env = "BINNACLE_LOG", value_name = "FILTER", default_value = "info", value_parser = parse::filter)]
    pub log: String,
    #[arg(long, env = "BINNACLE_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// A role of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// GraphQL, sign-in and the dashboard.
    Api,
    /// Performs effects in the clusters.
    Executor,
    /// Watches the clusters.
    Watcher,
    /// Folds the log into the read tables.
    Projector,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Json,
    Text,
}

impl Config {
    pub fn has(&self, role: Role) -> bool {
        self.server.roles.contains(&role)
    }

    /// Checks that involve several settings or files. The message names the setting.
    pub fn check(&self) -> Result<(), String> {
        self.database.check()?;
        self.server.limits(&self.database)?;
        self.sealing.keys()?;
        self.evidence.notary()?;
        self.evidence.store()?;
        if let Some(password) = &self.accounts.admin_password {
            crate::auth::password::acceptable(password.reveal(), &self.accounts.admin_username)
                .map_err(|why| format!("BINNACLE_ADMIN_PASSWORD: {why}"))?;
        }
        if self.accounts.session_ttl < self.accounts.access_token_ttl {
            return Err("BINNACLE_SESSION_TTL: it must not be shorter than BINNACLE_ACCESS_TOKEN_TTL".to_owned());
        }
        Ok(())
    }
}

impl Evidence {
    /// Loads the files. The message names the setting and never the content.
    pub fn notary(&self) -> Result<Option<Notary>, String> {
        let wrong =
            |setting: &str, error: &checkpoint::Error| format!("{setting}: {}", projections::with_source(error));
        let Some(path) = &self.signing_key_file else { return Ok(None) };
        let keys = SigningKeys::read(path).map_err(|error| wrong("BINNACLE_SIGNING_KEY_FILE", &error))?;
        let notary = Notary::open(keys, self.checkpoint_file.clone());
        notary.map(Some).map_err(|error| wrong("BINNACLE_CHECKPOINT_FILE", &error))
    }

    /// The checkpoint store. Makes no call yet.
    pub fn store(&self) -> Result<Option<CheckpointStore>, String> {
        let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
        let options = options.map(|(name, value)| (name.to_lowercase(), value));
        let store = self.checkpoint_store.as_ref().map(|url| CheckpointStore::open(url, options)).transpose();
        store.map_err(|error| format!("BINNACLE_CHECKPOINT_STORE: {error}"))
    }
}

impl Sealing {
    /// Reads the file; the message names the setting and never what is in it.
    pub fn keys(&self) -> Result<SealingKeys, String> {
        let keys = projections::key_file::read(&self.sealing_key_file);
        keys.map_err(|error| format!("BINNACLE_SEALING_KEY_FILE: {}", projections::with_source(&error)))
    }
}

impl Database {
    /// The address is checked here, because the parser would print it.
    pub fn check(&self) -> Result<(), String> {
        check_url("BINNACLE_DATABASE_URL", &self.database_url)
    }
}

/// Checks a database address. The message does not repeat it.
pub fn check_url(setting: &str, url: &Secret) -> Result<(), String> {
    let readable = url.reveal().starts_with("postgres://") || url.reveal().starts_with("postgresql://");
    match url.reveal().parse::<sqlx::postgres::PgConnectOptions>() {
        Ok(_) if readable => Ok(()),
        _ => Err(format!("{setting}: it is not an address like postgres://user:password@host:5432/database")),
    }
}
