//! Sets and removes keys of the data of a ConfigMap.

use super::{
    Intent, Request, Verb,
    set::{fields_plan, names_rule, secret_rule},
};
use crate::{
    core::{message::Code, refusal::Refusal},
    operation::{
        change::{fields, is_forgotten, open},
        plan::{Context, Stage, Step},
    },
};
use serde_json::json;

const NAME: &str = "SetConfigMapData";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change],
    plan,
    leaves: None,
    rule,
    offer: None,
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, _: &Context<'_>) -> Vec<Step> {
    let Intent::SetConfigMapData { data } = intent else { return Vec::new() };
    fields_plan(json!({"data": fields(data)}), is_forgotten(data))
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetConfigMapData { data } = request.intent else { return Ok(()) };
    request.must_exist()?;
    names_rule("data", open(data))?;
    secret_rule("data", &json!({"apiVersion": "v1", "kind": "ConfigMap", "data": fields(data)}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{decider::Decider, free_value::Free, given::given, refusal::ErrorCode},
        kubernetes::{
            observed::{Content, Seen},
            resource::Resource,
        },
        operation::{
            TargetCommand,
            effect::Reaction,
            plan::Call,
            queue::Target,
            react::react,
            tests::{deadline, id, object, requested, started},
        },
    };

    fn set(key: &str, value: Option<&str>) -> Intent {
        let value = value.map(|value| Free::from(value.to_owned()));
        Intent::SetConfigMapData { data: [(key.to_owned(), value)].into() }
    }

    fn command(intent: Intent, expected_version: Option<&str>, is_there: bool) -> TargetCommand {
        let (uid, content) = ("u-1".to_owned(), Content::Hash("0a".to_owned()));
        let seen = Seen { uid, content, is_going: false, facts: None };
        TargetCommand::Request {
            operation: id(1),
            kind: Resource::CONFIG_MAP,
            intent,
            expected_version: expected_version.map(str::to_owned),
            seen: is_there.then_some(seen),
            deadline: deadline(),
        }
    }

    #[test]
    fn data_is_set_at_the_version_that_was_seen() {
        let mode = set("mode", Some("fast"));
        let events = [requested(id(1), mode.clone()), started(id(1))];
        given::<Target>([]).when(command(mode.clone(), Some("0.0a.u"), true)).then(events.clone());
        let stale = given::<Target>([]).when(command(mode.clone(), Some("0.0b.u"), true)).refused();
        assert_eq!((stale.code, stale.current_version.as_deref()), (ErrorCode::Conflict, Some("0.0a.u")));
        let gone = given::<Target>([]).when(command(mode, None, false)).refused();
        assert!(gone.code == ErrorCode::NotFound && gone.is_because(Code::NoSuchObject), "{gone:?}");
        let Reaction::Perform(effect) = react(&object(), &Target::fold(&events), &events[1]) else {
            panic!("no effect")
        };
        let Call::Merge { patch } = effect.action else { panic!("no merge patch") };
        assert_eq!(*patch, json!({"data": {"mode": "fast"}}));
    }
}
