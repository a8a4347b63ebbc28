//! Lets the rollout of a Deployment go on after a pause.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Holds, Offer, Reason},
        observation::Workload,
        wait::Goal,
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

const NAME: &str = "ResumeRollout";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change, Stage::WaitUntilObserved],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "RESUME_ROLLOUT",
        never: |can| (!can.pauses).then_some(Code::NotOfKind),
        refusal: |workload, _| refusal(workload),
        caution: |_, _| None,
    }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    vec![
        Step { stage: Stage::Change, action: Call::Patch { spec: json!({"paused": false}) } },
        Step { stage: Stage::WaitUntilObserved, action: Call::Await(context.requested(Goal::Paused)) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload) -> Option<Reason> {
    let message = || Code::IsSoAlready.message([("verb", NAME.into())]);
    (!workload.details.is_paused()).then(|| Reason { message: message(), holds: Holds::UntilAnOperation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        kubernetes::examples,
        operation::{
            OperationEvent,
            queue::Target,
            tests::{ask, id, is_requested_once, requested, seen, seen_as, started},
        },
    };

    #[test]
    fn only_a_paused_rollout_is_resumed() {
        let paused = || Some(seen_as(examples::paused(2, [2; 4])));
        is_requested_once(&Intent::ResumeRollout, paused());
        let refused = given::<Target>([]).when(ask(id(1), Intent::ResumeRollout, Some(seen(1)))).refused();
        assert!(refused.code == ErrorCode::Invalid && refused.is_because(Code::IsSoAlready), "{refused:?}");
        // A pause that is ahead of it may have been carried out by then.
        let pause = [requested(id(1), Intent::PauseRollout), started(id(1))];
        let behind = Some("PauseRollout".to_owned());
        given::<Target>(pause).when(ask(id(2), Intent::ResumeRollout, Some(seen(1)))).then([
            OperationEvent::OperationRequested {
                operation: id(2),
                intent: Intent::ResumeRollout,
                uid: Some("u-1".to_owned()),
                retry_of: None,
                behind,
            },
        ]);
    }
}
