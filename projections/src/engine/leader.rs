//! Duties that one process does at a time: the holder of the lease. A failure or a panic is retried with back-off, for
//! ever, and logged once.

use crate::{
    Error, Projections,
    engine::{fold, lease::Lease},
    with_source,
};
use futures::future::BoxFuture;
use sqlx::PgConnection;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const STANDBY: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);

/// A duty of the leader.
pub trait Duty: Sync {
    /// The name of its lease, its alarm and its log lines.
    fn name(&self) -> &'static str;

    /// Runs until shutdown.
    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>>;
}

/// The resources of the leader.
pub struct Leading<'a> {
    pub db: &'a mut PgConnection,
    pub lease: &'a mut Lease,
    pub shutdown: &'a CancellationToken,
    pub trouble: &'a mut Trouble,
}

/// Leads whenever no other process does, until `shutdown`.
pub async fn run(duty: &dyn Duty, projections: &Projections, owner: &str, shutdown: &CancellationToken) {
    let mut trouble = Trouble::new(duty.name().to_owned(), projections);
    while !shutdown.is_cancelled() {
        let pause = match fold::caught(lead(duty, projections, owner, shutdown, &mut trouble)).await {
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
    let Some(mut lease) = Lease::take(&mut db, duty.name(), owner).await? else {
        // Another process leads now and reports its own trouble.
        trouble.is_over();
        return Ok(());
    };
    // A dropped or panicked duty may leave a transaction open on the connection.
    db.close_on_drop();
    duty.lead(Leading { db: &mut db, lease: &mut lease, shutdown, trouble }).await?;
    lease.release(&mut db).await
}

/// The trouble of a duty: logged once and not at each retry, and an alarm until it is over or another process leads.
pub struct Trouble {
    duty: String,
    projections: Projections,
    last: Option<String>,
    tries: u32,
}

impl Trouble {
    pub fn new(duty: String, projections: &Projections) -> Self {
        Self { duty, projections: projections.clone(), last: None, tries: 0 }
    }

    pub const fn is_on(&self) -> bool {
        self.last.is_some()
    }

    /// Records an error and returns the pause before the next try.
    pub fn met(&mut self, error: &Error) -> Duration {
        self.found(with_source(error));
        let pause = Duration::from_millis(200).saturating_mul(2_u32.saturating_pow(self.tries));
        self.tries = self.tries.saturating_add(1);
        pause.min(LONGEST_BACK_OFF)
    }

    /// Records a problem that does not stop the duty.
    pub fn found(&mut self, words: String) {
        if self.last.as_ref() != Some(&words) {
            tracing::error!(duty = %self.duty, error = %words, "duty.trouble");
            self.projections.alarm(&self.duty, true);
            self.last = Some(words);
        }
    }

    /// Ends the trouble.
    pub fn is_over(&mut self) {
        if self.last.take().is_some() {
            tracing::info!(duty = %self.duty, "duty.goes_on");
            self.projections.alarm(&self.duty, false);
        }
        self.tries = 0;
    }
}

impl Drop for Trouble {
    fn drop(&mut self) {
        self.projections.alarm(&self.duty, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::sealing::SealingKeys;

    fn sealing() -> Arc<SealingKeys> {
        Arc::new(SealingKeys::parse(&format!("test {}", "5e".repeat(32))).expect("a key"))
    }

    use sqlx::{Connection, PgPool, postgres::PgPoolOptions};
    use std::{
        future::poll_fn,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        task::Poll,
    };

    /// Panics the first time, and returns at once the second time.
    struct Nervous {
        projections: Projections,
        has_panicked: AtomicBool,
    }

    impl Duty for Nervous {
        fn name(&self) -> &'static str {
            "nervous"
        }

        fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
            Box::pin(async move {
                assert!(self.has_panicked.swap(true, Ordering::Relaxed), "this is too much");
                assert_eq!(self.projections.alarms(), ["nervous"]);
                leading.trouble.is_over();
                leading.shutdown.cancel();
                Ok(())
            })
        }
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn a_panic_is_an_alarm_and_the_duty_is_done_again(pool: PgPool) {
        let projections = Projections::new(pool, sealing());
        let duty = Nervous { projections: projections.clone(), has_panicked: AtomicBool::new(false) };
        let shutdown = CancellationToken::new();
        let led = run(&duty, &projections, "a", &shutdown);
        tokio::time::timeout(Duration::from_secs(60), led).await.expect("it goes on after the panic");
        assert!(projections.alarms().is_empty());
        projections.close().await;
    }

    /// Begins transactions and commits them, for ever.
    struct Restless;

    impl Duty for Restless {
        fn name(&self) -> &'static str {
            "restless"
        }

        fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
            Box::pin(async move {
                loop {
                    leading.db.begin().await?.commit().await?;
                }
            })
        }
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn a_duty_that_is_dropped_leaves_no_open_transaction(pool: PgPool) {
        // The pool of a test keeps no connection for the next one.
        let kept = PgPoolOptions::new().connect_lazy_with((*pool.connect_options()).clone());
        let (projections, shutdown) = (Projections::new(kept, sealing()), CancellationToken::new());
        let open =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'";
        for times in 0..30 {
            // Connecting takes a thousand polls.
            drop(projections.own().acquire().await.expect("a connection"));
            while projections.own().num_idle() == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let mut left = times;
            let mut led = Box::pin(run(&Restless, &projections, "a", &shutdown));
            poll_fn(|context| {
                left -= i32::from(led.as_mut().poll(context).is_pending());
                if left < 0 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            drop(led);
            let closed = async {
                while sqlx::query_scalar::<_, i64>(open).fetch_one(&pool).await.expect("a count") > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            let closed = tokio::time::timeout(Duration::from_secs(20), closed).await;
            assert!(closed.is_ok(), "a transaction stays open after {times} polls");
        }
        projections.close().await;
    }
}
