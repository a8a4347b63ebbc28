//! The table: each manifest, what is done with it, and what has to come of it.

use super::{
    checks,
    play::{End, Row, Step, Verb},
};
use Step::{
    Agrees, Apply, Begin, CanRetry, Cautions, Check, ComesToHave, Ends, Gone, Kubectl, Live, Offers, Removed, Request,
    Says, Shows,
};
use domain::{
    core::{message::Code, refusal::ErrorCode},
    kubernetes::status::State,
};

/// An image that is in no registry; which of these it is depends on the network.
const NO_IMAGE: &[Code] =
    &[Code::ImageNotFound, Code::ImagePullDenied, Code::ImagePullFailed, Code::RegistryUnreachable];
const MODE: &[(&str, &str)] = &[("/spec/template/spec/volumes/0/configMap/defaultMode", "256")];
const ANNOTATION: &str = "/spec/template/metadata/annotations/binnacle.io~1restarted-by";
const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
/// What nobody can request of a Job that has ended.
const OF_AN_ENDED_JOB: &[(&str, Code)] = &[
    ("SCALE", Code::HasNoReplicas),
    ("RESTART", Code::DoesNotRollOut),
    ("STOP", Code::JobHasEnded),
    ("START", Code::JobHasEnded),
];

const fn refused(code: ErrorCode, field: &'static str, words: &'static str) -> End {
    End::Refused { code, field, words }
}

const CREATED: Step = Request(Verb::Create, End::Succeeded(&[Code::AllAvailable]));
const JOB_CREATED: Step = Request(Verb::Create, End::Succeeded(&[Code::JobStarted]));
const RUNS: Step = Says(&[State::Running], None, &[]);

fn row(input: &'static str, steps: Vec<Step>) -> Row {
    Row { input, renamed: None, steps }
}

/// Every row, those that take longest first.
pub fn rows() -> Vec<Row> {
    let mut all = failing();
    all.extend(changing());
    all.extend(jobs());
    all.extend(pasted());
    all
}

/// What people paste.
fn pasted() -> Vec<Row> {
    let password = "manifest.spec.template.spec.containers[0].env[0].value";
    let name = "manifest.metadata.generateName";
    vec![
        row("01-octal-0400.yaml", vec![CREATED, Live(MODE)]),
        row("03-empty-documents.yaml", vec![CREATED, Agrees(State::Running)]),
        row(
            "05-numeric-password.yaml",
            vec![
                Request(Verb::Create, refused(ErrorCode::Invalid, password, "Line 20")),
                Check(checks::nothing_of_it_is_stored),
            ],
        ),
        row("07-password-reference.yaml", vec![CREATED]),
        row("08-password-switch.yaml", vec![CREATED]),
        row(
            "10-pasted-live-object.yaml",
            vec![
                CREATED,
                Removed(&["status", "metadata.ownerReferences", "metadata.uid", "metadata.resourceVersion"]),
                Live(&[("/metadata/ownerReferences", "null"), ("/spec/replicas", "1")]),
                RUNS,
            ],
        ),
        row(
            "13-statefulset-long-name.yaml",
            vec![
                Request(Verb::Create, End::Failed(ErrorCode::NotReady, &[Code::LabelTooLong])),
                Says(&[State::Unavailable], Some(Code::LabelTooLong), &[]),
            ],
        ),
        row("14-deployment-253.yaml", vec![CREATED, RUNS, Check(checks::its_pods_are_those_of_its_uid)]),
        row(
            "41-generate-name.yaml",
            vec![Request(Verb::Create, refused(ErrorCode::NotSupported, name, "such as nightly-1"))],
        ),
        row("41b-list.yaml", vec![CREATED, RUNS]),
    ]
}

/// Workloads that others hold back or change.
fn changing() -> Vec<Row> {
    let restarts = |code| Request(Verb::Restart, End::Succeeded(code));
    vec![
        autoscaled(),
        row("21-min-ready.yaml", vec![CREATED, Agrees(State::Running), Shows(&[("/availableReplicas", "2")])]),
        row(
            "15-statefulset-partition.yaml",
            vec![
                CREATED,
                RUNS,
                Cautions("RESTART", Code::Partitioned),
                restarts(&[Code::Partitioned]),
                RUNS,
                Shows(&[
                    ("/updatedReplicas", "1"),
                    ("/readyReplicas", "3"),
                    ("/availableReplicas", "3"),
                    ("/summary/code", "\"PARTITIONED\""),
                ]),
            ],
        ),
        row(
            "16-statefulset-ondelete.yaml",
            vec![
                CREATED,
                RUNS,
                Cautions("RESTART", Code::RestartsOnDelete),
                restarts(&[Code::RestartsOnDelete]),
                RUNS,
                Shows(&[("/summary/code", "\"UPDATES_ON_DELETE\""), ("/summary/arguments/pods", "2")]),
                Check(checks::no_pod_was_replaced),
            ],
        ),
        row(
            "18-paused.yaml",
            vec![
                CREATED,
                RUNS,
                Kubectl(&["rollout", "pause", "@"]),
                Says(&[State::Paused], None, &[]),
                Offers(&[
                    ("RESTART", Code::RolloutIsPaused),
                    ("START", Code::NotStopped),
                    ("PAUSE_ROLLOUT", Code::IsSoAlready),
                ]),
                Request(Verb::Restart, refused(ErrorCode::Invalid, "id", "paused")),
                Kubectl(&["rollout", "resume", "@"]),
                RUNS,
                Live(&[(ANNOTATION, "null")]),
                Check(checks::no_pod_was_replaced),
            ],
        ),
        row(
            "18b-created-paused.yaml",
            vec![
                Request(Verb::Create, End::Succeeded(&[Code::CreatedPaused])),
                Says(&[State::Paused], None, &[]),
                Shows(&[("/summary/code", "\"CREATED_PAUSED\"")]),
            ],
        ),
        row("32-orphan.yaml", vec![CREATED, RUNS, Check(checks::an_adopted_set_is_no_row_and_its_pods_change_hands)]),
        row(
            "35-finalizer.yaml",
            vec![
                CREATED,
                RUNS,
                Begin(Verb::Delete),
                Says(
                    &[State::Deleting],
                    Some(Code::FinalizersBlock),
                    &[("finalizers", "[\"example.com/never-removed\"]")],
                ),
                Kubectl(&["patch", "@", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}"]),
                Ends(End::Succeeded(&[Code::IsGone])),
                Gone,
            ],
        ),
    ]
}

/// Its pods take 45 s to be ready, so that others change it while an operation waits.
fn autoscaled() -> Row {
    let scaled_by = |manager| Ends(End::Overtaken(Code::ReplicasChanged, Some(manager)));
    row(
        "20-hpa.yaml",
        vec![
            Begin(Verb::Create),
            Says(&[State::Progressing], None, &[]),
            Kubectl(&["scale", "@", "--replicas=0"]),
            // A number of 0 is left out of the scale subresource, so that the API server names no manager.
            Ends(End::Overtaken(Code::ReplicasChanged, None)),
            Says(&[State::Stopped], None, &[]),
            Begin(Verb::Scale(5)),
            ComesToHave(&[("/spec/replicas", "5")]),
            Kubectl(&["scale", "@", "--replicas=1"]),
            scaled_by("kubectl"),
            Says(&[State::Progressing], None, &[]),
            Begin(Verb::Restart),
            ComesToHave(&[(REVISION, "\"2\"")]),
            Kubectl(&["rollout", "undo", "@"]),
            Ends(End::Overtaken(Code::SpecChanged, Some("kubectl"))),
            Live(&[(ANNOTATION, "null")]),
            Apply("20b-hpa-object.yaml"),
            Cautions("SCALE", Code::Autoscaled),
            Begin(Verb::Scale(5)),
            scaled_by("kube-controller-manager"),
            ComesToHave(&[("/spec/replicas", "2")]),
        ],
    )
}

/// Workloads that cannot work.
fn failing() -> Vec<Row> {
    let times_out = |causes| Ends(End::Failed(ErrorCode::TimedOut, causes));
    let migrate: &[(&str, &str)] = &[("container", "\"migrate\""), ("role", "\"init\""), ("exit_code", "1")];
    let memory: &[(&str, &str)] = &[("container", "\"main\""), ("limit", "\"16Mi\"")];
    let shipper: &[(&str, &str)] = &[("container", "\"shipper\""), ("role", "\"sidecar\""), ("exit_code", "1")];
    let out_of_memory = || Says(&[State::Unavailable], Some(Code::OomKilled), memory);
    let quota: &[(&str, &str)] = &[("quota", "\"none\"")];
    let full = |input| {
        let fails = End::Failed(ErrorCode::NotReady, &[Code::QuotaExceeded]);
        row(input, vec![Request(Verb::Create, fails), Says(&[State::Unavailable], Some(Code::QuotaExceeded), quota)])
    };
    vec![
        row(
            "30-init-crash.yaml",
            vec![
                Begin(Verb::Create),
                Says(&[State::Unavailable], Some(Code::Exited), migrate),
                Check(checks::the_init_container_is_shown),
                times_out(&[Code::Exited]),
            ],
        ),
        row(
            "34-oom.yaml",
            vec![
                // It is available for a moment before it is out of memory: its creation may succeed by that.
                Begin(Verb::Create),
                out_of_memory(),
                Check(checks::the_container_waits_after_it_was_out_of_memory),
                out_of_memory(),
            ],
        ),
        row(
            "31-sidecar.yaml",
            vec![
                CREATED,
                Says(&[State::Degraded, State::Unavailable], Some(Code::Exited), shipper),
                Check(checks::the_sidecar_is_shown),
            ],
        ),
        row(
            "19-deadline.yaml",
            vec![
                Request(Verb::Create, End::Failed(ErrorCode::NotReady, NO_IMAGE)),
                Says(&[State::Failed], None, &[]),
                Check(checks::the_cause_is_the_image),
                Request(Verb::Stop, End::Succeeded(&[Code::ScaledToZero])),
                Says(&[State::Stopped], None, &[]),
            ],
        ),
        row(
            "39-ask-again-conflict.yaml",
            vec![
                Request(Verb::Create, End::Failed(ErrorCode::NotReady, NO_IMAGE)),
                CanRetry(true),
                Kubectl(&["scale", "@", "--replicas=1"]),
                Request(Verb::Retry, End::Failed(ErrorCode::Conflict, &[])),
                CanRetry(false),
            ],
        ),
        full("28a-statefulset.yaml"),
        full("28b-job.yaml"),
        full("28c-deployment.yaml"),
    ]
}

/// What runs to its end, and by the clock.
fn jobs() -> Vec<Row> {
    let cannot = |verb| Request(verb, refused(ErrorCode::Invalid, "id", "ended"));
    let exited: &[(&str, &str)] = &[("container", "\"main\""), ("exit_code", "3")];
    let may_be_gone = End::Succeeded(&[Code::JobStarted, Code::JobStartedAndGone]);
    let vanishes = |nth: u8| Row {
        renamed: Some(("ttl-ok", format!("ttl-ok-{nth}"))),
        ..row(
            "22-job-ttl0.yaml",
            vec![Request(Verb::Create, may_be_gone), Gone, Check(checks::the_end_of_the_job_is_in_the_log)],
        )
    };
    let mut all = vec![
        row(
            "36-cronjob.yaml",
            vec![
                Request(Verb::Create, End::Succeeded(&[Code::IsResumed])),
                RUNS,
                Shows(&[
                    ("/summary/code", "\"SCHEDULED\""),
                    ("/summary/arguments/schedule", "\"* * * * * (Europe/Berlin)\""),
                ]),
                Check(checks::its_run_and_the_pods_of_that_are_found_by_owner),
                Check(checks::its_last_run_stands_beside_its_schedule),
            ],
        ),
        row("24-job-long.yaml", vec![JOB_CREATED, RUNS, Shows(&[("/active", "1")])]),
        row(
            "25-job-done.yaml",
            vec![
                JOB_CREATED,
                Says(&[State::Completed], None, &[]),
                Offers(OF_AN_ENDED_JOB),
                cannot(Verb::Stop),
                cannot(Verb::Start),
                Live(&[("/spec/suspend", "false")]),
            ],
        ),
        row(
            "26-job-fails.yaml",
            vec![
                JOB_CREATED,
                Says(&[State::Failed], Some(Code::Exited), exited),
                CanRetry(false),
                Offers(OF_AN_ENDED_JOB),
            ],
        ),
        row(
            "27-job-work-queue.yaml",
            vec![
                JOB_CREATED,
                Says(&[State::Completed], None, &[]),
                Shows(&[
                    ("/desiredReplicas", "null"),
                    ("/succeeded", "3"),
                    ("/summary/code", "\"JOB_ENDED\""),
                    ("/summary/arguments/succeeded", "3"),
                ]),
            ],
        ),
    ];
    all.extend((1..=5).map(vanishes));
    all
}
