//! What is true in Binnacle: pure rules without a clock, a database or a cluster.
//!
//! Reading order: [`core::decider`] is the shape of every rule. [`core::event`] is the sum of all that can happen,
//! [`core::codec`] turns it into the bytes of the log and back, [`core::envelope`] is what the log adds. [`operation`] is
//! what users request of an object of [`kubernetes`]: its queue, its rules and its effects. [`platform`] has the other
//! aggregates.

// A new event or state must force an answer everywhere, so nothing is matched by a wildcard.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod access;
pub mod core;
pub mod kubernetes;
pub mod operation;
pub mod platform;
