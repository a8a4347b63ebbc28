//! DaemonSets.

use super::{meta, stateful_set::update_strategy};
use domain::kubernetes::observation::{DaemonSet, Details, Workload};
use k8s_openapi::api::apps::v1 as apps;

/// The template generation that the controller writes on each pod, as the label `pod-template-generation`.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

pub(super) fn facts(object: apps::DaemonSet) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let strategy = spec.update_strategy.unwrap_or_default();
    let conditions = status.conditions.into_iter().flatten().map(|one| {
        meta::condition(one.type_, &one.status, one.reason, one.message.as_deref(), one.last_transition_time.as_ref())
    });
    let own = DaemonSet {
        update_strategy: update_strategy(strategy.type_.as_deref()),
        min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
        revision: meta::annotation(&object.metadata, TEMPLATE_GENERATION).cloned(),
        desired: status.desired_number_scheduled,
        current: status.current_number_scheduled,
        misscheduled: status.number_misscheduled,
        updated: status.updated_number_scheduled.unwrap_or_default(),
        ready: status.number_ready,
        available: status.number_available.unwrap_or_default(),
        unavailable: status.number_unavailable.unwrap_or_default(),
    };
    meta::workload(&object.metadata, status.observed_generation, meta::sorted(conditions), Details::DaemonSet(own))
}
