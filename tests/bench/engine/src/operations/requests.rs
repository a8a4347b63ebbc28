//! Requests for operations, as the gateway makes them: through the dispatcher, each with an idempotency key, for observed objects.

use super::trail::OperationsByObject;
use crate::web::scene;
use anyhow::{Result, ensure};
use chrono::DateTime;
use commands::{
    Origin, WriteSide,
    kubernetes::{Cluster, ClusterHandle},
    log::{Appended, Expected, NewEvent, Request},
};
use domain::{
    core::{
        actor::Actor,
        envelope::Metadata,
        ids::{ClusterId, CommandId, OperationId, SessionId, UserId},
    },
    kubernetes::{object::ObjectRef, observation::ReplicaCounts, observed::ObservedEvent, resource::Resource},
    operation::Intent,
    platform::cluster::Environment,
};
use serde_json::json;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use uuid::Uuid;

const CLUSTER: &str = "bench";
/// Objects that operations are requested for.
const TARGETS: usize = 1000;
/// An operation that has not ended by then is lost.
const PATIENCE: Duration = Duration::from_secs(90);

pub fn handle(port: Arc<dyn Cluster>) -> ClusterHandle {
    let environment = Environment::default();
    ClusterHandle { id: ClusterId::from_name(CLUSTER), name: CLUSTER.to_owned(), environment, port, client: None }
}

/// Deployments that are in the cluster and were observed there.
pub async fn prepare(write_side: &WriteSide, cluster: &dyn Cluster) -> Result<Vec<ObjectRef>> {
    let targets: Vec<ObjectRef> = (0..TARGETS).map(deployment).collect();
    for target in &targets {
        cluster.apply(target, &json!({"metadata": {"name": target.name}, "spec": {"replicas": 1}}), false).await?;
    }
    for answer in write_side.store().append_all(targets.iter().map(seen).collect()).await {
        ensure!(matches!(answer?, Appended::Done { .. }), "an observation was not appended");
    }
    Ok(targets)
}

fn deployment(nth: usize) -> ObjectRef {
    let (namespace, name) = (Some("team".to_owned()), format!("web-{nth}"));
    ObjectRef { cluster: ClusterId::from_name(CLUSTER), kind: Resource::DEPLOYMENT, namespace, name }
}

fn seen(target: &ObjectRef) -> Request {
    let counts = ReplicaCounts { replicas: 1, updated: 1, ready: 1, available: 1, ..ReplicaCounts::default() };
    let event = ObservedEvent::WorkloadStatusObserved {
        uid: target.name.clone(),
        resource_version: "1".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: "0".repeat(64).as_str().into(),
        snapshot: Box::new(scene::deployment(1, counts)),
    };
    let id = CommandId(Uuid::now_v7()).event(0);
    Request::new(
        target.observed_stream(),
        Expected::Exact(0),
        vec![NewEvent { id, event: event.into(), metadata: Metadata::by(Actor::system("watcher")) }],
    )
}

/// Makes the account that sends the requests, and its session.
pub async fn sign_in(pool: &PgPool) -> Result<()> {
    sqlx::query(
        "WITH account AS (INSERT INTO auth.credentials (user_id, username, sealed_hash) \
             VALUES ($1, 'bench', '')) \
         INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $1, '', 'infinity')",
    )
    .bind(Uuid::from_u128(1))
    .execute(pool)
    .await?;
    Ok(())
}

fn origin() -> Origin {
    let actor = Actor::User {
        id: UserId(Uuid::from_u128(1)),
        username: "bench".to_owned(),
        display_name: "Bench".into(),
        session: Some(SessionId(Uuid::from_u128(1))),
        source: None,
    };
    Origin { idempotency_key: Some(Uuid::now_v7()), session: actor.session(), ..Origin::by(actor) }
}

/// Requests `count` scales, `clients` at once, each for objects of its own. Returns the operations in their order.
pub async fn send(
    write_side: &WriteSide,
    targets: &[ObjectRef],
    clients: usize,
    count: usize,
) -> Result<OperationsByObject> {
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let dispatcher = write_side.dispatcher();
        let mine: Vec<ObjectRef> = targets.iter().skip(client).step_by(clients).cloned().collect();
        tasks.spawn(async move {
            let mut requested: Vec<Vec<OperationId>> = vec![Vec::new(); mine.len()];
            for turn in 0..(client..count).step_by(clients).len() {
                let nth = turn % mine.len();
                let intent = Intent::ScaleWorkload { replicas: (turn / mine.len() % 5) as i32 + 2 };
                requested[nth].push(dispatcher.request(origin(), mine[nth].clone(), intent, None).await?.operation);
            }
            anyhow::Ok(mine.iter().map(ObjectRef::id).zip(requested).collect::<Vec<_>>())
        });
    }
    let mut all = OperationsByObject::new();
    while let Some(done) = tasks.join_next().await {
        all.extend(done??);
    }
    Ok(all)
}

/// Until every effect is done, or until it is clear that one never will be.
pub async fn until_ended(pool: &PgPool) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let left: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM effects)").fetch_one(pool).await?;
        if !left {
            return Ok(());
        }
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
