//! The write side: the only crate that appends to the log and the only one that speaks Kubernetes.
//!
//! Reading order: [`dispatch`] is the entry point of every command. [`log`] appends what the rules decided. [`executor`]
//! claims the effects that follow, performs them through [`kubernetes`] and reports the outcome to the dispatcher.
//! `kubernetes::watch` reports what it observes, to the dispatcher too. [`write_side`] puts the parts together for the
//! gateway. [`sealing`] has the keys that are outside the database.

pub mod dispatch;
pub mod error;
pub mod executor;
pub mod failpoint;
pub mod kubernetes;
pub mod log;
pub mod sealing;
pub mod write_side;

pub use dispatch::{Dispatcher, Executed, Moment, Origin, Receipt};
pub use error::Error;
pub use kubernetes::{ClusterSource, Clusters};
pub use write_side::{Settings, WriteSide};
