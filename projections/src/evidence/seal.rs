//! The sealer works in the background. It adds new content hashes to the tree and writes tiles and, every second or
//! thousand events, a checkpoint.
//!
//! Promises that no append waits for it, that it continues from the last sealed tree, and that it signs only what
//! continues the last signed tree: otherwise it stops and raises an alarm. Tested in tests/flow/evidence.rs.

use super::{
    notary::Notary,
    prove,
    sealed::{self, Sealed},
    tree::{Edge, Tiles},
};
use crate::{
    Error, Projections,
    engine::{
        feed,
        leader::{Duty, Leading},
    },
};
use futures::future::BoxFuture;
use sqlx::PgConnection;
use std::time::Duration;
use tlog_tiles::Hash;
use tokio::time::Instant;

/// Events added to the tree at once.
const PAGE: usize = 20_000;
/// A checkpoint is created after this time, or this many events.
const EVERY: Duration = Duration::from_secs(1);
const EVENTS: i64 = 1000;
const THIN: Duration = Duration::from_secs(3600);

/// A duty of one process at a time.
pub struct Sealer<'a> {
    pub projections: &'a Projections,
    /// None: trees are sealed but not signed.
    pub notary: Option<&'a Notary>,
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
        let mut edge = self.resume(db).await?;
        let mut thinned = None;
        loop {
            lease.keep(db).await?;
            // Reads one more page at shutdown, so that the last events are sealed.
            let ends = shutdown.is_cancelled();
            let page = feed::content_hashes(&mut *db, edge.size().cast_signed(), self.page(&edge)).await?;
            let is_last = page.is_empty() || page.len() < PAGE && !self.is_behind(edge.size() + page.len() as u64);
            if !page.is_empty() {
                let (grown, tiles) = grow(edge, page).await?;
                edge = grown;
                self.store(db, &edge, tiles).await?;
            }
            trouble.is_over();
            if thinned.is_none_or(|thinned: Instant| thinned.elapsed() > THIN) {
                sealed::thin(db).await?;
                thinned = Some(Instant::now());
            }
            if ends {
                return Ok(());
            }
            if is_last {
                let enough = edge.size().cast_signed() + EVENTS;
                let mut progress = self.projections.watch();
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    _ = progress.wait_for(|progress| progress.position >= Some(enough)) => {}
                    () = tokio::time::sleep(EVERY) => {}
                }
            }
        }
    }

    /// Loads the last sealed tree. Never continues a tree that differs from the sealed one or from the signed one.
    async fn resume(&self, db: &mut PgConnection) -> Result<Edge, Error> {
        let head = feed::head(&mut *db).await?.unsigned_abs();
        let last = self.signed();
        if let Some((size, _)) = last.filter(|(size, _)| *size > head) {
            return Err(Error::Sealed { size, problem: "the log has fewer events by now" });
        }
        let Some(newest) = sealed::newest(&mut *db).await? else { return Ok(Edge::default()) };
        let size = newest.size.unsigned_abs();
        if size > head {
            return Err(Error::Sealed { size, problem: "the log has fewer events by now" });
        }
        let edge = sealed::edge(db, &newest).await?;
        let edge = edge.ok_or(Error::Sealed { size, problem: "its tiles do not give its root" })?;
        if let Some((old, root)) = last.filter(|(old, _)| *old <= size) {
            prove::must_go_on(self.projections.own(), (old, root), &edge).await?;
        }
        self.sign_unsigned(db, &newest, &edge).await?;
        Ok(edge)
    }

    /// Signs an unsigned log even if it does not grow. Never replaces an existing signature.
    async fn sign_unsigned(&self, db: &mut PgConnection, newest: &Sealed, edge: &Edge) -> Result<(), Error> {
        if self.is_behind(edge.size()) || self.notary.is_none() || newest.note.is_some() {
            return Ok(());
        }
        self.store(db, edge, Tiles::new()).await
    }

    /// The last signed tree.
    fn signed(&self) -> Option<(u64, Hash)> {
        self.notary.and_then(Notary::last)
    }

    /// Whether the tree is smaller than the last signed one: its evidence was removed. Nothing is signed until it is
    /// rebuilt.
    fn is_behind(&self, size: u64) -> bool {
        self.signed().is_some_and(|(signed, _)| size < signed)
    }

    /// How many events to read: never past the last signed tree, so that its root is checked.
    fn page(&self, edge: &Edge) -> i64 {
        let signed = self.signed().map(|(size, _)| size).filter(|size| *size > edge.size());
        signed.map_or(PAGE as u64, |size| (size - edge.size()).min(PAGE as u64)).cast_signed()
    }

    async fn store(&self, db: &mut PgConnection, edge: &Edge, mut tiles: Tiles) -> Result<(), Error> {
        let size = edge.size();
        let root = edge.root().map_err(|_| Error::Sealed { size, problem: "its root cannot be computed" })?;
        if self.signed().is_some_and(|(signed, before)| signed == size && before != root) {
            return Err(Error::Sealed { size, problem: "it is not the log that was signed" });
        }
        tiles.extend(edge.growing().map(|(place, hashes)| (place, hashes.to_vec())));
        let note = match self.notary.filter(|_| !self.is_behind(size)) {
            Some(notary) => Some(notary.sign(size, root)?),
            None => None,
        };
        let checkpoint = Sealed { size: size.cast_signed(), root: root.0.to_vec(), note };
        sealed::write(db, &tiles, &checkpoint).await
    }
}

/// Adds the page to the tree on a blocking thread.
async fn grow(mut edge: Edge, page: Vec<Vec<u8>>) -> Result<(Edge, Tiles), Error> {
    let size = edge.size();
    let grown = tokio::task::spawn_blocking(move || {
        let mut full = Tiles::new();
        page.iter().for_each(|content_hash| edge.push(content_hash, &mut full));
        (edge, full)
    });
    grown.await.map_err(|_| Error::Sealed { size, problem: "hashing was stopped" })
}
