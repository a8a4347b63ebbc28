//! Sets and removes labels of an object of any kind.

use super::{
    Intent, Request, Verb,
    set::{fields_plan, is_label_value, names_rule, values_rule},
};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::action::Offer,
    operation::{
        change::clear,
        plan::{Context, Stage, Step},
    },
};
use serde_json::json;

const NAME: &str = "SetLabels";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer { action: "SET_LABELS", never: |_| None, refusal: |_, _| None, caution: |_, _| None }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, _: &Context<'_>) -> Vec<Step> {
    let Intent::SetLabels { labels } = intent else { return Vec::new() };
    fields_plan(json!({"metadata": {"labels": labels}}), false)
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetLabels { labels } = request.intent else { return Ok(()) };
    request.must_exist()?;
    request.must_be_offered()?;
    names_rule("labels", clear(labels))?;
    values_rule("labels", labels, is_label_value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        operation::{
            queue::Target,
            tests::{ask, id, is_requested_once, seen},
        },
    };

    #[test]
    fn labels_have_the_form_of_labels() {
        let of = |name: &str, value: Option<&str>| Intent::SetLabels {
            labels: [(name.to_owned(), value.map(str::to_owned))].into(),
        };
        for intent in [of("team", Some("a")), of("example.org/team", Some("")), of("team", None)] {
            is_requested_once(&intent, Some(seen(1)));
        }
        for (intent, code) in [
            (of("", Some("a")), Code::NotAKey),
            (of("te am", Some("a")), Code::NotAKey),
            (of("team", Some("-a")), Code::NotAValue),
            (of("team", Some(&"a".repeat(64))), Code::NotAValue),
        ] {
            let refused = given::<Target>([]).when(ask(id(1), intent, Some(seen(1)))).refused();
            assert!(refused.code == ErrorCode::Invalid && refused.is_because(code), "{code:?}: {refused:?}");
        }
        let nowhere = given::<Target>([]).when(ask(id(1), of("team", None), None)).refused();
        assert_eq!(nowhere.code, ErrorCode::NotFound);
    }
}
