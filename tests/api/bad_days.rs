//! Postgres goes, the API server goes, the gateway receives SIGTERM: nothing happens without a record, and all heals.

use crate::mutations::{ask, created, mutate, until_ended, until_operation, until_seen};
use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, kubeconfig_by, server},
    database::Database,
    fault_proxy::{FaultProxy, Link},
    gateway::Start,
    until,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_postgres_nothing_is_done_and_reads_say_how_old_they_are() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("no-postgres").await?);
    let link = FaultProxy::open(database.server()).await?;
    let gateway = Start::on(&database)?.by(&database, link.address.port()).run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let generation = namespace.live("web", "/metadata/generation").await;

    link.set(Link::Cut);
    let refused = ask(&gateway, "scaleWorkload", json!({"id": id, "replicas": 3})).await?;
    assert_eq!(refused.pointer("/errors/0/extensions/code"), Some(&json!("UNAVAILABLE")), "{refused}");
    let read = gateway.ask("{ workloads { totalCount } }", json!({})).await?;
    assert_eq!(read.pointer("/errors/0/extensions/code"), Some(&json!("UNAVAILABLE")), "{read}");
    let as_of = read.pointer("/errors/0/extensions/asOf").and_then(Value::as_str).unwrap_or_default();
    assert!(chrono::DateTime::parse_from_rfc3339(as_of).is_ok(), "{read}");
    assert_eq!(namespace.live("web", "/metadata/generation").await, generation, "the cluster was not called");

    link.set(Link::Pass);
    let result = until("mutations work again", || async {
        mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 2})).await.ok()
    })
    .await;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_log_is_locked_a_request_is_refused_and_not_taken_in_later() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("locked").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let owner = database.owner().await;
    let mut lock = owner.begin().await?;
    sqlx::query("LOCK TABLE log_head IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await?;
    // While the watch appends, a request waits behind it, and may be answered with an unknown outcome. Appends run one
    // after the other: once an answer says that nothing was done, no earlier request is pending.
    until("an answer says that nothing was done", || async {
        let refused = ask(&gateway, "scaleWorkload", json!({"id": id, "replicas": 3})).await.ok()?;
        assert_eq!(refused.pointer("/errors/0/extensions/code"), Some(&json!("UNAVAILABLE")), "{refused}");
        refused.pointer("/errors/0/message")?.as_str()?.contains("nothing was done").then_some(())
    })
    .await;
    lock.rollback().await?;

    let result = until("requests are taken in again", || async {
        mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 2})).await.ok()
    })
    .await;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED");
    let asked: i64 =
        sqlx::query_scalar("SELECT count(*) FROM events WHERE type = 'OperationRequested'").fetch_one(&owner).await?;
    assert_eq!(asked, 2, "the create and the second scale");
    owner.close().await;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_api_server_operations_wait_and_say_so() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("no-cluster").await?);
    let link = FaultProxy::open(server()?).await?;
    let path = std::env::temp_dir().join(format!("{}.kubeconfig", database.name));
    kubeconfig_by(link.address.port(), &path)?;
    let gateway = Start::on(&database)?.with("KUBECONFIG", &path.to_string_lossy()).run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;

    link.set(Link::Cut);
    let result = mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 2})).await?;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    until_operation(&gateway, &operation, |state, stage| {
        ["RUNNING", "UNKNOWN"].contains(&state) && stage.starts_with("Trying again in")
    })
    .await;
    until("the cluster is shown as unreachable", || async {
        let found = gateway.data("{ clusters { nodes { state } } }", json!({})).await.ok()?;
        (found.pointer("/clusters/nodes/0/state")? == "UNREACHABLE").then_some(())
    })
    .await;

    link.set(Link::Pass);
    assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED");
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(2)));
    drop(gateway);
    let _ = std::fs::remove_file(path);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_in_the_middle_loses_nothing() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("stop").await?);
    let mut gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let result = mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 3})).await?;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(gateway.terminate().await?, Some(0));
    let gateway = gateway.start.clone().run().await?;
    assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
