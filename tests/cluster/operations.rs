//! Every operation of the contract on the real cluster, with the API server's audit log as the witness.

use anyhow::Context;
use commands::{Error, kubernetes::Error as ClusterError};
use domain::{
    core::{event::Event, message::FREE_TEXT, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, observed::ObservedEvent},
    operation::{Intent, OperationEvent, OperationState, Stage},
};
use kube::api::{DeleteParams, PostParams};
use serde_json::json;
use tests::{
    cluster::{Namespace, effects_in_audit_log, manifest},
    database::Database,
    until,
    write_side::{Running, answered, cluster_id, deployment, keyed, on_cluster},
};
use uuid::Uuid;

/// Asks for it as soon as the watch has seen the namespace.
async fn create(running: &Running, manifest: &str) -> commands::Receipt {
    until("the namespace was seen", || async {
        let origin = keyed(Uuid::now_v7());
        match answered(async || running.dispatcher.create_workload(origin.clone(), cluster_id(), manifest).await).await
        {
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
    let receipt = until("the watch has seen it", || async { running.request(target, intent.clone()).await.ok() }).await;
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

    let receipt = create(&running, &manifest(&namespace.name, "web", 1)).await;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    let effects = effects_in_audit_log(receipt.operation)?;
    assert_eq!(effects.len(), 1, "one effect");

    carried_out(&running, &target, Intent::ScaleWorkload { replicas: 2 }).await?;
    assert_eq!(namespace.live("web", "/status/readyReplicas").await, Some(json!(2)));
    let known = running.write_side.clusters().get(&cluster_id()).context("the cluster")?;
    let late = known.port.apply(&target, &effects[0]["requestObject"], false).await;
    assert!(matches!(late, Err(ClusterError::Conflicting { .. })), "the same call, late: {late:?}");
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(2)));
    carried_out(&running, &target, Intent::RestartWorkload).await?;
    carried_out(&running, &target, Intent::StopWorkload).await?;
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(0)));
    carried_out(&running, &target, Intent::StartWorkload).await?;
    assert_eq!(namespace.live("web", "/spec/replicas").await, Some(json!(2)));
    carried_out(&running, &target, Intent::PauseRollout).await?;
    assert_eq!(namespace.live("web", "/spec/paused").await, Some(json!(true)));
    // While it is paused no pod follows, so an image that is nowhere does no harm.
    let image = |image: &str| Intent::SetImage { container: "main".to_owned(), image: image.to_owned() };
    carried_out(&running, &target, image("docker.io/library/busybox:none")).await?;
    let live = namespace.live("web", "/spec/template/spec/containers/0/image").await;
    assert_eq!(live, Some(json!("docker.io/library/busybox:none")));
    carried_out(&running, &target, image("docker.io/library/busybox:1")).await?;
    carried_out(&running, &target, Intent::ResumeRollout).await?;
    assert_ne!(namespace.live("web", "/spec/paused").await, Some(json!(true)));
    carried_out(&running, &target, Intent::DeleteWorkload).await?;
    assert_eq!(namespace.live("web", "/metadata/name").await, None);

    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_kubernetes_does_not_know_fails_at_once_by_name() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let namespace = Namespace::create("unknown-field").await?;
    let running = on_cluster(&database).await?;
    for (name, field) in [("wrong-type", "minReadySeconds"), ("no-such-field", "planet")] {
        let written = format!("\"{field}\":\"soon\",\"replicas\":");
        let text = manifest(&namespace.name, name, 1).replace("\"replicas\":", &written);
        let target = deployment(&namespace.name, name);
        let receipt = create(&running, &text).await;
        running.until_state(&target, &receipt, OperationState::Failed).await;
        let events = running.events(&target).await;
        let failures = events.iter().filter_map(|event| match event {
            OperationEvent::OperationFailed { stage, failure, .. } => Some((*stage, failure)),
            _ => None,
        });
        let failures: Vec<_> = failures.collect();
        let [(Stage::Validate, failure)] = failures.as_slice() else { panic!("{events:?}") };
        assert!(
            failure.code == ErrorCode::Invalid
                && failure.message.text(FREE_TEXT).is_some_and(|words| words.contains(field)),
            "{failure:?}"
        );
        assert_eq!(effects_in_audit_log(receipt.operation)?.len(), 0, "no effect");
    }
    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_deleted_without_a_watch_are_gone_after_the_list() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let namespace = Namespace::create("unwatched").await?;
    let object = serde_json::from_str(&manifest(&namespace.name, "web", 0))?;
    namespace.deployments().create(&PostParams::default(), &object).await?;
    let target = deployment(&namespace.name, "web");
    let last = async |running: &Running, wanted: fn(&ObservedEvent) -> bool| {
        until("the watch has recorded it", || async {
            let last = running.write_side.store().last_of(target.observed_stream()).await.ok()??;
            matches!(&last.event, Event::Observed(event) if wanted(event)).then_some(())
        })
        .await;
    };
    let running = on_cluster(&database).await?;
    last(&running, |event| !matches!(event, ObservedEvent::WorkloadGone { .. })).await;
    running.stop().await;
    namespace.deployments().delete("web", &DeleteParams::background()).await?;
    until("it is gone", || async { namespace.live("web", "/metadata/name").await.is_none().then_some(()) }).await;

    let running = on_cluster(&database).await?;
    last(&running, |event| matches!(event, ObservedEvent::WorkloadGone { .. })).await;
    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
