//! The handle of the read side: its progress, and how to wait for it.

use crate::{
    Error,
    engine::{
        checkpoints,
        data_keys::DataKeys,
        feed::{self, Entry, position_of},
        progress::{Positions, Progress},
        projection::Projection,
    },
    live::{change::ChangedRows, hub::Hub},
};
use chrono::{DateTime, Utc};
use domain::core::sealing::SealingKeys;
use futures::FutureExt;
use sqlx::PgPool;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout_at},
};

/// How often a process polls. Notifications are faster, but nothing depends on them.
pub(crate) const POLL: Duration = Duration::from_millis(250);

/// Settings of connections that only look up by key. Plans are cached once, and a plan made for a small table must not
/// stay a scan when the table has grown. JIT compilation does not pay off here.
macro_rules! by_key {
    () => {
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off;"
    };
}
pub(crate) use by_key;

/// The read model of this process. Clones share it.
#[derive(Clone)]
pub struct Projections {
    inner: Arc<Inner>,
}

struct Inner {
    list: &'static [&'static dyn Projection],
    rows: &'static [&'static dyn ChangedRows],
    pool: PgPool,
    /// Connections of the projector, the sealer, the reader of changes and the listeners. Queries of users never starve
    /// them.
    own: PgPool,
    keys: DataKeys,
    progress: watch::Sender<Progress>,
    grown: Notify,
    /// The hub to which the reader of changes publishes.
    hub: Hub,
    /// The events that the projector of this process applied last, so that the reader of changes need not read and
    /// decode them again.
    last_applied: Mutex<Vec<Entry>>,
    /// When a waiting query last checked the progress.
    looked: tokio::sync::Mutex<Option<Instant>>,
    /// The duties of this process that fail.
    alarms: Mutex<BTreeSet<String>>,
}

impl Projections {
    /// These projections, and the rows that changes carry. `pool` connects as the application's role. Nothing is read
    /// before the first query.
    pub fn of(
        list: &'static [&'static dyn Projection],
        rows: &'static [&'static dyn ChangedRows],
        pool: PgPool,
        sealing: Arc<SealingKeys>,
    ) -> Self {
        let own = pool
            .options()
            .clone()
            .min_connections(0)
            .max_connections(7)
            // No user waits for these: a duty should be late rather than fail.
            .acquire_timeout(Duration::from_secs(30))
            .after_connect(|connection, _| {
                let settings = concat!("SET search_path = read, public; SET statement_timeout = 0; ", by_key!());
                async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) }.boxed()
            })
            .connect_lazy_with((*pool.connect_options()).clone());
        // Whoever needs a key may hold a connection of another pool: it never waits for one that waits for it.
        let for_keys = own.options().clone().max_connections(2).connect_lazy_with((*pool.connect_options()).clone());
        let inner = Inner {
            list,
            rows,
            keys: DataKeys::new(for_keys, sealing),
            pool,
            own,
            progress: watch::Sender::new(Progress::default()),
            grown: Notify::new(),
            hub: Hub::default(),
            last_applied: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
            alarms: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The pool for queries.
    pub fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    /// The projections.
    pub fn list(&self) -> &'static [&'static dyn Projection] {
        self.inner.list
    }

    pub(crate) fn rows(&self) -> &'static [&'static dyn ChangedRows] {
        self.inner.rows
    }

    /// The keys that open sealed values of the log and the rows.
    pub fn keys(&self) -> &DataKeys {
        &self.inner.keys
    }

    pub(crate) fn own(&self) -> &PgPool {
        &self.inner.own
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Signals that the log has grown.
    pub fn hint(&self) {
        self.inner.grown.notify_one();
    }

    pub(crate) async fn hinted(&self) {
        self.inner.grown.notified().await;
    }

    /// The failing duties that this process leads: `projector`, `projection:pods` for a stopped projection, `sealer`,
    /// `checker`, `publisher`. The log of the process gives the reason.
    pub fn alarms(&self) -> Vec<String> {
        self.inner.alarms.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn alarm(&self, duty: &str, is_on: bool) {
        let mut alarms = self.inner.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        if is_on {
            alarms.insert(duty.to_owned());
        } else {
            alarms.remove(duty);
        }
    }

    /// The position of the running projections; 0 until it was first read. For a stopped projection use
    /// [`Projections::wait_for`].
    pub fn position(&self) -> i64 {
        self.known_position().unwrap_or_default()
    }

    /// The position that every projection has reached; 0 until it was first read.
    pub fn slowest(&self) -> i64 {
        let behind = self.behind();
        behind.into_values().min().unwrap_or_else(|| self.position())
    }

    /// The lagging projections with their positions.
    pub fn behind(&self) -> BTreeMap<String, i64> {
        self.inner.progress.borrow().behind.clone()
    }

    /// When the running projections were last known to be up to date; 1970 if never.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.inner.progress.borrow().as_of
    }

    /// The last position of the log.
    pub async fn head(&self) -> Result<i64, Error> {
        feed::head(self.pool()).await
    }

    /// [`Projections::position`]. None until it was first read.
    pub(crate) fn known_position(&self) -> Option<i64> {
        self.inner.progress.borrow().position
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Progress> {
        self.inner.progress.subscribe()
    }

    /// The position of one projection, running or stopped. None until it was first read.
    pub(crate) fn position_of(&self, projection: &dyn Projection) -> Option<i64> {
        self.inner.progress.borrow().position_of(projection.name())
    }

    /// Wakes waiting queries only if the progress has changed.
    fn change(&self, change: impl FnOnce(&mut Progress)) {
        self.inner.progress.send_if_modified(|progress| {
            let before = progress.clone();
            change(progress);
            progress.has_moved_since(&before)
        });
    }

    /// Takes the progress from a notification, which may be old.
    pub(crate) fn notified(&self, positions: Positions) {
        self.change(|progress| progress.notified(positions));
    }

    /// The projector of this process has applied these events.
    pub(crate) fn applied(&self, page: Vec<Entry>, positions: Positions) {
        if !page.is_empty() {
            *self.inner.last_applied.lock().unwrap_or_else(PoisonError::into_inner) = page;
        }
        self.change(|progress| progress.advance(positions));
    }

    /// The events after `after`, up to and including `until`, if the projector of this process has just applied them.
    pub(crate) fn just_applied(&self, after: i64, until: i64) -> Option<Vec<Entry>> {
        let page = self.inner.last_applied.lock().unwrap_or_else(PoisonError::into_inner);
        let (first, last) = (page.first().map(position_of)?, page.last().map(position_of)?);
        (first == after + 1 && last <= until).then(|| page.clone())
    }

    /// Records that the log ended at `head` at `time`.
    pub(crate) fn aim(&self, head: i64, time: DateTime<Utc>) {
        self.change(|progress| progress.aim(head, time));
    }

    /// Reads the progress of the projector, wherever it runs.
    pub(crate) async fn look(&self) -> Result<i64, Error> {
        let time = Utc::now();
        let (positions, head) = checkpoints::positions_and_head(self.own()).await?;
        let position = positions.position;
        self.change(|progress| {
            progress.advance(positions);
            progress.aim(head, time);
        });
        Ok(position)
    }

    /// The same for many waiting queries: one of them reads, once in each poll interval.
    async fn look_in_turn(&self) -> Result<(), Error> {
        let mut looked = self.inner.looked.lock().await;
        if looked.is_none_or(|looked| looked.elapsed() >= POLL / 2) {
            self.look().await?;
            *looked = Some(Instant::now());
        }
        Ok(())
    }

    /// Waits until these projections have applied the event at `position`, for at most `limit`. [`Error::Behind`] if
    /// one has not and others have.
    pub async fn wait_for(&self, of: &[&'static dyn Projection], position: i64, limit: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + limit;
        let mut moves = self.watch();
        let missing =
            |progress: &Progress| of.iter().find(|of| progress.position_of(of.name()) < Some(position)).copied();
        if missing(&moves.borrow()).is_none() {
            return Ok(());
        }
        let head = self.head().await?;
        if position > head {
            return Err(Error::Ahead { position, head });
        }
        self.hint();
        loop {
            let tick = deadline.min(Instant::now() + POLL);
            if timeout_at(tick, moves.wait_for(|progress| missing(progress).is_none())).await.is_ok() {
                return Ok(());
            }
            self.look_in_turn().await?;
            let latest = moves.borrow().clone();
            let current = latest.position.unwrap_or_default();
            let Some(of) = missing(&latest) else { return Ok(()) };
            if Instant::now() >= deadline {
                self.has(of, current.min(position))?;
                return Err(Error::NotYet { position, current });
            }
        }
    }

    /// Whether a projection has applied the event at `position`. [`Error::Behind`] if it has not and others have.
    pub(crate) fn has(&self, of: &'static dyn Projection, position: i64) -> Result<(), Error> {
        match self.position_of(of) {
            Some(at) if at < position => Err(Error::Behind { projection: of.name(), position: at + 1 }),
            _ => Ok(()),
        }
    }

    /// Closes the connections of the read side.
    pub async fn close(&self) {
        tokio::join!(self.inner.own.close(), self.inner.keys.close());
    }
}
