//! Work that one process does at a time: whoever holds its lease, for as long as it can. A failure is tried again with
//! back-off, for ever, and said once.

use crate::{Error, Projections, lease::Lease, with_source};
use futures::future::BoxFuture;
use sqlx::PgConnection;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const STANDBY: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);

/// What the one who leads does.
pub trait Duty: Sync {
    /// The name of its lease, and of itself in what is said about it.
    fn name(&self) -> &'static str;

    /// Does it until it is told to stop.
    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>>;
}

/// What the one who leads has.
pub struct Leading<'a> {
    pub db: &'a mut PgConnection,
    pub lease: &'a mut Lease,
    pub shutdown: &'a CancellationToken,
    pub trouble: &'a mut Trouble,
}

/// Leads whenever nobody else does, until `shutdown`.
pub async fn run(duty: &dyn Duty, projections: &Projections, owner: &str, shutdown: &CancellationToken) {
    let mut trouble = Trouble { duty: duty.name(), projections: projections.clone(), last: None, tries: 0 };
    while !shutdown.is_cancelled() {
        let pause = match lead(duty, projections, owner, shutdown, &mut trouble).await {
            Ok(()) => STANDBY,
            Err(error) => trouble.met(&error),
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn lead(
    duty: &dyn Duty,
    projections: &Projections,
    owner: &str,
    shutdown: &CancellationToken,
    trouble: &mut Trouble,
) -> Result<(), Error> {
    let mut db = projections.own().acquire().await?;
    let Some(mut lease) = Lease::take(&mut db, duty.name(), owner).await? else { return Ok(()) };
    duty.lead(Leading { db: &mut db, lease: &mut lease, shutdown, trouble }).await?;
    lease.release(&mut db).await
}

/// What keeps a duty from being done: said once, not at every try, and an alarm until it is over.
pub struct Trouble {
    duty: &'static str,
    projections: Projections,
    last: Option<String>,
    tries: u32,
}

impl Trouble {
    /// How long to wait before the next try.
    fn met(&mut self, error: &Error) -> Duration {
        self.found(with_source(error));
        let pause = Duration::from_millis(200).saturating_mul(2_u32.saturating_pow(self.tries));
        self.tries = self.tries.saturating_add(1);
        pause.min(LONGEST_BACK_OFF)
    }

    /// Something is wrong that does not keep it from going on.
    pub fn found(&mut self, words: String) {
        if self.last.as_ref() != Some(&words) {
            tracing::error!(duty = self.duty, error = %words, "duty.trouble");
            self.projections.alarm(self.duty, true);
            self.last = Some(words);
        }
    }

    /// It works again.
    pub fn is_over(&mut self) {
        if self.last.take().is_some() {
            tracing::info!(duty = self.duty, "duty.goes_on");
            self.projections.alarm(self.duty, false);
        }
        self.tries = 0;
    }
}
