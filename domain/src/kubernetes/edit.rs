//! Edits of an object that is there: what an author changed since the version that they saw, and how that is brought
//! together with what others changed meanwhile.
//!
//! [`changes`] finds what an author changed. [`merge`] does the same to the object as it is now: what does not overlap with the
//! changes of others is merged, the rest is a [`Conflict`]. Lists are compared as Kubernetes keys them ([`Lists`]).

mod changes;
mod conflict;
mod fixed;
mod keeper;
mod lists;
mod mask;
mod merge;
mod owner;
mod path;
#[cfg(test)]
mod tests;

pub use changes::{Change, changes};
pub use conflict::{CONFLICTS, Conflict, conflicts_in, in_words};
pub use fixed::fixed;
pub use keeper::keeper;
pub use lists::Lists;
pub use mask::{has_masks, misplaced_mask};
pub use merge::{merge, patch};
pub use owner::owner;
pub use path::{Path, Step};
