//! What the tests of the API ask for.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    cluster::{Namespace, manifest},
    gateway::Gateway,
    until,
};
use uuid::Uuid;

/// How often a command without an answer is sent again.
const TRIES: usize = 10;

const RESULT: &str = "fragment R on OperationResult { __typename ... on OperationAccepted { operation { id state } position } \
    ... on OperationRefused { code message field currentVersion } }";

/// Sends `input` to the mutation `field`; the result, accepted or refused. On a busy machine an answer may not come in time: then it
/// is asked for again with the same idempotency key, as the error says.
pub async fn mutate(gateway: &Gateway, field: &str, mut input: Value) -> Result<Value> {
    if input["idempotencyKey"].is_null() {
        input["idempotencyKey"] = json!(Uuid::now_v7());
    }
    let mut answer = ask(gateway, field, input.clone()).await?;
    for _ in 0..TRIES {
        if answer.pointer("/errors/0/extensions/code").is_none_or(|code| code != "UNAVAILABLE") {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        answer = ask(gateway, field, input.clone()).await?;
    }
    let result = answer.pointer(&format!("/data/{field}")).filter(|result| !result.is_null());
    Ok(result.with_context(|| answer.to_string())?.clone())
}

/// The same; the whole answer, with its errors.
pub async fn ask(gateway: &Gateway, field: &str, input: Value) -> Result<Value> {
    let argument = match field {
        "createWorkload" => "CreateWorkloadInput",
        "scaleWorkload" => "ScaleWorkloadInput",
        "cancelOperation" | "retryOperation" => "OperationInput",
        _ => "WorkloadInput",
    };
    let query = format!("mutation($input: {argument}!) {{ {field}(input: $input) {{ ...R }} }} {RESULT}");
    gateway.ask(&query, json!({"input": input})).await
}

pub async fn until_seen(gateway: &Gateway, namespace: &Namespace) {
    let query = "query($s: String) { namespaces(search: $s) { nodes { name } } }";
    until("the namespace is in the read model", || async {
        let found = gateway.data(query, json!({"s": namespace.name})).await.ok()?;
        (found.pointer("/namespaces/nodes/0/name")?.as_str()? == namespace.name).then_some(())
    })
    .await;
}

/// Creates a Deployment and waits until it runs; answers its id.
pub async fn created(gateway: &Gateway, namespace: &Namespace, name: &str) -> Result<String> {
    let text = manifest(&namespace.name, name, 1);
    let result = mutate(gateway, "createWorkload", json!({"cluster": "dev", "manifest": text})).await?;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).with_context(|| result.to_string())?;
    assert_eq!(until_ended(gateway, operation).await, "SUCCEEDED");
    let id = format!("Deployment~dev~{}~{name}", namespace.name);
    until("the workload is in the read model", || async {
        let found = gateway.data("query($id: ID!) { workload(id: $id) { state } }", json!({"id": id})).await.ok()?;
        (found.pointer("/workload/state")?.as_str()? == "RUNNING").then_some(())
    })
    .await;
    Ok(id)
}

pub async fn until_ended(gateway: &Gateway, operation: &str) -> String {
    until_operation(gateway, operation, |state, _| ["SUCCEEDED", "FAILED", "CANCELLED"].contains(&state)).await
}

/// Waits until state and stage of an operation are as wanted; answers the state.
pub async fn until_operation(gateway: &Gateway, operation: &str, wanted: impl Fn(&str, &str) -> bool) -> String {
    until("the operation is as wanted", || async {
        let query = "query($id: ID!) { operation(id: $id) { state stage } }";
        let found = gateway.data(query, json!({"id": operation})).await.ok()?;
        let state = found.pointer("/operation/state")?.as_str()?.to_owned();
        let stage = found.pointer("/operation/stage").and_then(Value::as_str).unwrap_or_default();
        wanted(&state, stage).then_some(state)
    })
    .await
}
