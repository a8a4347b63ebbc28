//! Proofs for a holder of a checkpoint: the tree contains an event, or an older tree is the beginning of a newer one
//! (RFC 6962, section 2.1).
//!
//! Promises that every proof holds: each is checked with `tlog_tiles` against the sealed root before it is returned.
//! Tested in tests/flow/evidence.rs.

use super::{
    checkpoint::{self, TrustedKeys},
    export::{self, EventLine},
    hex, sealed,
    tree::{Edge, Reader},
};
use crate::{Error, engine::feed};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use domain::core::envelope::StoredEvent;
use serde::Serialize;
use sqlx::PgPool;
use std::fmt::Write;
use tlog_tiles::Hash;

const VERSION: &str = "c2sp.org/tlog-proof@v1";

pub use sealed::{Sealed, newest};

/// Hashes as base64.
pub fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// The proof that the newest sealed tree contains an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    pub position: i64,
    /// The number of events in the tree.
    pub size: i64,
    /// As stored.
    pub event: StoredEvent,
    pub root: [u8; 32],
    /// From the leaf's sibling up.
    pub path: Vec<[u8; 32]>,
    /// The signed checkpoint of the tree. None without a signing key.
    pub note: Option<String>,
}

impl Inclusion {
    /// The proof as a file of c2sp.org/tlog-proof. None without a signed checkpoint. Its extra data is the event as a
    /// line of a bundle, from which anyone can compute the content hash.
    pub fn text(&self) -> Option<String> {
        let extra = base64(&serde_json::to_vec(&EventLine::from(self.event.clone())).ok()?);
        let mut text = format!("{VERSION}\nextra {extra}\nindex {}\n", self.position - 1);
        for hash in &self.path {
            let _ = writeln!(text, "{}", base64(hash));
        }
        Some(format!("{text}\n{}", self.note.as_ref()?))
    }
}

/// The content of a valid proof.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub holds: bool,
    pub position: u64,
    pub stream: String,
    pub r#type: String,
    pub recorded_at: DateTime<Utc>,
    /// Hex.
    pub content_hash: String,
    pub size: u64,
    pub signed_by: Vec<String>,
    /// The given keys that did not sign it.
    pub not_signed_by: Vec<String>,
}

/// Checks a file of [`Inclusion::text`]. Needs only the file and the keys.
pub fn check(text: &str, keys: &TrustedKeys) -> Result<Checked, checkpoint::Error> {
    let wrong = || checkpoint::Error::NoProof;
    let (head, note) = text.split_once("\n\n").ok_or_else(wrong)?;
    let mut lines = head.lines();
    let mut line = |prefix: &str| lines.next().and_then(|line| line.strip_prefix(prefix)).ok_or_else(wrong);
    line(VERSION)?;
    let event =
        String::from_utf8(BASE64_STANDARD.decode(line("extra ")?).map_err(|_| wrong())?).map_err(|_| wrong())?;
    let event = export::read_event(&event).map_err(|_| wrong())?;
    let index: u64 = line("index ")?.parse().map_err(|_| wrong())?;
    let path = lines.map(|line| Hash::parse_hash(line).map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let (checkpoint, signed_by) = keys.open(note)?;
    let content_hash = event.expected_content_hash();
    let leaf = tlog_tiles::record_hash(&content_hash);
    tlog_tiles::check_record(&path, checkpoint.size(), *checkpoint.hash(), index, leaf)
        .map_err(|_| checkpoint::Error::NotProven { position: index.saturating_add(1) })?;
    Ok(Checked {
        holds: true,
        position: index + 1,
        stream: event.stream,
        r#type: event.event_type,
        recorded_at: event.recorded_at,
        content_hash: hex(&content_hash),
        size: checkpoint.size(),
        not_signed_by: keys.names().into_iter().filter(|name| !signed_by.contains(name)).collect(),
        signed_by,
    })
}

/// The proof for the event at `position`. None if the event does not exist or is not sealed yet.
pub async fn inclusion(pool: &PgPool, position: i64) -> Result<Option<Inclusion>, Error> {
    let Some(Sealed { size, root, note }) = sealed::newest(pool).await? else { return Ok(None) };
    let found = feed::stored(pool, position.saturating_sub(1), position, 1).await?.pop();
    let Some(event) = found.filter(|_| position <= size) else { return Ok(None) };
    let (index, leaves) = (position.unsigned_abs() - 1, size.unsigned_abs());
    if event.expected_content_hash().as_slice() != event.content_hash {
        return Err(Error::Sealed { size: leaves, problem: "this event is not what was recorded" });
    }
    let leaf = tlog_tiles::record_hash(&event.content_hash);
    let path = made_of_tiles(pool, leaves, |reader| tlog_tiles::prove_record(leaves, index, reader)).await?;
    let root = hash(&root, leaves)?;
    tlog_tiles::check_record(&path, leaves, root, index, leaf).map_err(|_| changed(leaves))?;
    let path = path.into_iter().map(|hash| hash.0).collect();
    Ok(Some(Inclusion { position, size, event, root: root.0, path, note }))
}

/// The consistency proof between two sealed trees, the older one first and not empty.
pub async fn consistency(pool: &PgPool, old: i64, new: i64) -> Result<Option<Vec<Hash>>, Error> {
    let is_sealed = sealed::newest(pool).await?.is_some_and(|newest| new <= newest.size);
    if !is_sealed || old < 1 || old > new {
        return Ok(None);
    }
    let (first, second) = (old.unsigned_abs(), new.unsigned_abs());
    made_of_tiles(pool, second, |reader| tlog_tiles::prove_tree(second, first, reader)).await.map(Some)
}

/// Checks that a checkpoint continues another one, with the proof between them.
pub fn is_consistent(
    old: &tlog_tiles::Checkpoint,
    new: &tlog_tiles::Checkpoint,
    proof: &Vec<Hash>,
) -> Result<(), checkpoint::Error> {
    tlog_tiles::check_tree(proof, new.size(), *new.hash(), old.size(), *old.hash())
        .map_err(|_| checkpoint::Error::NotConsistent { old: old.size(), new: new.size() })
}

/// Fails unless the tree of an edge continues an older one, according to its tiles.
pub(super) async fn must_go_on(pool: &PgPool, (old, before): (u64, Hash), edge: &Edge) -> Result<(), Error> {
    let (size, other) = (edge.size(), || Error::Sealed { size: old, problem: "it is not the log that was signed" });
    if old == 0 {
        return Ok(());
    }
    let path = made_of_tiles(pool, size, |reader| tlog_tiles::prove_tree(size, old, reader)).await?;
    let root = edge.root().map_err(|_| other())?;
    tlog_tiles::check_tree(&path, size, root, old, before).map_err(|_| other())
}

async fn made_of_tiles(
    pool: &PgPool,
    size: u64,
    prove: impl Fn(&Reader) -> Result<Vec<Hash>, tlog_tiles::Error>,
) -> Result<Vec<Hash>, Error> {
    let needed = Reader::needs(&prove).map_err(|_| changed(size))?;
    let tiles = sealed::tiles(pool, &needed).await?;
    prove(&Reader::Having(tiles)).map_err(|_| changed(size))
}

const fn changed(size: u64) -> Error {
    Error::Sealed { size, problem: "its tiles do not give its root" }
}

fn hash(bytes: &[u8], size: u64) -> Result<Hash, Error> {
    bytes.try_into().map(Hash).map_err(|_| changed(size))
}
