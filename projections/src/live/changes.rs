//! Live changes: every event that a projection has applied, in order, without gap or duplicate, from any position. When
//! the projection stops, its stream ends with an error at the same event; other streams continue.
//!
//! One reader follows the log and loads the changed rows once for all subscribers. [`hub`] hands them to the
//! subscribers of the topic. A subscriber reads the log itself until it has caught up, and again whenever it falls
//! behind. So memory is bounded and nothing is lost.
//!
//! [`hub`]: super::hub

use super::{
    change::{Change, ChangedRow, Published, published_position, published_stream, shared},
    hub::Topic,
};
use crate::{
    Error, Projections,
    engine::{
        feed::{self, Entry, PAGE, Unreadable, position_of},
        projection::Projection,
        quarantine,
    },
    handle::POLL,
};
use async_stream::try_stream;
use domain::{
    core::planted::{Bug, is_planted},
    kubernetes::object::ObjectRef,
};
use futures::Stream;
use std::{collections::HashMap, sync::Arc};
use tokio::time::{MissedTickBehavior, sleep};
use tokio_util::sync::CancellationToken;

impl Projections {
    /// The one reader of changes of this process. Runs until `shutdown`, whichever process projects.
    pub async fn run_changes(&self, shutdown: CancellationToken) {
        let notifications = crate::engine::listen::listen(self.own(), "projected", &shutdown, |notification| {
            if let Ok(positions) = notification.payload().parse() {
                self.notified(positions);
            }
        });
        tokio::join!(self.follow_changes(&shutdown), notifications);
    }

    async fn follow_changes(&self, shutdown: &CancellationToken) {
        let mut progress = self.watch();
        let mut failing = false;
        // Also polls while notifications arrive: they give the progress of the read model, not of the log.
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = self.publish().await;
            if let Err(error) = &outcome
                && !failing
            {
                tracing::error!(error = %error, "changes cannot be read; trying again");
            }
            failing = outcome.is_err();
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = progress.changed(), if !failing => {}
                _ = poll.tick() => {
                    if let Err(error) = self.look().await {
                        tracing::debug!(error = %error, "the checkpoints cannot be read");
                    }
                }
            }
        }
    }

    /// Publishes what was projected since the last call. Reads nothing without subscribers.
    async fn publish(&self) -> Result<(), Error> {
        loop {
            let until = match self.known_position() {
                Some(position) => position,
                None => self.look().await?,
            };
            let published = self.hub().published(until);
            if published >= until {
                return Ok(());
            }
            let page = match self.just_applied(published, until) {
                Some(page) => page,
                None => feed::read(self.own(), self.keys(), published, until, PAGE).await?,
            };
            let (page, to_all) = (self.with_rows(page).await?, !self.behind().is_empty());
            for change in page {
                self.hub().publish(&change, to_all);
                // With thousands of subscribers, other tasks must run between two changes.
                tokio::task::consume_budget().await;
            }
        }
    }

    /// Adds the rows to the changes. Rows of a lagging projection are left out.
    async fn with_rows(&self, page: Vec<Entry>) -> Result<Vec<Published>, Error> {
        let last = page.last().map_or(0, position_of);
        let mut changes: Vec<Result<Change, Unreadable>> =
            page.into_iter().map(|entry| entry.map(Change::from)).collect();
        let mut rows: HashMap<String, ChangedRow> = HashMap::new();
        for model in self.rows() {
            if self.has(model.projection(), last).is_err() {
                continue;
            }
            let touched = changes.iter().flatten().filter(|change| change.kind(Some(0)).is_some());
            let objects = touched.filter_map(|change| change.object.as_ref());
            let ids: Vec<String> = objects.filter(|object| model.holds(&object.kind)).map(ObjectRef::id).collect();
            if ids.is_empty() {
                continue;
            }
            let found = model.load(self.own(), &ids).await?;
            rows.extend(ids.into_iter().map(|id| (id, ChangedRow::Gone)));
            rows.extend(found.into_iter().map(|(id, row)| (id, ChangedRow::Row(row))));
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
        let start = after.or(self.known_position());
        try_stream! {
            let mut last = Box::pin(this.begin(of, start)).await?;
            loop {
                let live = this.hub().subscribe(&topics);
                let until = live.as_ref().map_or_else(|| this.position(), |live| live.since);
                while last < until {
                    for entry in Box::pin(feed::read(this.pool(), this.keys(), last, until, PAGE)).await? {
                        last = position_of(&entry);
                        if let Some(change) = this.deliver(of, shared(entry.map(Change::from))).await? {
                            yield change;
                        }
                    }
                }
                let Some(mut live) = live else {
                    sleep(POLL).await;
                    continue;
                };
                while let Some(published) = live.next().await {
                    if published_position(&published) > last {
                        last = published_position(&published);
                        if let Some(change) = this.deliver(of, published).await? {
                            yield change;
                        }
                    }
                }
            }
        }
    }

    /// The change for a subscriber of the projection `of`. None if the projection does not fold the event. An error if
    /// it has not applied it.
    async fn deliver(&self, of: &'static dyn Projection, published: Published) -> Result<Option<Arc<Change>>, Error> {
        if !of.reads(published_stream(&published)) {
            return Ok(None);
        }
        self.has(of, published_position(&published))?;
        match published {
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
