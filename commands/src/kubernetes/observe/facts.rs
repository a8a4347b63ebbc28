//! Objects as Kubernetes sends them, to the facts that the log keeps: one file a kind, typed reads, no judgement.
//!
//! The JSON must say `apiVersion` and `kind`. The server leaves them out inside a list, the watch puts them back.

#[cfg(test)]
mod tests;

pub use super::autoscaler::autoscaler;
pub use super::event::event;
pub use super::managers::{managers, owned_fields};
pub use super::pod::pod;

use super::{cron_job, daemon_set, deployment, job, meta, replica_set, stateful_set};
use domain::kubernetes::{object::Kind, observation::Workload};
use serde_json::Value;

/// The object is not of the shape that its kind has.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the object cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("{0} is no workload")]
    NoWorkload(Kind),
}

/// The facts about a workload of `kind`. The events about it are not part of the object: `notes` is empty.
pub fn workload(kind: Kind, object: &Value) -> Result<Workload, Error> {
    match kind {
        Kind::Deployment => Ok(deployment::facts(meta::read(object)?)),
        Kind::StatefulSet => Ok(stateful_set::facts(meta::read(object)?)),
        Kind::DaemonSet => Ok(daemon_set::facts(meta::read(object)?)),
        Kind::ReplicaSet => Ok(replica_set::facts(meta::read(object)?)),
        Kind::Job => Ok(job::facts(meta::read(object)?)),
        Kind::CronJob => Ok(cron_job::facts(meta::read(object)?)),
        Kind::Pod | Kind::Namespace => Err(Error::NoWorkload(kind)),
    }
}
