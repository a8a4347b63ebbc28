//! The calls to Kubernetes of a stage, as far as the events of the log show them. A stage that waits reads the object every few
//! seconds. Such a read has no event, so only those that failed are here.

use chrono::{DateTime, Utc};
use domain::{
    core::message::{Code, Message},
    operation::{OperationEvent, Sends, Stage},
};
use serde::{Deserialize, Serialize};

/// Maximum calls kept of one stage: the latest ones.
pub const KEPT: usize = 10;

/// The calls of one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The latest ones, in order, at most [`KEPT`].
    #[serde(default, rename = "calls")]
    pub latest: Vec<Call>,
    /// How many there were.
    #[serde(default, rename = "called")]
    pub count: i32,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub sent: Sends,
    /// When its outcome was recorded.
    pub at: DateTime<Utc>,
    pub outcome: CallOutcome,
    /// Why it failed, or what a read showed.
    pub message: Option<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CallOutcome {
    Succeeded,
    /// Kubernetes refused it for good.
    Refused,
    /// It had no effect, and a new try may work.
    Failed,
    /// The answer was lost: it may have had its effect.
    Unknown,
}

impl Calls {
    /// Takes in what an event of the stage shows. `is_unknown` says whether the outcome of an earlier call is unknown, so
    /// that the object is read first.
    pub(super) fn take_in(&mut self, event: &OperationEvent, at: DateTime<Utc>, is_unknown: bool) {
        let Some((stage, outcome, message)) = shown(event) else { return };
        let of_stage = stage.sends();
        if stage.waits() && outcome != CallOutcome::Failed {
            return;
        }
        let is_found = message.is_some_and(is_seen_by_a_read);
        let sent = if is_found || is_unknown && outcome == CallOutcome::Failed { Sends::Read } else { of_stage };
        match self.latest.last_mut() {
            // The same call: its answer was lost, and then a new try was put off.
            Some(last) if outcome == CallOutcome::Failed && is_lost(last) => last.message = message.cloned(),
            _ => self.push(Call { sent, at, outcome, message: message.cloned() }),
        }
    }

    fn push(&mut self, call: Call) {
        self.count = self.count.saturating_add(1);
        self.latest.push(call);
        if self.latest.len() > KEPT {
            self.latest.remove(0);
        }
    }
}

fn is_lost(call: &Call) -> bool {
    call.outcome == CallOutcome::Unknown && call.message.as_ref().is_some_and(|message| message.is(Code::AnswerLost))
}

/// Whether a read showed it, and no other call was needed.
fn is_seen_by_a_read(message: &Message) -> bool {
    [Code::EffectFound, Code::NoEffect, Code::GoneAlready, Code::DeletionFound].iter().any(|code| message.is(*code))
}

/// The outcome of a call that an event shows.
fn shown(event: &OperationEvent) -> Option<(Stage, CallOutcome, Option<&Message>)> {
    match event {
        OperationEvent::OperationProgressed { stage, message, .. } => {
            message.is(Code::TryingAgain).then_some((*stage, CallOutcome::Failed, Some(message)))
        }
        OperationEvent::OperationStageSucceeded { stage, message, .. } => {
            Some((*stage, CallOutcome::Succeeded, message.as_ref()))
        }
        OperationEvent::OperationOutcomeUnknown { stage, message, .. } => {
            Some((*stage, CallOutcome::Unknown, Some(message)))
        }
        // The stage succeeds by what the read found, and its own event shows that.
        OperationEvent::OperationResolved { stage, message, .. } => {
            message.is(Code::NoEffect).then_some((*stage, CallOutcome::Succeeded, Some(message)))
        }
        OperationEvent::OperationFailed { stage, failure, .. } => {
            let refused = [Code::RequestRejected, Code::AlreadyThere, Code::NotThere];
            let outcome = if refused.iter().any(|code| failure.message.is(*code)) {
                CallOutcome::Refused
            } else if failure.message.is(Code::NotInTime) {
                CallOutcome::Failed
            } else {
                // No call was made.
                return None;
            };
            Some((*stage, outcome, Some(&failure.message)))
        }
        OperationEvent::OperationRequested { .. }
        | OperationEvent::OperationStarted { .. }
        | OperationEvent::OperationCancelRequested { .. }
        | OperationEvent::OperationSucceeded { .. }
        | OperationEvent::OperationCancelled { .. }
        | OperationEvent::OperationOvertaken { .. }
        | OperationEvent::OperationAbandoned { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        core::{ids::OperationId, refusal::ErrorCode},
        operation::Failure,
    };
    use uuid::Uuid;

    const ID: OperationId = OperationId(Uuid::from_u128(1));

    fn again(seconds: i32) -> OperationEvent {
        let message = Code::TryingAgain.message([("seconds", seconds.into()), ("detail", "busy".into())]);
        OperationEvent::OperationProgressed { operation: ID, stage: Stage::Scale, percent: 0, message, cause: None }
    }

    fn done(stage: Stage, code: Option<Code>) -> OperationEvent {
        let message = code.map(|code| code.message([]));
        OperationEvent::OperationStageSucceeded { operation: ID, stage, message, remembered: None, written: None }
    }

    fn after(events: &[(OperationEvent, bool)]) -> Calls {
        let mut calls = Calls::default();
        for (event, is_unknown) in events {
            calls.take_in(event, DateTime::UNIX_EPOCH, *is_unknown);
        }
        calls
    }

    fn told(calls: &Calls) -> Vec<(Sends, CallOutcome)> {
        calls.latest.iter().map(|call| (call.sent, call.outcome)).collect()
    }

    #[test]
    fn each_try_of_a_stage_is_a_call_with_its_outcome() {
        let calls = after(&[(again(1), false), (again(2), false), (done(Stage::Scale, None), false)]);
        let failed = (Sends::Patch, CallOutcome::Failed);
        assert_eq!(told(&calls), [failed, failed, (Sends::Patch, CallOutcome::Succeeded)]);
        let tried = after(&[(done(Stage::Validate, Some(Code::Accepted)), false)]);
        assert_eq!(told(&tried), [(Sends::DryRun, CallOutcome::Succeeded)]);
        for (code, told_of_it) in [
            (Code::RequestRejected, vec![(Sends::Patch, CallOutcome::Refused)]),
            (Code::NotInTime, vec![failed]),
            (Code::ManifestForgotten, vec![]),
        ] {
            let arguments = code.arguments().iter().map(|name| ((*name).into(), "x".into())).collect();
            let message = Message { code: code.as_str().into(), arguments };
            let failure = Failure { code: ErrorCode::Invalid, message, cause: None };
            let event = OperationEvent::OperationFailed { operation: ID, stage: Stage::Scale, failure };
            assert_eq!(told(&after(&[(event, false)])), told_of_it, "{code:?}");
        }
    }

    #[test]
    fn a_lost_answer_is_one_call_and_what_follows_are_reads() {
        let message = Code::AnswerLost.message([("detail", "reset".into())]);
        let lost = OperationEvent::OperationOutcomeUnknown { operation: ID, stage: Stage::Scale, message };
        let found = done(Stage::Scale, Some(Code::EffectFound));
        let calls = after(&[(lost, false), (again(1), true), (again(2), true), (found, true)]);
        let read = |outcome| (Sends::Read, outcome);
        let unknown = (Sends::Patch, CallOutcome::Unknown);
        assert_eq!(told(&calls), [unknown, read(CallOutcome::Failed), read(CallOutcome::Succeeded)]);
    }

    #[test]
    fn the_calls_kept_are_bounded_and_all_are_counted() {
        let calls = after(&(0..30).map(|second| (again(second), false)).collect::<Vec<_>>());
        assert_eq!((calls.latest.len(), calls.count), (KEPT, 30));
        assert_eq!(
            calls.latest[0].message.as_ref().and_then(|message| message.arguments["seconds"].as_i64()),
            Some(20)
        );
        assert!(after(&[(done(Stage::WaitUntilReady, None), false)]).latest.is_empty(), "its reads have no events");
    }
}
