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

fn claim(revision: u64, hash: &str, phase: &str) -> ObservedEvent {
    ObservedEvent::ObjectObserved {
        uid: "a".to_owned(),
        resource_version: revision.to_string(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: hash.into(),
        manifest: json!({"spec": {"storageClassName": "fast"}}).into(),
        managers: Vec::new(),
        report: Box::new(Report { status: json!({ "phase": phase }).into(), ..Report::default() }),
    }
}

#[test]
fn an_object_is_recorded_when_its_manifest_or_its_report_changes() {
    let first = || given::<Observed>([claim(5, "h", "Pending")]);
    first().when(saw(claim(6, "h", "Pending"))).silence();
    first().when(saw(claim(6, "h", "Bound"))).then([claim(6, "h", "Bound").without_manifest()]);
    first().when(saw(claim(6, "other", "Pending"))).then([claim(6, "other", "Pending")]);
    first().when(saw(claim(4, "other", "Bound"))).silence();
    first().when(ObserveCommand::Gone).then([ObservedEvent::ObjectGone { uid: "a".to_owned() }]);
}

#[test]
fn a_generation_that_nobody_observes_is_no_change() {
    let of = |revision, generation, observed_generation| {
        let mut event = claim(revision, "h", "Pending");
        let ObservedEvent::ObjectObserved { report, .. } = &mut event else { panic!("it is an object") };
        (report.generation, report.observed_generation) = (generation, observed_generation);
        event
    };
    given::<Observed>([of(5, 1, None)]).when(saw(of(6, 2, None))).silence();
    let expected = of(6, 2, Some(1)).without_manifest();
    given::<Observed>([of(5, 1, Some(1))]).when(saw(of(6, 2, Some(1)))).then([expected]);
}

#[test]
fn what_was_forgotten_of_an_object_is_recorded_again() {
    let mut forgotten = claim(5, "h", "Pending");
    forgotten.forget();
    given::<Observed>([forgotten]).when(saw(claim(6, "h", "Pending"))).then([claim(6, "h", "Pending")]);
}

#[test]
fn a_namespace_of_an_older_version_is_recorded_as_an_object() {
    let before = ObservedEvent::NamespaceObserved {
        uid: "a".to_owned(),
        resource_version: "5".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        phase: "Active".to_owned(),
    };
    given::<Observed>([before]).when(saw(claim(5, "h", "Active"))).then([claim(5, "h", "Active")]);
}

#[test]
fn an_object_of_a_released_kind_is_recorded_anew_once_its_kind_is() {
    let released = ObservedEvent::ObjectReleased { uid: "a".to_owned() };
    given::<Observed>([claim(5, "h", "Bound")]).when(ObserveCommand::Released).then([released.clone()]);
    let after = || given::<Observed>([claim(5, "h", "Bound"), released.clone()]);
    after().when(ObserveCommand::Released).silence();
    after().when(ObserveCommand::Gone).silence();
    after().when(saw(claim(5, "h", "Bound"))).then([claim(5, "h", "Bound")]);
}

#[test]
fn gone_is_recorded_once() {
    let gone = ObserveCommand::Gone;
    let recorded = ObservedEvent::WorkloadGone { uid: "a".to_owned() };
    given::<Observed>([manifest("a", 5, "h", 2)]).when(gone.clone()).then([recorded.clone()]);
    given::<Observed>([manifest("a", 5, "h", 2), recorded]).when(gone).silence();
}
