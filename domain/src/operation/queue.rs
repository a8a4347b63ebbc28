//! One object as the target of operations: its queue, the running operation, and what was remembered. This module holds
//! the state, and the module `decide` holds the rules.

use crate::{
    core::{
        ids::OperationId,
        message::Message,
        version::{ObjectVersion, Version},
    },
    kubernetes::{
        cause::Cause,
        observed::{Content, Seen},
        resource::Resource,
    },
    operation::{
        event::{CancelledBy, Failure, OperationEvent, OperationState},
        plan::{Call, Context, Stage},
        retry::ENDED_KEPT,
        trace::{Remembered, Written},
        verbs::Intent,
    },
};
use chrono::{DateTime, Utc};
use std::collections::VecDeque;

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
    /// The newer operation that ended it.
    pub superseded_by: Option<OperationId>,
    /// The last progress of the current stage, to keep repetitions out of the log.
    pub progress: Option<Progress>,
    /// What its call wrote.
    pub written: Option<Written>,
}

/// The last progress of a stage. A report that differs only in its evidence is the same progress.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    percent: u8,
    message: Message,
    cause: Option<Message>,
}

impl Progress {
    pub(super) fn new(percent: u8, message: &Message, cause: Option<&Cause>) -> Self {
        Self { percent, message: message.clone(), cause: cause.map(|cause| cause.message.clone()) }
    }
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
        let written = self.written.as_ref();
        let plan = self.intent.plan(&Context { operation, kind, uid, remembered, retry_of, written });
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

    /// Whether the operation is among those that ended. One whose cluster was removed may end as unknown.
    pub fn has_ended(&self, id: OperationId) -> bool {
        self.ended.iter().any(|operation| operation.id == id)
    }

    /// The version that clients send back as `expectedVersion`.
    pub fn version(&self, seen: Option<&Seen>) -> String {
        let Some(seen) = seen else { return Version { requests: self.requests, ..Version::default() }.to_string() };
        let (requests, content) = match (&seen.content, &seen.facts) {
            // Lists of workloads have it.
            (_, Some(_)) => return self.generation(seen),
            (Content::Hash(content), None) => (self.requests, content),
            (Content::Revision(content), None) => (0, content),
        };
        ObjectVersion { requests, content, uid: &seen.uid }.to_string()
    }

    /// Whether a version is that of the content of a workload, which lists of all kinds have.
    pub(super) fn is_content(&self, version: &str, seen: Option<&Seen>) -> bool {
        let Some(Seen { uid, content: Content::Hash(content), .. }) = seen else { return false };
        ObjectVersion { requests: self.requests, content, uid }.to_string() == version
    }

    fn generation(&self, seen: &Seen) -> String {
        let generation = seen.workload().map_or(0, |workload| workload.generation);
        Version { requests: self.requests, generation, uid: seen.uid.clone() }.to_string()
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

impl Target {
    /// The state after one more event.
    pub(super) fn apply(&mut self, event: &OperationEvent) {
        match event {
            OperationEvent::OperationRequested { operation, intent, uid, retry_of, .. } => {
                self.requests += 1;
                self.queue.push_back(Operation {
                    id: *operation,
                    intent: intent.clone(),
                    uid: uid.clone(),
                    retry_of: *retry_of,
                    state: OperationState::Queued,
                    stage: 0,
                    cancel_requested: false,
                    deadline: None,
                    failure: None,
                    superseded_by: None,
                    progress: None,
                    written: None,
                });
            }
            OperationEvent::OperationStarted { operation, deadline } => {
                if let Some(operation) = self.open(*operation) {
                    operation.state = OperationState::Running;
                    operation.deadline = Some(*deadline);
                }
            }
            OperationEvent::OperationProgressed { operation, percent, message, cause, .. } => {
                if let Some(operation) = self.open(*operation) {
                    operation.progress = Some(Progress::new(*percent, message, cause.as_ref()));
                }
            }
            OperationEvent::OperationStageSucceeded { operation, stage, remembered, written, .. } => {
                if !Remembered::is_kept_after(self.remembered.is_some(), *stage, remembered.as_ref()) {
                    self.remembered = None;
                } else if remembered.as_ref().is_some_and(|found| found.replicas != Some(0)) {
                    self.remembered.clone_from(remembered);
                }
                if let Some(operation) = self.open(*operation) {
                    operation.stage += 1;
                    operation.progress = None;
                    if written.is_some() {
                        operation.written.clone_from(written);
                    }
                }
                // Requests that wait behind a create are about what it made.
                if let Some(written) = written {
                    self.queue.iter_mut().for_each(|queued| queued.uid = Some(written.uid.clone()));
                }
            }
            OperationEvent::OperationCancelRequested { operation } => {
                if let Some(operation) = self.open(*operation) {
                    operation.cancel_requested = true;
                }
            }
            OperationEvent::OperationOutcomeUnknown { operation, .. } => {
                if let Some(operation) = self.open(*operation) {
                    operation.state = OperationState::Unknown;
                }
            }
            OperationEvent::OperationResolved { operation, .. } => {
                if let Some(operation) = self.open(*operation) {
                    operation.state = OperationState::Running;
                }
            }
            OperationEvent::OperationSucceeded { operation } => {
                self.end(*operation, OperationState::Succeeded);
            }
            OperationEvent::OperationFailed { operation, failure, .. } => {
                if let Some(operation) = self.end(*operation, OperationState::Failed) {
                    operation.failure = Some(failure.clone());
                }
            }
            OperationEvent::OperationCancelled { operation, by } => {
                if let (Some(operation), CancelledBy::Superseded(newer)) =
                    (self.end(*operation, OperationState::Cancelled), by)
                {
                    operation.superseded_by = Some(*newer);
                }
            }
            OperationEvent::OperationOvertaken { operation, .. } => {
                self.end(*operation, OperationState::Overtaken);
            }
            OperationEvent::OperationAbandoned { operation, .. } => {
                self.end(*operation, OperationState::Unknown);
            }
        }
    }
}
