//! An event that one projection cannot take in stops that one, right there, and no other; nothing is skipped and nothing is
//! forgotten.

use crate::log::{Log, PATIENCE, object, pod, requested};
use domain::core::sealing::Ring;
use domain::{core::event::Recorded, kubernetes::resource::Resource};
use futures::{StreamExt, future::BoxFuture};
use projections::{
    Error, Projection, Topic,
    engine::projection::Table,
    evidence::{Verdict, replay},
    models::{
        audit::AuditLog, batches::Batches, clusters::Clusters, namespaces::Namespaces, objects::Objects,
        operations::OperationsLog, pods::Pods, users::Users, workloads::Workloads,
    },
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use std::{pin::pin, sync::Arc, time::Duration};

/// Those that fold what the watch saw.
pub const OF_OBSERVED: [&str; 5] = ["audit_log", "namespaces", "objects", "pods", "workloads"];
const SHORT: Duration = Duration::from_millis(300);

/// The pods of a version whose fold panics at a pod of the name `poison`.
struct PanickingPods;

impl Projection for PanickingPods {
    fn name(&self) -> &'static str {
        Pods.name()
    }

    fn version(&self) -> i32 {
        Pods.version()
    }

    fn tables(&self) -> &'static [Table] {
        Pods.tables()
    }

    fn categories(&self) -> &'static [&'static str] {
        Pods.categories()
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let (good, poison): (Vec<_>, Vec<_>) =
                events.iter().cloned().partition(|event| !event.stream.ends_with("/poison"));
            // What was written before it panics must not stay.
            Pods.apply(db, keys, &good).await?;
            assert!(poison.is_empty(), "this pod is too much");
            Ok(())
        })
    }
}

const WITH_A_PANIC: &[&dyn Projection] =
    &[&Clusters, &Namespaces, &Workloads, &PanickingPods, &Objects, &OperationsLog, &Batches, &AuditLog, &Users];

pub async fn append_pod(log: &Log, name: &str) -> i64 {
    log.append(&object(Resource::POD, "shop", name).observed_stream(), pod("u-1", "Running", None)).await
}

async fn append_request(log: &Log, id: u128) -> i64 {
    log.append(&object(Resource::DEPLOYMENT, "shop", "web").target_stream(), requested(id, 3)).await
}

/// Something is made of the event at `position` that cannot be read.
pub async fn spoil(log: &Log, position: i64, change: &'static str) {
    let change = format!(
        "CREATE TABLE kept AS SELECT * FROM events WHERE position = {position}; \
         UPDATE events SET {change} WHERE position = {position}"
    );
    sqlx::raw_sql(AssertSqlSafe(change)).execute(&log.admin).await.unwrap();
}

pub async fn repair(log: &Log) {
    let repair = "UPDATE events SET type = kept.type, payload = kept.payload, metadata = kept.metadata FROM kept \
         WHERE events.position = kept.position";
    sqlx::raw_sql(repair).execute(&log.admin).await.unwrap();
}

fn alarms_of(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("projection:{name}")).collect()
}

pub async fn all_alarms(log: &Log, names: &[&str]) {
    let alarms = alarms_of(names);
    log.alarms(&alarms.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

pub async fn assert_positions(log: &Log, stopped: &[&str], at: i64, others: i64) {
    for (name, position) in log.positions().await {
        let wanted = if stopped.contains(&name.as_str()) { at } else { others };
        assert_eq!(position, wanted, "{name}");
    }
}

async fn holds(log: &Log) {
    let verdict = replay::replay(log.read.pool(), log.read.keys()).await.unwrap();
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
}

/// Whatever cannot be read of an event: it stops who folds its category, at the event and over restarts, until it can be read.
async fn stops_its_category(admin: PgPool, change: &'static str) {
    let log = Log::new(admin);
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    append_pod(&log, "third").await;
    let last = append_request(&log, 1).await;
    spoil(&log, poison, change).await;
    let running = log.run("a");
    all_alarms(&log, &OF_OBSERVED).await;
    log.read.wait_for(&[&OperationsLog, &Clusters, &Users], last, PATIENCE).await.unwrap();
    assert_positions(&log, &OF_OBSERVED, poison - 1, last).await;
    assert_eq!((log.count("pods").await, log.count("operations_log").await), (1, 1));
    // As an audit finds it: what is there is the fold up to where each one stands.
    holds(&log).await;
    running.stop().await;

    // Nothing but the checkpoint says that it stopped, and nothing is built anew.
    sqlx::raw_sql("UPDATE read.pods SET restarts = 77").execute(&log.admin).await.unwrap();
    let running = log.run("b");
    let last = append_request(&log, 2).await;
    log.read.wait_for(&[&OperationsLog], last, PATIENCE).await.unwrap();
    all_alarms(&log, &OF_OBSERVED).await;
    assert_positions(&log, &OF_OBSERVED, poison - 1, last).await;
    let restarts: i32 = sqlx::query_scalar("SELECT restarts FROM read.pods").fetch_one(&log.admin).await.unwrap();
    assert_eq!(restarts, 77);
    sqlx::raw_sql("UPDATE read.pods SET restarts = 0").execute(&log.admin).await.unwrap();

    repair(&log).await;
    log.projected(last).await;
    log.alarms(&[]).await;
    assert_eq!(log.count("pods").await, 3);
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_unknown_type_stops_the_projections_of_its_category(admin: PgPool) {
    stops_its_category(admin, "type = 'FromTheFuture'").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invalid_payload_stops_the_projections_of_its_category(admin: PgPool) {
    stops_its_category(admin, "payload = '{\"nonsense\":1}'").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn invalid_metadata_stops_the_projections_of_its_category(admin: PgPool) {
    stops_its_category(admin, "metadata = '{}'").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_panic_in_a_fold_stops_that_projection_until_it_is_fixed(admin: PgPool) {
    let log = Log::of(WITH_A_PANIC, admin.clone());
    let running = log.run("a");
    append_pod(&log, "first").await;
    // One batch, with the poison in the middle of it.
    let pods = object(Resource::POD, "shop", "poison").observed_stream();
    let before = append_pod(&log, "second").await;
    log.append_all(&pods, vec![pod("u-1", "Running", None).into(), pod("u-1", "Failed", None).into()]).await;
    let last = append_pod(&log, "third").await;
    log.read.wait_for(&[&Workloads, &AuditLog, &OperationsLog], last, PATIENCE).await.unwrap();
    log.alarms(&["projection:pods"]).await;
    assert_positions(&log, &["pods"], before, last).await;
    assert_eq!((log.count("pods").await, log.count("audit_log").await), (2, 5));
    running.stop().await;
    log.read.close().await;

    let log = Log::new(admin);
    let running = log.run("b");
    log.projected(last).await;
    log.alarms(&[]).await;
    assert_eq!(log.count("pods").await, 4);
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_database_refuses_of_one_table_stops_that_one(admin: PgPool) {
    let log = Log::new(admin);
    let refuse = "ALTER TABLE read.pods ADD CONSTRAINT no_poison CHECK (name <> 'poison')";
    sqlx::raw_sql(refuse).execute(&log.admin).await.unwrap();
    let running = log.run("a");
    let before = append_pod(&log, "first").await;
    append_pod(&log, "poison").await;
    let last = append_pod(&log, "second").await;
    log.read.wait_for(&[&AuditLog, &Workloads], last, PATIENCE).await.unwrap();
    log.alarms(&["projection:pods"]).await;
    assert_positions(&log, &["pods"], before, last).await;
    sqlx::raw_sql("ALTER TABLE read.pods DROP CONSTRAINT no_poison").execute(&log.admin).await.unwrap();
    log.projected(last).await;
    log.alarms(&[]).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stopped_list_is_never_reported_as_up_to_date(admin: PgPool) {
    let (log, other) = (Log::new(admin.clone()), Log::new(admin));
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    spoil(&log, poison, "type = 'FromTheFuture'").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let running = log.run("a");
    // The same is known to a process that does not project.
    let listening = tokio::spawn({
        let (read, stop) = (other.read.clone(), stop.clone());
        async move { read.run_changes(stop).await }
    });
    for read in [&log.read, &other.read] {
        let is_behind = |outcome: &Result<(), Error>| matches!(outcome, Err(Error::Behind { projection: "pods", position }) if *position == poison);
        let last = append_request(&log, 1).await;
        read.wait_for(&[&OperationsLog], last, PATIENCE).await.unwrap();
        read.wait_for(&[&Pods], poison - 1, PATIENCE).await.unwrap();
        let waited = read.wait_for(&[&Pods], last, SHORT).await;
        assert!(is_behind(&waited), "{waited:?}");
        // A running list publishes every event. A stopped one publishes those before the stop, then an error.
        let mut operations = pin!(read.changes(&OperationsLog, vec![Topic::Everything], Some(0)));
        assert_eq!(operations.next().await.unwrap().unwrap().position(), poison + 1);
        let mut pods = pin!(read.changes(&Pods, vec![Topic::Everything], Some(0)));
        assert_eq!(pods.next().await.unwrap().unwrap().position(), poison - 1);
        let stopped = pods.next().await.unwrap().map(|_| ());
        assert!(is_behind(&stopped), "{stopped:?}");
        assert!(pods.next().await.is_none());
        for after in [None, Some(last)] {
            let refused = pin!(read.changes(&Pods, vec![Topic::Everything], after)).next().await.unwrap().map(|_| ());
            assert!(is_behind(&refused), "{refused:?}");
        }
    }
    let position = log.read.position();
    // Live changes.
    let mut live = pin!(other.read.changes(&OperationsLog, vec![Topic::Everything], None));
    let (next, last) = tokio::join!(live.next(), append_request(&log, 9));
    assert_eq!((next.unwrap().unwrap().position(), last), (position + 1, position + 1));
    running.stop().await;
    stop.cancel();
    listening.await.unwrap();
    log.read.close().await;
    other.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_running_projection_the_read_model_stays(admin: PgPool) {
    const ALONE: &[&dyn Projection] = &[&PanickingPods];
    let log = Log::of(ALONE, admin);
    let running = log.run("a");
    let first = append_pod(&log, "first").await;
    let last = append_pod(&log, "poison").await;
    log.alarms(&["projection:pods"]).await;
    let waited = log.read.wait_for(log.read.list(), last, SHORT).await;
    assert!(matches!(waited, Err(Error::NotYet { current, .. }) if current == first), "{waited:?}");
    assert_eq!(log.read.position(), first);
    let as_of = log.read.as_of();
    tokio::time::sleep(SHORT).await;
    assert_eq!(log.read.as_of(), as_of, "it is as old as it was");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rebuild_stops_before_poison_and_delays_no_other(admin: PgPool) {
    let log = Log::new(admin);
    append_pod(&log, "first").await;
    let poison = append_pod(&log, "second").await;
    spoil(&log, poison, "type = 'FromTheFuture'").await;
    let last = append_request(&log, 1).await;
    // Of an older version, and beyond the event that this one cannot read.
    let older = "INSERT INTO read.checkpoints SELECT name, 0, 3, 0 FROM \
         unnest(ARRAY['audit_log', 'batches', 'clusters', 'namespaces', 'objects', 'operations_log', 'pods', 'users', 'workloads']) AS name";
    sqlx::raw_sql(older).execute(&log.admin).await.unwrap();
    let running = log.run("a");
    all_alarms(&log, &OF_OBSERVED).await;
    log.read.wait_for(&[&OperationsLog], last, PATIENCE).await.unwrap();
    assert_positions(&log, &OF_OBSERVED, poison - 1, last).await;
    repair(&log).await;
    log.projected(last).await;
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}
