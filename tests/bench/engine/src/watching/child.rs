//! The process that is measured: gets to know the pods, waits a little, and prints what that cost.

use super::{DATABASE, WITH_OBJECTS, api_server::WATCHES};
use crate::sealing::sealing;
use anyhow::{Context, Result, bail, ensure};
use commands::{ClusterSource, Settings, WriteSide};
use domain::{core::ids::ClusterId, platform::cluster::Environment};
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api, Client, Config,
    runtime::{WatchStreamExt, reflector, watcher},
};
use projections::engine::feed;
use serde::{Deserialize, Serialize};
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// After the last pod is known, before the memory is read: what was needed on the way is given back.
const REST: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(300);

/// Megabytes above the start of the process, and seconds.
#[derive(Serialize, Deserialize)]
pub struct Found {
    pub steady: f64,
    pub peak: f64,
    pub seconds: f64,
}

pub async fn run(arguments: &[String]) -> Result<()> {
    let [keeper, url, pods] = arguments else { bail!("wanted: a keeper, a server and a number of pods") };
    let client = Client::try_from(Config::new(url.parse()?))?;
    let found = match keeper.as_str() {
        "binnacle" => ours(url, pods.parse()?).await?,
        "binnacle-again" => ours_again(url, &client).await?,
        WITH_OBJECTS => ours(url, pods.parse::<i64>()? * 3 / 2).await?,
        "reflector" => reflected(client, pods.parse()?, false).await?,
        "reflector-modified" => reflected(client, pods.parse()?, true).await?,
        other => bail!("{other}: no such keeper"),
    };
    println!("{}", serde_json::to_string(&found)?);
    // Without taking down what is measured, which takes longer than measuring it.
    std::process::exit(0);
}

/// What memory and time say since this was made.
struct Start {
    memory: f64,
    begun: Instant,
}

impl Start {
    fn now() -> Result<Self> {
        Ok(Self { memory: megabytes("VmRSS")?, begun: Instant::now() })
    }

    async fn found(&self) -> Result<Found> {
        let seconds = self.begun.elapsed().as_secs_f64();
        sleep(REST).await;
        Ok(Found { steady: megabytes("VmRSS")? - self.memory, peak: megabytes("VmHWM")? - self.memory, seconds })
    }
}

/// A line of this process's memory: resident now, or at most so far.
fn megabytes(name: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).context("no such line")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}

/// Until the log has as many events.
async fn ours(url: &str, events: i64) -> Result<Found> {
    let (pool, start) = watch(url).await?;
    until(&start, || async { Ok(feed::head(&pool).await? >= events) }).await?;
    start.found().await
}

/// With everything in the log already: known is what was read from there and then found again in the list.
async fn ours_again(url: &str, client: &Client) -> Result<Found> {
    let (_, start) = watch(url).await?;
    until(&start, || async {
        let request = http::Request::get(WATCHES).body(Vec::new())?;
        Ok(client.request_text(request).await?.trim() != "0")
    })
    .await?;
    start.found().await
}

/// The watch of the gateway, on a cluster and a database.
async fn watch(url: &str) -> Result<(PgPool, Start)> {
    let options: PgConnectOptions = std::env::var(DATABASE).context(DATABASE)?.parse()?;
    let pool = PgPoolOptions::new().max_connections(8).connect_with(options.disable_statement_logging()).await?;
    let kubeconfig = std::env::temp_dir().join(format!("engine-bench-{}.kubeconfig", std::process::id()));
    let text = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "bench",
        "clusters": [{"name": "bench", "cluster": {"server": url}}],
        "users": [{"name": "bench", "user": {}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench"}}],
    });
    std::fs::write(&kubeconfig, text.to_string())?;
    let source = ClusterSource {
        id: ClusterId::from_name("bench"),
        name: "bench".to_owned(),
        environment: Environment::default(),
        kubeconfig: Some(kubeconfig.clone()),
    };
    let settings = Settings {
        pool: pool.clone(),
        sealing: sealing(),
        kubernetes_events_days: 30,
        owner: uuid::Uuid::now_v7().to_string(),
        clusters: vec![source],
        operation_timeout: Duration::from_secs(120),
        on_appended: Arc::new(|_| {}),
    };
    let write_side = WriteSide::open(settings).await?;
    std::fs::remove_file(&kubeconfig)?;
    let start = Start::now()?;
    tokio::spawn(async move { write_side.run_watchers(CancellationToken::new()).await });
    Ok((pool, start))
}

async fn until<F: Future<Output = Result<bool>>>(start: &Start, is_there: impl Fn() -> F) -> Result<()> {
    while !is_there().await? {
        ensure!(start.begun.elapsed() < PATIENCE, "it takes too long");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn reflected(client: Client, pods: usize, is_modified: bool) -> Result<Found> {
    let start = Start::now()?;
    let (reader, writer) = reflector::store::<Pod>();
    let events = watcher(Api::<Pod>::all(client), watcher::Config::default()).map_ok(move |event| {
        event.modify(|pod| {
            if is_modified {
                pod.metadata.managed_fields = None;
            }
        })
    });
    let stream = reflector(writer, events.default_backoff());
    tokio::spawn(stream.for_each(|_| std::future::ready(())));
    reader.wait_until_ready().await?;
    let known = reader.len();
    ensure!(known == pods, "it knows {known} pods");
    start.found().await
}
