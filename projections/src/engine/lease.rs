//! Leases: one leader at a time, by a row that expires. The clock is that of the database. The fence grows with every
//! change of owner, so that an old leader cannot write.

use crate::Error;
use sqlx::PgConnection;
use std::{
    pin::pin,
    time::{Duration, Instant},
};

/// Long enough for a slow batch, short enough that a dead leader is replaced quickly.
const SECONDS: i32 = 5;
const RENEW_AFTER: Duration = Duration::from_secs(1);

pub struct Lease {
    name: &'static str,
    pub fence: i64,
    renewed: Instant,
}

impl Lease {
    /// Takes the lease if no other process holds it.
    pub async fn take(db: &mut PgConnection, name: &'static str, owner: &str) -> Result<Option<Self>, Error> {
        let renewed = Instant::now();
        let fence: Option<i64> = sqlx::query_scalar(
            "INSERT INTO public.leases AS held (name, owner, fence, lease_until) \
             VALUES ($1, $2, nextval('public.lease_fence'), clock_timestamp() + make_interval(secs => $3)) \
             ON CONFLICT (name) DO UPDATE \
             SET owner = excluded.owner, fence = excluded.fence, lease_until = excluded.lease_until \
             WHERE held.owner = excluded.owner OR held.lease_until < clock_timestamp() \
             RETURNING fence",
        )
        .bind(name)
        .bind(owner)
        .bind(SECONDS)
        .fetch_optional(db)
        .await?;
        Ok(fence.map(|fence| Self { name, fence, renewed }))
    }

    /// Renews the lease when it is due. [`Error::Fenced`] if another process has it.
    pub async fn keep(&mut self, db: &mut PgConnection) -> Result<(), Error> {
        if self.renewed.elapsed() < RENEW_AFTER {
            return Ok(());
        }
        let renewed = Instant::now();
        // The commit does not wait for the disk: a renewal lost in a crash only ends the lease earlier.
        let kept: i64 = sqlx::query_scalar(
            "WITH kept AS (UPDATE public.leases SET lease_until = clock_timestamp() + make_interval(secs => $3) \
             WHERE name = $1 AND fence = $2 RETURNING 1) \
             SELECT count(*) FROM kept, set_config('synchronous_commit', 'off', true)",
        )
        .bind(self.name)
        .bind(self.fence)
        .bind(SECONDS)
        .fetch_one(db)
        .await?;
        self.renewed = renewed;
        if kept == 1 { Ok(()) } else { Err(Error::Fenced) }
    }

    /// Renews the lease during long work. Drops the work if the lease is lost.
    pub async fn keep_during<T>(&mut self, db: &mut PgConnection, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(RENEW_AFTER) => self.keep(db).await?,
            }
        }
    }

    /// Releases the lease, so that the next leader need not wait.
    pub async fn release(self, db: &mut PgConnection) -> Result<(), Error> {
        sqlx::query("DELETE FROM public.leases WHERE name = $1 AND fence = $2")
            .bind(self.name)
            .bind(self.fence)
            .execute(db)
            .await?;
        Ok(())
    }
}
