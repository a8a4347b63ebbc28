//! Kubernetes objects: their ids, what is observed of them, and what must never be stored.

pub mod action;
pub mod cause;
pub mod edit;
#[cfg(test)]
pub(crate) mod examples;
pub mod manifest;
pub mod notes;
pub mod object;
pub mod observation;
pub mod observed;
pub mod quantity;
pub mod relation;
pub mod resource;
pub mod secret;
pub mod status;
pub mod wait;
