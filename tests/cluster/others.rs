//! What others do on the real cluster: their changes are recorded with who, when and what, and a fault in one namespace holds
//! up nobody in another.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use kube::{
    Api,
    api::{DeleteParams, Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    gateway::{Gateway, Start},
    until,
};

const BY_NAME: &str =
    "query($n: String!, $s: String!) { workloads(filter: {namespaces: [$n], search: $s}) { nodes { id name } } }";
const REVISIONS: &str = "query($id: ID!) { workload(id: $id) { revisions(first: 5) { nodes { \
    recordedAt managers operation { id } changes { path before after } } } } }";
const SCALE: &str = "fragment R on OperationResult { __typename ... on OperationAccepted { operation { id } } }";
const OPERATION: &str = "query($id: ID!) { operation(id: $id) { state stage } }";

async fn create(namespace: &Namespace, name: &str, manager: &str) -> Result<()> {
    let object = serde_json::from_str(&manifest(&namespace.name, name, 0))?;
    let by = PostParams { field_manager: Some(manager.to_owned()), ..PostParams::default() };
    namespace.deployments().create(&by, &object).await?;
    Ok(())
}

/// The id of the only workload of this name in the namespace, once it was seen.
async fn seen(gateway: &Gateway, namespace: &Namespace, name: &str) -> String {
    until("the workload was seen", || async {
        let found = gateway.data(BY_NAME, json!({"n": namespace.name, "s": name})).await.ok()?;
        let nodes = found.pointer("/workloads/nodes")?.as_array()?;
        let own = nodes.iter().find(|node| node["name"] == name)?;
        own["id"].as_str().map(str::to_owned)
    })
    .await
}

async fn scale(gateway: &Gateway, workload: &str, replicas: u32) -> Result<String> {
    let result = gateway.mutate("scaleWorkload", json!({"id": workload, "replicas": replicas}), SCALE).await?;
    let id = result.pointer("/operation/id").and_then(Value::as_str);
    Ok(id.with_context(|| result.to_string())?.to_owned())
}

/// The operation, once `is_so` holds of it.
async fn until_operation(gateway: &Gateway, id: &str, is_so: fn(&Value) -> bool) -> Value {
    until("the operation has come so far", || async {
        let mut found = gateway.data(OPERATION, json!({"id": id})).await.ok()?;
        Some(found["operation"].take()).filter(is_so)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_by_others_is_recorded_with_its_manager_its_time_and_its_fields() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("others").await?);
    let gateway = Start::on(&database)?.run().await?;
    create(&namespace, "web", "kubectl-create").await?;
    let workload = seen(&gateway, &namespace, "web").await;
    let begun = Utc::now();
    let by = PatchParams { field_manager: Some("horizontal-pod-autoscaler".to_owned()), ..PatchParams::default() };
    namespace.deployments().patch("web", &by, &Patch::Merge(json!({"spec": {"replicas": 2}}))).await?;
    let change = until("the change was recorded", || async {
        let found = gateway.data(REVISIONS, json!({"id": workload})).await.ok()?;
        let nodes = found.pointer("/workload/revisions/nodes")?.as_array()?;
        nodes.iter().find(|node| node["changes"].as_array().is_some_and(|changes| !changes.is_empty())).cloned()
    })
    .await;
    assert_eq!(change["changes"], json!([{"path": "/spec/replicas", "before": 0, "after": 2}]));
    assert_eq!(change["managers"], json!(["horizontal-pod-autoscaler"]));
    assert_eq!(change["operation"], Value::Null, "nobody asked for it here");
    let at: DateTime<Utc> = change["recordedAt"].as_str().context("a time")?.parse()?;
    assert!((begun..=Utc::now()).contains(&at), "{at}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

/// An admission webhook that answers nobody who changes the scale of a Deployment in this namespace.
async fn dead_webhook(namespace: &Namespace) -> Result<Api<DynamicObject>> {
    let group = GroupVersionKind::gvk("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration");
    let all = Api::all_with(namespace.client.clone(), &ApiResource::from_gvk(&group));
    let rules = json!([{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"],
        "resources": ["deployments", "deployments/scale"]}]);
    let webhook = json!({"metadata": {"name": namespace.name}, "webhooks": [{
        "name": "dead.binnacle.test", "rules": rules, "sideEffects": "None", "failurePolicy": "Fail",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace.name}},
        "timeoutSeconds": 1, "admissionReviewVersions": ["v1"], "clientConfig": {"url": "https://127.0.0.1:1/"},
    }]});
    all.create(&PostParams::default(), &serde_json::from_value(webhook)?).await?;
    Ok(all)
}

/// Whether an operation says that the webhook of [`dead_webhook`] holds it up.
fn says_why(operation: &Value) -> bool {
    operation["stage"].as_str().is_some_and(|stage| stage.contains("dead.binnacle.test"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_webhook_of_one_namespace_holds_up_no_other() -> Result<()> {
    const HELD_UP: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let database = Database::create().await?;
    let (dead, alive) = (Namespace::create("dead-webhook").await?, Namespace::create("alive").await?);
    let gateway = Start::on(&database)?.run().await?;
    for name in HELD_UP {
        create(&dead, name, "kubectl-create").await?;
    }
    create(&alive, "web", "kubectl-create").await?;
    let web = seen(&gateway, &alive, "web").await;
    let ids: Vec<String> =
        try_join_all(HELD_UP.map(async |name| anyhow::Ok(seen(&gateway, &dead, name).await))).await?;
    let webhooks = dead_webhook(&dead).await?;
    until("the webhook is in force", || async {
        let dry = PatchParams { dry_run: true, ..PatchParams::default() };
        let change = Patch::Merge(json!({"spec": {"replicas": 3}}));
        dead.deployments().patch("a", &dry, &change).await.err()
    })
    .await;

    let held_up = try_join_all(ids.iter().map(|id| scale(&gateway, id, 1))).await?;
    for operation in &held_up {
        until_operation(&gateway, operation, says_why).await;
    }
    let passed = scale(&gateway, &web, 1).await?;
    until_operation(&gateway, &passed, |found| found["state"] == "SUCCEEDED").await;
    for operation in &held_up {
        let found = until_operation(&gateway, operation, |_| true).await;
        assert_eq!(found["state"], "RUNNING", "it is still tried: {found}");
    }
    assert!(!gateway.log().contains("cluster.left_alone"), "the cluster was taken for one that does not answer");

    webhooks.delete(&dead.name, &DeleteParams::default()).await?;
    // The next try may be half a minute away, and the pods start after it.
    for operation in &held_up {
        until_operation(&gateway, operation, |found| !says_why(found)).await;
    }
    for operation in &held_up {
        until_operation(&gateway, operation, |found| found["state"] == "SUCCEEDED").await;
    }
    drop(gateway);
    dead.drop().await;
    alive.drop().await;
    database.drop().await;
    Ok(())
}
