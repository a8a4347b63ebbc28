//! What people open and what is refused to them is in the log: the first at once, repetitions as one event with their count.

use anyhow::Result;
use commands::{Error, Origin, log::DataKeys};
use domain::{
    access::Action,
    core::{
        decider::Decider,
        event::Event,
        ids::{SessionId, UserId},
        refusal::ErrorCode,
    },
    platform::{
        access_log::{AccessEvent, AccessLog, Person, SignInRefusal},
        cluster::{Cluster, ClusterCommand, Environment},
    },
};
use sqlx::PgPool;
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use tests::{
    database::{Database, TESTER, sealing},
    write_side::{Running, answered, cluster_id, in_memory, in_session, origin},
};

const ONCE: NonZeroU32 = NonZeroU32::MIN;
const PERSON: Person = Person::User(UserId(TESTER));

fn opened(pod: &str) -> AccessEvent {
    AccessEvent::LogOpened { object: format!("Pod~dev~team~{pod}"), container: None, count: ONCE }
}

fn refused(name_hash: Option<String>) -> AccessEvent {
    let source = Some("192.0.2.1".into());
    AccessEvent::SignInRefused { reason: SignInRefusal::BadCredentials, name_hash, source, count: ONCE }
}

fn times(event: &AccessEvent, count: u32) -> AccessEvent {
    event.clone().times(NonZeroU32::new(count).expect("not zero"))
}

/// What the log has of a person, in order.
async fn recorded(pool: &PgPool, person: Person) -> Result<Vec<AccessEvent>> {
    let keys = DataKeys::new(pool.clone(), sealing());
    let events = commands::log::load::stream_after(pool, &keys, &AccessLog::stream(&person), 0).await?;
    let of_access = |event| if let Event::Access(event) = event { Some(event) } else { None };
    Ok(events.into_iter().filter_map(|recorded| of_access(recorded.event)).collect())
}

/// The write side, and connections that go on after its end.
async fn begin() -> Result<(Database, Running, PgPool)> {
    let database = Database::create().await?;
    let running = in_memory(&database, Arc::default(), Duration::from_secs(60)).await;
    let pool = database.application().await;
    Ok((database, running, pool))
}

async fn end(database: Database, pool: PgPool) {
    pool.close().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repetition_is_counted_and_another_object_is_not() -> Result<()> {
    let (database, running, pool) = begin().await?;
    let (one, other) = (opened("web-1"), opened("web-2"));
    let open = |event: &AccessEvent| running.dispatcher.record_access(origin(), PERSON, event.clone());
    let at_once = futures::future::join_all((0..20).map(|_| open(&one))).await;
    assert!(at_once.iter().all(Result::is_ok), "{at_once:?}");
    open(&other).await?;
    assert_eq!(recorded(&pool, PERSON).await?, [one.clone(), other.clone()]);

    running.stop().await;
    assert_eq!(
        recorded(&pool, PERSON).await?,
        [one.clone(), other, times(&one, 19)],
        "a stop records what was counted"
    );
    end(database, pool).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_opens_nothing() -> Result<()> {
    let (database, running, pool) = begin().await?;
    let [goes_on, over] = database.sessions().await?;
    let open = |session: SessionId| running.dispatcher.record_access(in_session(session), PERSON, opened("web-1"));
    let answer = open(over).await;
    assert!(matches!(answer, Err(Error::SessionEnded)), "{answer:?}");
    open(goes_on).await?;
    running.stop().await;
    assert_eq!(recorded(&pool, PERSON).await?, [opened("web-1")], "what was refused is not counted");
    end(database, pool).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_recorded_is_an_error_and_is_not_counted() -> Result<()> {
    let (database, running, pool) = begin().await?;
    let owner = database.owner().await;
    let mut held = owner.begin().await?;
    sqlx::query("SELECT FROM log_head FOR UPDATE").execute(&mut *held).await?;
    let answer = running.dispatcher.record_access(origin(), PERSON, opened("web-1")).await;
    assert!(matches!(answer, Err(Error::Unavailable { .. })), "{answer:?}");
    held.rollback().await?;
    owner.close().await;
    // The one that was given up may have been appended late.
    running.dispatcher.record_access(origin(), PERSON, opened("web-1")).await?;
    running.stop().await;
    let found = recorded(&pool, PERSON).await?;
    assert!(found.len() <= 2 && found.iter().all(|event| event.count() == ONCE), "{found:?}");
    end(database, pool).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_without_the_right_is_refused_and_recorded() -> Result<()> {
    let (database, running, pool) = begin().await?;
    let cluster = cluster_id();
    let register = ClusterCommand::Register {
        cluster: cluster.clone(),
        name: "dev".to_owned(),
        environment: Environment::default(),
    };
    let answer = running.dispatcher.command::<Cluster>(origin(), &cluster, register.clone()).await;
    assert!(matches!(&answer, Err(Error::Refused(refusal)) if refusal.code == ErrorCode::Forbidden), "{answer:?}");
    let (stream, code) = ("cluster:dev".to_owned(), ErrorCode::Forbidden);
    let refused = AccessEvent::CommandRefused { action: Action::Observe, stream, code, count: ONCE };
    assert_eq!(recorded(&pool, PERSON).await?, [refused]);
    let watcher = || Origin::system("watcher");
    answered(async || running.dispatcher.command::<Cluster>(watcher(), &cluster, register.clone()).await).await?;
    assert_eq!(recorded(&pool, PERSON).await?.len(), 1, "what is allowed is no refusal");
    running.stop().await;
    end(database, pool).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_unknown_names_become_few_events_and_all_count() -> Result<()> {
    const NAMES: u32 = 500;
    let (database, running, pool) = begin().await?;
    let gateway = || Origin::system("gateway");
    let refuse = |nth| running.dispatcher.record_access(gateway(), Person::Unknown, refused(Some(format!("{nth:x}"))));
    let answers = futures::future::join_all((0..NAMES).map(refuse)).await;
    // A busy machine may answer one too late to say whether it was recorded: that one may be counted, all others are.
    let is_recorded = |answer: &Result<(), Error>| match answer {
        Ok(()) => true,
        Err(Error::Unavailable { .. }) => false,
        Err(error) => panic!("{error}"),
    };
    let at_least = u32::try_from(answers.iter().filter(|answer| is_recorded(answer)).count())?;
    // Nor does it take longer to refuse a user, whom the flood is to hide.
    running.dispatcher.record_access(gateway(), PERSON, refused(None)).await?;
    running.stop().await;
    let found = recorded(&pool, Person::Unknown).await?;
    assert!(found.len() < 100, "{} events", found.len());
    let counted = found.iter().map(|event| event.count().get()).sum::<u32>();
    assert!((at_least..=NAMES).contains(&counted), "{counted} of {at_least} to {NAMES}");
    assert!(at_least > NAMES / 2, "{at_least}");
    assert_eq!(recorded(&pool, PERSON).await?.len(), 1, "a user stays a stream of its own");
    end(database, pool).await;
    Ok(())
}
