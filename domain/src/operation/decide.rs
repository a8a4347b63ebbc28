//! The rules of an object's operations: one function for each command.

use crate::{
    access::Action,
    core::{
        decider::Decider,
        ids::OperationId,
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        action::Surroundings, cause::Cause, object::ObjectRef, observed::Seen, resource::Resource, wait::Overtaken,
    },
    operation::{
        event::{CancelledBy, Failure, OperationEvent, OperationState},
        plan::Stage,
        queue::{Operation, Progress, Target},
        retry,
        trace::{Remembered, Written},
        verbs::{Intent, Request},
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

/// The outcome of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not done yet, `percent` of the stage is.
    Progress {
        percent: u8,
        message: Message,
        /// What is in the way, where that is known.
        cause: Option<Cause>,
    },
    Done(Done),
    Failed(Failure),
    /// Somebody else changed what was requested.
    Overtaken(Overtaken),
    /// The call may have had its effect. The object must be read.
    Unknown {
        message: Message,
    },
    /// Cancelled before it had any effect.
    Cancelled,
    /// The cluster was removed: with a call whose outcome nobody knows, or without one.
    ClusterRemoved {
        call_is_out: bool,
    },
}

/// What a stage that is done leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub message: Option<Message>,
    pub remembered: Option<Remembered>,
    pub written: Option<Written>,
}

impl From<Message> for Done {
    fn from(message: Message) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
}

impl Decider for Target {
    const CATEGORY: &'static str = "target";
    type Id = ObjectRef;
    type State = Self;
    type Command = TargetCommand;
    type Event = OperationEvent;
    type Refusal = Refusal;

    fn key(id: &ObjectRef) -> String {
        id.path()
    }

    fn action(command: &TargetCommand) -> Action {
        match command {
            TargetCommand::Request { .. } | TargetCommand::Retry { .. } => Action::Operate,
            TargetCommand::Cancel { .. } => Action::Cancel,
            TargetCommand::Report { .. } => Action::Report,
        }
    }

    fn decide(state: &Self, command: TargetCommand) -> Result<Vec<OperationEvent>, Refusal> {
        decide(state, command)
    }

    fn evolve(state: &mut Self, event: &OperationEvent) {
        state.apply(event);
    }
}

fn decide(target: &Target, command: TargetCommand) -> Result<Vec<OperationEvent>, Refusal> {
    match command {
        TargetCommand::Request { operation, kind, intent, expected_version, seen, deadline } => {
            if let Some(known) = target.find(operation) {
                return repeated(known.intent == intent);
            }
            may_expect(target, expected_version.as_deref(), seen.as_ref())?;
            request(target, OperationRequest { operation, kind, intent, retry_of: None }, seen.as_ref(), deadline)
        }
        TargetCommand::Cancel { operation, deadline } => cancel(target, operation, deadline),
        TargetCommand::Retry { operation, kind, of, seen, deadline } => {
            if let Some(known) = target.find(operation) {
                return repeated(known.retry_of == Some(of));
            }
            let intent = may_retry(target, of)?.intent.clone();
            request(target, OperationRequest { operation, kind, intent, retry_of: Some(of) }, seen.as_ref(), deadline)
        }
        TargetCommand::Report { operation, stage, outcome, deadline } => {
            Ok(report(target, operation, stage, outcome, deadline))
        }
    }
}

/// A command whose operation is there already: a repetition, or another command under the same idempotency key, which was
/// used so long ago that the key itself is no longer kept.
fn repeated(is_same: bool) -> Result<Vec<OperationEvent>, Refusal> {
    if is_same {
        return Ok(Vec::new());
    }
    Err(Refusal::because(ErrorCode::Conflict, "idempotencyKey", Code::KeyUsed.message([])))
}

struct OperationRequest {
    operation: OperationId,
    kind: Resource,
    intent: Intent,
    retry_of: Option<OperationId>,
}

fn request(
    target: &Target,
    request: OperationRequest,
    seen: Option<&Seen>,
    deadline: DateTime<Utc>,
) -> Result<Vec<OperationEvent>, Refusal> {
    may_wait(target)?;
    may_do(target, &request, seen)?;
    let mut events = vec![OperationEvent::OperationRequested {
        operation: request.operation,
        uid: seen.filter(|seen| !seen.is_being_deleted()).map(|seen| seen.uid.clone()),
        intent: request.intent,
        retry_of: request.retry_of,
        behind: target.queue.back().map(|last| last.intent.verb().to_owned()),
    }];
    start_next(target, &mut events, deadline);
    Ok(events)
}

fn may_expect(target: &Target, expected: Option<&str>, seen: Option<&Seen>) -> Result<(), Refusal> {
    let current = target.version(seen);
    match expected {
        Some(expected) if expected != current && !target.is_content(expected, seen) => {
            let changed =
                Code::ChangedSince.message([("expected", expected.into()), ("current", current.clone().into())]);
            let refusal = Refusal::because(ErrorCode::Conflict, "expectedVersion", changed);
            Err(Refusal { current_version: Some(current), ..refusal })
        }
        _ => Ok(()),
    }
}

fn may_wait(target: &Target) -> Result<(), Refusal> {
    if target.queue.len() < QUEUE_LIMIT {
        return Ok(());
    }
    Err(Refusal::because(ErrorCode::Unavailable, "id", Code::QueueFull.message([("limit", QUEUE_LIMIT.into())])))
}

/// Whether the object will exist after all queued operations.
fn will_exist(target: &Target, seen: Option<&Seen>) -> bool {
    let requested = target.queue.iter().rev().find_map(|operation| operation.intent.definition().leaves);
    requested.unwrap_or_else(|| seen.is_some_and(|seen| !seen.is_being_deleted()))
}

fn may_do(target: &Target, request: &OperationRequest, seen: Option<&Seen>) -> Result<(), Refusal> {
    let OperationRequest { kind, intent, retry_of, .. } = request;
    let stops = |operation: &Operation| operation.intent == Intent::StopWorkload;
    let remembers_replicas = target.remembered.is_some() || target.queue.iter().any(stops);
    let surroundings = Surroundings { remembers_replicas, autoscaler: seen.and_then(Seen::autoscaled) };
    let (is_retry, is_queued, exists) = (retry_of.is_some(), !target.queue.is_empty(), will_exist(target, seen));
    (intent.definition().rule)(&Request { kind, intent, seen, surroundings, is_retry, is_queued, exists })
}

fn may_retry(target: &Target, of: OperationId) -> Result<&Operation, Refusal> {
    let operation = target.find(of).ok_or_else(retry::too_long_ago)?;
    if !retry::keeps_values(operation.intent.verb()) {
        return Err(retry::without_values());
    }
    let is_forgotten = operation.intent.is_forgotten();
    retry::may_retry(operation.state, operation.failure.as_ref(), is_forgotten, operation.superseded_by)?;
    Ok(operation)
}

fn cancel(target: &Target, id: OperationId, deadline: DateTime<Utc>) -> Result<Vec<OperationEvent>, Refusal> {
    let missing = || Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchOperation.message([]));
    let operation = target.find(id).ok_or_else(missing)?;
    match operation.state {
        OperationState::Cancelled => Ok(Vec::new()),
        _ if target.has_ended(id) => Err(Refusal::because(ErrorCode::Invalid, "id", Code::EndedAlready.message([]))),
        OperationState::Succeeded | OperationState::Failed | OperationState::Overtaken => {
            Err(Refusal::because(ErrorCode::Invalid, "id", Code::EndedAlready.message([])))
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
    let is_resolved =
        !matches!(outcome, Outcome::Unknown { .. } | Outcome::Progress { .. } | Outcome::ClusterRemoved { .. });
    if unknown && is_resolved {
        let message = match &outcome {
            Outcome::Failed(failure) => failure.message.clone(),
            Outcome::Cancelled | Outcome::Overtaken(_) => Code::NoEffect.message([]),
            Outcome::Done(_) | Outcome::Progress { .. } | Outcome::Unknown { .. } | Outcome::ClusterRemoved { .. } => {
                Code::EffectFound.message([])
            }
        };
        events.push(OperationEvent::OperationResolved { operation: id, stage, message });
    }
    match outcome {
        Outcome::Progress { percent, message, cause } => {
            let percent = percent.min(100);
            let progress = Progress::new(percent, &message, cause.as_ref());
            if operation.progress.as_ref() != Some(&progress) {
                events.push(OperationEvent::OperationProgressed { operation: id, stage, percent, message, cause });
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
        Outcome::ClusterRemoved { call_is_out } => {
            let by = CancelledBy::ClusterRemoved;
            events.push(match call_is_out || unknown {
                true => OperationEvent::OperationAbandoned { operation: id, stage },
                false => OperationEvent::OperationCancelled { operation: id, by },
            });
        }
        Outcome::Overtaken(overtaken) => {
            events.push(OperationEvent::OperationOvertaken { operation: id, stage, overtaken });
        }
        Outcome::Done(Done { message, remembered, written }) => {
            events.push(OperationEvent::OperationStageSucceeded { operation: id, stage, message, remembered, written });
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
    matches!(first.intent, Intent::DeleteWorkload | Intent::DeleteObject { .. })
        && matches!(next.intent, Intent::CreateWorkload { .. } | Intent::ApplyManifests { .. })
}
