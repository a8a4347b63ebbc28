//! Sets and removes variables of a container of a pod template.

use super::{
    Intent, Request, Verb,
    set::{container_plan, container_rule, names_rule, secret_rule, template_refusal},
};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::action::Offer,
    operation::{
        change::{ContainerChange, fields, open},
        plan::{Context, Stage, Step},
    },
};
use serde_json::json;

const NAME: &str = "SetEnvironment";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "SET_ENVIRONMENT",
        never: |can| (!can.template).then_some(Code::NotOfKind),
        refusal: |workload, _| template_refusal(workload),
        caution: |_, _| None,
    }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::SetEnvironment { container, variables } = intent else { return Vec::new() };
    let (container, variables) = (container.clone(), variables.clone());
    container_plan(ContainerChange { container, variables, ..ContainerChange::default() }, context)
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetEnvironment { container, variables } = request.intent else { return Ok(()) };
    container_rule(request, container)?;
    names_rule("variables", open(variables))?;
    let values = fields(variables);
    let written = values.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let written: Vec<_> = written.map(|(name, value)| json!({"name": name, "value": value})).collect();
    let pod = json!({"containers": [{"name": container, "env": written}]});
    secret_rule("variables", &json!({"spec": {"template": {"spec": pod}}}))
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
    fn variables_are_set_but_no_plain_secret_among_them() {
        let of = |name: &str, value: &str| Intent::SetEnvironment {
            container: "web".to_owned(),
            variables: [(name.to_owned(), Some(Free::from(value.to_owned())))].into(),
        };
        let mode = of("MODE", "fast");
        is_requested_once(&mode, Some(seen(1)));
        let nothing = Intent::SetEnvironment { container: "web".to_owned(), variables: Default::default() };
        for (intent, code) in [
            (of("DATABASE_PASSWORD", "hunter2"), Code::SecretInManifest),
            (of("A B", "1"), Code::NotAKey),
            (of("A", &"x".repeat((1 << 20) + 1)), Code::TooMuchToSet),
            (nothing, Code::NothingToSet),
        ] {
            let refused = given::<Target>([]).when(ask(id(1), intent, Some(seen(1)))).refused();
            assert!(refused.code == ErrorCode::Invalid && refused.is_because(code), "{code:?}: {}", refused.message);
        }
    }
}
