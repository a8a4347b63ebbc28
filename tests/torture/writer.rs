//! Appends by the store of the gateway, with many tasks at once, and says what was acknowledged or refused.

use anyhow::Result;
use commands::log::{AppendError, Appended, EventStore, Expected, NewEvent, Request, pool};
use domain::{
    core::{actor::Actor, envelope::Metadata, ids::CommandId},
    kubernetes::observed::ObservedEvent,
};
use fastrand::Rng;
use sqlx::postgres::PgConnectOptions;
use std::{io::Write, sync::Arc};
use tests::database::sealing;
use tokio::{sync::Notify, task::JoinSet};
use uuid::Uuid;

/// Appending at once in one process.
const TASKS: u64 = 16;
const STREAMS: u64 = 64;
/// Events of one request at most.
const EVENTS: u64 = 9;

pub async fn run(number: u64) -> Result<()> {
    let options: PgConnectOptions = std::env::var("BINNACLE_DATABASE_URL")?.parse()?;
    let pool = pool::options().max_connections(4).connect_with(options).await?;
    let store = EventStore::new(pool, sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks
            .spawn(write(store.clone(), Rng::with_seed((number * TASKS + task) << 32 | u64::from(std::process::id()))));
    }
    tasks.join_next().await;
    Ok(())
}

/// Guesses the version of the stream half of the time, so that some requests conflict.
async fn write(store: EventStore, mut dice: Rng) {
    let mut version = 0;
    loop {
        let stream = format!("observed:dev/torture/Pod/pod-{}", dice.u64(..STREAMS));
        let expected = if dice.bool() { Expected::Any } else { Expected::Exact(version) };
        let request = request(stream, expected, dice.u64(1..=EVENTS));
        let ids: Vec<String> = request.events.iter().map(|event| event.id.0.simple().to_string()).collect();
        let line = match store.append(request).await {
            Ok(Appended::Done { version: now, position, .. }) => {
                version = now;
                format!("done {position} {}\n", ids.join(" "))
            }
            Ok(Appended::Conflict { version: now }) => {
                version = now;
                format!("refused {}\n", ids.join(" "))
            }
            Ok(other) => format!("broken {other:?}\n"),
            // Whether it stands in the log could not be found out.
            Err(AppendError::Unknown) => continue,
            Err(_) => format!("refused {}\n", ids.join(" ")),
        };
        // One write a line: a line is whole, or it was never said.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

fn request(stream: String, expected: Expected, events: u64) -> Request {
    let id = CommandId(Uuid::now_v7());
    let event = |ordinal: u64| NewEvent {
        id: id.event(ordinal as usize),
        event: ObservedEvent::PodGone { uid: "u-1".to_owned() }.into(),
        metadata: Metadata::by(Actor::system("torture")),
    };
    let events = (0..events).map(event).collect();
    Request::new(stream, expected, events)
}
