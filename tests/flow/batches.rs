//! One call of `append` with many requests: each is answered for itself, and what is refused leaves no trace.

use chrono::{DateTime, Utc};
use commands::log::{AppendError, Appended, DataKeys, EventStore, Expected, Guard, Keyed, NewEvent, Request, pool};
use domain::{
    core::{
        actor::Actor,
        envelope::Metadata,
        ids::{CommandId, OperationId},
    },
    kubernetes::observed::ObservedEvent,
};
use projections::{engine::feed, evidence::verify::Verifier};
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use tests::{
    database::{Database, sealing},
    fault_proxy::{FaultProxy, Link},
    until,
    write_side::append,
};
use tokio::{sync::Notify, task::JoinHandle};
use uuid::Uuid;

pub fn request(stream: &str, expected: Expected, events: usize) -> Request {
    let id = CommandId(Uuid::now_v7());
    let event = |ordinal| NewEvent {
        id: id.event(ordinal),
        event: ObservedEvent::PodGone { uid: format!("{stream}-{ordinal}") }.into(),
        metadata: Metadata::by(Actor::system("test")),
    };
    let events = (0..events).map(event).collect();
    Request::new(stream.to_owned(), expected, events)
}

fn keyed(request: Request, key: Uuid, body: u8) -> Request {
    let keyed = Keyed { command: CommandId(key), request_hash: vec![body], result: json!({"answer": 42}) };
    Request { keyed: Some(keyed), ..request }
}

/// What one request of a batch is answered, and the events it leaves in the log.
fn outcome(request: &Request, answer: &Appended) -> (&'static str, usize) {
    match answer {
        Appended::Done { .. } => ("done", request.events.len()),
        Appended::Conflict { version } => {
            assert_eq!(*version, 1, "the version it is at");
            ("conflict", 0)
        }
        Appended::Duplicate { result } => {
            assert_eq!((&result["answer"], &result["position"]), (&json!(42), &json!(2)), "the first answer");
            ("duplicate", 0)
        }
        Appended::Mismatch => ("mismatch", 0),
        Appended::Fenced => ("fenced", 0),
        Appended::SessionEnded => ("ended", 0),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_the_refused_ones_stand_the_others_are_appended_whole() -> anyhow::Result<()> {
    let key = Uuid::from_u128(7);
    for turn in 0..8 {
        let database = Database::create().await?;
        let pool = database.application().await;
        let mut connection = pool.acquire().await?;
        let before = [
            request("observed:dev/a/Pod/taken", Expected::Exact(0), 1),
            keyed(request("observed:dev/a/Pod/asked", Expected::Exact(0), 1), key, 1),
        ];
        append(&pool, &mut connection, &before).await?;

        let [goes_on, over] = database.sessions().await?;
        let fenced = Guard { operation: OperationId(Uuid::from_u128(1)), fence: 3 };
        let mut batch = vec![
            request("observed:dev/a/Pod/taken", Expected::Exact(0), 2),
            request("observed:dev/a/Pod/one", Expected::Exact(0), 2),
            keyed(request("observed:dev/a/Pod/again", Expected::Any, 1), key, 1),
            keyed(request("observed:dev/a/Pod/other", Expected::Any, 3), key, 2),
            Request { guard: Some(fenced), ..request("observed:dev/a/Pod/late", Expected::Any, 1) },
            request("observed:dev/a/Pod/two", Expected::Any, 1),
            Request {
                session: Some(over),
                ..keyed(request("observed:dev/a/Pod/gone", Expected::Any, 1), Uuid::from_u128(8), 1)
            },
            Request { session: Some(goes_on), ..request("observed:dev/a/Pod/three", Expected::Any, 1) },
        ];
        let mut expected = vec![
            ("conflict", 0),
            ("done", 2),
            ("duplicate", 0),
            ("mismatch", 0),
            ("fenced", 0),
            ("done", 1),
            ("ended", 0),
            ("done", 1),
        ];
        batch.rotate_left(turn);
        expected.rotate_left(turn);
        let answers = append(&pool, &mut connection, &batch).await?;
        let outcomes: Vec<_> = batch.iter().zip(&answers).map(|(request, answer)| outcome(request, answer)).collect();
        assert_eq!(outcomes, expected, "turned by {turn}");

        let stored = feed::stored(&pool, 0, i64::MAX, 100).await?;
        let mut verifier = Verifier::default();
        verifier.check(&stored).unwrap_or_else(|broken| panic!("turned by {turn}: {broken:?}"));
        let mut at = before.len();
        for (request, answer) in batch.iter().zip(&answers) {
            let Appended::Done { version, position, .. } = answer else { continue };
            for (event, nth) in request.events.iter().zip(1..) {
                let found = &stored[at];
                assert_eq!(
                    (found.id, found.stream.as_str(), found.version),
                    (event.id.0, request.stream.as_str(), nth)
                );
                at += 1;
            }
            assert_eq!((*version, *position), (request.events.len() as i64, at as i64));
        }
        assert_eq!(stored.len(), at, "nothing else is in the log");
        drop(connection);
        pool.close().await;
        database.drop().await;
    }
    Ok(())
}

/// What one request alone would be answered: the new version, or the conflicting one.
fn decided_alone(expected: Expected, version: i64, events: usize) -> Result<i64, i64> {
    let is_met = match expected {
        Expected::Exact(expected) => expected == version,
        Expected::Exists => version > 0,
        Expected::Any => true,
    };
    if is_met { Ok(version + events as i64) } else { Err(version) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_for_one_stream_are_decided_in_order() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    let mut connection = pool.acquire().await?;
    let mut dice = fastrand::Rng::with_seed(7);
    let [goes_on, over] = database.sessions().await?;
    let (mut versions, mut head) = ([0_i64; 4], 0_i64);
    for turn in 0..200 {
        let batch: Vec<(usize, Request)> = (0..dice.usize(1..9))
            .map(|_| {
                let stream = dice.usize(..versions.len());
                let near = (versions[stream] + dice.i64(-1..4)).max(0);
                let expected = [Expected::Exact(near), Expected::Exists, Expected::Any][dice.usize(..3)];
                let request = request(&format!("observed:dev/a/Pod/shared-{stream}"), expected, dice.usize(1..4));
                (stream, Request { session: [None, Some(goes_on), Some(over)][dice.usize(..3)], ..request })
            })
            .collect();
        let requests: Vec<Request> = batch.iter().map(|(_, request)| request.clone()).collect();
        let answers = append(&pool, &mut connection, &requests).await?;
        for ((stream, request), answer) in batch.iter().zip(answers) {
            if request.session == Some(over) {
                assert!(matches!(answer, Appended::SessionEnded), "turn {turn}: {answer:?}");
                continue;
            }
            let alone = decided_alone(request.expected, versions[*stream], request.events.len());
            let found = match answer {
                Appended::Done { version, position, .. } => {
                    head += request.events.len() as i64;
                    assert_eq!(position, head, "turn {turn}");
                    Ok(version)
                }
                Appended::Conflict { version } => Err(version),
                other => panic!("turn {turn}: {other:?}"),
            };
            assert_eq!(found, alone, "turn {turn}, {:?} of stream {stream}", request.expected);
            versions[*stream] = alone.unwrap_or(versions[*stream]);
        }
    }
    let stored = feed::stored(&pool, 0, i64::MAX, 10_000).await?;
    assert_eq!(stored.len() as i64, head);
    Verifier::default().check(&stored).unwrap_or_else(|broken| panic!("{broken:?}"));
    drop(connection);
    pool.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_goes_on_in_the_next_partition() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (pool, owner) = (database.application().await, database.owner().await);
    sqlx::raw_sql("DROP TABLE events_from_1; UPDATE log_head SET room = 0, partition_size = 16")
        .execute(&owner)
        .await?;
    let room = || sqlx::query_scalar::<_, i64>("SELECT room - position FROM log_head").fetch_one(&pool);
    let mut connection = pool.acquire().await?;
    for turn in 0..40_i64 {
        if turn % 2 == 0 {
            // Ahead of need, with the rights of the application.
            sqlx::query("SELECT make_room()").execute(&pool).await?;
            assert!(room().await? >= 8, "turn {turn}");
        }
        // Up to two partitions at once: a batch that finds no room makes it.
        let events = 1 + (turn as usize * 7) % 33;
        let answers =
            append(&pool, &mut connection, &[request("observed:dev/a/Pod/long", Expected::Any, events)]).await?;
        assert!(matches!(answers[..], [Appended::Done { .. }]), "turn {turn}: {answers:?}");
        assert!(room().await? >= 0);
    }
    let stored = feed::stored(&pool, 0, i64::MAX, 10_000).await?;
    Verifier::default().check(&stored).unwrap_or_else(|broken| panic!("{broken:?}"));
    let keys = DataKeys::new(pool.clone(), sealing());
    let loaded = commands::log::load::stream_after(&pool, &keys, "observed:dev/a/Pod/long", 0).await?;
    assert_eq!(loaded.len(), stored.len(), "a stream is read across partitions");
    let partitions =
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass");
    assert!(partitions.fetch_one(&pool).await? >= stored.len() as i64 / 16);
    drop(connection);
    pool.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_that_commits_late_is_waited_for_and_never_passed_over() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (pool, owner) = (database.application().await, database.owner().await);
    let mut head = 0;
    for is_committed in [true, false, true] {
        let (early, late) = (
            request("observed:dev/a/Pod/early", Expected::Any, 2),
            request("observed:dev/a/Pod/late", Expected::Any, 1),
        );
        let mut held = pool.begin().await?;
        append(&pool, &mut held, std::slice::from_ref(&early)).await?;
        let following = tokio::spawn({
            let (pool, late) = (pool.clone(), late.clone());
            async move { append(&pool, &mut *pool.acquire().await?, &[late]).await }
        });
        until("the next append waits", || async {
            let query =
                "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            sqlx::query_scalar::<_, bool>(query).fetch_optional(&owner).await.ok()?
        })
        .await;
        assert_eq!(feed::stored(&pool, head, i64::MAX, 10).await?.len(), 0, "who reads now sees neither");
        if is_committed {
            held.commit().await?;
        } else {
            held.rollback().await?;
        }
        let [Appended::Done { position, .. }] = following.await??[..] else { panic!("it was not appended") };
        let ids: Vec<Uuid> = feed::stored(&pool, head, i64::MAX, 10).await?.iter().map(|event| event.id).collect();
        let before = if is_committed { &early.events[..] } else { &[] };
        let expected: Vec<Uuid> = before.iter().chain(&late.events).map(|event| event.id.0).collect();
        assert_eq!(ids, expected, "in the order of the commits");
        head += expected.len() as i64;
        assert_eq!(position, head, "no position is burnt");
    }
    pool.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

/// A store whose connections can be cut.
async fn by_a_link(database: &Database) -> anyhow::Result<(FaultProxy, EventStore)> {
    let proxy = FaultProxy::open(database.server()).await?;
    let options: PgConnectOptions = database.application_url_by(proxy.address.port()).parse()?;
    let pool = pool::options().max_connections(4).connect_lazy_with(options);
    Ok((proxy, EventStore::new(pool, sealing(), Arc::new(|_| {}), Arc::new(Notify::new()))))
}

fn appending(store: &EventStore, asked: &Request) -> JoinHandle<Result<Appended, AppendError>> {
    let (store, asked) = (store.clone(), asked.clone());
    tokio::spawn(async move { store.append(asked).await })
}

/// The events that stand in the log under the ids of a request.
async fn found(pool: &sqlx::PgPool, request: &Request) -> anyhow::Result<Vec<i64>> {
    let ids: Vec<Uuid> = request.events.iter().map(|event| event.id.0).collect();
    let found = sqlx::query_scalar("SELECT position FROM events WHERE id = ANY ($1) ORDER BY position");
    Ok(found.bind(ids).fetch_all(pool).await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_during_the_commit_is_settled_by_looking() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let direct = database.application().await;
    let (proxy, store) = by_a_link(&database).await?;
    for turn in 0..10 {
        // Like the next one, whose statement is prepared by then: to prepare it needs an answer.
        store.append(request("observed:dev/a/Pod/before", Expected::Any, 2)).await?;
        // The append arrives and is committed, its answer does not come back.
        let asked = request(&format!("observed:dev/a/Pod/lost-{turn}"), Expected::Any, 2);
        proxy.set(Link::Deaf);
        let appending = appending(&store, &asked);
        let committed = until("it is committed", || async {
            found(&direct, &asked).await.ok().filter(|positions| !positions.is_empty())
        })
        .await;
        proxy.break_once();
        let Appended::Done { position, .. } = appending.await?? else { panic!("it was appended") };
        assert_eq!(found(&direct, &asked).await?, committed, "once");
        assert_eq!(Some(&position), committed.last(), "the answer is the true one");
    }
    direct.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_into_the_log_after_it_was_looked_for_is_found_all_the_same() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (direct, owner) = (database.application().await, database.owner().await);
    let (proxy, store) = by_a_link(&database).await?;
    let waiting = async |count: i64| {
        until("appends wait", || async {
            let query = "SELECT count(*) FROM pg_stat_activity \
                         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'append(_one|_many)?[(]'";
            let found = sqlx::query_scalar::<_, i64>(query).fetch_one(&owner).await.ok()?;
            (found >= count).then_some(())
        })
        .await;
    };
    for turn in 0..5 {
        // The first one waits for the head when its connection is lost, and is not in the log when the store looks for it. With
        // a key the store does not look: a retry gets the result of the key.
        let mut held = owner.begin().await?;
        sqlx::query("SELECT FROM log_head FOR UPDATE").execute(&mut *held).await?;
        let asked = request(&format!("observed:dev/a/Pod/slow-{turn}"), Expected::Exact(0), 2);
        let is_keyed = turn % 2 == 1;
        let asked = if is_keyed { keyed(asked, Uuid::now_v7(), 1) } else { asked };
        let appending = appending(&store, &asked);
        waiting(1).await;
        proxy.break_once();
        waiting(2).await;
        held.rollback().await?;
        let (answer, stand) = (appending.await??, found(&direct, &asked).await?);
        let position = match answer {
            Appended::Done { version: 2, position, .. } if !is_keyed => Some(position),
            Appended::Duplicate { ref result } if is_keyed => result["position"].as_i64(),
            ref other => panic!("it was appended, not {other:?}"),
        };
        assert_eq!((stand.len(), position), (2, stand.last().copied()), "once, and that was the answer");
    }
    direct.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_lost_connection_an_old_request_is_not_the_new_one() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (direct, owner) = (database.application().await, database.owner().await);
    let (proxy, store) = by_a_link(&database).await?;
    // The ids of the events are those of the key.
    let key = Uuid::now_v7();
    let before = keyed(request("observed:dev/a/Pod/asked", Expected::Exact(0), 1), key, 1);
    assert!(matches!(store.append(before.clone()).await?, Appended::Done { .. }));
    let other = keyed(Request { expected: Expected::Exact(1), ..before.clone() }, key, 2);
    let lost = async |asked: Request| {
        let now: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&owner).await?;
        proxy.set(Link::Deaf);
        let appending = appending(&store, &asked);
        until("it was answered", || async {
            let query = "SELECT true FROM pg_stat_activity \
                         WHERE datname = current_database() AND query ~ 'append(_one|_many)?[(]' AND state = 'idle' AND state_change > $1";
            sqlx::query_scalar::<_, bool>(query).bind(now).fetch_optional(&owner).await.ok()?
        })
        .await;
        proxy.break_once();
        anyhow::Ok(appending.await??)
    };
    assert!(matches!(lost(other).await?, Appended::Mismatch));

    // Whatever the version: nobody could tell a second one from the first.
    let anything = request("observed:dev/a/Pod/other", Expected::Any, 1);
    assert!(matches!(lost(anything.clone()).await?, Appended::Done { .. }), "it is found");
    assert_eq!(found(&direct, &anything).await?.len(), 1);
    direct.close().await;
    owner.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_connection_in_the_pool_fails_no_caller() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let (pool, owner) = (database.application().await, database.owner().await);
    let store = EventStore::new(pool.clone(), sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    for turn in 1..=5 {
        // Several lie in the pool, and none for long enough to be asked whether it lives.
        let used = futures::future::try_join_all((0..3).map(|_| pool.acquire())).await?;
        drop(used);
        until("they lie in the pool", || async { (pool.num_idle() >= 2).then_some(()) }).await;
        let ended = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let ended: i64 = sqlx::query_scalar(ended).fetch_one(&owner).await?;
        assert!(ended >= 3, "{ended}");
        let (appended, last) = tokio::join!(
            store.append(request("observed:dev/a/Pod/one", Expected::Exact(turn - 1), 1)),
            store.last_of("observed:dev/a/Pod/none".to_owned())
        );
        assert!(matches!(appended?, Appended::Done { version, .. } if version == turn), "appended, and once");
        assert!(last?.is_none());
    }
    owner.close().await;
    database.drop().await;
    Ok(())
}
