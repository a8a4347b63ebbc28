//! Leadership over replicas: a row with an owner and an end, judged by the clock of the database.
//!
//! Promises one owner at a time, and that whoever slept past the end of its lease cannot keep it. Tested under
//! tests/faults, where gateways sleep past their lease.

use sqlx::PgPool;
use std::time::Duration;

/// How long a lease holds without being renewed.
pub const LEASE: Duration = Duration::from_secs(5);

/// Takes or renews the lease `name`; the fence when it is held now, None when somebody else holds it. Each change of
/// the owner draws a higher fence.
pub async fn hold(pool: &PgPool, name: &str, owner: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO leases AS l (name, owner, fence, lease_until) \
         VALUES ($1, $2, nextval('lease_fence'), clock_timestamp() + $3) \
         ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until, \
             fence = CASE WHEN l.owner = excluded.owner THEN l.fence ELSE excluded.fence END \
         WHERE l.owner = excluded.owner OR l.lease_until < clock_timestamp() RETURNING fence",
    )
    .bind(name)
    .bind(owner)
    .bind(LEASE)
    .fetch_optional(pool)
    .await
}

/// Gives the lease up, so that another replica need not wait for its end.
pub async fn release(pool: &PgPool, name: &str, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM leases WHERE name = $1 AND owner = $2").bind(name).bind(owner).execute(pool).await?;
    Ok(())
}
