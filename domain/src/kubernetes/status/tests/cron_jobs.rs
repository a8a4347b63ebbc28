//! CronJobs while their runs are active.

use super::*;

#[test]
fn a_cron_job_whose_active_runs_cannot_start_is_not_well() {
    let refused = |first| {
        let mut run = job(Job { completions: Some(1), ..Job::default() }).note("FailedCreate", QUOTA);
        run.notes.iter_mut().for_each(|note| note.first = at(first));
        run.owned_by("CronJob", "w")
    };
    let (one, other) = (refused(0), refused(40));
    let works = job(Job { active: 1, ready: 1, ..Job::default() }).owned_by("CronJob", "w");
    let starts = job(Job { active: 1, ..Job::default() }).owned_by("CronJob", "w");
    let ended = job(Job { failed: 1, ..Job::default() }).condition("Failed", Truth::True, "BackoffLimitExceeded", "");
    let ended = ended.owned_by("CronJob", "w");
    let later = |name, facts, seconds| Object { created_at: at(seconds), ..named(name, name, facts) };
    let said_beside = |more_active, jobs: &[Object<Workload>]| {
        let nightly = cron_job(CronJob { more_active, ..CronJob::default() });
        let said = evaluate(&named("nightly", "w", &nightly), &Related { jobs, ..Related::default() }, None);
        (said.state, said.cause.map(|cause| (cause.message.known(), cause.since)))
    };
    let said_with = |jobs: &[Object<Workload>]| said_beside(0, jobs);
    let cause = Some((Some(Code::QuotaExceeded), Some(at(0))));
    let quota = (Unavailable, cause);
    assert_eq!(said_beside(3, &[later("a", &one, 0)]), (Degraded, cause), "the others are not known");
    assert_eq!(said_with(&[later("b", &other, 60), later("a", &one, 0)]), quota);
    assert_eq!(said_with(&[later("ended", &ended, -60), later("a", &one, 0)]), quota, "it runs no more");
    assert_eq!(said_with(&[later("a", &one, 0), later("c", &works, 60)]), (Running, None));
    assert_eq!(said_with(&[later("a", &one, 0), later("c", &starts, 60)]), (Running, None), "it may come up");
}
