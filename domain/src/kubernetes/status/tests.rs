mod begins;
mod cron_jobs;
mod versions;

use super::{State::*, *};
use crate::kubernetes::{
    cause,
    examples::*,
    observation::{
        Container, CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, Role, StatefulSet, Termination, Truth,
        UpdateStrategy,
    },
};

type Row = (&'static str, Workload, Vec<Pod>, State, Option<Code>);

fn hold(rows: Vec<Row>) {
    for (name, workload, pods, state, cause) in rows {
        let said = said(&workload, &pods);
        assert_eq!(said.state, state, "{name}: {said:?}");
        let found = said.cause.as_ref().and_then(|cause| cause.message.known());
        assert_eq!(found, cause, "{name}: {said:?}");
    }
}

fn typo() -> Container {
    waiting("ImagePullBackOff", "Back-off pulling image \"web:typo\": ErrImagePull: web:typo: not found")
}

fn broken() -> Pod {
    pod(vec![typo()]).phase("Pending")
}

/// A pod that waits for an init container.
fn hanging() -> Pod {
    let init = Container { overdue: true, ..running().not_ready().role(Role::Init) };
    pod(vec![init, waiting("PodInitializing", "")]).phase("Pending")
}

const QUOTA: &str =
    "pods \"web-1\" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0";

fn out_of_quota(workload: Workload) -> Workload {
    workload.condition("ReplicaFailure", Truth::True, "FailedCreate", QUOTA)
}

#[test]
fn a_deployment_is_what_its_counts_and_pods_say() {
    let crash = || pod(vec![crash_loop("Error", 1)]);
    let on_and_off = || pod(vec![running().again(4, end("Error", 1))]);
    let ended_again = || pod(vec![terminated("Error", 1).again(4, end("Error", 1))]);
    let settled = || pod(vec![Container { settled: true, ..running().again(4, end("Error", 1)) }]);
    let mut unobserved = deployment(2, [2, 2, 2, 2]);
    unobserved.observed_generation = Some(1);
    let mut never_observed = deployment(2, [0; 4]);
    never_observed.observed_generation = None;
    let mut terminating = deployment(0, [0; 4]);
    if let Details::Deployment(own) = &mut terminating.details {
        own.counts.terminating = 2;
    }
    hold(vec![
        ("all there", deployment(2, [2, 2, 2, 2]), vec![], Running, None),
        ("generation not observed", unobserved, vec![], Progressing, None),
        ("never observed", never_observed, vec![], Progressing, None),
        ("no pods wanted, none there", deployment(0, [0; 4]), vec![], Stopped, None),
        ("no pods wanted, some there", deployment(0, [2, 2, 2, 2]), vec![], Progressing, None),
        ("no pods wanted, some terminate", terminating, vec![], Progressing, None),
        ("first pods start", deployment(2, [2, 2, 0, 0]), vec![], Progressing, None),
        ("ready but not available yet", deployment(2, [2, 2, 2, 0]), vec![], Progressing, None),
        ("rolling, old pods still there", deployment(2, [3, 1, 2, 2]), vec![], Progressing, None),
        ("updated, one old left", deployment(2, [3, 2, 3, 3]), vec![], Progressing, None),
        ("scaled down, extra pods go", deployment(1, [3, 3, 3, 3]), vec![], Progressing, None),
        (
            "new image missing, old serves",
            deployment(2, [3, 1, 2, 2]),
            vec![broken()],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "the same of one replica",
            deployment(1, [2, 1, 1, 1]),
            vec![broken()],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "past deadline, old serves",
            deployment(2, [3, 1, 2, 2]).given_up(),
            vec![broken()],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "past deadline, no pod known",
            deployment(2, [3, 1, 2, 2]).given_up(),
            vec![],
            RolloutStuck,
            Some(Code::ProgressDeadlineExceeded),
        ),
        ("first image missing", deployment(1, [1, 1, 0, 0]), vec![broken()], Unavailable, Some(Code::ImageNotFound)),
        (
            "past deadline, nothing serves",
            deployment(1, [1, 1, 0, 0]).given_up(),
            vec![broken()],
            Failed,
            Some(Code::ImageNotFound),
        ),
        (
            "past deadline, why is unknown",
            deployment(1, [1, 1, 0, 0]).given_up(),
            vec![],
            Failed,
            Some(Code::ProgressDeadlineExceeded),
        ),
        ("past deadline, scaled to zero", deployment(0, [0; 4]).given_up(), vec![], Stopped, None),
        (
            "its init container hangs",
            deployment(1, [1, 1, 0, 0]),
            vec![hanging()],
            Unavailable,
            Some(Code::InitRunsLong),
        ),
        (
            "past deadline, its init container hangs",
            deployment(1, [1, 1, 0, 0]).given_up(),
            vec![hanging()],
            Failed,
            Some(Code::InitRunsLong),
        ),
        ("one of two crashes", deployment(2, [2, 2, 1, 1]), vec![crash()], Degraded, Some(Code::Exited)),
        ("all crash", deployment(2, [2, 2, 0, 0]), vec![crash(), crash()], Unavailable, Some(Code::Exited)),
        ("up between crashes", deployment(1, [1, 1, 1, 1]), vec![on_and_off()], Degraded, Some(Code::Exited)),
        (
            "ended again and still counted",
            deployment(1, [1, 1, 1, 1]),
            vec![ended_again()],
            Degraded,
            Some(Code::Exited),
        ),
        ("up for long after crashes", deployment(1, [1, 1, 1, 1]), vec![settled()], Running, None),
        ("a pod that goes explains nothing", deployment(1, [1, 1, 0, 0]), vec![crash().deleted()], Progressing, None),
        (
            "no quota for the first pod",
            out_of_quota(deployment(1, [0; 4])),
            vec![],
            Unavailable,
            Some(Code::QuotaExceeded),
        ),
        (
            "no quota for the new version",
            out_of_quota(deployment(2, [2, 0, 2, 2])),
            vec![],
            RolloutStuck,
            Some(Code::QuotaExceeded),
        ),
        (
            "no quota for one more",
            out_of_quota(deployment(3, [2, 2, 2, 2])),
            vec![],
            Degraded,
            Some(Code::QuotaExceeded),
        ),
        (
            "a crash is deeper than a quota",
            out_of_quota(deployment(3, [2, 2, 0, 0])),
            vec![crash()],
            Unavailable,
            Some(Code::Exited),
        ),
        ("deleted", deployment(2, [2, 2, 2, 2]).deleted(&["foregroundDeletion"]), vec![], Deleting, None),
        (
            "held by a finalizer",
            deployment(2, [2, 2, 2, 2]).deleted(&["example.com/x"]),
            vec![],
            Deleting,
            Some(Code::FinalizersBlock),
        ),
    ]);
}

#[test]
fn a_paused_deployment_is_paused_unless_it_is_broken() {
    let mut never_rolled_out = paused(2, [0; 4]);
    if let Details::Deployment(own) = &mut never_rolled_out.details {
        own.revision = None;
    }
    let crash = pod(vec![crash_loop("OOMKilled", 137)]);
    hold(vec![
        ("created paused", never_rolled_out.clone(), vec![], Paused, None),
        ("old version serves", paused(2, [2, 0, 2, 2]), vec![], Paused, None),
        ("all up to date", paused(2, [2, 2, 2, 2]), vec![], Paused, None),
        ("between two versions", paused(2, [3, 1, 2, 2]), vec![], Paused, None),
        ("what ran is broken", paused(2, [2, 0, 1, 1]), vec![crash], RolloutStuck, Some(Code::OomKilled)),
        ("stopped", paused(0, [0; 4]), vec![], Stopped, None),
    ]);
    assert!(said(&never_rolled_out, &[]).summary.is_some_and(|summary| summary.is(Code::CreatedPaused)));
}

#[test]
fn a_stateful_set_follows_partition_and_strategy() {
    let set = |own: StatefulSet| workload(Details::StatefulSet(own));
    let parted = |numbers, is_updating| set(StatefulSet { partition: 2, ..stateful_set(3, numbers, is_updating) });
    let on_delete = |numbers, is_updating| {
        set(StatefulSet { update_strategy: UpdateStrategy::OnDelete, ..stateful_set(2, numbers, is_updating) })
    };
    let plain = |numbers, is_updating| set(stateful_set(3, numbers, is_updating));
    let broken = || broken().owned_by("StatefulSet", "w");
    let crash = || pod(vec![crash_loop("Error", 1)]).owned_by("StatefulSet", "w");
    hold(vec![
        ("all there", plain([3, 3, 3, 3], false), vec![], Running, None),
        ("one at a time", plain([3, 1, 2, 2], true), vec![], Progressing, None),
        ("ready, not available yet", plain([3, 3, 3, 2], false), vec![], Progressing, None),
        ("way back, a pod of the version between is left", plain([3, 2, 3, 3], false), vec![], Progressing, None),
        ("partition is reached", parted([3, 1, 3, 3], true), vec![], Running, None),
        (
            "partition, new version broken",
            parted([3, 1, 2, 2], true),
            vec![broken().of_revision("s-2")],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "partition, old version broken",
            parted([3, 1, 2, 2], true),
            vec![broken().of_revision("s-1")],
            Degraded,
            Some(Code::ImageNotFound),
        ),
        ("partition is not reached", parted([3, 0, 2, 2], true), vec![], Progressing, None),
        ("deleted pods change, none yet", on_delete([2, 0, 2, 2], true), vec![], Running, None),
        ("deleted pods change, one starts", on_delete([2, 1, 1, 1], true), vec![], Progressing, None),
        ("new version broken", plain([3, 1, 2, 2], true), vec![broken()], RolloutStuck, Some(Code::ImageNotFound)),
        (
            "old version broken too",
            plain([3, 0, 2, 2], true),
            vec![broken().of_revision("s-1")],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "both versions broken, the old one deeper",
            plain([3, 1, 1, 1], true),
            vec![crash().of_revision("s-1"), broken().of_revision("s-2")],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "one broken without a change",
            plain([3, 3, 2, 2], false),
            vec![broken()],
            Degraded,
            Some(Code::ImageNotFound),
        ),
        ("first pod broken", plain([1, 1, 0, 0], false), vec![broken()], Unavailable, Some(Code::ImageNotFound)),
        ("no quota", plain([0; 4], false).note("FailedCreate", QUOTA), vec![], Unavailable, Some(Code::QuotaExceeded)),
        (
            "refused long ago, all there now",
            plain([3, 3, 3, 3], false).note("FailedCreate", QUOTA),
            vec![],
            Running,
            None,
        ),
        (
            "refused long ago, one starts",
            plain([3, 3, 2, 2], false).note("FailedCreate", QUOTA),
            vec![],
            Progressing,
            None,
        ),
        ("scaled down", set(stateful_set(1, [3, 3, 3, 3], false)), vec![], Progressing, None),
        ("stopped", set(stateful_set(0, [0; 4], false)), vec![], Stopped, None),
    ]);
    let summary = |workload: &Workload| said(workload, &[]).summary.and_then(|summary| summary.known());
    assert_eq!(summary(&parted([3, 1, 3, 3], true)), Some(Code::Partitioned));
    assert_eq!(summary(&on_delete([2, 0, 2, 2], true)), Some(Code::UpdatesOnDelete));
    assert_eq!(summary(&plain([3, 3, 3, 3], false)), None);
}

#[test]
fn a_daemon_set_counts_nodes() {
    let set = |numbers| workload(Details::DaemonSet(daemon_set(numbers)));
    let on_delete = |numbers| {
        let own = DaemonSet { update_strategy: UpdateStrategy::OnDelete, ..daemon_set(numbers) };
        workload(Details::DaemonSet(own))
    };
    let broken = || broken().owned_by("DaemonSet", "w");
    let crash = || pod(vec![crash_loop("Error", 1)]).owned_by("DaemonSet", "w");
    hold(vec![
        ("on every node", set([3, 3, 3, 3, 3]), vec![], Running, None),
        ("no node matches", set([0; 5]), vec![], Stopped, None),
        ("not on every node yet", set([3, 2, 2, 2, 2]), vec![], Progressing, None),
        ("rolling", set([3, 3, 1, 3, 3]), vec![], Progressing, None),
        ("ready, not available yet", set([3, 3, 3, 3, 2]), vec![], Progressing, None),
        (
            "new version broken on one node",
            set([3, 3, 1, 2, 2]),
            vec![broken()],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        ("old pod broken, fix comes", set([3, 3, 1, 2, 2]), vec![broken().of_revision("1")], Progressing, None),
        ("broken on one node", set([3, 3, 3, 2, 2]), vec![broken()], Degraded, Some(Code::ImageNotFound)),
        ("deleted pods change", on_delete([3, 3, 0, 3, 3]), vec![], Running, None),
        (
            "deleted pods change, new version broken",
            on_delete([3, 3, 1, 2, 2]),
            vec![broken().of_revision("2")],
            RolloutStuck,
            Some(Code::ImageNotFound),
        ),
        (
            "deleted pods change, both versions broken",
            on_delete([2, 2, 1, 0, 0]),
            vec![crash().of_revision("1"), broken().of_revision("2")],
            Unavailable,
            Some(Code::ImageNotFound),
        ),
        ("no quota", set([1, 0, 0, 0, 0]).note("FailedCreate", QUOTA), vec![], Unavailable, Some(Code::QuotaExceeded)),
    ]);
}

#[test]
fn a_replica_set_has_one_version() {
    hold(vec![
        ("all there", replica_set(2, [2, 0, 2, 2]), vec![], Running, None),
        ("starting", replica_set(2, [2, 0, 1, 1]), vec![], Progressing, None),
        ("broken", replica_set(1, [1, 0, 0, 0]), vec![broken()], Unavailable, Some(Code::ImageNotFound)),
        ("no quota", out_of_quota(replica_set(1, [0; 4])), vec![], Unavailable, Some(Code::QuotaExceeded)),
        ("stopped", replica_set(0, [0; 4]), vec![], Stopped, None),
    ]);
}

#[test]
fn a_job_is_said_in_the_terms_of_jobs() {
    let one = || Job { completions: Some(1), ..Job::default() };
    let active = |ready| Job { active: 1, ready, started_at: Some(at(0)), ..one() };
    let ended = |kind: &str, reason: &str, own: Job| job(own).condition(kind, Truth::True, reason, "");
    let failed = || Job { failed: 1, ..one() };
    let exited = || pod(vec![terminated("Error", 3)]).phase("Failed").owned_by("Job", "w");
    let killed = || pod(vec![terminated("Error", 137)]).phase("Failed").owned_by("Job", "w");
    let broken = || broken().owned_by("Job", "w");
    hold(vec![
        ("not started", job(one()), vec![], Progressing, None),
        ("pod starts", job(active(0)), vec![], Progressing, None),
        ("runs", job(active(1)), vec![], Running, None),
        ("no pod at once", workload(Details::Job(Job::default())), vec![], Stopped, None),
        (
            "no pod at once from now on",
            workload(Details::Job(Job { active: 1, ready: 1, ..Job::default() })),
            vec![],
            Progressing,
            None,
        ),
        ("work queue runs", job(Job { active: 3, ready: 3, parallelism: 3, ..Job::default() }), vec![], Running, None),
        ("complete", ended("Complete", "", Job { succeeded: 1, ..one() }), vec![], Completed, None),
        (
            "complete although one failed",
            ended("Complete", "", Job { succeeded: 1, ..failed() }),
            vec![exited()],
            Completed,
            None,
        ),
        ("exit code", ended("Failed", "BackoffLimitExceeded", failed()), vec![exited()], Failed, Some(Code::Exited)),
        (
            "failed, pods are gone",
            ended("Failed", "BackoffLimitExceeded", failed()),
            vec![],
            Failed,
            Some(Code::JobBackoffLimitExceeded),
        ),
        (
            "too late",
            ended("Failed", "DeadlineExceeded", failed()),
            vec![killed()],
            Failed,
            Some(Code::JobDeadlineExceeded),
        ),
        (
            "too late for want of an image",
            ended("Failed", "DeadlineExceeded", failed()),
            vec![broken()],
            Failed,
            Some(Code::ImageNotFound),
        ),
        ("indexes", ended("Failed", "FailedIndexes", failed()), vec![], Failed, Some(Code::JobIndexesFailed)),
        ("policy", ended("Failed", "PodFailurePolicy", failed()), vec![], Failed, Some(Code::JobFailed)),
        (
            "about to fail",
            ended("FailureTarget", "BackoffLimitExceeded", failed()),
            vec![exited()],
            Progressing,
            Some(Code::Exited),
        ),
        ("about to succeed", ended("SuccessCriteriaMet", "", active(1)), vec![], Progressing, None),
        ("tried again", job(Job { failed: 1, ..active(1) }), vec![exited()], Degraded, Some(Code::Exited)),
        ("waits to be tried again", job(failed()), vec![exited()], Degraded, Some(Code::Exited)),
        ("image missing", job(active(0)), vec![broken()], Unavailable, Some(Code::ImageNotFound)),
        (
            "image missing for one of two",
            job(Job { active: 2, ready: 1, parallelism: 2, ..one() }),
            vec![broken()],
            Degraded,
            Some(Code::ImageNotFound),
        ),
        ("no quota", job(one()).note("FailedCreate", QUOTA), vec![], Unavailable, Some(Code::QuotaExceeded)),
        ("suspended", job(Job { suspend: true, ..one() }), vec![], Suspended, None),
        ("being suspended", job(Job { suspend: true, ..active(1) }), vec![], Progressing, None),
        ("of another controller", job(Job { managed_by: Some("x.io/y".to_owned()), ..one() }), vec![], Unknown, None),
    ]);
    let counts = said(&job(Job { active: 3, succeeded: 2, ..one() }), &[]).counts;
    assert_eq!((counts.active, counts.succeeded, counts.available), (Some(3), Some(2), None));
}

#[test]
fn a_cron_job_is_what_its_last_run_was() {
    let nightly = || cron_job(CronJob::default());
    let run = |kind: &str| {
        let own = Job { failed: 1, ..Job::default() };
        job(own).condition(kind, Truth::True, "BackoffLimitExceeded", "").owned_by("CronJob", "w")
    };
    let (good, bad) = (run("Complete"), run("Failed"));
    let pods = [pod(vec![terminated("Error", 5)]).phase("Failed").owned_by("Job", "bad")];
    let pods = [named("bad-1", "p", &pods[0])];
    let later = |name, facts, seconds| Object { created_at: at(seconds), ..named(name, name, facts) };
    let said_with = |jobs: &[Object<Workload>]| {
        let facts = nightly();
        evaluate(&named("nightly", "w", &facts), &Related { jobs, pods: &pods, ..Related::default() }, None)
    };
    let failed = said_with(&[later("good", &good, 1), later("bad", &bad, 2)]);
    assert_eq!((failed.state, failed.cause.and_then(|cause| cause.message.known())), (Degraded, Some(Code::Exited)));
    assert_eq!(said_with(&[later("bad", &bad, 1), later("good", &good, 2)]).state, Running);
    hold(vec![
        ("scheduled", nightly(), vec![], Running, None),
        ("suspended", cron_job(CronJob { suspend: true, ..CronJob::default() }), vec![], Suspended, None),
        ("no quota for Jobs", nightly().note("FailedCreate", QUOTA), vec![], Unavailable, Some(Code::QuotaExceeded)),
        (
            "no such time zone",
            nightly().note("UnknownTimeZone", "unknown"),
            vec![],
            Unavailable,
            Some(Code::ScheduleInvalid),
        ),
        (
            "missed many runs: the next one is started",
            nightly().note("TooManyMissedTimes", "too many"),
            vec![],
            Running,
            None,
        ),
        (
            "ran since it was refused",
            cron_job(CronJob { last_schedule: Some(at(100)), ..CronJob::default() }).note("FailedCreate", QUOTA),
            vec![],
            Running,
            None,
        ),
    ]);
}

#[test]
fn a_cause_stays_until_the_workload_is_well_or_changed() {
    let own = Job { failed: 1, ..Job::default() };
    let ended = job(own.clone()).condition("Failed", Truth::True, "BackoffLimitExceeded", "");
    let with_pod = said(&ended, &[pod(vec![terminated("Error", 3)]).phase("Failed").owned_by("Job", "w")]);
    let after = |workload: &Workload, before: &Status| {
        evaluate(&named("web", "w", workload), &Related::default(), Some(before))
    };
    let without_pod = after(&ended, &with_pod);
    assert_eq!(without_pod.cause.and_then(|cause| cause.message.known()), Some(Code::Exited));

    let mut changed = ended.clone();
    changed.generation = 3;
    let anew = after(&changed, &with_pod);
    assert_eq!(anew.cause.and_then(|cause| cause.message.known()), Some(Code::JobBackoffLimitExceeded));

    let well = job(own).condition("Complete", Truth::True, "", "");
    assert_eq!(after(&well, &with_pod).cause, None);
}

#[test]
fn evidence_has_an_end() {
    let many: Vec<Pod> = (0..50).map(|_| pod(vec![crash_loop("Error", 1)])).collect();
    let cause = said(&deployment(50, [50, 50, 0, 0]), &many).cause.expect("a cause");
    assert_eq!(cause.evidence.len(), cause::EVIDENCE_LIMIT);
    assert_eq!(cause.message.text("pod"), Some("p0"));
}

#[test]
fn facts_are_read_back_as_they_were_written() {
    let workload = out_of_quota(deployment(2, [3, 1, 2, 2]).note("FailedCreate", QUOTA));
    let pod = pod(vec![crash_loop("OOMKilled", 137).role(Role::Sidecar), running()]).note("Unhealthy", "x", 1);
    let text = |value: serde_json::Result<String>| value.expect("it is written");
    let read: Workload = serde_json::from_str(&text(serde_json::to_string(&workload))).expect("it is read");
    assert_eq!(read, workload);
    let written = text(serde_json::to_string(&pod));
    assert_eq!(serde_json::from_str::<Pod>(&written).expect("it is read"), pod);
    let bare = text(serde_json::to_string(&Deployment { replicas: 1, ..Deployment::default() }));
    assert_eq!(bare, r#"{"replicas":1,"counts":{}}"#);
}
