use super::*;
use chrono::{DateTime, Utc};
use domain::kubernetes::{
    observation::{
        Container, ContainerState, Details, EventKind, FieldManager, Part, Pod, Role, Truth, UpdateStrategy, condition,
    },
    secret::MASKED_WORDS,
};
use serde_json::json;

fn sample(text: &str) -> Value {
    serde_json::from_str(text).expect("a sample of JSON")
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn seen(kind: &Resource, text: &str) -> Workload {
    workload(kind, &sample(text)).expect("a workload")
}

fn seen_pod(text: &str) -> Pod {
    pod(&sample(text), time("2026-11-29T12:00:00Z")).expect("a pod")
}

#[test]
fn a_deployment_in_the_middle_of_a_rollout_is_read() {
    let seen = seen(&Resource::DEPLOYMENT, include_str!("../samples/deployment.json"));
    assert_eq!((seen.generation, seen.observed_generation), (2, Some(2)));
    let progressing = condition(&seen.conditions, "Progressing").expect("a condition");
    assert_eq!((progressing.status, progressing.reason.as_str()), (Truth::True, "ReplicaSetUpdated"));
    let Details::Deployment(own) = seen.details else { panic!("it is a Deployment") };
    assert_eq!((own.replicas, own.paused, own.progress_deadline_seconds), (2, false, Some(600)));
    assert_eq!(own.revision.as_deref(), Some("2"));
    assert_eq!((own.counts.replicas, own.counts.updated, own.counts.available), (3, 1, 2));
}

#[test]
fn a_stateful_set_with_a_partition_is_read() {
    let Details::StatefulSet(own) = seen(&Resource::STATEFUL_SET, include_str!("../samples/stateful-set.json")).details
    else {
        panic!("it is a StatefulSet")
    };
    assert_eq!((own.replicas, own.partition, own.update_strategy), (3, 2, UpdateStrategy::RollingUpdate));
    assert_eq!((own.counts.updated, own.counts.ready, own.counts.available), (1, 3, 3));
    assert_ne!(own.current_revision, own.update_revision);
}

#[test]
fn a_daemon_set_that_waits_for_deletions_is_read() {
    let Details::DaemonSet(own) = seen(&Resource::DAEMON_SET, include_str!("../samples/daemon-set.json")).details
    else {
        panic!("it is a DaemonSet")
    };
    assert_eq!((own.update_strategy, own.revision.as_deref()), (UpdateStrategy::OnDelete, Some("2")));
    assert_eq!((own.desired, own.current, own.updated, own.available), (1, 1, 0, 1));
}

#[test]
fn a_replica_set_that_may_make_no_pod_is_read() {
    let seen = seen(&Resource::REPLICA_SET, include_str!("../samples/replica-set.json"));
    let failure = condition(&seen.conditions, "ReplicaFailure").expect("a condition");
    assert_eq!((failure.status, failure.reason.as_str()), (Truth::True, "FailedCreate"));
    assert!(failure.message.as_str().contains("exceeded quota: none"));
    assert!(matches!(seen.details, Details::ReplicaSet(own) if own.replicas == 1 && own.counts.replicas == 0));
}

#[test]
fn jobs_are_read_in_their_own_terms() {
    let failed = seen(&Resource::JOB, include_str!("../samples/job.json"));
    assert_eq!(condition(&failed.conditions, "Failed").map(|one| one.reason.as_str()), Some("BackoffLimitExceeded"));
    let Details::Job(own) = failed.details else { panic!("it is a Job") };
    assert_eq!((own.completions, own.parallelism, own.backoff_limit, own.failed), (Some(1), 1, Some(0), 1));
    assert_eq!(own.managed_by, None);

    let Details::Job(own) = seen(&Resource::JOB, include_str!("../samples/job-indexed.json")).details else {
        panic!("it is a Job")
    };
    assert_eq!((own.indexed, own.backoff_limit_per_index), (true, Some(0)));
    assert_eq!((own.completed_indexes.as_str(), own.failed_indexes.as_str()), ("0,2", "1"));
}

#[test]
fn very_many_indexes_are_cut_between_two_of_them() {
    let indexes: Vec<String> = (0..1000).map(|n| (2 * n).to_string()).collect();
    let object = json!({"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {}},
        "status": {"completedIndexes": indexes.join(",")}});
    let Details::Job(own) = workload(&Resource::JOB, &object).expect("a Job").details else { panic!("it is a Job") };
    assert!(own.completed_indexes.len() < 300, "{}", own.completed_indexes.len());
    assert!(own.completed_indexes.ends_with(",…") && own.completed_indexes.starts_with("0,2,4,"));
}

#[test]
fn a_cron_job_is_read() {
    let Details::CronJob(own) = seen(&Resource::CRON_JOB, include_str!("../samples/cron-job.json")).details else {
        panic!("it is a CronJob")
    };
    assert_eq!((own.schedule.as_str(), own.time_zone.as_deref()), ("* * * * *", Some("Europe/Berlin")));
    assert_eq!((own.concurrency_policy.as_deref(), own.suspend), (Some("Forbid"), false));
    assert_eq!(own.last_schedule, Some(time("2026-11-29T11:11:00Z")));
    assert_eq!(own.active, ["everyminute-29932511"]);
}

#[test]
fn a_pod_keeps_how_its_container_ended() {
    let pod = seen_pod(include_str!("../samples/pod-out-of-memory.json"));
    assert_eq!(pod.owners.iter().map(|owner| owner.kind.as_str()).collect::<Vec<_>>(), ["ReplicaSet"]);
    assert_eq!(pod.revision.as_deref(), Some("cdb464d6b"));
    let container = &pod.containers[0];
    assert_eq!((container.restarts, container.memory_limit.as_deref()), (3, Some("16Mi")));
    assert_eq!((container.memory_request.as_deref(), container.cpu_request.as_deref()), (Some("16Mi"), None));
    let ends = [Some(&container.state), None];
    let end = ends.into_iter().flatten().find_map(|state| match state {
        ContainerState::Terminated(end) => Some(end),
        ContainerState::Running { .. } | ContainerState::Waiting { .. } => None,
    });
    let end = end.or(container.last.as_ref()).expect("an end");
    assert_eq!((end.reason.as_str(), end.exit_code), ("OOMKilled", 137));
}

#[test]
fn requests_and_limits_are_those_in_force() {
    let wanted = json!({"requests": {"cpu": "250m", "memory": "64Mi"}, "limits": {"cpu": "1"}});
    let object = |status: Value| {
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "resources": wanted}]}, "status":
            {"containerStatuses": [{"name": "a", "image": "", "imageID": "", "ready": true, "restartCount": 0,
             "resources": status}]}})
    };
    let seen = |status| {
        let [container] = &pod(&object(status), time("2026-11-29T12:00:00Z")).expect("a pod").containers[..] else {
            panic!("one container")
        };
        let Container { cpu_request, memory_request, cpu_limit, memory_limit, .. } = container.clone();
        [cpu_request, memory_request, cpu_limit, memory_limit]
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(seen(Value::Null), [some("250m"), some("64Mi"), some("1"), None]);
    let before_the_resize = json!({"requests": {"cpu": "100m"}});
    assert_eq!(seen(before_the_resize), [some("100m"), some("64Mi"), some("1"), None]);
}

#[test]
fn init_containers_that_go_on_are_sidecars() {
    let pod = seen_pod(include_str!("../samples/pod-sidecar.json"));
    let roles: Vec<(&str, Role)> = pod.containers.iter().map(|one| (one.name.as_str(), one.role)).collect();
    assert_eq!(roles, [("shipper", Role::Sidecar), ("main", Role::Main)]);
    let kinds: Vec<&str> = pod.conditions.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["ContainersReady", "Ready"], "true ones say nothing");
}

#[test]
fn a_container_that_was_added_for_debugging_is_read() {
    let pod = seen_pod(include_str!("../samples/pod-debugged.json"));
    let roles: Vec<(&str, Role)> = pod.containers.iter().map(|one| (one.name.as_str(), one.role)).collect();
    assert_eq!(roles, [("main", Role::Main), ("debugger", Role::Ephemeral)]);
    let debugger = &pod.containers[1];
    assert_eq!((debugger.image.as_str(), debugger.ready, debugger.restarts), ("docker.io/library/busybox:1", false, 0));
    let ContainerState::Terminated(end) = &debugger.state else { panic!("it has ended: {debugger:?}") };
    assert_eq!((end.reason.as_str(), end.exit_code), ("Error", 3));
    assert!(debugger.probes.is_empty() && debugger.memory_request.is_none(), "it can have neither");
}

#[test]
fn a_pod_without_a_node_keeps_the_words_of_the_scheduler() {
    let pod = seen_pod(include_str!("../samples/pod-unschedulable.json"));
    let scheduled = condition(&pod.conditions, "PodScheduled").expect("a condition");
    assert_eq!((scheduled.status, scheduled.reason.as_str()), (Truth::False, "Unschedulable"));
    assert!(scheduled.message.as_str().contains("Insufficient cpu"));
    assert_eq!(pod.node, None);
}

#[test]
fn a_pause_after_a_crash_is_no_change() {
    let of = |message: &str| {
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}, "status": {"containerStatuses": [
            {"name": "a", "image": "", "imageID": "", "ready": false, "restartCount": 3,
             "state": {"waiting": {"reason": "CrashLoopBackOff", "message": message}}}]}})
    };
    let now = time("2026-11-29T12:00:00Z");
    let seen = |message| pod(&of(message), now).expect("a pod");
    assert_eq!(seen("back-off 10s restarting"), seen("back-off 20s restarting"));
}

#[test]
fn what_may_be_filled_into_a_status_stands_in_clear_only_as_a_code() {
    const SECRET: &str = "wait password=hunter2";
    let condition = json!({"type": SECRET, "status": "False", "reason": SECRET});
    let container = |state: &str| {
        json!({"name": "a", "image": "", "imageID": "", "ready": false, "restartCount": 1,
            "state": {state: {"reason": SECRET, "exitCode": 1}}})
    };
    for state in ["waiting", "terminated"] {
        let object = json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"annotations": {"deployment.kubernetes.io/revision": SECRET}},
            "spec": {"containers": [{"name": "a"}]},
            "status": {"phase": SECRET, "reason": SECRET, "conditions": [condition], "containerStatuses": [container(state)]}});
        let seen = pod(&object, time("2026-11-29T12:00:00Z")).expect("a pod");
        let kept = serde_json::to_string(&seen).expect("JSON");
        assert!(!kept.contains("hunter2"), "{kept}");
        assert_eq!(seen.reason, "Unreadable");
    }
}

#[test]
fn a_container_settles_ten_minutes_after_its_restart() {
    let of = |last: Value| {
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}, "status": {"containerStatuses": [
            {"name": "a", "image": "", "imageID": "", "ready": true, "restartCount": 3, "lastState": last,
             "state": {"running": {"startedAt": "2026-11-29T12:00:00Z"}}}]}})
    };
    let settled = |last: Value, now: &str| pod(&of(last), time(now)).expect("a pod").containers[0].settled;
    let ended = || json!({"terminated": {"exitCode": 1}});
    assert!(!settled(ended(), "2026-11-29T12:09:59Z"));
    assert!(settled(ended(), "2026-11-29T12:10:00Z"));
    assert!(!settled(json!({}), "2026-11-29T13:00:00Z"), "it was never started again");
}

#[test]
fn a_container_is_overdue_when_its_readiness_probe_fails_for_long() {
    let of = |probe: &str, ready: bool| {
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", probe: {}}]},
            "status": {"containerStatuses": [
                {"name": "a", "image": "", "imageID": "", "ready": ready, "restartCount": 0,
                 "state": {"running": {"startedAt": "2026-11-29T12:00:00Z"}}}]}})
    };
    let container = |object: Value, now: &str| pod(&object, time(now)).expect("a pod").containers[0].clone();
    let early = container(of("readinessProbe", false), "2026-11-29T12:00:29Z");
    assert_eq!((early.overdue, early.ages_at()), (false, Some(time("2026-11-29T12:00:30Z"))));
    let late = container(of("readinessProbe", false), "2026-11-29T12:00:30Z");
    assert_eq!((late.overdue, late.ages_at()), (true, None));
    let mut slow = of("readinessProbe", false);
    slow["spec"]["containers"][0]["readinessProbe"] = json!({"initialDelaySeconds": 45});
    let due = Some(time("2026-11-29T12:01:15Z"));
    assert_eq!(container(slow, "2026-11-29T12:01:14Z").ages_at(), due, "its first probe came after 45 s");
    assert!(!container(of("readinessProbe", true), "2026-11-29T13:00:00Z").overdue, "it is ready");
    assert!(!container(of("livenessProbe", false), "2026-11-29T13:00:00Z").overdue, "nothing asks whether it is ready");
}

#[test]
fn both_shapes_of_events_are_read() {
    let counted = event(&sample(include_str!("../samples/event-counted.json"))).expect("an event");
    let note = &counted.note;
    assert_eq!((counted.object.kind.as_str(), note.container.as_deref()), ("Pod", Some("main")));
    assert_eq!((note.kind, note.reason.as_str(), note.count), (EventKind::Warning, "Unhealthy", 8));
    assert_eq!((note.first, note.last), (time("2026-11-29T11:10:38Z"), time("2026-11-29T11:11:12Z")));
    assert_eq!(note.source, "kubelet");

    let newer = event(&sample(include_str!("../samples/event-series.json"))).expect("an event");
    assert_eq!((newer.note.count, newer.note.source.as_str()), (1, "default-scheduler"));
    assert_eq!(newer.note.first, time("2026-11-29T11:10:36.306628Z"));
    assert_eq!(newer.note.first, newer.note.last);

    let mut series = sample(include_str!("../samples/event-series.json"));
    series["series"] = json!({"count": 7, "lastObservedTime": "2026-11-29T11:20:00.000000Z"});
    let again = event(&series).expect("an event").note;
    assert_eq!((again.count, again.last), (7, time("2026-11-29T11:20:00Z")));
}

#[test]
fn an_autoscaler_is_read() {
    let seen = autoscaler(&sample(include_str!("../samples/autoscaler.json"))).expect("an autoscaler");
    assert_eq!((seen.target_kind.as_str(), seen.target_name.as_str()), ("Deployment", "autoscaled"));
    assert_eq!((seen.min, seen.max), (1, 2));
}

#[test]
fn owned_fields_change_when_another_takes_one() {
    let digest = |text| owned_fields(&sample(text), "binnacle", &[]);
    let applied = digest(include_str!("../samples/managed-applied.json"));
    assert!(applied.is_some());
    assert_ne!(digest(include_str!("../samples/managed-scaled.json")), applied, "replicas were taken");
    let image_set = digest(include_str!("../samples/managed-image-set.json"));
    assert_ne!(image_set, applied, "the image was taken");
    let restarted = digest(include_str!("../samples/managed-restarted.json"));
    assert_eq!(restarted, image_set, "an annotation beside ours takes nothing");
    assert_eq!(owned_fields(&sample(include_str!("../samples/managed-applied.json")), "another", &[]), None);
    let by_restart = |text| owned_fields(&sample(text), "binnacle", &OF_A_RESTART);
    assert_eq!(by_restart(include_str!("../samples/managed-applied.json")), None, "it was not restarted");
    let restart = |others: Value| {
        let template = json!({"f:metadata": {"f:annotations": {"f:binnacle.io/restarted-by": {}}}});
        let mut spec = json!({"f:template": template});
        spec.as_object_mut().expect("fields").extend(others.as_object().cloned().unwrap_or_default());
        let entry = json!({"manager": "binnacle", "operation": "Update", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": spec}});
        owned_fields(&json!({"metadata": {"managedFields": [entry]}}), "binnacle", &OF_A_RESTART)
    };
    assert!(restart(json!({})).is_some());
    assert_eq!(
        restart(json!({"f:replicas": {}})),
        restart(json!({})),
        "a number that it scaled to before is not its own"
    );
}

#[test]
fn managers_say_who_wrote_which_part() {
    let of = |text| managers(&sample(text));
    let named = |all: &[FieldManager], name: &str| {
        all.iter().find(|one| one.manager == name && one.subresource != "status").cloned().expect("a manager")
    };
    let applied = of(include_str!("../samples/managed-applied.json"));
    assert_eq!(named(&applied, "binnacle").parts, [Part::Replicas, Part::Template, Part::Spec]);
    let scaled = of(include_str!("../samples/managed-scaled.json"));
    let kubectl = named(&scaled, "kubectl");
    assert_eq!((kubectl.subresource.as_str(), kubectl.parts), ("scale", vec![Part::Replicas]));
    assert_eq!(named(&scaled, "binnacle").parts, [Part::Template, Part::Spec]);
    let image_set = of(include_str!("../samples/managed-image-set.json"));
    assert_eq!(named(&image_set, "kubectl-set").parts, [Part::Template]);
    let undone = json!({"manager": "kubectl", "operation": "Update", "fieldsType": "FieldsV1",
        "fieldsV1": {"f:metadata": {"f:annotations": {"f:binnacle.io/operation-id": {}}}}});
    let undone = managers(&json!({"metadata": {"managedFields": [undone]}}));
    assert_eq!(named(&undone, "kubectl").parts, [Part::Metadata, Part::Mark]);
    assert_eq!(managers(&json!({"metadata": {}})), []);
}

#[test]
fn a_manager_whose_name_is_a_plain_secret_is_masked() {
    let entry = |manager: &str, subresource: &str| {
        let written = json!({"manager": manager, "subresource": subresource, "operation": "Update"});
        managers(&json!({"metadata": {"managedFields": [written]}})).remove(0)
    };
    for secret in ["deploy --password=hunter2", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"] {
        assert_eq!(entry(secret, "scale").manager, MASKED_WORDS);
        assert_eq!(entry("ci", secret).subresource, MASKED_WORDS);
    }
    for harmless in ["kubectl-client-side-apply", "argocd-controller", "token-rotator", "Mozilla", "secret-sync:v2"] {
        assert_eq!(entry(harmless, "status").manager, harmless);
    }
}

#[test]
fn what_is_no_object_of_its_kind_is_an_error() {
    let wrong = sample(include_str!("../samples/job.json"));
    assert!(matches!(workload(&Resource::DEPLOYMENT, &wrong), Err(Error::Shape(_))));
    assert!(matches!(workload(&Resource::POD, &wrong), Err(Error::NoWorkload(_))));
    assert!(pod(&json!({"apiVersion": "v1", "kind": "Pod", "spec": 3}), Utc::now()).is_err());
}

#[test]
fn owners_of_other_groups_keep_their_group() {
    let object = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"ownerReferences": [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web", "uid": "u", "controller": true}]},
        "spec": {"selector": {}}});
    let seen = workload(&Resource::REPLICA_SET, &object).expect("a ReplicaSet");
    assert_eq!(seen.owners[0].kind, "Rollout.argoproj.io");
}
