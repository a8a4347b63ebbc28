//! Deletes the incarnation that the user saw.

use super::{Request, Verb, invalid};
use crate::{
    core::refusal::Refusal,
    operation::{
        intent::Intent,
        plan::{Call, Condition, Context, Stage, Step},
    },
};

pub(in crate::operation) const VERB: Verb =
    Verb { name: "DeleteWorkload", stages: &[Stage::Delete, Stage::WaitUntilGone], plan, leaves: Some(false), rule };

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let uid = context.uid.unwrap_or_default().to_owned();
    let action = match context.uid {
        Some(_) => Call::Delete { uid: uid.clone() },
        None => Call::impossible("it was not observed when this was requested: request it again"),
    };
    vec![
        Step { stage: Stage::Delete, action },
        Step { stage: Stage::WaitUntilGone, action: Call::Await(Condition::Gone { uid }) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    if request.seen.is_none() {
        return Err(invalid("id", "it is still being created: cancel that, or try again when it is there"));
    }
    Ok(())
}
