//! What an operation waits for, when its time ends, and the calls of its stages.

use crate::mutations::{mutate, until_ended, until_operation, until_seen};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest, never_starts},
    database::Database,
    gateway::Start,
    until, witness,
};

const OPERATION: &str = "query($id: ID!) { operation(id: $id) { startedAt deadline waitsFor { code text } \
    stages { name callCount calls { kind objectId at outcome message } \
    apiCalls { verb path at tookMs status auditId } } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_operation_says_what_ends_it_and_what_it_called() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("stages").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let text = never_starts(&manifest(&namespace.name, "web", 1));
    let created = mutate(&gateway, "createWorkload", json!({"cluster": "dev", "manifest": text})).await?;
    let created = created.pointer("/operation/id").and_then(Value::as_str).context("an operation")?.to_owned();
    until_operation(&gateway, &created, |state, stage| {
        state == "RUNNING" && stage.starts_with("Waiting until its pod")
    })
    .await;

    let found = gateway.data(OPERATION, json!({"id": created})).await?;
    let operation = &found["operation"];
    let time = |name: &str| operation[name].as_str().and_then(|time| chrono::DateTime::parse_from_rfc3339(time).ok());
    assert!(time("deadline").zip(time("startedAt")).is_some_and(|(end, start)| end > start), "{operation}");
    assert_eq!(operation["waitsFor"]["code"], "WAITS_UNTIL");
    let words = operation["waitsFor"]["text"].as_str().unwrap_or_default();
    assert!(words.contains("Waiting until its pod") && words.contains("It ends early"), "{words}");
    let calls = |name: &str| -> Vec<(Value, Value)> {
        let stages = operation["stages"].as_array().into_iter().flatten();
        let calls = stages.filter(|stage| stage["name"] == name).flat_map(|stage| stage["calls"].as_array()).flatten();
        calls.map(|call| (call["kind"].clone(), call["outcome"].clone())).collect()
    };
    let succeeded = json!("SUCCEEDED");
    assert_eq!(calls("validate").last(), Some(&(json!("DRY_RUN"), succeeded.clone())), "{operation}");
    assert_eq!(calls("apply").last(), Some(&(json!("APPLY"), succeeded)), "{operation}");
    let object = format!("Deployment~dev~{}~web", namespace.name);
    assert_eq!(operation.pointer("/stages/1/calls/0/objectId"), Some(&json!(object)));

    // The calls as they were made. The API server has them under the same ids.
    let made = operation.pointer("/stages/1/apiCalls").and_then(Value::as_array).context("the calls")?;
    let patch = made.iter().find(|call| call["verb"] == "PATCH").with_context(|| format!("no patch in {made:?}"))?;
    let path = format!("/apis/apps/v1/namespaces/{}/deployments/web?", namespace.name);
    assert!(patch["path"].as_str().is_some_and(|found| found.starts_with(&path)), "{patch}");
    assert_eq!(patch["status"], json!(201), "{patch}");
    let id = patch["auditId"].as_str().context("an audit id")?;
    until("the API server has recorded the call", || async {
        witness::lines(None).ok()?.any(|line| line.is_ok_and(|line| line.contains(id))).then_some(())
    })
    .await;

    mutate(&gateway, "cancelOperation", json!({"id": created})).await?;
    assert_eq!(until_ended(&gateway, &created).await, "CANCELLED");
    let found = gateway.data(OPERATION, json!({"id": created})).await?;
    assert_eq!(found["operation"]["waitsFor"], Value::Null, "nothing ends it any more");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
