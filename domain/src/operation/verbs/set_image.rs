//! Sets the image of a container of a pod template.

use super::{
    Intent, Request, Verb, invalid,
    set::{container_plan, container_rule, template_refusal},
};
use crate::{
    core::{
        message::{Code, Message},
        refusal::Refusal,
    },
    kubernetes::{action::Offer, manifest::is_image},
    operation::{
        change::ContainerChange,
        plan::{Context, Stage, Step},
    },
};
use serde_json::Value;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "SetImage",
    stages: &[Stage::Change, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "SET_IMAGE",
        never: |can| (!can.template).then_some(Code::NotOfKind),
        refusal: |workload, _| template_refusal(workload),
        caution: |_, _| None,
    }),
    summary,
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::SetImage { container, image } = intent else { return Vec::new() };
    let (container, image) = (container.clone(), Some(image.clone()));
    container_plan(ContainerChange { container, image, ..ContainerChange::default() }, context)
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetImage { container, image } = request.intent else { return Ok(()) };
    container_rule(request, container)?;
    // It is stored in clear, so nothing else may stand in it.
    if image.is_empty() || !is_image(image) {
        return Err(invalid("image", Code::NotAnImage.message([])));
    }
    Ok(())
}

fn summary(intent: &Intent, object: Value) -> Message {
    let Intent::SetImage { container, image } = intent else {
        return Code::Requested.message([("verb", VERB.name.into()), ("object", object)]);
    };
    let (container, image) = (container.as_str().into(), image.as_str().into());
    Code::RequestedImage.message([("object", object), ("container", container), ("image", image)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        kubernetes::{
            examples,
            observation::{Job, Workload},
        },
        operation::{
            queue::Target,
            tests::{ask, id, is_requested_once, seen, seen_as},
        },
    };

    fn image(container: &str, image: &str) -> Intent {
        Intent::SetImage { container: container.to_owned(), image: image.to_owned() }
    }

    #[test]
    fn an_image_is_set_where_a_template_can_change() {
        let intent = image("web", "registry.example/web:2");
        is_requested_once(&intent, Some(seen(1)));
        let refused = |intent: Intent, workload: Workload| {
            let refusal = given::<Target>([]).when(ask(id(1), intent, Some(seen_as(workload)))).refused();
            (refusal.code, refusal.reason.and_then(|reason| reason.known()))
        };
        let web = || examples::deployment(1, [1; 4]);
        let job = examples::job(Job::default());
        assert_eq!(refused(intent.clone(), job), (ErrorCode::NotSupported, Some(Code::NotOfKind)));
        let owned = examples::replica_set(1, [1; 4]).owned_by("Deployment", "web");
        assert_eq!(refused(intent, owned), (ErrorCode::Invalid, Some(Code::TemplateOfOwner)));
        for wrong in ["", "web 2", "user:hunter2@registry.example/web"] {
            assert_eq!(refused(image("web", wrong), web()), (ErrorCode::Invalid, Some(Code::NotAnImage)), "{wrong}");
        }
        assert_eq!(refused(image("Web!", "web:2"), web()), (ErrorCode::Invalid, Some(Code::NotAKey)));
    }
}
