//! The mechanism: reads the log, applies it to the projections, and tracks their progress. It knows no model.

pub mod checkpoints;
pub mod data_keys;
pub mod feed;
pub(crate) mod fold;
pub(crate) mod lagging;
pub(crate) mod leader;
pub(crate) mod lease;
pub(crate) mod listen;
pub(crate) mod progress;
pub mod projection;
pub mod projector;
pub mod quarantine;
pub(crate) mod rebuild;
pub mod rows;
pub(crate) mod snapshot;
pub mod transaction;
pub(crate) mod trouble;
