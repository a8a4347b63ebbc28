//! Scales to zero, or suspends. Remembers the replicas for a later start.

use super::{Intent, Request, Verb};
use crate::{
    core::{
        message::{Code, Message},
        refusal::Refusal,
    },
    kubernetes::{
        action::{Offer, Reason, has_ended, owned},
        observation::{Details, Workload},
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "StopWorkload",
    stages: &[Stage::Remember, Stage::Stop, Stage::WaitUntilStopped],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "STOP",
        never: |can| (!can.replicas && !can.suspend).then_some(Code::CannotStop),
        refusal: |workload, _| refusal(workload),
        caution: |workload, _| caution(workload),
    }),
    summary: |_, object| Code::RequestedStop.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let suspends = context.kind.capabilities().suspend;
    let spec = if suspends { json!({"suspend": true}) } else { json!({"replicas": 0}) };
    let (replicas, suspend) = if suspends { (None, Some(true)) } else { (Some(0), None) };
    let wanted = Requested { replicas, suspend, ..context.requested(Goal::Stopped) };
    vec![
        Step { stage: Stage::Remember, action: Call::Remember },
        Step { stage: Stage::Stop, action: Call::Patch { spec } },
        Step { stage: Stage::WaitUntilStopped, action: Call::Await(wanted) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload) -> Option<Reason> {
    match &workload.details {
        Details::Job(_) if has_ended(workload) => Some(Reason::otherwise(Code::JobHasEnded.message([]))),
        details if details.suspend() == Some(true) => Some(Reason::until_an_operation(Code::AlreadySuspended)),
        details if details.replicas() == Some(0) => Some(Reason::until_an_operation(Code::AlreadyStopped)),
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => owned(workload),
    }
}

/// A start makes pods of the current template only: the version before, which may be the one that serves, does not come back.
fn caution(workload: &Workload) -> Option<Message> {
    let Details::Deployment(own) = &workload.details else { return None };
    let old = own.counts.replicas - own.counts.updated;
    (old > 0).then(|| Code::StartsNewVersionOnly.message([("pods", old.into())]))
}
