//! The parts of every rule: the decider, events with their encoding, sealing and envelope, and ids.

pub mod actor;
pub mod api_call;
pub mod canonical;
pub mod codec;
pub mod decider;
pub mod envelope;
pub mod event;
pub mod free_text;
pub mod free_value;
#[cfg(test)]
pub(crate) mod given;
pub mod ids;
pub mod message;
pub mod planted;
pub mod refusal;
pub mod sealing;
pub mod version;
