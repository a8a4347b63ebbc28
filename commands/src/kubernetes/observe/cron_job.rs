//! CronJobs.

use super::meta;
use domain::kubernetes::observation::{CronJob, Details, Workload};
use k8s_openapi::api::batch::v1 as batch;

/// Names of running Jobs that are kept. With `Allow` there may be very many.
const ACTIVE: usize = 20;

pub(super) fn facts(object: batch::CronJob) -> Workload {
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let active: Vec<String> = status.active.into_iter().flatten().filter_map(|job| job.name).collect();
    let own = CronJob {
        schedule: spec.schedule,
        time_zone: spec.time_zone,
        suspend: spec.suspend.unwrap_or_default(),
        concurrency_policy: spec.concurrency_policy,
        last_schedule: meta::time(status.last_schedule_time.as_ref()),
        last_success: meta::time(status.last_successful_time.as_ref()),
        more_active: i32::try_from(active.len().saturating_sub(ACTIVE)).unwrap_or(i32::MAX),
        active: active.into_iter().take(ACTIVE).collect(),
    };
    meta::workload(&object.metadata, None, Vec::new(), Details::CronJob(own))
}
