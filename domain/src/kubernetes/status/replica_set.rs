//! ReplicaSets without an owner, and those of Deployments.

use super::{
    findings::{Said, findings},
    pod,
    rollout::Rollout,
};
use crate::kubernetes::{
    cause,
    observation::{Object, Pod, ReplicaSet, Workload},
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &ReplicaSet, pods: &[Object<Pod>]) -> Said {
    let mut found: Vec<_> = findings(pods).into_iter().map(|(_, finding)| finding).collect();
    found.extend(cause::creation::refused(workload));
    let is_steady = !pods.iter().any(pod::is_crash_looping);
    rollout(own).evaluate(found, is_steady, false)
}

pub(crate) fn rollout(own: &ReplicaSet) -> Rollout {
    Rollout::of_one_version(own.replicas, &own.counts)
}
