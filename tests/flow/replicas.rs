//! Two processes on one log, and callers that go away: no state kept in memory hides what the log says.

use commands::kubernetes::fake::MemoryCluster;
use domain::{
    core::message::Code,
    operation::{Intent, OperationEvent, OperationState},
};
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    write_side::{deployment, in_memory, origin},
};

const TIMEOUT: Duration = Duration::from_secs(60);

fn create() -> Intent {
    Intent::CreateWorkload { manifest: serde_json::from_str(&manifest("team", "web", 2)).expect("a manifest") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_both_know_an_object_end_every_operation_on_it() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let one = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let two = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let target = deployment("team", "web");
    let mut effects = 0;
    for turn in 0..12 {
        // Without a watch nothing is seen, so each turn is a create whose object the test takes away afterwards.
        let process = if turn % 2 == 0 { &one } else { &two };
        let receipt = process.request(&target, create()).await?;
        one.until_state(&target, &receipt, OperationState::Succeeded).await;
        effects += 1;
        assert_eq!(cluster.changes().len(), effects, "one effect each");
        cluster.forget(&target);
    }
    one.stop().await;
    two.stop().await;
    database.drop().await;
    Ok(())
}

/// The one effect that is claimed, at this attempt, is claimed by somebody else until then.
async fn claimed_by_another(pool: &sqlx::PgPool, seconds: i32) -> anyhow::Result<u64> {
    let query = "UPDATE effects SET fence = nextval('effect_fence'), lease_owner = 'another', \
        lease_until = clock_timestamp() + make_interval(secs => $1) WHERE stage = 'scale' AND attempts = 1 AND lease_until IS NOT NULL";
    Ok(sqlx::query(query).bind(seconds).execute(pool).await?.rows_affected())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_slept_past_its_lease_calls_nothing() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let owner = database.owner().await;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let target = deployment("team", "web");
    let looks = cluster.hold_looks();
    running.request(&target, create()).await?;
    let scale = Intent::ScaleWorkload { replicas: 5 };
    let receipt = running.request(&target, scale).await?;
    // The looks of the dry run and of the create. The scale is claimed then, and sleeps before its own.
    looks.add_permits(2);
    tests::until("another one has claimed the scale", || async {
        (claimed_by_another(&owner, 60).await.ok()? == 1).then_some(())
    })
    .await;
    looks.add_permits(1000);
    // The other one has died without a word: who claims now finds nothing done.
    claimed_by_another(&owner, -1).await?;
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    let events = running.events(&target).await;
    let found = |event: &OperationEvent| matches!(event, OperationEvent::OperationStageSucceeded { message: Some(message), .. } if message.is(Code::EffectFound));
    assert!(!events.iter().any(found), "the one that slept has called: {events:?}");
    assert_eq!(cluster.changes().len(), 2, "one effect each");
    running.stop().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_no_operation_behind() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    for nth in 0..40_u64 {
        let name = format!("web-{nth}");
        let target = deployment("team", &name);
        let asked = running.dispatcher.request(origin(), target.clone(), create(), None);
        // Gone at another moment each time, some before and some after the append.
        let _ = tokio::time::timeout(Duration::from_micros(nth * 250), asked).await;
        tests::until("whatever was taken in has ended", || async {
            let events = running.events(&target).await;
            let ended = events.iter().filter(|event| event.is_terminal()).count();
            (events.is_empty() || ended == 1).then_some(())
        })
        .await;
    }
    running.stop().await;
    database.drop().await;
    Ok(())
}
