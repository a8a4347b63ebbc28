//! What is true in Binnacle: pure rules without a clock, a database or a cluster.
//!
//! Reading order: [`decider`] is the shape every rule has. [`object`] and [`ids`] name things. [`event`] is the sum of
//! all that can happen, [`codec`] turns it into the bytes of the log and back, [`envelope`] is what the log adds.
//! [`operation`] is the noun users ask for, [`target`] the queue of operations on one object (what may happen is in
//! `target::decide`), [`react`] says which [`effect`] an event causes. [`observed`], [`cluster`], [`user`] and
//! [`projection`] are the other nouns. [`secret`] finds what must never be stored.

// A new event or state must force an answer everywhere, so nothing is matched by a wildcard.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod cluster;
pub mod codec;
pub mod decider;
pub mod effect;
pub mod envelope;
pub mod event;
pub mod ids;
pub mod object;
pub mod observed;
pub mod operation;
pub mod planted;
pub mod projection;
pub mod react;
pub mod secret;
pub mod target;
pub mod user;
pub mod version;

#[cfg(test)]
mod given;
