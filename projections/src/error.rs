//! Errors of the read side.

use domain::core::codec::CodecError;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database did not answer a read")]
    Database(#[from] sqlx::Error),
    /// Never skipped: a newer version of Binnacle wrote it, or the log is damaged.
    #[error("the event at position {position} cannot be read")]
    Codec { position: i64, source: Arc<CodecError> },
    /// The cause is in the event or in the fold, so a retry fails too.
    #[error("the fold of {projection} fails at the event at position {position}: {cause}")]
    Fold { projection: &'static str, position: i64, cause: String },
    /// A projection that lags behind the others: it has stopped, or is catching up.
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
    /// Another process leads, or runs a newer version.
    #[error("the checkpoint was moved by another projector")]
    Fenced,
    #[error("the read model is at position {current}, not yet at {position}")]
    NotYet { position: i64, current: i64 },
    #[error("position {position} does not exist yet: the log ends at {head}")]
    Ahead { position: i64, head: i64 },
    /// The sealer stops here until an operator has checked the log.
    #[error("the log was sealed up to {size}, but {problem}: run binnacle-audit verify")]
    Sealed { size: u64, problem: &'static str },
    #[error("a checkpoint could not be made")]
    Checkpoint(#[from] crate::evidence::checkpoint::Error),
    #[error("the store of the checkpoints did not do what it was asked")]
    CheckpointStore(#[from] object_store::Error),
    /// The sealing key differs from the one that wrapped the data keys.
    #[error("a data key cannot be opened")]
    Key(#[from] domain::core::sealing::key_table::Error),
    #[error("a row holds what cannot be opened")]
    Leaf(#[source] domain::core::sealing::Error),
    #[error("the cursor is not one of this list")]
    BadCursor,
    #[error("label selector: {0}")]
    BadSelector(String),
}

/// An error and its cause on one line.
pub fn with_source(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
