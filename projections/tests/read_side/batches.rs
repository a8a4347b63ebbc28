//! Batches: the states of their members, what they amount to, and who sees them.

use super::log::{Log, object};
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    core::{
        decider::Decider,
        ids::{BatchId, ClusterId, OperationId},
        message::Code,
        refusal::ErrorCode,
    },
    kubernetes::resource::Resource,
    operation::{
        CancelledBy, Failure, Intent, OperationEvent, OperationState, Stage,
        batch::{Batch as Noun, BatchEvent, Member, order::Group},
    },
};
use futures::StreamExt;
use projections::{
    Topic, Window,
    evidence::{Verdict, replay},
    models::{
        batches::{self, Batches, Counts},
        operations,
    },
};
use sqlx::PgPool;
use std::pin::pin;
use uuid::Uuid;

fn batch(id: u128) -> BatchId {
    BatchId(Uuid::from_u128(id))
}

fn member(batch: BatchId, namespace: &str, name: &str) -> Member {
    let target = object(Resource::DEPLOYMENT, namespace, name);
    let (operation, group) = (batch.operation(&target.id()), Group::Workloads);
    let intent = Intent::ScaleWorkload { replicas: 3 };
    Member { operation, target, intent, group, expected_version: None, retry_of: None }
}

/// A batch with these members, in the log.
async fn append_batch(log: &Log, batch: BatchId, members: &[Member]) -> i64 {
    let requested = BatchEvent::BatchRequested {
        batch,
        kind: "ScaleWorkload".to_owned(),
        cluster: ClusterId::from_name("dev"),
        total: members.len() as u32,
        retry_of: None,
    };
    let added = members.iter().map(|member| BatchEvent::BatchMembersAdded { batch, members: vec![member.clone()] });
    let events: Vec<_> = [requested].into_iter().chain(added).map(Into::into).collect();
    log.append_all(&Noun::stream(&batch), events).await
}

async fn append_operation(log: &Log, member: &Member, events: Vec<OperationEvent>) -> i64 {
    log.append_all(&member.target.target_stream(), events.into_iter().map(Into::into).collect()).await
}

fn requested(operation: OperationId) -> OperationEvent {
    let intent = Intent::ScaleWorkload { replicas: 3 };
    OperationEvent::OperationRequested { operation, intent, uid: None, retry_of: None, behind: None }
}

fn started(operation: OperationId) -> OperationEvent {
    OperationEvent::OperationStarted { operation, deadline: DateTime::<Utc>::UNIX_EPOCH }
}

async fn found(log: &Log, batch: BatchId) -> (OperationState, Counts) {
    let found = batches::get(log.read.pool(), &Scope::everything(), batch.0).await.unwrap().unwrap();
    (found.state(), found.counts)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_counts_its_members_by_state_and_ends_as_they_did(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (first, second) = (batch(1), batch(2));
    let members = [
        member(first, "shop", "good"),
        member(first, "shop", "bad"),
        member(first, "shop", "refused"),
        member(first, "other", "skipped"),
    ];
    log.projected(append_batch(&log, first, &members).await).await;
    assert_eq!(found(&log, first).await, (OperationState::Queued, Counts { queued: 4, ..Counts::default() }));

    let [good, bad, refused, skipped] = &members;
    append_operation(&log, good, vec![requested(good.operation), started(good.operation)]).await;
    let message = Code::AnswerLost.message([("detail", "reset".into())]);
    let lost = OperationEvent::OperationOutcomeUnknown { operation: bad.operation, stage: Stage::Scale, message };
    let last = append_operation(&log, bad, vec![requested(bad.operation), started(bad.operation), lost]).await;
    log.projected(last).await;
    let counts = Counts { queued: 2, running: 1, unknown: 1, ..Counts::default() };
    assert_eq!(found(&log, first).await, (OperationState::Running, counts));

    let words = Code::RequestRejected.message([("detail", "a free value".into())]);
    let failure = Failure { code: ErrorCode::Conflict, message: words, cause: None };
    let ended =
        OperationEvent::OperationFailed { operation: bad.operation, stage: Stage::Scale, failure: failure.clone() };
    append_operation(&log, bad, vec![ended]).await;
    append_operation(&log, good, vec![OperationEvent::OperationSucceeded { operation: good.operation }]).await;
    let (operation, target) = (refused.operation, refused.target.clone());
    let events = [
        BatchEvent::BatchMemberRefused { batch: first, operation, target, failure: failure.into() },
        BatchEvent::BatchMembersSkipped { batch: first, members: vec![skipped.operation] },
        BatchEvent::BatchEnded { batch: first },
    ];
    let last = log.append_all(&Noun::stream(&first), events.map(Into::into).to_vec()).await;
    log.projected(last).await;
    let counts = Counts { succeeded: 1, failed: 2, skipped: 1, ..Counts::default() };
    assert_eq!(found(&log, first).await, (OperationState::Failed, counts));
    let why = batches::refused(log.read.pool(), &Scope::everything(), first.0).await.unwrap();
    assert_eq!(why.iter().map(|why| why.target.as_str()).collect::<Vec<_>>(), ["Deployment~dev~shop~refused"]);
    assert_eq!(why[0].refusal.code, ErrorCode::Conflict);
    let stored: String = sqlx::query_scalar("SELECT refusal::text FROM read.batch_members WHERE refusal IS NOT NULL")
        .fetch_one(&log.admin)
        .await
        .unwrap();
    assert!(stored.contains("$sealed") && !stored.contains("a free value"), "{stored}");

    // The newest first, and no more than a reader may see.
    let cancelled = [member(second, "shop", "one"), member(second, "shop", "two")];
    append_batch(&log, second, &cancelled).await;
    let one = &cancelled[0];
    let by = CancelledBy::User;
    let ended = OperationEvent::OperationCancelled { operation: one.operation, by };
    append_operation(&log, one, vec![requested(one.operation), started(one.operation)]).await;
    log.append(&Noun::stream(&second), BatchEvent::BatchCancelRequested { batch: second }).await;
    append_operation(&log, one, vec![ended]).await;
    let last = log.append(&Noun::stream(&second), BatchEvent::BatchEnded { batch: second }).await;
    log.projected(last).await;
    let counts = Counts { cancelled: 2, ..Counts::default() };
    assert_eq!(found(&log, second).await, (OperationState::Cancelled, counts), "one was never requested");
    let listed = async |scope: Scope, window: &Window| {
        let page = batches::page(log.read.pool(), &scope, window).await.unwrap();
        let count = batches::count(log.read.pool(), &scope).await.unwrap();
        let rows: Vec<_> = page.rows.iter().map(|row| (row.id, row.counts.total())).collect();
        (rows, count, page.cursors().next())
    };
    let (rows, count, cursor) = listed(Scope::everything(), &Window::first(1)).await;
    assert_eq!((rows, count), (vec![(second.0, 2)], 2));
    let (rows, ..) = listed(Scope::everything(), &Window { first: 1, after: cursor }).await;
    assert_eq!(rows, [(first.0, 4)]);
    let (rows, count, _) = listed(Scope::only(vec![Scope::of("dev", Some("other"))]), &Window::first(9)).await;
    assert_eq!((rows, count), (vec![(first.0, 1)], 1));
    let (rows, count, _) = listed(Scope::only(vec![Scope::of("dev", Some("none"))]), &Window::first(9)).await;
    assert_eq!((rows, count), (Vec::new(), 0));

    // The cluster is removed during a call of one of them.
    let third = batch(3);
    let lost = member(third, "shop", "lost");
    append_batch(&log, third, std::slice::from_ref(&lost)).await;
    let abandoned = OperationEvent::OperationAbandoned { operation: lost.operation, stage: Stage::Scale };
    append_operation(&log, &lost, vec![requested(lost.operation), started(lost.operation), abandoned]).await;
    let last = log.append(&Noun::stream(&third), BatchEvent::BatchEnded { batch: third }).await;
    log.projected(last).await;
    let counts = Counts { unknown: 1, ..Counts::default() };
    assert_eq!(found(&log, third).await, (OperationState::Unknown, counts), "it has ended, and nobody will look");
    let open = operations::Filter { is_open: true, ..operations::Filter::default() };
    assert_eq!(operations::count(log.read.pool(), &Scope::everything(), &open).await.unwrap(), 0, "all have ended");

    let verdict = replay::replay(log.read.pool(), log.read.keys()).await.unwrap();
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_subscriber_hears_of_a_batch_and_of_its_operations_and_of_no_other(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (own, other) = (member(batch(1), "shop", "web"), member(batch(2), "shop", "web"));
    let first = append_batch(&log, batch(1), std::slice::from_ref(&own)).await;
    append_batch(&log, batch(2), std::slice::from_ref(&other)).await;
    append_operation(&log, &other, vec![requested(other.operation)]).await;
    let last = append_operation(&log, &own, vec![requested(own.operation)]).await;
    log.projected(last).await;
    let topics = vec![Topic::Operation(own.operation), Topic::Operation(batch(1).as_operation())];
    let mut changes = pin!(log.read.changes(&Batches, topics, Some(first)));
    // What is read from the log is not told apart by topic, what comes live is.
    while changes.next().await.unwrap().unwrap().position() != last {}
    append_operation(&log, &other, vec![started(other.operation)]).await;
    let end = append_operation(&log, &own, vec![started(own.operation)]).await;
    assert_eq!(changes.next().await.unwrap().unwrap().position(), end);
    running.stop().await;
    log.read.close().await;
}
