//! Live changes, from the projector to the subscriptions.

pub mod change;
pub mod changes;
pub(crate) mod hub;
