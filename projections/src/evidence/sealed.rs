//! The tree in the database: reads and writes tiles and checkpoints.
//!
//! The database accepts only tiles and checkpoints that extend the sealed tree: see the functions in
//! migrations/20261201000002_evidence.sql. Tested in tests/flow/evidence.rs.

use super::tree::{Edge, Place, Tiles};
use crate::{Error, engine::feed};
use domain::core::planted::{Bug, is_planted};
use sqlx::{FromRow, PgConnection, PgExecutor};

/// A sealed tree.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Sealed {
    /// The number of events in the tree, which is the position of the last one.
    pub size: i64,
    pub root: Vec<u8>,
    /// The signed checkpoint. None without a signing key.
    pub note: Option<String>,
}

/// The newest checkpoint.
pub async fn newest(db: impl PgExecutor<'_>) -> Result<Option<Sealed>, Error> {
    let newest = sqlx::query_as("SELECT size, root, note FROM evidence.checkpoints ORDER BY size DESC LIMIT 1");
    Ok(newest.fetch_optional(db).await?)
}

/// All checkpoints, the smallest tree first. [`thin`] keeps them few.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<Sealed>, Error> {
    Ok(sqlx::query_as("SELECT size, root, note FROM evidence.checkpoints ORDER BY size").fetch_all(db).await?)
}

/// The newest signed checkpoint of a tree of at most `size` events.
pub async fn signed(db: impl PgExecutor<'_>, size: i64) -> Result<Option<String>, Error> {
    let note = sqlx::query_scalar(
        "SELECT note FROM evidence.checkpoints WHERE size <= $1 AND note IS NOT NULL ORDER BY size DESC LIMIT 1",
    );
    Ok(note.bind(size).fetch_optional(db).await?)
}

/// Whether checkpoints after `newest` up to `seen` are missing while their events exist. A database crash can lose the
/// newest checkpoints; the sealer recreates them within seconds.
pub async fn were_lost(db: impl PgExecutor<'_>, newest: u64, seen: u64) -> Result<bool, Error> {
    Ok(newest < seen && !feed::stored(db, seen.cast_signed() - 1, seen.cast_signed(), 1).await?.is_empty())
}

/// The existing tiles among `places`.
pub async fn tiles(db: impl PgExecutor<'_>, places: &[Place]) -> Result<Tiles, Error> {
    let (levels, indexes) = columns(places.iter());
    let rows: Vec<(i16, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT level, index, hashes FROM evidence.tiles JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, index) \
         USING (level, index)",
    )
    .bind(levels)
    .bind(indexes)
    .fetch_all(db)
    .await?;
    let place = |level: i16, index: i64| Place { level: level as u8, index: index.unsigned_abs() };
    Ok(rows.into_iter().map(|(level, index, hashes)| (place(level, index), hashes)).collect())
}

fn columns<'a>(places: impl Iterator<Item = &'a Place>) -> (Vec<i16>, Vec<i64>) {
    places.map(|place| (i16::from(place.level), place.index.cast_signed())).unzip()
}

/// The edge of the tree of a checkpoint. None if the tiles do not give its root.
pub async fn edge(db: &mut PgConnection, sealed: &Sealed) -> Result<Option<Edge>, Error> {
    let size = sealed.size.unsigned_abs();
    let found = tiles(db, &Edge::places(size)).await?;
    let edge = Edge::restore(size, &found);
    let is_sealed = |edge: &Edge| edge.root().is_ok_and(|root| root.0.as_slice() == sealed.root);
    Ok(edge.filter(|edge| is_sealed(edge) || is_planted(Bug::SealedOverChange)))
}

/// Writes tiles and the checkpoint of their tree. The database accepts only an extension of the sealed tree.
pub async fn write(db: &mut PgConnection, tiles: &Tiles, checkpoint: &Sealed) -> Result<(), Error> {
    let (levels, indexes) = columns(tiles.keys());
    let hashes: Vec<&[u8]> = tiles.values().map(Vec::as_slice).collect();
    // Whatever a database crash loses is recomputed from the log, to the same bytes.
    let seal = "SELECT evidence.seal($1, $2, $3, $4, $5, $6), set_config('synchronous_commit', 'off', true)";
    sqlx::query(seal)
        .bind(levels)
        .bind(indexes)
        .bind(hashes)
        .bind(checkpoint.size)
        .bind(&checkpoint.root)
        .bind(&checkpoint.note)
        .execute(db)
        .await?;
    Ok(())
}

/// Deletes checkpoints older than a day, except the last one of each hour.
pub async fn thin(db: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("SELECT evidence.thin()").execute(db).await?;
    Ok(())
}
