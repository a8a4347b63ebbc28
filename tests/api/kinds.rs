//! `recordKind` and `releaseKind`: an administrator says which kinds of a cluster the log records.

use anyhow::Result;
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

const RESULT: &str = "fragment R on KindResult { __typename ... on KindAccepted { kind { id recorded } position } \
    ... on OperationRefused { code message field } }";
const LIST: &str = "query($f: ObjectFilter) { objects(filter: $f) { totalCount nodes { id kind { recorded } \
    revisions { totalCount } } } }";
const AUDIT: &str =
    "query($t: [String!]) { auditEvents(filter: {types: $t}, first: 50) { nodes { type objectId reason summary } } }";

async fn create(namespace: &Namespace, name: &str) -> Result<String> {
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "ConfigMap"));
    let maps: Api<DynamicObject> = Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource);
    let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "1"}});
    maps.create(&PostParams::default(), &serde_json::from_value(body)?).await?;
    Ok(format!("ConfigMap~dev~{}~{name}", namespace.name))
}

/// Waits until the gateway shows this object as recorded or read live.
async fn until_shown(gateway: &Gateway, namespace: &Namespace, id: &str, is_recorded: bool) -> Value {
    let filter = json!({"cluster": "dev", "kinds": ["ConfigMap"], "namespaces": [namespace.name]});
    until(&format!("{id} is recorded: {is_recorded}"), || async {
        let list = gateway.data(LIST, json!({"f": filter})).await.ok()?["objects"].take();
        let found = list["nodes"].as_array()?.iter().find(|node| node["id"] == id)?.clone();
        let is_so = found["kind"]["recorded"] == is_recorded && list["totalCount"].is_null() != is_recorded;
        is_so.then_some(found)
    })
    .await
}

async fn choose(gateway: &Gateway, mutation: &str, cluster: &str, kind: &str) -> Result<Value> {
    gateway.mutate(mutation, json!({"cluster": cluster, "kind": kind, "reason": "too much"}), RESULT).await
}

async fn audited(gateway: &Gateway, event_type: &str) -> Result<Vec<Value>> {
    let found = gateway.data(AUDIT, json!({"t": [event_type]})).await?["auditEvents"]["nodes"].take();
    Ok(found.as_array().cloned().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_is_released_and_recorded_again_on_all_gateways() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("kinds").await?);
    let one = Start::on(&database)?.run().await?;
    let other = Start::on(&database)?.run().await?;
    let id = create(&namespace, "settings").await?;
    for gateway in [&one, &other] {
        let found = until_shown(gateway, &namespace, &id, true).await;
        assert_eq!(found["revisions"]["totalCount"], 1, "{found}");
    }

    let released = choose(&one, "releaseKind", "dev", "ConfigMap").await?;
    assert_eq!(released["kind"], json!({"id": "ConfigMap", "recorded": false}), "{released}");
    for gateway in [&one, &other] {
        until_shown(gateway, &namespace, &id, false).await;
    }
    let is_told = |event: &Value| event["objectId"] == id.as_str();
    until("the log says that the object is released", || async {
        audited(&other, "ObjectReleased").await.ok()?.iter().any(is_told).then_some(())
    })
    .await;
    let said = audited(&other, "KindReleased").await?;
    let words = said[0]["summary"].as_str().unwrap_or_default();
    assert!(said.len() == 1 && said[0]["reason"] == "too much" && words.contains("ConfigMap"), "{said:?}");
    assert!(audited(&other, "ObjectGone").await?.iter().all(|event| !is_told(event)), "it is there");

    // What is read live is edited all the same, and is recorded anew as it is then.
    let recorded = choose(&other, "recordKind", "dev", "ConfigMap").await?;
    assert_eq!(recorded["kind"]["recorded"], true, "{recorded}");
    for gateway in [&one, &other] {
        let found = until_shown(gateway, &namespace, &id, true).await;
        assert_eq!(found["revisions"]["totalCount"], 2, "{found}");
    }
    let again = choose(&one, "recordKind", "dev", "ConfigMap").await?;
    assert_eq!(again["__typename"], "KindAccepted", "{again}");
    assert_eq!(audited(&one, "KindRecorded").await?.len(), 1);
    drop((one, other));
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_chosen_is_refused_by_name() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    until("the cluster is known", || async {
        let found = gateway.data("{ kinds(cluster: \"dev\") { totalCount } }", json!({})).await.ok()?;
        (found["kinds"]["totalCount"].as_i64()? > 50).then_some(())
    })
    .await;
    for (mutation, cluster, kind, code, field, words) in [
        ("releaseKind", "dev", "Deployment", "NOT_SUPPORTED", "kind", "always recorded"),
        ("releaseKind", "dev", "Planet", "NOT_SUPPORTED", "kind", "Planet"),
        ("recordKind", "dev", "Planet.example.org", "NOT_SUPPORTED", "kind", "Planet.example.org"),
        ("recordKind", "dev", "not a kind", "NOT_SUPPORTED", "kind", "not a kind"),
        ("recordKind", "dev", "SubjectAccessReview.authorization.k8s.io", "NOT_SUPPORTED", "kind", "read live"),
        ("recordKind", "elsewhere", "ConfigMap", "NOT_FOUND", "cluster", "elsewhere"),
    ] {
        let refused = choose(&gateway, mutation, cluster, kind).await?;
        let found = (&refused["code"], &refused["field"]);
        assert_eq!(found, (&json!(code), &json!(field)), "{mutation} {kind}: {refused}");
        assert!(refused["message"].as_str().is_some_and(|message| message.contains(words)), "{refused}");
    }
    for event_type in ["KindRecorded", "KindReleased"] {
        assert!(audited(&gateway, event_type).await?.is_empty(), "{event_type}");
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}
