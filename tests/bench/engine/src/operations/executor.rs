//! Processes that execute, and their deaths: killed as by `kill -9` while operations are under way, and started again.

use super::{CONNECTIONS, remote, remote::Remote, requests};
use crate::peers::Fresh;
use crate::sealing::sealing;
use anyhow::{Context, Result};
use commands::{Clusters, Settings, WriteSide, kubernetes::fake::MemoryCluster, log::pool};
use sqlx::{ConnectOptions, PgPool, postgres::PgConnectOptions};
use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    net::UnixListener,
    process::{Child, Command},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Where the child finds the database.
const DATABASE: &str = "ENGINE_BENCH_DATABASE";
/// How long a process lives.
const LIFE: Duration = Duration::from_millis(500);

/// How often somebody was killed, and what they had under way.
#[derive(Debug, Default)]
pub struct Killed {
    pub times: usize,
    pub operations: usize,
}

/// Executes in children, one after the other, until `enough` operations were under way in those that were killed; the last one
/// stays until this future is dropped.
pub async fn run_and_kill(
    fresh: &Fresh,
    pool: &PgPool,
    cluster: Arc<MemoryCluster>,
    enough: usize,
) -> Result<(Killed, Child)> {
    let socket = socket(fresh);
    tokio::spawn(remote::serve(UnixListener::bind(&socket)?, cluster));
    let mut killed = Killed::default();
    loop {
        let owner = Uuid::now_v7().to_string();
        let mut child = start(fresh, &socket, &owner)?;
        if killed.operations >= enough {
            return Ok((killed, child));
        }
        sleep(LIFE).await;
        child.kill().await?;
        killed.times += 1;
        killed.operations += usize::try_from(held(pool, &owner).await?)?;
    }
}

fn socket(fresh: &Fresh) -> PathBuf {
    std::env::temp_dir().join(format!("{}.socket", fresh.name))
}

/// Both to their ends, the executing one only then.
pub async fn beside<T>(
    fresh: &Fresh,
    executors: impl Future<Output = Result<(Killed, Child)>>,
    requests: impl Future<Output = Result<T>>,
) -> Result<(Killed, T)> {
    let ((killed, mut child), requested) = tokio::try_join!(executors, requests)?;
    child.kill().await?;
    std::fs::remove_file(socket(fresh))?;
    Ok((killed, requested))
}

async fn held(pool: &PgPool, owner: &str) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM effects WHERE lease_owner = $1").bind(owner).fetch_one(pool).await?)
}

fn start(fresh: &Fresh, socket: &std::path::Path, owner: &str) -> Result<Child> {
    Ok(Command::new(std::env::current_exe()?)
        .args(["as", "executor", owner])
        .arg(socket)
        .env(DATABASE, fresh.options.to_url_lossy().as_str())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()?)
}

/// What the child does: executes against the cluster behind the socket until it is killed.
pub async fn run_as_child(arguments: &[String]) -> Result<()> {
    let [owner, socket] = arguments else { anyhow::bail!("wanted: an owner and a socket") };
    let options: PgConnectOptions = std::env::var(DATABASE).context(DATABASE)?.parse()?;
    let pool = pool::options().max_connections(CONNECTIONS).connect_with(options.disable_statement_logging()).await?;
    let cluster = Arc::new(Remote::connect(&PathBuf::from(socket)).await?);
    let settings = Settings {
        pool,
        sealing: sealing(),
        kubernetes_events_days: 30,
        owner: owner.clone(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(120),
        on_appended: Arc::new(|_| {}),
    };
    let write_side = WriteSide::with_clusters(settings, Clusters::new(vec![requests::handle(cluster)]));
    write_side.run_executor(CancellationToken::new()).await;
    Ok(())
}
