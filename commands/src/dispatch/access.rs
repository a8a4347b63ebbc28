//! Records what people open and what they are refused. The first event of its kind is appended at once. Repetitions are
//! counted in memory and appended as one event a minute, the rest at shutdown. A crash loses at most a count.
//!
//! Promises that the log has an event of each kind that returned Ok. The exception is sign-ins under very many names,
//! which are only counted. Tested in tests/flow/access.rs.

use super::{
    Dispatcher, Origin,
    guard::{PATIENCE, entry, late},
};
use crate::{
    error::Error,
    log::{AppendError, Appended, Expected, NewEvent, Request},
};
use domain::{
    access,
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        refusal::{ErrorCode, Refusal},
    },
    platform::access_log::{AccessEvent, AccessLog, Person},
};
use futures::{StreamExt, stream};
use serde_json::Value;
use std::{
    collections::HashMap,
    mem::discriminant,
    num::NonZeroU32,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
    time::Duration,
};
use tokio::{sync::Mutex, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Repetitions within this time become one event.
const WINDOW: Duration = Duration::from_secs(60);
/// How often expired windows are looked for.
const LOOK: Duration = Duration::from_secs(5);
/// Maximum separate events of one type in a window: those caused by strangers, and those of users.
const OF_STRANGERS: usize = 64;
const OF_USERS: usize = 4096;
/// Maximum windows appended concurrently. The log puts them into one batch.
const AT_ONCE: usize = 64;

/// The key of a repetition: an event of a person.
type Key = (Person, AccessEvent);

struct Window {
    key: Key,
    /// Until then, repetitions are only counted.
    until: Instant,
    /// Repetitions counted and not appended.
    counted: u32,
    /// The origin of the last repetition.
    origin: Origin,
}

/// The open windows.
#[derive(Default)]
pub(super) struct Windows(SyncMutex<HashMap<Key, Arc<Mutex<Window>>>>);

impl Windows {
    /// The window for one more event. Its lock orders the events of one kind.
    fn open(&self, key: Key, origin: &Origin) -> Arc<Mutex<Window>> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let new = |key: Key, until| Arc::new(Mutex::new(Window { key, until, counted: 0, origin: origin.clone() }));
        if windows.contains_key(&key) || has_room(&windows, &key.1) {
            return Arc::clone(windows.entry(key.clone()).or_insert_with(|| new(key, now)));
        }
        match key.1.sum() {
            // Always delayed: the time of a refusal must not reveal whether the account exists.
            Some(sum) => {
                let key = (key.0, sum);
                Arc::clone(windows.entry(key.clone()).or_insert_with(|| new(key, now + WINDOW)))
            }
            None => new(key, now),
        }
    }

    fn all(&self) -> Vec<Arc<Mutex<Window>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Drops expired windows that have nothing to append.
    fn forget(&self) {
        let now = Instant::now();
        let is_open = |window: &mut Arc<Mutex<Window>>| {
            // A failed `get_mut` means that it is in use.
            Arc::get_mut(window).map(Mutex::get_mut).is_none_or(|window| window.counted > 0 || window.until > now)
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, window| is_open(window));
    }
}

fn has_room(windows: &HashMap<Key, Arc<Mutex<Window>>>, event: &AccessEvent) -> bool {
    let most = if event.sum().is_some() { OF_STRANGERS } else { OF_USERS };
    windows.keys().filter(|(_, other)| discriminant(other) == discriminant(event)).count() < most
}

impl Dispatcher {
    /// Records `event` of `person`. If `origin` names a session, it must be open.
    ///
    /// The event is recorded even if the caller is dropped.
    pub async fn record_access(&self, origin: Origin, person: Person, event: AccessEvent) -> Result<(), Error> {
        let dispatcher = self.clone();
        let recording = async move { dispatcher.record(origin, (person, event)).await };
        let recorded = tokio::spawn(recording.in_current_span()).await;
        recorded.unwrap_or_else(|error| Err(Error::Internal(error.to_string())))
    }

    async fn record(&self, origin: Origin, key: Key) -> Result<(), Error> {
        self.must_be_whole()?;
        if !access::allows(&origin.actor, AccessLog::action(&key.1)) {
            return Err(not_for_people());
        }
        let window = self.windows.open(key, &origin);
        let mut window = window.lock().await;
        window.counted = window.counted.saturating_add(1);
        window.origin = origin;
        if Instant::now() < window.until {
            return Ok(());
        }
        let origin = window.origin.clone();
        let appended = tokio::time::timeout(PATIENCE, self.append_window(&mut window, origin)).await;
        // If dropped here, the event may be in the log.
        let appended = appended.unwrap_or_else(|_| Err(late(true)));
        if appended.is_err() {
            window.counted = window.counted.saturating_sub(1);
        }
        appended
    }

    /// Appends the count, if there is one, and begins the next window. A failed append keeps the count.
    async fn append_window(&self, window: &mut Window, origin: Origin) -> Result<(), Error> {
        let Some(count) = NonZeroU32::new(window.counted) else { return Ok(()) };
        let (person, event) = window.key.clone();
        let entry = entry(origin, event.about().map(|object| object.cluster), &Value::Null)?;
        let Ok(events) = AccessLog::decide(&AccessLog, event.times(count));
        let new = (0..).zip(events).map(|(ordinal, event)| NewEvent {
            id: entry.command.event(ordinal),
            event: event.into(),
            metadata: entry.metadata.clone(),
        });
        let mut request = Request::new(AccessLog::stream(&person), Expected::Any, new.collect());
        request.session = entry.session;
        match self.store.append(request).await {
            Ok(Appended::Done { .. }) => {
                (window.counted, window.until) = (0, Instant::now() + WINDOW);
                Ok(())
            }
            Ok(Appended::SessionEnded) => Err(Error::SessionEnded),
            Ok(other) => Err(Error::Internal(format!("the log answered {other:?} to a fact"))),
            Err(error) => {
                if error != AppendError::Unavailable {
                    // A second append could count it twice, or be refused for ever.
                    window.counted = 0;
                }
                Err(error.into())
            }
        }
    }

    /// Appends expired windows, or all of them.
    async fn append_windows(&self, is_last: bool) {
        let windows = stream::iter(self.windows.all());
        let append = async |window: Arc<Mutex<Window>>| {
            let mut window = window.lock().await;
            if is_last || window.until <= Instant::now() {
                // The session may have ended since. The count is recorded anyway.
                let origin = Origin { session: None, ..window.origin.clone() };
                if let Err(error) = self.append_window(&mut window, origin).await {
                    tracing::warn!(%error, "access.not_recorded");
                }
            }
        };
        windows.for_each_concurrent(AT_ONCE, append).await;
        self.windows.forget();
    }

    /// Appends counted repetitions each minute, and the rest at `shutdown`.
    pub(crate) async fn run_access_log(&self, shutdown: CancellationToken) {
        while shutdown.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            self.append_windows(false).await;
        }
        self.append_windows(true).await;
    }

    /// Records that a person lacks the right to a command on `stream`, and returns the refusal.
    pub(super) async fn forbidden(&self, metadata: &Metadata, action: access::Action, stream: String) -> Error {
        if let Actor::User { id, .. } = &metadata.actor {
            let origin = Origin { request: metadata.request.clone(), ..Origin::by(metadata.actor.clone()) };
            let (code, count) = (ErrorCode::Forbidden, NonZeroU32::MIN);
            let event = AccessEvent::CommandRefused { action, stream, code, count };
            // The refusal stands even if it cannot be recorded.
            if let Err(error) = self.record_access(origin, Person::User(*id), event).await {
                tracing::warn!(%error, "access.not_recorded");
            }
        }
        not_for_people()
    }
}

pub(super) fn not_for_people() -> Error {
    Refusal::new(ErrorCode::Forbidden, "id", "this is not for people to do").into()
}
