//! Each role in a process of its own, on the real cluster: what one takes in another carries out, a third sees and a fourth takes
//! in; whichever dies, what was asked is done once when it is back.

use crate::mutations::{created, mutate, until_ended, until_seen};
use anyhow::{Context, Result};
use domain::core::ids::OperationId;
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, effects_in_audit_log},
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
};
use tokio::sync::mpsc::{self, UnboundedReceiver};

const FEED: &str = "subscription($after: Position) { auditEventRecorded(after: $after) { position } }";

async fn scaled(gateway: &Gateway, id: &str, replicas: u32) -> Result<String> {
    let result = mutate(gateway, "scaleWorkload", json!({"id": id, "replicas": replicas})).await?;
    Ok(result.pointer("/operation/id").and_then(Value::as_str).with_context(|| result.to_string())?.to_owned())
}

async fn is_done_once(gateway: &Gateway, operation: &str) -> Result<()> {
    assert_eq!(until_ended(gateway, operation).await, "SUCCEEDED", "{operation}");
    assert_eq!(effects_in_audit_log(OperationId(operation.parse()?))?.len(), 1, "{operation}");
    Ok(())
}

/// Reads the positions all the time: a socket whose client answers no ping is closed.
fn read(mut feed: Subscription) -> UnboundedReceiver<Result<String>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(next) = feed.next().await.transpose() {
            let position =
                next.map(|data| data["auditEventRecorded"]["position"].as_str().unwrap_or_default().to_owned());
            if sender.send(position).is_err() {
                return;
            }
        }
    });
    receiver
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_in_a_process_of_its_own() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("roles").await?);
    let start = |roles: &str| Ok::<_, anyhow::Error>(Start::on(&database)?.with("BINNACLE_ROLES", roles));
    let mut one = start("api")?.spawn()?;
    let mut other = start("api")?.spawn()?;
    let mut executor = start("executor")?.spawn()?;
    let mut watcher = start("watcher")?.spawn()?;
    let mut projector = start("projector")?.spawn()?;
    for process in [&mut one, &mut other, &mut executor, &mut watcher, &mut projector] {
        process.until_ready().await?;
    }
    until_seen(&one, &namespace).await;
    let id = created(&one, &namespace, "web").await?;
    let feed = Subscription::open(&other.url, &one.token().await?, FEED, json!({"after": "0"})).await?;
    let mut positions = read(feed);

    for (dying, replicas) in [&mut executor, &mut watcher, &mut projector].into_iter().zip(2..) {
        let before = scaled(&one, &id, 1).await?;
        is_done_once(&other, &before).await?;
        // In the middle of it, and then another one while it is dead.
        let under_way = scaled(&one, &id, 0).await?;
        dying.kill();
        let asked = scaled(&one, &id, replicas).await?;
        *dying = dying.start.clone().run().await?;
        is_done_once(&other, &asked).await?;
        let ended = until_ended(&other, &under_way).await;
        assert!(["SUCCEEDED", "CANCELLED"].contains(&ended.as_str()), "{under_way} {ended}");
        assert!(effects_in_audit_log(OperationId(under_way.parse()?))?.len() <= 1, "{under_way}");
    }

    let pool = database.owner().await;
    let end: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&pool).await?;
    for expected in 1..=end {
        let position = positions.recv().await.context("the subscription ended")??;
        assert_eq!(position, expected.to_string());
    }
    pool.close().await;
    drop((one, other, executor, watcher, projector));
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
