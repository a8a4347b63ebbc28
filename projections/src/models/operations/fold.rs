//! The fold of an operation's events into its row. It is pure: the gateway also folds the events of an append it has
//! just made.

use super::{COLUMNS, Calls, Operation, Stage};
use crate::{
    Error,
    engine::{
        projection::{Projection, Table},
        rows::{self, Fold},
    },
    models::{
        forgotten::{self, Gone},
        users::Actor,
    },
};
use domain::core::sealing::{KeyScope, Ring};
use domain::{
    core::{
        api_call,
        event::{Event, Recorded},
        ids::OperationId,
        message::{Code, Message},
    },
    kubernetes::{object::ObjectRef, wait::Overtaken},
    operation::{self, CancelledBy, Failure, Intent, OperationEvent, OperationState},
};
use futures::future::BoxFuture;
use sqlx::PgConnection;
use std::sync::Arc;
use uuid::Uuid;

const OPERATIONS: Table = Table { name: "operations_log", key: &["id"], of_objects: false };

/// The verbs whose commands may contain forgotten values.
const WRITING: [&str; 6] =
    ["CreateWorkload", "ApplyManifests", "RestoreObject", "SetEnvironment", "SetAnnotations", "SetConfigMapData"];

pub struct OperationsLog;

impl Projection for OperationsLog {
    fn name(&self) -> &'static str {
        "operations_log"
    }

    fn version(&self) -> i32 {
        6
    }

    fn tables(&self) -> &'static [Table] {
        &[OPERATIONS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["target", forgotten::CATEGORY]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

/// The first operation requested in `events`, with its state after them. Events of other operations are ignored.
pub fn fold(events: &[Recorded]) -> Option<Operation> {
    let mut found: Option<Operation> = None;
    for event in events {
        match &mut found {
            Some(operation) => operation.evolve(event),
            None => found = Operation::requested(event),
        }
    }
    found
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    for (part, gone) in forgotten::parts(events) {
        rows::take_in::<OperationsLog>(db, part).await?;
        if let Some((cluster, namespace)) = gone.and_then(Gone::values).and_then(KeyScope::namespace) {
            let forget = "UPDATE operations_log SET forgotten = true WHERE scope = $1 AND kind = ANY ($2)";
            let forget = sqlx::query(forget).bind(format!("{cluster}/{namespace}")).bind(WRITING.as_slice());
            forget.execute(&mut *db).await?;
        }
    }
    Ok(())
}

impl Fold for OperationsLog {
    type Key = Uuid;
    type Before = Operation;
    type Row<'a> = Operation;
    const TABLE: Table = OPERATIONS;
    const LOADED: &'static str = COLUMNS;

    fn key(event: &Recorded) -> Option<Uuid> {
        about(event).map(|(id, _)| id.0)
    }

    fn key_of(before: &Operation) -> Uuid {
        before.id
    }

    fn fold(before: Option<Operation>, event: &Recorded) -> Option<Operation> {
        match before {
            Some(mut operation) => {
                operation.evolve(event);
                Some(operation)
            }
            None => Operation::requested(event),
        }
    }

    fn before(row: Operation) -> Operation {
        row
    }
}

fn about(event: &Recorded) -> Option<(OperationId, &OperationEvent)> {
    let Event::Operation(event) = &event.event else { return None };
    Some((event.operation(), event))
}

impl Operation {
    /// The operation that `event` requests, if it requests one.
    pub fn requested(event: &Recorded) -> Option<Self> {
        let (id, OperationEvent::OperationRequested { intent, retry_of, behind, .. }) = about(event)? else {
            return None;
        };
        let target = ObjectRef::from_stream(&event.stream)?;
        Some(Self {
            id: id.0,
            kind: intent.verb().to_owned(),
            state: OperationState::Queued,
            progress: 0,
            stage: match behind {
                Some(verb) => Code::QueuedBehind.message([("verb", verb.as_str().into())]),
                None => Code::Queued.message([]),
            },
            stages: stages(intent),
            target: target.id(),
            cluster: target.cluster.to_string(),
            namespace: target.namespace,
            target_kind: target.kind,
            target_name: target.name,
            actor: Actor::of(&event.metadata.actor),
            reason: event.metadata.reason.clone(),
            requested_at: event.recorded_at,
            started_at: None,
            deadline: None,
            finished_at: None,
            attempts: 0,
            error: None,
            cause: None,
            overtaken: None,
            cancel_requested: false,
            forgotten: false,
            retry_of: retry_of.map(|of| of.0),
            batch: event.metadata.batch.map(|batch| batch.0),
            superseded_by: None,
            requested_position: event.position,
            last_position: event.position,
            is_kept: false,
        })
    }

    /// Applies one more event. Events of other operations and repeated events change nothing.
    pub fn evolve(&mut self, event: &Recorded) {
        let Some((id, own)) = about(event) else { return };
        if id.0 != self.id || event.position <= self.last_position {
            return;
        }
        self.last_position = event.position;
        self.take_in_calls(event, own);
        self.take_in(event, own);
        self.progress = self.progress_now();
    }

    fn take_in_calls(&mut self, event: &Recorded, own: &OperationEvent) {
        let is_unknown = self.state == OperationState::Unknown;
        if let Some(stage) = own.stage() {
            self.stage_mut(stage, |stage| stage.calls.take_in(own, event.recorded_at, is_unknown));
        }
        let is_open = |stage: &&mut Stage| matches!(stage.state, OperationState::Running | OperationState::Unknown);
        if let Some(stage) = self.stages.iter_mut().find(is_open) {
            api_call::keep(&mut stage.api_calls, event.metadata.calls.iter().cloned());
        }
    }

    fn take_in(&mut self, event: &Recorded, own: &OperationEvent) {
        match own {
            OperationEvent::OperationRequested { .. } => {}
            OperationEvent::OperationStarted { deadline, .. } => {
                self.deadline = Some(*deadline);
                self.state = OperationState::Running;
                self.started_at = Some(event.recorded_at);
                self.attempts = self.attempts.max(1);
                self.begin_next_stage(event);
            }
            OperationEvent::OperationProgressed { stage, percent, message, cause, .. } => {
                self.say(*stage, self.state, message);
                self.cause.clone_from(cause);
                self.stage_mut(*stage, |stage| stage.percent = (*percent).min(100));
            }
            OperationEvent::OperationStageSucceeded { stage, message, .. } => {
                self.state = OperationState::Running;
                self.end_stage(*stage, OperationState::Succeeded, event, message.as_ref());
                self.stage_mut(*stage, |stage| stage.percent = 100);
                self.cause = None;
                self.begin_next_stage(event);
            }
            OperationEvent::OperationCancelRequested { .. } => self.cancel_requested = true,
            OperationEvent::OperationOutcomeUnknown { stage, message, .. } => {
                self.state = OperationState::Unknown;
                self.say(*stage, OperationState::Unknown, message);
            }
            OperationEvent::OperationResolved { stage, message, .. } => {
                self.state = OperationState::Running;
                self.attempts += 1;
                self.say(*stage, OperationState::Running, message);
            }
            OperationEvent::OperationSucceeded { .. } => {
                self.end(OperationState::Succeeded, event, Code::Succeeded.message([]));
            }
            OperationEvent::OperationFailed { stage, failure, .. } => self.fail(*stage, failure, event),
            OperationEvent::OperationCancelled { by, .. } => self.cancelled(by, event),
            OperationEvent::OperationOvertaken { stage, overtaken, .. } => self.overtaken(*stage, overtaken, event),
            OperationEvent::OperationAbandoned { stage, .. } => self.abandoned(*stage, event),
        }
    }

    fn fail(&mut self, stage: operation::Stage, failure: &Failure, event: &Recorded) {
        self.error = Some(failure.clone());
        self.cause = failure.cause.clone().or(self.cause.take());
        self.end_stage(stage, OperationState::Failed, event, Some(&failure.message));
        self.end(OperationState::Failed, event, failure.message.clone());
    }

    fn overtaken(&mut self, stage: operation::Stage, overtaken: &Overtaken, event: &Recorded) {
        self.overtaken = Some(overtaken.clone());
        self.end_stage(stage, OperationState::Overtaken, event, Some(&overtaken.change));
        self.end(OperationState::Overtaken, event, overtaken.change.clone());
    }

    fn abandoned(&mut self, stage: operation::Stage, event: &Recorded) {
        let words = Code::Abandoned.message([]);
        self.end(OperationState::Unknown, event, words.clone());
        self.end_stage(stage, OperationState::Unknown, event, Some(&words));
    }

    fn cancelled(&mut self, by: &CancelledBy, event: &Recorded) {
        let words = match by {
            CancelledBy::User => Code::Cancelled,
            CancelledBy::ClusterRemoved => Code::CancelledByRemoval,
            CancelledBy::Superseded(newer) => {
                self.superseded_by = Some(newer.0);
                Code::Superseded
            }
        };
        self.end(OperationState::Cancelled, event, words.message([]));
    }

    /// Ends the operation. Unfinished stages are cancelled.
    fn end(&mut self, state: OperationState, event: &Recorded, words: Message) {
        for stage in self.stages.iter_mut().filter(|stage| !stage.state.has_ended()) {
            stage.state = OperationState::Cancelled;
            stage.finished_at = stage.started_at.map(|_| event.recorded_at);
        }
        self.state = state;
        self.finished_at = Some(event.recorded_at);
        self.is_kept = true;
        self.stage = words;
    }

    fn begin_next_stage(&mut self, event: &Recorded) {
        if let Some(next) = self.stages.iter_mut().find(|stage| stage.state == OperationState::Queued) {
            next.state = OperationState::Running;
            next.started_at = Some(event.recorded_at);
            self.stage = in_words(&next.name);
        }
    }

    fn end_stage(&mut self, at: operation::Stage, state: OperationState, event: &Recorded, message: Option<&Message>) {
        self.stage_mut(at, |stage| {
            stage.state = state;
            stage.finished_at = Some(event.recorded_at);
            stage.message = message.cloned().or(stage.message.take());
        });
    }

    fn say(&mut self, at: operation::Stage, state: OperationState, message: &Message) {
        self.stage_mut(at, |stage| {
            stage.state = state;
            stage.message = Some(message.clone());
        });
        self.stage.clone_from(message);
    }

    fn stage_mut(&mut self, name: operation::Stage, change: impl FnOnce(&mut Stage)) {
        if let Some(stage) = self.stages.iter_mut().find(|stage| stage.name == name.as_str()) {
            change(stage);
        }
    }

    /// Each stage has an equal share.
    fn progress_now(&self) -> i32 {
        if self.state == OperationState::Succeeded {
            return 100;
        }
        let sum: i32 = self.stages.iter().map(|stage| i32::from(stage.percent)).sum();
        i32::try_from(self.stages.len()).map_or(0, |count| sum / count.max(1)).min(99)
    }
}

fn stages(intent: &Intent) -> Vec<Stage> {
    let names = intent.stages().iter().map(|stage| stage.as_str().to_owned());
    names
        .map(|name| Stage {
            name,
            state: OperationState::Queued,
            percent: 0,
            started_at: None,
            finished_at: None,
            message: None,
            calls: Calls::default(),
            api_calls: Vec::new(),
        })
        .collect()
}

/// The message of a stage until it reports another one. A stage of a newer version reads as the wait for the end.
fn in_words(stage: &str) -> Message {
    operation::Stage::named(stage).map_or(Code::AwaitingEnd, operation::Stage::code).message([])
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use domain::core::refusal::ErrorCode;
    use domain::{
        core::{actor::Actor, api_call::ApiCall, envelope::Metadata, ids::EventId},
        kubernetes::cause::Cause,
        operation::Stage,
    };

    const ID: OperationId = OperationId(Uuid::from_u128(1));

    /// The fold of `events` of one target, at positions from 1, one second after the other.
    fn folded(events: Vec<OperationEvent>) -> Operation {
        fold(&recorded(events)).unwrap()
    }

    fn recorded(events: Vec<OperationEvent>) -> Vec<Recorded> {
        (1..)
            .zip(events)
            .map(|(position, event)| Recorded {
                position,
                id: EventId(Uuid::from_u128(9)),
                stream: "target:dev/shop/Deployment/web".to_owned(),
                version: position,
                event_type: String::new(),
                recorded_at: DateTime::from_timestamp(position, 0).unwrap(),
                metadata: Metadata::by(Actor::system("executor")),
                event: event.into(),
            })
            .collect()
    }

    fn scale(id: OperationId) -> OperationEvent {
        let intent = Intent::ScaleWorkload { replicas: 3 };
        OperationEvent::OperationRequested { operation: id, intent, uid: None, retry_of: None, behind: None }
    }

    fn started() -> OperationEvent {
        OperationEvent::OperationStarted { operation: ID, deadline: DateTime::<Utc>::UNIX_EPOCH }
    }

    fn done(stage: Stage) -> OperationEvent {
        OperationEvent::OperationStageSucceeded { operation: ID, stage, message: None, remembered: None, written: None }
    }

    fn states(operation: &Operation) -> Vec<OperationState> {
        operation.stages.iter().map(|stage| stage.state).collect()
    }

    #[test]
    fn each_stage_has_its_share_of_the_progress() {
        let message = Code::AwaitingPods.message([("available", 2.into()), ("desired", 3.into())]);
        let stage = Stage::WaitUntilReady;
        let mut events = vec![scale(ID), started(), done(Stage::Scale)];
        assert!(folded(events.clone()).stage.is(Code::AwaitingReady));
        let (percent, progress, cause) = (66, message.clone(), None);
        events.push(OperationEvent::OperationProgressed { operation: ID, stage, percent, message: progress, cause });
        let operation = folded(events.clone());
        assert_eq!((operation.progress, operation.state), (83, OperationState::Running));
        assert_eq!(operation.stage, message);
        assert!(operation.can_cancel() && !operation.can_retry());
        events.push(done(stage));
        assert_eq!(folded(events.clone()).progress, 99, "it is not over before the log says so");
        events.push(OperationEvent::OperationSucceeded { operation: ID });
        let operation = folded(events);
        assert_eq!((operation.progress, operation.attempts, operation.last_position), (100, 1, 6));
        assert_eq!(operation.finished_at, DateTime::from_timestamp(6, 0));
        assert!(!operation.can_cancel() && !operation.can_retry());
    }

    #[test]
    fn a_stage_has_the_last_calls_of_the_events_about_it() {
        let calls = |count: u16| (0..count).map(|nth| ApiCall::sent("GET", &format!("/{nth}"), DateTime::UNIX_EPOCH));
        let mut events = recorded(vec![scale(ID), started(), done(Stage::Scale), done(Stage::WaitUntilReady)]);
        events[2].metadata.calls = calls(2).collect();
        events[3].metadata.calls = calls(api_call::KEPT as u16 + 3).collect();
        let operation = fold(&events).unwrap();
        let [scaled, waited] = &operation.stages[..] else { panic!("two stages") };
        assert_eq!(scaled.api_calls.iter().map(|call| call.path.as_str()).collect::<Vec<_>>(), ["/0", "/1"]);
        assert_eq!((waited.api_calls.len(), waited.api_calls[0].path.as_str()), (api_call::KEPT, "/3"));
    }

    #[test]
    fn a_secret_is_not_retried() {
        let keys = [("password".to_owned(), Some("0f".to_owned()))].into();
        let intent = Intent::SetSecretData { keys };
        let asked =
            OperationEvent::OperationRequested { operation: ID, intent, uid: None, retry_of: None, behind: None };
        let failure = Failure { code: ErrorCode::TimedOut, message: Code::ClusterSilent.message([]), cause: None };
        let failed = OperationEvent::OperationFailed { operation: ID, stage: Stage::Change, failure };
        let operation = folded(vec![asked, started(), failed]);
        assert!(operation.is_kept && !operation.can_retry(), "its values are gone");
    }

    #[test]
    fn what_waits_for_its_turn_says_what_it_waits_for() {
        let behind = |verb: Option<&str>| {
            let (intent, behind) = (Intent::RestartWorkload, verb.map(str::to_owned));
            folded(vec![OperationEvent::OperationRequested {
                operation: ID,
                intent,
                uid: None,
                retry_of: None,
                behind,
            }])
        };
        let scale = Code::QueuedBehind.message([("verb", "ScaleWorkload".into())]);
        let (waits, is_first) = (behind(Some("ScaleWorkload")), behind(None));
        assert_eq!((&waits.stage, waits.state), (&scale, OperationState::Queued));
        assert_eq!(waits.waits_for().as_ref(), Some(&scale));
        assert!(is_first.stage.is(Code::Queued), "{:?}", is_first.stage);
    }

    #[test]
    fn an_unknown_outcome_is_a_state_and_a_look_counts_as_an_attempt() {
        let (stage, message) = (Stage::Scale, Code::AnswerLost.message([("detail", "reset".into())]));
        let mut events = vec![scale(ID), started()];
        events.push(OperationEvent::OperationOutcomeUnknown { operation: ID, stage, message });
        let operation = folded(events.clone());
        assert!(operation.state == OperationState::Unknown && operation.stage.is(Code::AnswerLost));
        assert_eq!(states(&operation), [OperationState::Unknown, OperationState::Queued]);
        events.push(OperationEvent::OperationResolved { operation: ID, stage, message: Code::EffectFound.message([]) });
        events.push(done(stage));
        let operation = folded(events);
        assert_eq!((operation.state, operation.attempts), (OperationState::Running, 2));
        assert_eq!(states(&operation), [OperationState::Succeeded, OperationState::Running]);
    }

    #[test]
    fn what_it_waits_for_says_what_ends_it_early() {
        let early = |operation: &Operation| {
            let waits = operation.waits_for()?;
            waits.arguments.get("early")?.get("code")?.as_str().map(str::to_owned)
        };
        let queued = folded(vec![scale(ID)]);
        assert!(queued.waits_for().is_some_and(|message| message.is(Code::Queued)) && queued.deadline.is_none());
        let mut events = vec![scale(ID), started()];
        let calling = folded(events.clone());
        assert_eq!(calling.deadline, Some(DateTime::<Utc>::UNIX_EPOCH));
        assert!(calling.waits_for().is_some_and(|message| message.is(Code::Scaling)), "the call");
        events.push(done(Stage::Scale));
        assert_eq!(early(&folded(events.clone())).as_deref(), Some("ENDS_IF_CHANGED"));
        let message = Code::AwaitingPods.message([("available", 2.into()), ("desired", 3.into())]);
        let quota = Code::QuotaRefused.message([("detail", "exceeded quota".into())]);
        let cause = Some(Cause { message: quota, since: None, evidence: Vec::new() });
        let stage = Stage::WaitUntilReady;
        events.push(OperationEvent::OperationProgressed { operation: ID, stage, percent: 66, message, cause });
        let waits = folded(events.clone()).waits_for().expect("it waits");
        assert_eq!(waits.arguments["early"]["arguments"]["seconds"], 10);
        assert_eq!(waits.arguments["progress"]["code"], "AWAITING_PODS");
        events.extend([done(stage), OperationEvent::OperationSucceeded { operation: ID }]);
        let ended = folded(events);
        assert_eq!((ended.waits_for(), ended.stages[0].calls.count, ended.stages[1].calls.count), (None, 1, 0));
    }

    #[test]
    fn a_failure_ends_the_stages_that_never_came() {
        let failure = Failure { code: ErrorCode::TimedOut, message: Code::ClusterSilent.message([]), cause: None };
        let failed = OperationEvent::OperationFailed { operation: ID, stage: Stage::Scale, failure: failure.clone() };
        let operation = folded(vec![scale(ID), started(), failed]);
        assert_eq!(states(&operation), [OperationState::Failed, OperationState::Cancelled]);
        assert_eq!((operation.error.as_ref(), operation.can_retry()), (Some(&failure), true));
    }

    #[test]
    fn the_events_of_others_in_the_same_stream_are_passed_over() {
        let newer = OperationId(Uuid::from_u128(2));
        let by = CancelledBy::Superseded(newer);
        let started_newer =
            OperationEvent::OperationStarted { operation: newer, deadline: DateTime::<Utc>::UNIX_EPOCH };
        let events = vec![scale(ID), started(), scale(newer), OperationEvent::OperationCancelled { operation: ID, by }];
        let operation = folded([events, vec![started_newer]].concat());
        assert_eq!((operation.state, operation.superseded_by), (OperationState::Cancelled, Some(newer.0)));
        assert!(operation.is_kept && !operation.can_retry(), "a retry would undo the newer one");
        assert_eq!((operation.last_position, operation.progress), (4, 0));
    }
}
