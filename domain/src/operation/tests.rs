use super::{decide::*, plan::Context, queue::*};
use crate::{
    core::{
        decider::Decider,
        given::given,
        ids::{ClusterId, OperationId},
        refusal::ErrorCode,
    },
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::{
        CancelledBy, Failure, Intent, OperationEvent, OperationState, Remembered, Stage, effect::Reaction, react::react,
    },
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

fn id(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

fn deadline() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn seen(replicas: i32) -> Seen {
    Seen { uid: "u-1".to_owned(), generation: 4, replicas: Some(replicas), suspend: None, deleting: false }
}

fn ask(operation: OperationId, intent: Intent, seen: Option<Seen>) -> TargetCommand {
    let (kind, deadline) = (Resource::DEPLOYMENT, deadline());
    TargetCommand::Request { operation, kind, intent, expected_version: None, seen, deadline }
}

fn requested(operation: OperationId, intent: Intent) -> OperationEvent {
    OperationEvent::OperationRequested { operation, intent, uid: Some("u-1".to_owned()), retry_of: None }
}

fn started(operation: OperationId) -> OperationEvent {
    OperationEvent::OperationStarted { operation, deadline: deadline() }
}

fn stage_done(operation: OperationId, stage: Stage) -> OperationEvent {
    OperationEvent::OperationStageSucceeded { operation, stage, message: None, remembered: None }
}

fn done() -> Outcome {
    Outcome::Done { message: None, remembered: None }
}

fn report(operation: OperationId, stage: Stage, outcome: Outcome) -> TargetCommand {
    TargetCommand::Report { operation, stage, outcome, deadline: deadline() }
}

fn cancelled(operation: OperationId, by: CancelledBy) -> OperationEvent {
    OperationEvent::OperationCancelled { operation, by }
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
        .then([requested(id(2), Intent::RestartWorkload)]);
}

#[test]
fn an_operation_that_only_waits_is_superseded() {
    given::<Target>([requested(id(1), SCALE), started(id(1)), stage_done(id(1), Stage::Scale)])
        .when(ask(id(2), Intent::RestartWorkload, Some(seen(1))))
        .then([
            requested(id(2), Intent::RestartWorkload),
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
        .then([requested(id(999), SCALE), started(id(2))]);
}

#[test]
fn a_create_waits_until_the_delete_before_it_is_confirmed() {
    let create = Intent::CreateWorkload { manifest: json!({}) };
    let history = [requested(id(1), Intent::DeleteWorkload), started(id(1)), stage_done(id(1), Stage::Delete)];
    given::<Target>(history).when(ask(id(2), create.clone(), Some(seen(1)))).then([requested(id(2), create)]);
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
    let create = Intent::CreateWorkload { manifest: json!({}) };
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
fn a_manifest_for_more_pods_than_a_cluster_bears_is_refused_also_when_it_is_retried() {
    let cases = [
        (json!({"spec": {"replicas": 99_999_999_999_i64}}), "manifest.spec.replicas"),
        (json!({"spec": {"parallelism": "many"}}), "manifest.spec.parallelism"),
        (json!({"spec": {"jobTemplate": {"spec": {"parallelism": -1}}}}), "manifest.spec.jobTemplate.spec.parallelism"),
    ];
    for (manifest, field) in cases {
        let create = Intent::CreateWorkload { manifest };
        let cancelled = OperationEvent::OperationCancelled { operation: id(1), by: CancelledBy::User };
        let history = [requested(id(1), create.clone()), started(id(1)), cancelled];
        let retry =
            TargetCommand::Retry { operation: id(2), kind: Resource::JOB, of: id(1), seen: None, deadline: deadline() };
        for command in [ask(id(2), create, None), retry] {
            let refusal = given::<Target>(history.clone()).when(command).refused();
            assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Invalid, Some(field)));
        }
    }
    let most = Intent::CreateWorkload { manifest: json!({"spec": {"replicas": MAX_REPLICAS}}) };
    let asked =
        OperationEvent::OperationRequested { operation: id(1), intent: most.clone(), uid: None, retry_of: None };
    given::<Target>([]).when(ask(id(1), most, None)).then([asked, started(id(1))]);
}

#[test]
fn a_kind_is_asked_only_for_what_it_can_do() {
    let cases = [
        (Resource::DAEMON_SET, SCALE),
        (Resource::CRON_JOB, SCALE),
        (Resource::JOB, Intent::RestartWorkload),
        (Resource::DAEMON_SET, Intent::StopWorkload),
    ];
    for (kind, intent) in cases {
        let command = TargetCommand::Request {
            operation: id(1),
            kind: kind.clone(),
            intent,
            expected_version: None,
            seen: Some(seen(1)),
            deadline: deadline(),
        };
        assert_eq!(given::<Target>([]).when(command).refused().code, ErrorCode::NotSupported, "{kind}");
    }
}

#[test]
fn a_start_brings_back_what_the_stop_remembered() {
    let remembered = Some(Remembered { replicas: Some(3), suspend: None });
    let history = [
        requested(id(1), Intent::StopWorkload),
        started(id(1)),
        OperationEvent::OperationStageSucceeded { operation: id(1), stage: Stage::Remember, message: None, remembered },
        stage_done(id(1), Stage::Stop),
        stage_done(id(1), Stage::WaitUntilStopped),
        OperationEvent::OperationSucceeded { operation: id(1) },
        requested(id(2), Intent::StartWorkload),
        started(id(2)),
    ];
    let object = ObjectRef {
        cluster: ClusterId::from_name("dev"),
        kind: Resource::DEPLOYMENT,
        namespace: None,
        name: "w".into(),
    };
    let reaction = react(&object, &Target::fold(&history), &started(id(2)));
    let Reaction::Perform(effect) = reaction else { panic!("no effect: {reaction:?}") };
    assert_eq!(effect.action, crate::operation::plan::Call::Patch { spec: json!({"replicas": 3}) });
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
    let failure = Failure { code: ErrorCode::Forbidden, message: "no".into() };
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
    let lost = || Outcome::Unknown { message: "time-out".to_owned() };
    let unknown = OperationEvent::OperationOutcomeUnknown {
        operation: id(1),
        stage: Stage::Scale,
        message: "time-out".to_owned(),
    };
    given::<Target>(history.clone()).when(report(id(1), Stage::Scale, lost())).then([unknown.clone()]);
    let after = [history, vec![unknown]].concat();
    assert_eq!(Target::fold(&after).queue[0].state, OperationState::Unknown);
    given::<Target>(after.clone()).when(report(id(1), Stage::Scale, lost())).silence();
    given::<Target>(after).when(report(id(1), Stage::Scale, done())).then([
        OperationEvent::OperationResolved {
            operation: id(1),
            stage: Stage::Scale,
            message: "the effect is there".to_owned(),
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
fn a_start_with_nothing_remembered_fails_and_does_not_guess() {
    let history = [requested(id(1), Intent::StartWorkload), started(id(1))];
    let object = ObjectRef {
        cluster: ClusterId::from_name("dev"),
        kind: Resource::DEPLOYMENT,
        namespace: None,
        name: "w".into(),
    };
    let Reaction::Perform(effect) = react(&object, &Target::fold(&history), &started(id(1))) else {
        panic!("no effect")
    };
    assert!(matches!(effect.action, crate::operation::plan::Call::Impossible { .. }), "{:?}", effect.action);
}

#[test]
fn what_was_never_seen_is_not_deleted() {
    let create = Intent::CreateWorkload { manifest: json!({}) };
    let refusal = given::<Target>([requested(id(1), create), started(id(1))])
        .when(ask(id(2), Intent::DeleteWorkload, None))
        .refused();
    assert_eq!(refusal.code, ErrorCode::Invalid);
}

#[test]
fn a_create_that_was_cancelled_is_asked_again_although_its_object_is_there() {
    let create = Intent::CreateWorkload { manifest: json!({}) };
    let history = [requested(id(1), create.clone()), started(id(1)), cancelled(id(1), CancelledBy::User)];
    let (kind, seen, deadline) = (Resource::DEPLOYMENT, Some(seen(1)), deadline());
    let retry = TargetCommand::Retry { operation: id(2), kind, of: id(1), seen, deadline };
    let again = OperationEvent::OperationRequested {
        operation: id(2),
        intent: create,
        uid: Some("u-1".to_owned()),
        retry_of: Some(id(1)),
    };
    given::<Target>(history).when(retry).then([again, started(id(2))]);
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
    };
    given::<Target>(history).when(retry(id(1))).then([again, started(id(9))]);
    let running = [requested(id(1), SCALE), started(id(1))];
    assert_eq!(given::<Target>(running).when(retry(id(1))).refused().code, ErrorCode::Invalid);
}

/// A step of a random history: which operation, and what is done about it.
fn step() -> impl Strategy<Value = (u128, u8)> {
    (1..6_u128, 0..12_u8)
}

fn command(state: &Target, operation: OperationId, choice: u8) -> TargetCommand {
    let stage = state.find(operation).and_then(crate::operation::Operation::current_stage).unwrap_or(Stage::Scale);
    match choice {
        0 => ask(operation, SCALE, Some(seen(2))),
        1 => ask(operation, Intent::DeleteWorkload, Some(seen(2))),
        2 => ask(operation, Intent::CreateWorkload { manifest: json!({}) }, None),
        3 => ask(operation, Intent::StopWorkload, Some(seen(2))),
        4 => ask(operation, Intent::StartWorkload, Some(seen(0))),
        5 => TargetCommand::Cancel { operation, deadline: deadline() },
        6 => report(operation, stage, Outcome::Unknown { message: "?".into() }),
        7 => report(operation, stage, Outcome::Progress { percent: 50, message: "half".into() }),
        8 => {
            let failure = Failure { code: ErrorCode::TimedOut, message: "x".into() };
            report(operation, stage, Outcome::Failed(failure))
        }
        9 => TargetCommand::Retry {
            operation: OperationId(Uuid::from_u128(operation.0.as_u128() + 100)),
            kind: Resource::DEPLOYMENT,
            of: operation,
            seen: Some(seen(2)),
            deadline: deadline(),
        },
        _ => report(operation, stage, done()),
    }
}

proptest! {
    #[test]
    fn every_history_keeps_the_invariants(steps in prop::collection::vec(step(), 0..80)) {
        let mut state = Target::default();
        let mut ends: HashMap<OperationId, u32> = HashMap::new();
        for (n, choice) in steps {
            let command = command(&state, id(n), choice);
            let Ok(events) = Target::decide(&state, command.clone()) else { continue };
            for event in &events {
                Target::evolve(&mut state, event);
                if event.is_terminal() {
                    *ends.entry(event.operation()).or_default() += 1;
                }
            }
            // One operation at a time, and only the first one.
            prop_assert!(state.queue.iter().skip(1).all(|later| later.state == OperationState::Queued));
            // Whatever can start has started.
            prop_assert!(state.queue.front().is_none_or(|first| first.state != OperationState::Queued));
            // The same command again is silence or a refusal, unless it is a new report of a new stage.
            if !matches!(command, TargetCommand::Report { .. }) {
                prop_assert!(Target::decide(&state, command).unwrap_or_default().is_empty());
            }
        }
        prop_assert!(ends.values().all(|count| *count == 1));
        prop_assert!(state.ended.iter().all(|ended| ended.state.has_ended()));
    }

    #[test]
    fn evolve_never_panics_on_any_order(order in prop::collection::vec((1..4_u128, 0..8_usize), 0..60)) {
        let mut state = Target::default();
        for (n, choice) in order {
            let operation = id(n);
            let failure = Failure { code: ErrorCode::TimedOut, message: "x".into() };
            let event = match choice {
                0 => requested(operation, SCALE),
                1 => started(operation),
                2 => stage_done(operation, Stage::Scale),
                3 => OperationEvent::OperationSucceeded { operation },
                4 => OperationEvent::OperationFailed { operation, stage: Stage::Scale, failure },
                5 => cancelled(operation, CancelledBy::User),
                6 => OperationEvent::OperationOutcomeUnknown { operation, stage: Stage::Scale, message: String::new() },
                _ => OperationEvent::OperationResolved { operation, stage: Stage::Scale, message: String::new() },
            };
            Target::evolve(&mut state, &event);
        }
    }
}

#[test]
fn a_plan_has_a_step_for_each_stage() {
    let intents = [
        Intent::CreateWorkload { manifest: json!({}) },
        SCALE,
        Intent::RestartWorkload,
        Intent::StopWorkload,
        Intent::StartWorkload,
        Intent::DeleteWorkload,
    ];
    for (intent, kind) in intents.iter().flat_map(|intent| Resource::WORKLOADS.map(|kind| (intent, kind))) {
        let context = Context { operation: id(1), kind: &kind, uid: None, remembered: None, retry_of: None };
        let stages: Vec<Stage> = intent.plan(&context).into_iter().map(|step| step.stage).collect();
        assert_eq!(stages, intent.stages(), "{intent:?} of a {kind}");
    }
}
