//! The live stream: every event that the read model has taken in, in order, without gap or duplicate, from any position.
//!
//! One reader follows the log and loads the rows that changed, once for all subscribers. A subscriber reads the log itself
//! until it has caught up, and again whenever it falls behind: memory is bounded and nothing is lost.

use crate::{Error, Projections, feed, feed::PAGE, handle::POLL, pods, workloads};
use async_stream::try_stream;
use domain::{
    envelope::Recorded,
    event::Event,
    ids::OperationId,
    object::{Kind, ObjectRef},
    observed::ObservedEvent,
    operation::OperationEvent,
    planted::{Bug, is_planted},
};
use futures::Stream;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{MissedTickBehavior, timeout},
};
use tokio_util::sync::CancellationToken;

/// A subscriber that was told nothing for so long looks whether that is all: what was taken in before the reader of this
/// process began, it never tells.
const SILENCE: Duration = Duration::from_secs(1);

/// An event that the read model has taken in.
#[derive(Clone, Debug)]
pub struct Change {
    pub recorded: Arc<Recorded>,
    /// What it is about, for the streams `target:` and `observed:`.
    pub object: Option<ObjectRef>,
    /// The operation it belongs to.
    pub operation: Option<OperationId>,
    /// The row it changed.
    pub row: ChangedRow,
}

/// The row that an event changed, loaded once for all who are told of it: as it was after the event, or later.
#[derive(Clone, Debug)]
pub enum ChangedRow {
    /// Nobody has looked: the event was read from the log, or changes no row of these tables.
    Unread,
    /// There is none any more.
    Gone,
    Pod(Arc<pods::Pod>),
    Workload(Arc<workloads::Workload>),
}

/// What an event did to the row of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

impl From<Arc<Recorded>> for Change {
    fn from(recorded: Arc<Recorded>) -> Self {
        let object = ObjectRef::from_stream(&recorded.stream);
        let operation = operation_of(&recorded);
        Self { recorded, object, operation, row: ChangedRow::Unread }
    }
}

/// The operation an event belongs to.
pub(crate) fn operation_of(event: &Recorded) -> Option<OperationId> {
    match &event.event {
        Event::Operation(operation) => Some(operation.operation()),
        Event::Observed(_) | Event::Cluster(_) | Event::User(_) => event.metadata.correlation,
    }
}

impl Change {
    pub fn position(&self) -> i64 {
        self.recorded.position
    }

    /// What it did to the row of its object; None when the row stayed as it was. `added` is the row's `added_position`,
    /// None when there is no row any more.
    pub fn kind(&self, added: Option<i64>) -> Option<ChangeKind> {
        match &self.recorded.event {
            // What was asked is part of the version that people hand back.
            Event::Operation(OperationEvent::OperationRequested { .. }) => added.map(|_| ChangeKind::Changed),
            Event::Operation(_) | Event::Cluster(_) | Event::User(_) => None,
            Event::Observed(event) => Some(self.kind_of(event, added)),
        }
    }

    fn kind_of(&self, event: &ObservedEvent, added: Option<i64>) -> ChangeKind {
        match event {
            ObservedEvent::WorkloadGone { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceGone { .. } => ChangeKind::Removed,
            ObservedEvent::WorkloadManifestObserved { .. }
            | ObservedEvent::WorkloadStatusObserved { .. }
            | ObservedEvent::PodObserved { .. }
            | ObservedEvent::NamespaceObserved { .. } => {
                let is_new = self.recorded.version == 1 || added.is_some_and(|added| added >= self.position());
                if is_new { ChangeKind::Added } else { ChangeKind::Changed }
            }
        }
    }
}

impl Projections {
    /// The one reader of changes of this process. Runs until `shutdown`, whoever projects.
    pub async fn run_changes(&self, shutdown: CancellationToken) {
        let heard = crate::listen::listen(self.own(), "projected", &shutdown, |notification| {
            if let Ok(position) = notification.payload().parse() {
                self.advance(position);
            }
        });
        tokio::join!(self.follow_changes(&shutdown), heard);
    }

    async fn follow_changes(&self, shutdown: &CancellationToken) {
        let mut reached = self.watch();
        let mut told = None;
        let mut failing = false;
        // Also while one notification follows the other: they say how far the read model is, not how far the log.
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = self.tell(&mut told).await;
            if let Err(error) = &outcome
                && !failing
            {
                tracing::error!(error = %error, "changes cannot be read; trying again");
            }
            failing = outcome.is_err();
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = reached.changed(), if !failing => {}
                _ = poll.tick() => {
                    if let Err(error) = self.look().await {
                        tracing::debug!(error = %error, "the checkpoints cannot be read");
                    }
                }
            }
        }
    }

    /// Sends what was projected since the last time. While nobody listens there is nothing to read.
    async fn tell(&self, told: &mut Option<i64>) -> Result<(), Error> {
        loop {
            let until = match self.known() {
                Some(position) => position,
                None => self.look().await?,
            };
            let last = *told.get_or_insert(until);
            if last >= until || self.feed_of_changes().receiver_count() == 0 {
                *told = Some(until.max(last));
                self.has_told(until.max(last));
                return Ok(());
            }
            let read = match self.just_taken_in(last) {
                Some(events) => feed::Read { events, stopped: None },
                None => feed::read(self.own(), last, until, PAGE).await?,
            };
            for change in self.with_rows(read.events).await? {
                *told = Some(change.position());
                // Nobody listening any more is no failure.
                let _ = self.feed_of_changes().send(change);
            }
            if let Some(error) = read.stopped {
                return Err(error);
            }
        }
    }

    /// The changes with their rows.
    async fn with_rows(&self, events: Vec<Arc<Recorded>>) -> Result<Vec<Change>, Error> {
        let mut changes: Vec<Change> = events.into_iter().map(Change::from).collect();
        let ids = |is_wanted: fn(Kind) -> bool| -> Vec<String> {
            let touched = changes.iter().filter(|change| change.kind(Some(0)).is_some());
            let objects = touched.filter_map(|change| change.object.as_ref());
            objects.filter(|object| is_wanted(object.kind)).map(ObjectRef::id).collect()
        };
        let (pods, workloads) = (ids(|kind| kind == Kind::Pod), ids(Kind::is_workload));
        if pods.is_empty() && workloads.is_empty() {
            return Ok(changes);
        }
        let mut rows: HashMap<String, ChangedRow> =
            pods.iter().chain(&workloads).map(|id| (id.clone(), ChangedRow::Gone)).collect();
        if !pods.is_empty() {
            let found = pods::get_many(self.own(), &pods).await?;
            rows.extend(found.into_iter().map(|row| (row.id.clone(), ChangedRow::Pod(Arc::new(row)))));
        }
        if !workloads.is_empty() {
            let found = workloads::get_many(self.own(), &workloads).await?;
            rows.extend(found.into_iter().map(|row| (row.id.clone(), ChangedRow::Workload(Arc::new(row)))));
        }
        for change in &mut changes {
            let row = change.object.as_ref().and_then(|object| rows.get(&object.id()));
            if let (Some(row), Some(_)) = (row, change.kind(Some(0))) {
                change.row = row.clone();
            }
        }
        Ok(changes)
    }

    /// Every event after `after` that the read model has taken in, for ever; None: from now on. A position beyond the
    /// end of the log is [`Error::Ahead`].
    pub fn changes(&self, after: Option<i64>) -> impl Stream<Item = Result<Change, Error>> + Send + 'static {
        let this = self.clone();
        let mut receiver = self.feed_of_changes().subscribe();
        let after = after.map(|after| if is_planted(Bug::ResumeRepeats) { (after - 1).max(0) } else { after });
        let start = after.or(self.known());
        try_stream! {
            let mut last = this.begin(start).await?;
            loop {
                let until = this.position();
                while last < until {
                    let read = feed::read(this.pool(), last, until, PAGE).await?;
                    for event in read.events {
                        last = event.position;
                        yield Change::from(event);
                    }
                    if let Some(error) = read.stopped {
                        Err(error)?;
                    }
                }
                // Live, until there is a gap or something was told that did not come: then the log is read again.
                loop {
                    match timeout(SILENCE, receiver.recv()).await {
                        Err(_) if this.told() <= last => {}
                        Ok(Ok(change)) if change.position() <= last => {}
                        Ok(Ok(change)) if change.position() == last + 1 || is_planted(Bug::GapInLive) => {
                            last = change.position();
                            yield change;
                        }
                        Err(_) | Ok(Ok(_) | Err(RecvError::Lagged(_))) => break,
                        Ok(Err(RecvError::Closed)) => return,
                    }
                }
            }
        }
    }

    async fn begin(&self, start: Option<i64>) -> Result<i64, Error> {
        let Some(position) = start else { return self.look().await };
        if position > self.position() {
            let head = self.head().await?;
            if position > head {
                return Err(Error::Ahead { position, head });
            }
        }
        Ok(position)
    }
}
