//! Edits an object that is there: makes the changes of an author, as far as others left their places as they were.
//!
//! A restore is such an edit: its changes lead back to what the object was.

use super::{Intent, Request, Verb, create::count_is_possible};
use crate::{
    core::{free_value::Free, message::Code, refusal::Refusal},
    kubernetes::{edit::Change, wait::Goal},
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::Value;

/// An edit by a manifest, where nothing has to become ready.
pub(in crate::operation) const VERB: Verb = Verb {
    name: "ApplyManifests",
    stages: &[Stage::Validate, Stage::Edit],
    plan,
    leaves: None,
    rule,
    offer: None,
    summary: |_, object| Code::RequestedEdit.message([("object", object)]),
};
/// Where something has.
pub(in crate::operation) const AWAITED: Verb =
    Verb { stages: &[Stage::Validate, Stage::Edit, Stage::WaitUntilReady], ..VERB };

pub(in crate::operation) const RESTORE: Verb = Verb { name: "RestoreObject", summary: restored, ..VERB };
pub(in crate::operation) const RESTORE_AWAITED: Verb = Verb { name: "RestoreObject", summary: restored, ..AWAITED };

fn restored(intent: &Intent, object: Value) -> crate::core::message::Message {
    let position = if let Intent::RestoreObject { position, .. } = intent { Some(*position) } else { None };
    Code::RequestedRestore.message([("object", object), ("position", position.map(|at| at.to_string()).into())])
}

/// The changes of an intent, and whether it waits.
fn parts(intent: &Intent) -> Option<(&Free<Vec<Change>>, bool)> {
    if let Intent::EditObject { changes, awaits } | Intent::RestoreObject { changes, awaits, .. } = intent {
        return Some((changes, *awaits));
    }
    None
}

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Some((changes, awaits)) = parts(intent) else { return Vec::new() };
    let (validate, edit) = match changes.is_forgotten() {
        true => (Call::impossible(Code::ManifestForgotten), Call::impossible(Code::ManifestForgotten)),
        false => (Call::TryEdit { changes: changes.clone() }, Call::Edit { changes: changes.clone() }),
    };
    let steps = [Step { stage: Stage::Validate, action: validate }, Step { stage: Stage::Edit, action: edit }];
    let awaited = || Call::Await(context.requested(Goal::Changed));
    let wait = awaits.then(|| Step { stage: Stage::WaitUntilReady, action: awaited() });
    steps.into_iter().chain(wait).collect()
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    let Some((changes, _)) = parts(request.intent) else { return Ok(()) };
    changes.get().into_iter().flatten().try_for_each(|change| match &change.after {
        Some(after) => count_is_possible(&change.path.to_string().replace('.', "/"), after),
        None => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{decider::Decider, given::given, refusal::ErrorCode},
        kubernetes::edit::{Lists, changes},
        operation::{
            OperationEvent,
            effect::Reaction,
            queue::Target,
            react::react,
            tests::{ask, id, object, requested, seen, stage_done, started},
        },
    };
    use serde_json::json;

    fn edit(replicas: i64, awaits: bool) -> Intent {
        let (base, yours) = (json!({"spec": {"replicas": 1}}), json!({"spec": {"replicas": replicas}}));
        Intent::EditObject { changes: changes(&base, &yours, Lists::Known).into(), awaits }
    }

    #[test]
    fn an_edit_is_tried_made_and_awaited() {
        let request = requested(id(1), edit(2, true));
        given::<Target>([]).when(ask(id(1), edit(2, true), Some(seen(1)))).then([request.clone(), started(id(1))]);
        let history = [request, started(id(1)), stage_done(id(1), Stage::Validate)];
        let effect = |history: &[OperationEvent]| {
            let last = history.last().expect("an event").clone();
            let Reaction::Perform(effect) = react(&object(), &Target::fold(history), &last) else {
                panic!("no effect")
            };
            effect.action
        };
        assert!(matches!(effect(&history[..2]), Call::TryEdit { .. }));
        assert!(matches!(effect(&history), Call::Edit { .. }));
    }

    #[test]
    fn what_is_not_there_is_not_edited() {
        let refusal = given::<Target>([]).when(ask(id(1), edit(2, false), None)).refused();
        assert_eq!(refusal.code, ErrorCode::NotFound);
        let many = given::<Target>([]).when(ask(id(1), edit(99_999, false), Some(seen(1)))).refused();
        assert_eq!((many.code, many.field.as_deref()), (ErrorCode::Invalid, Some("manifest.spec.replicas")));
    }

    #[test]
    fn the_same_edit_again_is_silence() {
        let history = [requested(id(1), edit(2, false)), started(id(1))];
        given::<Target>(history).when(ask(id(1), edit(2, false), Some(seen(1)))).silence();
    }
}
