//! Deployments.

use super::meta;
use domain::kubernetes::observation::{Deployment, Details, ReplicaCounts, Workload};
use k8s_openapi::api::apps::v1 as apps;

pub(super) fn facts(object: apps::Deployment) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let conditions = status.conditions.into_iter().flatten().map(|one| {
        meta::condition(one.type_, &one.status, one.reason, one.message.as_deref(), one.last_transition_time.as_ref())
    });
    let own = Deployment {
        replicas: spec.replicas.unwrap_or(1),
        paused: spec.paused.unwrap_or_default(),
        recreate: spec.strategy.and_then(|strategy| strategy.type_).as_deref() == Some("Recreate"),
        min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
        progress_deadline_seconds: spec.progress_deadline_seconds,
        revision: meta::revision(&object.metadata),
        counts: ReplicaCounts {
            replicas: status.replicas.unwrap_or_default(),
            updated: status.updated_replicas.unwrap_or_default(),
            ready: status.ready_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            unavailable: status.unavailable_replicas.unwrap_or_default(),
            terminating: status.terminating_replicas.unwrap_or_default(),
        },
    };
    meta::workload(&object.metadata, status.observed_generation, meta::sorted(conditions), Details::Deployment(own))
}
