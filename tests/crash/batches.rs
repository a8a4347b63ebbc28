//! Ten documents as one batch, from a namespace that is not there to workloads that run. The process dies five times.

use anyhow::{Context, Result};
use commands::failpoint::BATCH_POINTS;
use domain::core::ids::OperationId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    cluster::{Namespace, client, effects_in_audit_log, manifest},
    database::Database,
    gateway::{Gateway, Start},
    until,
};
use uuid::Uuid;

const RESULT: &str = "fragment R on ApplyResult { __typename ... on BatchAccepted { batch { id total } position } \
    ... on OperationRefused { code message field } }";
const BATCH: &str = "query($id: ID!) { batch(id: $id) { kind state total succeeded failed skipped cancelled finishedAt \
    refusals { objectId message } operations(first: 50) { totalCount nodes { id state batch { id } \
    target { kind name namespace } error { code message } stages { name state } } } } }";

/// Each is needed by another one, or needs one.
fn documents(namespace: &str) -> Vec<Value> {
    let named = |name: &str| json!({"name": name, "namespace": namespace});
    let labels = |app: &str| json!({"matchLabels": {"app": app}});
    let mut web: Value = serde_json::from_str(&manifest(namespace, "web", 1)).expect("a manifest");
    let pod = &mut web["spec"]["template"]["spec"];
    pod["serviceAccountName"] = "runner".into();
    pod["volumes"] = json!([{"name": "settings", "configMap": {"name": "settings"}}]);
    let api: Value = serde_json::from_str(&manifest(namespace, "api", 1)).expect("a manifest");
    let rights = "rbac.authorization.k8s.io";
    let path =
        json!({"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}});
    // The order of an author who does not think about it.
    vec![
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": named("web"),
            "spec": {"rules": [{"host": "web.example.org", "http": {"paths": [path]}}]}}),
        web,
        api,
        json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": named("web"),
            "spec": {"maxUnavailable": 1, "selector": labels("web")}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": named("web"),
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": named("settings"), "data": {"mode": "quiet"}}),
        json!({"apiVersion": format!("{rights}/v1"), "kind": "RoleBinding", "metadata": named("runner"),
            "roleRef": {"apiGroup": rights, "kind": "Role", "name": "runner"},
            "subjects": [{"kind": "ServiceAccount", "name": "runner"}]}),
        json!({"apiVersion": format!("{rights}/v1"), "kind": "Role", "metadata": named("runner"),
            "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}),
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": named("runner")}),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
    ]
}

/// The first pass of a point is early in the batch, a later one in the middle of a group.
fn points() -> Vec<String> {
    let passes = [1, 3, 6, 2, 3];
    BATCH_POINTS.iter().zip(passes).map(|(point, pass)| format!("{point}:{pass}")).collect()
}

async fn apply(gateway: &Gateway, key: Uuid, namespace: &str) -> Result<String> {
    let text: Vec<String> = documents(namespace).iter().map(ToString::to_string).collect();
    let input = json!({"cluster": "dev", "manifests": text.join("\n---\n"), "idempotencyKey": key});
    let result = gateway.mutate("applyManifests", input, RESULT).await?;
    let id = result.pointer("/batch/id").and_then(Value::as_str);
    Ok(id.with_context(|| format!("not accepted: {result}"))?.to_owned())
}

async fn until_finished(gateway: &Gateway, batch: &str) -> Value {
    until("the batch has ended", || async {
        let mut found = gateway.data(BATCH, json!({"id": batch})).await.ok()?;
        found.pointer("/batch/finishedAt")?.as_str()?;
        Some(found["batch"].take())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_documents_become_ready_once_each_wherever_the_process_dies() -> Result<()> {
    let database = Database::create().await?;
    let start = Start::on(&database)?;
    for point in points() {
        let name = format!("test-batch-{}", &Uuid::new_v4().simple().to_string()[..8]);
        let namespace = Namespace { name: name.clone(), client: client().await? };
        let key = Uuid::new_v4();
        let mut doomed = start.clone().with("BINNACLE_TEST_CRASH_AT", &point).spawn()?;
        doomed.until_ready().await.with_context(|| point.clone())?;
        // The answer may be lost with the process: that is what the key is for.
        let answer = apply(&doomed, key, &name).await;
        until(&format!("the process died at {point} after {answer:?}"), || {
            let ended = doomed.has_ended();
            async move { ended.then_some(()) }
        })
        .await;
        drop(doomed);

        let gateway = start.clone().run().await?;
        let batch = apply(&gateway, key, &name).await.with_context(|| point.clone())?;
        let ended = until_finished(&gateway, &batch).await;
        assert_eq!((&ended["state"], &ended["succeeded"]), (&json!("SUCCEEDED"), &json!(10)), "{point}: {ended}");
        assert_eq!((&ended["total"], &ended["operations"]["totalCount"]), (&json!(10), &json!(10)), "{point}: {ended}");
        let operations = ended.pointer("/operations/nodes").and_then(Value::as_array).context("operations")?;
        let mut objects = BTreeSet::new();
        for operation in operations {
            assert_eq!(operation["batch"]["id"], json!(batch), "{point}: {operation}");
            let target = &operation["target"];
            objects.insert(format!("{} {} {}", target["kind"], target["namespace"], target["name"]));
            let id: Uuid = operation["id"].as_str().context("an id")?.parse()?;
            let effects = effects_in_audit_log(OperationId(id))?;
            assert_eq!(effects.len(), 1, "{point}: effects of {operation}");
        }
        assert_eq!(objects.len(), 10, "{point}: each object once, not {objects:?}");
        assert_eq!(namespace.live("web", "/status/readyReplicas").await, Some(json!(1)), "{point}");
        let left = "SELECT count(*) FROM effects";
        let owner = database.owner().await;
        assert_eq!(sqlx::query_scalar::<_, i64>(left).fetch_one(&owner).await?, 0, "{point}: nothing is left to do");
        owner.close().await;
        drop(gateway);
        namespace.drop().await;
    }
    database.drop().await;
    Ok(())
}
