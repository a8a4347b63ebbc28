//! Seals the log in the background: takes the content hashes that were appended into the tree and writes its tiles and,
//! every second or thousand events, a checkpoint.
//!
//! Promises that no append waits for it, that it goes on from where it was sealed by whomever, and that it never seals over
//! a tree that was changed: it stops there and says so. Tested in tests/evidence.

use super::{
    checkpoint::SigningKeys,
    sealed::{self, Sealed},
    tree::{Edge, Tiles},
};
use crate::{
    Error, Projections, feed,
    leader::{Duty, Leading},
};
use futures::future::BoxFuture;
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tokio::time::Instant;

/// Events taken into the tree at once.
const PAGE: usize = 20_000;
/// A checkpoint is made after this time, or this many events.
const EVERY: Duration = Duration::from_secs(1);
const EVENTS: i64 = 1000;
const THIN: Duration = Duration::from_secs(3600);

/// The duty of one process at a time.
pub struct Sealer<'a> {
    pub projections: &'a Projections,
    /// None: trees are sealed, but nobody signs them.
    pub keys: Option<&'a SigningKeys>,
}

impl Duty for Sealer<'_> {
    fn name(&self) -> &'static str {
        "sealer"
    }

    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(self.seal(leading))
    }
}

impl Sealer<'_> {
    async fn seal(&self, leading: Leading<'_>) -> Result<(), Error> {
        let Leading { db, lease, shutdown, trouble } = leading;
        let mut edge = resume(db).await?;
        let mut thinned = Instant::now();
        loop {
            lease.keep(db).await?;
            let page = feed::content_hashes(&mut *db, edge.size().cast_signed(), PAGE as i64).await?;
            let is_last = page.len() < PAGE;
            if !page.is_empty() {
                let (grown, tiles) = grow(edge, page).await?;
                edge = grown;
                self.store(db, &edge, tiles).await?;
            }
            trouble.is_over();
            if thinned.elapsed() > THIN {
                sealed::thin(db).await?;
                thinned = Instant::now();
            }
            if is_last {
                let enough = edge.size().cast_signed() + EVENTS;
                let mut reached = self.projections.watch();
                tokio::select! {
                    () = shutdown.cancelled() => return Ok(()),
                    _ = reached.wait_for(|reached| reached.position >= Some(enough)) => {}
                    () = tokio::time::sleep(EVERY) => {}
                }
            } else if shutdown.is_cancelled() {
                return Ok(());
            }
        }
    }

    async fn store(&self, db: &mut PgConnection, edge: &Edge, mut tiles: Tiles) -> Result<(), Error> {
        let root =
            edge.root().map_err(|_| Error::Sealed { size: edge.size(), problem: "its root cannot be computed" })?;
        tiles.extend(edge.growing().map(|(place, hashes)| (place, hashes.to_vec())));
        let note = self.keys.map(|keys| keys.sign(edge.size(), root)).transpose()?;
        let checkpoint = Sealed { size: edge.size().cast_signed(), root: root.0.to_vec(), note };
        let mut tx = db.begin().await?;
        // What a crash of the database takes away is computed again from the log, to the same bytes.
        sqlx::raw_sql("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
        sealed::write_tiles(&mut tx, &tiles).await?;
        sealed::write(&mut tx, &checkpoint).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Where it was sealed up to. A tree that is not what was sealed is never gone on from.
async fn resume(db: &mut PgConnection) -> Result<Edge, Error> {
    let Some(newest) = sealed::newest(&mut *db).await? else { return Ok(Edge::default()) };
    let size = newest.size.unsigned_abs();
    if feed::head(&mut *db).await? < newest.size {
        return Err(Error::Sealed { size, problem: "the log has fewer events by now" });
    }
    let edge = sealed::edge(db, &newest).await?;
    edge.ok_or(Error::Sealed { size, problem: "its tiles do not give its root" })
}

/// Takes the page into the tree, beside the threads that answer.
async fn grow(mut edge: Edge, page: Vec<Vec<u8>>) -> Result<(Edge, Tiles), Error> {
    let size = edge.size();
    let grown = tokio::task::spawn_blocking(move || {
        let mut full = Tiles::new();
        page.iter().for_each(|content_hash| edge.push(content_hash, &mut full));
        (edge, full)
    });
    grown.await.map_err(|_| Error::Sealed { size, problem: "hashing was stopped" })
}
