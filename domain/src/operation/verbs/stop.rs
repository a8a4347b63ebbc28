//! Scales to zero, or suspends. Remembers the replicas for a later start.

use super::{Request, Verb, invalid};
use crate::{
    core::refusal::Refusal,
    operation::{
        intent::Intent,
        plan::{Call, Condition, Context, Stage, Step},
    },
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "StopWorkload",
    stages: &[Stage::Remember, Stage::Stop, Stage::WaitUntilStopped],
    plan,
    leaves: None,
    rule,
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let spec = if context.kind.capabilities().suspend { json!({"suspend": true}) } else { json!({"replicas": 0}) };
    vec![
        Step { stage: Stage::Remember, action: Call::Remember },
        Step { stage: Stage::Stop, action: Call::Patch { spec } },
        Step { stage: Stage::WaitUntilStopped, action: Call::Await(Condition::Stopped) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_stoppable()?;
    if request.target.queue.is_empty() && request.is_stopped() {
        return Err(invalid("id", "it is stopped already"));
    }
    Ok(())
}
