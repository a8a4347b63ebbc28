//! One operation that waits is cancelled and asked again, on the real cluster.

use crate::mutations::{mutate, until_ended, until_operation, until_seen};
use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest, never_starts},
    database::Database,
    gateway::Start,
    until,
};

fn operation(result: &Value) -> String {
    result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_else(|| panic!("{result}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_operation_is_cancelled_and_retried() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("cancel").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let text = never_starts(&manifest(&namespace.name, "web", 1));
    let created = mutate(&gateway, "createWorkload", json!({"cluster": "dev", "manifest": text})).await?;
    let created = operation(&created);
    until_operation(&gateway, &created, |state, stage| {
        state == "RUNNING" && stage.starts_with("Waiting until its pod")
    })
    .await;

    let early = mutate(&gateway, "retryOperation", json!({"id": created})).await?;
    assert_eq!(early["code"], "INVALID", "what runs is not retried: {early}");
    assert_eq!(operation(&mutate(&gateway, "cancelOperation", json!({"id": created})).await?), created);
    assert_eq!(until_ended(&gateway, &created).await, "CANCELLED");
    let again = mutate(&gateway, "cancelOperation", json!({"id": created})).await?;
    assert_eq!(again["__typename"], "OperationAccepted", "cancelling twice is silence: {again}");

    // The object is there, because it was applied: the same request as a new operation goes on from it.
    let retried = operation(&mutate(&gateway, "retryOperation", json!({"id": created})).await?);
    assert_ne!(retried, created);
    until_operation(&gateway, &retried, |state, stage| {
        state == "RUNNING" && stage.starts_with("Waiting until its pod")
    })
    .await;
    let id = format!("Deployment~dev~{}~web", namespace.name);
    let deleted = until("the watch has seen it", || async {
        let result = mutate(&gateway, "deleteWorkload", json!({"id": id})).await.ok()?;
        result.pointer("/operation/id").is_some().then(|| operation(&result))
    })
    .await;
    assert_eq!(until_ended(&gateway, &deleted).await, "SUCCEEDED");
    assert_eq!(until_ended(&gateway, &retried).await, "CANCELLED", "superseded by the delete");
    assert_eq!(namespace.live("web", "/metadata/name").await, None);
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
