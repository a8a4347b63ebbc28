//! When a cause began.

use super::*;

fn killed_at(seconds: i64) -> Pod {
    let finished_at = Some(at(seconds));
    let last = Some(Termination { finished_at, ..end("OOMKilled", 137) });
    not_ready(seconds, pod(vec![Container { last, ..crash_loop("OOMKilled", 137) }]))
}

/// The same pod, which has not been ready since then.
fn not_ready(seconds: i64, mut pod: Pod) -> Pod {
    pod.conditions.iter_mut().for_each(|condition| condition.since = Some(at(seconds)));
    pod
}

#[test]
fn a_container_that_ends_again_and_again_began_when_the_pod_stopped_being_ready() {
    let down = deployment(1, [1, 1, 0, 0]);
    assert_eq!(said(&down, &[not_ready(0, killed_at(300))]).cause.expect("a cause").since, Some(at(0)));
    assert_eq!(said(&down, &[killed_at(300)]).cause.expect("a cause").since, Some(at(300)), "it was ready between");
}

/// When the cause of a Deployment with these pods began, given what was said before.
fn began(workload: &Workload, pods: &[(&str, Pod)], previous: &Status) -> Option<chrono::DateTime<chrono::Utc>> {
    let pods: Vec<_> = pods.iter().map(|(name, pod)| named(name, name, pod)).collect();
    let related = Related { pods: &pods, ..Related::default() };
    evaluate(&named("web", "w", workload), &related, Some(previous)).cause?.since
}

#[test]
fn a_cause_that_lasts_keeps_its_begin() {
    let down = deployment(1, [1, 1, 0, 0]);
    let first = said(&down, &[killed_at(0)]);
    assert_eq!(began(&down, &[("p0", killed_at(300))], &first), Some(at(0)));
    assert_eq!(began(&down, &[("p0", killed_at(-300))], &first), Some(at(-300)), "what began earlier is known now");
}

#[test]
fn a_cause_began_with_the_first_pod_that_shows_it() {
    let pending = |seconds| {
        let mut pod = broken().condition("PodScheduled", Truth::False, "Unschedulable", "0/1 nodes: Insufficient cpu");
        pod.containers = vec![waiting("", "")];
        pod.conditions.iter_mut().for_each(|condition| condition.since = Some(at(seconds)));
        pod
    };
    let said = said(&deployment(3, [3, 3, 0, 0]), &[pending(750), pending(0), pending(750)]);
    let cause = said.cause.expect("a cause");
    assert_eq!((cause.message.text("pod"), cause.since), (Some("p0"), Some(at(0))));
}

#[test]
fn a_scale_does_not_begin_a_cause_anew() {
    let before = said(&deployment(1, [1, 1, 0, 0]), &[killed_at(0)]);
    let scaled = Workload { generation: 3, observed_generation: Some(3), ..deployment(2, [2, 2, 0, 0]) };
    let after = |first: &'static str, second: &'static str| {
        began(&scaled, &[(first, killed_at(400)), (second, killed_at(360))], &before)
    };
    assert_eq!(after("a", "p0"), Some(at(0)), "the pod of before is still there");
    assert_eq!(after("a", "b"), Some(at(360)), "none of the pods of before");
}
