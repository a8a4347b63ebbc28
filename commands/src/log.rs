//! The event log for the write side: read a stream, append to it. Nothing else in the product appends.
//!
//! Promises: positions are gapless and equal the commit order; a request is appended as a whole or not at all; a
//! request with a stale expected version takes no position; an answer of "appended" is durable. The rules are in the
//! SQL function `append` and its short ways; [`group_commit`] collects requests into one call of them. Tested in
//! tests/flow/batches.rs and, while writers and readers are killed, in tests/torture.

pub mod append;
pub mod batcher;
mod call;
pub mod clock;
pub mod data_keys;
pub mod forget;
pub mod group_commit;
mod head;
pub mod lease;
pub mod load;
pub mod pool;
pub mod prepare;

pub use crate::log::group_commit::{AppendError, EventStore};
pub use crate::log::head::Last;
pub use append::{Appended, Expected, Guard, Keyed, NewEffect, NewEvent, Request};
pub use clock::Clock;
pub use data_keys::DataKeys;
