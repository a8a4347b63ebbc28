//! Objects of Kubernetes: how they are named, what is observed of them, and what of them must never be stored.
//!
//! [`observation`] holds facts only. [`status`] says what state they amount to and [`cause`] why; [`wait`] says whether
//! an operation has what it asked for, [`action`] what can be requested now. All of it is pure, so the write side and the
//! read side say the same, and a better rule corrects history by a rebuild.

pub mod action;
pub mod cause;
#[cfg(test)]
pub(crate) mod examples;
pub mod notes;
pub mod object;
pub mod observation;
pub mod observed;
pub mod resource;
pub mod secret;
pub mod status;
pub mod wait;
