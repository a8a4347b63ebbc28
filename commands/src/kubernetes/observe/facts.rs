//! Converts Kubernetes objects into the facts that the log keeps: one file for each kind, typed reads only.
//!
//! The JSON must have `apiVersion` and `kind`. The server omits them inside a list; the watch restores them.

#[cfg(test)]
mod tests;

pub use super::autoscaler::autoscaler;
pub use super::event::event;
pub use super::managers::{OF_A_RESTART, OF_A_TEMPLATE, managers, owned_fields};
pub use super::meta::Error;
pub use super::pod::pod;

use super::{cron_job, daemon_set, deployment, job, meta, replica_set, stateful_set};
use domain::kubernetes::{observation::Workload, resource::Resource};
use serde_json::Value;

/// The facts about a workload of `kind`. The events about it are not part of the object: `notes` is empty.
pub fn workload(kind: &Resource, object: &Value) -> Result<Workload, Error> {
    match (kind.group(), kind.kind()) {
        ("apps", "Deployment") => Ok(deployment::facts(meta::read(object)?)),
        ("apps", "StatefulSet") => Ok(stateful_set::facts(meta::read(object)?)),
        ("apps", "DaemonSet") => Ok(daemon_set::facts(meta::read(object)?)),
        ("apps", "ReplicaSet") => Ok(replica_set::facts(meta::read(object)?)),
        ("batch", "Job") => Ok(job::facts(meta::read(object)?)),
        ("batch", "CronJob") => Ok(cron_job::facts(meta::read(object)?)),
        _ => Err(Error::NoWorkload(kind.clone())),
    }
}
