//! The live stream: every event that a projection has taken in, in order, without gap or duplicate, from any position. When that
//! projection stops, so does its stream, at the same event and with an error that says so; the streams of others go on.
//!
//! One reader follows the log and loads the rows that changed, once for all subscribers; [`hub`] takes them to those whom
//! they concern. A subscriber reads the log itself until it has caught up, and again whenever it falls behind: memory is
//! bounded and nothing is lost.

pub use crate::live::hub::Topic;
use crate::{
    Error, Projections,
    engine::{
        feed::{self, Entry, PAGE, Unreadable, position_of},
        projection::Projection,
        quarantine,
    },
    handle::POLL,
    models::{
        pods::{self, Pods},
        workloads::{self, Workloads},
    },
};
use async_stream::try_stream;
use domain::access::Scope;
use domain::{
    core::{
        event::{Event, Recorded},
        ids::OperationId,
        planted::{Bug, is_planted},
    },
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
    operation::OperationEvent,
};
use futures::Stream;
use std::{collections::HashMap, sync::Arc};
use tokio::time::{MissedTickBehavior, sleep};
use tokio_util::sync::CancellationToken;

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

/// What the reader of changes tells of an event.
pub(crate) type Told = Result<Arc<Change>, Arc<Unreadable>>;

/// The row that an event changed, loaded once for all who are told of it: as it was after the event, or later.
#[derive(Clone, Debug)]
pub enum ChangedRow {
    /// Nobody has looked: the event was read from the log, or changes no row of these tables, or they do not have it yet.
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
        Event::Observed(_) | Event::Cluster(_) | Event::User(_) | Event::Projection(_) => event.metadata.correlation,
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
            Event::Operation(_) | Event::Cluster(_) | Event::User(_) | Event::Projection(_) => None,
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
        let heard = crate::engine::listen::listen(self.own(), "projected", &shutdown, |notification| {
            if let Ok(stand) = notification.payload().parse() {
                self.heard(stand);
            }
        });
        tokio::join!(self.follow_changes(&shutdown), heard);
    }

    async fn follow_changes(&self, shutdown: &CancellationToken) {
        let mut reached = self.watch();
        let mut failing = false;
        // Also while one notification follows the other: they say how far the read model is, not how far the log.
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = self.tell().await;
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

    /// Tells what was projected since the last time. While nobody listens there is nothing to read.
    async fn tell(&self) -> Result<(), Error> {
        loop {
            let until = match self.known() {
                Some(position) => position,
                None => self.look().await?,
            };
            let told = self.hub().told(until);
            if told >= until {
                return Ok(());
            }
            let page = match self.just_taken_in(told, until) {
                Some(page) => page,
                None => feed::read(self.own(), told, until, PAGE).await?,
            };
            let (page, to_all) = (self.with_rows(page).await?, !self.behind().is_empty());
            for told in page {
                self.hub().tell(&told, to_all);
                // Where thousands are told, others have their turn between two changes.
                tokio::task::consume_budget().await;
            }
        }
    }

    /// The changes with their rows. Those of a table that is behind are left to who can tell.
    async fn with_rows(&self, page: Vec<Entry>) -> Result<Vec<Told>, Error> {
        let last = page.last().map_or(0, position_of);
        let mut changes: Vec<Result<Change, Unreadable>> =
            page.into_iter().map(|entry| entry.map(Change::from)).collect();
        let ids = |of: &'static dyn Projection, is_wanted: fn(&Resource) -> bool| -> Vec<String> {
            if self.has(of, last).is_err() {
                return Vec::new();
            }
            let touched = changes.iter().flatten().filter(|change| change.kind(Some(0)).is_some());
            let objects = touched.filter_map(|change| change.object.as_ref());
            objects.filter(|object| is_wanted(&object.kind)).map(ObjectRef::id).collect()
        };
        let (pods, workloads) = (ids(&Pods, |kind| *kind == Resource::POD), ids(&Workloads, Resource::is_workload));
        let mut rows: HashMap<String, ChangedRow> =
            pods.iter().chain(&workloads).map(|id| (id.clone(), ChangedRow::Gone)).collect();
        // For all who are told: each stream shows of them what its reader may see.
        let everything = Scope::everything();
        if !pods.is_empty() {
            let found = pods::get_many(self.own(), &everything, &pods).await?;
            rows.extend(found.into_iter().map(|row| (row.id.clone(), ChangedRow::Pod(Arc::new(row)))));
        }
        if !workloads.is_empty() {
            let found = workloads::get_many(self.own(), &everything, &workloads).await?;
            rows.extend(found.into_iter().map(|row| (row.id.clone(), ChangedRow::Workload(Arc::new(row)))));
        }
        for change in changes.iter_mut().flatten() {
            let row = change.object.as_ref().and_then(|object| rows.get(&object.id()));
            if let (Some(row), Some(_)) = (row, change.kind(Some(0))) {
                change.row = row.clone();
            }
        }
        Ok(changes.into_iter().map(shared).collect())
    }

    /// Every event after `after` that concerns one of `topics` and that the projection folds and has taken in, for ever; None: from
    /// now on. Some that concern none of them come too: whoever asks filters. A position beyond the end of the log is [`Error::Ahead`]. Where the projection does
    /// not go on, others beyond, it ends with [`Error::Behind`]. What asks the database is boxed: a subscriber who has caught up
    /// keeps no room for it.
    pub fn changes(
        &self,
        of: &'static dyn Projection,
        topics: Vec<Topic>,
        after: Option<i64>,
    ) -> impl Stream<Item = Result<Arc<Change>, Error>> + Send + use<> {
        let this = self.clone();
        let after = after.map(|after| if is_planted(Bug::ResumeRepeats) { (after - 1).max(0) } else { after });
        let start = after.or(self.known());
        try_stream! {
            let mut last = Box::pin(this.begin(of, start)).await?;
            loop {
                let live = this.hub().subscribe(&topics);
                let until = live.as_ref().map_or_else(|| this.position(), |live| live.since);
                while last < until {
                    for entry in Box::pin(feed::read(this.pool(), last, until, PAGE)).await? {
                        last = position_of(&entry);
                        if let Some(change) = this.told_to(of, shared(entry.map(Change::from))).await? {
                            yield change;
                        }
                    }
                }
                let Some(mut live) = live else {
                    sleep(POLL).await;
                    continue;
                };
                while let Some(told) = live.next().await {
                    if position_of_told(&told) > last {
                        last = position_of_told(&told);
                        if let Some(change) = this.told_to(of, told).await? {
                            yield change;
                        }
                    }
                }
            }
        }
    }

    /// What a subscriber of a projection is told: nothing of what it does not fold, and an error where it does not have the event.
    async fn told_to(&self, of: &'static dyn Projection, told: Told) -> Result<Option<Arc<Change>>, Error> {
        if !of.reads(stream_of_told(&told)) {
            return Ok(None);
        }
        self.has(of, position_of_told(&told))?;
        match told {
            Ok(change) => Ok(Some(change)),
            Err(event) => {
                let found = Box::pin(quarantine::of(self.pool(), &[of])).await?;
                let is_passed_over = quarantine::positions(&found, of).contains(&event.position);
                if is_passed_over { Ok(None) } else { Err(Arc::unwrap_or_clone(event).into()) }
            }
        }
    }

    async fn begin(&self, of: &'static dyn Projection, start: Option<i64>) -> Result<i64, Error> {
        let Some(position) = start else { return self.look().await };
        if position > self.position() {
            let head = self.head().await?;
            if position > head {
                return Err(Error::Ahead { position, head });
            }
        }
        // Not where it is behind only because nobody has got there yet.
        self.has(of, position.min(self.position()))?;
        Ok(position)
    }
}

fn shared(change: Result<Change, Unreadable>) -> Told {
    change.map(Arc::new).map_err(Arc::new)
}

pub(crate) fn position_of_told(told: &Told) -> i64 {
    told.as_ref().map_or_else(|event| event.position, |change| change.position())
}

fn stream_of_told(told: &Told) -> &str {
    told.as_ref().map_or_else(|event| event.stream.as_str(), |change| change.recorded.stream.as_str())
}
