//! Two real control planes in one gateway: lists, commands and watches of both, and what becomes of one when the other is frozen,
//! replaced, or may be seen in part only.

use anyhow::{Context, Result};
use commands::{
    Error,
    kubernetes::{credential::Given, registry::Registration},
};
use domain::{
    core::{event::Event, ids::ClusterId, message::Code, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::{Intent, OperationEvent, OperationState, plan::Stage},
    platform::cluster::{ClusterEvent, ClusterState, Environment},
};
use kube::{
    Api, Client,
    api::{Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    second::Second,
    until,
    write_side::{Running, answered, cluster_id, deployment, keyed, on_cluster, origin},
};
use uuid::Uuid;

fn second() -> ClusterId {
    ClusterId::from_name("second")
}

async fn create(client: &Client, api_version: &str, kind: &str, object: Value) -> Result<()> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
    let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str);
    let api: Api<DynamicObject> = match namespace {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    };
    let mut object = object;
    object["apiVersion"] = api_version.into();
    object["kind"] = kind.into();
    api.create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    Ok(())
}

async fn register(running: &Running, given: Given, namespaces: &[&str]) -> Result<()> {
    let registration = || Registration {
        name: "second".to_owned(),
        environment: Environment::Staging,
        given: given.clone(),
        namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
    };
    let registry = running.write_side.registry();
    let (id, _) = answered(async || registry.register(origin(), registration()).await).await?;
    assert_eq!(id, second());
    Ok(())
}

fn in_second(kind: Resource, namespace: Option<&str>, name: &str) -> ObjectRef {
    ObjectRef { cluster: second(), kind, namespace: namespace.map(str::to_owned), name: name.to_owned() }
}

async fn until_observed(running: &Running, object: &ObjectRef) {
    until(&format!("{object} is observed"), || async {
        running.write_side.store().last_of(object.observed_stream()).await.ok()?
    })
    .await;
}

async fn until_state(running: &Running, what: &str, wanted: impl Fn(&ClusterEvent) -> bool) {
    let stream = format!("cluster:{}", second());
    until(&format!("the second cluster {what}"), || async {
        let recorded = running.write_side.store().stream_after(&stream, 0).await.ok()?;
        let last = recorded.into_iter().rev().find_map(|recorded| match recorded.event {
            Event::Cluster(event @ ClusterEvent::ClusterStateChanged { .. }) => Some(event),
            _ => None,
        })?;
        wanted(&last).then_some(())
    })
    .await;
}

fn is_silent(event: &ClusterEvent) -> bool {
    matches!(event, ClusterEvent::ClusterStateChanged { state: ClusterState::Unreachable, code: None, .. })
}

fn is_reached(event: &ClusterEvent) -> bool {
    matches!(event, ClusterEvent::ClusterStateChanged { state: ClusterState::Ready | ClusterState::Degraded, .. })
}

/// Asks for a Deployment in the second cluster and waits until it was applied: nobody makes its pods there.
async fn applied(running: &Running, name: &str) -> Result<()> {
    let text = manifest("default", name, 1);
    let key = Uuid::now_v7();
    let receipt = answered(async || {
        let asked = running.dispatcher.create_workload(keyed(key), second(), &text).await;
        match asked {
            // The watch has not seen the namespace yet.
            Err(Error::Refused(refusal)) if refusal.is_because(Code::NoSuchNamespace) => {
                Err(Error::Unavailable { message: refusal.message })
            }
            asked => asked,
        }
    })
    .await?;
    let target = in_second(Resource::DEPLOYMENT, Some("default"), name);
    until(&format!("{target} is applied"), || async {
        let is_applied = |event: &OperationEvent| {
            matches!(event, OperationEvent::OperationStageSucceeded { operation, stage: Stage::Apply, .. }
                if *operation == receipt.operation)
        };
        running.events(&target).await.iter().any(is_applied).then_some(())
    })
    .await;
    until_observed(running, &target).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_cluster_leaves_the_commands_and_watches_of_the_other() -> Result<()> {
    let (database, second_cluster) = (Database::create().await?, Second::up()?);
    let namespace = Namespace::create("many").await?;
    let running = on_cluster(&database).await?;
    register(&running, Given::Kubeconfig(second_cluster.kubeconfig.clone()), &[]).await?;
    until_state(&running, "is reached", is_reached).await;
    until_observed(&running, &in_second(Resource::NAMESPACE, None, "default")).await;
    applied(&running, "web").await?;

    second_cluster.pause()?;
    until_state(&running, "is silent", is_silent).await;
    // Something waits for the silent one.
    let waits = in_second(Resource::DEPLOYMENT, Some("default"), "web");
    let scaled = running.request(&waits, Intent::RestartWorkload).await?;
    let object = serde_json::from_str(&manifest(&namespace.name, "web", 0))?;
    namespace.deployments().create(&PostParams::default(), &object).await?;
    let target = deployment(&namespace.name, "web");
    until_observed(&running, &target).await;
    let receipt = running.request(&target, Intent::ScaleWorkload { replicas: 1 }).await?;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    let state = running.state(&waits, scaled.operation).await;
    assert!(state != Some(OperationState::Succeeded), "{state:?}");

    second_cluster.resume()?;
    until_state(&running, "is reached again", is_reached).await;
    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_cluster_under_a_known_address_stops_and_is_told() -> Result<()> {
    another_cluster_is_told(false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_cluster_after_a_silence_is_told_too() -> Result<()> {
    another_cluster_is_told(true).await
}

async fn another_cluster_is_told(is_silent_before: bool) -> Result<()> {
    let (database, second_cluster) = (Database::create().await?, Second::up()?);
    let running = on_cluster(&database).await?;
    register(&running, Given::Kubeconfig(second_cluster.kubeconfig.clone()), &[]).await?;
    until_state(&running, "is reached", is_reached).await;
    applied(&running, "web").await?;

    if is_silent_before {
        second_cluster.pause()?;
        until_state(&running, "is silent", is_silent).await;
    }
    second_cluster.replace()?;
    until_state(&running, "is another one", |event| {
        let ClusterEvent::ClusterStateChanged { code: Some(ErrorCode::Conflict), reason, .. } = event else {
            return false;
        };
        reason.as_ref().is_some_and(|reason| reason.as_str().contains("another cluster"))
    })
    .await;
    // What was observed of the first one is not taken for gone, and nothing is called.
    let target = in_second(Resource::DEPLOYMENT, Some("default"), "web");
    let last = running.write_side.store().last_of(target.observed_stream()).await?.context("it was observed")?;
    assert_ne!(last.event_type, "WorkloadGone");
    let receipt = running.request(&target, Intent::DeleteWorkload).await?;
    running.until_state(&target, &receipt, OperationState::Failed).await;
    // The one of the settings goes on.
    assert!(running.write_side.clusters().get(&cluster_id()).is_some());
    running.stop().await;
    database.drop().await;
    Ok(())
}

/// A service account that may see one namespace; its token.
async fn account(client: &Client, namespace: &str) -> Result<String> {
    create(client, "v1", "Namespace", json!({"metadata": {"name": namespace}})).await?;
    create(client, "v1", "ServiceAccount", json!({"metadata": {"name": "bound", "namespace": namespace}})).await?;
    // Nobody fills the roles that are put together of others: a control plane alone has no controllers.
    let rules = json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]);
    let role = json!({"metadata": {"name": "bound", "namespace": namespace}, "rules": rules});
    create(client, "rbac.authorization.k8s.io/v1", "Role", role).await?;
    let binding = json!({
        "metadata": {"name": "bound", "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "bound"},
        "subjects": [{"kind": "ServiceAccount", "name": "bound", "namespace": namespace}],
    });
    create(client, "rbac.authorization.k8s.io/v1", "RoleBinding", binding).await?;
    let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": []}});
    let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/bound/token");
    let request =
        http::Request::post(path).header("content-type", "application/json").body(asked.to_string().into_bytes())?;
    let answer: Value = client.request(request).await?;
    Ok(answer.pointer("/status/token").and_then(Value::as_str).context("a token")?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_of_one_namespace_works_with_that() -> Result<()> {
    let (database, second_cluster) = (Database::create().await?, Second::up()?);
    let client = second_cluster.client().await?;
    let token = account(&client, "team").await?;
    let config = kube::config::Kubeconfig::from_yaml(&second_cluster.kubeconfig)?;
    let cluster = config.clusters.into_iter().next().and_then(|named| named.cluster).context("a cluster")?;
    let (server, certificate_authority) =
        cluster.server.zip(cluster.certificate_authority_data).context("an address")?;
    let running = on_cluster(&database).await?;
    register(&running, Given::Token { server, certificate_authority, token }, &["team"]).await?;
    until_state(&running, "is reached", is_reached).await;
    for (namespace, name) in [("team", "seen"), ("default", "unseen")] {
        create(
            &client,
            "v1",
            "ConfigMap",
            json!({"metadata": {"name": name, "namespace": namespace}, "data": {"a": "1"}}),
        )
        .await?;
    }
    let seen = in_second("ConfigMap".parse()?, Some("team"), "seen");
    until_observed(&running, &seen).await;
    // A change, and the end.
    let maps = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "ConfigMap"));
    let maps: Api<DynamicObject> = Api::namespaced_with(client.clone(), "team", &maps);
    maps.patch("seen", &PatchParams::default(), &Patch::Merge(json!({"data": {"a": "2"}}))).await?;
    maps.delete("seen", &Default::default()).await?;
    until("its end is recorded", || async {
        let last = running.write_side.store().last_of(seen.observed_stream()).await.ok()??;
        (last.event_type == "ObjectGone").then_some(())
    })
    .await;
    let unseen = in_second("ConfigMap".parse()?, Some("default"), "unseen");
    assert!(running.write_side.store().last_of(unseen.observed_stream()).await?.is_none());
    // A command in the namespace, which nobody could observe.
    let text = manifest("team", "web", 1);
    let key = Uuid::now_v7();
    let receipt = answered(async || running.dispatcher.create_workload(keyed(key), second(), &text).await).await?;
    let target = in_second(Resource::DEPLOYMENT, Some("team"), "web");
    until_observed(&running, &target).await;
    assert_ne!(running.state(&target, receipt.operation).await, Some(OperationState::Failed));
    running.stop().await;
    database.drop().await;
    Ok(())
}
