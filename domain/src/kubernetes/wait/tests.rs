mod overtaken;

use super::*;
use crate::kubernetes::{
    examples::*,
    observation::{Pod, Termination},
};

/// What a row expects.
#[derive(Debug, PartialEq)]
enum Want {
    Done(Code),
    Waits(Option<Code>),
    Ends(Code),
    Overtaken(Code, Option<&'static str>),
}
use Want::{Done, Ends, Waits};

fn requested(goal: Goal) -> Requested {
    Requested {
        goal,
        uid: Some("w".to_owned()),
        generation: 2,
        at: at(0),
        replicas: None,
        suspend: None,
        paused: false,
        fields: Some("ours".to_owned()),
        may_vanish: false,
    }
}

fn scaled(replicas: i32) -> Requested {
    Requested { replicas: Some(replicas), ..requested(Goal::Scaled) }
}

fn suspended(goal: Goal, suspend: bool) -> Requested {
    Requested { suspend: Some(suspend), ..requested(goal) }
}

fn managers() -> [FieldManager; 3] {
    let manager = |name: &str, seconds, parts: &[Part]| FieldManager {
        manager: name.to_owned(),
        subresource: String::new(),
        at: Some(at(seconds)),
        parts: parts.to_vec(),
    };
    [
        manager("binnacle", 0, &[Part::Replicas, Part::Template]),
        manager("kubectl-edit", 20, &[Part::Replicas, Part::Suspend, Part::Template]),
        manager("kube-controller-manager", 50, &[Part::Status]),
    ]
}

fn look(requested: &Requested, workload: &Workload, pods: &[Pod], fields: Option<&str>, seconds: i64) -> Want {
    let status = said(workload, pods);
    let managers = managers();
    let named_pod =
        |pod: &Pod| Named { name: "p".to_owned(), uid: "p".to_owned(), created_at: at(0), facts: pod.clone() };
    let pods: Vec<Named<Pod>> = pods.iter().map(named_pod).collect();
    let found =
        Found { workload: named("web", "w", workload), status: &status, pods: &pods, managers: &managers, fields };
    want(wait(requested, Look::Found(found), at(seconds)))
}

fn want(waited: Waited) -> Want {
    let known = |message: &Message| message.known().expect("a known code");
    match waited {
        Waited::Done(message) => Done(known(&message)),
        Waited::Waiting { cause, .. } => Waits(cause.map(|cause| known(&cause.message))),
        Waited::EndsEarly(cause) => Ends(known(&cause.message)),
        Waited::Overtaken(overtaken) => {
            let manager = overtaken.manager.as_deref();
            Want::Overtaken(
                known(&overtaken.change),
                manager.map(|name| if name == "kubectl-edit" { "kubectl-edit" } else { "?" }),
            )
        }
    }
}

fn hold(rows: Vec<(&str, Requested, Workload, Vec<Pod>, Want)>) {
    for (name, requested, workload, pods, want) in rows {
        assert_eq!(look(&requested, &workload, &pods, Some("ours"), 300), want, "{name}");
    }
}

fn broken() -> Pod {
    pod(vec![waiting("ErrImagePull", "web:typo: not found")]).phase("Pending")
}

const QUOTA: &str = "forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0";

fn out_of_quota(workload: Workload) -> Workload {
    workload.condition("ReplicaFailure", Truth::True, "FailedCreate", QUOTA)
}

#[test]
fn a_pod_that_has_ended_since_is_not_available() {
    let ended = |seconds| Termination { finished_at: Some(at(seconds)), ..end("Error", 1) };
    let down = |seconds| pod(vec![container(ContainerState::Terminated(ended(seconds)))]);
    let restarted = |again: Container| pod(vec![again.again(1, ended(1))]);
    let all_there = || deployment(2, [2, 2, 2, 2]);
    let all_available = || Done(Code::AllAvailable);
    hold(vec![
        ("ended since", requested(Goal::Restarted), all_there(), vec![down(1)], Waits(None)),
        ("waits to start again", requested(Goal::Created), all_there(), vec![restarted(waiting("", ""))], Waits(None)),
        ("started from zero", requested(Goal::Started), all_there(), vec![down(1)], Waits(None)),
        ("up again", requested(Goal::Restarted), all_there(), vec![restarted(running())], all_available()),
        ("ended before", requested(Goal::Restarted), all_there(), vec![down(-1)], all_available()),
        ("evicted", requested(Goal::Restarted), all_there(), vec![down(1).phase("Failed")], all_available()),
        ("goes anyway", requested(Goal::Restarted), all_there(), vec![down(1).deleted()], all_available()),
        ("one more than desired", scaled(2), deployment(2, [3, 1, 2, 2]), vec![down(1)], all_available()),
    ]);
}

#[test]
fn pods_are_waited_for_until_they_are_available() {
    let crash = || pod(vec![crash_loop("Error", 1)]);
    let mut unobserved = deployment(2, [2, 2, 2, 2]);
    unobserved.observed_generation = Some(1);
    hold(vec![
        ("created, all there", requested(Goal::Created), deployment(2, [2, 2, 2, 2]), vec![], Done(Code::AllAvailable)),
        ("created with no replicas", requested(Goal::Created), deployment(0, [0; 4]), vec![], Done(Code::ScaledToZero)),
        (
            "created paused",
            Requested { paused: true, ..requested(Goal::Created) },
            paused(2, [0; 4]),
            vec![],
            Done(Code::CreatedPaused),
        ),
        (
            "created, then paused",
            requested(Goal::Created),
            paused(2, [2, 2, 1, 1]),
            vec![],
            Ends(Code::PausedMeanwhile),
        ),
        ("not taken in yet", requested(Goal::Restarted), unobserved, vec![], Waits(None)),
        (
            "an older look than the write",
            Requested { generation: 3, ..requested(Goal::Created) },
            deployment(2, [2, 2, 2, 2]),
            vec![],
            Waits(None),
        ),
        ("ready, not available yet", requested(Goal::Restarted), deployment(2, [2, 2, 2, 0]), vec![], Waits(None)),
        ("old pods left", requested(Goal::Restarted), deployment(2, [3, 2, 3, 3]), vec![], Waits(None)),
        (
            "crashes may pass",
            requested(Goal::Created),
            deployment(1, [1, 1, 0, 0]),
            vec![crash()],
            Waits(Some(Code::Exited)),
        ),
        (
            "image missing",
            requested(Goal::Created),
            deployment(1, [1, 1, 0, 0]),
            vec![broken()],
            Ends(Code::ImageNotFound),
        ),
        (
            "image missing, old serves",
            requested(Goal::Restarted),
            deployment(2, [3, 1, 2, 2]),
            vec![broken()],
            Ends(Code::ImageNotFound),
        ),
        ("no quota", requested(Goal::Created), out_of_quota(deployment(1, [0; 4])), vec![], Ends(Code::QuotaExceeded)),
        (
            "past its deadline",
            requested(Goal::Restarted),
            deployment(1, [1, 1, 0, 0]).given_up(),
            vec![crash()],
            Ends(Code::Exited),
        ),
        (
            "scaled down, past the deadline of an earlier rollout",
            Requested { at: at(60), ..scaled(2) },
            deployment(2, [5, 5, 2, 2]).given_up(),
            vec![crash()],
            Waits(Some(Code::Exited)),
        ),
        ("paused meanwhile", requested(Goal::Restarted), paused(2, [2, 0, 2, 2]), vec![], Ends(Code::PausedMeanwhile)),
    ]);
    let patience = look(&requested(Goal::Created), &deployment(1, [1, 1, 0, 0]), &[broken()], Some("ours"), 5);
    assert_eq!(patience, Waits(Some(Code::ImageNotFound)), "5 s may be too early to say");
    let late = deployment(1, [1, 1, 0, 0]).given_up();
    let alone = |seconds| look(&requested(Goal::Created), &late, &[], Some("ours"), seconds);
    assert_eq!(alone(5), Waits(Some(Code::ProgressDeadlineExceeded)), "the cluster may still say why");
    assert_eq!(alone(60), Ends(Code::ProgressDeadlineExceeded));
}

#[test]
fn only_later_writers_are_named() {
    let workload = deployment(2, [2, 2, 2, 2]);
    let status = said(&workload, &[]);
    let overtaken = |managers: &[FieldManager]| {
        let found = Found {
            workload: named("web", "w", &workload),
            status: &status,
            pods: &[],
            managers,
            fields: Some("theirs"),
        };
        let requested = Requested { at: at(10), ..requested(Goal::Restarted) };
        let Waited::Overtaken(overtaken) = wait(&requested, Look::Found(found), at(30)) else { panic!("overtaken") };
        overtaken.manager
    };
    let [mut ours, mut theirs, _] = managers();
    (ours.at, theirs.at) = (Some(at(10)), Some(at(5)));
    assert_eq!(overtaken(&[ours.clone(), theirs.clone()]), None, "taking a field away leaves no trace");
    theirs.at = Some(at(10));
    assert_eq!(overtaken(&[ours, theirs]).as_deref(), Some("kubectl-edit"));
}

#[test]
fn a_new_number_of_replicas_is_waited_for() {
    let set = |replicas, numbers| workload(Details::StatefulSet(stateful_set(replicas, numbers, false)));
    hold(vec![
        ("up", scaled(5), deployment(5, [5, 5, 5, 5]), vec![], Done(Code::AllAvailable)),
        ("not up yet", scaled(5), deployment(5, [5, 5, 4, 4]), vec![], Waits(None)),
        ("down", scaled(1), set(1, [1, 1, 1, 1]), vec![], Done(Code::AllAvailable)),
        ("not down yet", scaled(1), set(1, [3, 3, 3, 3]), vec![], Waits(None)),
        (
            "up while a rollout is stuck",
            scaled(2),
            deployment(2, [3, 1, 2, 2]),
            vec![broken()],
            Done(Code::AllAvailable),
        ),
        ("up while paused", scaled(2), paused(2, [2, 0, 2, 2]), vec![], Done(Code::AllAvailable)),
        (
            "started again",
            Requested { replicas: Some(3), ..requested(Goal::Started) },
            replica_set(3, [3, 0, 3, 3]),
            vec![],
            Done(Code::AllAvailable),
        ),
        ("to zero", scaled(0), deployment(0, [0; 4]), vec![], Done(Code::ScaledToZero)),
    ]);
}

#[test]
fn a_stop_waits_for_its_pods_only() {
    let stop = || Requested { replicas: Some(0), ..requested(Goal::Stopped) };
    let mut terminating = deployment(0, [0; 4]);
    if let Details::Deployment(own) = &mut terminating.details {
        own.counts.terminating = 1;
    }
    hold(vec![
        ("gone", stop(), deployment(0, [0; 4]), vec![], Done(Code::ScaledToZero)),
        ("gone, past its deadline", stop(), deployment(0, [0; 4]).given_up(), vec![], Done(Code::ScaledToZero)),
        ("some left", stop(), deployment(0, [1, 1, 1, 1]).given_up(), vec![broken()], Waits(None)),
        ("one terminates", stop(), terminating, vec![], Waits(None)),
    ]);
}

#[test]
fn a_restart_says_when_pods_stay_as_they_are() {
    let sets = |partition, update_strategy, numbers| {
        workload(Details::StatefulSet(StatefulSet { partition, update_strategy, ..stateful_set(3, numbers, true) }))
    };
    let on_delete = DaemonSet { update_strategy: UpdateStrategy::OnDelete, ..daemon_set([3, 3, 0, 3, 3]) };
    let rolling = |numbers| workload(Details::DaemonSet(daemon_set(numbers)));
    let restart = || requested(Goal::Restarted);
    hold(vec![
        ("partition", restart(), sets(2, UpdateStrategy::RollingUpdate, [3, 1, 3, 3]), vec![], Done(Code::Partitioned)),
        (
            "partition, not there yet",
            restart(),
            sets(2, UpdateStrategy::RollingUpdate, [3, 0, 2, 2]),
            vec![],
            Waits(None),
        ),
        ("on delete", restart(), sets(0, UpdateStrategy::OnDelete, [3, 0, 3, 3]), vec![], Done(Code::RestartsOnDelete)),
        ("daemons on delete", restart(), workload(Details::DaemonSet(on_delete)), vec![], Done(Code::RestartsOnDelete)),
        ("daemons", restart(), rolling([3, 3, 3, 3, 3]), vec![], Done(Code::AllAvailable)),
        ("daemons, not there yet", restart(), rolling([3, 3, 2, 3, 3]), vec![], Waits(None)),
    ]);
}

#[test]
fn jobs_are_done_when_they_have_started() {
    let active = |active| Job { active, completions: Some(1), ..Job::default() };
    let ended = |kind: &str| job(Job { failed: 1, ..active(0) }).condition(kind, Truth::True, "", "");
    let suspend = |own: Job| job(Job { suspend: true, ..own });
    let cron = |own: CronJob| cron_job(own);
    let running = || CronJob { active: vec!["a".to_owned()], suspend: true, ..CronJob::default() };
    let stop = || suspended(Goal::Stopped, true);
    hold(vec![
        ("started", requested(Goal::Created), job(active(1)), vec![], Done(Code::JobStarted)),
        ("not started", requested(Goal::Created), job(active(0)), vec![], Waits(None)),
        ("failed at once", requested(Goal::Created), ended("Failed"), vec![], Done(Code::JobStarted)),
        (
            "done and cleaned up",
            requested(Goal::Created),
            job(Job { succeeded: 1, ..active(0) }).deleted(&["foregroundDeletion"]),
            vec![],
            Done(Code::JobStarted),
        ),
        (
            "deleted before it started",
            requested(Goal::Created),
            job(active(0)).deleted(&["foregroundDeletion"]),
            vec![],
            Want::Overtaken(Code::DeletionBegun, None),
        ),
        (
            "no pod at once",
            requested(Goal::Created),
            workload(Details::Job(Job::default())),
            vec![],
            Done(Code::ScaledToZero),
        ),
        ("created suspended", requested(Goal::Created), suspend(active(0)), vec![], Done(Code::IsSuspended)),
        (
            "no quota",
            requested(Goal::Created),
            job(active(0)).note("FailedCreate", QUOTA),
            vec![],
            Ends(Code::QuotaExceeded),
        ),
        ("stopped", stop(), suspend(active(0)), vec![], Done(Code::IsSuspended)),
        ("stopping", stop(), suspend(active(1)), vec![], Waits(None)),
        (
            "ended by itself",
            stop(),
            suspend(active(0)).condition("Complete", Truth::True, "", ""),
            vec![],
            Done(Code::JobEndedByItself),
        ),
        ("resumed", suspended(Goal::Started, false), job(active(1)), vec![], Done(Code::JobStarted)),
        ("cron job created", requested(Goal::Created), cron(CronJob::default()), vec![], Done(Code::IsResumed)),
        (
            "cron job stopped",
            stop(),
            cron(CronJob { suspend: true, ..CronJob::default() }),
            vec![],
            Done(Code::IsSuspended),
        ),
        ("cron job stopped, one runs on", stop(), cron(running()), vec![], Done(Code::RunsGoOn)),
    ]);
}

#[test]
fn what_is_gone_is_done_or_overtaken() {
    let looked = |requested: Requested, last: Option<&Workload>, is_final: bool| {
        want(wait(&requested, Look::Gone { last, is_final }, at(300)))
    };
    let gone = |requested: Requested, last: Option<&Workload>| looked(requested, last, true);
    let (ran, never_ran) = (job(Job { succeeded: 1, ..Job::default() }), job(Job::default()));
    let vanishing = || Requested { may_vanish: true, ..requested(Goal::Created) };
    let overtaken = || Want::Overtaken(Code::DeletedByOthers, None);
    assert_eq!(gone(requested(Goal::Deleted), None), Done(Code::IsGone));
    assert_eq!(gone(requested(Goal::Created), Some(&ran)), Done(Code::JobStartedAndGone));
    assert_eq!(gone(vanishing(), None), Done(Code::JobStartedAndGone));
    assert_eq!(gone(requested(Goal::Created), Some(&never_ran)), overtaken());
    assert_eq!(gone(vanishing(), Some(&never_ran)), overtaken(), "somebody deleted it before it started");
    assert_eq!(looked(vanishing(), Some(&never_ran), false), Waits(None), "its end may not be told yet");
    assert_eq!(looked(vanishing(), Some(&ran), false), Done(Code::JobStartedAndGone));
    assert_eq!(gone(requested(Goal::Created), Some(&deployment(1, [1, 1, 1, 1]))), overtaken());
    assert_eq!(gone(scaled(5), None), overtaken());
    assert_eq!(gone(requested(Goal::Stopped), Some(&ran)), overtaken());
}

#[test]
fn a_delete_waits_until_it_is_gone() {
    let delete = || requested(Goal::Deleted);
    hold(vec![
        ("pods go", delete(), deployment(2, [2, 2, 2, 2]).deleted(&["foregroundDeletion"]), vec![], Waits(None)),
        (
            "a finalizer holds it",
            delete(),
            deployment(2, [0; 4]).deleted(&["example.com/x"]),
            vec![],
            Waits(Some(Code::FinalizersBlock)),
        ),
        (
            "another of that name",
            Requested { uid: Some("x".to_owned()), ..delete() },
            deployment(2, [2, 2, 2, 2]),
            vec![],
            Done(Code::ReplacedByAnother),
        ),
    ]);
}

#[test]
fn progress_counts_pods_that_are_new_and_available() {
    let workload = deployment(4, [5, 2, 4, 4]);
    let status = said(&workload, &[]);
    let found = Found {
        workload: named("web", "w", &workload),
        status: &status,
        pods: &[],
        managers: &[],
        fields: Some("ours"),
    };
    let Waited::Waiting { message, percent, .. } = wait(&requested(Goal::Restarted), Look::Found(found), at(1)) else {
        panic!("it waits")
    };
    let available = message.arguments.get("available").and_then(|value| value.as_i64());
    assert_eq!((percent, available), (50, Some(2)), "old pods are not waited for");
}

#[test]
fn a_pause_ends_when_its_controller_has_seen_it() {
    let pause = || Requested { paused: true, ..requested(Goal::Paused) };
    let resume = || requested(Goal::Paused);
    let unseen = Workload { generation: 1, ..paused(4, [5, 2, 4, 4]) };
    hold(vec![
        ("its controller has not seen it", pause(), unseen, vec![], Waits(None)),
        ("paused in the middle", pause(), paused(4, [5, 2, 4, 4]), vec![], Done(Code::SeenByController)),
        ("resumed in the middle", resume(), deployment(4, [5, 2, 4, 4]), vec![broken()], Done(Code::SeenByController)),
        ("resumed by others", pause(), deployment(4, [4, 4, 4, 4]), vec![], Want::Overtaken(Code::PausedChanged, None)),
        ("paused by others", resume(), paused(4, [4; 4]), vec![], Want::Overtaken(Code::PausedChanged, None)),
    ]);
    let gone = wait(&pause(), Look::Gone { last: None, is_final: true }, at(300));
    assert_eq!(want(gone), Want::Overtaken(Code::DeletedByOthers, None));
}

#[test]
fn a_changed_template_is_done_when_the_pods_follow_it() {
    let change = || requested(Goal::TemplateChanged);
    let by_hand = StatefulSet { update_strategy: UpdateStrategy::OnDelete, ..stateful_set(3, [3, 1, 3, 3], false) };
    let by_hand = || workload(Details::StatefulSet(by_hand.clone()));
    hold(vec![
        ("old pods are left", change(), deployment(4, [5, 2, 4, 4]), vec![], Waits(None)),
        ("all are new", change(), deployment(4, [4, 4, 4, 4]), vec![], Done(Code::AllAvailable)),
        ("paused", change(), paused(4, [4, 0, 4, 4]), vec![], Done(Code::ChangedPaused)),
        ("pods change when they are deleted", change(), by_hand(), vec![], Done(Code::RestartsOnDelete)),
        ("pods are left as they are", change(), replica_set(2, [2, 2, 2, 2]), vec![], Done(Code::UsedByNewPods)),
        ("a schedule", change(), cron_job(CronJob::default()), vec![], Done(Code::UsedByNextRun)),
    ]);
    let others = look(&change(), &deployment(4, [4, 4, 4, 4]), &[], Some("others"), 300);
    assert_eq!(others, Want::Overtaken(Code::SpecChanged, Some("kubectl-edit")));
}
