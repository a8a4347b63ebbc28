//! What the tests of the API ask for.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    asking::mutation,
    cluster::{Namespace, manifest},
    gateway::Gateway,
    until,
};

const RESULT: &str = "fragment R on OperationResult { __typename ... on OperationAccepted { operation { id state } position } \
    ... on OperationRefused { code message field currentVersion } }";

/// Sends `input` to the mutation `field` until there is an answer; the result, accepted or refused.
pub async fn mutate(gateway: &Gateway, field: &str, input: Value) -> Result<Value> {
    gateway.mutate(field, input, RESULT).await
}

/// Sends it once; the whole answer, with its errors.
pub async fn ask(gateway: &Gateway, field: &str, input: Value) -> Result<Value> {
    gateway.ask(&mutation(field, RESULT), json!({"input": input})).await
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
