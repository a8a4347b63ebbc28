//! What can go wrong on the read side, by who can do something about it.

use domain::core::codec::CodecError;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database did not answer a read")]
    Database(#[from] sqlx::Error),
    /// Never skipped: a newer Binnacle wrote it, or the log was damaged.
    #[error("the event at position {position} cannot be read")]
    Codec { position: i64, source: Arc<CodecError> },
    /// It is in the events or in the fold, and will be there at the next try.
    #[error("the fold of {projection} fails at the event at position {position}: {cause}")]
    Fold { projection: &'static str, position: i64, cause: String },
    /// A list that does not have what the others have: it is stopped, or on its way to where they are.
    #[error(
        "{projection} stands before the event at position {position}, others are beyond: if it has stopped there, the alarm \
         projection:{projection} is on, the log line duty.trouble says why, and `binnacle quarantine` is the last way on"
    )]
    Behind { projection: &'static str, position: i64 },
    #[error("an event of {0} was quarantined while it was built: it is built once more")]
    QuarantinedMeanwhile(&'static str),
    #[error("it panicked: {0}")]
    Panicked(String),
    #[error("the log has no event at position {0}, but later ones")]
    Gap(i64),
    /// Another process leads by now, or runs a newer version.
    #[error("the checkpoint was moved by another projector")]
    Fenced,
    #[error("the read model is at position {reached}, not yet at {position}")]
    NotYet { position: i64, reached: i64 },
    #[error("position {position} does not exist yet: the log ends at {head}")]
    Ahead { position: i64, head: i64 },
    /// Nothing is sealed over it: somebody must look first.
    #[error("the log was sealed up to {size}, but {problem}: run binnacle-audit verify")]
    Sealed { size: u64, problem: &'static str },
    #[error("a checkpoint could not be made")]
    Checkpoint(#[from] crate::evidence::checkpoint::Error),
    #[error("the store of the checkpoints did not do what it was asked")]
    CheckpointStore(#[from] object_store::Error),
    #[error("the cursor is not one of this list")]
    BadCursor,
    #[error("label selector: {0}")]
    BadSelector(String),
}

/// An error and what caused it, on one line.
pub fn with_source(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
