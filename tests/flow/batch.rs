//! Many operations requested as one: each member once, whoever asks, until the batch has ended.

use commands::{
    BatchReceipt, Error,
    kubernetes::{
        Error as ClusterError,
        fake::{Forced, MemoryCluster},
    },
};
use domain::{
    core::{
        decider::Decider,
        event::Event,
        ids::{BatchId, OperationId},
        refusal::ErrorCode,
    },
    kubernetes::object::ObjectRef,
    operation::{
        Intent, OperationState,
        batch::{Batch, BatchEvent, Wanted},
    },
};
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    until,
    write_side::{Running, answered, deployment, in_memory, keyed},
};
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(60);

fn create(name: &str) -> Wanted {
    let manifest = serde_json::from_str(&manifest("team", name, 2)).expect("a manifest");
    let intent = Intent::CreateWorkload { manifest };
    Wanted { target: deployment("team", name), intent, expected_version: None, retry_of: None }
}

/// An object by its id, which is applied with nothing but its name.
fn apply(id: &str) -> Wanted {
    let target: ObjectRef = id.parse().expect("an id");
    let mut metadata = json!({"name": target.name});
    if let Some(namespace) = &target.namespace {
        metadata["namespace"] = namespace.as_str().into();
    }
    let manifest = json!({"kind": target.kind.kind(), "metadata": metadata}).into();
    let intent = Intent::ApplyManifests { manifest, take_over: Vec::new(), awaits: false };
    Wanted { target, intent, expected_version: None, retry_of: None }
}

/// Each is in another group, the last one first.
fn one_of_each_group() -> Vec<Wanted> {
    let ids = [
        "Ingress.networking.k8s.io~dev~team~web",
        "Deployment~dev~team~web",
        "PersistentVolumeClaim~dev~team~data",
        "ConfigMap~dev~team~settings",
        "ServiceAccount~dev~team~runner",
        "CustomResourceDefinition.apiextensions.k8s.io~dev~_~widgets.example.org",
        "Namespace~dev~_~team",
    ];
    ids.into_iter().map(apply).collect()
}

fn creates(count: usize) -> Vec<Wanted> {
    (0..count).map(|nth| create(&format!("web-{nth}"))).collect()
}

async fn request(running: &Running, key: Uuid, members: &[Wanted]) -> Result<BatchReceipt, Error> {
    answered(async || running.dispatcher.request_batch(keyed(key), members.to_vec()).await).await
}

async fn events(running: &Running, batch: BatchId) -> Vec<BatchEvent> {
    let recorded = running.write_side.store().stream_after(&Batch::stream(&batch), 0).await.unwrap_or_default();
    let own = recorded.into_iter().map(|recorded| match recorded.event {
        Event::Batch(event) => event,
        other => panic!("{other:?} in the stream of a batch"),
    });
    own.collect()
}

async fn until_ended(running: &Running, batch: BatchId) -> Vec<BatchEvent> {
    until("the batch has ended", || async {
        let events = events(running, batch).await;
        matches!(events.last(), Some(BatchEvent::BatchEnded { .. })).then_some(events)
    })
    .await
}

/// How the members ended, in their order.
async fn states(running: &Running, batch: BatchId, members: &[Wanted]) -> Vec<Option<OperationState>> {
    let mut states = Vec::new();
    for Wanted { target, .. } in members {
        states.push(running.state(target, batch.operation(&target.id())).await);
    }
    states
}

/// The objects that were changed, each with the operation that it carries. A change that is repeated stands here twice.
fn changes(cluster: &MemoryCluster) -> Vec<(ObjectRef, String)> {
    let mut changes = cluster.changes();
    changes.sort();
    changes
}

fn wanted_changes(batch: BatchId, members: &[Wanted]) -> Vec<(ObjectRef, String)> {
    let change = |member: &Wanted| (member.target.clone(), batch.operation(&member.target.id()).to_string());
    let mut wanted: Vec<_> = members.iter().map(change).collect();
    wanted.sort();
    wanted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_member_of_a_batch_is_done_once_though_two_processes_ask_and_the_session_ends() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let one = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let other = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let (key, members) = (Uuid::new_v4(), creates(100));
    let receipt = request(&one, key, &members).await?;
    let again = request(&other, key, &members).await?;
    assert_eq!((again.batch, again.position), (receipt.batch, receipt.position));
    let owner = database.owner().await;
    sqlx::query("UPDATE auth.sessions SET ended_at = now()").execute(&owner).await?;

    let ended = until_ended(&one, receipt.batch).await;
    assert_eq!(states(&one, receipt.batch, &members).await, vec![Some(OperationState::Succeeded); 100]);
    assert_eq!(changes(&cluster), wanted_changes(receipt.batch, &members));
    let asked = "SELECT count(*), count(DISTINCT stream) FROM events WHERE type = 'OperationRequested'";
    assert_eq!(sqlx::query_as::<_, (i64, i64)>(asked).fetch_one(&owner).await?, (100, 100));
    let named = "SELECT count(*) FROM events WHERE type = 'OperationRequested' \
                 AND convert_from(metadata, 'UTF8')::jsonb ->> 'batch' = $1";
    let named: i64 = sqlx::query_scalar(named).bind(receipt.batch.to_string()).fetch_one(&owner).await?;
    assert_eq!(named, 100, "each names its batch");
    assert_eq!(ended.iter().filter(|event| matches!(event, BatchEvent::BatchEnded { .. })).count(), 1);
    assert!(!sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT FROM effects)").fetch_one(&owner).await?);
    owner.close().await;
    one.stop().await;
    other.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_asks_for_the_members_that_failed_as_a_new_batch() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    // It can succeed later, as far as its code says.
    cluster.force(Forced::Fail(ClusterError::permanent(ErrorCode::Refused, "not today")));
    let members = creates(3);
    let first = request(&running, Uuid::new_v4(), &members).await?;
    until_ended(&running, first.batch).await;
    let failed: Vec<Wanted> = {
        let states = states(&running, first.batch, &members).await;
        let failed = members.iter().zip(states).filter(|(_, state)| *state == Some(OperationState::Failed));
        failed.map(|(member, _)| member.clone()).collect()
    };
    assert_eq!(failed.len(), 1);

    let key = Uuid::new_v4();
    let retry = async || running.dispatcher.retry_batch(keyed(key), first.batch).await;
    let second = answered(retry).await?;
    assert_ne!(second.batch, first.batch);
    let events = until_ended(&running, second.batch).await;
    let BatchEvent::BatchRequested { total, retry_of, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((*total, *retry_of), (1, Some(first.batch)));
    assert_eq!(states(&running, second.batch, &failed).await, [Some(OperationState::Succeeded)]);
    assert_eq!(answered(retry).await?.batch, second.batch, "the same key");
    let nothing = answered(async || running.dispatcher.retry_batch(keyed(Uuid::new_v4()), second.batch).await).await;
    assert!(matches!(&nothing, Err(Error::Refused(refusal)) if refusal.code == ErrorCode::Invalid), "{nothing:?}");
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_batch_ends_and_asks_for_nothing_more() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    cluster.silence(true);
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let members = creates(20);
    let receipt = request(&running, Uuid::new_v4(), &members).await?;
    until("an operation was requested", || async {
        let states = states(&running, receipt.batch, &members).await;
        states.iter().any(Option::is_some).then_some(())
    })
    .await;
    let cancel = async || running.dispatcher.cancel_batch(keyed(Uuid::new_v4()), receipt.batch).await;
    answered(cancel).await?;
    cluster.silence(false);
    let events = until_ended(&running, receipt.batch).await;
    let asked = states(&running, receipt.batch, &members).await;
    assert!(asked.iter().flatten().all(|state| state.has_ended()), "{asked:?}");
    let Some(BatchEvent::BatchGroupEnded { unsuccessful, not_requested, .. }) =
        events.iter().rev().find(|event| matches!(event, BatchEvent::BatchGroupEnded { .. }))
    else {
        panic!("{events:?}")
    };
    let without: BTreeSet<OperationId> = not_requested.iter().copied().collect();
    for (member, state) in members.iter().zip(&asked) {
        let operation = receipt.batch.operation(&member.target.id());
        assert_eq!(without.contains(&operation), state.is_none(), "{} {state:?}", member.target);
        assert_eq!(unsuccessful.contains(&operation), *state == Some(OperationState::Cancelled), "{state:?}");
    }
    assert!(answered(cancel).await?.events.is_empty(), "cancelling twice is silence");
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_a_rule_refuses_fails_and_the_others_go_on() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let running = in_memory(&database, Arc::default(), TIMEOUT).await;
    // Nobody has seen this object, so it cannot be deleted.
    let missing = Wanted { intent: Intent::DeleteWorkload, ..create("missing") };
    let members = [create("web"), missing.clone()];
    let receipt = request(&running, Uuid::new_v4(), &members).await?;
    let events = until_ended(&running, receipt.batch).await;
    let refused = events.iter().find_map(|event| match event {
        BatchEvent::BatchMemberRefused { target, failure, .. } => Some((target.clone(), failure.code)),
        _ => None,
    });
    assert_eq!(refused, Some((missing.target, ErrorCode::NotFound)));
    assert_eq!(states(&running, receipt.batch, &members).await, [Some(OperationState::Succeeded), None]);
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_need_is_in_the_cluster_before_them() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let members = one_of_each_group();
    let receipt = request(&running, Uuid::new_v4(), &members).await?;
    until_ended(&running, receipt.batch).await;
    let changed: Vec<ObjectRef> = cluster.changes().into_iter().map(|(object, _)| object).collect();
    let wanted: Vec<ObjectRef> = members.iter().rev().map(|member| member.target.clone()).collect();
    assert_eq!(changed, wanted);
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_of_a_namespace_that_could_not_be_made() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    cluster.force(Forced::Fail(ClusterError::permanent(ErrorCode::Forbidden, "no")));
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let members = one_of_each_group();
    let receipt = request(&running, Uuid::new_v4(), &members).await?;
    let events = until_ended(&running, receipt.batch).await;
    let skipped = events.iter().find_map(|event| match event {
        BatchEvent::BatchMembersSkipped { members, .. } => Some(members.len()),
        _ => None,
    });
    assert_eq!(skipped, Some(5), "all but the definition, which is in no namespace: {events:?}");
    assert_eq!(cluster.changes().len(), 1, "the definition");
    running.stop().await;
    database.drop().await;
    Ok(())
}
