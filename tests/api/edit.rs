//! `applyManifests`, `manifestPreview`, `deleteObject` and `restoreObject`: one ConfigMap through its life, and what is refused.

use crate::mutations::{until_ended, until_seen};
use anyhow::{Context, Result};
use kube::{
    Api,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    until,
};

const APPLIED: &str = "fragment R on ApplyResult { __typename ... on OperationAccepted { operation { id } removed } \
    ... on OperationRefused { code message field currentVersion conflicts { path manager base live yours } } }";
const RESULT: &str = "fragment R on OperationResult { __typename ... on OperationAccepted { operation { id } } \
    ... on OperationRefused { code message field currentVersion conflicts { path } } }";
const PREVIEW: &str = "query($input: ApplyManifestsInput!) { manifestPreview(input: $input) { objects { id change line result live \
    diff { path before after } conflicts { path manager base live yours } warnings managedBy error { code message } } } }";
const OBJECT: &str = "query($id: ID!) { object(id: $id) { version manifest(format: JSON) \
    availableActions { action allowed } revisions(first: 5) { nodes { position operation { id } } } } }";

fn config_map(namespace: &Namespace, data: Value) -> String {
    let metadata = json!({"name": "settings", "namespace": namespace.name});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}).to_string()
}

fn id_of(namespace: &Namespace) -> String {
    format!("ConfigMap~dev~{}~settings", namespace.name)
}

fn live(namespace: &Namespace) -> Api<DynamicObject> {
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "ConfigMap"));
    Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource)
}

async fn data_of(namespace: &Namespace) -> Result<Value> {
    Ok(serde_json::to_value(live(namespace).get("settings").await?)?["data"].take())
}

async fn succeeds(gateway: &Gateway, result: &Value) -> Result<String> {
    let id = result.pointer("/operation/id").and_then(Value::as_str).with_context(|| result.to_string())?;
    assert_eq!(until_ended(gateway, id).await, "SUCCEEDED", "{result}");
    Ok(id.to_owned())
}

async fn preview(gateway: &Gateway, input: Value) -> Result<Value> {
    Ok(gateway.data(PREVIEW, json!({"input": input})).await?["manifestPreview"]["objects"].take())
}

/// The object, once its data is recorded as wanted.
async fn until_data(gateway: &Gateway, namespace: &Namespace, data: &Value) -> Value {
    until(&format!("{data} is recorded"), || async {
        let mut found = gateway.data(OBJECT, json!({"id": id_of(namespace)})).await.ok()?;
        let manifest: Value = serde_json::from_str(found.pointer("/object/manifest")?.as_str()?).ok()?;
        (manifest["data"] == *data).then(|| found["object"].take())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_config_map_is_applied_edited_restored_and_deleted() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("edit").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = id_of(&namespace);
    let input = |data: Value, based_on: Value| json!({"cluster": "dev", "manifests": config_map(&namespace, data), "basedOn": based_on});

    let first = json!({"a": "1", "b": "1"});
    let shown = preview(&gateway, input(first.clone(), Value::Null)).await?;
    assert_eq!(
        (&shown[0]["change"], &shown[0]["id"], &shown[0]["line"]),
        (&json!("CREATE"), &json!(id), &json!(1)),
        "{shown}"
    );
    let applied = gateway.mutate("applyManifests", input(first.clone(), Value::Null), APPLIED).await?;
    succeeds(&gateway, &applied).await?;
    assert_eq!(data_of(&namespace).await?, first);
    let opened = until_data(&gateway, &namespace, &first).await;
    let again = preview(&gateway, input(first.clone(), Value::Null)).await?;
    assert_eq!(again[0]["change"], "NONE", "{again}");
    let actions = opened["availableActions"].as_array().cloned().unwrap_or_default();
    assert_eq!(actions, ["EDIT", "RESTORE", "DELETE"].map(|action| json!({"action": action, "allowed": true})));

    // Others change another key meanwhile: it is merged. A removed key goes.
    let by = PatchParams { field_manager: Some("kubectl-edit".to_owned()), ..PatchParams::default() };
    live(&namespace).patch("settings", &by, &Patch::Merge(json!({"data": {"c": "9"}}))).await?;
    let base = json!([{"id": id, "version": opened["version"]}]);
    let edited = gateway.mutate("applyManifests", input(json!({"a": "2"}), base.clone()), APPLIED).await?;
    let operation = succeeds(&gateway, &edited).await?;
    let merged = json!({"a": "2", "c": "9"});
    assert_eq!(data_of(&namespace).await?, merged);
    let now = until_data(&gateway, &namespace, &merged).await;
    assert_eq!(now.pointer("/revisions/nodes/0/operation/id"), Some(&json!(operation)), "{now}");

    // Others changed the same key since the author opened it.
    let overlap = gateway.mutate("applyManifests", input(json!({"a": "3", "b": "1"}), base.clone()), APPLIED).await?;
    let conflict = json!({"path": ".data.a", "manager": "", "base": "1", "live": "2", "yours": "3"});
    assert_eq!((&overlap["code"], &overlap["conflicts"]), (&json!("CONFLICT"), &json!([conflict])), "{overlap}");
    assert_eq!(overlap["currentVersion"], now["version"], "{overlap}");
    let told = preview(&gateway, input(json!({"a": "3", "b": "1"}), base)).await?;
    assert_eq!((&told[0]["change"], &told[0]["conflicts"]), (&json!("REFUSED"), &json!([conflict])), "{told}");

    let position = opened.pointer("/revisions/nodes/0/position").cloned();
    let restore = json!({"id": id, "position": position, "expectedVersion": now["version"]});
    let restored = gateway.mutate("restoreObject", restore, RESULT).await?;
    succeeds(&gateway, &restored).await?;
    assert_eq!(data_of(&namespace).await?, first);
    let back = until_data(&gateway, &namespace, &first).await;

    let stale = gateway.mutate("deleteObject", json!({"id": id, "expectedVersion": opened["version"]}), RESULT).await?;
    assert_eq!((&stale["code"], &stale["currentVersion"]), (&json!("CONFLICT"), &back["version"]), "{stale}");
    let deletion = json!({"id": id, "expectedVersion": back["version"], "propagation": "BACKGROUND"});
    let deleted = gateway.mutate("deleteObject", deletion, RESULT).await?;
    succeeds(&gateway, &deleted).await?;
    assert!(live(&namespace).get_opt("settings").await?.is_none());
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_applied_is_refused_and_previewed_so() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("refused").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let input = |manifests: &str| json!({"cluster": "dev", "manifests": manifests});
    let map = config_map(&namespace, json!({"a": "1"}));
    let secret = map.replace("ConfigMap", "Secret").replace("\"1\"", "\"aHVudGVyMg==\"");
    let masked = config_map(&namespace, json!({"a": "<redacted>"}));
    let mut renamed = input(&map);
    renamed["basedOn"] = json!([{"id": format!("ConfigMap~dev~{}~other", namespace.name), "version": "0.a.b"}]);
    let mut unknown = input(&map);
    unknown["basedOn"] = json!([{"id": id_of(&namespace), "version": "0.a.b"}]);
    let rows = [
        (input(&format!("{map}\n---\n{map}")), "INVALID", "manifests"),
        (input("{{{"), "INVALID", "manifests"),
        (input("apiVersion: example.org/v1\nkind: Planet\nmetadata: {name: a}"), "NOT_SUPPORTED", "manifests.kind"),
        (input(&secret), "NOT_SUPPORTED", "manifests.data"),
        (input(&masked), "INVALID", "manifests"),
        (renamed, "INVALID", "basedOn"),
        (unknown, "CONFLICT", "basedOn"),
        (json!({"cluster": "mars", "manifests": map}), "NOT_FOUND", "cluster"),
    ];
    for (input, code, field) in rows {
        let refused = gateway.mutate("applyManifests", input.clone(), APPLIED).await?;
        assert_eq!((&refused["code"], &refused["field"]), (&json!(code), &json!(field)), "{input}: {refused}");
        assert!(!refused.to_string().contains("aHVudGVyMg"), "{refused}");
    }
    // Each document of a preview stands for itself.
    let shown = preview(&gateway, input(&format!("{map}\n---\njust words\n---\n{secret}"))).await?;
    let changes: Vec<&Value> = shown.as_array().context("previews")?.iter().map(|one| &one["change"]).collect();
    assert_eq!(changes, ["CREATE", "REFUSED", "REFUSED"], "{shown}");
    let recorded = "SELECT count(*) FROM events WHERE stream LIKE 'target:%'";
    let owner = database.owner().await;
    assert_eq!(sqlx::query_scalar::<_, i64>(recorded).fetch_one(&owner).await?, 0, "nothing was requested");
    owner.close().await;
    let missing = json!({"id": id_of(&namespace), "position": "1"});
    for (field, input) in [("restoreObject", missing), ("deleteObject", json!({"id": id_of(&namespace)}))] {
        let refused = gateway.mutate(field, input, RESULT).await?;
        assert_eq!(refused["code"], "NOT_FOUND", "{field}: {refused}");
    }
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
