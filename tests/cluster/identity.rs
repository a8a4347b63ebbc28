//! An id means one cluster: what answers under it is recognised by its `kube-system` namespace.

use anyhow::{Context, Result};
use commands::{Clusters, Origin, kubernetes::ClusterHandle};
use domain::{
    core::{event::Event, ids::ClusterId, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::{Intent, OperationEvent, OperationState},
    platform::cluster::{Cluster, ClusterCommand, ClusterEvent, ClusterState, Environment},
};
use kube::api::PostParams;
use serde_json::json;
use std::sync::Arc;
use tests::{
    cluster::{Namespace, client, effects_in_audit_log, manifest},
    database::Database,
    until,
    write_side::{Running, answered, cluster_id, deployment, on_cluster},
};

async fn events_of_cluster(running: &Running) -> Vec<ClusterEvent> {
    let stream = format!("cluster:{}", cluster_id());
    let recorded = running.write_side.store().stream_after(&stream, 0).await.unwrap_or_default();
    let of_cluster = |event| match event {
        Event::Cluster(event) => Some(event),
        _ => None,
    };
    recorded.into_iter().filter_map(|recorded| of_cluster(recorded.event)).collect()
}

async fn kube_system(running: &Running) -> Result<String> {
    let handle = running.write_side.clusters().get(&cluster_id()).context("the cluster")?;
    let (cluster, name) = (cluster_id(), "kube-system".to_owned());
    let namespace = ObjectRef { cluster, kind: Resource::NAMESPACE, namespace: None, name };
    let found = handle.port.get(&namespace).await?.context("the namespace")?;
    Ok(found["metadata"]["uid"].as_str().context("a uid")?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_keeps_its_id_when_its_name_changes() -> Result<()> {
    let database = Database::create().await?;
    let running = on_cluster(&database).await?;
    let uid = kube_system(&running).await?;
    until("the cluster is identified", || async {
        let events = events_of_cluster(&running).await;
        let is_it =
            |event: &ClusterEvent| matches!(event, ClusterEvent::ClusterIdentified { uid: found, .. } if *found == uid);
        events.iter().any(is_it).then_some(())
    })
    .await;
    let port = running.write_side.clusters().get(&cluster_id()).context("the cluster")?.port;
    let named = |name: &str| {
        let (id, name, port) = (ClusterId::from_name(name), name.to_owned(), Arc::clone(&port));
        let environment = Environment::default();
        async move { ClusterHandle { id, name, environment, port, client: client().await.ok() } }
    };
    let renamed = Clusters::new(vec![named("Production").await]).under_known_ids(&running.pool).await?;
    let handle = renamed.get(&cluster_id()).context("it is known by its first name")?;
    assert_eq!(handle.name, "Production");
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_cluster_under_a_known_id_is_neither_watched_nor_changed() -> Result<()> {
    let database = Database::create().await?;
    let namespace = Namespace::create("another").await?;
    let object = serde_json::from_str(&manifest(&namespace.name, "web", 0))?;
    namespace.deployments().create(&PostParams::default(), &object).await?;
    let target = deployment(&namespace.name, "web");
    {
        // The log knows the object of a cluster that was there before.
        let running = on_cluster(&database).await?;
        until("the watch has recorded it", || async {
            running.write_side.store().last_of(target.observed_stream()).await.ok()?
        })
        .await;
        running.stop().await;
    }
    let owner = database.owner().await;
    let forge = "UPDATE events SET payload = convert_to(jsonb_set(convert_from(payload, 'UTF8')::jsonb, '{uid}', '\"other\"')::text, \
                 'UTF8') WHERE type = 'ClusterIdentified'";
    assert_eq!(sqlx::query(forge).execute(&owner).await?.rows_affected(), 1);
    owner.close().await;

    let running = on_cluster(&database).await?;
    let receipt = running.request(&target, Intent::ScaleWorkload { replicas: 3 }).await?;
    running.until_state(&target, &receipt, OperationState::Failed).await;
    let failure = failure(&running, &target).await.context("it failed")?;
    assert_eq!(failure, ErrorCode::Conflict);
    assert_eq!(effects_in_audit_log(receipt.operation)?.len(), 0, "no call reached it");
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(0)));
    until("the list says why", || async {
        let events = events_of_cluster(&running).await;
        let ClusterEvent::ClusterStateChanged { state: ClusterState::Unreachable, reason, .. } = events.last()? else {
            return None;
        };
        reason.as_ref()?.as_str().contains("another cluster").then_some(())
    })
    .await;
    let identify = ClusterCommand::Identify { cluster: cluster_id(), uid: "other".to_owned() };
    let (origin, cluster) = (|| Origin::system("test"), cluster_id());
    let command = || running.dispatcher.command::<Cluster>(origin(), &cluster, identify.clone());
    let same = answered(async || command().await).await;
    assert!(same.is_ok(), "{same:?}");
    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

async fn failure(running: &Running, target: &ObjectRef) -> Option<ErrorCode> {
    running.events(target).await.into_iter().find_map(|event| match event {
        OperationEvent::OperationFailed { failure, .. } => Some(failure.code),
        _ => None,
    })
}
