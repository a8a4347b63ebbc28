//! The rules of Binnacle: pure functions without a clock, a database or a cluster.
//!
//! Reading order: [`core::decider`] is the shape of every rule. [`core::event`] is the sum of all events.
//! [`core::codec`] encodes them for the log and decodes them, and [`core::envelope`] adds what the log knows.
//! [`operation`] holds what users request of an object of [`kubernetes`]: its queue, its rules and its effects.
//! [`platform`] holds the other aggregates.

// A new event or state must force an answer everywhere, so no match uses a wildcard.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod access;
pub mod core;
pub mod kubernetes;
pub mod operation;
pub mod platform;
