//! An event is passed over only because the log says so, only by the projection it says it of, and only where that one has stopped.

use crate::{
    lagging::{OF_OBSERVED, all_alarms, append_pod, assert_positions, repair, spoil},
    log::{Log, PATIENCE},
};
use domain::access::Scope;
use domain::core::decider::Decider;
use domain::platform::projection::{Projection as Noun, ProjectionEvent};
use futures::TryStreamExt;
use projections::{
    Error, Language, Projection, Topic,
    engine::quarantine::{Refusal, hold},
    evidence::{Holds, Verdict, check::Sample, replay},
    models::{
        audit::{self, AuditLog},
        pods::Pods,
        users::Users,
    },
};
use sqlx::PgPool;

/// What the command line does; answers the position of the decision.
async fn quarantine(log: &Log, name: &str, position: i64) -> Result<i64, Refusal> {
    let held = hold(log.read.pool(), log.read.keys(), log.read.list(), name, position).await?;
    let event = ProjectionEvent::EventQuarantined { projection: name.to_owned(), position };
    let decided = log.append(&Noun::stream(name), event).await;
    drop(held);
    Ok(decided)
}

async fn held(log: &Log) -> Holds {
    match replay::replay(log.read.pool(), log.read.keys()).await.unwrap() {
        Verdict::Holds(holds) => holds,
        Verdict::Broken(broken) => panic!("{broken:?}"),
    }
}

/// The positions that somebody hears of who follows a projection from the beginning to `last`.
async fn heard(log: &Log, of: &'static dyn Projection, last: i64) -> Vec<i64> {
    let changes = log.read.changes(of, vec![Topic::Everything], Some(0)).map_ok(|change| change.position());
    let mut changes = std::pin::pin!(changes);
    let mut heard = Vec::new();
    while heard.last() != Some(&last) {
        heard.push(changes.try_next().await.unwrap().unwrap());
    }
    heard
}

#[sqlx::test(migrations = "../migrations")]
async fn a_quarantine_resumes_one_projection_and_names_its_author(admin: PgPool) {
    let log = Log::new(admin);
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    let last = append_pod(&log, "third").await;
    spoil(&log, poison, "type = 'FromTheFuture'").await;
    let running = log.run("a");
    all_alarms(&log, &OF_OBSERVED).await;
    // The alarm comes a moment before the others have gone on, and where nobody has, nothing has stopped.
    log.read.wait_for(&[&Users], last, PATIENCE).await.unwrap();

    let decided = quarantine(&log, "pods", poison).await.unwrap();
    log.read.wait_for(&[&Pods], decided, PATIENCE).await.unwrap();
    let others = ["audit_log", "namespaces", "objects", "workloads"];
    all_alarms(&log, &others).await;
    assert_positions(&log, &others, poison - 1, decided).await;
    assert_eq!(log.count("pods").await, 2);
    assert_eq!(heard(&log, &Pods, last).await, [1, 3]);
    let found = held(&log).await;
    assert_eq!(found.behind.keys().copied().collect::<Vec<_>>(), others);
    let passed_over = &found.passed_over[0];
    assert_eq!((passed_over.projection.as_str(), passed_over.position, passed_over.by.as_str()), ("pods", 2, "anna"));

    let mut decided = decided;
    for name in others {
        decided = quarantine(&log, name, poison).await.unwrap();
    }
    log.projected(decided).await;
    log.alarms(&[]).await;
    let told = audit::get(log.read.pool(), &Scope::everything(), decided).await.unwrap().unwrap();
    let summary = Language::English.text(&told.summary);
    assert!(summary.starts_with("anna let workloads go on without the event at position 2"), "{summary}");
    assert_eq!(audit::get(log.read.pool(), &Scope::everything(), poison).await.unwrap(), None);
    assert_eq!(heard(&log, &AuditLog, decided).await, [1, 3, 4, 5, 6, 7, 8]);
    assert_eq!(held(&log).await.passed_over.len(), 5);
    let mut sample = Sample::open(log.read.pool(), log.read.keys(), log.read.list()).await.unwrap();
    assert_eq!(sample.look(100, &mut None).await.unwrap(), None);
    running.stop().await;

    // A rebuild knows of it before it gets there.
    sqlx::raw_sql("UPDATE read.checkpoints SET version = 0; DELETE FROM read.pods").execute(&log.admin).await.unwrap();
    let running = log.run("b");
    log.projected(append_pod(&log, "fourth").await).await;
    assert_eq!((log.count("pods").await, log.count("audit_log").await), (3, 8));
    assert_eq!(held(&log).await.passed_over.len(), 5);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_is_quarantined_only_where_the_projection_has_stopped(admin: PgPool) {
    let log = Log::new(admin);
    let refused = async |name: &str, position| match hold(
        log.read.pool(),
        log.read.keys(),
        log.read.list(),
        name,
        position,
    )
    .await
    {
        Err(refusal) => refusal,
        Ok(held) => panic!("it is held where it stopped: {}", held.cause),
    };
    assert!(matches!(refused("pods", 1).await, Refusal::OtherVersion("pods")), "it was never projected");
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    let last = append_pod(&log, "third").await;
    spoil(&log, poison, "type = 'FromTheFuture'").await;
    let running = log.run("a");
    all_alarms(&log, &OF_OBSERVED).await;
    log.read.wait_for(&[&Users], last, PATIENCE).await.unwrap();
    assert!(matches!(refused("pots", poison).await, Refusal::Unknown(..)));
    for position in [poison - 1, poison + 1, last + 9] {
        let refusal = refused("pods", position).await;
        assert!(matches!(refusal, Refusal::Elsewhere { next, .. } if next == poison), "{refusal}");
    }
    assert!(matches!(refused("users", last + 1).await, Refusal::GoesOn("users")));
    running.stop().await;
    // Nobody projects; what is there to be read by now needs no quarantine.
    repair(&log).await;
    let refusal = refused("pods", poison).await;
    assert!(matches!(refusal, Refusal::NoPoison { position, .. } if position == poison), "{refusal}");
    assert_eq!(log.count("pods").await, 1, "trying it has left nothing behind");
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_can_be_read_again_while_it_is_quarantined_is_passed_over_all_the_same(admin: PgPool) {
    let log = Log::new(admin);
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    let last = append_pod(&log, "third").await;
    spoil(&log, poison, "type = 'FromTheFuture'").await;
    let running = log.run("a");
    all_alarms(&log, &OF_OBSERVED).await;
    log.read.wait_for(&[&Users], last, PATIENCE).await.unwrap();
    let stopped = hold(log.read.pool(), log.read.keys(), log.read.list(), "pods", poison).await.unwrap();
    assert!(matches!(stopped.cause, Error::Codec { position, .. } if position == poison), "{}", stopped.cause);
    repair(&log).await;
    // The others take it in and go on; this one is held.
    log.alarms(&["projection:pods"]).await;
    let event = ProjectionEvent::EventQuarantined { projection: "pods".to_owned(), position: poison };
    let decided = log.append(&Noun::stream("pods"), event).await;
    drop(stopped);
    log.projected(decided).await;
    assert_eq!((log.count("pods").await, log.count("audit_log").await), (2, 4));
    assert_eq!(held(&log).await.passed_over.len(), 1);
    running.stop().await;

    // The same from an empty read model.
    let tables = log.read.list().iter().flat_map(|of| of.tables()).map(|table| format!("read.{}", table.name));
    let tables: Vec<String> = tables.chain(["read.checkpoints".to_owned()]).collect();
    let empty = format!("TRUNCATE {}", tables.join(", "));
    sqlx::raw_sql(sqlx::AssertSqlSafe(empty)).execute(&log.admin).await.unwrap();
    let anew = Log::new(log.admin.clone());
    let running = anew.run("b");
    anew.projected(decided).await;
    assert_eq!((anew.count("pods").await, anew.count("audit_log").await), (2, 4));
    assert_eq!(held(&anew).await.passed_over.len(), 1);
    running.stop().await;
    anew.read.close().await;
    log.read.close().await;
}
