//! From a command to its outcome, and what is refused on the way.

use commands::{Error, Origin, kubernetes::fake::MemoryCluster};
use domain::core::refusal::ErrorCode;
use domain::{
    core::ids::SessionId,
    operation::{Intent, OperationState},
};
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    write_side::{answered, cluster_id, deployment, in_memory, in_session, keyed, origin},
};
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(60);

fn refused(result: Result<commands::Receipt, Error>) -> (ErrorCode, Option<String>) {
    match result {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.field),
        other => panic!("not refused: {other:?}"),
    }
}

fn create(name: &str) -> Intent {
    let manifest = serde_json::from_str(&manifest("team", name, 2)).expect("a manifest");
    Intent::CreateWorkload { manifest }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_in_the_log_before_it_is_in_the_cluster_and_ends() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let target = deployment("team", "web");

    let receipt = running.request(&target, create("web")).await?;
    assert_eq!(receipt.position, 4, "the keys of user and namespace, requested and started stand in the log");
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    assert_eq!(cluster.changes(), [(target.clone(), receipt.operation.to_string())]);

    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_is_answered_as_the_first_time_and_another_body_is_a_conflict() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let running = in_memory(&database, Arc::default(), TIMEOUT).await;
    let target = deployment("team", "web");
    let key = Uuid::new_v4();

    // A hundred at once may be more than a busy machine answers in time: then they ask again, as the error says.
    let ask = async || {
        answered(async || running.dispatcher.request(keyed(key), target.clone(), create("web"), None).await).await
    };
    let answers = futures::future::join_all((0..100).map(|_| ask())).await;
    let receipts: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    let first = &receipts[0];
    assert!(receipts.iter().all(|receipt| receipt.operation == first.operation && receipt.position == first.position));
    let requested = "SELECT count(*) FROM events WHERE type = 'OperationRequested'";
    let requested: i64 = sqlx::query_scalar(requested).fetch_one(&running.pool).await?;
    assert_eq!(requested, 1, "appended once");

    let delete = async || running.dispatcher.request(keyed(key), target.clone(), Intent::DeleteWorkload, None).await;
    let other = answered(delete).await;
    assert_eq!(refused(other), (ErrorCode::Conflict, Some("idempotencyKey".to_owned())));

    running.stop().await;
    database.drop().await;
    Ok(())
}

/// Requests what every database of these tests is asked for; the stored hash of the request.
async fn stored_hash(database: &Database, key: Uuid) -> anyhow::Result<Vec<u8>> {
    let running = in_memory(database, Arc::default(), TIMEOUT).await;
    let target = deployment("team", "web");
    let request = async || running.dispatcher.request(keyed(key), target.clone(), create("web"), None).await;
    let receipt = answered(request).await?;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    let hash = sqlx::query_scalar("SELECT request_hash FROM commands").fetch_one(&running.pool).await?;
    running.stop().await;
    Ok(hash)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hash_of_a_request_depends_on_a_key_that_is_forgotten() -> anyhow::Result<()> {
    let (one, other) = (Database::create().await?, Database::create().await?);
    let key = Uuid::new_v4();
    let (hash, same) = (stored_hash(&one, key).await?, stored_hash(&other, key).await?);
    // Who reads the table cannot try what the request may have been.
    assert_ne!(hash, same, "the same request by the same person, under two data keys");
    assert_eq!((hash.len(), same.len()), (32, 32));

    // Once the key is gone, nothing tells that it is the same request. So it is not answered as that, nor done again.
    let owner = one.owner().await;
    sqlx::query("TRUNCATE data_keys").execute(&owner).await?;
    owner.close().await;
    let running = in_memory(&one, Arc::default(), TIMEOUT).await;
    let target = deployment("team", "web");
    let again = async || running.dispatcher.request(keyed(key), target.clone(), create("web"), None).await;
    assert_eq!(refused(answered(again).await), (ErrorCode::Conflict, Some("idempotencyKey".to_owned())));
    let requested = "SELECT count(*) FROM events WHERE type = 'OperationRequested'";
    let requested: i64 = sqlx::query_scalar(requested).fetch_one(&running.pool).await?;
    assert_eq!(requested, 1, "nothing was added");

    running.stop().await;
    one.drop().await;
    other.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_requests_nothing() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let running = in_memory(&database, Arc::default(), TIMEOUT).await;
    let [goes_on, over] = database.sessions().await?;
    let ask = async |session| {
        let origin = Origin { idempotency_key: Some(Uuid::new_v4()), ..in_session(session) };
        let target = deployment("team", "web");
        let request = || running.dispatcher.request(origin.clone(), target.clone(), create("web"), None);
        answered(async || request().await).await
    };

    for session in [over, SessionId(Uuid::from_u128(404))] {
        let answer = ask(session).await;
        assert!(matches!(answer, Err(Error::SessionEnded)), "{answer:?}");
    }
    assert_eq!(ask(goes_on).await?.position, 4, "two data keys made, requested and started, and nothing else before");

    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_command_leaves_no_trace() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let running = in_memory(&database, Arc::default(), TIMEOUT).await;
    let dispatcher = &running.dispatcher;

    let scale = Intent::ScaleWorkload { replicas: 2 };
    let missing = running.request(&deployment("team", "nobody"), scale).await;
    assert_eq!(refused(missing).0, ErrorCode::NotFound);
    let text = manifest("nowhere", "web", 1);
    let namespace = answered(async || dispatcher.create_workload(origin(), cluster_id(), &text).await).await;
    assert_eq!(refused(namespace), (ErrorCode::NotFound, Some("manifest.metadata.namespace".to_owned())));
    let position: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&running.pool).await?;
    assert_eq!(position, 0);

    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_can_neither_change_nor_remove_nor_insert_events() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    for statement in [
        "INSERT INTO events SELECT * FROM events",
        "UPDATE events SET type = 'X'",
        "DELETE FROM events",
        "TRUNCATE events",
        "UPDATE log_head SET position = 7",
        "DELETE FROM streams",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "UPDATE evidence.tiles SET hashes = hashes",
        "INSERT INTO evidence.checkpoints (size, root) VALUES (1, '')",
        "DELETE FROM evidence.checkpoints",
    ] {
        let error = sqlx::query(statement).execute(&pool).await.expect_err(statement);
        let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
    }
    pool.close().await;
    database.drop().await;
    Ok(())
}
