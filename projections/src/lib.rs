//! The read side of Binnacle: tables folded from the log. It can append nothing and call no cluster.
//!
//! Reading order: [`Projections`] is the handle of the gateway. [`engine`] reads the log and applies it to the
//! projections. [`models`] has the tables: row, fold and queries of each model side by side. [`query`] is what lists
//! share, [`live`] the stream of changes. [`evidence`] proves log and tables to others.

mod duties;
pub mod engine;
mod error;
pub mod evidence;
mod handle;
pub mod key_file;
pub mod language;
pub mod live;
pub mod models;
pub mod query;

pub use engine::trouble::Trouble;
pub use engine::{data_keys::DataKeys, feed::ConsumerGroup, projection::Projection};
pub use error::{Error, with_source};
pub use handle::Projections;
pub use language::Language;
pub use live::{
    change::{AnyRow, Change, ChangeKind, ChangedRow, ChangedRows},
    hub::Topic,
};
pub use query::page::{Direction, MAX_FIRST, Page, Window, is_storable};
