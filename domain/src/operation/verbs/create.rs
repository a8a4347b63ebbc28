//! Creates a workload from a manifest.

use super::{Intent, MAX_REPLICAS, Request, Verb, invalid};
use crate::{
    core::{
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::wait::{Goal, Requested},
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::Value;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "CreateWorkload",
    stages: &[Stage::Validate, Stage::Apply, Stage::WaitUntilReady],
    plan,
    leaves: Some(true),
    rule,
    offer: None,
    summary: |_, object| Code::RequestedCreate.message([("object", object)]),
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::CreateWorkload { manifest } = intent else { return Vec::new() };
    let number = |pointer| manifest.pointer(pointer).and_then(Value::as_i64).and_then(|number| number.try_into().ok());
    let wanted = Requested {
        replicas: number("/spec/replicas"),
        suspend: manifest.pointer("/spec/suspend").and_then(Value::as_bool),
        paused: manifest.pointer("/spec/paused").and_then(Value::as_bool).unwrap_or_default(),
        may_vanish: manifest.pointer("/spec/ttlSecondsAfterFinished").is_some(),
        ..context.requested(Goal::Created)
    };
    let (manifest, retry_of) = (manifest.clone(), context.retry_of);
    let (validate, apply) = match manifest.is_forgotten() {
        // It cannot be stored a second time. The stages are the same: an operation may have passed some of them.
        true => (Call::impossible(Code::ManifestForgotten), Call::impossible(Code::ManifestForgotten)),
        false => (Call::DryRun { manifest: manifest.clone(), retry_of }, Call::Apply { manifest, retry_of }),
    };
    vec![
        Step { stage: Stage::Validate, action: validate },
        Step { stage: Stage::Apply, action: apply },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(wanted) },
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
