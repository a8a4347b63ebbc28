//! Objects of any kind: lists, details, relations and revisions of what is recorded, and what is read live beside it.

use crate::mutations::until_seen;
use anyhow::{Context, Result};
use kube::{
    Api,
    api::{DeleteParams, Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
    until,
};

const LIST: &str = "query($f: ObjectFilter, $o: ObjectOrder, $n: Int, $a: String) { \
    objects(filter: $f, orderBy: $o, first: $n, after: $a) { totalCount pageInfo { hasNextPage endCursor } \
    nodes { id name namespace state columns labels createdAt version kind { id recorded } } } }";
const RELATED: &str = "query($id: ID!) { object(id: $id) { related { totalCount nodes { relation object { id } } } } }";
const REVISIONS: &str = "query($id: ID!) { object(id: $id) { version manifest(format: JSON) revisions { totalCount nodes { \
    position managers operation { id } manifest(format: JSON) yaml: manifest changes { path before after } } } } }";
const LEASE: &str = "Lease.coordination.k8s.io";

fn api(namespace: &Namespace, api_version: &str, kind: &str) -> Api<DynamicObject> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
    Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource)
}

/// Creates an object in the namespace; its id.
async fn create(namespace: &Namespace, api_version: &str, kind: &str, mut object: Value) -> Result<String> {
    object["apiVersion"] = api_version.into();
    object["kind"] = kind.into();
    let name = object["metadata"]["name"].as_str().context("a name")?.to_owned();
    let body = serde_json::from_value(object)?;
    api(namespace, api_version, kind).create(&PostParams::default(), &body).await?;
    let group = api_version.split_once('/').map(|(group, _)| group).filter(|group| group.contains('.'));
    let kind = group.map_or_else(|| kind.to_owned(), |group| format!("{kind}.{group}"));
    Ok(format!("{kind}~dev~{}~{name}", namespace.name))
}

async fn patch(namespace: &Namespace, kind: &str, name: &str, patch: Value) -> Result<()> {
    let by = PatchParams { field_manager: Some("kubectl-edit".to_owned()), ..PatchParams::default() };
    api(namespace, "v1", kind).patch(name, &by, &Patch::Merge(patch)).await?;
    Ok(())
}

async fn list(gateway: &Gateway, variables: Value) -> Result<Value> {
    Ok(gateway.data(LIST, variables).await?["objects"].take())
}

fn ids(list: &Value) -> BTreeSet<String> {
    let nodes = list["nodes"].as_array().into_iter().flatten();
    nodes.filter_map(|node| node["id"].as_str()).map(str::to_owned).collect()
}

/// The code and the field of the first error of an answer.
async fn refused(gateway: &Gateway, query: &str, variables: Value) -> Result<(Value, Value)> {
    let mut answer = gateway.ask_again(query, variables).await?;
    let mut extensions = answer["errors"][0]["extensions"].take();
    Ok((extensions["code"].take(), extensions["field"].take()))
}

/// Waits until the object is recorded; as it is listed.
async fn until_listed(gateway: &Gateway, namespace: &Namespace, id: &str) -> Value {
    until(&format!("{id} is listed"), || async {
        let mut found = list(gateway, json!({"f": {"namespaces": [namespace.name]}, "n": 500})).await.ok()?;
        let nodes = found["nodes"].as_array_mut()?;
        nodes.iter_mut().find(|node| node["id"] == id).map(Value::take)
    })
    .await
}

/// Waits until an object has these relations.
async fn until_related(gateway: &Gateway, id: &str, wanted: &[(&str, &String)]) {
    until(&format!("{id} is related to {wanted:?}"), || async {
        let found = gateway.data(RELATED, json!({"id": id})).await.ok()?;
        let related = found.pointer("/object/related")?;
        let nodes = related["nodes"].as_array()?;
        let has = |(relation, other): &(&str, &String)| {
            let is_it =
                |id: &str| id == other.as_str() || other.strip_suffix('*').is_some_and(|begin| id.starts_with(begin));
            nodes.iter().any(|node| {
                node["relation"] == *relation && node.pointer("/object/id").and_then(Value::as_str).is_some_and(is_it)
            })
        };
        (related["totalCount"] == nodes.len() && wanted.iter().all(has)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_of_every_kind_are_in_one_list_and_know_each_other() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("objects").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let labelled = |name: &str| json!({"name": name, "labels": {"app": "web"}});
    let settings =
        create(&namespace, "v1", "ConfigMap", json!({"metadata": labelled("settings"), "data": {"a": "b"}})).await?;
    let spec = json!({"selector": {"app": "web"}, "ports": [{"port": 80}]});
    let service = create(&namespace, "v1", "Service", json!({"metadata": labelled("web"), "spec": spec})).await?;
    let mut object: Value = serde_json::from_str(&manifest(&namespace.name, "web", 1))?;
    object["spec"]["template"]["spec"]["containers"][0]["envFrom"] = json!([{"configMapRef": {"name": "settings"}}]);
    let web = create(&namespace, "apps/v1", "Deployment", object).await?;

    for (id, kind) in [(&settings, "ConfigMap"), (&service, "Service"), (&web, "Deployment")] {
        let found = until_listed(&gateway, &namespace, id).await;
        assert_eq!(found["kind"], json!({"id": kind, "recorded": true}));
        assert_eq!(found["namespace"], json!(namespace.name));
        assert!(found["createdAt"].is_string() && found["version"].is_string(), "{found}");
    }
    let pods = format!("Pod~dev~{}~web-*", namespace.name);
    until_related(&gateway, &web, &[("MOUNTS", &settings), ("OWNED", &pods)]).await;
    until_related(&gateway, &settings, &[("MOUNTED_BY", &web), ("MOUNTED_BY", &pods)]).await;
    until_related(&gateway, &service, &[("SELECTS", &pods)]).await;

    let filter = json!({"cluster": "dev", "namespaces": [namespace.name], "labelSelector": "app=web",
        "kinds": ["ConfigMap", "Service", "Deployment"]});
    let found = list(&gateway, json!({"f": filter, "n": 10})).await?;
    assert_eq!(ids(&found), BTreeSet::from([settings.clone(), service.clone()]));
    let columns = found["nodes"].as_array().and_then(|nodes| nodes.iter().find(|node| node["id"] == json!(settings)));
    assert_eq!(columns.map(|node| &node["columns"]), Some(&json!({"Data": "1"})));
    let found = list(&gateway, json!({"f": {"namespaces": [namespace.name], "search": "SETT"}, "n": 10})).await?;
    assert_eq!((ids(&found), &found["totalCount"]), (BTreeSet::from([settings.clone()]), &json!(1)));

    for (field, direction) in [("NAME", "ASC"), ("KIND", "DESC"), ("STATE", "ASC"), ("CREATED_AT", "DESC")] {
        let filter = json!({"namespaces": [namespace.name], "kinds": ["ConfigMap", "Service", "ServiceAccount"]});
        let order = json!({"field": field, "direction": direction});
        let whole = list(&gateway, json!({"f": filter, "o": order, "n": 100})).await?;
        let (mut paged, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = list(&gateway, json!({"f": filter, "o": order, "n": 1, "a": after})).await?;
            paged.extend(page["nodes"].as_array().cloned().unwrap_or_default());
            if page.pointer("/pageInfo/hasNextPage") != Some(&json!(true)) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(json!(paged), whole["nodes"], "{field} {direction}");
        assert_eq!(whole["totalCount"], paged.len(), "{field} {direction}");
    }

    let query = "query($id: ID!) { node(id: $id) { __typename id ... on KubernetesObject { name } } }";
    let found = gateway.data(query, json!({"id": settings})).await?;
    assert_eq!(found["node"], json!({"__typename": "KubernetesObject", "id": settings, "name": "settings"}));
    let query = "query($id: ID!) { object(id: $id) { uid events { totalCount } operations { totalCount } \
        availableActions { action } manifest } }";
    let found = gateway.data(query, json!({"id": settings})).await?["object"].take();
    let actions = json!([{"action": "EDIT"}, {"action": "RESTORE"}, {"action": "DELETE"}]);
    assert_eq!((&found["operations"]["totalCount"], &found["availableActions"]), (&json!(0), &actions));
    let yaml = found["manifest"].as_str().unwrap_or_default();
    assert!(yaml.starts_with("apiVersion: v1\n") && yaml.contains("\nkind: ConfigMap\n"), "{yaml}");
    let found = gateway.data(query, json!({"id": web})).await?["object"].take();
    assert!(found["availableActions"].as_array().is_some_and(|actions| !actions.is_empty()), "{found}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ingress_names_the_service_that_is_not_there() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("missing").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let backend = json!({"service": {"name": "web", "port": {"number": 80}}});
    let object = json!({"metadata": {"name": "web"}, "spec": {"defaultBackend": backend}});
    let ingress = create(&namespace, "networking.k8s.io/v1", "Ingress", object).await?;
    let until_missing = async |wanted: Value| {
        until(&format!("{wanted} is missing"), || async {
            let query = "query($id: ID!) { object(id: $id) { missing { relation objectId kind namespace name } } }";
            let found = gateway.data(query, json!({"id": ingress})).await.ok()?;
            (found.pointer("/object/missing")? == &wanted).then_some(())
        })
        .await;
    };
    let service = format!("Service~dev~{}~web", namespace.name);
    let missing = json!({"relation": "ROUTES_TO", "objectId": service, "kind": "Service", "namespace": namespace.name,
        "name": "web"});
    until_missing(json!([missing])).await;
    create(&namespace, "v1", "Service", json!({"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}))
        .await?;
    until_missing(json!([])).await;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_of_an_object_is_a_revision_and_is_told() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("revisions").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let object = json!({"metadata": {"name": "settings"}, "data": {"mode": "fast"}});
    let id = create(&namespace, "v1", "ConfigMap", object).await?;
    let first = until_listed(&gateway, &namespace, &id).await;
    let document = "subscription($f: ObjectFilter) { objectChanged(filter: $f) { kind objectId object { labels } } }";
    let filter = json!({"f": {"namespaces": [namespace.name], "kinds": ["ConfigMap"], "search": "settings"}});
    let mut changes = Subscription::open(&gateway.url, &gateway.token().await?, document, filter).await?;

    let change = json!({"data": {"mode": "slow"}, "metadata": {"labels": {"team": "a"}}});
    patch(&namespace, "ConfigMap", "settings", change).await?;
    let told = changes.next().await?.context("a change")?["objectChanged"].take();
    let object = json!({"labels": {"team": "a"}});
    assert_eq!(told, json!({"kind": "CHANGED", "objectId": id, "object": object}));
    let object = until("the revision is there", || async {
        let mut found = gateway.data(REVISIONS, json!({"id": id})).await.ok()?;
        Some(found["object"].take()).filter(|object| object["revisions"]["totalCount"] == 2)
    })
    .await;
    let revisions = object.pointer("/revisions/nodes").context("revisions")?;
    let parsed = |text: &Value| serde_json::from_str::<Value>(text.as_str().unwrap_or_default());
    assert_eq!(parsed(&revisions[0]["manifest"])?["data"], json!({"mode": "slow"}));
    assert_eq!(parsed(&revisions[1]["manifest"])?["data"], json!({"mode": "fast"}));
    assert_eq!(parsed(&object["manifest"])?, parsed(&revisions[0]["manifest"])?, "the last one is as it is now");
    assert!(revisions[1]["yaml"].as_str().is_some_and(|yaml| yaml.contains("\n  mode: fast\n")), "{revisions}");
    assert_eq!((&revisions[0]["managers"], &revisions[0]["operation"]), (&json!(["kubectl-edit"]), &Value::Null));
    let changed = revisions[0]["changes"].as_array().context("changes")?;
    let mode = json!({"path": "/data/mode", "before": "fast", "after": "slow"});
    assert!(changed.contains(&mode), "{changed:?}");
    assert_ne!(object["version"], first["version"], "what was expected of it is no longer so");

    api(&namespace, "v1", "ConfigMap").delete("settings", &DeleteParams::default()).await?;
    let told = changes.next().await?.context("a change")?["objectChanged"].take();
    assert_eq!(told, json!({"kind": "REMOVED", "objectId": id, "object": null}));
    let found = gateway.data(REVISIONS, json!({"id": id})).await?;
    assert_eq!(found["object"], Value::Null);
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_values_of_a_secret_are_never_shown_and_its_keys_are() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("secrets").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let object = json!({"metadata": {"name": "login"}, "stringData": {"password": "correct horse"}});
    let id = create(&namespace, "v1", "Secret", object).await?;
    let listed = until_listed(&gateway, &namespace, &id).await;
    assert_eq!(listed["columns"], json!({"Type": "Opaque", "Data": "1"}));
    let found = gateway.data(REVISIONS, json!({"id": id})).await?;
    let manifest = found.pointer("/object/manifest").and_then(Value::as_str).context("a manifest")?;
    let manifest: Value = serde_json::from_str(manifest)?;
    assert_eq!(manifest["data"], json!({"password": "<redacted>"}));
    let recorded = found.pointer("/object/revisions/nodes/0/manifest").and_then(Value::as_str).context("a revision")?;
    assert!(serde_json::from_str::<Value>(recorded)?.get("data").is_none(), "the log has the metadata: {recorded}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_that_is_not_recorded_is_read_live() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("live").await?);
    let gateway = Start::on(&database)?.run().await?;
    for name in ["a", "b", "c-searched"] {
        let object = json!({"metadata": {"name": name}, "spec": {"holderIdentity": format!("holder-of-{name}")}});
        create(&namespace, "coordination.k8s.io/v1", "Lease", object).await?;
    }
    let filter = json!({"cluster": "dev", "kinds": [LEASE], "namespaces": [namespace.name]});
    let page = list(&gateway, json!({"f": filter, "n": 2})).await?;
    let id = |name: &str| format!("{LEASE}~dev~{}~{name}", namespace.name);
    assert_eq!((ids(&page), &page["totalCount"]), (BTreeSet::from([id("a"), id("b")]), &Value::Null));
    assert_eq!(page["nodes"][0]["columns"], json!({"Holder": "holder-of-a"}));
    assert_eq!(page["nodes"][0]["kind"], json!({"id": LEASE, "recorded": false}));
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let after = &page["pageInfo"]["endCursor"];
    let page = list(&gateway, json!({"f": filter, "n": 2, "a": after})).await?;
    assert_eq!((ids(&page), &page["pageInfo"]["hasNextPage"]), (BTreeSet::from([id("c-searched")]), &json!(false)));
    let mut searched = filter.clone();
    searched["search"] = "SEARCHED".into();
    let found = ids(&list(&gateway, json!({"f": searched, "n": 2})).await?);
    assert_eq!(found, BTreeSet::from([id("c-searched")]));

    let query = "query($id: ID!) { object(id: $id) { uid state manifest revisions { totalCount } } }";
    let found = gateway.data(query, json!({"id": id("a")})).await?["object"].take();
    assert!(found["manifest"].as_str().is_some_and(|text| text.contains("holderIdentity: holder-of-a")), "{found}");
    assert_eq!((&found["state"], &found["revisions"]["totalCount"]), (&json!("READY"), &json!(0)));
    assert_eq!(gateway.data(query, json!({"id": id("d")})).await?["object"], Value::Null);

    let bad = |field: &str| (json!("BAD_INPUT"), json!(field));
    let both = json!({"f": {"cluster": "dev", "kinds": [LEASE, "ConfigMap"]}});
    assert_eq!(refused(&gateway, LIST, both).await?, bad("kinds"));
    assert_eq!(refused(&gateway, LIST, json!({"f": {"kinds": ["Planet"]}})).await?, bad("kinds"));
    let sorted = json!({"f": filter, "o": {"field": "STATE"}});
    assert_eq!(refused(&gateway, LIST, sorted).await?, bad("orderBy"));
    assert_eq!(refused(&gateway, LIST, json!({"f": filter, "a": "00"})).await?, bad("after"));
    let document = "subscription($f: ObjectFilter) { objectChanged(filter: $f) { position } }";
    let mut changes = Subscription::open(&gateway.url, &gateway.token().await?, document, json!({"f": filter})).await?;
    let told = changes.next().await.expect_err("nothing records its changes").to_string();
    assert!(told.contains("is read live"), "{told}");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_says_which_kinds_it_serves_and_what_they_look_like() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let query = "{ kinds(cluster: \"dev\") { totalCount nodes { id group version kind plural namespaced recorded custom \
        shortNames categories count problems } } }";
    // Namespaces are there as soon as the watch has listed them.
    let kinds = until("namespaces are counted", || async {
        let mut found = gateway.data(query, json!({})).await.ok()?["kinds"].take();
        let nodes = found["nodes"].as_array()?;
        nodes.iter().any(|kind| kind["id"] == "Namespace" && kind["count"] != 0).then(|| found.take())
    })
    .await;
    let nodes = kinds["nodes"].as_array().context("kinds")?;
    assert_eq!(kinds["totalCount"], nodes.len());
    let kind = |id: &str| nodes.iter().find(|kind| kind["id"] == id).with_context(|| id.to_owned());
    let deployment = kind("Deployment")?;
    assert_eq!((&deployment["group"], &deployment["version"]), (&json!("apps"), &json!("v1")));
    assert_eq!((&deployment["shortNames"], &deployment["recorded"]), (&json!(["deploy"]), &json!(true)));
    let lease = kind(LEASE)?;
    assert_eq!((&lease["recorded"], &lease["count"], &lease["problems"]), (&json!(false), &Value::Null, &Value::Null));
    assert_eq!(kind("Node")?["namespaced"], false);

    let columns = "query($f: ObjectFilter) { objects(filter: $f, first: 1) { nodes { kind { columns } } } }";
    let filter = json!({"f": {"kinds": [LEASE], "namespaces": ["kube-node-lease", "kube-system"]}});
    let found = gateway.data(columns, filter).await?;
    assert_eq!(found.pointer("/objects/nodes/0/kind/columns"), Some(&json!(["Holder"])));

    let query = "query($k: ID!) { kindSchema(cluster: \"dev\", kind: $k) }";
    let schema = gateway.data(query, json!({"k": "Deployment"})).await?["kindSchema"].take();
    let definitions = schema["definitions"].as_object().context("definitions")?;
    let spec = definitions.get("io.k8s.api.apps.v1.DeploymentSpec").context("a spec")?;
    assert!(spec.pointer("/properties/replicas/type").is_some(), "{spec}");
    let text = schema.to_string();
    for (at, mark) in text.match_indices("\"#/definitions/") {
        let name = text[at + mark.len()..].split('"').next().unwrap_or_default();
        assert!(definitions.contains_key(name), "{name} is referred to and not there");
    }
    assert!(!text.contains("#/components/"), "all references lead into it");
    assert_eq!(gateway.data(query, json!({"k": "Widget.example.org"})).await?["kindSchema"], Value::Null);
    let elsewhere = "{ kinds(cluster: \"mars\") { totalCount } }";
    assert_eq!(refused(&gateway, elsewhere, json!({})).await?.0, "NOT_FOUND");
    drop(gateway);
    database.drop().await;
    Ok(())
}
