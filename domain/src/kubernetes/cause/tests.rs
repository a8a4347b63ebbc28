use super::*;
use crate::core::message::Code;
use crate::kubernetes::{
    examples::*,
    observation::{Container, Details, FreeText, Note, Probe, Role, Truth},
};

const NO_SUCH_HOST: &str = "failed to do request: Head \"https://registry.example/v2/\": dial tcp: no such host";
const DENIED: &str = "pull access denied, repository does not exist or may require authorization";

fn explain(pod: &Pod) -> Option<Finding> {
    of_pod(&named("web-1", "p", pod))
}

fn hold(rows: Vec<(&str, Pod, Option<Code>)>) {
    for (name, pod, code) in rows {
        let found = explain(&pod);
        assert_eq!(found.as_ref().and_then(|found| found.cause.message.known()), code, "{name}: {found:?}");
    }
}

fn starting(container: Container) -> Pod {
    pod(vec![container]).phase("Pending")
}

fn unscheduled(message: &str) -> Pod {
    starting(waiting("", "")).condition("PodScheduled", Truth::False, "Unschedulable", message)
}

fn creating() -> Pod {
    starting(waiting("ContainerCreating", ""))
}

fn probed(probe: Probe) -> Container {
    Container { probes: vec![probe], ..running().not_ready() }
}

#[test]
fn containers_that_end_say_how() {
    let killed = || Container { memory_limit: Some("16Mi".to_owned()), ..crash_loop("OOMKilled", 137) };
    let liveness = "Liveness probe failed: HTTP probe failed with statuscode: 500";
    let startup = "Startup probe failed: command timed out";
    hold(vec![
        ("out of memory, then the pause", pod(vec![killed()]), Some(Code::OomKilled)),
        ("out of memory, not started again yet", pod(vec![terminated("OOMKilled", 137)]), Some(Code::OomKilled)),
        (
            "out of memory beats a failing probe",
            pod(vec![killed()]).note("Unhealthy", liveness, 3),
            Some(Code::OomKilled),
        ),
        ("exit code", pod(vec![crash_loop("Error", 3)]), Some(Code::Exited)),
        ("signal", pod(vec![crash_loop("Error", 139)]), Some(Code::KilledBySignal)),
        (
            "killed by a liveness probe",
            pod(vec![crash_loop("Error", 137)]).note("Unhealthy", liveness, 3),
            Some(Code::ProbeKilled),
        ),
        (
            "killed by a startup probe",
            pod(vec![crash_loop("Error", 143)]).note("Unhealthy", startup, 3),
            Some(Code::ProbeKilled),
        ),
        (
            "killed by a probe whose events were combined",
            pod(vec![crash_loop("Error", 137)]).note(
                "Unhealthy",
                "(combined from similar events): Liveness probe failed: x",
                3,
            ),
            Some(Code::ProbeKilled),
        ),
        (
            "a readiness probe kills nothing",
            pod(vec![crash_loop("Error", 1)]).note("Unhealthy", "Readiness probe failed: x", 3),
            Some(Code::Exited),
        ),
        (
            "ended by a hook",
            pod(vec![crash_loop("Completed", 0)]).note("FailedPostStartHook", "PostStartHook failed", 3),
            Some(Code::HookFailed),
        ),
        ("no such program", pod(vec![crash_loop("StartError", 128)]), Some(Code::CommandNotStarted)),
        (
            "no such program, first try",
            pod(vec![waiting("RunContainerError", "exec: not found")]),
            Some(Code::CommandNotStarted),
        ),
        ("no such command in a shell", pod(vec![crash_loop("Error", 127)]), Some(Code::CommandNotFound)),
        ("not executable", pod(vec![crash_loop("Error", 126)]), Some(Code::CommandNotFound)),
        ("ended well, is to go on", pod(vec![crash_loop("Completed", 0)]), Some(Code::ContainerCompleted)),
        ("lost with its node", pod(vec![terminated("ContainerStatusUnknown", 137)]), Some(Code::ContainerLost)),
        ("runs, ended once", pod(vec![running().again(1, end("Error", 1))]), None),
        ("runs, ends again and again", pod(vec![running().again(5, end("OOMKilled", 137))]), Some(Code::OomKilled)),
        (
            "a Job's pod that is done",
            pod(vec![terminated("Completed", 0)]).phase("Succeeded").owned_by("Job", "w"),
            None,
        ),
        (
            "one of a Job's containers is done",
            pod(vec![terminated("Completed", 0), running()]).owned_by("Job", "w"),
            None,
        ),
        (
            "a Job's pod that failed",
            pod(vec![terminated("Error", 3)]).phase("Failed").owned_by("Job", "w"),
            Some(Code::Exited),
        ),
    ]);
}

#[test]
fn a_probe_explains_later_kills_that_the_kubelet_no_longer_reports() {
    let report = || Note { first: at(-300), last: at(-200), ..note("Unhealthy", "Liveness probe failed: x", 8) };
    let after = |exit_code| Pod { notes: vec![report()], ..pod(vec![crash_loop("Error", exit_code)]) };
    hold(vec![
        ("killed again", after(137), Some(Code::ProbeKilled)),
        ("ended by itself since", after(1), Some(Code::Exited)),
    ]);
}

#[test]
fn containers_of_every_role_count() {
    let role = |container: Container, role| pod(vec![container.role(role), running()]);
    hold(vec![
        ("init", role(crash_loop("Error", 1), Role::Init).phase("Pending"), Some(Code::Exited)),
        ("init that is done", role(terminated("Completed", 0), Role::Init), None),
        (
            "init without its image",
            role(waiting("ErrImagePull", DENIED), Role::Init).phase("Pending"),
            Some(Code::ImagePullDenied),
        ),
        ("sidecar", role(crash_loop("Error", 1), Role::Sidecar), Some(Code::Exited)),
        (
            "sidecar before the others start",
            role(terminated("Error", 5), Role::Sidecar).phase("Pending"),
            Some(Code::Exited),
        ),
        ("sidecar that ended well", role(terminated("Completed", 0), Role::Sidecar), Some(Code::ContainerCompleted)),
        ("debugging", role(terminated("Error", 130), Role::Ephemeral), Some(Code::KilledBySignal)),
        ("debugging that is done", role(terminated("Completed", 0), Role::Ephemeral), None),
    ]);
    let debugging = explain(&role(terminated("Error", 130), Role::Ephemeral)).expect("a finding");
    assert!(!debugging.blocks, "a debug container keeps nothing from working");
    let init = explain(&role(crash_loop("Error", 1), Role::Init)).expect("a finding");
    assert_eq!(init.cause.message.text("role"), Some("init"));
}

#[test]
fn images_say_what_is_wrong_with_them() {
    let of = |reason, message| starting(waiting(reason, message));
    hold(vec![
        ("name", of("InvalidImageName", "couldn't parse image name"), Some(Code::ImageNameInvalid)),
        ("not found", of("ErrImagePull", "web:typo: not found"), Some(Code::ImageNotFound)),
        (
            "not found, in its pause",
            of("ImagePullBackOff", "Back-off pulling image \"x\": ErrImagePull: manifest unknown"),
            Some(Code::ImageNotFound),
        ),
        ("denied", of("ErrImagePull", DENIED), Some(Code::ImagePullDenied)),
        ("unauthorized", of("ErrImagePull", "unexpected status: 401 Unauthorized"), Some(Code::ImagePullDenied)),
        (
            "too often",
            of("ErrImagePull", "toomanyrequests: You have reached your pull rate limit"),
            Some(Code::ImageRateLimited),
        ),
        ("no registry", of("ErrImagePull", NO_SUCH_HOST), Some(Code::RegistryUnreachable)),
        ("never pulled", of("ErrImageNeverPull", "x"), Some(Code::ImageNeverPulled)),
        ("no word why", of("ErrImagePull", "rpc error: code = Unknown"), Some(Code::ImagePullFailed)),
        (
            "why stands in the event only",
            of("ImagePullBackOff", "Back-off pulling image \"x\"").note(
                "Failed",
                "Failed to pull image \"x\": not found",
                2,
            ),
            Some(Code::ImageNotFound),
        ),
        (
            "why stands in a combined event only",
            of("ImagePullBackOff", "Back-off pulling image \"x\"").note(
                "Failed",
                "(combined from similar events): Failed to pull image \"x\": not found",
                2,
            ),
            Some(Code::ImageNotFound),
        ),
    ]);
    let image = explain(&of("ErrImagePull", "not found")).expect("a finding").cause;
    assert_eq!((image.message.text("image"), image.message.text("pod")), (Some("web:typo"), Some("web-1")));
}

#[test]
fn what_is_missing_is_named() {
    let config = |message| starting(waiting("CreateContainerConfigError", message));
    let mount = |message, count| creating().note("FailedMount", message, count);
    let claim = "0/1 nodes are available: persistentvolumeclaim \"data\" not found. preemption: 0/1 nodes";
    for (pod, code, name) in [
        (config("configmap \"settings\" not found"), Code::ConfigMapNotFound, "settings"),
        (config("secret \"db\" not found"), Code::SecretNotFound, "db"),
        (config("couldn't find key host in ConfigMap team/settings"), Code::KeyNotFound, "settings"),
        (config("couldn't find key password in Secret team/db"), Code::KeyNotFound, "db"),
        (mount("MountVolume.SetUp failed for volume \"v\" : secret \"tls\" not found", 1), Code::SecretNotFound, "tls"),
        (
            mount("MountVolume.SetUp failed for volume \"v\" : configmap \"files\" not found", 1),
            Code::ConfigMapNotFound,
            "files",
        ),
        (unscheduled(claim), Code::ClaimNotFound, "data"),
        (
            unscheduled("running \"VolumeBinding\" filter plugin: failed to find storage class \"fast\""),
            Code::StorageClassNotFound,
            "fast",
        ),
        (
            unscheduled("persistentvolumeclaim \"data\": storageclass.storage.k8s.io \"fast\" not found"),
            Code::StorageClassNotFound,
            "fast",
        ),
    ] {
        let found = explain(&pod).expect("a finding");
        assert!(found.blocks);
        assert_eq!((found.cause.message.known(), found.cause.message.text("name")), (Some(code), Some(name)));
    }
    hold(vec![
        ("configuration", config("container has runAsNonRoot and image will run as root"), Some(Code::RunsAsRoot)),
        ("other configuration", config("failed to sync"), Some(Code::ContainerConfigInvalid)),
        ("not created", starting(waiting("CreateContainerError", "x")), Some(Code::ContainerNotCreated)),
        ("hook", starting(waiting("PostStartHookError", "x")), Some(Code::HookFailed)),
        ("a reason of later", starting(waiting("SomethingNew", "x")), Some(Code::ContainerWaiting)),
        ("volume", mount("timed out waiting for the condition", 4), Some(Code::VolumeNotMounted)),
        ("attach", creating().note("FailedAttachVolume", "Multi-Attach error", 2), Some(Code::VolumeNotAttached)),
        (
            "network",
            creating().note("FailedCreatePodSandBox", "plugin type=\"bridge\" failed", 2),
            Some(Code::SandboxNotCreated),
        ),
        ("starts", creating(), None),
        ("mounted since", pod(vec![running()]).note("FailedMount", "timed out", 4), None),
    ]);
    let early = explain(&mount("failed to sync configmap cache: timed out", 1)).expect("a finding");
    assert!(!early.blocks, "one early try passes by itself");
}

#[test]
fn the_scheduler_is_understood() {
    let nodes =
        |words: &str| unscheduled(&format!("0/3 nodes are available: {words}. preemption: 0/3 nodes are available"));
    hold(vec![
        ("cpu", nodes("3 Insufficient cpu"), Some(Code::InsufficientResources)),
        (
            "resources beat taints",
            nodes("1 node(s) had untolerated taint {a: b}, 2 Insufficient memory"),
            Some(Code::InsufficientResources),
        ),
        ("pods", nodes("3 Too many pods"), Some(Code::InsufficientResources)),
        (
            "taint",
            nodes("3 node(s) had untolerated taint {node.kubernetes.io/unreachable: }"),
            Some(Code::TaintsNotTolerated),
        ),
        ("cordoned", nodes("3 node(s) were unschedulable"), Some(Code::TaintsNotTolerated)),
        ("selector", nodes("3 node(s) didn't match Pod's node affinity/selector"), Some(Code::NoMatchingNode)),
        ("anti-affinity", nodes("3 node(s) didn't match pod anti-affinity rules"), Some(Code::NoMatchingNode)),
        ("spread", nodes("3 node(s) didn't match pod topology spread constraints"), Some(Code::TopologySpread)),
        ("ports", nodes("3 node(s) didn't have free ports for the requested pod ports"), Some(Code::PortsTaken)),
        ("volume elsewhere", nodes("3 node(s) had volume node affinity conflict"), Some(Code::VolumeUnschedulable)),
        ("claim without a volume", nodes("pod has unbound immediate PersistentVolumeClaims"), Some(Code::ClaimUnbound)),
        (
            "words that only quote a class",
            nodes("storageclass.storage.k8s.io \"Hunter 2\" not found"),
            Some(Code::Unschedulable),
        ),
        ("no nodes", unscheduled("no nodes available to schedule pods"), Some(Code::NoNodes)),
        ("other words", nodes("3 node(s) were sad"), Some(Code::Unschedulable)),
        (
            "gated",
            starting(waiting("", "")).condition("PodScheduled", Truth::False, "SchedulingGated", ""),
            Some(Code::SchedulingGated),
        ),
    ]);
    let found =
        explain(&nodes("1 Insufficient memory, 2 Insufficient cpu, 1 Insufficient nvidia.com/gpu")).expect("a finding");
    assert_eq!(found.cause.message.arguments["resources"], serde_json::json!(["cpu", "memory", "nvidia.com/gpu"]));
}

#[test]
fn unresponsive_containers_differ_from_starting_ones() {
    let readiness = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    let unready = |container| pod(vec![container]);
    let with = |message, count| unready(probed(Probe::Readiness)).note("Unhealthy", message, count);
    let startup = || Container { started: false, ..probed(Probe::Startup) };
    let gate = |status| {
        let gated = pod(vec![running()]).condition("Ready", Truth::False, "ReadinessGatesNotReady", "");
        Pod { readiness_gates: vec!["example.com/up".to_owned()], ..gated }.condition("example.com/up", status, "", "")
    };
    hold(vec![
        ("probe", with(readiness, 8), Some(Code::ProbeFails)),
        ("starts, no probe failed yet", unready(probed(Probe::Readiness)), None),
        (
            "starts, startup probe fails",
            unready(startup()).note("Unhealthy", "Startup probe failed: x", 2),
            Some(Code::ProbeFails),
        ),
        ("gate", gate(Truth::False), Some(Code::ReadinessGateShut)),
        ("ready again", pod(vec![running()]).note("Unhealthy", readiness, 3), None),
    ]);
    assert!(explain(&with(readiness, 8)).is_some_and(|found| found.blocks), "it has failed for a minute");

    let early = Pod { notes: vec![Note { last: at(5), ..note("Unhealthy", readiness, 2) }], ..with(readiness, 2) };
    assert!(explain(&early).is_some_and(|found| !found.blocks), "it may just be early");

    let overdue = || Container { overdue: true, ..probed(Probe::Readiness) };
    let silenced = Pod { containers: vec![overdue()], ..early };
    assert!(explain(&silenced).is_some_and(|found| found.blocks), "the kubelet reports it no more, and it still fails");
    assert_eq!(explain(&unready(overdue())).and_then(|found| found.cause.message.known()), Some(Code::NeverReady));

    let old = Pod {
        notes: vec![Note { first: at(-90), last: at(-60), ..note("Unhealthy", readiness, 9) }],
        ..with(readiness, 9)
    };
    assert_eq!(explain(&old), None, "that was an earlier run of the container");

    let mut lost_it = unready(probed(Probe::Readiness));
    lost_it.conditions[0].since = Some(at(500));
    assert_eq!(explain(&lost_it).and_then(|found| found.cause.message.known()), Some(Code::NotReady));
}

#[test]
fn nodes_and_others_that_end_pods_are_named() {
    let failed = |reason, message| pod(vec![terminated("Error", 137)]).phase("Failed").reason(reason, message);
    let target = |reason| pod(vec![running()]).condition("DisruptionTarget", Truth::True, reason, "").deleted();
    let silent = || pod(vec![running()]).condition("Ready", Truth::False, "", "");
    hold(vec![
        ("evicted", failed("Evicted", "The node was low on resource: memory."), Some(Code::Evicted)),
        ("preempted", failed("Preempting", ""), Some(Code::Preempted)),
        ("preempted, by its condition", target("PreemptionByScheduler"), Some(Code::Preempted)),
        ("drained", target("EvictionByEvictionAPI"), Some(Code::Disrupted)),
        (
            "node gone, pod deleted",
            target("DeletionByTaintManager").condition("Ready", Truth::False, "", ""),
            Some(Code::NodeLost),
        ),
        ("a taint that a person set", target("DeletionByTaintManager"), Some(Code::Disrupted)),
        ("node lost", pod(vec![running()]).reason("NodeLost", "").deleted(), Some(Code::NodeLost)),
        ("phase unknown", pod(vec![running()]).phase("Unknown"), Some(Code::NodeLost)),
        (
            "nobody knows whether it is ready",
            pod(vec![running()]).condition("Ready", Truth::Unknown, "NodeStatusUnknown", ""),
            Some(Code::NodeLost),
        ),
        (
            "not ready, said by the node controller",
            silent().note("NodeNotReady", "Node is not ready", 1),
            Some(Code::NodeLost),
        ),
        ("the same without its event", silent(), Some(Code::NodeLost)),
        (
            "shut down",
            failed("Terminated", "Pod was terminated in response to imminent node shutdown."),
            Some(Code::NodeShutDown),
        ),
        ("refused", failed("OutOfcpu", "Node didn't have enough resource: cpu"), Some(Code::NodeRefused)),
        ("refused for its affinity", failed("NodeAffinity", ""), Some(Code::NodeRefused)),
        ("ran too long", failed("DeadlineExceeded", ""), Some(Code::PodDeadlineExceeded)),
    ]);
    let evicted = explain(&failed("Evicted", "low on memory")).expect("a finding").cause.message;
    assert_eq!((evicted.text("node"), evicted.text("detail")), (Some("node-1"), Some("low on memory")));
}

#[test]
fn answers_of_the_api_server_are_understood() {
    let pods = |words: &str| format!("Error creating: pods \"web-1\" is forbidden: {words}");
    for (answer, code) in [
        (
            pods("exceeded quota: team, requested: cpu=2,pods=1, used: cpu=3,pods=9, limited: cpu=4,pods=9"),
            Code::QuotaExceeded,
        ),
        (pods("failed quota: team: must specify limits.cpu for: main"), Code::QuotaNeedsLimits),
        (pods("insufficient quota to match these scopes: [{PriorityClass In [high]}]"), Code::QuotaRefused),
        (pods("maximum cpu usage per Container is 1, but limit is 2"), Code::LimitRangeViolated),
        (
            pods("violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false"),
            Code::PodSecurityViolated,
        ),
        (
            pods("error looking up service account team/robot: serviceaccount \"robot\" not found"),
            Code::ServiceAccountNotFound,
        ),
        (pods("no PriorityClass with name high was found"), Code::PriorityClassNotFound),
        (
            pods("unable to create new content in namespace team because it is being terminated"),
            Code::NamespaceTerminating,
        ),
        (
            pods("ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: use a tag"),
            Code::PolicyDenied,
        ),
        (pods("User \"x\" cannot create resource"), Code::CreationForbidden),
        ("admission webhook \"policy.example.com\" denied the request: no".to_owned(), Code::AdmissionDenied),
        (
            "Internal error occurred: failed calling webhook \"dead.example.com\": failed to call webhook: Post"
                .to_owned(),
            Code::WebhookUnreachable,
        ),
        (
            "Pod \"x\" is invalid: metadata.labels: Invalid value: \"x\": must be no more than 63 bytes".to_owned(),
            Code::LabelTooLong,
        ),
        ("Pod \"x\" is invalid: spec.containers[0].image: Required value".to_owned(), Code::PodInvalid),
        ("the server is on fire".to_owned(), Code::CreationFailed),
    ] {
        assert_eq!(creation::meaning(&answer.as_str().into()).known(), Some(code), "{answer}");
    }
    let quota = creation::meaning(&FreeText::new(&pods(
        "exceeded quota: team, requested: cpu=2,pods=1, used: cpu=3,pods=9, limited: cpu=4,pods=9",
    )));
    let part = |name| quota.text(name).unwrap_or_default().to_owned();
    assert_eq!(
        [part("quota"), part("requested"), part("used"), part("limited")],
        ["team", "cpu=2,pods=1", "cpu=3,pods=9", "cpu=4,pods=9"]
    );
}

#[test]
fn a_namespace_that_goes_is_the_subject_of_what_it_refuses() {
    let answer = "is forbidden: unable to create new content in namespace shop because it is being terminated";
    let pods = format!("pods \"web-1\" {answer}");
    let claims = format!("create Claim data-web-0 failed error: persistentvolumeclaims \"data-web-0\" {answer}");
    let by_condition = deployment(1, [0; 4]).condition("ReplicaFailure", Truth::True, "FailedCreate", &pods);
    let by_event = workload(Details::StatefulSet(stateful_set(1, [0; 4], false))).note("FailedCreate", &claims);
    for (facts, kind) in [(by_condition, "Deployment"), (by_event, "StatefulSet")] {
        let cause = creation::refused(&named("web", "w", &facts)).expect("a finding").cause;
        assert_eq!(cause.message.known(), Some(Code::NamespaceTerminating), "{kind}");
        let subject = Subject { kind: "Namespace", name: "shop".to_owned(), namespace: None };
        assert_eq!(Subject::of(&cause.message, "shop"), Some(subject), "{kind}");
        let evidence = cause.evidence.first().expect("evidence");
        assert_eq!((evidence.kind, &evidence.object), (EvidenceKind::Admission, &Some(ObjectName::new(kind, "web"))));
        assert!(evidence.message.text("detail").is_some_and(|words| words.ends_with(answer)), "{kind}");
    }
}

#[test]
fn every_cause_has_evidence() {
    for pod in [
        pod(vec![crash_loop("OOMKilled", 137)]),
        starting(waiting("ErrImagePull", "not found")),
        unscheduled("0/1 nodes are available: 1 Insufficient cpu"),
        creating().note("FailedMount", "secret \"x\" not found", 3),
        pod(vec![probed(Probe::Readiness)]).note("Unhealthy", "Readiness probe failed: x", 3),
    ] {
        let cause = explain(&pod).expect("a finding").cause;
        let evidence = cause.evidence.first().expect("evidence");
        assert_eq!(evidence.object, Some(ObjectName::new("Pod", "web-1")), "{cause:?}");
        assert!(cause.since.is_some(), "{cause:?}");
    }
}

/// An argument stands in clear, so nothing is cut out of a text that only looks like one of Kubernetes.
#[test]
fn nothing_is_cut_out_of_words_that_quote_others() {
    for answer in [
        "admission webhook \"w\" denied the request: env A has value 'exceeded quota: Hunter 2, limited: s3cret'",
        "denied: exceeded quota: team, requested: the secret, used: x, limited: hunter2",
        "failed calling webhook \"Hunter 2\": refused",
        "ValidatingAdmissionPolicy 'Hunter 2' denied",
        "serviceaccount \"Hunter 2\" not found",
        "violates PodSecurity \"hunter2 latest\": x",
        "no PriorityClass with name Hunter 2 was found",
    ] {
        let message = creation::meaning(&answer.into());
        let in_clear =
            message.arguments.iter().filter(|(name, _)| *name != "detail").map(|(_, value)| value.to_string());
        let in_clear = in_clear.collect::<String>().to_lowercase();
        assert!(!["hunter", "secret", "s3cret"].iter().any(|word| in_clear.contains(word)), "{answer}: {in_clear}");
    }
}

#[test]
fn an_init_container_that_runs_for_long_is_named() {
    let init = |overdue| Container { name: "migrate".to_owned(), overdue, ..running().not_ready().role(Role::Init) };
    let initializing = |overdue| pod(vec![init(overdue), waiting("PodInitializing", "")]).phase("Pending");
    let mounted = || initializing(true).note("FailedMount", "configmap \"settings\" not found", 2);
    hold(vec![
        ("for a moment", initializing(false), None),
        ("for long", initializing(true), Some(Code::InitRunsLong)),
        ("its volumes are there by now", mounted(), Some(Code::InitRunsLong)),
    ]);
    let found = explain(&initializing(true)).expect("a cause");
    assert_eq!((found.cause.message.text("container"), found.cause.since), (Some("migrate"), Some(at(0))));
    assert!(found.blocks);
    assert!(explain(&initializing(true).owned_by("Job", "w")).is_some_and(|found| !found.blocks), "part of its work");

    let mut container = init(false);
    assert_eq!(container.ages_at(), Some(at(60)));
    container.age(at(60));
    assert_eq!((container.overdue, container.ages_at()), (true, None));
}
