//! Many documents as one batch, on the real cluster: its members, what becomes of them, and who hears of it.

use crate::mutations::until_seen;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use tests::{
    cluster::{Namespace, kubeconfig, manifest, never_starts},
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
    until,
};
use uuid::Uuid;

const APPLIED: &str = "fragment R on ApplyResult { __typename ... on BatchAccepted { batch { id state total queued } position } \
    ... on OperationAccepted { operation { id } } ... on OperationRefused { code message field } }";
const ANSWERED: &str = "fragment R on BatchResult { __typename ... on BatchAccepted { batch { id retryOf total } position } \
    ... on OperationRefused { code message field } }";
const BATCH: &str = "query($id: ID!) { batch(id: $id) { id kind state total queued running succeeded failed cancelled unknown \
    skipped reason actor { username } finishedAt canCancel canRetry refusals { objectId code message } \
    operations(first: 50) { totalCount nodes { id state batch { id } target { kind name } } } } }";

fn config(namespace: &str, name: &str, key: &str) -> String {
    let metadata = json!({"name": name, "namespace": namespace});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {key: "x"}}).to_string()
}

async fn apply(gateway: &Gateway, documents: &[String], key: Uuid) -> Result<Value> {
    apply_in("dev", gateway, documents, key).await
}

async fn apply_in(cluster: &str, gateway: &Gateway, documents: &[String], key: Uuid) -> Result<Value> {
    let text = documents.join("\n---\n");
    let input = json!({"cluster": cluster, "manifests": text, "idempotencyKey": key, "reason": "a release"});
    gateway.mutate("applyManifests", input, APPLIED).await
}

fn id(result: &Value) -> Result<String> {
    let id = result.pointer("/batch/id").and_then(Value::as_str);
    Ok(id.with_context(|| format!("not accepted: {result}"))?.to_owned())
}

async fn batch(gateway: &Gateway, id: &str) -> Option<Value> {
    let mut found = gateway.data(BATCH, json!({"id": id})).await.ok()?;
    Some(found["batch"].take()).filter(|batch| !batch.is_null())
}

async fn until_finished(gateway: &Gateway, id: &str) -> Value {
    until("the batch has ended", || async { batch(gateway, id).await.filter(|batch| !batch["finishedAt"].is_null()) })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_a_batch_that_is_listed_and_heard_of() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("batches").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let (name, key) = (&namespace.name, Uuid::new_v4());
    let documents = [manifest(name, "web", 1), config(name, "a", "mode"), config(name, "b", "mode")];
    let accepted = apply(&gateway, &documents, key).await?;
    assert_eq!(accepted["batch"]["total"], 3, "{accepted}");
    let first = id(&accepted)?;
    let after = accepted["position"].clone();
    let heard = "subscription($id: ID!, $after: Position) { batchChanged(id: $id, after: $after) \
                 { position batch { id state succeeded } } }";
    let token = gateway.token().await?;
    let mut changes = Subscription::open(&gateway.url, &token, heard, json!({"id": first, "after": after})).await?;
    let mut last = after.as_str().context("a position")?.parse::<i64>()?;
    loop {
        let change = changes.next().await?.context("a change")?["batchChanged"].take();
        let position = change["position"].as_str().context("a position")?.parse::<i64>()?;
        assert!(position > last && change["batch"]["id"] == json!(first), "{change} after {last}");
        last = position;
        if change["batch"]["state"] == "SUCCEEDED" {
            assert_eq!(change["batch"]["succeeded"], 3);
            break;
        }
    }
    let ended = until_finished(&gateway, &first).await;
    assert_eq!((&ended["kind"], &ended["reason"]), (&json!("ApplyManifests"), &json!("a release")), "{ended}");
    assert_eq!((&ended["canCancel"], &ended["canRetry"]), (&json!(false), &json!(false)), "{ended}");
    assert_eq!(ended["actor"]["username"], "admin");
    let operations = ended["operations"]["nodes"].as_array().context("operations")?;
    assert_eq!((operations.len(), &ended["operations"]["totalCount"]), (3, &json!(3)));
    assert!(operations.iter().all(|operation| operation["batch"]["id"] == json!(first)), "{ended}");

    // The same key is the same batch, one document is no batch, and the newest stands first.
    assert_eq!(id(&apply(&gateway, &documents, key).await?)?, first);
    let one = apply(&gateway, &documents[1..2], Uuid::new_v4()).await?;
    assert_ne!(one["__typename"], "BatchAccepted", "{one}");
    let more = [config(name, "c", "mode"), config(name, "d", "mode")];
    let second = id(&apply(&gateway, &more, Uuid::new_v4()).await?)?;
    until_finished(&gateway, &second).await;
    let listed = gateway.data("{ batches(first: 2) { totalCount nodes { id } } }", json!({})).await?;
    assert_eq!(listed["batches"], json!({"totalCount": 2, "nodes": [{"id": second}, {"id": first}]}));
    let node = gateway.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({"id": first})).await?;
    assert_eq!(node["node"], json!({"__typename": "Batch", "id": first}));
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_needs_a_document_that_failed_is_skipped() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("batches").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let name = &namespace.name;
    let mut web: Value = serde_json::from_str(&manifest(name, "web", 1))?;
    web["spec"]["template"]["spec"]["volumes"] = json!([{"name": "s", "configMap": {"name": "settings"}}]);
    // The server refuses a key with a slash.
    let documents = [web.to_string(), config(name, "settings", "a/b"), config(name, "other", "mode")];
    let first = id(&apply(&gateway, &documents, Uuid::new_v4()).await?)?;
    let ended = until_finished(&gateway, &first).await;
    let counts = |batch: &Value| ["succeeded", "failed", "skipped"].map(|count| batch[count].as_i64().unwrap_or(-1));
    assert_eq!((&ended["state"], counts(&ended)), (&json!("FAILED"), [1, 1, 1]), "{ended}");
    assert_eq!((&ended["canRetry"], &ended["operations"]["totalCount"]), (&json!(true), &json!(2)), "{ended}");
    assert_eq!(namespace.live("web", "/metadata/name").await, None);

    // The server would refuse it again, and so does the rule.
    let retried = gateway.mutate("retryBatch", json!({"id": first}), ANSWERED).await?;
    assert_eq!((&retried["batch"]["retryOf"], &retried["batch"]["total"]), (&json!(first), &json!(2)), "{retried}");
    let again = until_finished(&gateway, &id(&retried)?).await;
    assert_eq!((&again["state"], counts(&again)), (&json!("FAILED"), [0, 1, 1]), "{again}");
    assert_eq!(again["refusals"][0]["objectId"], json!(format!("ConfigMap~dev~{name}~settings")), "{again}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_cancelled_as_a_whole() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("batches").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let name = &namespace.name;
    let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": "web", "namespace": name},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}}});
    let documents = [budget.to_string(), never_starts(&manifest(name, "web", 1)), config(name, "a", "mode")];
    let first = id(&apply(&gateway, &documents, Uuid::new_v4()).await?)?;
    until("the Deployment is waited for", || async {
        batch(&gateway, &first).await.filter(|batch| batch["running"] == 1 && batch["succeeded"] == 1)
    })
    .await;
    let early = gateway.mutate("retryBatch", json!({"id": first}), ANSWERED).await?;
    assert_eq!(early["code"], "INVALID", "what runs is not retried: {early}");
    let cancelled = gateway.mutate("cancelBatch", json!({"id": first}), ANSWERED).await?;
    assert_eq!(id(&cancelled)?, first);
    let ended = until_finished(&gateway, &first).await;
    let counts = ["succeeded", "cancelled", "failed"].map(|count| ended[count].as_i64().unwrap_or(-1));
    // The budget was never asked for.
    assert_eq!((&ended["state"], counts), (&json!("CANCELLED"), [1, 2, 0]), "{ended}");
    assert_eq!(ended["operations"]["totalCount"], 2, "{ended}");
    let unknown = Uuid::new_v4().to_string();
    for (field, id) in [("cancelBatch", unknown.as_str()), ("retryBatch", &unknown), ("retryBatch", "x")] {
        let refused = gateway.mutate(field, json!({"id": id}), ANSWERED).await?;
        assert_eq!((&refused["code"], &refused["field"]), (&json!("NOT_FOUND"), &json!("id")), "{refused}");
    }
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registered_cluster_takes_batches_and_its_history_outlives_it() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("late").await?);
    let gateway = Start::without_clusters(&database)?.run().await?;
    let kubeconfig = fs::read_to_string(kubeconfig()?)?;
    gateway.registered(json!({"name": "late", "kubeconfig": kubeconfig})).await?;
    until_seen(&gateway, &namespace).await;
    let documents = [config(&namespace.name, "a", "mode"), config(&namespace.name, "b", "mode")];
    let preview = "query($input: ApplyManifestsInput!) { manifestPreview(input: $input) { objects { id change } } }";
    let input = json!({"cluster": "late", "manifests": documents.join("\n---\n")});
    let shown = gateway.data(preview, json!({"input": input})).await?;
    let id_of = |name: &str| format!("ConfigMap~late~{}~{name}", namespace.name);
    let wanted = ["a", "b"].map(|name| json!({"id": id_of(name), "change": "CREATE"}));
    assert_eq!(shown.pointer("/manifestPreview/objects"), Some(&json!(wanted)));
    let first = id(&apply_in("late", &gateway, &documents, Uuid::new_v4()).await?)?;
    assert_eq!(until_finished(&gateway, &first).await["state"], "SUCCEEDED");

    let removed = gateway.remove_cluster("late").await?;
    assert_eq!(removed["__typename"], "ClusterAccepted", "{removed}");
    let history = "query($id: ID!) { batch(id: $id) { state canRetry operations { nodes { state canRetry \
                   target { name cluster { name state reason } } } } } }";
    let found = until("its row is gone", || async {
        let mut found = gateway.data(history, json!({"id": first})).await.ok()?;
        let state = found.pointer("/batch/operations/nodes/0/target/cluster/state")?;
        (*state == "UNREACHABLE").then(|| found["batch"].take())
    })
    .await;
    assert_eq!((&found["state"], &found["canRetry"]), (&json!("SUCCEEDED"), &json!(false)), "{found}");
    let reason = found.pointer("/operations/nodes/0/target/cluster/reason").and_then(Value::as_str);
    assert!(reason.is_some_and(|reason| reason.contains("was removed")), "{found}");
    let refused = apply_in("late", &gateway, &documents, Uuid::new_v4()).await?;
    assert_eq!(refused["code"], "NOT_FOUND", "{refused}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
