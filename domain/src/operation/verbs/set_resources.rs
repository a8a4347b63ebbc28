//! Sets and removes requests and limits of a container of a pod template.

use super::{
    Intent, Request, Verb,
    set::{container_plan, container_rule, is_quantity, names_rule, template_refusal, values_rule},
};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::action::Offer,
    operation::{
        change::{ContainerChange, clear},
        plan::{Context, Stage, Step},
    },
};

const NAME: &str = "SetResources";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "SET_RESOURCES",
        never: |can| (!can.template).then_some(Code::NotOfKind),
        refusal: |workload, _| template_refusal(workload),
        caution: |_, _| None,
    }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::SetResources { container, requests, limits } = intent else { return Vec::new() };
    let (container, requests, limits) = (container.clone(), requests.clone(), limits.clone());
    container_plan(ContainerChange { container, requests, limits, ..ContainerChange::default() }, context)
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetResources { container, requests, limits } = request.intent else { return Ok(()) };
    container_rule(request, container)?;
    names_rule("requests", clear(requests).chain(clear(limits)))?;
    values_rule("requests", requests, is_quantity)?;
    values_rule("limits", limits, is_quantity)
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
    fn resources_are_amounts() {
        let of = |value: &str| Intent::SetResources {
            container: "web".to_owned(),
            requests: [("cpu".to_owned(), Some(value.to_owned())), ("memory".to_owned(), None)].into(),
            limits: Default::default(),
        };
        let half = of("500m");
        is_requested_once(&half, Some(seen(1)));
        for wrong in ["much", "", "-1"] {
            let refused = given::<Target>([]).when(ask(id(1), of(wrong), Some(seen(1)))).refused();
            assert!(refused.code == ErrorCode::Invalid && refused.is_because(Code::NotAValue), "{wrong}: {refused:?}");
        }
    }
}
