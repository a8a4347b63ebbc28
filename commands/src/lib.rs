//! The write side: the only crate that appends to the log and the only one that calls Kubernetes.
//!
//! Reading order: [`dispatch`] is the entry point of every command. [`log`] appends what the rules decided.
//! [`executor`] claims the effects, performs them through [`kubernetes`] and reports the outcome to the dispatcher.
//! `kubernetes::watch` also reports to the dispatcher. [`edit`] makes operations of documents, and
//! [`preview`] asks what a create would do. [`write_side`] assembles the
//! parts for the gateway.

pub mod dispatch;
pub mod edit;
pub mod error;
pub mod executor;
pub mod failpoint;
pub mod kubernetes;
pub mod log;
pub mod preview;
pub mod write_side;

pub use dispatch::{BatchReceipt, Dispatcher, Executed, Moment, Origin, Receipt};
pub use error::Error;
pub use kubernetes::{ClusterSource, Clusters};
pub use write_side::{Settings, WriteSide};
