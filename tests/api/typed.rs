//! Changes of a few fields without YAML, on the real cluster. The values of a Secret stand nowhere but in the cluster.

use crate::{
    canaries::{finder::Finder, reading::nothing_is_in_clear},
    mutations::{created, mutate, until_ended, until_seen},
};
use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use kube::{
    Api,
    api::PostParams,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    until,
};

const RETRY: &str = "query($id: ID!) { operation(id: $id) { canRetry } }";

fn api(namespace: &Namespace, kind: &str) -> Api<DynamicObject> {
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", kind));
    Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource)
}

async fn live(namespace: &Namespace, kind: &str, name: &str) -> Result<Value> {
    Ok(serde_json::to_value(api(namespace, kind).get(name).await?)?)
}

/// Creates it as others would, and waits until it is in the read model; its id.
async fn appeared(gateway: &Gateway, namespace: &Namespace, kind: &str, name: &str, fields: Value) -> Result<String> {
    let mut object = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}});
    for (field, value) in fields.as_object().into_iter().flatten() {
        object[field] = value.clone();
    }
    api(namespace, kind).create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    let id = format!("{kind}~dev~{}~{name}", namespace.name);
    until("it is in the read model", || async { version(gateway, &id).await.ok() }).await;
    Ok(id)
}

async fn version(gateway: &Gateway, id: &str) -> Result<String> {
    let found = gateway.data("query($id: ID!) { object(id: $id) { version } }", json!({"id": id})).await?;
    Ok(found.pointer("/object/version").and_then(Value::as_str).context("no such object")?.to_owned())
}

/// Sends a change and waits for its end; operation and state.
async fn changed(gateway: &Gateway, field: &str, input: Value) -> Result<(String, String)> {
    let answer = mutate(gateway, field, input).await?;
    let operation = answer.pointer("/operation/id").and_then(Value::as_str).with_context(|| answer.to_string())?;
    let state = until_ended(gateway, operation).await;
    Ok((operation.to_owned(), state))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_are_changed_at_the_version_that_was_seen() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("typed").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let data = json!({"data": {"mode": "slow", "old": "1", "kept": "2"}});
    let id = appeared(&gateway, &namespace, "ConfigMap", "settings", data).await?;

    let seen = version(&gateway, &id).await?;
    let values = json!([{"name": "mode", "value": "fast"}, {"name": "old", "value": null}]);
    let input = json!({"id": id, "data": values, "expectedVersion": seen});
    assert_eq!(changed(&gateway, "setConfigMapData", input.clone()).await?.1, "SUCCEEDED");
    let found = live(&namespace, "ConfigMap", "settings").await?;
    assert_eq!(found["data"], json!({"mode": "fast", "kept": "2"}));
    let stale = mutate(&gateway, "setConfigMapData", input).await?;
    assert_eq!((&stale["code"], &stale["field"]), (&json!("CONFLICT"), &json!("expectedVersion")), "{stale}");

    let labels = json!({"id": id, "labels": [{"name": "team", "value": "a"}]});
    assert_eq!(changed(&gateway, "setLabels", labels).await?.1, "SUCCEEDED");
    let annotations = json!({"id": id, "annotations": [{"name": "example.org/note", "value": "by hand"}]});
    assert_eq!(changed(&gateway, "setAnnotations", annotations).await?.1, "SUCCEEDED");
    let found = live(&namespace, "ConfigMap", "settings").await?;
    assert_eq!(found.pointer("/metadata/labels/team"), Some(&json!("a")));
    assert_eq!(found.pointer("/metadata/annotations/example.org~1note"), Some(&json!("by hand")));

    let secret = json!({"id": id, "data": [{"name": "a", "value": "b"}]});
    let refused = mutate(&gateway, "setSecretData", secret).await?;
    assert_eq!(refused["code"], json!("NOT_SUPPORTED"), "{refused}");
    let plain = json!({"id": id, "data": [{"name": "password", "value": "hunter2"}]});
    let refused = mutate(&gateway, "setConfigMapData", plain).await?;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("INVALID"), &json!("data")), "{refused}");
    assert!(!refused.to_string().contains("hunter2"), "{refused}");

    let web = created(&gateway, &namespace, "web").await?;
    let none = json!({"id": web, "container": "none", "image": "docker.io/library/busybox:1"});
    assert_eq!(changed(&gateway, "setImage", none).await?.1, "FAILED");
    let environment = json!({"id": web, "container": "main", "variables": [{"name": "MODE", "value": "fast"}]});
    assert_eq!(changed(&gateway, "setEnvironment", environment).await?.1, "SUCCEEDED");
    let variable = namespace.live("web", "/spec/template/spec/containers/0/env/0").await;
    assert_eq!(variable, Some(json!({"name": "MODE", "value": "fast"})));
    let requests = json!([{"name": "memory", "value": "16Mi"}]);
    let resources = json!({"id": web, "container": "main", "requests": requests});
    assert_eq!(changed(&gateway, "setResources", resources).await?.1, "SUCCEEDED");
    let memory = namespace.live("web", "/spec/template/spec/containers/0/resources/requests/memory").await;
    assert_eq!(memory, Some(json!("16Mi")));
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_a_secret_stands_nowhere_but_in_the_cluster() -> Result<()> {
    const NUMBER: &str = "731977018842";
    const REFUSED: &str = "731977026653";
    let (database, namespace) = (Database::create().await?, Namespace::create("values").await?);
    let gateway = Start::on(&database)?.with("BINNACLE_LOG", "debug").run().await?;
    until_seen(&gateway, &namespace).await;
    let data = json!({"data": {"old": BASE64_STANDARD.encode("1")}});
    let id = appeared(&gateway, &namespace, "Secret", "database", data).await?;
    let fixed = json!({"immutable": true, "data": {"old": BASE64_STANDARD.encode("1")}});
    let fixed = appeared(&gateway, &namespace, "Secret", "fixed", fixed).await?;

    let value = format!("correct horse {NUMBER}");
    let values = json!([{"name": "password", "value": value}, {"name": "old", "value": null}]);
    let (operation, state) = changed(&gateway, "setSecretData", json!({"id": id, "data": values})).await?;
    assert_eq!(state, "SUCCEEDED");
    let found = live(&namespace, "Secret", "database").await?;
    assert_eq!(
        found["data"],
        json!({"password": BASE64_STANDARD.encode(&value)}),
        "it is there, and the other one gone"
    );

    // One that fails: neither its error nor what is kept for a retry has the value.
    let values = json!([{"name": "password", "value": format!("of a fixed one {REFUSED}")}]);
    let (failed, state) = changed(&gateway, "setSecretData", json!({"id": fixed, "data": values})).await?;
    assert_eq!(state, "FAILED");
    let refused = mutate(&gateway, "retryOperation", json!({"id": failed})).await?;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("INVALID"), &json!("id")), "{refused}");
    assert!(refused["message"].as_str().is_some_and(|words| words.contains("values were deleted")), "{refused}");
    until("the read model has its end", || async {
        let found = gateway.data(RETRY, json!({"id": failed})).await.ok()?;
        (found["operation"]["canRetry"] == json!(false)).then_some(())
    })
    .await;

    nothing_is_in_clear(&database, &gateway, &Finder::of(&[NUMBER.to_owned(), REFUSED.to_owned()])).await?;
    let owner = database.owner().await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM effects").fetch_one(&owner).await?;
    assert_eq!(left, 0, "values and key are gone with the effect");
    let payload = "SELECT convert_from(payload, 'UTF8') FROM events WHERE type = 'OperationRequested' \
                   AND convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'";
    let payload: String = sqlx::query_scalar(payload).bind(&operation).fetch_one(&owner).await?;
    let payload: Value = serde_json::from_str(&payload)?;
    let keys = payload.pointer("/intent/SetSecretData/keys").context("the keys")?;
    assert!(keys["password"].as_str().is_some_and(|hash| hash.len() == 32) && keys["old"].is_null(), "{keys}");
    owner.close().await;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
