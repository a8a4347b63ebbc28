//! What one person asks for costs others nothing: reads take turns, end in Postgres when nobody waits for them, and leave their
//! connection as they found it.

use anyhow::{Context, Result, bail, ensure};
use futures::future::join_all;
use gateway::{config, database};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::time::Duration;
use tests::{
    asking::is_unavailable,
    database::{Database, sealing},
    gateway::{Gateway, PASSWORD, Start},
    until,
};
use uuid::Uuid;

const HEAVY: &str = "auditEvents(filter: {search: \"nothing\"}) { nodes { position } }";

/// The processes of Postgres in which searches of the audit log wait.
async fn waiting(owner: &PgPool) -> Option<Vec<i32>> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
               AND query LIKE 'SELECT%FROM read.audit_log%ILIKE%'";
    let found: Vec<i32> = sqlx::query_scalar(sql).fetch_all(owner).await.ok()?;
    Some(found).filter(|found| !found.is_empty())
}

async fn until_gone(owner: &PgPool, processes: &[i32]) {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ($1)";
    until("Postgres has ended what nobody waits for", || async {
        let left: i64 = sqlx::query_scalar(sql).bind(processes).fetch_one(owner).await.ok()?;
        (left == 0).then_some(())
    })
    .await;
}

async fn pools(database: &Database, connections: u32) -> Result<database::Pools> {
    let settings =
        config::Database { database_url: database.application_url().parse()?, database_connections: connections };
    Ok(database::connect(&settings, database::PATIENCE).await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_ends_in_postgres_when_its_client_hangs_up() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let token = gateway.token().await?;
    let owner = database.owner().await;
    let mut locked = owner.begin().await?;
    sqlx::query("LOCK TABLE read.audit_log IN ACCESS EXCLUSIVE MODE").execute(&mut *locked).await?;
    let document = format!("{{ {HEAVY} }}");
    let asked = gateway.post(Some(&token), &document, json!({}));
    let processes = tokio::select! {
        answer = asked => bail!("answered while the table is locked: {answer:?}"),
        found = until("the read waits", || waiting(&owner)) => found,
    };
    // The table stays locked: a read that went on would still wait.
    until_gone(&owner, &processes).await;
    locked.rollback().await?;
    owner.close().await;
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_for_queries_are_opened_and_replaced_without_a_request() -> Result<()> {
    let database = Database::create().await?;
    let pools = pools(&database, 6).await?;
    let all_are_open = || async { (pools.read.size() == 4 && pools.read.num_idle() == 4).then_some(()) };
    until("all connections are open", all_are_open).await;
    // An abandoned connection is closed.
    let (abandoned, owner) = (sqlx::query("SELECT pg_sleep(60)").execute(&pools.read), database.owner().await);
    let sleeps = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let sleeping = || async {
        let found: Vec<i32> = sqlx::query_scalar(sleeps).fetch_all(&owner).await.ok()?;
        Some(found).filter(|found| !found.is_empty())
    };
    let processes = tokio::select! {
        ended = abandoned => bail!("the statement ended: {ended:?}"),
        found = until("the statement runs", sleeping) => found,
    };
    until_gone(&owner, &processes).await;
    until("the closed connection is replaced", all_are_open).await;
    owner.close().await;
    pools.read.close().await;
    pools.write.close().await;
    database.drop().await;
    Ok(())
}

/// The token of somebody else with the password of the administrator.
async fn somebody_else(gateway: &Gateway, owner: &PgPool) -> Result<String> {
    let stored = "SELECT user_id, sealed_hash FROM auth.credentials";
    let (administrator, sealed): (Uuid, Vec<u8>) = sqlx::query_as(stored).fetch_one(owner).await?;
    // A hash is sealed to its account.
    let (keys, anna) = (sealing(), Uuid::new_v4());
    let hash = keys.open(&format!("password of {administrator}"), &sealed)?;
    let copied = "INSERT INTO auth.credentials (user_id, username, sealed_hash) VALUES ($1, 'anna', $2)";
    sqlx::query(copied).bind(anna).bind(keys.seal(&format!("password of {anna}"), &hash)?).execute(owner).await?;
    let document = "mutation($i: LoginInput!) { login(input: $i) { ... on Session { accessToken } } }";
    let answer = gateway.post_again(None, document, json!({"i": {"username": "anna", "password": PASSWORD}})).await?;
    let token = answer.pointer("/data/login/accessToken").and_then(Value::as_str);
    Ok(token.with_context(|| format!("no sign-in: {answer}"))?.to_owned())
}

/// Asks three times at once, again and again, what a locked table does not let anybody answer.
async fn ask_in_vain(gateway: &Gateway, token: &str, document: &str) -> Result<()> {
    loop {
        for answer in join_all((0..3).map(|_| gateway.post(Some(token), document, json!({})))).await {
            let answer = answer?;
            ensure!(is_unavailable(&answer), "answered while the table is locked: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_reads_of_one_person_leave_connections_to_others() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let owner = database.owner().await;
    let (token, other) = (gateway.token().await?, somebody_else(&gateway, &owner).await?);
    let mut locked = owner.begin().await?;
    sqlx::query("LOCK TABLE read.audit_log IN ACCESS EXCLUSIVE MODE").execute(&mut *locked).await?;
    let aliased: String = (0..8).map(|nth| format!("a{nth}: {HEAVY} ")).collect();
    let document = format!("{{ {aliased} }}");
    let others = async {
        until("the reads wait", || waiting(&owner)).await;
        let reads = (0..8).map(|_| gateway.post_again(Some(&other), "{ workloads { totalCount } }", json!({})));
        join_all(reads).await
    };
    let answers = tokio::select! {
        ended = ask_in_vain(&gateway, &token, &document) => bail!("it never ends: {ended:?}"),
        answers = others => answers,
    };
    for answer in answers {
        let answer = answer?;
        assert!(answer.pointer("/data/workloads/totalCount").is_some_and(Value::is_number), "{answer}");
    }
    locked.rollback().await?;
    owner.close().await;
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_has_less_time_in_postgres_than_its_request() -> Result<()> {
    let database = Database::create().await?;
    let pools = pools(&database, 4).await?;
    let sql = "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'";
    let limit: i64 = sqlx::query_scalar(sql).fetch_one(&pools.read).await?;
    assert!((1..30_000).contains(&limit), "{limit} ms");
    database.drop().await;
    Ok(())
}

/// The next one to use its connection is not within its transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_dropped_at_any_point_leaves_no_transaction() -> Result<()> {
    let database = Database::create().await?;
    let (pools, everything) = (pools(&database, 4).await?, domain::access::Scope::everything());
    for polls in 0.. {
        let mut read = Box::pin(projections::models::overview::get(&pools.read, &everything, None));
        let mut has_ended = false;
        for _ in 0..polls {
            has_ended = has_ended || tokio::time::timeout(Duration::ZERO, read.as_mut()).await.is_ok();
        }
        drop(read);
        if has_ended {
            break;
        }
        let all = (0..pools.read.options().get_max_connections()).map(|_| pools.read.acquire());
        for connection in join_all(all).await {
            let (mut connection, sql) = (connection?, "SELECT pg_current_xact_id()::text");
            let first: String = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
            let second: String = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
            assert_ne!(first, second, "one transaction after {polls} polls");
        }
    }
    database.drop().await;
    Ok(())
}
