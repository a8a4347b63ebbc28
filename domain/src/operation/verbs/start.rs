//! Restores the replicas that a stop remembered, or resumes.

use super::{Request, Verb, invalid};
use crate::{
    core::refusal::Refusal,
    operation::{
        intent::Intent,
        plan::{Call, Condition, Context, Stage, Step},
    },
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb =
    Verb { name: "StartWorkload", stages: &[Stage::Start, Stage::WaitUntilReady], plan, leaves: None, rule };

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let action = match context.remembered.and_then(|remembered| remembered.replicas) {
        _ if context.kind.capabilities().suspend => Call::Patch { spec: json!({"suspend": false}) },
        Some(replicas) => Call::Patch { spec: json!({"replicas": replicas}) },
        None => Call::impossible("nothing is remembered to bring back: scale it to the replicas you want"),
    };
    vec![
        Step { stage: Stage::Start, action },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(Condition::Ready) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_stoppable()?;
    let stop_is_requested = request.target.queue.iter().any(|operation| operation.intent == Intent::StopWorkload);
    if stop_is_requested || request.kind.capabilities().suspend && request.is_stopped() {
        return Ok(());
    }
    if !request.is_stopped() {
        return Err(invalid("id", "it is not stopped"));
    }
    if request.target.remembered.is_none() {
        let message = "it was not stopped here, so nothing is remembered: scale it to the replicas you want";
        return Err(invalid("id", message));
    }
    Ok(())
}
