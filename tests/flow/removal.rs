//! A cluster is removed while operations and batches on it have not ended: each operation ends, as unknown where a call is out and
//! else cancelled, each batch ends with them, and other clusters go on.

use commands::{
    Origin,
    kubernetes::{
        Error as ClusterError,
        fake::{Forced, MemoryCluster},
    },
};
use domain::{
    core::{decider::Decider, event::Event, ids::ClusterId, message::Code},
    kubernetes::object::ObjectRef,
    operation::{
        CancelledBy, Intent, OperationEvent, OperationState,
        batch::{Batch, BatchEvent, Wanted},
    },
    platform::cluster::{Cluster, ClusterCommand, Environment},
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    until,
    write_side::{CLUSTER, Running, answered, deployment, in_memories, keyed, origin},
};
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(60);

fn create(name: &str) -> Intent {
    Intent::CreateWorkload { manifest: serde_json::from_str(&manifest("team", name, 2)).expect("a manifest") }
}

/// An object by its id, which is applied with nothing but its name.
fn applied(id: &str) -> Wanted {
    let target: ObjectRef = id.parse().expect("an id");
    let manifest =
        json!({"kind": target.kind.kind(), "metadata": {"name": target.name, "namespace": target.namespace}});
    let intent = Intent::ApplyManifests { manifest: manifest.into(), take_over: Vec::new(), awaits: false };
    Wanted { target, intent, expected_version: None, retry_of: None }
}

fn far(name: &str) -> ObjectRef {
    ObjectRef { cluster: ClusterId::from_name("far"), ..deployment("team", name) }
}

async fn command(running: &Running, by: fn() -> Origin, command: ClusterCommand) -> anyhow::Result<()> {
    let id = ClusterId::from_name("far");
    answered(async || running.dispatcher.command::<Cluster>(by(), &id, command.clone()).await).await?;
    Ok(())
}

/// Waits until so many operations on the object have ended; how.
async fn ends(running: &Running, target: &ObjectRef, count: usize) -> Vec<OperationEvent> {
    until(&format!("{count} operations on {target} have ended"), || async {
        let events = running.events(target).await;
        let ended: Vec<OperationEvent> = events.into_iter().filter(OperationEvent::is_terminal).collect();
        (ended.len() >= count).then_some(ended)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_end_with_their_cluster_and_others_go_on() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (near, other) = (Arc::new(MemoryCluster::default()), Arc::new(MemoryCluster::default()));
    let clusters = vec![(CLUSTER, Arc::clone(&near)), ("far", Arc::clone(&other))];
    let running = in_memories(&database, clusters, TIMEOUT).await;
    let cluster = ClusterId::from_name("far");
    let (name, environment) = ("far".to_owned(), Environment::Staging);
    command(&running, || Origin::system("test"), ClusterCommand::Register { cluster, name, environment }).await?;

    // The create has its effect and no answer, and the look at what became of it never ends.
    let looks = other.hold_looks();
    looks.add_permits(2);
    let message = "the answer was lost".to_owned();
    other.force(Forced::EffectThen(ClusterError::Ambiguous { message, retry_after: None }));
    let called = running.request(&far("web"), create("web")).await?;
    running.until_state(&far("web"), &called, OperationState::Unknown).await;
    running.request(&far("web"), Intent::ScaleWorkload { replicas: 3 }).await?;
    // The dry run of this one never ends.
    running.request(&far("api"), create("api")).await?;
    until("it is held", || async {
        let held = running.events(&far("api")).await;
        held.iter().any(|event| matches!(event, OperationEvent::OperationStarted { .. })).then_some(())
    })
    .await;

    let cluster = ClusterId::from_name("far");
    command(&running, origin, ClusterCommand::Remove { cluster: cluster.clone() }).await?;
    let ended = ends(&running, &far("web"), 2).await;
    let [OperationEvent::OperationAbandoned { operation, .. }, OperationEvent::OperationCancelled { by, .. }] =
        &ended[..]
    else {
        panic!("{ended:?}");
    };
    assert_eq!((*operation, by), (called.operation, &CancelledBy::ClusterRemoved));
    assert_eq!(running.state(&far("web"), called.operation).await, Some(OperationState::Unknown));
    let ended = ends(&running, &far("api"), 1).await;
    assert!(
        matches!(ended[..], [OperationEvent::OperationCancelled { by: CancelledBy::ClusterRemoved, .. }]),
        "{ended:?}"
    );
    assert_eq!(other.changes().len(), 1, "nothing was called after that");
    until("nothing is left to do", || async {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM effects").fetch_one(&running.pool).await.ok()?;
        (left == 0).then_some(())
    })
    .await;

    let refused = running.request(&far("web"), Intent::RestartWorkload).await;
    let Err(commands::Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert!(refusal.is_because(Code::ClusterWasRemoved), "{refusal:?}");
    let target = deployment("team", "web");
    let receipt = running.request(&target, create("web")).await?;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_ends_with_its_cluster_and_a_retry_is_refused() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (near, other) = (Arc::new(MemoryCluster::default()), Arc::new(MemoryCluster::default()));
    let running = in_memories(&database, vec![(CLUSTER, near), ("far", Arc::clone(&other))], TIMEOUT).await;
    let cluster = ClusterId::from_name("far");
    let (name, environment) = ("far".to_owned(), Environment::Staging);
    command(
        &running,
        || Origin::system("test"),
        ClusterCommand::Register { cluster: cluster.clone(), name, environment },
    )
    .await?;

    // The apply has its effect and no answer, and the look at what became of it never ends.
    let looks = other.hold_looks();
    looks.add_permits(2);
    let message = "the answer was lost".to_owned();
    other.force(Forced::EffectThen(ClusterError::Ambiguous { message, retry_after: None }));
    let first = applied("ConfigMap~far~team~settings");
    let members = [applied("Ingress.networking.k8s.io~far~team~web"), first.clone()];
    let key = Uuid::new_v4();
    let request = async || running.dispatcher.request_batch(keyed(key), members.to_vec()).await;
    let batch = answered(request).await?.batch;
    let operation = batch.operation(&first.target.id());
    until("its first operation is unknown", || async {
        (running.state(&first.target, operation).await == Some(OperationState::Unknown)).then_some(())
    })
    .await;

    command(&running, origin, ClusterCommand::Remove { cluster }).await?;
    let events = until("the batch has ended", || async {
        let recorded = running.write_side.store().stream_after(&Batch::stream(&batch), 0).await.ok()?;
        let events: Vec<Event> = recorded.into_iter().map(|recorded| recorded.event).collect();
        matches!(events.last(), Some(Event::Batch(BatchEvent::BatchEnded { .. }))).then_some(events)
    })
    .await;
    let is_unsuccessful = |event: &Event| matches!(event, Event::Batch(BatchEvent::BatchGroupEnded { unsuccessful, .. }) if unsuccessful.contains(&operation));
    assert!(events.iter().any(is_unsuccessful), "{events:?}");
    let refused = events.iter().find_map(|event| match event {
        Event::Batch(BatchEvent::BatchMemberRefused { failure, .. }) => Some(failure.message.clone()),
        _ => None,
    });
    assert!(refused.as_ref().is_some_and(|message| message.is(Code::ClusterWasRemoved)), "{refused:?}");
    assert_eq!(other.changes().len(), 1, "nothing was called after that");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM effects").fetch_one(&running.pool).await?;
    assert_eq!(left, 0);

    let key = Uuid::new_v4();
    let retried = answered(async || running.dispatcher.retry_batch(keyed(key), batch).await).await;
    let Err(commands::Error::Refused(refusal)) = retried else { panic!("{retried:?}") };
    assert!(refusal.is_because(Code::ClusterWasRemoved), "{refusal:?}");
    running.stop().await;
    database.drop().await;
    Ok(())
}
