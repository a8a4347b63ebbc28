//! The projector applies the log batch by batch. Rows and checkpoints of all running projections move in one
//! transaction.
//!
//! A projection that cannot apply an event stops before it and becomes lagging ([`crate::engine::lagging`]); the others
//! continue. A problem of the database, or of the whole log, stops all of them and is retried with back-off. Nothing is
//! ever skipped.

use crate::{
    Error, Projections,
    engine::{
        checkpoints::{self, Claim},
        feed::{self, Entry, PAGE, position_of},
        fold,
        lagging::Lagging,
        leader::{Duty, Leading},
        lease::Lease,
        progress::Positions,
        projection::Projection,
        quarantine,
        rebuild::Rebuild,
    },
    handle::POLL,
};
use chrono::Utc;
use domain::{
    core::{
        event::Event,
        planted::{Bug, is_planted},
    },
    platform::projection::ProjectionEvent,
};
use futures::future::BoxFuture;
use sqlx::{Connection, PgConnection};
use std::collections::{BTreeMap, BTreeSet};

/// A duty of one process at a time.
pub struct Projector<'a>(pub &'a Projections);

impl Duty for Projector<'_> {
    fn name(&self) -> &'static str {
        "projector"
    }

    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(follow(self.0, leading))
    }
}

async fn follow(projections: &Projections, leading: Leading<'_>) -> Result<(), Error> {
    let Leading { db, lease, shutdown, trouble } = leading;
    let mut projecting = Projecting::begin(projections, db, lease).await?;
    loop {
        lease.keep(db).await?;
        let time = Utc::now();
        let page = projecting.read(db).await?;
        let is_last = (page.len() as i64) < PAGE;
        projecting.take_in(db, &page).await?;
        projections.applied(page, projecting.positions());
        projecting.bring_up(db, lease).await?;
        trouble.is_over();
        if is_last && !projecting.lagging.iter().any(Lagging::is_due) {
            if !projecting.running.is_empty() {
                projections.aim(projecting.position, time);
            }
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = projections.hinted() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        } else if shutdown.is_cancelled() {
            return Ok(());
        }
    }
}

/// All projections of the leader.
struct Projecting<'a> {
    projections: &'a Projections,
    fence: i64,
    /// The position of the running projections.
    position: i64,
    running: Vec<&'static dyn Projection>,
    /// The lagging projections.
    lagging: Vec<Lagging>,
    /// The quarantined events of each projection.
    passed_over: BTreeMap<String, BTreeSet<i64>>,
}

impl<'a> Projecting<'a> {
    /// Claims the checkpoints and rebuilds outdated projections.
    async fn begin(projections: &'a Projections, db: &mut PgConnection, lease: &mut Lease) -> Result<Self, Error> {
        let Claim { position, mut behind, outdated } = checkpoints::claim(db, projections.list(), lease.fence).await?;
        if !outdated.is_empty() {
            behind.extend(rebuild(projections, db, lease, outdated, position).await?);
        }
        let running = projections.list().to_vec();
        let (lagging, passed_over) = (Vec::new(), BTreeMap::new());
        let mut this = Self { projections, fence: lease.fence, position, running, lagging, passed_over };
        for (projection, at) in behind {
            this.set_lagging(projection.name(), at);
        }
        for projection in projections.list() {
            match quarantine::of(&mut *db, &[*projection]).await {
                Ok(found) => this.passes_over(projection.name(), quarantine::positions(&found, *projection)),
                // The projection meets the error itself and stops.
                Err(Error::Codec { .. }) => this.set_lagging(projection.name(), position),
                Err(error) => return Err(error),
            }
        }
        Ok(this)
    }

    fn passes_over(&mut self, name: &str, positions: impl IntoIterator<Item = i64>) {
        self.passed_over.entry(name.to_owned()).or_default().extend(positions);
    }

    fn set_lagging(&mut self, name: &str, position: i64) {
        let leaving = self.running.extract_if(.., |projection| projection.name() == name);
        self.lagging.extend(leaving.map(|projection| Lagging::new(projection, position, self.projections)));
    }

    fn positions(&self) -> Positions {
        let behind = self.lagging.iter().map(|one| (one.projection.name().to_owned(), one.position));
        Positions { position: self.position, behind: behind.collect() }
    }

    /// Reads the next page for the running projections.
    async fn read(&self, db: &mut PgConnection) -> Result<Vec<Entry>, Error> {
        if self.running.is_empty() {
            return Ok(Vec::new());
        }
        feed::read(db, self.projections.keys(), self.position, i64::MAX, PAGE).await
    }

    /// Applies one complete batch to all projections that can take it. One that cannot becomes lagging, and the others
    /// retry without it.
    async fn take_in(&mut self, db: &mut PgConnection, page: &[Entry]) -> Result<(), Error> {
        let Some(last) = page.last() else { return Ok(()) };
        let from = std::mem::replace(&mut self.position, position_of(last));
        for event in page.iter().flatten() {
            if let Event::Projection(ProjectionEvent::EventQuarantined { projection, position }) = &event.event {
                self.passes_over(projection, [*position]);
                self.lagging.iter_mut().filter(|one| one.projection.name() == projection).for_each(Lagging::hasten);
            }
        }
        let unreadable: Vec<_> = page.iter().filter_map(|entry| entry.as_ref().err()).collect();
        let cannot_read = |of: &&&'static dyn Projection| {
            let passed_over = self.passed_over_by(**of);
            unreadable.iter().any(|event| of.reads(&event.stream) && !passed_over.contains(&event.position))
        };
        let cannot_read: Vec<&str> = self.running.iter().filter(cannot_read).map(|of| of.name()).collect();
        for name in cannot_read {
            self.stop(db, name, from).await?;
        }
        while !self.running.is_empty() {
            match self.apply_batch(db, from, page).await {
                Err(Error::Fold { projection, .. }) => self.stop(db, projection, from).await?,
                outcome => return outcome,
            }
        }
        self.position = from;
        Ok(())
    }

    /// Makes a projection lagging and brings it to the event that stops it, before the positions are published.
    async fn stop(&mut self, db: &mut PgConnection, name: &str, from: i64) -> Result<(), Error> {
        self.set_lagging(name, from);
        let (until, fence) = (self.position, self.fence);
        for one in self.lagging.iter_mut().filter(|one| one.projection.name() == name) {
            one.go_on(db, until, fence).await?;
        }
        Ok(())
    }

    fn passed_over_by(&self, of: &dyn Projection) -> &BTreeSet<i64> {
        static NOTHING: BTreeSet<i64> = BTreeSet::new();
        self.passed_over.get(of.name()).unwrap_or(&NOTHING)
    }

    async fn apply_batch(&self, db: &mut PgConnection, from: i64, page: &[Entry]) -> Result<(), Error> {
        let mut tx = db.begin().await?;
        checkpoints::advance(&mut tx, &self.running, from, &self.positions(), self.fence).await?;
        if is_planted(Bug::CheckpointAlone) {
            tx.commit().await?;
            tx = db.begin().await?;
        }
        for projection in &self.running {
            let (own, _) = fold::own(*projection, page, self.passed_over_by(*projection));
            fold::apply(*projection, &mut tx, &self.projections.keys().opened(), &own).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Each lagging projection applies at most one page, and joins the running ones when it has caught up. If none is
    /// running, the one furthest ahead becomes the running one.
    async fn bring_up(&mut self, db: &mut PgConnection, lease: &mut Lease) -> Result<(), Error> {
        if self.lagging.is_empty() {
            return Ok(());
        }
        let until = if self.running.is_empty() { i64::MAX } else { self.position };
        for one in self.lagging.iter_mut().filter(|one| one.is_due()) {
            lease.keep(db).await?;
            one.go_on(db, until, self.fence).await?;
        }
        self.position = self.lagging.iter().map(|one| one.position).fold(self.position, i64::max);
        let position = self.position;
        let there = self.lagging.extract_if(.., |one| one.position == position && !one.has_stopped());
        self.running.extend(there.map(|one| one.projection));
        self.projections.applied(Vec::new(), self.positions());
        Ok(())
    }
}

/// Rebuilds outdated projections beside the live tables, then switches. Reads see the old rows until the switch
/// commits. Returns those that stopped at an event, with their positions.
async fn rebuild(
    projections: &Projections,
    db: &mut PgConnection,
    lease: &mut Lease,
    outdated: Vec<&'static dyn Projection>,
    position: i64,
) -> Result<Vec<(&'static dyn Projection, i64)>, Error> {
    let names: Vec<&str> = outdated.iter().map(|projection| projection.name()).collect();
    tracing::info!(projections = ?names, position, "rebuilding from the log");
    let outdated = outdated.into_iter().map(|projection| (projection, position)).collect();
    let mut rebuild = Rebuild::start(projections.own(), projections.keys(), outdated).await?;
    // A page with a poison event is applied event by event, which is slow.
    while lease.keep_during(db, rebuild.step()).await??.is_some() {
        lease.keep(db).await?;
    }
    let fence = lease.fence;
    lease.keep_during(db, rebuild.switch(fence)).await??;
    tracing::info!(projections = ?names, position, "rebuilt");
    let stopped = rebuild.builds().iter().filter(|build| build.position < position);
    Ok(stopped.map(|build| (build.projection, build.position)).collect())
}
