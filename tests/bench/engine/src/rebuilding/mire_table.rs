//! mire: a runner from the first event on into an empty table, by its handler for pages; of each page the last observation of a pod
//! is written, in one statement.

use super::{STREAMS, row};
use crate::peers::Server;
use anyhow::{Result, ensure};
use mire::{
    Aggregate, EventData, EventStore, ExpectedVersion, HandledEvent, ProjectionRunner, TransactionalBatchEventHandler,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, PgPool, postgres::PgPoolOptions};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

const TABLE: &str = include_str!("../../peers/pods.sql");
const WRITERS: usize = 4;
/// Events of a call while the log is filled.
const BATCH: usize = 100;
/// Events of a page, as many as ours.
const PAGE: i64 = 5000;
const PATIENCE: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Seen {
    uid: String,
    pod: Value,
}

impl EventData for Seen {
    fn event_type(&self) -> &'static str {
        "PodObserved"
    }
}

#[derive(Debug, Default)]
struct Pod;

impl Aggregate for Pod {
    type Event = Seen;

    fn stream_category() -> &'static str {
        "pod"
    }

    fn apply(&mut self, _: &Seen) {}
}

struct Pods;

impl TransactionalBatchEventHandler for Pods {
    type Aggregate = Pod;

    async fn handle_batch(&self, events: Vec<HandledEvent<Seen>>, db: &mut PgConnection) -> Result<()> {
        let rows: BTreeMap<&str, Value> = events
            .iter()
            .map(|seen| {
                let mut row = seen.event.pod.clone();
                row["id"] = seen.stream_id().into();
                row["uid"] = seen.event.uid.clone().into();
                row["position"] = seen.global_position().into();
                (seen.stream_id(), row)
            })
            .collect();
        let columns = "id, uid, workload, labels, phase, ready, restarts, node, containers, created_at, position";
        let sets: Vec<_> = columns.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
        let sql = format!(
            "INSERT INTO pods ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::pods, $1) \
             ON CONFLICT (id) DO UPDATE SET {}",
            sets.join(", ")
        );
        let rows: Vec<Value> = rows.into_values().collect();
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(Value::Array(rows)).execute(db).await?;
        Ok(())
    }
}

/// Events a second.
pub async fn rebuilt(server: &Server, events: usize) -> Result<f64> {
    let fresh = server.fresh().await?;
    let pool = PgPoolOptions::new().max_connections(8).connect_with(fresh.options.clone()).await?;
    let store = EventStore::new(pool.clone());
    store.migrate().await?;
    sqlx::raw_sql(TABLE).execute(&pool).await?;
    fill(&store, events).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&pool).await?;
    let last: i64 = sqlx::query_scalar("SELECT max(global_position) FROM es_events").fetch_one(&pool).await?;
    let shutdown = CancellationToken::new();
    let runner = ProjectionRunner::builder(store).batch_size(PAGE).subscribe_transactional_batch("pods", Pods).build();
    let begun = Instant::now();
    let taken_in = async {
        until_taken_in(&pool, last, begun).await?;
        shutdown.cancel();
        anyhow::Ok(begun.elapsed().as_secs_f64())
    };
    let (took, ()) = tokio::try_join!(taken_in, runner.run(shutdown.clone()))?;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM pods").fetch_one(&pool).await?;
    ensure!(rows == STREAMS as i64, "{rows} rows");
    pool.close().await;
    server.drop(fresh).await?;
    Ok(events as f64 / took)
}

async fn until_taken_in(pool: &PgPool, last: i64, begun: Instant) -> Result<()> {
    let sql = "SELECT coalesce(max(position), 0) >= $1 FROM pods";
    while !sqlx::query_scalar::<_, bool>(sql).bind(last).fetch_one(pool).await? {
        ensure!(begun.elapsed() < PATIENCE, "it takes too long");
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

async fn fill(store: &EventStore, events: usize) -> Result<()> {
    let each = events / STREAMS;
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            for from in (0..each).step_by(BATCH) {
                for stream in (writer..STREAMS).step_by(WRITERS) {
                    let events = (from..each.min(from + BATCH))
                        .map(|turn| Ok(mire::Event::new(serde_json::from_value::<Seen>(row(stream, turn))?)))
                        .collect::<Result<Vec<_>>>()?;
                    let expected =
                        if from == 0 { ExpectedVersion::NoStream } else { ExpectedVersion::Exact(from as i64) };
                    store.append(&format!("pod-{stream}"), "pod", expected, &events).await?;
                }
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
