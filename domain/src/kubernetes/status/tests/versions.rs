//! Two versions side by side: which of them explains that a change does not get on.

use super::*;

#[test]
fn a_rollout_is_explained_by_pods_of_the_new_version() {
    let set = |revision: &str, available| {
        workload(Details::ReplicaSet(ReplicaSet {
            revision: Some(revision.to_owned()),
            counts: numbers([2, 0, available, available]),
            ..ReplicaSet::default()
        }))
        .owned_by("Deployment", "w")
    };
    let (old, new) = (set("1", 1), set("2", 0));
    let sets = [named("web-1", "rs-1", &old), named("web-2", "rs-2", &new)];
    let crash = pod(vec![crash_loop("Error", 1)]);
    let (of_old, of_new) = (crash.clone().owned_by("ReplicaSet", "rs-1"), broken().owned_by("ReplicaSet", "rs-2"));
    let strange = crash.owned_by("ReplicaSet", "another");
    let rolling = deployment(2, [3, 1, 1, 1]);
    let evaluate = |pods: &[Object<Pod>]| {
        evaluate(&named("web", "w", &rolling), &Related { pods, replica_sets: &sets, ..Related::default() }, None)
    };

    let fix = evaluate(&[named("a", "a", &of_old), named("x", "x", &strange)]);
    assert_eq!((fix.state, fix.cause), (Progressing, None), "old pods that crash are being replaced");

    let stuck = evaluate(&[named("a", "a", &of_old), named("b", "b", &of_new)]);
    assert_eq!(stuck.state, RolloutStuck);
    let cause = stuck.cause.expect("a cause");
    assert_eq!((cause.message.known(), cause.message.text("pod")), (Some(Code::ImageNotFound), Some("b")));
    assert_eq!(stuck.summary, Some(Code::OldVersionServes.message([("available", 1.into()), ("desired", 2.into())])));
}

#[test]
fn old_pods_that_fail_do_not_explain_a_change() {
    let set = |revision: &str| {
        let own = ReplicaSet { revision: Some(revision.to_owned()), ..ReplicaSet::default() };
        workload(Details::ReplicaSet(own)).owned_by("Deployment", "w")
    };
    let (old, new) = (set("1"), set("2"));
    let sets = [named("web-1", "rs-1", &old), named("web-2", "rs-2", &new)];
    let of_old = pod(vec![crash_loop("Error", 1)]).owned_by("ReplicaSet", "rs-1");
    let of_new = broken().owned_by("ReplicaSet", "rs-2");
    let surged = deployment(1, [2, 1, 0, 0]);
    let cause = |pods: &[Object<Pod>]| {
        let related = Related { pods, replica_sets: &sets, ..Related::default() };
        let said = evaluate(&named("web", "w", &surged), &related, None);
        (said.state, said.cause.and_then(|cause| cause.message.known()))
    };
    assert_eq!(cause(&[named("a", "a", &of_old)]), (Progressing, None), "it is being replaced");
    let both = cause(&[named("a", "a", &of_old), named("b", "b", &of_new)]);
    assert_eq!(both, (Unavailable, Some(Code::ImageNotFound)));
}

#[test]
fn what_is_broken_behind_a_pause_is_not_hidden_by_it() {
    let set = |revision: &str| {
        let own = ReplicaSet { revision: Some(revision.to_owned()), ..ReplicaSet::default() };
        workload(Details::ReplicaSet(own)).owned_by("Deployment", "w")
    };
    let (old, new) = (set("1"), set("2"));
    let sets = [named("web-1", "rs-1", &old), named("web-2", "rs-2", &new)];
    let of_old = pod(vec![crash_loop("Error", 1)]).owned_by("ReplicaSet", "rs-1");
    let pods = [named("a", "a", &of_old)];
    let related = Related { pods: &pods, replica_sets: &sets, ..Related::default() };
    let said = evaluate(&named("web", "w", &paused(3, [4, 1, 0, 0])), &related, None);
    assert_eq!((said.state, said.cause.and_then(|cause| cause.message.known())), (Unavailable, Some(Code::Exited)));
}

#[test]
fn an_evicted_pod_explains_nothing_once_it_was_replaced() {
    let evicted = Pod { reason: "Evicted".to_owned(), ..pod(vec![]).phase("Failed") }.owned_by("ReplicaSet", "w");
    let starts = pod(vec![running()]).phase("Pending").owned_by("ReplicaSet", "w");
    let set = replica_set(2, [2, 0, 1, 1]);
    let cause = |pods: &[Object<Pod>]| {
        let said = evaluate(&named("web", "w", &set), &Related { pods, ..Related::default() }, None);
        (said.state, said.cause.and_then(|cause| cause.message.known()))
    };
    let before = named("a", "a", &evicted);
    assert_eq!(cause(&[before]), (Degraded, Some(Code::Evicted)));
    let after = Object { created_at: before.created_at + chrono::TimeDelta::seconds(1), ..named("b", "b", &starts) };
    assert_eq!(cause(&[before, after]), (Progressing, None));
    let refused_again =
        Object { created_at: after.created_at + chrono::TimeDelta::seconds(1), ..named("c", "c", &evicted) };
    assert_eq!(cause(&[before, after, refused_again]), (Degraded, Some(Code::Evicted)));
}
