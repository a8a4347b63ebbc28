mod histories;
mod offers;

use super::{MAX_REPLICAS, decide::*, plan::Context, queue::*};
use crate::{
    core::{
        decider::Decider,
        given::given,
        ids::{ClusterId, OperationId},
        message::{Code, Message},
        refusal::ErrorCode,
    },
    kubernetes::{
        examples,
        object::ObjectRef,
        observation::{Details, Workload},
        observed::Seen,
        resource::Resource,
        wait::{Overtaken, Requested},
    },
    operation::{
        CancelledBy, Failure, Intent, OperationEvent, OperationState, Stage, Written, effect::Reaction, plan::Call,
        react::react,
    },
};
use chrono::{DateTime, Utc};
use serde_json::json;
use strum::IntoEnumIterator;
use uuid::Uuid;

pub(super) fn id(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

pub(super) fn deadline() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

pub(super) fn seen(replicas: i32) -> Seen {
    seen_as(examples::deployment(replicas, [replicas; 4]))
}

pub(super) fn seen_as(workload: Workload) -> Seen {
    Seen::of_workload("u-1".to_owned(), Workload { generation: 4, ..workload }, None)
}

fn words() -> Message {
    Code::AnswerLost.message([("detail", "time-out".into())])
}

fn failure(code: ErrorCode) -> Failure {
    Failure { code, message: words(), cause: None }
}

pub(super) fn ask(operation: OperationId, intent: Intent, seen: Option<Seen>) -> TargetCommand {
    let (kind, deadline) = (Resource::DEPLOYMENT, deadline());
    TargetCommand::Request { operation, kind, intent, expected_version: None, seen, deadline }
}

pub(super) fn requested(operation: OperationId, intent: Intent) -> OperationEvent {
    let uid = Some("u-1".to_owned());
    OperationEvent::OperationRequested { operation, intent, uid, retry_of: None, behind: None }
}

fn requested_behind(operation: OperationId, intent: Intent, verb: &str) -> OperationEvent {
    let (uid, behind) = (Some("u-1".to_owned()), Some(verb.to_owned()));
    OperationEvent::OperationRequested { operation, intent, uid, retry_of: None, behind }
}

pub(super) fn started(operation: OperationId) -> OperationEvent {
    OperationEvent::OperationStarted { operation, deadline: deadline() }
}

/// It is requested and begins; the same request again adds nothing.
pub(super) fn is_requested_once(intent: &Intent, seen: Option<Seen>) {
    let events = [requested(id(1), intent.clone()), started(id(1))];
    given::<Target>([]).when(ask(id(1), intent.clone(), seen.clone())).then(events.clone());
    given::<Target>(events).when(ask(id(1), intent.clone(), seen)).silence();
}

pub(super) fn stage_done(operation: OperationId, stage: Stage) -> OperationEvent {
    OperationEvent::OperationStageSucceeded { operation, stage, message: None, remembered: None, written: None }
}

fn done() -> Outcome {
    Outcome::Done(Done::default())
}

fn report(operation: OperationId, stage: Stage, outcome: Outcome) -> TargetCommand {
    TargetCommand::Report { operation, stage, outcome, deadline: deadline() }
}

pub(super) fn cancelled(operation: OperationId, by: CancelledBy) -> OperationEvent {
    OperationEvent::OperationCancelled { operation, by }
}

pub(super) fn object() -> ObjectRef {
    let (kind, name) = (Resource::DEPLOYMENT, "w".to_owned());
    ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace: None, name }
}

const SCALE: Intent = Intent::ScaleWorkload { replicas: 5 };

#[test]
fn a_request_on_a_free_object_starts_at_once() {
    given::<Target>([]).when(ask(id(1), SCALE, Some(seen(1)))).then([requested(id(1), SCALE), started(id(1))]);
}

#[test]
fn a_request_on_a_busy_object_waits_its_turn() {
    given::<Target>([requested(id(1), SCALE), started(id(1))])
        .when(ask(id(2), Intent::RestartWorkload, Some(seen(1))))
        .then([requested_behind(id(2), Intent::RestartWorkload, "ScaleWorkload")]);
}

#[test]
fn an_operation_that_only_waits_is_superseded() {
    given::<Target>([requested(id(1), SCALE), started(id(1)), stage_done(id(1), Stage::Scale)])
        .when(ask(id(2), Intent::RestartWorkload, Some(seen(1))))
        .then([
            requested_behind(id(2), Intent::RestartWorkload, "ScaleWorkload"),
            cancelled(id(1), CancelledBy::Superseded(id(2))),
            started(id(2)),
        ]);
}

#[test]
fn a_queue_has_an_end() {
    let full: Vec<_> = (1..=QUEUE_LIMIT as u128).map(|n| requested(id(n), SCALE)).collect();
    let refusal = given::<Target>(full.clone()).when(ask(id(999), SCALE, Some(seen(1)))).refused();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
    given::<Target>(full[1..].to_vec())
        .when(ask(id(999), SCALE, Some(seen(1))))
        .then([requested_behind(id(999), SCALE, "ScaleWorkload"), started(id(2))]);
}

#[test]
fn a_create_waits_until_the_delete_before_it_is_confirmed() {
    let create = Intent::CreateWorkload { manifest: json!({}).into() };
    let history = [requested(id(1), Intent::DeleteWorkload), started(id(1)), stage_done(id(1), Stage::Delete)];
    given::<Target>(history).when(ask(id(2), create.clone(), Some(seen(1)))).then([requested_behind(
        id(2),
        create,
        "DeleteWorkload",
    )]);
}

#[test]
fn the_same_request_again_is_silence() {
    given::<Target>([requested(id(1), SCALE), started(id(1))]).when(ask(id(1), SCALE, Some(seen(1)))).silence();
}

#[test]
fn a_stale_version_is_a_conflict_that_names_the_current_one() {
    let command = TargetCommand::Request {
        operation: id(2),
        kind: Resource::DEPLOYMENT,
        intent: SCALE,
        expected_version: Some("0.4.u".to_owned()),
        seen: Some(seen(1)),
        deadline: deadline(),
    };
    let refusal = given::<Target>([requested(id(1), SCALE), started(id(1))]).when(command).refused();
    assert_eq!((refusal.code, refusal.current_version.as_deref()), (ErrorCode::Conflict, Some("1.4.u")));
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let create = Intent::CreateWorkload { manifest: json!({}).into() };
    let negative = Intent::ScaleWorkload { replicas: -1 };
    let cases = [
        (ask(id(9), SCALE, None), ErrorCode::NotFound),
        (ask(id(9), create, Some(seen(1))), ErrorCode::AlreadyExists),
        (ask(id(9), negative, Some(seen(1))), ErrorCode::Invalid),
        (ask(id(9), Intent::ScaleWorkload { replicas: MAX_REPLICAS + 1 }, Some(seen(1))), ErrorCode::Invalid),
        (ask(id(9), Intent::StopWorkload, Some(seen(0))), ErrorCode::Invalid),
        (ask(id(9), Intent::StartWorkload, Some(seen(0))), ErrorCode::Invalid),
        (ask(id(9), Intent::StartWorkload, Some(seen(2))), ErrorCode::Invalid),
        (TargetCommand::Cancel { operation: id(9), deadline: deadline() }, ErrorCode::NotFound),
    ];
    for (command, code) in cases {
        let words = format!("{command:?}");
        assert_eq!(given::<Target>([]).when(command).refused().code, code, "{words}");
    }
}

#[test]
fn a_kind_accepts_only_its_capabilities() {
    let cases = [
        (Resource::DAEMON_SET, SCALE),
        (Resource::CRON_JOB, SCALE),
        (Resource::JOB, Intent::RestartWorkload),
        (Resource::DAEMON_SET, Intent::StopWorkload),
    ];
    let daemons = examples::workload(Details::DaemonSet(examples::daemon_set([1; 5])));
    let job = examples::job(Default::default());
    let cron_job = examples::cron_job(Default::default());
    for (kind, intent) in cases {
        let workload = match kind.kind() {
            "DaemonSet" => daemons.clone(),
            "Job" => job.clone(),
            _ => cron_job.clone(),
        };
        let command = |seen| TargetCommand::Request {
            operation: id(1),
            kind: kind.clone(),
            intent: intent.clone(),
            expected_version: None,
            seen,
            deadline: deadline(),
        };
        let refused = given::<Target>([]).when(command(Some(seen_as(workload)))).refused();
        assert_eq!((refused.code, refused.reason.is_some()), (ErrorCode::NotSupported, true), "{kind}");
        let create = Intent::CreateWorkload { manifest: json!({}).into() };
        let unobserved = given::<Target>([requested(id(7), create), started(id(7))]).when(command(None)).refused();
        assert_eq!(unobserved.code, ErrorCode::NotSupported, "{kind} before it is observed");
    }
}

#[test]
fn a_cancel_wins_while_queued_and_while_only_waiting() {
    let queued = [requested(id(1), SCALE), started(id(1)), requested(id(2), SCALE)];
    let cancel = |operation| TargetCommand::Cancel { operation, deadline: deadline() };
    given::<Target>(queued).when(cancel(id(2))).then([cancelled(id(2), CancelledBy::User)]);
    let waiting = [requested(id(1), SCALE), started(id(1)), stage_done(id(1), Stage::Scale)];
    given::<Target>(waiting).when(cancel(id(1))).then([cancelled(id(1), CancelledBy::User)]);
}

#[test]
fn a_cancel_of_a_call_under_way_lets_the_outcome_decide() {
    let history = vec![requested(id(1), SCALE), started(id(1))];
    let cancel = TargetCommand::Cancel { operation: id(1), deadline: deadline() };
    let asked = OperationEvent::OperationCancelRequested { operation: id(1) };
    given::<Target>(history.clone()).when(cancel.clone()).then([asked.clone()]);
    let after = [history, vec![asked]].concat();
    given::<Target>(after.clone()).when(cancel).silence();
    given::<Target>(after)
        .when(report(id(1), Stage::Scale, done()))
        .then([stage_done(id(1), Stage::Scale), cancelled(id(1), CancelledBy::User)]);
}

#[test]
fn the_end_of_one_is_the_start_of_the_next() {
    let failure = failure(ErrorCode::Forbidden);
    given::<Target>([requested(id(1), SCALE), started(id(1)), requested(id(2), SCALE)])
        .when(report(id(1), Stage::Scale, Outcome::Failed(failure.clone())))
        .then([OperationEvent::OperationFailed { operation: id(1), stage: Stage::Scale, failure }, started(id(2))]);
}

#[test]
fn a_late_or_repeated_report_is_silence() {
    let history = [requested(id(1), SCALE), started(id(1)), stage_done(id(1), Stage::Scale)];
    given::<Target>(history.clone()).when(report(id(1), Stage::Scale, done())).silence();
    given::<Target>(history).when(report(id(7), Stage::Scale, done())).silence();
}

#[test]
fn an_unknown_outcome_is_a_state_until_a_look_resolves_it() {
    let history = vec![requested(id(1), SCALE), started(id(1))];
    let lost = || Outcome::Unknown { message: words() };
    let unknown = OperationEvent::OperationOutcomeUnknown { operation: id(1), stage: Stage::Scale, message: words() };
    given::<Target>(history.clone()).when(report(id(1), Stage::Scale, lost())).then([unknown.clone()]);
    let after = [history, vec![unknown]].concat();
    assert_eq!(Target::fold(&after).queue[0].state, OperationState::Unknown);
    given::<Target>(after.clone()).when(report(id(1), Stage::Scale, lost())).silence();
    given::<Target>(after).when(report(id(1), Stage::Scale, done())).then([
        OperationEvent::OperationResolved {
            operation: id(1),
            stage: Stage::Scale,
            message: Code::EffectFound.message([]),
        },
        stage_done(id(1), Stage::Scale),
    ]);
}

#[test]
fn a_cancel_before_any_effect_ends_it_and_the_next_one_starts() {
    let asked = OperationEvent::OperationCancelRequested { operation: id(1) };
    given::<Target>([requested(id(1), SCALE), started(id(1)), requested(id(2), SCALE), asked])
        .when(report(id(1), Stage::Scale, Outcome::Cancelled))
        .then([cancelled(id(1), CancelledBy::User), started(id(2))]);
}

#[test]
fn only_what_failed_or_was_cancelled_is_retried() {
    let retry = |of| TargetCommand::Retry {
        operation: id(9),
        kind: Resource::DEPLOYMENT,
        of,
        seen: Some(seen(1)),
        deadline: deadline(),
    };
    let history = vec![requested(id(1), SCALE), started(id(1)), cancelled(id(1), CancelledBy::User)];
    let again = OperationEvent::OperationRequested {
        operation: id(9),
        intent: SCALE,
        uid: Some("u-1".to_owned()),
        retry_of: Some(id(1)),
        behind: None,
    };
    given::<Target>(history).when(retry(id(1))).then([again, started(id(9))]);
    let running = [requested(id(1), SCALE), started(id(1))];
    assert_eq!(given::<Target>(running).when(retry(id(1))).refused().code, ErrorCode::Invalid);
    let superseded = [requested(id(1), SCALE), started(id(1)), cancelled(id(1), CancelledBy::Superseded(id(2)))];
    let refused = given::<Target>(superseded).when(retry(id(1))).refused();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert_eq!(refused.reason.as_ref().and_then(|reason| reason.text("newer")), Some(id(2).to_string().as_str()));
}

#[test]
fn a_plan_has_a_step_for_each_stage() {
    for (intent, kind) in Intent::iter().flat_map(|intent| Resource::WORKLOADS.map(|kind| (intent.clone(), kind))) {
        let context =
            Context { operation: id(1), kind: &kind, uid: None, remembered: None, retry_of: None, written: None };
        let stages: Vec<Stage> = intent.plan(&context).into_iter().map(|step| step.stage).collect();
        assert_eq!(stages, intent.stages(), "{intent:?} of a {kind}");
    }
}

#[test]
fn a_stage_has_one_name_and_is_found_by_it() {
    for stage in Stage::iter() {
        assert_eq!(serde_json::to_value(stage).ok(), Some(json!(stage.as_str())));
        assert_eq!(Stage::named(stage.as_str()), Some(stage));
    }
    assert_eq!(Stage::named("of-later"), None);
}

#[test]
fn what_the_call_wrote_is_what_the_wait_looks_for() {
    let written =
        Written { uid: "u-1".to_owned(), generation: 5, at: deadline(), replicas: None, fields: Some("f".to_owned()) };
    let done = OperationEvent::OperationStageSucceeded {
        operation: id(1),
        stage: Stage::Scale,
        message: None,
        remembered: None,
        written: Some(written),
    };
    let history = [requested(id(1), SCALE), started(id(1)), done.clone()];
    let Reaction::Perform(effect) = react(&object(), &Target::fold(&history), &done) else { panic!("no effect") };
    let Call::Await(Requested { uid, generation, replicas, fields, .. }) = effect.action else { panic!("no wait") };
    assert_eq!((uid.as_deref(), generation, replicas, fields.as_deref()), (Some("u-1"), 5, Some(5), Some("f")));
}

#[test]
fn an_overtaken_operation_has_ended_and_the_next_one_starts() {
    let overtaken = Overtaken { manager: Some("kubectl".to_owned()), at: None, change: Code::SpecChanged.message([]) };
    let history = [requested(id(1), Intent::DeleteWorkload), started(id(1)), stage_done(id(1), Stage::Delete)];
    let create = requested_behind(id(2), Intent::CreateWorkload { manifest: json!({}).into() }, "DeleteWorkload");
    let ended = OperationEvent::OperationOvertaken {
        operation: id(1),
        stage: Stage::WaitUntilGone,
        overtaken: overtaken.clone(),
    };
    given::<Target>([history.to_vec(), vec![create]].concat())
        .when(report(id(1), Stage::WaitUntilGone, Outcome::Overtaken(overtaken)))
        .then([ended.clone(), started(id(2))]);
    let retry = TargetCommand::Retry {
        operation: id(3),
        kind: Resource::DEPLOYMENT,
        of: id(1),
        seen: Some(seen(1)),
        deadline: deadline(),
    };
    let retried = Target::decide(&Target::fold(&[history.to_vec(), vec![ended]].concat()), retry);
    assert!(retried.is_ok(), "{retried:?}");
}

#[test]
fn what_a_queued_operation_will_change_is_no_reason_to_refuse() {
    let stop = [requested(id(1), Intent::StopWorkload), started(id(1))];
    let behind = requested_behind(id(2), Intent::StartWorkload, "StopWorkload");
    given::<Target>(stop).when(ask(id(2), Intent::StartWorkload, Some(seen(2)))).then([behind]);
}

fn removed(operation: OperationId, call_is_out: bool) -> TargetCommand {
    report(operation, Stage::Scale, Outcome::ClusterRemoved { call_is_out })
}

#[test]
fn an_operation_ends_with_its_cluster_as_unknown_if_a_call_is_out() {
    let by = CancelledBy::ClusterRemoved;
    let abandoned = OperationEvent::OperationAbandoned { operation: id(1), stage: Stage::Scale };
    let running = || vec![requested(id(1), SCALE), started(id(1)), requested(id(2), SCALE)];
    given::<Target>(running()).when(removed(id(1), false)).then([cancelled(id(1), by.clone()), started(id(2))]);
    given::<Target>(running()).when(removed(id(1), true)).then([abandoned.clone(), started(id(2))]);
    let message = words();
    let unknown = OperationEvent::OperationOutcomeUnknown { operation: id(1), stage: Stage::Scale, message };
    let unknown = running().into_iter().chain([unknown]).collect::<Vec<_>>();
    given::<Target>(unknown).when(removed(id(1), false)).then([abandoned.clone(), started(id(2))]);
    let ended = given::<Target>(running().into_iter().chain([abandoned.clone()]).collect::<Vec<_>>());
    ended.when(removed(id(1), true)).silence();
    assert_eq!(
        ended.when(TargetCommand::Cancel { operation: id(1), deadline: deadline() }).refused().code,
        ErrorCode::Invalid,
        "it has ended"
    );
    assert!(abandoned.is_terminal());
}
