//! A data key that was deleted seals nothing any more, in whatever way a process appends and whatever it remembers.

use anyhow::Result;
use commands::log::{Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    core::{
        actor::Actor,
        envelope::Metadata,
        ids::{ClusterId, CommandId},
        sealing::{KeyScope, leaf},
    },
    platform::cluster::{ClusterEvent, ClusterState},
};
use sqlx::PgPool;
use std::sync::Arc;
use tests::database::{Database, sealing};
use tokio::sync::Notify;
use uuid::Uuid;

/// Words of a cluster, which are sealed under the key of that cluster.
fn words(cluster: &str, expected: Expected, events: usize) -> Request {
    let id = CommandId(Uuid::now_v7());
    let changed = || ClusterEvent::ClusterStateChanged {
        cluster: ClusterId::from_name(cluster),
        state: ClusterState::Unreachable,
        version: None,
        code: None,
        reason: Some("the words".into()),
        unreadable: Vec::new(),
    };
    let event = |ordinal| NewEvent {
        id: id.event(ordinal),
        event: changed().into(),
        metadata: Metadata::by(Actor::system("test")),
    };
    Request::new(format!("cluster:{cluster}"), expected, (0..events).map(event).collect())
}

/// Events that hold what no key in the table opens.
async fn unopenable(pool: &PgPool) -> Result<usize> {
    let payloads: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT payload FROM events ORDER BY position").fetch_all(pool).await?;
    let known: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM data_keys").fetch_all(pool).await?;
    let is_dead = |payload: &&Vec<u8>| leaf::keys_of(payload).any(|id| !known.contains(&id.0.to_vec()));
    Ok(payloads.iter().filter(is_dead).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_key_seals_nothing_more_in_any_way_of_appending() -> Result<()> {
    let database = Database::create().await?;
    let (pool, owner) = (database.application().await, database.owner().await);
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    // One event, several of one request, and requests of several streams: each has a way of its own.
    let batches = |from: i64| {
        [
            vec![words("one", Expected::Exact(from), 1)],
            vec![words("two", Expected::Any, 2)],
            (0..5).map(|nth| words(&format!("many-{nth}"), Expected::Exact(from), 1)).collect(),
        ]
    };
    for batch in batches(0) {
        for answer in store.append_all(batch).await {
            assert!(matches!(answer, Ok(Appended::Done { .. })), "{answer:?}");
        }
    }
    let scope = KeyScope::of_cluster("one");
    let before = store.keys().name_of(&scope).await?;
    // As another process forgets: this one learns of it within a second, which is too late.
    for batch in batches(1) {
        sqlx::query("TRUNCATE data_keys").execute(&owner).await?;
        let dead = unopenable(&owner).await?;
        for answer in store.append_all(batch).await {
            assert!(matches!(answer, Ok(Appended::Done { .. })), "{answer:?}");
        }
        assert_eq!(unopenable(&owner).await?, dead, "nothing was added that cannot be opened");
    }
    assert_ne!(store.keys().name_of(&scope).await?, before);
    // It holds a connection of the pool as long as it lives.
    drop(store);
    owner.close().await;
    pool.close().await;
    database.drop().await;
    Ok(())
}
