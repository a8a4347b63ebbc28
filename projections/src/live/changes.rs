//! Live changes: every event that a projection has applied, in order, without gap or duplicate, from any position. When
//! the projection stops, its stream ends with an error at the same event; other streams continue.
//!
//! One reader follows the log and loads the changed rows once for all subscribers. [`hub`] hands them to the
//! subscribers of the topic. A subscriber reads the log itself until it has caught up, and again whenever it falls
//! behind. So memory is bounded and nothing is lost.

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

/// An event that the read model has applied.
#[derive(Clone, Debug)]
pub struct Change {
    pub recorded: Arc<Recorded>,
    /// The object of a `target:` or `observed:` stream.
    pub object: Option<ObjectRef>,
    /// The operation that the event belongs to.
    pub operation: Option<OperationId>,
    /// The changed row.
    pub row: ChangedRow,
}

/// What the reader of changes publishes for an event.
pub(crate) type Told = Result<Arc<Change>, Arc<Unreadable>>;

/// The row that an event changed, loaded once for all subscribers. It has the state after the event, or a later one.
#[derive(Clone, Debug)]
pub enum ChangedRow {
    /// Not loaded: the event was read from the log, changes no row of these tables, or is not applied to them yet.
    Unread,
    /// The row no longer exists.
    Gone,
    Pod(Arc<pods::Pod>),
    Workload(Arc<workloads::Workload>),
}

/// What an event changed in the row of its object.
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

/// The operation that an event belongs to.
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

    /// What the event changed in the row of its object. None if nothing. `added` is the row's `added_position`; None if
    /// there is no row.
    pub fn kind(&self, added: Option<i64>) -> Option<ChangeKind> {
        match &self.recorded.event {
            // The number of requests is part of the version that clients send back.
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
    /// The one reader of changes of this process. Runs until `shutdown`, whichever process projects.
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
        // Also polls while notifications arrive: they give the progress of the read model, not of the log.
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

    /// Publishes what was projected since the last call. Reads nothing without subscribers.
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
                // With thousands of subscribers, other tasks must run between two changes.
                tokio::task::consume_budget().await;
            }
        }
    }

    /// Adds the rows to the changes. Rows of a lagging projection are left out.
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
        // Loaded for all subscribers: each stream filters by the scope of its reader.
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

    /// Every applied event after `after` that concerns one of `topics` and belongs to the projection, for ever. None:
    /// from now on. Some other events may be included, so the caller filters. [`Error::Ahead`] for a position beyond
    /// the end of the log. [`Error::Behind`] where the projection stopped while others continue. Database calls are
    /// boxed, so that a caught-up subscriber keeps no memory for them.
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

    /// What a subscriber of a projection receives: nothing that it does not fold, and an error if it has not applied
    /// the event.
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
        // A position that no projection has reached yet is not an error.
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
