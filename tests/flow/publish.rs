//! Signed checkpoints outside the database, in a folder and in a store that speaks S3: each stays what it was, and nothing is
//! published that does not go on from what stands there.

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::put,
};
use commands::log::{Expected, NewEvent, Request};
use domain::{
    core::{actor::Actor, envelope::Metadata, ids::CommandId},
    kubernetes::observed::ObservedEvent,
};
use projections::{
    Projections,
    evidence::{
        checkpoint::{Purpose, SigningKeys, TrustedKeys, new_key},
        notary::Notary,
        prove,
        publish::CheckpointStore,
    },
};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tests::{
    database::{Database, sealing},
    until,
    write_side::append,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const ETAG: [(&str, &str); 1] = [("etag", "\"1\"")];

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// As much of S3 as is needed: signed requests only, PUT once with `If-None-Match: *`, GET.
async fn s3() -> Result<String> {
    let objects = Objects::default();
    let service =
        put(|State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap, body: Bytes| async move {
            let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
            if !headers.contains_key("authorization") {
                return (StatusCode::FORBIDDEN, ETAG);
            }
            if headers.contains_key("if-none-match") && objects.contains_key(&key) {
                return (StatusCode::PRECONDITION_FAILED, ETAG);
            }
            objects.insert(key, body);
            (StatusCode::OK, ETAG)
        })
        .get(|State(objects): State<Objects>, Path(key): Path<String>| async move {
            let headers = [ETAG[0], ("last-modified", "Thu, 26 Nov 2026 10:00:00 GMT")];
            let found = objects.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            found.map(|object| (headers, object)).ok_or(StatusCode::NOT_FOUND)
        });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/{*key}", service).with_state(objects);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}"))
}

async fn grow(pool: &PgPool, events: usize) -> Result<()> {
    let request = || {
        let id = CommandId(Uuid::now_v7());
        let event = ObservedEvent::PodGone { uid: id.0.to_string() }.into();
        let events = vec![NewEvent { id: id.event(0), event, metadata: Metadata::by(Actor::system("test")) }];
        let stream = "observed:dev/a/Pod/web".to_owned();
        Request::new(stream, Expected::Any, events)
    };
    let requests: Vec<Request> = (0..events).map(|_| request()).collect();
    append(pool, &mut *pool.acquire().await?, &requests).await?;
    Ok(())
}

/// Seals and publishes what a fresh database of `events` holds, then as many again; the notes that were published.
async fn published(store: &Arc<CheckpointStore>, private: &str, events: usize) -> Result<(Vec<String>, Vec<String>)> {
    let database = Database::create().await?;
    let pool = database.application().await;
    let projections = Projections::new(pool.clone(), sealing());
    let shutdown = CancellationToken::new();
    let notary = Some(Arc::new(Notary::open(SigningKeys::parse(private)?, None)?));
    let tasks = [
        tokio::spawn({
            let (projections, shutdown) = (projections.clone(), shutdown.clone());
            async move { projections.run_sealer("test".to_owned(), notary, shutdown).await }
        }),
        tokio::spawn({
            let (projections, store, shutdown) = (projections.clone(), Arc::clone(store), shutdown.clone());
            async move { projections.run_publisher("test".to_owned(), store, shutdown).await }
        }),
    ];
    let mut notes = Vec::new();
    for _ in 0..2 {
        grow(&pool, events).await?;
        let note = until("it is sealed and published, or refused", || async {
            let sealed = prove::newest(&pool).await.ok().flatten()?;
            let note = sealed.note.filter(|_| sealed.size as usize == events * (notes.len() + 1))?;
            let is_done = store.newest().await.ok()? == Some(note.clone()) || !projections.alarms().is_empty();
            is_done.then_some(note)
        })
        .await;
        notes.push(note);
    }
    let alarms = projections.alarms();
    shutdown.cancel();
    for task in tasks {
        task.await?;
    }
    projections.close().await;
    pool.close().await;
    database.drop().await;
    Ok((notes, alarms))
}

async fn goes_on_from_what_it_published(store: CheckpointStore) -> Result<()> {
    let store = Arc::new(store);
    let (private, public) = new_key("test.example/log", Purpose::Log)?;
    let (notes, alarms) = published(&store, &private, 5).await?;
    assert!(alarms.is_empty(), "{alarms:?}");
    let newest = store.newest().await?.context("a checkpoint")?;
    assert_eq!(Some(&newest), notes.last());
    assert_eq!(TrustedKeys::new(&[public])?.open(&newest)?.0.size(), 10);

    // The same key, but another log, which is longer: somebody has rewritten it.
    let (_, alarms) = published(&store, &private, 8).await?;
    assert_eq!(alarms, ["publisher"]);
    assert_eq!(store.newest().await?, Some(newest), "it stays what it was");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_gets_every_checkpoint_and_none_of_another_log() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("checkpoints-{}", Uuid::now_v7().simple()));
    std::fs::create_dir(&folder)?;
    let url = format!("file://{}", folder.display()).parse()?;
    goes_on_from_what_it_published(CheckpointStore::open(&url, [])?).await?;
    let names = std::fs::read_dir(folder.join("checkpoints"))?.collect::<Result<Vec<_>, _>>()?;
    assert!(names.iter().any(|name| name.file_name() == "00000000000000000010"), "{names:?}");
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_speaks_s3_gets_every_checkpoint_and_none_of_another_log() -> Result<()> {
    let endpoint = s3().await?;
    let options = [
        ("aws_endpoint", endpoint.as_str()),
        ("aws_allow_http", "true"),
        ("aws_access_key_id", "test"),
        ("aws_secret_access_key", "test"),
        ("aws_region", "test"),
    ];
    let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
    goes_on_from_what_it_published(CheckpointStore::open(&"s3://bucket/binnacle".parse()?, options)?).await
}
