//! Events by who caused them, and by their operation.

use crate::log::{Log, manifest, object, requested};
use domain::{
    access::Scope,
    core::ids::OperationId,
    kubernetes::resource::Resource,
    operation::{CancelledBy, OperationEvent, OperationState},
};
use projections::{
    Window,
    models::{
        audit::{self, CausedBy, Filter},
        workloads,
    },
};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrations = "../migrations")]
async fn events_are_found_by_who_caused_them_and_by_their_operation(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let id = log.workload("shop", "web", json!({})).await;
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    let changed = log.append(&web.observed_stream(), manifest("u-1", 2, json!({"tier": "front"}))).await;
    let (first, second) = (OperationId(Uuid::from_u128(1)), OperationId(Uuid::from_u128(2)));
    let target = web.target_stream();
    log.append(&target, requested(1, 3)).await;
    log.append(&target, OperationEvent::OperationStarted { operation: first, deadline: chrono::DateTime::UNIX_EPOCH })
        .await;
    log.append(&target, requested(2, 4)).await;
    let cancelled = OperationEvent::OperationCancelled { operation: second, by: CancelledBy::User };
    let last = log.append(&target, cancelled).await;
    log.projected(last).await;
    let (pool, all) = (log.read.pool(), Scope::everything());

    let by = |by| Filter { by: Some(by), ..Filter::default() };
    let (scale, other) = (vec!["ScaleWorkload".to_owned()], vec!["StopWorkload".to_owned()]);
    let ended = vec![OperationState::Cancelled, OperationState::Failed];
    for (filter, expected) in [
        (by(CausedBy::People), 3),
        (by(CausedBy::Observed), 2),
        (Filter { by: Some(CausedBy::Services), operation: Some(first.0), ..Filter::default() }, 1),
        (Filter { verbs: scale.clone(), ..Filter::default() }, 4),
        (Filter { verbs: scale.clone(), ..by(CausedBy::Services) }, 1),
        (Filter { verbs: other, ..Filter::default() }, 0),
        (Filter { states: ended.clone(), ..Filter::default() }, 2),
        (Filter { states: vec![OperationState::Running], verbs: scale, ..by(CausedBy::People) }, 1),
    ] {
        let page = audit::page(pool, &all, &filter, &Window::first(50)).await.unwrap();
        let count = audit::count(pool, &all, &filter).await.unwrap();
        assert_eq!((page.rows.len(), count), (expected, Some(expected as i64)), "{filter:?}");
    }

    let keys = [(id.clone(), changed), (id, last), ("Deployment~dev~shop~none".to_owned(), changed)];
    let revisions = workloads::revisions_at(pool, &all, &keys).await.unwrap();
    assert_eq!(revisions.iter().map(|revision| revision.position).collect::<Vec<_>>(), [changed]);
    let paths: Vec<&str> = revisions[0].changes.iter().map(|change| change.path.as_str()).collect();
    assert!(paths.iter().any(|path| path.contains("labels")), "{paths:?}");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_is_found_by_its_sentence_and_its_reason(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let target = object(Resource::DEPLOYMENT, "shop", "web").target_stream();
    let reason = Some("more Guests are awaited, 100% of last year");
    let why = log.append_because(&target, vec![requested(1, 3).into()], reason).await;
    let other = log.append(&target, requested(2, 4)).await;
    log.projected(other).await;
    let (pool, all) = (log.read.pool(), Scope::everything());

    for (search, expected) in [
        ("more guests", vec![why]),
        (" AWAITED, 100% ", vec![why]),
        // What means something in a pattern means nothing in a search.
        ("more_guests", vec![]),
        ("100% last", vec![]),
        ("shop/web", vec![other, why]),
        ("  ", vec![other, why]),
        ("fewer guests", vec![]),
    ] {
        let filter = Filter { search: Some(search.to_owned()), by: Some(CausedBy::People), ..Filter::default() };
        let page = audit::page(pool, &all, &filter, &Window::first(50)).await.unwrap();
        let found: Vec<i64> = page.rows.iter().map(|event| event.position).collect();
        let matching = page.rows.iter().filter(|event| filter.matches(&all, event)).count();
        let count = audit::count(pool, &all, &filter).await.unwrap();
        assert_eq!((&found, matching, count), (&expected, expected.len(), Some(expected.len() as i64)), "{search}");
    }
    running.stop().await;
    log.read.close().await;
}
