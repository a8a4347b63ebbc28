//! The data: pods and workloads as the watch would have seen them, in the log and in the read tables.

use crate::peers::{Fresh, Server, Which};
use crate::sealing::sealing;
use anyhow::{Context, Result, ensure};
use chrono::DateTime;
use commands::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    core::{
        actor::Actor,
        envelope::Metadata,
        ids::{ClusterId, CommandId},
    },
    kubernetes::{
        object::ObjectRef,
        observation::{
            Condition, Container, ContainerState, Deployment, Details, FreeText, Pod, ReplicaCounts, Role, Truth,
            Workload, WorkloadSnapshot,
        },
        observed::ObservedEvent,
        resource::Resource,
    },
};
use projections::Projections;
use serde_json::json;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const CLUSTER: &str = "dev";
pub const PODS: usize = 3000;
pub const WORKLOADS: usize = 1000;
/// Each holds as many workloads, and pods, as the others.
pub const NAMESPACES: usize = 100;

pub fn namespace(number: usize) -> String {
    format!("team-{:02}", number % NAMESPACES)
}

/// The id of a workload; it is in the namespace of its number.
pub fn workload(number: usize) -> String {
    object(Resource::DEPLOYMENT, number, workload_name(number)).id()
}

fn workload_name(number: usize) -> String {
    format!("web-{number}")
}

/// The number of the workload with this name.
pub fn number_of(name: &str) -> Option<usize> {
    name.strip_prefix("web-")?.parse().ok()
}

fn object(kind: Resource, number: usize, name: String) -> ObjectRef {
    ObjectRef { cluster: ClusterId::from_name(CLUSTER), kind, namespace: Some(namespace(number)), name }
}

/// A database with all of it, to be copied.
pub async fn fill(server: &Server) -> Result<Fresh> {
    let fresh = server.fresh().await?;
    let peer = server.peer(Which::Binnacle, &fresh, 8).await?;
    let pool = peer.pool().clone();
    let position = append(&pool).await?;
    let (projections, done) = (Projections::new(pool.clone(), sealing()), CancellationToken::new());
    let projecting = tokio::spawn({
        let (projections, done) = (projections.clone(), done.clone());
        async move { projections.run_projector("bench".to_owned(), done).await }
    });
    projections.wait_for(projections.list(), position, Duration::from_secs(60)).await?;
    done.cancel();
    projecting.await?;
    projections.close().await;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&pool).await?;
    // A database that somebody is connected to cannot be copied.
    pool.close().await;
    Ok(fresh)
}

async fn append(pool: &PgPool) -> Result<i64> {
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let pods = (0..PODS).map(|number| request(&object(Resource::POD, number, format!("web-{number:05}")), pod(number)));
    let workloads = (0..WORKLOADS)
        .map(|number| request(&object(Resource::DEPLOYMENT, number, workload_name(number)), manifest(number)));
    let mut last = 0;
    for appended in store.append_all(pods.chain(workloads).collect()).await {
        match appended? {
            Appended::Done { position, .. } => last = last.max(position),
            other => anyhow::bail!("{other:?}"),
        }
    }
    ensure!(last as usize == PODS + WORKLOADS, "the log ends at {last}");
    Ok(last)
}

fn request(object: &ObjectRef, event: ObservedEvent) -> Request {
    let id = CommandId(Uuid::now_v7());
    let events =
        vec![NewEvent { id: id.event(0), event: event.into(), metadata: Metadata::by(Actor::system("bench")) }];
    let (stream, expected) = (object.observed_stream(), Expected::Exact(0));
    Request::new(stream, expected, events)
}

fn pod(number: usize) -> ObservedEvent {
    let is_well = !number.is_multiple_of(20);
    let container = |name: &str, image: &str| Container {
        name: name.to_owned(),
        role: Role::Main,
        image: format!("registry.example.org/shop/{image}"),
        ready: is_well,
        started: true,
        restarts: i32::try_from(number % 4).unwrap_or_default(),
        state: if is_well {
            ContainerState::Running { since: None }
        } else {
            ContainerState::Waiting { reason: "CrashLoopBackOff".to_owned(), message: FreeText::default() }
        },
        last: None,
        settled: false,
        overdue: false,
        probes: Vec::new(),
        ready_delay: 0,
        ..Container::default()
    };
    let ready = Condition {
        kind: "Ready".to_owned(),
        status: if is_well { Truth::True } else { Truth::False },
        reason: String::new(),
        message: FreeText::default(),
        since: None,
    };
    ObservedEvent::PodObserved {
        uid: format!("pod-{number}"),
        resource_version: "1".to_owned(),
        created_at: DateTime::from_timestamp(1_795_000_000 + number as i64, 0).unwrap_or_default(),
        workload: Some(workload(number % WORKLOADS)),
        labels: json!({"app": "web", "team": namespace(number)}),
        pod: Box::new(Pod {
            phase: "Running".to_owned(),
            conditions: vec![ready],
            node: Some(format!("node-{}", number % 12)),
            containers: vec![container("web", "web:1.27"), container("sidecar", "proxy:3.2")],
            ..Pod::default()
        }),
    }
}

fn manifest(number: usize) -> ObservedEvent {
    let counts = ReplicaCounts { replicas: 3, updated: 3, ready: 3, available: 3, ..ReplicaCounts::default() };
    ObservedEvent::WorkloadManifestObserved {
        uid: format!("workload-{number}"),
        resource_version: "1".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: "hash".into(),
        manifest: json!({
            "metadata": {"labels": {"app": "web"}},
            "spec": {"replicas": 3, "template": {"spec": {"containers": [{"name": "web", "image": "web:1.27"}]}}},
        })
        .into(),
        managers: Vec::new(),
        snapshot: Box::new(deployment(3, counts)),
    }
}

/// A Deployment whose controller has acted on its only generation.
pub fn deployment(replicas: i32, counts: ReplicaCounts) -> WorkloadSnapshot {
    WorkloadSnapshot::alone(Workload {
        generation: 1,
        observed_generation: Some(1),
        deletion: None,
        owners: Vec::new(),
        conditions: Vec::new(),
        notes: Vec::new(),
        details: Details::Deployment(Deployment { replicas, counts, ..Deployment::default() }),
    })
}

/// What Postgres tells the others of, each change of a workload; Binnacle has its log.
pub async fn install_trigger(fresh: &Fresh, channel: &str) -> Result<()> {
    use sqlx::{AssertSqlSafe, Connection};
    let mut db = sqlx::PgConnection::connect_with(&fresh.options).await.context("no database")?;
    let statement = format!(
        "CREATE FUNCTION tell_of_workload() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM pg_notify({channel}, json_build_object('kind', 'CHANGED', 'workload', json_build_object( \
                 'id', NEW.id, 'namespace', NEW.namespace, 'name', NEW.name, 'version', NEW.version, \
                 'desiredReplicas', NEW.desired_replicas))::text); \
             RETURN NULL; \
         END $$; \
         CREATE TRIGGER tell_of_workload AFTER UPDATE ON read.workloads \
         FOR EACH ROW EXECUTE FUNCTION tell_of_workload()"
    );
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut db).await?;
    db.close().await?;
    Ok(())
}
