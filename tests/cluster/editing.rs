//! Edits on the real cluster: many people at once, others between open and save, and a label on objects of many kinds.

use anyhow::{Context, Result};
use futures::future::try_join_all;
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest, never_starts},
    database::Database,
    gateway::{Gateway, Start},
    until,
};

const APPLIED: &str = "fragment R on ApplyResult { __typename ... on OperationAccepted { operation { id } } \
    ... on OperationRefused { code message field conflicts { path manager base live yours } } }";
const OPERATION: &str = "query($id: ID!) { operation(id: $id) { state error { code message conflicts { path manager base live yours } } } }";
const OBJECT: &str = "query($id: ID!) { object(id: $id) { version manifest(format: JSON) } }";

/// The object as somebody opens it: its version and its manifest.
async fn opened(gateway: &Gateway, id: &str) -> (String, Value) {
    until(&format!("{id} can be opened"), || async {
        let found = gateway.data(OBJECT, json!({"id": id})).await.ok()?;
        let manifest = serde_json::from_str(found.pointer("/object/manifest")?.as_str()?).ok()?;
        Some((found.pointer("/object/version")?.as_str()?.to_owned(), manifest))
    })
    .await
}

/// Saves an edit. The base stands in it too, for kinds that the log does not have.
async fn save(gateway: &Gateway, id: &str, (version, base): &(String, Value), yours: &Value) -> Result<Value> {
    let based_on = json!([{"id": id, "version": version, "manifest": base.to_string()}]);
    let input = json!({"cluster": "dev", "manifests": yours.to_string(), "basedOn": based_on});
    gateway.mutate("applyManifests", input, APPLIED).await
}

fn operation_of(result: &Value) -> Result<String> {
    let id = result.pointer("/operation/id").and_then(Value::as_str);
    Ok(id.with_context(|| result.to_string())?.to_owned())
}

/// The operation, once it has ended or only waits for pods that never start.
async fn made(gateway: &Gateway, id: &str) -> Value {
    until(&format!("{id} has made its change"), || async {
        let query = "query($id: ID!) { operation(id: $id) { stages { name state } } }";
        let stages = gateway.data(query, json!({"id": id})).await.ok()?;
        let stages = stages.pointer("/operation/stages")?.as_array()?.clone();
        let found = gateway.data(OPERATION, json!({"id": id})).await.ok()?["operation"].take();
        let is_made = stages.iter().any(|stage| stage["name"] == "edit" && stage["state"] == "SUCCEEDED");
        let has_ended = ["SUCCEEDED", "FAILED", "CANCELLED", "OVERTAKEN"].iter().any(|state| found["state"] == *state);
        (is_made || has_ended).then_some(found)
    })
    .await
}

async fn deployment(namespace: &Namespace) -> Result<String> {
    let object = serde_json::from_str(&never_starts(&manifest(&namespace.name, "web", 1)))?;
    let by = PostParams { field_manager: Some("kubectl-create".to_owned()), ..PostParams::default() };
    namespace.deployments().create(&by, &object).await?;
    Ok(format!("Deployment~dev~{}~web", namespace.name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_people_edit_one_deployment_and_no_change_is_lost() -> Result<()> {
    const PEOPLE: usize = 20;
    let (database, namespace) = (Database::create().await?, Namespace::create("twenty").await?);
    let gateway = Start::on(&database)?.run().await?;
    let id = deployment(&namespace).await?;
    let base = opened(&gateway, &id).await;
    // Each sets an annotation of their own, and all of them the same one.
    let edits = (0..PEOPLE).map(|person| {
        let (gateway, id, base) = (&gateway, &id, &base);
        async move {
            let mut yours = base.1.clone();
            yours["metadata"]["annotations"][format!("example.org/person-{person}")] = "was here".into();
            let own = save(gateway, id, base, &yours).await?;
            let mut yours = base.1.clone();
            yours["metadata"]["annotations"]["example.org/last"] = person.to_string().into();
            anyhow::Ok((own, save(gateway, id, base, &yours).await?))
        }
    });
    let results = try_join_all(edits).await?;
    let mut winners = Vec::new();
    for (person, (own, last)) in results.iter().enumerate() {
        let own = made(&gateway, &operation_of(own)?).await;
        assert_eq!(own["error"], Value::Null, "{person}: {own}");
        let (code, conflicts) = match operation_of(last) {
            Ok(operation) => {
                let mut found = made(&gateway, &operation).await;
                (found["error"]["code"].take(), found["error"]["conflicts"].take())
            }
            Err(_) => (last["code"].clone(), last["conflicts"].clone()),
        };
        match code.as_str() {
            None => winners.push(person.to_string()),
            Some(code) => {
                assert_eq!((code, &conflicts[0]["yours"]), ("CONFLICT", &json!(person.to_string())), "{conflicts}");
            }
        }
    }
    let annotations = namespace.live("web", "/metadata/annotations").await.context("annotations")?;
    for person in 0..PEOPLE {
        assert_eq!(annotations[format!("example.org/person-{person}")], "was here", "{annotations}");
    }
    assert_eq!(winners, [annotations["example.org/last"].as_str().unwrap_or_default()], "one of them, and nobody else");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_between_open_and_save_are_merged_or_told() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("between").await?);
    let gateway = Start::on(&database)?.run().await?;
    let id = deployment(&namespace).await?;
    let base = opened(&gateway, &id).await;
    let by = PatchParams { field_manager: Some("kubectl-scale".to_owned()), ..PatchParams::default() };
    namespace.deployments().patch("web", &by, &Patch::Merge(json!({"spec": {"replicas": 3}}))).await?;

    let mut yours = base.1.clone();
    yours["spec"]["template"]["spec"]["containers"][0]["command"] = json!(["sleep", "7200"]);
    let saved = save(&gateway, &id, &base, &yours).await?;
    let merged = made(&gateway, &operation_of(&saved)?).await;
    assert_eq!(merged["error"], Value::Null, "{merged}");
    let command = namespace.live("web", "/spec/template/spec/containers/0/command").await;
    assert_eq!(
        (command, namespace.live("web", "/spec/replicas").await),
        (Some(json!(["sleep", "7200"])), Some(json!(3)))
    );

    let mut yours = base.1.clone();
    yours["spec"]["replicas"] = json!(5);
    let refused = save(&gateway, &id, &base, &yours).await?;
    let conflict = match operation_of(&refused) {
        Ok(operation) => made(&gateway, &operation).await["error"]["conflicts"][0].take(),
        Err(_) => refused["conflicts"][0].clone(),
    };
    let values = ["path", "base", "live", "yours"].map(|field| conflict[field].clone());
    assert_eq!(values, [json!(".spec.replicas"), json!(1), json!(3), json!(5)], "{refused}");
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(3)), "nothing was overwritten");
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_is_edited_on_objects_of_every_kind() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("labels").await?);
    let gateway = Start::on(&database)?.run().await?;
    let spec = |text: &str| -> Value { serde_json::from_str(text).unwrap_or_default() };
    let claim = r#"{"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}"#;
    let rows = [
        ("v1", "ConfigMap", "data", json!({"a": "1"})),
        ("v1", "Secret", "stringData", json!({"password": "hunter2"})),
        ("v1", "Service", "spec", spec(r#"{"ports": [{"port": 80}]}"#)),
        ("v1", "ServiceAccount", "automountServiceAccountToken", json!(false)),
        ("v1", "PersistentVolumeClaim", "spec", spec(claim)),
        ("rbac.authorization.k8s.io/v1", "Role", "rules", json!([])),
        ("networking.k8s.io/v1", "NetworkPolicy", "spec", spec(r#"{"podSelector": {}}"#)),
        ("coordination.k8s.io/v1", "Lease", "spec", spec(r#"{"holderIdentity": "x"}"#)),
    ];
    for (api_version, kind, field, value) in rows {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
        let resource = match kind {
            "NetworkPolicy" => ApiResource { plural: "networkpolicies".to_owned(), ..resource },
            _ => resource,
        };
        let api: Api<DynamicObject> = Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource);
        let object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, field: value});
        let before = serde_json::to_value(api.create(&PostParams::default(), &serde_json::from_value(object)?).await?)?;
        let kind = if group.contains('.') { format!("{kind}.{group}") } else { kind.to_owned() };
        let id = format!("{kind}~dev~{}~a", namespace.name);
        let base = opened(&gateway, &id).await;
        let mut yours = base.1.clone();
        yours["metadata"]["labels"] = json!({"edited": "yes"});
        let saved = save(&gateway, &id, &base, &yours).await?;
        let ended = made(&gateway, &operation_of(&saved)?).await;
        assert_eq!(ended["error"], Value::Null, "{kind}: {ended}");
        let after = serde_json::to_value(api.get("a").await?)?;
        assert_eq!(after.pointer("/metadata/labels/edited"), Some(&json!("yes")), "{kind}");
        for field in ["spec", "data", "rules", "automountServiceAccountToken"] {
            assert_eq!(after.get(field), before.get(field), "{kind}: nothing else changes");
        }
    }
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
