//! Restores the replicas that a stop remembered, or resumes.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::Action,
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
    request.must_allow(Action::Start)
}
