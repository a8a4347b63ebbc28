//! Scales to zero, or suspends. Remembers the replicas for a later start.

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
    name: "StopWorkload",
    stages: &[Stage::Remember, Stage::Stop, Stage::WaitUntilStopped],
    plan,
    leaves: None,
    rule,
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
    request.must_allow(Action::Stop)
}
