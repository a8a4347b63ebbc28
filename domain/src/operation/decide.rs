//! The rules of an object's operations: one function for each command.

use crate::operation::queue::Target;
use crate::{
    core::{
        decider::Decider,
        ids::OperationId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::resource::Resource,
    operation::{
        event::{CancelledBy, Failure, OperationEvent, OperationState, Remembered},
        intent::Intent,
        plan::Stage,
        queue::Operation,
        verbs::Request,
    },
};
use chrono::{DateTime, Utc};

/// The maximum number of unfinished operations on one object.
pub const QUEUE_LIMIT: usize = 200;

/// A command about one object. It carries ids and times, because the rules are pure.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetCommand {
    /// Request a new operation.
    Request {
        operation: OperationId,
        kind: Resource,
        intent: Intent,
        /// The version that the user saw, as text. None accepts any version.
        expected_version: Option<String>,
        seen: Option<Seen>,
        deadline: DateTime<Utc>,
    },
    /// Cancel an operation.
    Cancel { operation: OperationId, deadline: DateTime<Utc> },
    /// Retry a failed or cancelled operation as the new operation `operation`.
    Retry { operation: OperationId, kind: Resource, of: OperationId, seen: Option<Seen>, deadline: DateTime<Utc> },
    /// Report the outcome of the current stage. `deadline` is for the operation that may start now.
    Report { operation: OperationId, stage: Stage, outcome: Outcome, deadline: DateTime<Utc> },
}

/// The last observation of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub uid: String,
    pub generation: i64,
    /// `spec.replicas`, if the kind has it.
    pub replicas: Option<i32>,
    /// `spec.suspend`, if the kind has it.
    pub suspend: Option<bool>,
    /// Whether its deletion has started.
    pub deleting: bool,
}

/// The outcome of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not done yet, `percent` of the stage is.
    Progress {
        percent: u8,
        message: String,
    },
    Done {
        message: Option<String>,
        remembered: Option<Remembered>,
    },
    Failed(Failure),
    /// The call may have had its effect. The object must be read.
    Unknown {
        message: String,
    },
    /// Cancelled before it had any effect.
    Cancelled,
}

pub(super) fn decide(target: &Target, command: TargetCommand) -> Result<Vec<OperationEvent>, Refusal> {
    match command {
        TargetCommand::Request { operation, kind, intent, expected_version, seen, deadline } => {
            if target.find(operation).is_some() {
                return Ok(Vec::new());
            }
            may_expect(target, expected_version.as_deref(), seen.as_ref())?;
            request(target, Asked { operation, kind, intent, retry_of: None }, seen.as_ref(), deadline)
        }
        TargetCommand::Cancel { operation, deadline } => cancel(target, operation, deadline),
        TargetCommand::Retry { operation, kind, of, seen, deadline } => {
            if target.find(operation).is_some() {
                return Ok(Vec::new());
            }
            let intent = may_retry(target, of)?.intent.clone();
            request(target, Asked { operation, kind, intent, retry_of: Some(of) }, seen.as_ref(), deadline)
        }
        TargetCommand::Report { operation, stage, outcome, deadline } => {
            Ok(report(target, operation, stage, outcome, deadline))
        }
    }
}

struct Asked {
    operation: OperationId,
    kind: Resource,
    intent: Intent,
    retry_of: Option<OperationId>,
}

fn request(
    target: &Target,
    asked: Asked,
    seen: Option<&Seen>,
    deadline: DateTime<Utc>,
) -> Result<Vec<OperationEvent>, Refusal> {
    may_wait(target)?;
    may_do(target, &asked, seen)?;
    let mut events = vec![OperationEvent::OperationRequested {
        operation: asked.operation,
        uid: seen.filter(|seen| !seen.deleting).map(|seen| seen.uid.clone()),
        intent: asked.intent,
        retry_of: asked.retry_of,
    }];
    start_next(target, &mut events, deadline);
    Ok(events)
}

fn may_expect(target: &Target, expected: Option<&str>, seen: Option<&Seen>) -> Result<(), Refusal> {
    let current = target.version(seen).to_string();
    match expected {
        Some(expected) if expected != current => Err(Refusal {
            code: ErrorCode::Conflict,
            message: format!("it changed since version {expected}: look at version {current}, then ask again"),
            field: Some("expectedVersion".to_owned()),
            current_version: Some(current),
        }),
        _ => Ok(()),
    }
}

fn may_wait(target: &Target) -> Result<(), Refusal> {
    if target.queue.len() < QUEUE_LIMIT {
        return Ok(());
    }
    let message = format!("{QUEUE_LIMIT} operations on it have not ended: wait until some have, or cancel them");
    Err(Refusal::new(ErrorCode::Unavailable, "id", message))
}

/// Whether the object will exist after all queued operations.
fn will_exist(target: &Target, seen: Option<&Seen>) -> bool {
    let requested = target.queue.iter().rev().find_map(|operation| operation.intent.definition().leaves);
    requested.unwrap_or_else(|| seen.is_some_and(|seen| !seen.deleting))
}

fn may_do(target: &Target, asked: &Asked, seen: Option<&Seen>) -> Result<(), Refusal> {
    let Asked { kind, intent, retry_of, .. } = asked;
    let (is_retry, exists) = (retry_of.is_some(), will_exist(target, seen));
    (intent.definition().rule)(&Request { target, kind, intent, seen, is_retry, exists })
}

fn may_retry(target: &Target, of: OperationId) -> Result<&Operation, Refusal> {
    let operation = target.find(of).ok_or_else(|| {
        Refusal::new(ErrorCode::NotFound, "id", "that operation is too long ago to be retried: ask for it anew")
    })?;
    match operation.state {
        OperationState::Cancelled => Ok(operation),
        OperationState::Failed => match &operation.failure {
            Some(failure) if !failure.code.is_retryable() => {
                let message = format!("it failed as {}, and a retry would fail in the same way", failure.code);
                Err(Refusal::new(ErrorCode::Invalid, "id", message))
            }
            _ => Ok(operation),
        },
        OperationState::Succeeded => Err(Refusal::new(ErrorCode::Invalid, "id", "it succeeded: there is no retry")),
        OperationState::Queued | OperationState::Running | OperationState::Unknown => {
            Err(Refusal::new(ErrorCode::Invalid, "id", "it has not ended yet: cancel it first, or wait"))
        }
    }
}

fn cancel(target: &Target, id: OperationId, deadline: DateTime<Utc>) -> Result<Vec<OperationEvent>, Refusal> {
    let operation =
        target.find(id).ok_or_else(|| Refusal::new(ErrorCode::NotFound, "id", "there is no such operation"))?;
    match operation.state {
        OperationState::Cancelled => Ok(Vec::new()),
        OperationState::Succeeded | OperationState::Failed => {
            Err(Refusal::new(ErrorCode::Invalid, "id", "it has ended already"))
        }
        OperationState::Queued | OperationState::Running
            if operation.state == OperationState::Queued || operation.only_waits() =>
        {
            let mut events = vec![OperationEvent::OperationCancelled { operation: id, by: CancelledBy::User }];
            start_next(target, &mut events, deadline);
            Ok(events)
        }
        OperationState::Queued | OperationState::Running | OperationState::Unknown if operation.cancel_requested => {
            Ok(Vec::new())
        }
        OperationState::Queued | OperationState::Running | OperationState::Unknown => {
            Ok(vec![OperationEvent::OperationCancelRequested { operation: id }])
        }
    }
}

fn report(
    target: &Target,
    id: OperationId,
    stage: Stage,
    outcome: Outcome,
    deadline: DateTime<Utc>,
) -> Vec<OperationEvent> {
    let Some(operation) = target.running().filter(|running| running.id == id) else { return Vec::new() };
    if operation.current_stage() != Some(stage) {
        return Vec::new();
    }
    let mut events = Vec::new();
    let unknown = operation.state == OperationState::Unknown;
    if unknown && !matches!(outcome, Outcome::Unknown { .. } | Outcome::Progress { .. }) {
        let message = match &outcome {
            Outcome::Failed(failure) => failure.message.clone(),
            Outcome::Cancelled => "it had no effect".to_owned(),
            Outcome::Done { .. } | Outcome::Progress { .. } | Outcome::Unknown { .. } => {
                "the effect is there".to_owned()
            }
        };
        events.push(OperationEvent::OperationResolved { operation: id, stage, message });
    }
    match outcome {
        Outcome::Progress { percent, message } => {
            if operation.news.as_ref() != Some(&(percent, message.clone())) {
                events.push(OperationEvent::OperationProgressed {
                    operation: id,
                    stage,
                    percent: percent.min(100),
                    message,
                });
            }
        }
        Outcome::Unknown { message } => {
            if !unknown {
                events.push(OperationEvent::OperationOutcomeUnknown { operation: id, stage, message });
            }
        }
        Outcome::Failed(failure) => {
            events.push(OperationEvent::OperationFailed { operation: id, stage, failure });
        }
        Outcome::Cancelled => {
            events.push(OperationEvent::OperationCancelled { operation: id, by: CancelledBy::User });
        }
        Outcome::Done { message, remembered } => {
            events.push(OperationEvent::OperationStageSucceeded { operation: id, stage, message, remembered });
            let is_last = operation.stage + 1 >= operation.intent.stages().len();
            if is_last {
                events.push(OperationEvent::OperationSucceeded { operation: id });
            } else if operation.cancel_requested {
                events.push(OperationEvent::OperationCancelled { operation: id, by: CancelledBy::User });
            }
        }
    }
    start_next(target, &mut events, deadline);
    events
}

/// After `events`: cancels the first operation if it only waits and another one is queued, then starts the next one. A
/// create does not overtake a delete, because it needs the name to be free.
fn start_next(target: &Target, events: &mut Vec<OperationEvent>, deadline: DateTime<Utc>) {
    let mut after = target.clone();
    events.iter().for_each(|event| Target::evolve(&mut after, event));
    while let Some(first) = after.queue.front() {
        let event = match (first.state, after.queue.get(1)) {
            (OperationState::Queued, _) => OperationEvent::OperationStarted { operation: first.id, deadline },
            (OperationState::Running, Some(next)) if first.only_waits() && !waits_its_turn(first, next) => {
                OperationEvent::OperationCancelled { operation: first.id, by: CancelledBy::Superseded(next.id) }
            }
            _ => return,
        };
        Target::evolve(&mut after, &event);
        events.push(event);
    }
}

fn waits_its_turn(first: &Operation, next: &Operation) -> bool {
    first.intent == Intent::DeleteWorkload && matches!(next.intent, Intent::CreateWorkload { .. })
}
