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
