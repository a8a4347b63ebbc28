//! Sets and removes annotations of an object of any kind.

use super::{
    Intent, Request, Verb,
    set::{fields_plan, names_rule, own_rule, secret_rule},
};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::action::Offer,
    operation::{
        change::{fields, is_forgotten, open},
        plan::{Context, Stage, Step},
    },
};
use serde_json::json;

const NAME: &str = "SetAnnotations";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer { action: "SET_ANNOTATIONS", never: |_| None, refusal: |_, _| None, caution: |_, _| None }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, _: &Context<'_>) -> Vec<Step> {
    let Intent::SetAnnotations { annotations } = intent else { return Vec::new() };
    fields_plan(json!({"metadata": {"annotations": fields(annotations)}}), is_forgotten(annotations))
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetAnnotations { annotations } = request.intent else { return Ok(()) };
    request.must_exist()?;
    request.must_be_offered()?;
    names_rule("annotations", open(annotations))?;
    own_rule("annotations", annotations)?;
    secret_rule("annotations", &json!({"metadata": {"annotations": fields(annotations)}}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{free_value::Free, given::given, refusal::ErrorCode},
        operation::{
            queue::Target,
            tests::{ask, id, is_requested_once, seen},
        },
    };

    #[test]
    fn annotations_of_others_are_set_and_not_those_of_binnacle() {
        let of = |name: &str, value: &str| Intent::SetAnnotations {
            annotations: [(name.to_owned(), Some(Free::from(value.to_owned())))].into(),
        };
        let note = of("example.org/note", "by hand");
        is_requested_once(&note, Some(seen(1)));
        let mark = ask(id(1), of("binnacle.io/operation-id", "x"), Some(seen(1)));
        let refused = given::<Target>([]).when(mark).refused();
        assert!(refused.code == ErrorCode::Invalid && refused.is_because(Code::OwnAnnotation), "{refused:?}");
    }
}
