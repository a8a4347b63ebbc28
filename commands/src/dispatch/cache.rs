//! The states of targets that were asked about lately, so that a busy target is not read from the log again and again.
//! A state may be stale when another replica appended: the expected version finds out, and [`Targets::refresh`] reads
//! what is missing.

use crate::{
    error::Error,
    log::{self, EventStore},
};
use domain::{
    core::{decider::Decider, envelope::Recorded, event::Event},
    operation::queue::Target,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
};
use tokio::sync::Mutex;

/// States kept before those that nobody uses are let go.
const KEPT: usize = 4096;

/// A target with the place in the log up to which it is known.
pub struct Loaded {
    stream: String,
    pub target: Target,
    pub version: i64,
    pub position: i64,
    /// Whether the log must be read before the next decision. Set before each append and cleared after it: a caller
    /// that is dropped meanwhile leaves a state that knows that it may be behind.
    pub stale: bool,
}

impl Loaded {
    /// Takes in what was appended after the known version.
    pub fn advance(&mut self, events: &[Recorded]) {
        for recorded in events {
            if let Event::Operation(event) = &recorded.event {
                Target::evolve(&mut self.target, event);
            }
            self.version = recorded.version;
            self.position = recorded.position;
        }
        self.stale = false;
    }
}

#[derive(Default)]
pub struct Targets(SyncMutex<HashMap<String, Arc<Mutex<Loaded>>>>);

impl Targets {
    /// The state of a stream; whoever holds its lock decides alone in this process.
    pub fn get(&self, stream: String) -> Arc<Mutex<Loaded>> {
        let mut targets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if targets.len() >= KEPT {
            targets.retain(|_, loaded| Arc::strong_count(loaded) > 1);
        }
        let new = || Loaded { stream: stream.clone(), target: Target::default(), version: 0, position: 0, stale: true };
        Arc::clone(targets.entry(stream.clone()).or_insert_with(|| Arc::new(Mutex::new(new()))))
    }

    /// Reads what the log has beyond the known version, if it may have more; whether it was read.
    pub async fn refresh(&self, store: &EventStore, loaded: &mut Loaded) -> Result<bool, Error> {
        let must_read = loaded.stale;
        if must_read {
            let events = log::load::stream_after(store.pool(), &loaded.stream, loaded.version).await?;
            loaded.advance(&events);
        }
        Ok(must_read)
    }
}
