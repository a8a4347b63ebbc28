//! Sets the number of replicas of a workload.

use super::{MAX_REPLICAS, Request, Verb, invalid};
use crate::{
    core::refusal::{ErrorCode, Refusal},
    operation::{
        intent::Intent,
        plan::{Call, Condition, Context, Stage, Step},
    },
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb =
    Verb { name: "ScaleWorkload", stages: &[Stage::Scale, Stage::WaitUntilReady], plan, leaves: None, rule };

fn plan(intent: &Intent, _: &Context<'_>) -> Vec<Step> {
    let Intent::ScaleWorkload { replicas } = intent else { return Vec::new() };
    vec![
        Step { stage: Stage::Scale, action: Call::Patch { spec: json!({"replicas": replicas}) } },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(Condition::Ready) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    if !request.kind.capabilities().replicas {
        let message = format!("a {} has no replicas to scale", request.kind);
        return Err(Refusal::new(ErrorCode::NotSupported, "id", message));
    }
    let Intent::ScaleWorkload { replicas } = *request.intent else { return Ok(()) };
    if replicas < 0 {
        return Err(invalid("replicas", "replicas cannot be negative: 0 stops the workload"));
    }
    if replicas > MAX_REPLICAS {
        let message = format!("{replicas} replicas are more than a cluster can bear: at most {MAX_REPLICAS} are taken");
        return Err(invalid("replicas", message));
    }
    Ok(())
}
