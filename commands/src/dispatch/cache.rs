//! A cache of recently used aggregates, so that a busy stream is not read from the log for each command. A state may be
//! stale if another replica appended. The expected version detects that, and [`Cache::refresh`] reads the missing
//! events.

use super::aggregate::Aggregate;
use crate::{error::Error, log::EventStore};
use domain::core::event::Recorded;
use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
};
use tokio::sync::Mutex;

/// How many states are kept before unused ones are dropped.
const KEPT: usize = 4096;

/// A state with its version and position.
pub struct Loaded<A: Aggregate> {
    pub stream: String,
    pub state: A::State,
    pub version: i64,
    pub position: i64,
    /// Whether the log must be read before the next decision. Set before each append and cleared after it, so that a
    /// dropped caller leaves a state that is marked as stale.
    pub stale: bool,
    /// The number of deletions of keys when it was loaded. It may hold values forgotten since.
    forgotten: u64,
}

impl<A: Aggregate> Loaded<A> {
    /// Applies the events appended since.
    pub fn advance(&mut self, events: &[Recorded]) {
        for recorded in events {
            if let Some(event) = A::own(&recorded.event) {
                A::evolve(&mut self.state, event);
            }
            self.version = recorded.version;
            self.position = recorded.position;
        }
        self.stale = false;
    }
}

/// By stream. The category in its name fixes the type of the state.
#[derive(Default)]
pub struct Cache(SyncMutex<HashMap<String, Arc<dyn Any + Send + Sync>>>);

impl Cache {
    /// The state of a stream. The holder of its lock is the only one to decide on it in this process.
    pub fn get<A: Aggregate>(&self, stream: String) -> Arc<Mutex<Loaded<A>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.retain(|_, loaded| Arc::strong_count(loaded) > 1);
        }
        if let Some(found) = kept.get(&stream).cloned().and_then(|found| found.downcast().ok()) {
            return found;
        }
        let state = A::State::default();
        let new = Arc::new(Mutex::new(Loaded {
            stream: stream.clone(),
            state,
            version: 0,
            position: 0,
            stale: true,
            forgotten: 0,
        }));
        kept.insert(stream, Arc::clone(&new) as Arc<dyn Any + Send + Sync>);
        new
    }

    /// Reads newer events from the log if there may be any. Returns whether it read.
    pub async fn refresh<A: Aggregate>(&self, store: &EventStore, loaded: &mut Loaded<A>) -> Result<bool, Error> {
        let forgotten = *store.keys().forgotten().borrow();
        if loaded.forgotten != forgotten {
            (loaded.state, loaded.version, loaded.position) = (A::State::default(), 0, 0);
            (loaded.stale, loaded.forgotten) = (true, forgotten);
        }
        let must_read = loaded.stale;
        if must_read {
            let events = store.stream_after(&loaded.stream, loaded.version).await?;
            loaded.advance(&events);
        }
        Ok(must_read)
    }
}
