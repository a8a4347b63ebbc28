//! Proofs for others: the log is complete and unchanged ([`verify`]), the tables are its fold ([`replay`]), and the log
//! as a file that proves itself ([`export`]). [`show`] prints events for users. Only [`seal`] writes to the database:
//! the tree ([`prove`], signed as [`checkpoint`]s) that a [`witness`] watches from elsewhere.
//!
//! Promises that every changed, removed or inserted event is detected and located. Tested by the tampering in
//! tests/flow/evidence.rs.

pub mod check;
pub mod checkpoint;
pub mod export;
pub mod notary;
pub mod printable;
mod progress;
pub mod prove;
pub mod publish;
pub mod replay;
pub mod seal;
mod sealed;
pub mod show;
mod tree;
pub mod verify;
pub mod witness;

use crate::engine::quarantine::PassedOver;
pub use progress::Progress;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Verdict {
    Holds(Holds),
    Broken(Broken),
}

/// The check holds, and what it covered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Holds {
    pub holds: bool,
    /// The last checked position.
    pub position: i64,
    pub events: i64,
    pub streams: usize,
    /// The number of compared rows.
    pub rows: i64,
    /// The root of the tree over all events, hex. Kept elsewhere, it proves later that nothing up to here was
    /// rewritten.
    pub root: Option<String>,
    /// The part that signed checkpoints cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedUpTo>,
    /// For each name among the given keys, the size of the largest tree that it signed; 0 for none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub signers: BTreeMap<String, u64>,
    /// Quarantined events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
    /// Lagging projections, whose tables were compared only up to their position.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub behind: BTreeMap<&'static str, i64>,
}

/// The largest tree that a trusted key has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedUpTo {
    /// The number of events in the tree.
    pub size: u64,
    /// Its root, hex.
    pub root: String,
    /// The names of the keys.
    pub signed_by: Vec<String>,
}

/// The first problem found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broken {
    pub holds: bool,
    /// The position in the log. None if a difference in a read table has no position.
    pub position: Option<i64>,
    pub problem: String,
    #[serde(flatten)]
    pub difference: Option<Box<Difference>>,
}

/// A row that differs from the fold of the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    pub table: String,
    pub key: Value,
    /// None if the row exists on one side only.
    pub column: Option<String>,
    pub live: Value,
    pub rebuilt: Value,
}

impl Broken {
    /// A problem without a position.
    pub fn anywhere(problem: impl Into<String>) -> Self {
        Self { holds: false, position: None, problem: problem.into(), difference: None }
    }

    pub fn at(position: i64, problem: impl Into<String>) -> Self {
        Self { holds: false, position: Some(position), problem: problem.into(), difference: None }
    }
}

/// Why a check could not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Read(#[from] crate::Error),
    #[error("the database did not answer")]
    Database(#[from] sqlx::Error),
    #[error("{path}")]
    File { path: String, source: std::io::Error },
    #[error("line {line} of the file is no event: {message}")]
    Line { line: usize, message: String },
    #[error("{0}")]
    NotNow(String),
    #[error("the checkpoint cannot be used")]
    Checkpoint(#[source] checkpoint::Error),
}

impl Error {
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
