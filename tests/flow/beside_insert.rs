//! A short slice of the benchmarks, in every run: single events appended to many streams and to one, beside plain inserts of the
//! same rows into the same Postgres. It prints ratios with their conditions, and fails on counts only.

use super::batches::request;
use commands::log::{Appended, EventStore, Expected};
use futures::future::join_all;
use sqlx::{PgPool, postgres::PgPoolOptions};
use std::{io::Write, sync::Arc, time::Instant};
use tests::database::{Database, sealing};
use tokio::sync::Notify;
use uuid::Uuid;

const WRITERS: usize = 8;
const EACH: usize = 200;
/// Writers who all believe the same version of one stream.
const RIVALS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_beside_plain_inserts() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    // A connection for each who inserts.
    let owner = PgPoolOptions::new().max_connections(WRITERS as u32).connect(&database.owner_url()).await?;
    let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&owner).await?;
    sqlx::raw_sql(
        "CREATE TABLE plain (position bigserial PRIMARY KEY, stream text, version bigint, payload bytea, UNIQUE (stream, version))",
    )
    .execute(&owner)
    .await?;
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let mut ratios = Vec::new();
    for round in 0..3 {
        let appended = rate(async |writer, nth| {
            let answer = store.append(request(&stream(round, writer, nth), Expected::Exact(0), 1)).await?;
            anyhow::ensure!(matches!(answer, Appended::Done { version: 1, .. }), "{answer:?}");
            Ok(())
        })
        .await?;
        let inserted = rate(async |writer, nth| insert(&owner, &stream(round, writer, nth)).await).await?;
        ratios.push(appended / inserted);
    }
    let (accepted, refused) = rivals(&store).await?;
    let (head, events): (i64, i64) =
        sqlx::query_as("SELECT (SELECT position FROM log_head), count(*) FROM events").fetch_one(&owner).await?;
    let expected = (3 * WRITERS * EACH) as i64 + accepted;
    anyhow::ensure!(
        (head, events) == (expected, expected),
        "{expected} were acknowledged, the log ends at {head}, has {events}"
    );
    // Not by println!, which is shown of a failing test only.
    writeln!(
        std::io::stderr(),
        "{} single events by {WRITERS} writers, Postgres {version}, fsync as it is set: {ratios:.2?} of plain inserts; \
         one stream: {accepted} taken in, {refused} refused, no position burnt",
        3 * WRITERS * EACH
    )?;
    drop(store);
    pool.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

fn stream(round: usize, writer: usize, nth: usize) -> String {
    format!("observed:dev/shop/Pod/{round}-{writer}-{nth}")
}

/// So many a second.
async fn rate(work: impl AsyncFn(usize, usize) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let writers = (0..WRITERS).map(async |writer| {
        for nth in 0..EACH {
            work(writer, nth).await?;
        }
        anyhow::Ok(())
    });
    join_all(writers).await.into_iter().collect::<anyhow::Result<()>>()?;
    Ok((WRITERS * EACH) as f64 / begun.elapsed().as_secs_f64())
}

async fn insert(pool: &PgPool, stream: &str) -> anyhow::Result<()> {
    let payload = format!("{{\"uid\":\"{stream}-0\",\"id\":\"{}\"}}", Uuid::now_v7());
    let statement = sqlx::query("INSERT INTO plain (stream, version, payload) VALUES ($1, 1, $2)");
    statement.bind(stream).bind(payload.into_bytes()).execute(pool).await?;
    Ok(())
}

/// Each version of one stream is believed by all at once: one is taken in.
async fn rivals(store: &EventStore) -> anyhow::Result<(i64, i64)> {
    let (mut accepted, mut refused) = (0, 0);
    for version in 0..10 {
        let asked =
            (0..RIVALS).map(|_| store.append(request("observed:dev/shop/Pod/wanted", Expected::Exact(version), 1)));
        for answer in join_all(asked).await {
            match answer? {
                Appended::Done { .. } => accepted += 1,
                Appended::Conflict { .. } => refused += 1,
                other => anyhow::bail!("{other:?}"),
            }
        }
        anyhow::ensure!(accepted == version + 1, "{accepted} were taken in on {} versions", version + 1);
    }
    Ok((accepted, refused))
}
