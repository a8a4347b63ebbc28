//! Huge input is refused with an answer, and costs the gateway no memory (F46).

use crate::mutations::{mutate, until_seen};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    gateway::{Gateway, Start},
    until,
};

/// Of the whole process, at its most so far.
fn most_mebibytes(gateway: &Gateway) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().split(' ').next().unwrap_or_default().parse::<u64>()? / 1024)
}

/// Sends these bytes as they are; the status, or None when the gateway closed the connection before it read all.
async fn sent(gateway: &Gateway, body: Vec<u8>) -> Result<Option<u16>> {
    let request = gateway.http().post(format!("{}/graphql", gateway.url)).bearer_auth(gateway.token().await?);
    let answer = request.header("Content-Type", "application/json").body(body).send().await;
    Ok(answer.ok().map(|answer| answer.status().as_u16()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn huge_bodies_and_deep_json_are_refused_and_cost_no_memory() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    // What the first lists of the watch cost is not what huge input costs.
    until("the cluster is watched", || async {
        let found = gateway.data("{ clusters { nodes { state } } }", Value::Null).await.ok()?;
        (found.pointer("/clusters/nodes/0/state")? == "READY").then_some(())
    })
    .await;
    let before = most_mebibytes(&gateway)?;
    for _ in 0..3 {
        let status = sent(&gateway, vec![b'x'; 100 << 20]).await?;
        assert!(matches!(status, None | Some(413)), "{status:?}");
    }
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let query = "{ workloads { totalCount } }";
    for nested in [deep("[", "]"), deep("{\"a\":", "}").replacen("{\"a\":}", "{\"a\":1}", 1)] {
        let body = format!("{{\"query\":\"{query}\",\"variables\":{{\"f\":{nested}}}}}");
        let status = sent(&gateway, body.into_bytes()).await?;
        assert!(status.is_some_and(|status| status < 500), "{status:?}");
    }
    for document in
        [deep("{ a ", "}"), "query ".to_owned() + &"{a ".repeat(100_000), format!("{{ a(b: {}) }}", deep("[", "]"))]
    {
        let answer = gateway.ask(&document, json!({})).await?;
        assert!(answer.pointer("/errors/0/extensions/code").is_some_and(|code| code != "INTERNAL"), "{answer}");
    }
    let after = most_mebibytes(&gateway)?;
    assert!(after < before + 64, "the gateway grew from {before} to {after} MiB");
    assert!(gateway.data(query, json!({})).await.is_ok(), "it serves as before");
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_annotation_of_a_megabyte_ends_with_words_and_no_object() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("huge").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let mut object: Value = serde_json::from_str(&manifest(&namespace.name, "web", 0))?;
    object["metadata"]["annotations"] = json!({"note": "x".repeat(1_000_000)});
    let input = json!({"cluster": "dev", "manifest": object.to_string()});
    let result = mutate(&gateway, "createWorkload", input).await?;
    if let Some(operation) = result.pointer("/operation/id").and_then(Value::as_str) {
        assert_eq!(crate::mutations::until_ended(&gateway, operation).await, "FAILED", "Kubernetes takes 256 KiB");
    } else {
        assert_eq!(result["code"], "INVALID", "{result}");
    }
    assert_eq!(namespace.live("web", "/metadata/name").await, None);
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
