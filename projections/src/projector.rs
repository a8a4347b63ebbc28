//! Takes the log in, batch by batch: the rows of all projections and their checkpoints move in one transaction.
//!
//! An event that cannot be read stops it right before that event, with an error that names the position. It is tried
//! again with back-off, for a newer version may know it, and is never skipped.

use crate::{
    Error, Projections, checkpoints, feed,
    feed::PAGE,
    handle::POLL,
    leader::{Duty, Leading},
    lease::Lease,
    projection::Projection,
    rebuild::Rebuild,
    registry::PROJECTIONS,
};
use chrono::Utc;
use domain::{
    envelope::Recorded,
    planted::{Bug, is_planted},
};
use futures::future::BoxFuture;
use sqlx::{Connection, PgConnection};
use std::sync::Arc;

/// The duty of one process at a time.
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
    let claim = checkpoints::claim(db, PROJECTIONS, lease.fence).await?;
    let mut position = claim.position;
    if !claim.outdated.is_empty() {
        rebuild(projections, db, lease, claim).await?;
    }
    loop {
        lease.keep(db).await?;
        let time = Utc::now();
        let read = feed::read(&mut *db, position, i64::MAX, PAGE).await?;
        let is_last = (read.events.len() as i64) < PAGE;
        if let Some(last) = read.events.last() {
            let until = last.position;
            take_in(db, PROJECTIONS, position, lease.fence, &read.events).await?;
            position = until;
        }
        projections.took_in(read.events, position);
        if let Some(error) = read.stopped {
            return Err(error);
        }
        trouble.is_over();
        if is_last {
            projections.aim(position, time);
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

/// One batch, whole or not at all.
async fn take_in(
    db: &mut PgConnection,
    projections: &[&'static dyn Projection],
    from: i64,
    fence: i64,
    events: &[Arc<Recorded>],
) -> Result<(), Error> {
    let Some(last) = events.last() else { return Ok(()) };
    let mut tx = db.begin().await?;
    checkpoints::advance(&mut tx, from, last.position, fence, projections.len()).await?;
    if is_planted(Bug::CheckpointAlone) {
        tx.commit().await?;
        tx = db.begin().await?;
    }
    for projection in projections {
        projection.apply(&mut tx, events).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Builds what is outdated beside the live tables, then switches. Reads see the old rows until the switch commits.
async fn rebuild(
    projections: &Projections,
    db: &mut PgConnection,
    lease: &mut Lease,
    claim: checkpoints::Claim,
) -> Result<(), Error> {
    let names: Vec<&str> = claim.outdated.iter().map(|projection| projection.name()).collect();
    tracing::info!(projections = ?names, position = claim.position, "rebuilding from the log");
    let mut rebuild = Rebuild::start(projections.own(), claim.outdated, claim.position).await?;
    while rebuild.step().await? {
        lease.keep(db).await?;
    }
    let fence = lease.fence;
    lease.keep_during(db, rebuild.switch(fence)).await??;
    tracing::info!(projections = ?names, position = claim.position, "rebuilt");
    Ok(())
}
