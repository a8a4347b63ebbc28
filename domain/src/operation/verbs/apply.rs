//! Applies a manifest, whether or not its object is there.

use super::{Intent, Request, Verb, create::counts_are_possible};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        manifest::Manifest,
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::Value;

/// Where nothing has to become ready.
pub(in crate::operation) const VERB: Verb = Verb {
    name: "ApplyManifests",
    stages: &[Stage::Validate, Stage::Apply],
    plan,
    leaves: Some(true),
    rule,
    offer: None,
    summary: |_, object| Code::RequestedApply.message([("object", object)]),
};

/// Where something has.
pub(in crate::operation) const AWAITED: Verb =
    Verb { stages: &[Stage::Validate, Stage::Apply, Stage::WaitUntilReady], ..VERB };

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::ApplyManifests { manifest, take_over, awaits } = intent else { return Vec::new() };
    let (validate, apply) = match manifest.is_forgotten() {
        // It cannot be stored a second time. The stages are the same: an operation may have passed some of them.
        true => (Call::impossible(Code::ManifestForgotten), Call::impossible(Code::ManifestForgotten)),
        false => {
            let (manifest, take_over) = (manifest.clone(), take_over.clone());
            let validate = Call::TryApply { manifest: manifest.clone(), take_over: take_over.clone() };
            (validate, Call::ApplyOver { manifest, take_over })
        }
    };
    let steps = [Step { stage: Stage::Validate, action: validate }, Step { stage: Stage::Apply, action: apply }];
    let wait = awaits.then(|| Step { stage: Stage::WaitUntilReady, action: Call::Await(awaited(manifest, context)) });
    steps.into_iter().chain(wait).collect()
}

fn awaited(manifest: &Manifest, context: &Context<'_>) -> Requested {
    let replicas = manifest.pointer("/spec/replicas").and_then(Value::as_i64);
    Requested {
        replicas: replicas.and_then(|number| number.try_into().ok()),
        suspend: manifest.pointer("/spec/suspend").and_then(Value::as_bool),
        may_vanish: manifest.pointer("/spec/ttlSecondsAfterFinished").is_some(),
        ..context.requested(Goal::Changed)
    }
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::ApplyManifests { manifest, .. } = request.intent else { return Ok(()) };
    counts_are_possible(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        operation::{
            OperationEvent,
            queue::Target,
            tests::{ask, id, requested, seen, started},
        },
    };
    use serde_json::json;

    fn apply(replicas: i64, awaits: bool) -> Intent {
        let manifest = json!({"kind": "Deployment", "spec": {"replicas": replicas}}).into();
        Intent::ApplyManifests { manifest, take_over: Vec::new(), awaits }
    }

    #[test]
    fn an_object_is_applied_whether_or_not_it_is_there() {
        let there = OperationEvent::OperationRequested {
            operation: id(1),
            intent: apply(1, true),
            uid: Some("u-1".to_owned()),
            retry_of: None,
            behind: None,
        };
        given::<Target>([]).when(ask(id(1), apply(1, true), Some(seen(1)))).then([there, started(id(1))]);
        let new = OperationEvent::OperationRequested {
            operation: id(1),
            intent: apply(1, false),
            uid: None,
            retry_of: None,
            behind: None,
        };
        given::<Target>([]).when(ask(id(1), apply(1, false), None)).then([new, started(id(1))]);
    }

    #[test]
    fn more_pods_than_a_cluster_bears_are_refused() {
        let refusal = given::<Target>([]).when(ask(id(1), apply(99_999, true), None)).refused();
        assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Invalid, Some("manifest.spec.replicas")));
    }

    #[test]
    fn the_same_request_again_is_silence() {
        let history = [requested(id(1), apply(1, true)), started(id(1))];
        given::<Target>(history).when(ask(id(1), apply(1, true), Some(seen(1)))).silence();
    }
}
