//! The operation: what a user requests of one object, in stages, until it ends.
//!
//! An [`Intent`] has a [`plan`] of steps, and [`verbs`] has one file for each verb. [`queue`] holds the operations on
//! one object. [`decide`] and [`retry`] hold their rules, and [`react`] decides which [`effect`] follows. A [`batch`] is many
//! operations requested as one.

pub mod batch;
pub mod change;
pub mod decide;
pub mod effect;
pub mod event;
pub mod plan;
pub mod queue;
pub mod react;
pub mod retry;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod verbs;

pub use decide::{Done, Outcome, QUEUE_LIMIT, TargetCommand};
pub use event::{CancelledBy, Failure, OperationEvent, OperationState};
pub use plan::{Propagation, Sends, Stage};
pub use queue::Operation;
pub use trace::{Remembered, Written};
pub use verbs::{Intent, MAX_REPLICAS, available_actions, object_actions, verb_names};
