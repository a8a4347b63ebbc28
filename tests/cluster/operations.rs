//! Every operation of the contract on the real cluster, with the API server's audit log as the witness.

use commands::Error;
use domain::{
    object::ObjectRef,
    operation::{Intent, OperationState},
};
use serde_json::json;
use tests::{
    cluster::{Namespace, effects_in_audit_log, manifest},
    database::Database,
    until,
    write_side::{Running, cluster_id, deployment, on_cluster, origin},
};

/// Creates a Deployment as soon as the watch has seen the namespace.
async fn create(running: &Running, namespace: &str, name: &str) -> commands::Receipt {
    let text = manifest(namespace, name, 1);
    until("the namespace was seen", || async {
        match running.dispatcher.create_workload(origin(), cluster_id(), &text).await {
            Ok(receipt) => Some(receipt),
            Err(Error::Refused(refusal)) => {
                assert_eq!(refusal.field.as_deref(), Some("manifest.metadata.namespace"), "{refusal}");
                None
            }
            Err(error) => panic!("{error}"),
        }
    })
    .await
}

async fn carried_out(running: &Running, target: &ObjectRef, intent: Intent) -> anyhow::Result<()> {
    let receipt = until("the watch has seen it", || async {
        running.dispatcher.request(origin(), target.clone(), intent.clone(), None).await.ok()
    })
    .await;
    running.until_state(target, &receipt, OperationState::Succeeded).await;
    if intent != Intent::DeleteWorkload {
        assert_eq!(effects_in_audit_log(receipt.operation)?.len(), 1, "one effect of {intent:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_is_created_scaled_restarted_stopped_started_and_deleted() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let namespace = Namespace::create("operations").await?;
    let running = on_cluster(&database).await?;
    let target = deployment(&namespace.name, "web");

    let receipt = create(&running, &namespace.name, "web").await;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    assert_eq!(effects_in_audit_log(receipt.operation)?.len(), 1, "one effect");

    carried_out(&running, &target, Intent::ScaleWorkload { replicas: 2 }).await?;
    assert_eq!(namespace.live("web", "/status/readyReplicas").await, Some(json!(2)));
    carried_out(&running, &target, Intent::RestartWorkload).await?;
    carried_out(&running, &target, Intent::StopWorkload).await?;
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(0)));
    carried_out(&running, &target, Intent::StartWorkload).await?;
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(2)));
    carried_out(&running, &target, Intent::DeleteWorkload).await?;
    assert_eq!(namespace.live("web", "/metadata/name").await, None);

    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
