//! One object as the target of operations: its queue, the running operation, and what was remembered. This module holds
//! the state, and [`decide`] holds the rules.

use crate::operation::decide;
pub use crate::operation::{
    decide::{Outcome, QUEUE_LIMIT, Seen, TargetCommand},
    verbs::MAX_REPLICAS,
};
use crate::{
    access::Action,
    core::{decider::Decider, ids::OperationId, refusal::Refusal, version::Version},
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::{
        event::{Failure, OperationEvent, OperationState, Remembered},
        intent::Intent,
        plan::{Call, Context, Stage},
    },
};
use chrono::{DateTime, Utc};
use std::collections::VecDeque;

/// How many ended operations a target keeps for retries.
pub const ENDED_KEPT: usize = 50;

/// The state of an operation: the fold of its events.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    pub id: OperationId,
    pub intent: Intent,
    pub uid: Option<String>,
    /// The operation that this one retries.
    pub retry_of: Option<OperationId>,
    pub state: OperationState,
    /// Index into `intent.stages()`, past the end when all stages are done.
    pub stage: usize,
    pub cancel_requested: bool,
    pub deadline: Option<DateTime<Utc>>,
    pub failure: Option<Failure>,
    /// The last progress of the current stage, to keep repetitions out of the log.
    pub news: Option<(u8, String)>,
}

impl Operation {
    /// The current stage. None if all stages are done.
    pub fn current_stage(&self) -> Option<Stage> {
        self.intent.stages().get(self.stage).copied()
    }

    /// Whether only waiting stages are left.
    pub fn only_waits(&self) -> bool {
        self.current_stage().is_none_or(Stage::waits)
    }

    /// The call of the current stage. `remembered` is the state of the object before it was stopped.
    pub fn action(&self, kind: &Resource, remembered: Option<&Remembered>) -> Option<Call> {
        let (operation, uid, retry_of) = (self.id, self.uid.as_deref(), self.retry_of);
        let plan = self.intent.plan(&Context { operation, kind, uid, remembered, retry_of });
        plan.into_iter().nth(self.stage).map(|step| step.action)
    }
}

/// The fold of a `target:` stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// Operations requested so far; part of the [`Version`].
    pub requests: u64,
    /// The replicas that the last stop found, for the next start.
    pub remembered: Option<Remembered>,
    /// Unfinished operations, in the order requested. Only the first one has started.
    pub queue: VecDeque<Operation>,
    /// The last ones that ended, oldest first.
    pub ended: VecDeque<Operation>,
}

impl Target {
    /// The first operation of the queue, once it has started.
    pub fn running(&self) -> Option<&Operation> {
        self.queue.front().filter(|operation| operation.state != OperationState::Queued)
    }

    pub fn find(&self, id: OperationId) -> Option<&Operation> {
        self.queue.iter().chain(&self.ended).find(|operation| operation.id == id)
    }

    /// The version that clients send back as `expectedVersion`.
    pub fn version(&self, seen: Option<&Seen>) -> Version {
        Version {
            requests: self.requests,
            generation: seen.map_or(0, |seen| seen.generation),
            uid: seen.map(|seen| seen.uid.clone()).unwrap_or_default(),
        }
    }

    fn open(&mut self, id: OperationId) -> Option<&mut Operation> {
        self.queue.iter_mut().find(|operation| operation.id == id)
    }

    fn end(&mut self, id: OperationId, state: OperationState) -> Option<&mut Operation> {
        let place = self.queue.iter().position(|operation| operation.id == id)?;
        let mut operation = self.queue.remove(place)?;
        operation.state = state;
        self.ended.push_back(operation);
        if self.ended.len() > ENDED_KEPT {
            self.ended.pop_front();
        }
        self.ended.back_mut()
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
            TargetCommand::Request { .. } | TargetCommand::Cancel { .. } | TargetCommand::Retry { .. } => {
                Action::Operate
            }
            TargetCommand::Report { .. } => Action::Report,
        }
    }

    fn decide(state: &Self, command: TargetCommand) -> Result<Vec<OperationEvent>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: &mut Self, event: &OperationEvent) {
        match event {
            OperationEvent::OperationRequested { operation, intent, uid, retry_of } => {
                state.requests += 1;
                state.queue.push_back(Operation {
                    id: *operation,
                    intent: intent.clone(),
                    uid: uid.clone(),
                    retry_of: *retry_of,
                    state: OperationState::Queued,
                    stage: 0,
                    cancel_requested: false,
                    deadline: None,
                    failure: None,
                    news: None,
                });
            }
            OperationEvent::OperationStarted { operation, deadline } => {
                if let Some(operation) = state.open(*operation) {
                    operation.state = OperationState::Running;
                    operation.deadline = Some(*deadline);
                }
            }
            OperationEvent::OperationProgressed { operation, percent, message, .. } => {
                if let Some(operation) = state.open(*operation) {
                    operation.news = Some((*percent, message.clone()));
                }
            }
            OperationEvent::OperationStageSucceeded { operation, stage, remembered, .. } => {
                if remembered.as_ref().is_some_and(|remembered| remembered.replicas != Some(0)) {
                    state.remembered.clone_from(remembered);
                }
                // From here on the last request counts, not the state that a stop found earlier.
                if matches!(stage, Stage::Apply | Stage::Scale | Stage::Start | Stage::Delete) {
                    state.remembered = None;
                }
                if let Some(operation) = state.open(*operation) {
                    operation.stage += 1;
                    operation.news = None;
                }
            }
            OperationEvent::OperationCancelRequested { operation } => {
                if let Some(operation) = state.open(*operation) {
                    operation.cancel_requested = true;
                }
            }
            OperationEvent::OperationOutcomeUnknown { operation, .. } => {
                if let Some(operation) = state.open(*operation) {
                    operation.state = OperationState::Unknown;
                }
            }
            OperationEvent::OperationResolved { operation, .. } => {
                if let Some(operation) = state.open(*operation) {
                    operation.state = OperationState::Running;
                }
            }
            OperationEvent::OperationSucceeded { operation } => {
                state.end(*operation, OperationState::Succeeded);
            }
            OperationEvent::OperationFailed { operation, failure, .. } => {
                if let Some(operation) = state.end(*operation, OperationState::Failed) {
                    operation.failure = Some(failure.clone());
                }
            }
            OperationEvent::OperationCancelled { operation, .. } => {
                state.end(*operation, OperationState::Cancelled);
            }
        }
    }
}
