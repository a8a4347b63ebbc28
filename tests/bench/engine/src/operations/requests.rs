//! Requests for operations, as the gateway makes them: through the dispatcher, each with an idempotency key, for observed objects.

use super::trail::OperationsByObject;
use anyhow::Result;
use commands::{
    Origin, WriteSide,
    kubernetes::{Cluster, ClusterHandle},
};
use domain::{
    core::{
        actor::Actor,
        ids::{ClusterId, OperationId, SessionId, UserId},
    },
    kubernetes::{object::ObjectRef, resource::Resource},
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

/// Deployments that are in the cluster.
pub async fn prepare(cluster: &dyn Cluster) -> Result<Vec<ObjectRef>> {
    let targets: Vec<ObjectRef> = (0..TARGETS).map(deployment).collect();
    for target in &targets {
        let manifest = json!({"metadata": {"name": target.name}, "spec": {"replicas": 1}});
        cluster.apply(target, &manifest, false).await?;
    }
    Ok(targets)
}

fn deployment(nth: usize) -> ObjectRef {
    let (namespace, name) = (Some("team".to_owned()), format!("web-{nth}"));
    ObjectRef { cluster: ClusterId::from_name(CLUSTER), kind: Resource::DEPLOYMENT, namespace, name }
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
