//! How far each projection is. A checkpoint moves only in the transaction that writes the rows, only from the position
//! the projector believes in, and only for the projector that leads.

use crate::{Error, projection::Projection};
use sqlx::{PgConnection, PgExecutor, PgPool};

/// What the checkpoints say when a projector begins to lead.
pub struct Claim {
    /// All projections continue after this event.
    pub position: i64,
    /// Those that must be rebuilt up to `position` first: new, changed, or left behind.
    pub outdated: Vec<&'static dyn Projection>,
}

/// The event up to which all projections have taken in the log.
pub async fn position(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    let position = sqlx::query_scalar("SELECT coalesce(min(position), 0) FROM read.checkpoints");
    Ok(position.fetch_one(db).await?)
}

/// [`position`] and the end of the log, of one moment.
pub async fn position_and_head(pool: &PgPool) -> Result<(i64, i64), Error> {
    let both = sqlx::query_as(
        "SELECT (SELECT coalesce(min(position), 0) FROM read.checkpoints), (SELECT position FROM public.log_head)",
    );
    Ok(both.fetch_one(pool).await?)
}

/// Makes the checkpoints those of the projector with `fence`: from now on no other one moves them.
pub async fn claim(db: &mut PgConnection, projections: &[&'static dyn Projection], fence: i64) -> Result<Claim, Error> {
    let names: Vec<&str> = projections.iter().map(|projection| projection.name()).collect();
    let versions: Vec<i32> = projections.iter().map(|projection| projection.version()).collect();
    sqlx::query(
        "INSERT INTO read.checkpoints (projection, version, position, fence) \
         SELECT name, version, 0, $3 FROM unnest($1::text[], $2::int[]) AS new (name, version) ON CONFLICT DO NOTHING",
    )
    .bind(&names)
    .bind(&versions)
    .bind(fence)
    .execute(&mut *db)
    .await?;
    let known: Vec<(String, i32, i64)> = sqlx::query_as(
        "UPDATE read.checkpoints SET fence = $1 WHERE projection = ANY ($2) AND fence <= $1 \
         RETURNING projection, version, position",
    )
    .bind(fence)
    .bind(&names)
    .fetch_all(&mut *db)
    .await?;
    sqlx::query("DELETE FROM read.checkpoints WHERE projection <> ALL ($1) AND fence <= $2")
        .bind(&names)
        .bind(fence)
        .execute(db)
        .await?;
    judge(projections, &known)
}

fn judge(projections: &[&'static dyn Projection], known: &[(String, i32, i64)]) -> Result<Claim, Error> {
    let position = known.iter().map(|(.., position)| *position).max().unwrap_or_default();
    let mut outdated = Vec::new();
    for projection in projections {
        let found = known.iter().find(|(name, ..)| name == projection.name());
        match found {
            Some((_, version, at)) if *version == projection.version() && *at == position => {}
            Some((_, version, _)) if *version <= projection.version() => outdated.push(*projection),
            // Claimed by a younger projector, or written by a newer Binnacle.
            Some(_) | None => return Err(Error::Fenced),
        }
    }
    Ok(Claim { position, outdated })
}

/// Moves all checkpoints, as the first thing of the transaction that writes the rows: whoever else tries waits here and
/// fails. Tells other processes when the transaction commits.
pub async fn advance(tx: &mut PgConnection, from: i64, to: i64, fence: i64, count: usize) -> Result<(), Error> {
    // Rows and checkpoint are lost together, and rebuilt: there is nothing to wait for at the commit.
    let moved: i64 = sqlx::query_scalar(
        "WITH moved AS (UPDATE read.checkpoints SET position = $2 WHERE position = $1 AND fence = $3 RETURNING 1) \
         SELECT count(*), set_config('synchronous_commit', 'off', true), pg_notify('projected', $2::text) FROM moved",
    )
    .bind(from)
    .bind(to)
    .bind(fence)
    .fetch_one(tx)
    .await?;
    if usize::try_from(moved) == Ok(count) { Ok(()) } else { Err(Error::Fenced) }
}
