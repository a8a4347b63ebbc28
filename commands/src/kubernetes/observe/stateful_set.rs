//! StatefulSets.

use super::meta;
use domain::kubernetes::observation::{Details, ReplicaCounts, StatefulSet, UpdateStrategy, Workload};
use k8s_openapi::api::apps::v1 as apps;

pub(super) fn facts(object: apps::StatefulSet) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let strategy = spec.update_strategy.unwrap_or_default();
    let conditions = status.conditions.into_iter().flatten().map(|one| {
        meta::condition(one.type_, &one.status, one.reason, one.message.as_deref(), one.last_transition_time.as_ref())
    });
    let own = StatefulSet {
        replicas: spec.replicas.unwrap_or(1),
        update_strategy: update_strategy(strategy.type_.as_deref()),
        partition: strategy.rolling_update.and_then(|rolling| rolling.partition).unwrap_or_default(),
        min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
        current: status.current_replicas.unwrap_or_default(),
        current_revision: status.current_revision,
        update_revision: status.update_revision,
        counts: ReplicaCounts {
            replicas: status.replicas,
            updated: status.updated_replicas.unwrap_or_default(),
            ready: status.ready_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            ..ReplicaCounts::default()
        },
    };
    meta::workload(&object.metadata, status.observed_generation, meta::sorted(conditions), Details::StatefulSet(own))
}

pub(super) fn update_strategy(kind: Option<&str>) -> UpdateStrategy {
    if kind == Some("OnDelete") { UpdateStrategy::OnDelete } else { UpdateStrategy::RollingUpdate }
}
