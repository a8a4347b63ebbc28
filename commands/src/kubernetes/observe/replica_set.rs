//! ReplicaSets, including those of Deployments: they show what blocks a rollout.

use super::meta;
use domain::kubernetes::observation::{Details, ReplicaCounts, ReplicaSet, Workload};
use k8s_openapi::api::apps::v1 as apps;

pub(super) fn facts(object: apps::ReplicaSet) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let conditions = status.conditions.into_iter().flatten().map(|one| {
        meta::condition(one.type_, &one.status, one.reason, one.message.as_deref(), one.last_transition_time.as_ref())
    });
    let own = ReplicaSet {
        replicas: spec.replicas.unwrap_or(1),
        min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
        revision: meta::revision(&object.metadata),
        fully_labelled: status.fully_labeled_replicas.unwrap_or_default(),
        counts: ReplicaCounts {
            replicas: status.replicas,
            ready: status.ready_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            terminating: status.terminating_replicas.unwrap_or_default(),
            ..ReplicaCounts::default()
        },
    };
    meta::workload(&object.metadata, status.observed_generation, meta::sorted(conditions), Details::ReplicaSet(own))
}
