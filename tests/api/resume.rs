//! A subscription is cut and resumed a hundred times under load, in turn at one of two gateways, of which one is killed now
//! and then: nothing missed, nothing doubled.

use crate::mutations::{created, mutate, until_seen};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
};

const CUTS: usize = 100;
/// After so many cuts the second gateway is killed and starts anew.
const KILL: usize = 25;
const AUDIT: &str = "subscription($after: Position) { auditEventRecorded(after: $after) { position } }";

fn position(data: &Value) -> Result<i64> {
    let text = data.pointer("/auditEventRecorded/position").and_then(Value::as_str);
    Ok(text.with_context(|| data.to_string())?.parse()?)
}

/// Requests one scale after the other until `stop` is set. The operations supersede each other.
async fn load(gateway: Arc<Gateway>, id: String, stop: Arc<AtomicBool>) {
    let mut replicas = 0;
    while !stop.load(Ordering::Relaxed) {
        replicas = 1 - replicas;
        let _ = mutate(&gateway, "scaleWorkload", json!({"id": id, "replicas": replicas})).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_and_resumed_a_hundred_times_nothing_is_missed_and_nothing_doubled() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("resume").await?);
    let gateway = Arc::new(Start::on(&database)?.run().await?);
    until_seen(&gateway, &namespace).await;
    let pool = database.owner().await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(created(&gateway, &namespace, name).await?);
    }
    let start: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&pool).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let loads: Vec<_> =
        ids.into_iter().map(|id| tokio::spawn(load(Arc::clone(&gateway), id, Arc::clone(&stop)))).collect();

    let token = gateway.token().await?;
    let mut other = Start::on(&database)?.run().await?;
    let mut seen = Vec::new();
    for cut in 0..CUTS {
        if cut % KILL == KILL - 1 {
            let start = other.start.clone();
            drop(other);
            other = start.run().await?;
        }
        let after = seen.last().copied().unwrap_or(start).to_string();
        let url = if cut % 2 == 0 { &gateway.url } else { &other.url };
        let mut subscription = Subscription::open(url, &token, AUDIT, json!({"after": after})).await?;
        for _ in 0..=(cut * 7) % 11 {
            let data = subscription.next().await?.context("the subscription ended")?;
            seen.push(position(&data)?);
        }
        // Dropped without a goodbye, with messages on the way.
        drop(subscription);
    }
    stop.store(true, Ordering::Relaxed);
    for load in loads {
        load.await?;
    }
    let end: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&pool).await?;
    let after = seen.last().copied().unwrap_or(start).to_string();
    let mut last = Subscription::open(&gateway.url, &token, AUDIT, json!({"after": after})).await?;
    while seen.last().copied().unwrap_or(start) < end {
        seen.push(position(&last.next().await?.context("the subscription ended")?)?);
    }
    let expected: Vec<i64> = (start + 1..=seen.last().copied().unwrap_or(start)).collect();
    let missed = expected.iter().filter(|position| !seen.contains(position)).count();
    let doubled = seen.len() - seen.iter().collect::<std::collections::BTreeSet<_>>().len();
    println!("{CUTS} cuts, {} events: {missed} missed, {doubled} doubled", seen.len());
    assert_eq!(seen, expected);
    drop((gateway, other));
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

const SHARED: &str = "subscription($after: Position, $group: ConsumerGroup) \
    { auditEventRecorded(after: $after, consumerGroup: $group) { position } }";
/// In the words of the contract: the first four bytes of the SHA-256 of the stream, big-endian, modulo the size.
const OF_MEMBER: &str = "SELECT position FROM events \
    WHERE ('x' || left(encode(sha256(convert_to(stream, 'UTF8')), 'hex'), 8))::bit(32)::bigint % 3 = $1 ORDER BY position";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consumers_of_a_group_share_the_feed_and_each_resumes_where_it_was() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("group").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    for name in ["a", "b", "c", "d"] {
        created(&gateway, &namespace, name).await?;
    }
    let (pool, token, mut heard) = (database.owner().await, gateway.token().await?, 0);
    for member in 0..3_i64 {
        let expected: Vec<i64> = sqlx::query_scalar(OF_MEMBER).bind(member).fetch_all(&pool).await?;
        let (mut seen, group) = (Vec::<i64>::new(), json!({"member": member, "size": 3}));
        while seen.len() < expected.len() {
            let after = seen.last().copied().unwrap_or_default().to_string();
            let variables = json!({"after": after, "group": group});
            let mut feed = Subscription::open(&gateway.url, &token, SHARED, variables).await?;
            for _ in 0..(expected.len() - seen.len()).min(7) {
                seen.push(position(&feed.next().await?.context("the subscription ended")?)?);
            }
        }
        assert_eq!(seen, expected, "member {member}");
        heard += seen.len();
    }
    assert!(heard > 30, "{heard} events are none");
    for (member, size) in [(3, 3), (-1, 3), (0, 0), (0, 1025)] {
        let variables = json!({"group": {"member": member, "size": size}});
        let refused = Subscription::open(&gateway.url, &token, SHARED, variables).await?.next().await;
        let words = refused.err().context("there is no such member")?.to_string();
        assert!(words.contains("BAD_INPUT") && words.contains("consumerGroup"), "{words}");
    }
    drop(gateway);
    pool.close().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
