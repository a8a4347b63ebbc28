//! Holds back the rollout of a Deployment: changes of its pods wait until it is resumed.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Holds, Offer, Reason},
        observation::Workload,
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

const NAME: &str = "PauseRollout";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change, Stage::WaitUntilObserved],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "PAUSE_ROLLOUT",
        never: |can| (!can.pauses).then_some(Code::NotOfKind),
        refusal: |workload, _| refusal(workload),
        caution: |_, _| None,
    }),
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let wanted = Requested { paused: true, ..context.requested(Goal::Paused) };
    vec![
        Step { stage: Stage::Change, action: Call::Patch { spec: json!({"paused": true}) } },
        Step { stage: Stage::WaitUntilObserved, action: Call::Await(wanted) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload) -> Option<Reason> {
    let message = || Code::IsSoAlready.message([("verb", NAME.into())]);
    workload.details.is_paused().then(|| Reason { message: message(), holds: Holds::UntilAnOperation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        kubernetes::{examples, observation::Details},
        operation::{
            queue::Target,
            tests::{ask, id, is_requested_once, seen, seen_as},
        },
    };

    #[test]
    fn a_rollout_is_paused_where_there_is_one_and_only_once() {
        is_requested_once(&Intent::PauseRollout, Some(seen(1)));
        let paused = ask(id(1), Intent::PauseRollout, Some(seen_as(examples::paused(2, [2; 4]))));
        let refused = given::<Target>([]).when(paused).refused();
        assert!(refused.code == ErrorCode::Invalid && refused.is_because(Code::IsSoAlready), "{refused:?}");
        let daemons = examples::workload(Details::DaemonSet(examples::daemon_set([1; 5])));
        let refused = given::<Target>([]).when(ask(id(1), Intent::PauseRollout, Some(seen_as(daemons)))).refused();
        assert!(refused.code == ErrorCode::NotSupported && refused.is_because(Code::NotOfKind), "{refused:?}");
    }
}
