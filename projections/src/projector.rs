//! Takes the log in, batch by batch: the rows of all projections and their checkpoints move in one transaction.
//!
//! An event that cannot be read stops it right before that event, with an error that names the position. It is tried
//! again with back-off, for a newer version may know it, and is never skipped.

use crate::{
    Error, Projections, checkpoints, feed, feed::PAGE, handle::POLL, lease::Lease, projection::Projection,
    rebuild::Rebuild, registry::PROJECTIONS,
};
use chrono::Utc;
use domain::envelope::Recorded;
use sqlx::{Connection, PgConnection};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

const STANDBY: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);

/// How a time of leading ended without a failure.
enum Ended {
    Shutdown,
    /// Another process leads.
    Standby,
}

pub(crate) async fn run(projections: &Projections, owner: &str, shutdown: &CancellationToken) {
    let mut trouble = Trouble::default();
    while !shutdown.is_cancelled() {
        let pause = match lead(projections, owner, shutdown, &mut trouble).await {
            Ok(Ended::Shutdown) => return,
            Ok(Ended::Standby) => STANDBY,
            Err(error) => trouble.met(&error),
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn lead(
    projections: &Projections,
    owner: &str,
    shutdown: &CancellationToken,
    trouble: &mut Trouble,
) -> Result<Ended, Error> {
    let mut db = projections.own().acquire().await?;
    let Some(mut lease) = Lease::take(&mut db, owner).await? else { return Ok(Ended::Standby) };
    let ended = follow(projections, &mut db, &mut lease, shutdown, trouble).await;
    if matches!(ended, Ok(Ended::Shutdown)) {
        lease.release(&mut db).await?;
    }
    ended
}

async fn follow(
    projections: &Projections,
    db: &mut PgConnection,
    lease: &mut Lease,
    shutdown: &CancellationToken,
    trouble: &mut Trouble,
) -> Result<Ended, Error> {
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
                () = shutdown.cancelled() => return Ok(Ended::Shutdown),
                () = projections.hinted() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        } else if shutdown.is_cancelled() {
            return Ok(Ended::Shutdown);
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
    rebuild.switch(lease.fence).await?;
    tracing::info!(projections = ?names, position = claim.position, "rebuilt");
    Ok(())
}

/// Says a failure once, not at every try.
#[derive(Default)]
struct Trouble {
    last: Option<String>,
    tries: u32,
}

impl Trouble {
    /// How long to wait before the next try.
    fn met(&mut self, error: &Error) -> Duration {
        let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
        let words = format!("{error}{source}");
        if self.last.as_ref() != Some(&words) {
            tracing::error!(error = %words, "the read model has stopped; trying again");
            self.last = Some(words);
        }
        let pause = Duration::from_millis(200).saturating_mul(2_u32.saturating_pow(self.tries));
        self.tries = self.tries.saturating_add(1);
        pause.min(LONGEST_BACK_OFF)
    }

    fn is_over(&mut self) {
        if self.last.take().is_some() {
            tracing::info!("the read model goes on");
        }
        self.tries = 0;
    }
}
