//! What can be requested of a workload now, and why not. The API offers this list, and the rules refuse by it.

use super::{
    observation::{
        Autoscaler, DaemonSet, Details, Owner, StatefulSet, Truth, UpdateStrategy, Workload, condition_is, controller,
    },
    resource::Resource,
};
use crate::core::message::{Code, Message};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

/// Something that can be requested of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumIter)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    Scale,
    Restart,
    Stop,
    Start,
    Delete,
}

impl Action {
    /// The stable text of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why an action cannot be requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub message: Message,
    pub holds: Holds,
}

/// How long a reason holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// For ever: no object of the kind can do it.
    ForTheKind,
    /// Until a scale, stop, start or delete changes the object.
    UntilAnOperation,
    /// As long as the object stays as others made it.
    Otherwise,
}

impl Reason {
    fn of_kind(code: Code, kind: &str) -> Self {
        Self { message: code.message([("kind", kind.into())]), holds: Holds::ForTheKind }
    }

    fn until_an_operation(code: Code) -> Self {
        Self { message: code.message([]), holds: Holds::UntilAnOperation }
    }

    fn otherwise(message: Message) -> Self {
        Self { message, holds: Holds::Otherwise }
    }
}

/// Whether an action can be requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableAction {
    pub action: Action,
    /// Why it is not allowed. None if it is.
    pub reason: Option<Reason>,
    /// What to know before it is requested.
    pub caution: Option<Message>,
}

impl AvailableAction {
    pub fn is_allowed(&self) -> bool {
        self.reason.is_none()
    }

    /// Whether objects of the kind can do it at all.
    pub fn is_supported(&self) -> bool {
        self.reason.as_ref().is_none_or(|reason| reason.holds != Holds::ForTheKind)
    }
}

/// What else matters for what can be requested.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// Whether a stop of it remembered how many replicas it had.
    pub remembers_replicas: bool,
    /// The autoscaler that sets its replicas, with its name.
    pub autoscaler: Option<(&'a str, &'a Autoscaler)>,
}

/// Every action, in the order of [`Action`].
pub fn available_actions(workload: &Workload, surroundings: &Surroundings) -> Vec<AvailableAction> {
    Action::iter()
        .map(|action| {
            let reason = refusal(workload, action, surroundings);
            let caution = if reason.is_none() { caution(workload, action, surroundings) } else { None };
            AvailableAction { action, reason, caution }
        })
        .collect()
}

/// Why `action` cannot be requested of `workload`; None when it can.
pub fn refusal(workload: &Workload, action: Action, surroundings: &Surroundings) -> Option<Reason> {
    if workload.deletion.is_some() {
        return Some(Reason::until_an_operation(Code::BeingDeleted));
    }
    match action {
        Action::Scale => no_replicas(workload).or_else(|| owned(workload)),
        Action::Restart => no_restart(workload),
        Action::Stop => no_stop(workload),
        Action::Start => no_start(workload, surroundings),
        Action::Delete => None,
    }
}

/// Why `action` can never be requested of a workload of `kind`; None when it can. For workloads not observed yet.
pub fn refusal_of_kind(kind: &Resource, action: Action) -> Option<Reason> {
    let can = kind.capabilities();
    let (is_possible, code) = match action {
        Action::Scale => (can.replicas, Code::HasNoReplicas),
        Action::Restart => (can.rolls_out, Code::DoesNotRollOut),
        Action::Stop | Action::Start => (can.replicas || can.suspend, Code::CannotStop),
        Action::Delete => return None,
    };
    (!is_possible).then(|| Reason::of_kind(code, kind.kind()))
}

fn never(code: Code, workload: &Workload) -> Reason {
    Reason::of_kind(code, workload.details.kind())
}

fn no_replicas(workload: &Workload) -> Option<Reason> {
    workload.details.replicas().is_none().then(|| never(Code::HasNoReplicas, workload))
}

/// What a controller above it sets stays as that controller wants it.
fn owned(workload: &Workload) -> Option<Reason> {
    let owner = controller(&workload.owners).filter(|_| workload.details.replicas().is_some())?;
    Some(Reason::otherwise(Code::OwnedByAnother.message(owner_arguments(owner))))
}

fn owner_arguments(owner: &Owner) -> [(&'static str, serde_json::Value); 2] {
    [("kind", owner.kind.as_str().into()), ("name", owner.name.as_str().into())]
}

fn no_restart(workload: &Workload) -> Option<Reason> {
    match &workload.details {
        Details::ReplicaSet(_) | Details::Job(_) | Details::CronJob(_) => Some(never(Code::DoesNotRollOut, workload)),
        Details::Deployment(own) if own.paused => Some(Reason::otherwise(Code::RolloutIsPaused.message([]))),
        details if details.replicas() == Some(0) => Some(Reason::until_an_operation(Code::NothingToRestart)),
        Details::DaemonSet(own) if own.desired == 0 => Some(Reason::until_an_operation(Code::NothingToRestart)),
        Details::Deployment(_) | Details::StatefulSet(_) | Details::DaemonSet(_) => None,
    }
}

fn no_stop(workload: &Workload) -> Option<Reason> {
    match &workload.details {
        Details::DaemonSet(_) => Some(never(Code::CannotStop, workload)),
        Details::Job(_) if has_ended(workload) => Some(Reason::otherwise(Code::JobHasEnded.message([]))),
        details if details.suspend() == Some(true) => Some(Reason::until_an_operation(Code::AlreadySuspended)),
        details if details.replicas() == Some(0) => Some(Reason::until_an_operation(Code::AlreadyStopped)),
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => owned(workload),
    }
}

fn no_start(workload: &Workload, surroundings: &Surroundings) -> Option<Reason> {
    match &workload.details {
        Details::DaemonSet(_) => Some(never(Code::CannotStop, workload)),
        Details::Job(_) if has_ended(workload) => Some(Reason::otherwise(Code::JobHasEnded.message([]))),
        details if details.suspend() == Some(false) => Some(Reason::until_an_operation(Code::NotSuspended)),
        details if details.replicas().is_some_and(|replicas| replicas > 0) => {
            Some(Reason::until_an_operation(Code::NotStopped))
        }
        details if details.replicas().is_some() && !surroundings.remembers_replicas => {
            Some(Reason::until_an_operation(Code::NothingRemembered))
        }
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => owned(workload),
    }
}

fn has_ended(workload: &Workload) -> bool {
    ["Complete", "Failed"].iter().any(|kind| condition_is(&workload.conditions, kind, Truth::True).is_some())
}

fn caution(workload: &Workload, action: Action, surroundings: &Surroundings) -> Option<Message> {
    match (action, &workload.details) {
        (Action::Scale | Action::Start, _) => surroundings.autoscaler.map(|(name, autoscaler)| {
            Code::Autoscaled.message([
                ("name", name.into()),
                ("min", autoscaler.min.into()),
                ("max", autoscaler.max.into()),
            ])
        }),
        (
            Action::Restart,
            Details::StatefulSet(StatefulSet { update_strategy: UpdateStrategy::OnDelete, replicas: pods, .. }),
        )
        | (
            Action::Restart,
            Details::DaemonSet(DaemonSet { update_strategy: UpdateStrategy::OnDelete, desired: pods, .. }),
        ) => Some(Code::RestartsOnDelete.message([("pods", (*pods).into())])),
        (Action::Restart, Details::StatefulSet(own)) if own.partition > 0 => Some(Code::Partitioned.message([
            ("updated", (own.replicas - own.partition).max(0).into()),
            ("desired", own.replicas.into()),
            ("partition", own.partition.into()),
        ])),
        (Action::Delete, _) => {
            controller(&workload.owners).map(|owner| Code::OwnerMakesItAgain.message(owner_arguments(owner)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
