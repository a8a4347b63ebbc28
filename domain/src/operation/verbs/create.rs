//! Creates a workload from a manifest.

use super::{MAX_REPLICAS, Request, Verb, invalid};
use crate::{
    core::refusal::{ErrorCode, Refusal},
    operation::{
        intent::Intent,
        plan::{Call, Condition, Context, Stage, Step},
    },
};
use serde_json::Value;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "CreateWorkload",
    stages: &[Stage::Validate, Stage::Apply, Stage::WaitUntilReady],
    plan,
    leaves: Some(true),
    rule,
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::CreateWorkload { manifest } = intent else { return Vec::new() };
    let (manifest, retry_of) = (manifest.clone(), context.retry_of);
    vec![
        Step { stage: Stage::Validate, action: Call::DryRun { manifest: manifest.clone(), retry_of } },
        Step { stage: Stage::Apply, action: Call::Apply { manifest, retry_of } },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(Condition::Ready) },
    ]
}

/// The fields of a manifest that set a number of pods.
const COUNTS: [(&str, &str); 3] = [
    ("/spec/replicas", "manifest.spec.replicas"),
    ("/spec/parallelism", "manifest.spec.parallelism"),
    ("/spec/jobTemplate/spec/parallelism", "manifest.spec.jobTemplate.spec.parallelism"),
];

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    // A retried create may find the object that it applied before. The executor checks this when it reads the object.
    if request.exists && !request.is_retry {
        let message = format!("a {} of that name is there already, or is being created", request.kind);
        return Err(Refusal::new(ErrorCode::AlreadyExists, "manifest.metadata.name", message));
    }
    let Intent::CreateWorkload { manifest } = request.intent else { return Ok(()) };
    let is_allowed = |count: &Value| count.as_i64().is_some_and(|count| (0..=MAX_REPLICAS.into()).contains(&count));
    let written = COUNTS.iter().filter_map(|&(pointer, field)| Some((manifest.pointer(pointer)?, field)));
    match written.into_iter().find(|(count, _)| !count.is_null() && !is_allowed(count)) {
        None => Ok(()),
        Some((count, field)) => Err(invalid(field, format!("{count} is no whole number from 0 to {MAX_REPLICAS}"))),
    }
}
