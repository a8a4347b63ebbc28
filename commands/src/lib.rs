//! The write side: the only crate that appends to the log and the only one that speaks Kubernetes.
//!
//! Reading order: [`dispatch`] is the one door for every wish. [`store`] appends what the rules decided. [`executor`]
//! claims the effects that follow, performs them through [`cluster`] and reports the outcome by the same door.
//! `cluster::watch` reports what it sees, also by that door. [`manifest`] reads what users write. [`write_side`] puts
//! the parts together for the gateway. [`sealing`] has the keys that are outside the database.

pub mod cluster;
pub mod dispatch;
pub mod error;
pub mod executor;
pub mod failpoint;
pub mod manifest;
pub mod sealing;
pub mod store;
pub mod write_side;

pub use cluster::{ClusterSource, Clusters};
pub use dispatch::{Dispatcher, Origin, Receipt};
pub use error::{Error, Refusal, Rule};
pub use write_side::{Settings, WriteSide};
