//! The process: assembles the parts, starts them, and stops them in an order that loses no accepted work.

use crate::{
    auth::{self, Auth, Lifetimes},
    config::{Config, Role},
    database::{self, Pools},
    graphql::{
        context::Services,
        engine::{guard::GuardedSchema, loaders::Loaders, reads::Reads},
        schema,
    },
    http::{
        self, Web,
        server::{Server, Times, connections::Limits},
    },
    metrics::Metrics,
    sealing,
    usage::{RequestedSums, Usage},
};
use commands::{
    Clusters, Settings, WriteSide,
    kubernetes::{fetch::Fetcher, live::Live, openapi::Schemas},
    log::data_keys,
};
use domain::core::sealing::SealingKeys;
use projections::{
    Projections,
    evidence::{notary::Notary, publish::CheckpointStore},
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

/// How long a stop waits for running work.
const LAST_CALL: Duration = Duration::from_secs(28);
/// Maximum connections to the address of the metrics.
const METRICS_PLACES: usize = 16;

/// Why the process cannot start or continue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Database(#[from] database::Error),
    #[error("the address {address} cannot be listened on")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the clusters cannot be opened")]
    Clusters(#[source] commands::Error),
    #[error("sign-in cannot be set up")]
    Auth(#[from] auth::Error),
    #[error("metrics cannot be set up")]
    Metrics(#[from] prometheus::Error),
    #[error("{0}")]
    Limits(String),
    #[error("serving failed")]
    Serve(#[source] std::io::Error),
    #[error("what was under way did not finish within {} s", LAST_CALL.as_secs())]
    StopTookTooLong,
    #[error("{0}")]
    Evidence(String),
    #[error("{0}")]
    Sealing(String),
    #[error("BINNACLE_SEALING_KEY_FILE: its keys do not open every data key of the database")]
    DataKeys(#[source] data_keys::Error),
    #[error(transparent)]
    Forgotten(#[from] sealing::Error),
}

/// A process that listens but does not serve yet.
pub struct App {
    config: Config,
    web: Web,
    write_side: Arc<WriteSide>,
    auth: Auth,
    sealing_keys: Arc<SealingKeys>,
    projections: Projections,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    limits: Limits,
    first_password: Option<String>,
    owner: String,
    notary: Option<Arc<Notary>>,
    checkpoint_store: Option<Arc<CheckpointStore>>,
}

impl App {
    /// Connects, checks the schema and listens. Port 0 picks a free port: see [`App::address`].
    pub async fn build(config: Config) -> Result<Self, Error> {
        let clusters = Clusters::open(&config.clusters.sources()).await.map_err(Error::Clusters)?;
        Self::with_clusters(config, clusters).await
    }

    /// The same with clusters that are already open.
    pub async fn with_clusters(config: Config, clusters: Clusters) -> Result<Self, Error> {
        let limits = config.server.limits(&config.database).map_err(Error::Limits)?;
        let pools = database::connect(&config.database, database::PATIENCE).await?;
        database::check_schema(&pools.read).await?;
        let clusters = clusters.under_known_ids(&pools.write).await.map_err(Error::Clusters)?;
        let notary = config.evidence.notary().map_err(Error::Evidence)?.map(Arc::new);
        let checkpoint_store = config.evidence.store().map_err(Error::Evidence)?.map(Arc::new);
        let sealing_keys = Arc::new(config.sealing.keys().map_err(Error::Sealing)?);
        let (metrics, owner) = (Metrics::new()?, Uuid::now_v7().to_string());
        let projections = Projections::new(pools.read.clone(), Arc::clone(&sealing_keys));
        let settings = settings(&config, &pools, &sealing_keys, &projections, &metrics, owner.clone());
        let write_side = Arc::new(WriteSide::with_clusters(settings, clusters));
        sealing::forget_again(&config.sealing.sealing_key_file, &write_side).await?;
        write_side.store().keys().check().await.map_err(Error::DataKeys)?;
        let lifetimes =
            Lifetimes { access_token: config.accounts.access_token_ttl, session: config.accounts.session_ttl };
        let auth = Auth::open(pools.write, write_side.dispatcher(), Arc::clone(&sealing_keys), lifetimes).await?;
        auth.check_passwords(&sealing_keys).await?;
        let first_password = match config.has(Role::Api) {
            true => auth.ensure_administrator(&config.accounts).await?,
            false => None,
        };
        auth.refresh_revocations().await?;
        let listener = listen(config.server.listen).await?;
        let metrics_listener = match config.server.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let web = web(&config, &limits, &write_side, &auth, &projections, metrics);
        Ok(Self {
            config,
            web,
            write_side,
            auth,
            sealing_keys,
            projections,
            listener,
            metrics_listener,
            limits,
            first_password,
            owner,
            notary,
            checkpoint_store,
        })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap_or(self.config.server.listen)
    }

    /// The password of the first administrator, if this start generated one.
    pub fn first_password(&self) -> Option<&str> {
        self.first_password.as_deref()
    }

    /// The token that stops the process.
    pub fn stopper(&self) -> CancellationToken {
        self.web.stopping.clone()
    }

    /// Serves until stopped. Then it accepts no more work, closes the sockets, lets requests and effects finish, writes
    /// what they left to append, and only then ends the read side: they may be waiting for it, and it seals all that
    /// was appended.
    pub async fn serve(self) -> Result<(), Error> {
        let stopping = self.web.stopping.clone();
        let (upkeep_stops, read_side_stops) = (CancellationToken::new(), CancellationToken::new());
        let (work, upkeep, read_side) = (TaskTracker::new(), TaskTracker::new(), TaskTracker::new());
        self.start_work(&work, &stopping);
        self.start_upkeep(&upkeep, &upkeep_stops);
        self.start_read_side(&read_side, &read_side_stops);
        let (main, metrics) = (self.main_server(), self.metrics_server());
        let main = main.run(self.listener, stopping.clone());
        let metrics = run_optional(metrics, self.metrics_listener, stopping.clone());
        // If one of them fails, the other must stop too.
        let served = async {
            let guard = stopping.clone().drop_guard();
            let outcome = tokio::try_join!(main, metrics);
            drop(guard);
            outcome
        };
        let rest = async {
            work.close();
            work.wait().await;
            self.web.sockets.close();
            self.web.sockets.wait().await;
        };
        let all = async {
            let (outcome, ()) = tokio::join!(served, rest);
            for (tasks, stops) in [(upkeep, upkeep_stops), (read_side, read_side_stops)] {
                stops.cancel();
                tasks.close();
                tasks.wait().await;
            }
            outcome.map(|_| ()).map_err(Error::Serve)
        };
        let last_call = async {
            stopping.cancelled().await;
            tokio::time::sleep(LAST_CALL).await;
        };
        tokio::select! {
            outcome = all => outcome,
            () = last_call => Err(Error::StopTookTooLong),
        }
    }

    fn main_server(&self) -> Server {
        let web = self.web.clone();
        let router =
            if self.config.has(Role::Api) { http::router(web.clone()) } else { http::metrics_router(web.clone()) };
        Server {
            router,
            spare_router: http::spare_router(web),
            limits: self.limits.clone(),
            times: Times::default(),
            counters: self.web.metrics.connections(),
        }
    }

    fn metrics_server(&self) -> Server {
        let router = http::metrics_router(self.web.clone());
        Server {
            spare_router: router.clone(),
            router,
            limits: Limits { total: METRICS_PLACES, per_address: METRICS_PLACES, trusted_proxies: [].into() },
            times: Times::default(),
            counters: self.web.metrics.connections(),
        }
    }

    fn start_work(&self, tasks: &TaskTracker, stopping: &CancellationToken) {
        if self.config.has(Role::Executor) {
            let (write_side, stopping) = (Arc::clone(&self.write_side), stopping.clone());
            tasks.spawn(async move { write_side.run_executor(stopping).await });
        }
        if self.config.has(Role::Watcher) {
            let (write_side, stopping) = (Arc::clone(&self.write_side), stopping.clone());
            tasks.spawn(async move { write_side.run_watchers(stopping).await });
        }
    }

    fn start_upkeep(&self, tasks: &TaskTracker, stops: &CancellationToken) {
        // The timer runs until the last request is answered, because any request may be counted.
        let (write_side, token) = (Arc::clone(&self.write_side), stops.clone());
        tasks.spawn(async move { write_side.run_access_log(token).await });
        let (write_side, token) = (Arc::clone(&self.write_side), stops.clone());
        tasks.spawn(async move { write_side.run_registry(token).await });
        let file = self.config.sealing.sealing_key_file.clone();
        let (keys, data_keys) = (Arc::clone(&self.sealing_keys), self.write_side.store().keys().clone());
        tasks.spawn(sealing::follow(file, keys, data_keys, self.auth.clone(), stops.clone()));
        tasks.spawn(self.auth.clone().run(stops.clone()));
    }

    fn start_read_side(&self, tasks: &TaskTracker, stops: &CancellationToken) {
        if self.config.has(Role::Projector) {
            let (projections, owner, token) = (self.projections.clone(), self.owner.clone(), stops.clone());
            tasks.spawn(async move { projections.run_projector(owner, token).await });
            let (projections, owner, token) = (self.projections.clone(), self.owner.clone(), stops.clone());
            let notary = self.notary.clone();
            tasks.spawn(async move { projections.run_sealer(owner, notary, token).await });
            let (projections, owner, token) = (self.projections.clone(), self.owner.clone(), stops.clone());
            tasks.spawn(async move { projections.run_checker(owner, token).await });
            if let Some(store) = self.checkpoint_store.clone() {
                let (projections, owner, token) = (self.projections.clone(), self.owner.clone(), stops.clone());
                tasks.spawn(async move { projections.run_publisher(owner, store, token).await });
            }
        }
        let (projections, token) = (self.projections.clone(), stops.clone());
        tasks.spawn(async move { projections.run_changes(token).await });
    }
}

fn settings(
    config: &Config,
    pools: &Pools,
    sealing: &Arc<SealingKeys>,
    projections: &Projections,
    metrics: &Metrics,
    owner: String,
) -> Settings {
    let (projections, metrics) = (projections.clone(), metrics.clone());
    Settings {
        pool: pools.write.clone(),
        sealing: Arc::clone(sealing),
        owner,
        clusters: Vec::new(),
        operation_timeout: config.clusters.operation_timeout,
        kubernetes_events_days: config.clusters.kubernetes_events_days,
        on_appended: Arc::new(move |position| {
            projections.hint();
            metrics.appended(position);
        }),
    }
}

fn web(
    config: &Config,
    limits: &Limits,
    write_side: &WriteSide,
    auth: &Auth,
    projections: &Projections,
    metrics: Metrics,
) -> Web {
    let site = http::Site::new(config.server.public_url.clone(), config.server.listen.ip());
    let fetcher = Fetcher::new(write_side.clusters());
    let (live, schemas) = (Live::new(fetcher.clone()), Schemas::new(fetcher));
    let services = Arc::new(Services {
        loaders: Loaders::new(projections.pool()),
        reads: Reads::new(projections.pool()),
        projections: projections.clone(),
        dispatcher: write_side.dispatcher(),
        pod_usage: Usage::of_pods(write_side.clusters()),
        node_usage: Usage::of_nodes(write_side.clusters()),
        requested: RequestedSums::default(),
        clusters: write_side.clusters(),
        registry: write_side.registry(),
        previews: write_side.previews(),
        edits: write_side.edits(live.clone(), schemas.clone()),
        live,
        schemas,
        auth: auth.clone(),
    });
    // A quarter of the places is kept for requests, because sockets stay open for hours.
    let total = limits.total - limits.total / 4;
    let socket_limits = http::SocketLimits { total, per_user: config.server.sockets_per_user };
    Web {
        graphql: GuardedSchema::new(schema::schema(Arc::clone(&services)), services),
        origins: Arc::new(http::Origins::new(config.server.allowed_origins.clone(), site.origin())),
        trusted_proxies: config.server.trusted_proxies.clone().into(),
        stopping: CancellationToken::new(),
        sockets: TaskTracker::new(),
        users: Arc::new(http::Users::new(socket_limits, metrics.subscriptions().clone())),
        metrics,
        serves_metrics: config.server.metrics_listen.is_none(),
        site: Arc::new(site),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source })
}

async fn run_optional(
    server: Server,
    listener: Option<TcpListener>,
    stopping: CancellationToken,
) -> std::io::Result<()> {
    match listener {
        Some(listener) => server.run(listener, stopping).await,
        None => {
            stopping.cancelled().await;
            Ok(())
        }
    }
}
