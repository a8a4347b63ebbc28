//! Restores the replicas that a stop remembered, or resumes.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Offer, Reason, Surroundings, autoscaled, has_ended, owned},
        observation::{Details, Workload},
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "StartWorkload",
    stages: &[Stage::Start, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "START",
        never: |can| (!can.replicas && !can.suspend).then_some(Code::CannotStop),
        refusal,
        caution: |_, surroundings| autoscaled(surroundings),
    }),
    summary: |_, object| Code::RequestedStart.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let suspends = context.kind.capabilities().suspend;
    let replicas = context.remembered.and_then(|remembered| remembered.replicas).filter(|_| !suspends);
    let action = match replicas {
        _ if suspends => Call::Patch { spec: json!({"suspend": false}) },
        Some(replicas) => Call::Patch { spec: json!({"replicas": replicas}) },
        None => Call::impossible(Code::NothingRemembered),
    };
    let suspend = suspends.then_some(false);
    // What was remembered is used up once it is written.
    let replicas = context.written.and_then(|written| written.replicas);
    let wanted = Requested { replicas, suspend, ..context.requested(Goal::Started) };
    vec![Step { stage: Stage::Start, action }, Step { stage: Stage::WaitUntilReady, action: Call::Await(wanted) }]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload, surroundings: &Surroundings<'_>) -> Option<Reason> {
    match &workload.details {
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
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => owned(workload),
    }
}
