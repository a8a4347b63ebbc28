//! The position of each projection. A checkpoint moves only in the transaction that writes the rows, only from the
//! position that the projector expects, and only for the projector that leads.

use crate::{
    Error,
    engine::{progress::Positions, projection::Projection},
};
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use std::collections::BTreeMap;

/// The checkpoints when a projector starts to lead.
pub struct Claim {
    /// The highest position. The projections there share one batch.
    pub position: i64,
    /// The lagging projections with their positions. Each continues by itself.
    pub behind: Vec<(&'static dyn Projection, i64)>,
    /// The projections that must first be rebuilt up to `position`: new or changed ones.
    pub outdated: Vec<&'static dyn Projection>,
}

/// The positions of those `projections` whose rows have this version.
pub async fn positions(
    db: impl PgExecutor<'_>,
    projections: &[&'static dyn Projection],
) -> Result<Vec<(&'static dyn Projection, i64)>, Error> {
    let found: Vec<(String, i32, i64)> =
        sqlx::query_as("SELECT projection, version, position FROM read.checkpoints").fetch_all(db).await?;
    let of = |projection: &'static dyn Projection| {
        let is_it = |row: &&(String, i32, i64)| row.0 == projection.name() && row.1 == projection.version();
        found.iter().find(is_it).map(|(.., position)| (projection, *position))
    };
    Ok(projections.iter().filter_map(|projection| of(*projection)).collect())
}

/// All positions and the end of the log, read at one moment.
pub async fn positions_and_head(pool: &PgPool) -> Result<(Positions, i64), Error> {
    let both = sqlx::query_as(
        "SELECT coalesce(json_object_agg(projection, position), '{}'), (SELECT position FROM public.log_head) \
         FROM read.checkpoints",
    );
    let (positions, head): (Json<BTreeMap<String, i64>>, i64) = both.fetch_one(pool).await?;
    Ok((Positions::of(positions.0), head))
}

fn names(projections: &[&dyn Projection]) -> Vec<&'static str> {
    projections.iter().map(|projection| projection.name()).collect()
}

/// Claims the checkpoints for the projector with `fence`: no other projector can move them any more.
pub async fn claim(db: &mut PgConnection, projections: &[&'static dyn Projection], fence: i64) -> Result<Claim, Error> {
    let names = names(projections);
    let versions: Vec<i32> = projections.iter().map(|projection| projection.version()).collect();
    // On the first start all projections begin at the start of the log. A projection that is added later gets version
    // 0, which no projection has, and is rebuilt.
    sqlx::query(
        "INSERT INTO read.checkpoints (projection, version, position, fence) \
         SELECT name, CASE WHEN EXISTS (SELECT FROM read.checkpoints) THEN 0 ELSE version END, 0, $3 \
         FROM unnest($1::text[], $2::int[]) AS new (name, version) ON CONFLICT DO NOTHING",
    )
    .bind(&names)
    .bind(&versions)
    .bind(fence)
    .execute(&mut *db)
    .await?;
    let found: Vec<(String, i32, i64)> = sqlx::query_as(
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
    evaluate(projections, &found)
}

fn evaluate(projections: &[&'static dyn Projection], found: &[(String, i32, i64)]) -> Result<Claim, Error> {
    let position = found.iter().map(|(.., position)| *position).max().unwrap_or_default();
    let mut claim = Claim { position, behind: Vec::new(), outdated: Vec::new() };
    for projection in projections {
        let own = found.iter().find(|(name, ..)| name == projection.name());
        match own {
            Some((_, version, at)) if *version == projection.version() && *at == position => {}
            Some((_, version, at)) if *version == projection.version() => claim.behind.push((*projection, *at)),
            Some((_, version, _)) if *version < projection.version() => claim.outdated.push(*projection),
            // Claimed by a newer projector, or written by a newer version of Binnacle.
            Some(_) | None => return Err(Error::Fenced),
        }
    }
    Ok(claim)
}

/// Locks the checkpoint of a projection until the transaction ends and returns its position, if its rows have this
/// version.
pub async fn lock(tx: &mut PgConnection, projection: &dyn Projection) -> Result<Option<i64>, Error> {
    let locked =
        sqlx::query_scalar("SELECT position FROM read.checkpoints WHERE projection = $1 AND version = $2 FOR UPDATE");
    Ok(locked.bind(projection.name()).bind(projection.version()).fetch_optional(tx).await?)
}

/// The position of the running projections.
pub async fn furthest(db: impl PgExecutor<'_>) -> Result<i64, Error> {
    let furthest = sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM read.checkpoints");
    Ok(furthest.fetch_one(db).await?)
}

/// Moves the checkpoints of the running projections, as the first statement of the transaction that writes the rows. A
/// concurrent projector waits here and fails. Notifies other processes of all positions at the commit.
pub async fn advance(
    tx: &mut PgConnection,
    projections: &[&'static dyn Projection],
    from: i64,
    positions: &Positions,
    fence: i64,
) -> Result<(), Error> {
    // Rows and checkpoint are lost together and rebuilt, so the commit need not wait for the disk.
    let moved: i64 = sqlx::query_scalar(
        "WITH moved AS (UPDATE read.checkpoints SET position = $2 \
         WHERE position = $1 AND fence = $3 AND projection = ANY ($4) RETURNING 1) \
         SELECT count(*), set_config('synchronous_commit', 'off', true), pg_notify('projected', $5) FROM moved",
    )
    .bind(from)
    .bind(positions.position)
    .bind(fence)
    .bind(names(projections))
    .bind(positions.to_string())
    .fetch_one(tx)
    .await?;
    if usize::try_from(moved) == Ok(projections.len()) { Ok(()) } else { Err(Error::Fenced) }
}

/// Moves the checkpoint of a lagging projection. False: it is locked at the moment, or another process leads, which the
/// lease will show.
pub async fn advance_alone(
    tx: &mut PgConnection,
    projection: &dyn Projection,
    from: i64,
    to: i64,
    fence: i64,
) -> Result<bool, Error> {
    let moved = sqlx::query(
        "UPDATE read.checkpoints SET position = $3 WHERE projection = (SELECT projection FROM read.checkpoints \
         WHERE projection = $1 AND position = $2 AND fence = $4 FOR UPDATE SKIP LOCKED)",
    )
    .bind(projection.name())
    .bind(from)
    .bind(to)
    .bind(fence)
    .execute(tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}
