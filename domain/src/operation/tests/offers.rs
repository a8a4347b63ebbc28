//! What is offered of which workload, and why the rest is not.

use crate::{
    core::message::Code,
    kubernetes::{
        action::{AvailableAction, Holds, Surroundings},
        examples::*,
        observation::{Autoscaler, CronJob, Details, Job, StatefulSet, Truth, UpdateStrategy, Workload},
    },
    operation::available_actions,
};

const ACTIONS: [&str; 5] = ["SCALE", "RESTART", "STOP", "START", "DELETE"];

/// Reasons in the order of [`ACTIONS`]. None: allowed.
type Reasons = [Option<Code>; 5];

fn offers(workload: &Workload, surroundings: &Surroundings) -> [AvailableAction; 5] {
    let all = available_actions(workload, surroundings);
    ACTIONS.map(|action| all.iter().find(|one| one.action == action).expect(action).clone())
}

fn reasons(workload: &Workload, remembers_replicas: bool) -> Reasons {
    let surroundings = Surroundings { remembers_replicas, autoscaler: None };
    offers(workload, &surroundings).map(|one| one.reason.and_then(|reason| reason.message.known()))
}

#[test]
fn actions_that_mean_nothing_are_not_allowed_and_say_why() {
    use Code::*;
    let one = |own: Job| job(Job { completions: Some(1), ..own });
    let ended = |kind: &str| one(Job::default()).condition(kind, Truth::True, "", "");
    let daemons = workload(Details::DaemonSet(daemon_set([3, 3, 3, 3, 3])));
    let rows: Vec<(&str, Workload, bool, Reasons)> = vec![
        ("deployment", deployment(2, [2, 2, 2, 2]), false, [None, None, None, Some(NotStopped), None]),
        ("paused", paused(2, [2, 2, 2, 2]), false, [None, Some(RolloutIsPaused), None, Some(NotStopped), None]),
        ("stopped here", deployment(0, [0; 4]), true, [None, Some(NothingToRestart), Some(AlreadyStopped), None, None]),
        (
            "stopped elsewhere",
            deployment(0, [0; 4]),
            false,
            [None, Some(NothingToRestart), Some(AlreadyStopped), Some(NothingRemembered), None],
        ),
        ("daemon set", daemons, false, [Some(HasNoReplicas), None, Some(CannotStop), Some(CannotStop), None]),
        (
            "replica set",
            replica_set(1, [1, 0, 1, 1]),
            false,
            [None, Some(DoesNotRollOut), None, Some(NotStopped), None],
        ),
        (
            "replica set of a deployment",
            replica_set(1, [1, 0, 1, 1]).owned_by("Deployment", "d"),
            false,
            [Some(OwnedByAnother), Some(DoesNotRollOut), Some(OwnedByAnother), Some(NotStopped), None],
        ),
        (
            "job",
            one(Job { active: 1, ..Job::default() }),
            false,
            [Some(HasNoReplicas), Some(DoesNotRollOut), None, Some(NotSuspended), None],
        ),
        (
            "job that is done",
            ended("Complete"),
            false,
            [Some(HasNoReplicas), Some(DoesNotRollOut), Some(JobHasEnded), Some(JobHasEnded), None],
        ),
        (
            "job that failed",
            ended("Failed"),
            false,
            [Some(HasNoReplicas), Some(DoesNotRollOut), Some(JobHasEnded), Some(JobHasEnded), None],
        ),
        (
            "suspended job",
            one(Job { suspend: true, ..Job::default() }),
            false,
            [Some(HasNoReplicas), Some(DoesNotRollOut), Some(AlreadySuspended), None, None],
        ),
        (
            "cron job",
            cron_job(CronJob::default()),
            false,
            [Some(HasNoReplicas), Some(DoesNotRollOut), None, Some(NotSuspended), None],
        ),
        ("being deleted", deployment(2, [2, 2, 2, 2]).deleted(&[]), false, [Some(BeingDeleted); 5]),
    ];
    for (name, workload, remembers, expected) in rows {
        assert_eq!(reasons(&workload, remembers), expected, "{name}");
    }
}

#[test]
fn a_reason_says_how_long_it_holds() {
    let all = |workload: &Workload| offers(workload, &Surroundings::default());
    let holds = |workload: &Workload| all(workload).map(|one| one.reason.map(|reason| reason.holds));
    let (never, until, otherwise) = (Some(Holds::ForTheKind), Some(Holds::UntilAnOperation), Some(Holds::Otherwise));
    let ended = job(Job::default()).condition("Complete", Truth::True, "", "");
    assert_eq!(holds(&ended), [never, never, otherwise, otherwise, None]);
    assert_eq!(holds(&paused(2, [2; 4])), [None, until, None, until, None]);
    assert_eq!(holds(&deployment(2, [2; 4]).deleted(&[])), [until; 5]);
    assert_eq!(all(&ended).map(|one| one.is_supported()), [false, false, true, true, true]);
}

#[test]
fn what_to_know_before_is_said_beforehand() {
    let autoscaler = Autoscaler { target_kind: "Deployment".to_owned(), target_name: "web".to_owned(), min: 1, max: 2 };
    let surroundings = Surroundings { remembers_replicas: true, autoscaler: Some(("web", &autoscaler)) };
    let caution = |workload: &Workload, action: &str| {
        let found = offers(workload, &surroundings).into_iter().find(|one| one.action == action);
        found.and_then(|one| one.caution).and_then(|caution| caution.known())
    };
    let set = |partition, update_strategy| {
        let own = StatefulSet { partition, update_strategy, ..stateful_set(3, [3, 3, 3, 3], false) };
        workload(Details::StatefulSet(own))
    };
    assert_eq!(caution(&deployment(1, [1, 1, 1, 1]), "SCALE"), Some(Code::Autoscaled));
    assert_eq!(caution(&deployment(0, [0; 4]), "START"), Some(Code::Autoscaled));
    assert_eq!(caution(&deployment(1, [1, 1, 1, 1]), "RESTART"), None);
    assert_eq!(caution(&set(0, UpdateStrategy::OnDelete), "RESTART"), Some(Code::RestartsOnDelete));
    assert_eq!(caution(&set(2, UpdateStrategy::RollingUpdate), "RESTART"), Some(Code::Partitioned));
    assert_eq!(caution(&set(0, UpdateStrategy::RollingUpdate), "RESTART"), None);
    assert_eq!(caution(&deployment(2, [3, 1, 2, 2]), "STOP"), Some(Code::StartsNewVersionOnly));
    assert_eq!(caution(&deployment(1, [1, 1, 1, 1]), "STOP"), None);
    let owned = job(Job::default()).owned_by("CronJob", "c");
    assert_eq!(caution(&owned, "DELETE"), Some(Code::OwnerMakesItAgain));
    assert_eq!(autoscaler.bounded(5), 2);
}
