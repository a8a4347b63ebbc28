//! Jobs.

use super::meta;
use domain::kubernetes::observation::{Details, Job, Workload};
use k8s_openapi::api::batch::v1::{self as batch, UncountedTerminatedPods};

/// The built-in controller, if `managedBy` names it.
const OWN_CONTROLLER: &str = "kubernetes.io/job-controller";
/// Maximum bytes kept of a list of indexes. A Job can have 100,000 of them.
const INDEXES: usize = 256;

pub(super) fn facts(object: batch::Job) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let conditions = status.conditions.into_iter().flatten().map(|one| {
        meta::condition(one.type_, &one.status, one.reason, one.message.as_deref(), one.last_transition_time.as_ref())
    });
    let own = Job {
        completions: spec.completions,
        parallelism: spec.parallelism.unwrap_or(1),
        indexed: spec.completion_mode.as_deref() == Some("Indexed"),
        backoff_limit: spec.backoff_limit,
        backoff_limit_per_index: spec.backoff_limit_per_index,
        active_deadline_seconds: spec.active_deadline_seconds,
        ttl_seconds_after_finished: spec.ttl_seconds_after_finished,
        suspend: spec.suspend.unwrap_or_default(),
        managed_by: spec.managed_by.filter(|manager| manager != OWN_CONTROLLER),
        started_at: meta::time(status.start_time.as_ref()),
        completed_at: meta::time(status.completion_time.as_ref()),
        active: status.active.unwrap_or_default(),
        ready: status.ready.unwrap_or_default(),
        succeeded: status.succeeded.unwrap_or_default(),
        failed: status.failed.unwrap_or_default(),
        terminating: status.terminating.unwrap_or_default(),
        uncounted: uncounted(status.uncounted_terminated_pods),
        completed_indexes: cut(status.completed_indexes),
        failed_indexes: cut(status.failed_indexes),
    };
    meta::workload(&object.metadata, None, meta::sorted(conditions), Details::Job(own))
}

fn uncounted(pods: Option<UncountedTerminatedPods>) -> i32 {
    let pods = pods.unwrap_or_default();
    let number = pods.succeeded.map_or(0, |all| all.len()) + pods.failed.map_or(0, |all| all.len());
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Cuts after the last whole index that fits.
fn cut(indexes: Option<String>) -> String {
    let indexes = indexes.unwrap_or_default();
    if indexes.len() <= INDEXES {
        return indexes;
    }
    let kept = &indexes[..indexes.floor_char_boundary(INDEXES)];
    format!("{},…", kept.rsplit_once(',').map_or(kept, |(kept, _)| kept))
}
