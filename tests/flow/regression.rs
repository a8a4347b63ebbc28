//! A standby is promoted that had not received everything (F10): what was acknowledged is gone, and what was done for it is
//! in the cluster. Nothing more is taken in or done before the log has it again.

use commands::{Error, kubernetes::fake::MemoryCluster};
use domain::{
    kubernetes::object::ObjectRef,
    operation::{Intent, OperationState},
};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    until,
    write_side::{Running, deployment, in_memory, origin},
};

/// Everything that the database holds for the write side.
const TABLES: [&str; 5] = ["events", "streams", "log_head", "effects", "commands"];

async fn run(pool: &PgPool, sql: String) -> anyhow::Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(pool).await?;
    Ok(())
}

/// Keeps the tables as they are now, under another schema.
async fn keep(pool: &PgPool, schema: &str) -> anyhow::Result<()> {
    run(pool, format!("CREATE SCHEMA {schema}")).await?;
    for table in TABLES {
        run(pool, format!("CREATE TABLE {schema}.{table} AS TABLE public.{table}")).await?;
    }
    Ok(())
}

/// What processes meet after a failover: other connections, to the tables as they were kept.
async fn fail_over(pool: &PgPool, schema: &str) -> anyhow::Result<()> {
    let mut sql = "BEGIN;".to_owned();
    for table in TABLES {
        sql += &format!("DELETE FROM public.{table}; INSERT INTO public.{table} SELECT * FROM {schema}.{table};");
    }
    sql += "COMMIT; SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    run(pool, sql).await
}

fn create(name: &str) -> Intent {
    Intent::CreateWorkload { manifest: serde_json::from_str(&manifest("team", name, 1)).expect("a manifest") }
}

async fn created(running: &Running, target: &ObjectRef) -> anyhow::Result<()> {
    let receipt = running.request(target, create(&target.name)).await?;
    running.until_state(target, &receipt, OperationState::Succeeded).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_that_lost_events_nothing_is_taken_in_until_they_are_back() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let owner = database.owner().await;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), Duration::from_secs(60)).await;
    created(&running, &deployment("team", "kept")).await?;
    keep(&owner, "behind").await?;
    created(&running, &deployment("team", "lost")).await?;
    let calls = cluster.changes().len();
    keep(&owner, "whole").await?;

    fail_over(&owner, "behind").await?;
    let next = deployment("team", "next");
    let refused = until("it is noticed", || async {
        match running.dispatcher.request(origin(), next.clone(), create("next"), None).await {
            Err(Error::Unavailable { message }) if message.contains("lost events") => Some(()),
            Err(Error::Unavailable { .. }) => None,
            other => panic!("{other:?}"),
        }
    });
    refused.await;
    assert!(running.dispatcher.has_regressed());
    let position = async || -> i64 {
        sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&owner).await.unwrap_or_default()
    };
    let behind = position().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((position().await, cluster.changes().len()), (behind, calls), "nothing was appended, nothing was done");

    // The one that has everything comes back.
    fail_over(&owner, "whole").await?;
    until("it is whole again", || async { (!running.dispatcher.has_regressed()).then_some(()) }).await;
    until("commands are accepted again", || async { created(&running, &next).await.ok() }).await;
    running.stop().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}
