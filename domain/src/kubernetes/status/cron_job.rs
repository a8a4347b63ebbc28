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
    let runs = runs(workload, related);
    let stuck = stuck_runs(own, &runs);
    if stuck.is_none()
        && let Some((job, finding)) = failed_run(&runs)
    {
        return (State::Degraded, Some(Code::LastRunFailed.message([("job", job.into())])), Some(finding));
    }
    let schedule = match &own.time_zone {
        Some(zone) => format!("{} ({zone})", own.schedule),
        None => own.schedule.clone(),
    };
    let summary = Code::Scheduled.message([("schedule", schedule.into()), ("active", own.active_count().into())]);
    let (state, finding) = stuck.map_or((State::Running, None), |(state, finding)| (state, Some(finding)));
    (state, Some(summary), finding)
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

/// A run with what is said of it.
type Run<'a> = (&'a Object<'a, Workload>, Said);

fn runs<'a>(workload: &Object<Workload>, related: &Related<'a>) -> Vec<Run<'a>> {
    let ours = related.jobs.iter().filter(|job| is_controlled_by(&job.facts.owners, workload));
    let evaluated = ours.filter_map(|job| {
        let Details::Job(own) = &job.facts.details else { return None };
        Some((job, job::evaluate(job, own, &related.pods_of(job))))
    });
    evaluated.collect()
}

/// The last run that ended, if it failed, and why.
fn failed_run<'a>(runs: &[Run<'a>]) -> Option<(&'a str, Finding)> {
    let ended = runs.iter().filter(|(_, (state, ..))| matches!(state, State::Failed | State::Completed));
    let (job, (state, _, finding)) = ended.max_by_key(|(job, _)| job.created_at)?;
    Some((job.name, finding.clone().filter(|_| *state == State::Failed)?))
}

/// Why none of its active runs works: what keeps the newest of them from it. A run of which nothing bad is known may still
/// come up.
fn stuck_runs(own: &CronJob, runs: &[Run]) -> Option<(State, Finding)> {
    let is_over = |state| matches!(state, State::Failed | State::Completed | State::Suspended | State::Stopped);
    let is_active = |(job, (state, ..)): &&Run| job.facts.deletion.is_none() && !is_over(*state);
    let mut active: Vec<&Run> = runs.iter().filter(is_active).collect();
    active.sort_by_key(|(job, _)| (job.created_at, job.name));
    let of_run = |(_, (state, _, finding)): &Run| finding.clone().filter(|_| *state == State::Unavailable);
    let mut stuck: Vec<Finding> = active.into_iter().map(of_run).collect::<Option<_>>()?;
    // Only the newest runs are observed with their pods.
    let is_all = usize::try_from(own.active_count()).is_ok_and(|active| active <= stuck.len());
    let mut newest = stuck.pop()?;
    let alike = stuck.into_iter().filter(|earlier| newest.cause.is_same(&earlier.cause.message));
    newest.cause.since = alike.filter_map(|earlier| earlier.cause.since).chain(newest.cause.since).min();
    Some((if is_all { State::Unavailable } else { State::Degraded }, newest))
}
