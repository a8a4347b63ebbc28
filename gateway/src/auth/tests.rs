use super::*;
use crate::config::{Accounts, Secret};
use commands::{Clusters, Settings, WriteSide};
use futures::future::BoxFuture;
use sign_in::From;
use sqlx::postgres::PgPoolOptions;
use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll};
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery staple";
/// How often a busy machine is asked, and after what time: a minute in all, and what it takes to answer.
const TRIES: usize = 600;
const AGAIN: Duration = Duration::from_millis(100);
const LIFETIMES: Lifetimes = Lifetimes { access_token: Duration::from_secs(600), session: Duration::from_secs(3600) };

fn sealing(byte: u8) -> SealingKeys {
    SealingKeys::parse(&format!("key-{byte} {}", hex::encode([byte; 32]))).expect("a key")
}

/// Sign-in on a pool of its own, with the account `admin`.
async fn open(pool: &PgPool, connections: u32) -> Auth {
    let options = (*pool.connect_options()).clone();
    let pool = PgPoolOptions::new().max_connections(connections).connect_lazy_with(options);
    let settings = Settings {
        pool: pool.clone(),
        sealing: Arc::new(sealing(0)),
        owner: "test".to_owned(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(60),
        kubernetes_events_days: 30,
        on_appended: Arc::new(|_| {}),
    };
    let write_side = WriteSide::with_clusters(settings, Clusters::new(Vec::new()));
    let auth = Auth::open(pool, write_side.dispatcher(), Arc::new(sealing(0)), LIFETIMES).await.expect("sign-in");
    let accounts = Accounts {
        admin_username: "admin".to_owned(),
        admin_password: Some(PASSWORD.parse::<Secret>().expect("a secret")),
        access_token_ttl: LIFETIMES.access_token,
        session_ttl: LIFETIMES.session,
    };
    auth.ensure_administrator(&accounts).await.expect("an administrator");
    auth
}

/// The administrator signs in, again as long as a busy machine says so: that is what a client does.
async fn signed_in(auth: &Auth, from: &From) -> sign_in::Session {
    answered(auth, "admin", PASSWORD, from).await.expect("let in")
}

/// The answer to a sign-in that is tried again as long as a busy machine says so.
async fn answered(auth: &Auth, name: &str, password: &str, from: &From) -> Result<sign_in::Session, sign_in::Refusal> {
    for _ in 0..TRIES {
        match auth.sign_in(name, password.to_owned(), from).await {
            Err(error) if is_busy(&error) => tokio::time::sleep(AGAIN).await,
            answer => return answer.expect("asked"),
        }
    }
    panic!("{name} is not answered")
}

const fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Busy | Error::Command(commands::Error::Unavailable { .. }))
}

/// Polls `work` so many times at most, then drops it: whether it came to its end.
async fn polled(work: impl Future, times: usize) -> bool {
    let (mut work, mut left) = (pin!(work), times);
    poll_fn(|context| {
        if left > 0 && work.as_mut().poll(context).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        if left == 0 { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}

/// Drops what `work` makes at each of its await points. Where an answer is there at once there is nothing to wait for, so not
/// every round stops at every point.
async fn dropped_at_each_point<'a>(auth: &Auth, what: &str, work: impl Fn() -> BoxFuture<'a, ()>) {
    for _ in 0..10 {
        let mut times = 0;
        while !polled(work(), times).await {
            let outside = sqlx::query("SAVEPOINT probe").execute(&auth.pool).await.err();
            let code = outside.as_ref().and_then(|error| error.as_database_error()?.code());
            assert_eq!(code.as_deref(), Some("25P01"), "{what}: inside a transaction after {times} polls");
            times += 1;
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_client_that_hangs_up_leaves_no_open_transaction(pool: PgPool) {
    // The store keeps one connection, the other one is had by all who come and go.
    let (auth, from) = (&open(&pool, 2).await, &From::default());
    dropped_at_each_point(auth, "an attempt", || {
        Box::pin(async { drop(attempts::begin(&auth.pool, "somebody", "elsewhere").await.expect("counted")) })
    })
    .await;
    let session = signed_in(auth, from).await;
    let cookie = &session.refresh.to_cookie();
    dropped_at_each_point(auth, "a renewal", || {
        Box::pin(async { drop(auth.renew(Some(cookie), from).await.expect("asked")) })
    })
    .await;
    dropped_at_each_point(auth, "a transaction", || {
        Box::pin(async { drop(projections::engine::transaction::begin(&auth.pool, "BEGIN").await.expect("begun")) })
    })
    .await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_client_that_hangs_up_leaves_no_session_half_made(pool: PgPool) {
    let (auth, from) = (&open(&pool, 4).await, &From::default());
    let mut times = 0;
    while !polled(auth.sign_in("admin", PASSWORD.to_owned(), from), times).await {
        times += 1;
    }
    let sessions = async |query: &'static str| -> BTreeSet<Uuid> {
        sqlx::query_scalar(query).fetch_all(&pool).await.expect("sessions").into_iter().collect()
    };
    let same = async {
        let in_log = "SELECT (convert_from(payload, 'UTF8')::jsonb ->> 'session')::uuid FROM events \
                      WHERE type = 'SessionStarted'";
        while sessions(in_log).await != sessions("SELECT id FROM auth.sessions").await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), same).await.expect("each session is in the log, and none besides");
}

#[sqlx::test(migrations = "../migrations")]
async fn guesses_are_recorded_and_so_is_when_they_are_too_many(pool: PgPool) {
    let (auth, from) = (open(&pool, 4).await, From { source: "192.0.2.7".to_owned(), request: "r".to_owned() });
    for username in ["admin", "a name that is a password"] {
        while answered(&auth, username, "guessed", &from).await.err() != Some(sign_in::Refusal::TooManyAttempts) {}
    }
    let mut recorded: Vec<(String, String)> = sqlx::query_as(
        "SELECT regexp_replace(stream, '[0-9a-f-]{36}', 'user'), convert_from(payload, 'UTF8')::jsonb ->> 'reason'
         FROM events WHERE type = 'SignInRefused' ORDER BY position",
    )
    .fetch_all(&pool)
    .await
    .expect("events");
    // Guesses that take more than a minute are more events.
    recorded.dedup();
    let of = |stream: &str, reason: &str| (stream.to_owned(), reason.to_owned());
    let expected = ["access:user", "access:unknown"]
        .map(|stream| [of(stream, "BAD_CREDENTIALS"), of(stream, "TOO_MANY_ATTEMPTS")])
        .concat();
    assert_eq!(recorded, expected, "the first of each at once, and each person has a stream");
    let kept: bool = sqlx::query_scalar(
        "SELECT bool_or(concat(convert_from(payload, 'UTF8'), convert_from(metadata, 'UTF8')) LIKE '%a name that%')
         FROM events",
    )
    .fetch_one(&pool)
    .await
    .expect("events");
    assert!(!kept, "the name is kept");
}

/// Failures that were counted, and refusals in the log.
async fn work_of_refusals(pool: &PgPool) -> [i64; 2] {
    let query = |query| sqlx::query_scalar(query).fetch_one(pool);
    let failures = query("SELECT coalesce(sum(failures), 0) FROM auth.sign_in_attempts").await.expect("counts");
    [failures, query("SELECT count(*) FROM events WHERE type = 'SignInRefused'").await.expect("events")]
}

#[sqlx::test(migrations = "../migrations")]
async fn an_unknown_name_is_as_much_work_as_a_known_one(pool: PgPool) {
    let (auth, home) = (open(&pool, 4).await, From { source: "192.0.2.7".to_owned(), request: "r".to_owned() });
    let elsewhere = From { source: "192.0.2.8".to_owned(), ..home.clone() };
    signed_in(&auth, &home).await;
    for from in [home, elsewhere] {
        let mut work = Vec::new();
        for username in ["admin", "nobody"] {
            for _ in 0..2 {
                // A try that a busy machine gave up is counted too.
                let mut tries = 0..TRIES;
                let (before, answer) = loop {
                    tries.next().expect("an answer");
                    let before = work_of_refusals(&pool).await;
                    match auth.sign_in(username, "guessed".to_owned(), &from).await {
                        Err(error) if is_busy(&error) => tokio::time::sleep(AGAIN).await,
                        answer => break (before, answer.expect("asked")),
                    }
                };
                assert_eq!(answer.err(), Some(sign_in::Refusal::BadCredentials));
                let after = work_of_refusals(&pool).await;
                work.push([after[0] - before[0], after[1] - before[1]]);
            }
        }
        assert_eq!(work, [[2, 1], [2, 0], [2, 1], [2, 0]], "of {}", from.source);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_for_a_session_that_never_was_is_refused(pool: PgPool) {
    let (auth, from) = (open(&pool, 4).await, From::default());
    auth.refresh_revocations().await.expect("known");
    let session = signed_in(&auth, &from).await;
    assert_eq!(auth.viewer(&session.access.token).await.ok(), Some(session.viewer.clone()));
    let ten_years = Duration::from_secs(315_360_000);
    let (nobody, nowhere) = (UserId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
    let never_was = Viewer { session: nowhere, ..session.viewer.clone() };
    let of_another = Viewer { user: nobody, ..session.viewer.clone() };
    for forged in [never_was, of_another] {
        // By whoever has got hold of the signing key.
        let token = token::issue(&auth.keys(), &forged, ten_years).expect("signed").token;
        for _ in 0..2 {
            assert!(matches!(auth.viewer(&token).await, Err(Error::Unauthenticated)), "{forged:?}");
        }
    }
    sqlx::query("UPDATE auth.sessions SET expires_at = now()").execute(&pool).await.expect("over");
    let elsewhere = Auth { presence: Arc::default(), ..auth.clone() };
    assert!(matches!(elsewhere.viewer(&session.access.token).await, Err(Error::Unauthenticated)), "its time is over");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_alone_signs_no_token_and_knows_no_password(pool: PgPool) {
    let (auth, from) = (open(&pool, 4).await, From::default());
    let signing: Vec<u8> =
        sqlx::query_scalar("SELECT sealed_key FROM auth.signing_keys").fetch_one(&pool).await.expect("a key");
    let hash: Vec<u8> =
        sqlx::query_scalar("SELECT sealed_hash FROM auth.credentials").fetch_one(&pool).await.expect("a hash");
    let holds = |sealed: &[u8], word: &[u8]| sealed.windows(word.len()).any(|window| window == word);
    assert!(!holds(&hash, b"argon2id") && !holds(&signing, &[0x30, 0x2e, 0x02, 0x01, 0x00]));
    let wrong = Keys::open(&pool, &sealing(1)).await;
    assert!(matches!(wrong, Err(Error::Sealed { what: "signing key", .. })), "a wrong key stops the start");

    // The hash of a password that somebody knows, in place of another one.
    let account = "INSERT INTO auth.credentials (user_id, username, sealed_hash)
                   SELECT gen_random_uuid(), 'bob', sealed_hash FROM auth.credentials";
    sqlx::query(account).execute(&pool).await.expect("copied");
    let asked = auth.sign_in("bob", PASSWORD.to_owned(), &from).await;
    assert!(matches!(asked, Err(Error::Sealed { what: "hash of a password", .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_sealing_key_in_front_is_taken_over(pool: PgPool) {
    let (auth, from) = (open(&pool, 4).await, From::default());
    let both = format!("key-1 {}\nkey-0 {}", hex::encode([1; 32]), hex::encode([0; 32]));
    let both = Arc::new(SealingKeys::parse(&both).expect("keys"));
    let (old, new) = (&auth.keys(), Keys::open(&pool, &both).await.expect("opened"));
    assert_ne!(old.kid, new.kid, "what signs now is sealed by the new key");
    let viewer = signed_in(&auth, &from).await.viewer;
    let token = token::issue(old, &viewer, LIFETIMES.access_token).expect("signed").token;
    assert!(token::verify(&new, &token, LIFETIMES.access_token).is_some(), "what was signed before is still taken");

    let auth = Auth { sealing: Arc::clone(&both), ..auth };
    signed_in(&auth, &from).await;
    let hash: Vec<u8> =
        sqlx::query_scalar("SELECT sealed_hash FROM auth.credentials").fetch_one(&pool).await.expect("a hash");
    assert!(both.is_current(&hash), "it was sealed anew by who signed in");
}
