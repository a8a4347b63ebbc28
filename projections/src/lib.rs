//! The read side of Binnacle: what people look at, folded from the log. It can append nothing and reach no cluster.
//!
//! Reading order: [`Projections`] is what the gateway holds. [`feed`] reads the log, [`projector`] takes it in batch by
//! batch, `apart` is for one that cannot go on with the others, `reached` what is known of where they are,
//! [`quarantine`] the one way past an event. [`projection`] is
//! the shape of what they feed and [`registry`] the list. Each noun has its row, its fold and its
//! queries side by side: [`workloads`], [`pods`], [`namespaces`], [`clusters`], [`operations`], [`audit`],
//! [`users`], [`overview`]. [`changes`] is the live stream. [`evidence`] proves log and tables to others.

mod apart;
pub mod audit;
pub mod changes;
pub mod checkpoints;
pub mod clusters;
mod error;
pub mod evidence;
pub mod feed;
mod fold;
mod handle;
mod leader;
mod lease;
mod listen;
pub mod namespaces;
pub mod operations;
pub mod overview;
mod page;
pub mod pods;
pub mod projection;
pub mod projector;
pub mod quarantine;
mod reached;
mod rebuild;
pub mod registry;
pub mod selector;
mod text;
pub mod transaction;
pub mod users;
pub mod workloads;

pub use changes::{Change, ChangeKind, ChangedRow, Topic};
pub use error::{Error, with_source};
pub use feed::ConsumerGroup;
pub use handle::Projections;
pub use page::{Direction, MAX_FIRST, Page, Window};
pub use projection::Projection;
