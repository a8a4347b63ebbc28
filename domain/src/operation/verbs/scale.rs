//! Sets the number of replicas of a workload.

use super::{Intent, MAX_REPLICAS, Request, Verb, invalid};
use crate::{
    core::{
        message::{Code, Message},
        refusal::Refusal,
    },
    kubernetes::{
        action::{Offer, autoscaled, owned},
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::{Value, json};

pub(in crate::operation) const VERB: Verb = Verb {
    name: "ScaleWorkload",
    stages: &[Stage::Scale, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "SCALE",
        never: |can| (!can.replicas).then_some(Code::HasNoReplicas),
        refusal: |workload, _| owned(workload),
        caution: |_, surroundings| autoscaled(surroundings),
    }),
    summary,
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::ScaleWorkload { replicas } = intent else { return Vec::new() };
    let wanted = Requested { replicas: Some(*replicas), ..context.requested(Goal::Scaled) };
    vec![
        Step { stage: Stage::Scale, action: Call::Patch { spec: json!({"replicas": replicas}) } },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(wanted) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()?;
    let Intent::ScaleWorkload { replicas } = *request.intent else { return Ok(()) };
    if replicas < 0 {
        return Err(invalid("replicas", Code::NegativeReplicas.message([])));
    }
    if replicas > MAX_REPLICAS {
        let numbers = [("replicas", replicas.into()), ("most", MAX_REPLICAS.into())];
        return Err(invalid("replicas", Code::TooManyReplicas.message(numbers)));
    }
    Ok(())
}

fn summary(intent: &Intent, object: Value) -> Message {
    let replicas = if let Intent::ScaleWorkload { replicas } = intent { Some(*replicas) } else { None };
    Code::RequestedScale.message([("object", object), ("replicas", replicas.into())])
}
