//! Replaces the pods of a workload one after the other.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{action::Action, wait::Goal},
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "RestartWorkload",
    stages: &[Stage::Restart, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    summary: |_, object| Code::RequestedRestart.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    // The value is the operation id and not the time, so that a repetition changes nothing.
    let annotations = json!({"binnacle.io/restarted-by": context.operation});
    let spec = json!({"template": {"metadata": {"annotations": annotations}}});
    vec![
        Step { stage: Stage::Restart, action: Call::Patch { spec } },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(context.requested(Goal::Restarted)) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_allow(Action::Restart)
}
