//! When a CronJob runs.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use domain::kubernetes::observation::CronJob;

/// When a CronJob runs, as last observed. While its state is SUSPENDED it does not run.
#[derive(SimpleObject)]
pub struct Schedule {
    /// In the syntax of cron.
    expression: String,
    /// Null if it sets none; then the zone of the controller in the cluster holds, which the cluster does not report.
    time_zone: Option<String>,
    /// The time for which its last run was scheduled; null before the first.
    last_run_at: Option<DateTime<Utc>>,
}

impl From<CronJob> for Schedule {
    fn from(observed: CronJob) -> Self {
        let CronJob { schedule: expression, time_zone, last_schedule: last_run_at, .. } = observed;
        Self { expression, time_zone, last_run_at }
    }
}
