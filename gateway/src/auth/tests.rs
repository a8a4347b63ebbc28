use super::*;
use crate::config::{Accounts, Secret};
use commands::{Clusters, Settings, WriteSide};
use futures::future::BoxFuture;
use sign_in::From;
use sqlx::postgres::PgPoolOptions;
use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll};
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery staple";
const LIFETIMES: Lifetimes = Lifetimes { access_token: Duration::from_secs(600), session: Duration::from_secs(3600) };

/// Sign-in on a pool of its own, with the account `admin`.
async fn open(pool: &PgPool, connections: u32) -> Auth {
    let options = (*pool.connect_options()).clone();
    let pool = PgPoolOptions::new().max_connections(connections).connect_lazy_with(options);
    let settings = Settings {
        pool: pool.clone(),
        owner: "test".to_owned(),
        clusters: Vec::new(),
        operation_timeout: Duration::from_secs(60),
        on_appended: Arc::new(|_| {}),
    };
    let write_side = WriteSide::with_clusters(settings, Clusters::new(Vec::new()));
    let auth = Auth::open(pool, write_side.dispatcher(), LIFETIMES).await.expect("sign-in");
    let accounts = Accounts {
        admin_username: "admin".to_owned(),
        admin_password: Some(PASSWORD.parse::<Secret>().expect("a secret")),
        access_token_ttl: LIFETIMES.access_token,
        session_ttl: LIFETIMES.session,
    };
    auth.ensure_administrator(&accounts).await.expect("an administrator");
    auth
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
    let session = auth.sign_in("admin", PASSWORD.to_owned(), from).await.expect("asked").ok().expect("let in");
    let cookie = &session.refresh.to_cookie();
    dropped_at_each_point(auth, "a renewal", || {
        Box::pin(async { drop(auth.renew(Some(cookie), from).await.expect("asked")) })
    })
    .await;
    dropped_at_each_point(auth, "a transaction", || {
        Box::pin(async { drop(projections::transaction::begin(&auth.pool, "BEGIN").await.expect("begun")) })
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
