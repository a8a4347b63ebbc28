//! A version with a wrong fold was shipped: the checker says so, and the version that mends it builds the table anew beside the one
//! that is read.

use crate::log::{Log, pod};
use domain::core::event::Recorded;
use domain::core::sealing::Ring;
use futures::future::BoxFuture;
use projections::{
    Error, Projection,
    engine::projection::Table,
    evidence::{Verdict, check::Sample, replay},
    models::{
        audit::AuditLog, batches::Batches, clusters::Clusters, namespaces::Namespaces, objects::Objects,
        operations::OperationsLog, pods::Pods, users::Users, workloads::Workloads,
    },
};
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use tokio::task::JoinSet;

/// The pods of the version before, which took in the first event of a batch only.
struct WrongPods;

impl Projection for WrongPods {
    fn name(&self) -> &'static str {
        Pods.name()
    }

    fn version(&self) -> i32 {
        Pods.version() - 1
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
        Pods.apply(db, keys, &events[..1])
    }
}

const BEFORE: &[&dyn Projection] =
    &[&Clusters, &Namespaces, &Workloads, &WrongPods, &Objects, &OperationsLog, &Batches, &AuditLog, &Users];

#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_fold_is_an_alarm_and_the_version_that_mends_it_is_built_beside_what_is_read(admin: PgPool) {
    let log = Log::of(BEFORE, admin.clone());
    // One batch: the projector is not there yet.
    for number in 0..9 {
        log.append(&format!("observed:dev/shop/Pod/web-{number}"), pod("u-1", "Running", None)).await;
    }
    let running = log.run("a");
    log.projected(9).await;
    assert_eq!(log.count("pods").await, 1);
    let stop = tokio_util::sync::CancellationToken::new();
    let mut checking = JoinSet::new();
    let (read, token) = (log.read.clone(), stop.clone());
    checking.spawn(async move { read.run_checker("a".to_owned(), token).await });
    log.alarms(&["checker"]).await;
    stop.cancel();
    checking.join_all().await;
    running.stop().await;
    log.read.close().await;

    let log = Log::new(admin);
    // Until the switch the rows of the version before are read, and nobody compares them with this one.
    let mut sample = Sample::open(log.read.pool(), log.read.keys(), log.read.list()).await.unwrap();
    assert_eq!((sample.look(100, &mut None).await.unwrap(), log.count("pods").await), (None, 1));
    let mut switch = log.admin.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE read.pods IN SHARE MODE").execute(&mut *switch).await.unwrap();
    let running = log.run("b");
    let waits = async || -> bool {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'read.pods'::regclass AND NOT granted)";
        sqlx::query_scalar(waits).fetch_one(&log.admin).await.unwrap()
    };
    while !waits().await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(log.count("pods").await, 1, "it is built, and the old rows are read");
    switch.rollback().await.unwrap();
    let last = log.append("observed:dev/shop/Pod/web-9", pod("u-1", "Running", None)).await;
    log.projected(last).await;
    assert_eq!((log.count("pods").await, sample.look(100, &mut None).await.unwrap()), (10, None));
    assert!(matches!(replay::replay(log.read.pool(), log.read.keys()).await.unwrap(), Verdict::Holds(_)));
    running.stop().await;
    log.read.close().await;
}
