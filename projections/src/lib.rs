//! The read side of Binnacle: what people look at, folded from the log. It can append nothing and reach no cluster.
//!
//! Reading order: [`Projections`] is what the gateway holds. [`engine`] reads the log and lets the projections take it
//! in. [`models`] has the tables: row, fold and queries of each model side by side. [`query`] is what their lists share,
//! [`live`] the stream of changes. [`evidence`] proves log and tables to others.

pub mod engine;
mod error;
pub mod evidence;
mod handle;
pub mod live;
pub mod models;
pub mod query;

pub use engine::trouble::Trouble;
pub use engine::{feed::ConsumerGroup, projection::Projection};
pub use error::{Error, with_source};
pub use handle::Projections;
pub use live::changes::{Change, ChangeKind, ChangedRow, Topic};
pub use query::page::{Direction, MAX_FIRST, Page, Window};
