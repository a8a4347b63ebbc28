//! The live stream: from any position, gapless, without duplicate, whatever happens meanwhile.

use crate::log::{Log, manifest, object, pod, requested};
use domain::access::Scope;
use domain::{
    core::ids::OperationId,
    kubernetes::{observed::ObservedEvent, resource::Resource},
    operation::{CancelledBy, OperationEvent},
};
use futures::{StreamExt, TryStreamExt, future::ready};
use projections::{
    Change, ChangeKind, Error, Topic,
    models::{audit::AuditLog, pods, workloads},
};
use serde_json::json;
use sqlx::PgPool;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

async fn append_many(log: Log, writer: usize, count: usize) {
    for nth in 0..count {
        let web = object(Resource::POD, "shop", &format!("web-{writer}-{nth}"));
        log.append(&web.observed_stream(), pod("u", "Running", None)).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_subscriber_misses_nothing_while_others_write(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    append_many(log.clone(), 9, 20).await;
    let writers = (0..4).map(|writer| tokio::spawn(append_many(log.clone(), writer, 50))).collect::<Vec<_>>();
    let (from_start, from_ten) = (
        log.read.changes(&AuditLog, vec![Topic::Everything], Some(0)),
        log.read.changes(&AuditLog, vec![Topic::Everything], Some(10)),
    );
    let positions = |stream: Vec<Arc<Change>>| stream.iter().map(|c| c.position()).collect::<Vec<_>>();
    let (first, second) =
        tokio::try_join!(from_start.take(220).try_collect::<Vec<_>>(), from_ten.take(210).try_collect::<Vec<_>>())
            .unwrap();
    assert_eq!(positions(first), (1..=220).collect::<Vec<_>>());
    assert_eq!(positions(second), (11..=220).collect::<Vec<_>>());
    for writer in writers {
        writer.await.unwrap();
    }
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_taken_in_before_the_reader_began_is_read_from_the_log(admin: PgPool) {
    let (log, shutdown) = (Log::new(admin), CancellationToken::new());
    let projector = tokio::spawn({
        let (read, shutdown) = (log.read.clone(), shutdown.clone());
        async move { read.run_projector("a".to_owned(), shutdown).await }
    });
    let changes = log.read.changes(&AuditLog, vec![Topic::Everything], Some(0)).take(2).try_collect::<Vec<_>>();
    let reader = async {
        log.projected(log.append("observed:dev/a/Pod/one", pod("u", "Running", None)).await).await;
        let (read, ends) = (log.read.clone(), shutdown.clone());
        let mut reader = JoinSet::new();
        reader.spawn(async move { read.run_changes(ends).await });
        // Until it has begun.
        tokio::time::sleep(Duration::from_millis(100)).await;
        log.append("observed:dev/a/Pod/two", pod("u", "Running", None)).await;
        reader
    };
    let (changes, mut reader) = tokio::join!(changes, reader);
    assert_eq!(changes.unwrap().iter().map(|change| change.position()).collect::<Vec<_>>(), [1, 2]);
    shutdown.cancel();
    reader.join_next().await.unwrap().unwrap();
    projector.await.unwrap();
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_topic_of_a_namespace_or_operation_misses_nothing(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let asked = log.append("target:dev/quiet/Deployment/web", requested(7, 3)).await;
    log.projected(asked).await;
    let topics = vec![Topic::Namespace("quiet".to_owned()), Topic::Namespace("none".to_owned())];
    let of_two = log.read.changes(&AuditLog, topics, None);
    let of_one = log.read.changes(&AuditLog, vec![Topic::Operation(OperationId(Uuid::from_u128(7)))], Some(0));
    let operation = OperationId(Uuid::from_u128(7));
    let cancelled = OperationEvent::OperationCancelled { operation, by: CancelledBy::User };
    let writing = async {
        let mut quiet = Vec::new();
        for nth in 0..5 {
            append_many(log.clone(), nth, 20).await;
            quiet.push(log.append(&format!("observed:dev/quiet/Pod/{nth}"), pod("u", "Running", None)).await);
        }
        (quiet, log.append("target:dev/quiet/Deployment/web", cancelled).await)
    };
    let is_quiet =
        |change: &Arc<Change>| change.object.as_ref().and_then(|it| it.namespace.as_deref()) == Some("quiet");
    let positions = |of: Vec<Arc<Change>>| of.iter().map(|change| change.position()).collect::<Vec<_>>();
    let of_two = of_two.try_filter(|change| ready(is_quiet(change))).take(6).try_collect::<Vec<_>>();
    let is_asked = |change: &Arc<Change>| change.operation == Some(OperationId(Uuid::from_u128(7)));
    let of_one = of_one.try_filter(|change| ready(is_asked(change))).take(2).try_collect::<Vec<_>>();
    let ((quiet, ended), of_two, of_one) = tokio::join!(writing, of_two, of_one);
    assert_eq!(positions(of_two.unwrap()), [quiet, vec![ended]].concat());
    assert_eq!(positions(of_one.unwrap()), [asked, ended]);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_slow_subscriber_reads_the_log_again_and_loses_nothing(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    log.projected(log.append("observed:dev/shop/Pod/first", pod("u", "Running", None)).await).await;
    let mut slow = pin!(log.read.changes(&AuditLog, vec![Topic::Everything], None));
    // It waits before anything is appended: what is told then is live.
    let (live, _) = tokio::join!(slow.next(), log.append("observed:dev/shop/Pod/second", pod("u", "Running", None)));
    let live = live.unwrap().unwrap();
    assert_eq!(live.position(), 2);
    assert!(live.row.of::<pods::Pod>().is_some_and(|row| row.name == "second"), "what is told live comes with its row");
    // More than are kept for slow subscribers.
    for nth in 0..10 {
        let events = (0..500).map(|_| pod("u", "Running", None).into()).collect();
        log.append_all(&format!("observed:dev/shop/Pod/many-{nth}"), events).await;
    }
    log.projected(5002).await;
    let rest = slow.take(5000).map_ok(|change| change.position()).try_collect::<Vec<i64>>();
    let rest = timeout(Duration::from_secs(30), rest).await.expect("all of them come").unwrap();
    assert_eq!(rest, (3..=5002).collect::<Vec<_>>());
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_there_yet_is_refused(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    log.workload("shop", "web", json!({})).await;
    let first = pin!(log.read.changes(&AuditLog, vec![Topic::Everything], Some(2))).next().await;
    assert!(matches!(first, Some(Err(Error::Ahead { position: 2, head: 1 }))), "{first:?}");
    let waited = log.read.wait_for(log.read.list(), 2, std::time::Duration::from_secs(5)).await;
    assert!(matches!(waited, Err(Error::Ahead { .. })));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_says_whether_its_object_is_new(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    let stream = web.observed_stream();
    let mut changes = pin!(log.read.changes(&AuditLog, vec![Topic::Everything], Some(0)));
    let events = [
        (manifest("one", 1, json!({})), ChangeKind::Added),
        (manifest("one", 2, json!({})), ChangeKind::Changed),
        (ObservedEvent::WorkloadGone { uid: "one".to_owned() }, ChangeKind::Removed),
        (manifest("two", 1, json!({})), ChangeKind::Added),
    ];
    for (event, kind) in events {
        log.append(&stream, event).await;
        let change = changes.next().await.unwrap().unwrap();
        assert_eq!(change.object.as_ref(), Some(&web));
        let row = workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap();
        assert_eq!(change.kind(row.map(|row| row.added_position)), Some(kind));
    }
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_process_that_does_not_project_knows_how_current_it_is_also_under_load(admin: PgPool) {
    let (log, other) = (Log::new(admin.clone()), Log::new(admin));
    let leading = log.run("a");
    log.workload("shop", "web", json!({})).await;
    log.projected(1).await;
    let standing_by = other.run("b");
    other.projected(1).await;
    let before = other.read.as_of();
    // One notification comes before the poll after the other is due.
    for generation in 0..100 {
        log.append("observed:dev/shop/Deployment/web", manifest("u-1", generation, json!({}))).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(other.read.as_of() > before, "still as of {before}");
    leading.stop().await;
    standing_by.stop().await;
    log.read.close().await;
    other.read.close().await;
}
