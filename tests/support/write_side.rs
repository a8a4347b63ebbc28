//! The write side on a test's own database, with a cluster in memory or the real one.

use crate::{
    cluster::kubeconfig,
    database::{Database, TESTER, sealing},
    until,
};
use commands::{
    ClusterSource, Clusters, Dispatcher, Error, Origin, Receipt, Settings, WriteSide,
    kubernetes::{ClusterHandle, client::KubeCluster, fake::MemoryCluster},
    log::{Appended, DataKeys, Request},
};
use domain::{
    core::{
        actor::Actor,
        decider::Decider,
        event::Event,
        ids::{ClusterId, OperationId, SessionId, UserId},
    },
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::{Intent, OperationEvent, OperationState, queue::Target},
    platform::cluster::Environment,
};
use kube::Client;
use sqlx::{PgConnection, PgPool};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const CLUSTER: &str = "dev";

/// A running write side, stopped by `stop`.
pub struct Running {
    pub dispatcher: Dispatcher,
    pub write_side: Arc<WriteSide>,
    pub pool: PgPool,
    shutdown: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

fn settings(pool: PgPool, timeout: Duration) -> Settings {
    Settings {
        pool,
        sealing: sealing(),
        owner: Uuid::now_v7().to_string(),
        clusters: Vec::new(),
        operation_timeout: timeout,
        kubernetes_events_days: 30,
        on_appended: Arc::new(|_| {}),
    }
}

/// The write side on a cluster in memory, with its executor.
pub async fn in_memory(database: &Database, cluster: Arc<MemoryCluster>, timeout: Duration) -> Running {
    in_memories(database, vec![(CLUSTER, cluster)], timeout).await
}

/// The same with several clusters.
pub async fn in_memories(database: &Database, clusters: Vec<(&str, Arc<MemoryCluster>)>, timeout: Duration) -> Running {
    database.make_tester().await.expect("a tester");
    let pool = database.application().await;
    let handles = clusters.into_iter().map(|(name, port)| {
        let id = ClusterId::from_name(name);
        ClusterHandle { id, name: name.to_owned(), environment: Environment::default(), port, client: None }
    });
    let clusters = Clusters::new(handles.collect());
    let write_side = WriteSide::with_clusters(settings(pool.clone(), timeout), clusters);
    run(write_side, pool, false)
}

/// The write side on the real cluster, with executor and watchers.
pub async fn on_cluster(database: &Database) -> anyhow::Result<Running> {
    database.make_tester().await?;
    let pool = database.application().await;
    let (id, name, environment) = (cluster_id(), CLUSTER.to_owned(), Environment::default());
    let source = ClusterSource { id, name, environment, kubeconfig: Some(kubeconfig()?) };
    let settings = Settings { clusters: vec![source], ..settings(pool.clone(), Duration::from_secs(120)) };
    Ok(run(WriteSide::open(settings).await?, pool, true))
}

/// The write side on the real cluster by a client of the test's own, with executor and watchers.
pub async fn on_cluster_by(database: &Database, client: Client) -> Running {
    database.make_tester().await.expect("a tester");
    let pool = database.application().await;
    let port = Arc::new(KubeCluster::new(client.clone()));
    let (id, name, environment) = (cluster_id(), CLUSTER.to_owned(), Environment::default());
    let handle = ClusterHandle { id, name, environment, port, client: Some(client) };
    let settings = settings(pool.clone(), Duration::from_secs(120));
    run(WriteSide::with_clusters(settings, Clusters::new(vec![handle])), pool, true)
}

fn run(write_side: WriteSide, pool: PgPool, watch: bool) -> Running {
    let write_side = Arc::new(write_side);
    let shutdown = CancellationToken::new();
    let mut tasks = Vec::new();
    let (executor, ends) = (Arc::clone(&write_side), shutdown.clone());
    tasks.push(tokio::spawn(async move { executor.run_executor(ends).await }));
    let (access, ends) = (Arc::clone(&write_side), shutdown.clone());
    tasks.push(tokio::spawn(async move { access.run_access_log(ends).await }));
    let (registry, ends) = (Arc::clone(&write_side), shutdown.clone());
    tasks.push(tokio::spawn(async move { registry.run_registry(ends).await }));
    if watch {
        let (watchers, ends) = (Arc::clone(&write_side), shutdown.clone());
        tasks.push(tokio::spawn(async move { watchers.run_watchers(ends).await }));
    }
    Running { dispatcher: write_side.dispatcher(), write_side, pool, shutdown, tasks }
}

pub fn cluster_id() -> ClusterId {
    ClusterId::from_name(CLUSTER)
}

pub fn deployment(namespace: &str, name: &str) -> ObjectRef {
    let (namespace, name) = (Some(namespace.to_owned()), name.to_owned());
    ObjectRef { cluster: cluster_id(), kind: Resource::DEPLOYMENT, namespace, name }
}

/// A command of the tester, without an idempotency key.
pub fn origin() -> Origin {
    let actor = Actor::User {
        id: UserId(TESTER),
        username: "tester".to_owned(),
        display_name: "Tester".into(),
        session: Some(SessionId(TESTER)),
        source: None,
    };
    Origin { session: actor.session(), ..Origin::by(actor) }
}

/// A command in this session.
pub fn in_session(session: SessionId) -> Origin {
    let mut origin = origin();
    if let Actor::User { session: of_actor, .. } = &mut origin.actor {
        *of_actor = Some(session);
    }
    Origin { session: Some(session), ..origin }
}

/// The same command each time it is sent with this key.
pub fn keyed(key: Uuid) -> Origin {
    Origin { idempotency_key: Some(key), ..origin() }
}

/// The answer to a command. While the log is busy it is sent again, as the error says; so it has to carry a key.
pub async fn answered<T>(send: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    until("the log answers", || async {
        let answer = send().await;
        (!matches!(answer, Err(Error::Unavailable { .. }))).then_some(answer)
    })
    .await
}

impl Running {
    /// Requests an operation of the tester.
    pub async fn request(&self, target: &ObjectRef, intent: Intent) -> Result<Receipt, Error> {
        let key = Uuid::now_v7();
        answered(async || self.dispatcher.request(keyed(key), target.clone(), intent.clone(), None).await).await
    }

    /// The operation as the log tells it.
    pub async fn state(&self, target: &ObjectRef, operation: OperationId) -> Option<OperationState> {
        let target = Target::fold(&self.events(target).await);
        target.find(operation).map(|operation| operation.state)
    }

    /// All events of an object's operations.
    pub async fn events(&self, target: &ObjectRef) -> Vec<OperationEvent> {
        let recorded = self.write_side.store().stream_after(&target.target_stream(), 0).await.unwrap_or_default();
        recorded
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Operation(event) => Some(event),
                Event::Batch(_)
                | Event::Observed(_)
                | Event::Cluster(_)
                | Event::User(_)
                | Event::Projection(_)
                | Event::Access(_)
                | Event::DataKey(_) => None,
            })
            .collect()
    }

    /// Waits until the operation is in `state`.
    pub async fn until_state(&self, target: &ObjectRef, receipt: &Receipt, state: OperationState) {
        until(&format!("{} is {state:?}", receipt.operation), || async {
            (self.state(target, receipt.operation).await == Some(state)).then_some(())
        })
        .await;
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// Appends requests as one batch, past the queue of the store. `pool` makes the keys that they need.
pub async fn append(
    pool: &PgPool,
    connection: &mut PgConnection,
    requests: &[Request],
) -> Result<Vec<Appended>, sqlx::Error> {
    let keys = DataKeys::new(pool.clone(), sealing());
    let mut prepared = Vec::with_capacity(requests.len());
    for request in requests.iter().cloned() {
        prepared.push(request.prepare(&keys).await.map_err(|error| sqlx::Error::Encode(error.into()))?);
    }
    commands::log::append::append(connection, &prepared).await
}
