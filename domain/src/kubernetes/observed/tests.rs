use super::*;
use crate::{
    core::given::given,
    kubernetes::{examples::deployment, observation::Container},
};
use serde_json::json;

fn manifest(uid: &str, revision: u64, hash: &str, ready: i32) -> ObservedEvent {
    ObservedEvent::WorkloadManifestObserved {
        uid: uid.to_owned(),
        resource_version: revision.to_string(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: hash.into(),
        manifest: json!({"spec": {"replicas": 3}}).into(),
        managers: Vec::new(),
        snapshot: Box::new(WorkloadSnapshot::alone(deployment(3, [3, 3, ready, ready]))),
    }
}

fn saw(event: ObservedEvent) -> ObserveCommand {
    ObserveCommand::Saw(Box::new(event))
}

#[test]
fn the_same_observation_again_is_silence() {
    given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(manifest("a", 6, "h", 1))).silence();
}

#[test]
fn a_changed_status_is_recorded_without_the_manifest() {
    let expected = manifest("a", 6, "h", 2).without_manifest();
    given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(manifest("a", 6, "h", 2))).then([expected]);
}

#[test]
fn a_changed_manifest_and_a_new_incarnation_are_recorded_whole() {
    for changed in [manifest("a", 6, "other", 1), manifest("b", 1, "h", 1)] {
        given::<Observed>([manifest("a", 5, "h", 1)]).when(saw(changed.clone())).then([changed]);
    }
}

#[test]
fn an_older_revision_never_overwrites_a_newer_one() {
    given::<Observed>([manifest("a", 5, "h", 2)]).when(saw(manifest("a", 4, "other", 1))).silence();
}

#[test]
fn a_pod_is_recorded_when_its_facts_labels_or_workload_change() {
    let pod = |revision: u64, restarts, workload: &str| ObservedEvent::PodObserved {
        uid: "a".to_owned(),
        resource_version: revision.to_string(),
        created_at: DateTime::UNIX_EPOCH,
        workload: Some(workload.to_owned()),
        labels: json!({"app": "web"}),
        pod: Box::new(Pod {
            phase: "Running".to_owned(),
            containers: vec![Container {
                name: "web".to_owned(),
                role: Default::default(),
                image: "web:1".to_owned(),
                ready: true,
                started: true,
                restarts,
                state: Default::default(),
                last: None,
                settled: false,
                overdue: false,
                ready_delay: 0,
                probes: Vec::new(),
                ..Container::default()
            }],
            ..Pod::default()
        }),
    };
    given::<Observed>([pod(5, 0, "w")]).when(saw(pod(6, 0, "w"))).silence();
    given::<Observed>([pod(5, 0, "w")]).when(saw(pod(6, 1, "w"))).then([pod(6, 1, "w")]);
    given::<Observed>([pod(5, 0, "w")]).when(saw(pod(5, 0, "other"))).then([pod(5, 0, "other")]);
    given::<Observed>([pod(5, 0, "w")]).when(saw(pod(4, 1, "w"))).silence();
}

#[test]
fn gone_is_recorded_once() {
    let gone = ObserveCommand::Gone;
    let recorded = ObservedEvent::WorkloadGone { uid: "a".to_owned() };
    given::<Observed>([manifest("a", 5, "h", 2)]).when(gone.clone()).then([recorded.clone()]);
    given::<Observed>([manifest("a", 5, "h", 2), recorded]).when(gone).silence();
}
