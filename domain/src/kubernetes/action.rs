//! What can be requested of a workload now, and why not. The file of each verb says it with these parts. The API offers by
//! it, and the rules refuse by it.

use super::{
    observation::{Autoscaler, Owner, Truth, Workload, condition_is, controller},
    resource::{Capabilities, Resource},
};
use crate::core::message::{Code, Message};
use serde_json::Value;

/// How a verb is offered for a workload that is there.
pub(crate) struct Offer {
    /// The stable text of the API.
    pub action: &'static str,
    /// Why it can never be requested of a kind. None if it can.
    pub never: fn(Capabilities) -> Option<Code>,
    /// Why it cannot be requested of a workload now. None if it can.
    pub refusal: fn(&Workload, &Surroundings<'_>) -> Option<Reason>,
    /// What to know before it is requested.
    pub caution: fn(&Workload, &Surroundings<'_>) -> Option<Message>,
}

impl Offer {
    pub fn reason_against(&self, workload: &Workload, surroundings: &Surroundings<'_>) -> Option<Reason> {
        if workload.deletion.is_some() {
            return Some(Reason::until_an_operation(Code::BeingDeleted));
        }
        let of_kind = self.reason_against_kind(&workload.details.resource());
        of_kind.or_else(|| (self.refusal)(workload, surroundings))
    }

    /// For workloads that are not observed yet.
    pub fn reason_against_kind(&self, kind: &Resource) -> Option<Reason> {
        let code = (self.never)(kind.capabilities())?;
        Some(Reason { message: code.message([("kind", kind.kind().into())]), holds: Holds::ForTheKind })
    }

    /// What is offered by the verb of this name.
    pub fn of(
        &self,
        verb: &'static str,
        has_parameters: bool,
        workload: &Workload,
        surroundings: &Surroundings<'_>,
    ) -> AvailableAction {
        let reason = self.reason_against(workload, surroundings);
        let caution = if reason.is_none() { (self.caution)(workload, surroundings) } else { None };
        AvailableAction { action: self.action, verb, has_parameters, reason, caution }
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
    pub(crate) fn until_an_operation(code: Code) -> Self {
        Self { message: code.message([]), holds: Holds::UntilAnOperation }
    }

    pub(crate) fn otherwise(message: Message) -> Self {
        Self { message, holds: Holds::Otherwise }
    }
}

/// Whether an action can be requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableAction {
    /// The stable text of the API.
    pub action: &'static str,
    /// The name of the verb.
    pub verb: &'static str,
    /// Whether its request says more than which object.
    pub has_parameters: bool,
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

/// What a controller above it sets stays as that controller wants it.
pub(crate) fn owned(workload: &Workload) -> Option<Reason> {
    let owner = controller(&workload.owners).filter(|_| workload.details.replicas().is_some())?;
    Some(Reason::otherwise(Code::OwnedByAnother.message(owner_arguments(owner))))
}

pub(crate) fn owner_arguments(owner: &Owner) -> [(&'static str, Value); 2] {
    [("kind", owner.kind.as_str().into()), ("name", owner.name.as_str().into())]
}

/// Whether it is a Job that has ended.
pub fn has_ended(workload: &Workload) -> bool {
    ["Complete", "Failed"].iter().any(|kind| condition_is(&workload.conditions, kind, Truth::True).is_some())
}

pub(crate) fn autoscaled(surroundings: &Surroundings<'_>) -> Option<Message> {
    let (name, autoscaler) = surroundings.autoscaler?;
    Some(Code::Autoscaled.message([
        ("name", name.into()),
        ("min", autoscaler.min.into()),
        ("max", autoscaler.max.into()),
    ]))
}
