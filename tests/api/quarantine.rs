//! One list of a real gateway stops, and an administrator lets it go on: what users, operators and auditors see of it.

use crate::{
    canaries::reading::tool,
    mutations::{created, mutate, until_seen},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
    until,
};

async fn alarms(gateway: &Gateway) -> Option<Value> {
    let ready: Value = gateway.http().get(format!("{}/readyz", gateway.url)).send().await.ok()?.json().await.ok()?;
    ready.get("alarms").cloned()
}

async fn operations(gateway: &Gateway, position: &Value) -> Result<Value> {
    let query = "query($p: Position) { operations(minPosition: $p) { totalCount } }";
    gateway.ask(query, json!({"p": position})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_stopped_says_so_and_goes_on_when_its_event_is_quarantined() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("quarantine").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let owner = database.owner().await;
    let refuse = "ALTER TABLE read.operations_log ADD CONSTRAINT no_poison CHECK (reason IS DISTINCT FROM 'poison')";
    sqlx::raw_sql(refuse).execute(&owner).await?;
    let asked = mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": 2, "reason": "poison"})).await?;
    let position = asked.get("position").context("it is taken in")?;
    let poison: i64 = sqlx::query_scalar("SELECT max(position) FROM events WHERE type = 'OperationRequested'")
        .fetch_one(&owner)
        .await?;

    until("the alarm is on", || async {
        (alarms(&gateway).await? == json!(["projection:operations_log"])).then_some(())
    })
    .await;
    let metrics = gateway.http().get(format!("{}/metrics", gateway.url)).send().await?.text().await?;
    assert!(metrics.contains("binnacle_alarm{duty=\"projection:operations_log\"} 1"), "{metrics}");
    let answer = operations(&gateway, position).await?;
    let error = answer.pointer("/errors/0").context("it is not up to date")?;
    assert_eq!(error.pointer("/extensions/code"), Some(&json!("UNAVAILABLE")), "{answer}");
    assert_eq!(error.pointer("/extensions/position"), Some(&json!((poison - 1).to_string())), "{answer}");
    let words = error.get("message").and_then(Value::as_str).unwrap_or_default();
    assert!(words.contains("operations_log") && words.contains(&poison.to_string()), "{words}");
    let behind = gateway.data("{ server { behind { list position } } }", json!({})).await?;
    let wanted = json!([{"list": "operations_log", "position": (poison - 1).to_string()}]);
    assert_eq!(behind.pointer("/server/behind"), Some(&wanted), "{behind}");
    // A subscriber receives every change that the list has applied, then the reason why no more comes.
    let query = "subscription($a: Position) { operationChanged(after: $a) { position } }";
    let mut changes = Subscription::open(&gateway.url, &gateway.token().await?, query, json!({"a": "0"})).await?;
    let mut received = 0;
    let error = loop {
        match changes.next().await {
            Ok(Some(_)) => received += 1,
            Ok(None) => break "it ended without a word".to_owned(),
            Err(error) => break error.to_string(),
        }
    };
    assert!(
        received > 0 && error.contains("UNAVAILABLE") && error.contains(&poison.to_string()),
        "{received}: {error}"
    );
    // One list inside another is asked for the same position.
    let nested = "query($id: ID!, $p: Position) { workload(id: $id, minPosition: $p) { operations { totalCount } } }";
    let answer = gateway.ask(nested, json!({"id": id, "p": position})).await?;
    assert_eq!(answer.pointer("/errors/0/extensions/code"), Some(&json!("UNAVAILABLE")), "{answer}");
    let others = "query($id: ID!, $p: Position) { workload(id: $id, minPosition: $p) { name } pods(minPosition: $p) { totalCount } }";
    gateway.data(others, json!({"id": id, "p": position})).await?;

    let quarantine = |position: i64| {
        let position = position.to_string();
        let arguments =
            ["quarantine", "--projection", "operations_log", "--position", &position, "--reason", "it is poison"];
        tool(&database, "binnacle", &arguments)
    };
    let (code, words) = quarantine(poison + 1)?;
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains(&format!("it stands before the one at position {poison}")), "{words}");
    let (code, words) = quarantine(poison)?;
    assert_eq!(code, Some(0), "{words}");
    until("the list goes on", || async {
        operations(&gateway, position).await.ok()?.pointer("/data/operations/totalCount").cloned()
    })
    .await;
    until("the alarm is off", || async { (alarms(&gateway).await? == json!([])).then_some(()) }).await;

    let query = "{ auditEvents(filter: {types: [\"EventQuarantined\"]}) { nodes { summary component } } }";
    let events = until("the decision is in the list", || async {
        gateway.data(query, json!({})).await.ok().filter(|found| found.pointer("/auditEvents/nodes/0").is_some())
    })
    .await;
    let summary = format!(
        "Binnacle (command line of anna) let operations_log go on without the event at position {poison}: it is poison"
    );
    assert_eq!(events.pointer("/auditEvents/nodes/0/summary"), Some(&json!(summary)), "{events}");
    let (code, words) = quarantine(poison)?;
    assert_eq!(code, Some(1), "it goes on already: {words}");
    until("replay holds", || async {
        let (code, words) = tool(&database, "binnacle-audit", &["replay"]).ok()?;
        let by =
            format!("operations_log passes over the event at position {poison}, decided by the command line of anna");
        (code == Some(0) && words.contains("1 passed over") && words.contains(&by)).then_some(())
    })
    .await;
    owner.close().await;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
