//! Leadership among replicas: a row with an owner and an expiry, by the clock of the database.
//!
//! Promises one owner at a time in the database. A process that slept past its lease may still believe that it leads
//! until its next renewal. The versions of the streams protect against what it appends meanwhile. Tested in
//! tests/faults, where gateways sleep past their lease.

use super::call::limited;
use sqlx::PgPool;
use std::time::Duration;

/// How long a lease lasts without renewal.
pub const LEASE: Duration = Duration::from_secs(5);

/// Takes or renews the lease `name`. Returns whether this owner holds it.
pub async fn hold(pool: &PgPool, name: &str, owner: &str) -> Result<bool, sqlx::Error> {
    let held = sqlx::query(
        "INSERT INTO leases AS l (name, owner, fence, lease_until) \
         VALUES ($1, $2, nextval('lease_fence'), clock_timestamp() + $3) \
         ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until, \
             fence = CASE WHEN l.owner = excluded.owner THEN l.fence ELSE excluded.fence END \
         WHERE l.owner = excluded.owner OR l.lease_until < clock_timestamp()",
    )
    .bind(name)
    .bind(owner)
    .bind(LEASE);
    Ok(limited(held.execute(pool)).await?.rows_affected() == 1)
}

/// Releases the lease, so that another replica need not wait for its expiry.
pub async fn release(pool: &PgPool, name: &str, owner: &str) -> Result<(), sqlx::Error> {
    let given_up = sqlx::query("DELETE FROM leases WHERE name = $1 AND owner = $2").bind(name).bind(owner);
    limited(given_up.execute(pool)).await.map(drop)
}

/// Whether anybody holds the lease.
pub async fn is_held(pool: &PgPool, name: &str) -> Result<bool, sqlx::Error> {
    let held = "SELECT EXISTS (SELECT FROM leases WHERE name = $1 AND lease_until > clock_timestamp())";
    limited(sqlx::query_scalar(held).bind(name).fetch_one(pool)).await
}
