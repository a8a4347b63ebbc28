//! What the rest of the process holds of the read side: how far it is, and how to wait for it.

use crate::{
    Error,
    engine::{
        checkpoints,
        feed::{self, Entry, position_of},
        leader,
        progress::{Reached, Stand},
        projection::Projection,
        projector::Projector,
    },
    evidence::{
        check::Checker,
        notary::Notary,
        publish::{CheckpointStore, Publisher},
        seal::Sealer,
    },
    live::hub::Hub,
    models::registry::PROJECTIONS,
};
use chrono::{DateTime, Utc};
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
use tokio_util::sync::CancellationToken;

/// How often a process looks for itself. Hints make it faster; nothing depends on them.
pub(crate) const POLL: Duration = Duration::from_millis(250);

/// Settings of connections that look up by key only: planned once, and a plan made while a table was small must not stay
/// a scan when it has grown. What then looks expensive to the planner is not worth compiling.
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
    pool: PgPool,
    /// Connections of the projector, the sealer, the reader of changes and the listeners: answering people never starves them.
    own: PgPool,
    reached: watch::Sender<Reached>,
    grown: Notify,
    /// Where the reader of changes of this process tells them.
    hub: Hub,
    /// What the projector of this process took in last: who tells of it need not read and decode it again.
    taken_in: Mutex<Vec<Entry>>,
    /// When one of those who wait looked last.
    looked: tokio::sync::Mutex<Option<Instant>>,
    /// The duties of this process that meet with trouble.
    alarms: Mutex<BTreeSet<String>>,
}

impl Projections {
    /// `pool` connects as the application's role. Nothing is read before the first question.
    pub fn new(pool: PgPool) -> Self {
        Self::of(PROJECTIONS, pool)
    }

    /// The same with a list of projections that is not the one of this version.
    pub fn of(list: &'static [&'static dyn Projection], pool: PgPool) -> Self {
        let own = pool
            .options()
            .clone()
            .max_connections(7)
            // Nobody waits for these: duties would rather be late than fail.
            .acquire_timeout(Duration::from_secs(30))
            .after_connect(|connection, _| {
                let settings = concat!("SET search_path = read, public; SET statement_timeout = 0; ", by_key!());
                async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) }.boxed()
            })
            .connect_lazy_with((*pool.connect_options()).clone());
        let inner = Inner {
            list,
            pool,
            own,
            reached: watch::Sender::new(Reached::default()),
            grown: Notify::new(),
            hub: Hub::default(),
            taken_in: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
            alarms: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The pool that answers questions.
    pub fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    /// The projections.
    pub fn list(&self) -> &'static [&'static dyn Projection] {
        self.inner.list
    }

    pub(crate) fn own(&self) -> &PgPool {
        &self.inner.own
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// The log grew: look now.
    pub fn hint(&self) {
        self.inner.grown.notify_one();
    }

    pub(crate) async fn hinted(&self) {
        self.inner.grown.notified().await;
    }

    /// Takes in the log for ever, when it is this process's turn to lead.
    pub async fn run_projector(&self, owner: String, shutdown: CancellationToken) {
        let projector = Projector(self);
        let led = leader::run(&projector, self, &owner, &shutdown);
        let heard = crate::engine::listen::listen(self.own(), "log", &shutdown, |_| self.hint());
        tokio::join!(led, heard);
    }

    /// Seals the log for ever, when it is this process's turn to lead. Without a notary the checkpoints are not signed.
    pub async fn run_sealer(&self, owner: String, notary: Option<Arc<Notary>>, shutdown: CancellationToken) {
        leader::run(&Sealer { projections: self, notary: notary.as_deref() }, self, &owner, &shutdown).await;
    }

    /// Compares a sample of the read model with the log for ever, when it is this process's turn to lead.
    pub async fn run_checker(&self, owner: String, shutdown: CancellationToken) {
        leader::run(&Checker::of(self), self, &owner, &shutdown).await;
    }

    /// Publishes signed checkpoints for ever, when it is this process's turn to lead.
    pub async fn run_publisher(&self, owner: String, store: Arc<CheckpointStore>, shutdown: CancellationToken) {
        leader::run(&Publisher { projections: self, store: &store }, self, &owner, &shutdown).await;
    }

    /// The duties that this process leads and that meet with trouble: `projector`, `projection:pods` for one that
    /// stopped, `sealer`, `checker`, `publisher`. Its log says what it is.
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

    /// The last event that the projections which go on are known to have taken in; 0 while nobody has looked. One that has
    /// stopped is asked for with [`Projections::wait_for`].
    pub fn position(&self) -> i64 {
        self.known().unwrap_or_default()
    }

    /// The last event that every projection is known to have taken in; 0 while nobody has looked.
    pub fn slowest(&self) -> i64 {
        let behind = self.behind();
        behind.into_values().min().unwrap_or_else(|| self.position())
    }

    /// The projections that are not there, and where they stand.
    pub fn behind(&self) -> BTreeMap<String, i64> {
        self.inner.reached.borrow().behind.clone()
    }

    /// When the projections which go on were last known to be up to date; 1970 while it never was.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.inner.reached.borrow().as_of
    }

    /// The last position of the log.
    pub async fn head(&self) -> Result<i64, Error> {
        feed::head(self.pool()).await
    }

    /// [`Projections::position`]; None while nobody has looked.
    pub(crate) fn known(&self) -> Option<i64> {
        self.inner.reached.borrow().position
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Reached> {
        self.inner.reached.subscribe()
    }

    /// Where one projection is known to be, whether it goes on or not; None while nobody has looked.
    pub(crate) fn known_of(&self, projection: &dyn Projection) -> Option<i64> {
        self.inner.reached.borrow().position_of(projection.name())
    }

    /// Wakes who waits only when something has moved.
    fn change(&self, change: impl FnOnce(&mut Reached)) {
        self.inner.reached.send_if_modified(|reached| {
            let before = reached.clone();
            change(reached);
            reached.has_moved_since(&before)
        });
    }

    /// Some process told how they stand, perhaps a while ago.
    pub(crate) fn heard(&self, stand: Stand) {
        self.change(|reached| reached.heard(stand));
    }

    /// The projector of this process took in these events last.
    pub(crate) fn took_in(&self, page: Vec<Entry>, stand: Stand) {
        if !page.is_empty() {
            *self.inner.taken_in.lock().unwrap_or_else(PoisonError::into_inner) = page;
        }
        self.change(|reached| reached.advance(stand));
    }

    /// The events after `after`, up to and with `until` at most, if they are the ones that were just taken in.
    pub(crate) fn just_taken_in(&self, after: i64, until: i64) -> Option<Vec<Entry>> {
        let page = self.inner.taken_in.lock().unwrap_or_else(PoisonError::into_inner);
        let (first, last) = (page.first().map(position_of)?, page.last().map(position_of)?);
        (first == after + 1 && last <= until).then(|| page.clone())
    }

    /// At `time` the log ended at `head`.
    pub(crate) fn aim(&self, head: i64, time: DateTime<Utc>) {
        self.change(|reached| reached.aim(head, time));
    }

    /// Looks how far the projector is, wherever it runs.
    pub(crate) async fn look(&self) -> Result<i64, Error> {
        let time = Utc::now();
        let (stand, head) = checkpoints::stand_and_head(self.own()).await?;
        let position = stand.position;
        self.change(|reached| {
            reached.advance(stand);
            reached.aim(head, time);
        });
        Ok(position)
    }

    /// The same for many who wait: one of them looks, once a poll.
    async fn look_in_turn(&self) -> Result<(), Error> {
        let mut looked = self.inner.looked.lock().await;
        if looked.is_none_or(|looked| looked.elapsed() >= POLL / 2) {
            self.look().await?;
            *looked = Some(Instant::now());
        }
        Ok(())
    }

    /// Waits until these projections have taken in the event at `position`, at most as long as `limit`. One that does not get
    /// there while others have is [`Error::Behind`].
    pub async fn wait_for(&self, of: &[&'static dyn Projection], position: i64, limit: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + limit;
        let mut moves = self.watch();
        let missing = |reached: &Reached| of.iter().find(|of| reached.position_of(of.name()) < Some(position)).copied();
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
            if timeout_at(tick, moves.wait_for(|reached| missing(reached).is_none())).await.is_ok() {
                return Ok(());
            }
            self.look_in_turn().await?;
            let known = moves.borrow().clone();
            let reached = known.position.unwrap_or_default();
            let Some(of) = missing(&known) else { return Ok(()) };
            if Instant::now() >= deadline {
                self.has(of, reached.min(position))?;
                return Err(Error::NotYet { position, reached });
            }
        }
    }

    /// Whether a projection is known to have taken in the event at `position`. Others have: [`Error::Behind`].
    pub(crate) fn has(&self, of: &'static dyn Projection, position: i64) -> Result<(), Error> {
        match self.known_of(of) {
            Some(at) if at < position => Err(Error::Behind { projection: of.name(), position: at + 1 }),
            _ => Ok(()),
        }
    }

    /// Gives back the connections that the read side keeps for itself.
    pub async fn close(&self) {
        self.inner.own.close().await;
    }
}
