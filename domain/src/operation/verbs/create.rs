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
        let taken = Code::NameTaken.message([("kind", request.kind.to_string().into())]);
        return Err(Refusal::because(ErrorCode::AlreadyExists, "manifest.metadata.name", taken));
    }
    let Intent::CreateWorkload { manifest } = request.intent else { return Ok(()) };
    counts_are_possible(manifest)
}

/// Refuses a manifest for more pods than a cluster bears.
pub(super) fn counts_are_possible(manifest: &Value) -> Result<(), Refusal> {
    let mut written = COUNTS.iter().filter_map(|(pointer, _)| Some((pointer, manifest.pointer(pointer)?)));
    written.try_for_each(|(pointer, count)| count_is_possible(pointer, count))
}

/// The same for the value at one place.
pub(super) fn count_is_possible(pointer: &str, count: &Value) -> Result<(), Refusal> {
    let is_allowed = count.as_i64().is_some_and(|count| (0..=MAX_REPLICAS.into()).contains(&count));
    match COUNTS.iter().find(|(known, _)| *known == pointer) {
        Some((_, field)) if !count.is_null() && !is_allowed => {
            let arguments = [("value", count.to_string().into()), ("most", MAX_REPLICAS.into())];
            Err(invalid(field, Code::NotACount.message(arguments)))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::given::given,
        kubernetes::{manifest::Manifest, resource::Resource},
        operation::{
            CancelledBy, OperationEvent, TargetCommand,
            queue::Target,
            tests::{ask, cancelled, deadline, id, requested, seen, started},
        },
    };
    use serde_json::json;

    #[test]
    fn a_manifest_for_more_pods_than_a_cluster_bears_is_refused_also_when_it_is_retried() {
        let cases = [
            (json!({"spec": {"replicas": 99_999_999_999_i64}}), "manifest.spec.replicas"),
            (json!({"spec": {"parallelism": "many"}}), "manifest.spec.parallelism"),
            (
                json!({"spec": {"jobTemplate": {"spec": {"parallelism": -1}}}}),
                "manifest.spec.jobTemplate.spec.parallelism",
            ),
        ];
        for (manifest, field) in cases {
            let create = Intent::CreateWorkload { manifest: manifest.into() };
            let cancelled = OperationEvent::OperationCancelled { operation: id(1), by: CancelledBy::User };
            let history = [requested(id(1), create.clone()), started(id(1)), cancelled];
            let retry = TargetCommand::Retry {
                operation: id(2),
                kind: Resource::JOB,
                of: id(1),
                seen: None,
                deadline: deadline(),
            };
            for command in [ask(id(2), create, None), retry] {
                let refusal = given::<Target>(history.clone()).when(command).refused();
                assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Invalid, Some(field)));
            }
        }
        let most = Intent::CreateWorkload { manifest: json!({"spec": {"replicas": MAX_REPLICAS}}).into() };
        let asked = OperationEvent::OperationRequested {
            operation: id(1),
            intent: most.clone(),
            uid: None,
            retry_of: None,
            behind: None,
        };
        given::<Target>([]).when(ask(id(1), most, None)).then([asked, started(id(1))]);
    }

    #[test]
    fn a_cancelled_create_is_retried_though_its_object_exists() {
        let create = Intent::CreateWorkload { manifest: json!({}).into() };
        let history = [requested(id(1), create.clone()), started(id(1)), cancelled(id(1), CancelledBy::User)];
        let (kind, seen, deadline) = (Resource::DEPLOYMENT, Some(seen(1)), deadline());
        let retry = TargetCommand::Retry { operation: id(2), kind, of: id(1), seen, deadline };
        let again = OperationEvent::OperationRequested {
            operation: id(2),
            intent: create,
            uid: Some("u-1".to_owned()),
            retry_of: Some(id(1)),
            behind: None,
        };
        given::<Target>(history).when(retry).then([again, started(id(2))]);
    }

    #[test]
    fn a_create_whose_manifest_was_forgotten_is_not_retried() {
        let retried = |manifest: Manifest| {
            let create = Intent::CreateWorkload { manifest };
            let history = [requested(id(1), create), started(id(1)), cancelled(id(1), CancelledBy::User)];
            let (kind, deadline) = (Resource::DEPLOYMENT, deadline());
            given::<Target>(history).when(TargetCommand::Retry {
                operation: id(2),
                kind,
                of: id(1),
                seen: None,
                deadline,
            })
        };
        let sealed = json!({"spec": {"template": {"$sealed": "by a key that is gone"}}});
        let refusal = retried(Manifest::stored(sealed)).refused();
        assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Invalid, Some("id")));
        assert!(refusal.is_because(Code::RetryErased), "{refusal:?}");
        // The same with its key.
        let again = OperationEvent::OperationRequested {
            operation: id(2),
            intent: Intent::CreateWorkload { manifest: json!({"spec": {"template": "by"}}).into() },
            uid: None,
            retry_of: Some(id(1)),
            behind: None,
        };
        retried(json!({"spec": {"template": "by"}}).into()).then([again, started(id(2))]);
    }
}
