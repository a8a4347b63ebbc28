//! CronJobs: Jobs on a schedule.

use super::{
    findings::Said,
    job,
    related::{Related, is_controlled_by},
    state::State,
};
use crate::{
    core::message::{Code, FREE_TEXT},
    kubernetes::{
        cause::{self, Depth, Finding, ObjectName},
        observation::{CronJob, Details, Object, Workload},
    },
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &CronJob, related: &Related) -> Said {
    if own.suspend {
        return (State::Suspended, None, None);
    }
    if let Some(finding) = not_scheduled(workload, own) {
        return (State::Unavailable, None, Some(finding));
    }
    if let Some((job, finding)) = failed_run(workload, related) {
        return (State::Degraded, Some(Code::LastRunFailed.message([("job", job.into())])), Some(finding));
    }
    let schedule = match &own.time_zone {
        Some(zone) => format!("{} ({zone})", own.schedule),
        None => own.schedule.clone(),
    };
    let summary = Code::Scheduled.message([("schedule", schedule.into()), ("active", own.active_count().into())]);
    (State::Running, Some(summary), None)
}

/// Why no run could be started since the last one.
fn not_scheduled(workload: &Object<Workload>, own: &CronJob) -> Option<Finding> {
    let is_new = |last| own.last_schedule.is_none_or(|schedule| schedule < last);
    let note = workload.facts.notes.iter().filter(|note| is_new(note.last)).max_by_key(|note| note.last)?;
    let detail = || [(FREE_TEXT, (&note.message).into())];
    let message = match note.reason.as_str() {
        "FailedCreate" => return cause::creation::refused(workload),
        "UnparseableSchedule" | "InvalidSchedule" | "UnknownTimeZone" => Code::ScheduleInvalid.message(detail()),
        _ => return None,
    };
    let evidence = cause::event_evidence(note, ObjectName::new("CronJob", workload.name));
    Some(Finding::new(Depth::Verdict, message).since(Some(note.first)).with(evidence))
}

/// The last run that ended, if it failed, and why.
fn failed_run<'a>(workload: &Object<Workload>, related: &Related<'a>) -> Option<(&'a str, Finding)> {
    let ours = related.jobs.iter().filter(|job| is_controlled_by(&job.facts.owners, workload));
    let (job, state, finding) = ours
        .filter_map(|job| {
            let Details::Job(own) = &job.facts.details else { return None };
            let (state, _, finding) = job::evaluate(job, own, &related.pods_of(job));
            Some((job, state, finding))
        })
        .filter(|(_, state, _)| matches!(state, State::Failed | State::Completed))
        .max_by_key(|(job, ..)| job.created_at)?;
    Some((job.name, finding.filter(|_| state == State::Failed)?))
}
