//! The audit log by who caused an event, by the verb and by what came of it; its rows lead to objects and show what changed.

use crate::mutations::{created, mutate, until_ended, until_seen};
use anyhow::{Context, Result};
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use tests::{cluster::Namespace, database::Database, gateway::Start, socket::Subscription, until};

const EVENTS: &str = "query($f: AuditFilter) { auditEvents(filter: $f, first: 100) { nodes { type objectId component \
    operation { kind state } changes { path before after } } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_found_by_cause_verb_and_outcome() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("audit-by").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let events = async |filter: Value| -> Result<Vec<Value>> {
        let found = gateway.data(EVENTS, json!({"f": filter})).await?;
        Ok(found.pointer("/auditEvents/nodes").and_then(Value::as_array).cloned().unwrap_or_default())
    };

    let stream = "subscription($f: AuditFilter, $a: Position) { auditEventRecorded(filter: $f, after: $a) { type \
        operation { kind } } }";
    let wanted = json!({"by": "PEOPLE", "verbs": ["ScaleWorkload"]});
    let token = gateway.token().await?;
    let mut live = Subscription::open(&gateway.url, &token, stream, json!({"f": wanted, "a": "0"})).await?;
    let scaled = mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 2})).await?;
    let scaled = scaled.pointer("/operation/id").and_then(Value::as_str).context("an operation")?.to_owned();
    assert_eq!(until_ended(&gateway, &scaled).await, "SUCCEEDED");
    let first = live.next().await?.context("an event")?;
    assert_eq!(
        first["auditEventRecorded"],
        json!({"type": "OperationRequested", "operation": {"kind": "ScaleWorkload"}})
    );

    let asked = events(wanted).await?;
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!((&asked[0]["type"], &asked[0]["objectId"]), (&json!("OperationRequested"), &json!(id)));
    let of_both = json!({"by": "PEOPLE", "verbs": ["ScaleWorkload", "CreateWorkload"], "states": ["SUCCEEDED"]});
    assert_eq!(events(of_both).await?.len(), 2);
    assert!(events(json!({"verbs": ["ScaleWorkload"], "states": ["FAILED", "RUNNING"]})).await?.is_empty());
    let steps = events(json!({"by": "SERVICES", "verbs": ["ScaleWorkload"]})).await?;
    assert!(steps.len() >= 3 && steps.iter().all(|step| step["operation"]["kind"] == "ScaleWorkload"), "{steps:?}");
    let observed = events(json!({"by": "OBSERVED"})).await?;
    assert!(!observed.is_empty() && observed.iter().all(|event| event["component"] == "watcher"), "{observed:?}");

    let patch = json!({"spec": {"minReadySeconds": 1}});
    namespace.deployments().patch("web", &PatchParams::default(), &Patch::Merge(patch)).await?;
    until("the change has its fields", || async {
        let filter = json!({"by": "OBSERVED", "target": id, "types": ["WorkloadManifestObserved"]});
        let found = events(filter).await.ok()?;
        let change = json!({"path": "/spec/minReadySeconds", "before": null, "after": 1});
        found.iter().any(|event| event["changes"].as_array().is_some_and(|all| all.contains(&change))).then_some(())
    })
    .await;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
