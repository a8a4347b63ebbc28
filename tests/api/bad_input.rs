//! Bad input gets a clear refusal with a stable code and a field, and leaves nothing in the log.

use crate::mutations::{created, mutate, until_ended, until_seen};
use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    gateway::Start,
};
use uuid::Uuid;

async fn requested(database: &Database) -> Result<i64> {
    let pool = database.owner().await;
    Ok(sqlx::query_scalar("SELECT count(*) FROM events WHERE type = 'OperationRequested'").fetch_one(&pool).await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_manifest_is_refused_with_code_and_field_and_nothing_is_appended() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("bad-input").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let cases = [
        ("{{{".to_owned(), "INVALID", "manifest"),
        ("a: 1\n---\nb: 2\n".to_owned(), "INVALID", "manifest"),
        ("metadata: {name: a}".to_owned(), "INVALID", "manifest.kind"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}".to_owned(), "NOT_SUPPORTED", "manifest.kind"),
        (manifest("does-not-exist", "a", 1), "NOT_FOUND", "manifest.metadata.namespace"),
        ("[".repeat(100_000), "INVALID", "manifest"),
        (format!("a: {}", "{a: ".repeat(100_000)), "INVALID", "manifest"),
        ("x".repeat(1_500_000), "INVALID", "manifest"),
    ];
    for (text, code, field) in cases {
        let start: String = text.chars().take(40).collect();
        let result = mutate(&gateway, "createWorkload", json!({"cluster": "dev", "manifest": text})).await?;
        assert_eq!(result["code"], code, "{start}: {result}");
        assert_eq!(result["field"], field, "{start}: {result}");
    }
    let unknown = mutate(&gateway, "createWorkload", json!({"cluster": "mars", "manifest": "a: 1"})).await?;
    assert_eq!((&unknown["code"], &unknown["field"]), (&json!("NOT_FOUND"), &json!("cluster")));
    assert_eq!(requested(&database).await?, 0);
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_five_megabytes_is_refused_as_an_answer_that_programs_can_read() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let text = "x".repeat(5 << 20);
    let token = gateway.token().await?;
    let body = json!({"query": "mutation($m: String!) { createWorkload(input: {cluster: \"dev\", manifest: $m}) \
        { __typename } }", "variables": {"m": text}});
    let answer = gateway.http().post(format!("{}/graphql", gateway.url)).bearer_auth(token).json(&body).send().await?;
    let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await?);
    let refused = body.pointer("/data/createWorkload").is_some_and(|result| !result.is_null());
    assert!(refused || status == 413 && body.pointer("/errors/0/extensions/code").is_some(), "{status} {body}");
    assert_eq!(requested(&database).await?, 0);
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_version_and_a_reused_key_are_conflicts() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("conflict").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let version = |data: &Value| data.pointer("/workload/version").cloned().unwrap_or_default();
    let query = "query($id: ID!, $p: Position) { workload(id: $id, minPosition: $p) { version } }";
    let before = version(&gateway.data(query, json!({"id": id})).await?);

    let key = Uuid::new_v4();
    let scale = |key: Uuid, replicas: i32, version: &Value| json!({"id": id, "replicas": replicas, "expectedVersion": version, "idempotencyKey": key});
    let first = mutate(&gateway, "scaleWorkload", scale(key, 2, &before)).await?;
    assert_eq!(first["__typename"], "OperationAccepted", "{first}");
    let again = mutate(&gateway, "scaleWorkload", scale(key, 2, &before)).await?;
    assert_eq!(again["operation"]["id"], first["operation"]["id"], "the first answer");
    assert_eq!(again["position"], first["position"]);
    let other = mutate(&gateway, "scaleWorkload", scale(key, 3, &before)).await?;
    assert_eq!((&other["code"], &other["field"]), (&json!("CONFLICT"), &json!("idempotencyKey")));

    let stale = mutate(&gateway, "scaleWorkload", scale(Uuid::new_v4(), 3, &before)).await?;
    assert_eq!((&stale["code"], &stale["field"]), (&json!("CONFLICT"), &json!("expectedVersion")), "{stale}");
    until_ended(&gateway, first["operation"]["id"].as_str().unwrap_or_default()).await;
    let current = tests::until("the read model shows the version that conflicts name", || async {
        let stale = mutate(&gateway, "scaleWorkload", scale(Uuid::new_v4(), 3, &before)).await.ok()?;
        let shown = version(&gateway.data(query, json!({"id": id})).await.ok()?);
        (shown == stale["currentVersion"]).then_some(shown)
    })
    .await;
    let fresh = mutate(&gateway, "scaleWorkload", scale(Uuid::new_v4(), 1, &current)).await?;
    assert_eq!(fresh["__typename"], "OperationAccepted", "{fresh}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
