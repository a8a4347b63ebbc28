//! Replaces the pods of a workload one after the other.

use super::{Intent, Request, Verb};
use crate::{
    core::{
        message::{Code, Message},
        refusal::Refusal,
    },
    kubernetes::{
        action::{Offer, Reason},
        observation::{DaemonSet, Details, StatefulSet, UpdateStrategy, Workload},
        wait::Goal,
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "RestartWorkload",
    stages: &[Stage::Restart, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "RESTART",
        never: |can| (!can.rolls_out).then_some(Code::DoesNotRollOut),
        refusal: |workload, _| refusal(workload),
        caution: |workload, _| caution(workload),
    }),
    summary: |_, object| Code::RequestedRestart.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    // The value is the operation id and not the time, so that a repetition changes nothing.
    let annotations = json!({"binnacle.io/restarted-by": context.operation});
    let spec = json!({"template": {"metadata": {"annotations": annotations}}});
    vec![
        Step { stage: Stage::Restart, action: Call::Patch { spec } },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(context.requested(Goal::Restarted)) },
    ]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload) -> Option<Reason> {
    match &workload.details {
        Details::Deployment(own) if own.paused => Some(Reason::until_an_operation(Code::RolloutIsPaused)),
        Details::DaemonSet(own) if own.desired == 0 => Some(Reason::until_an_operation(Code::NothingToRestart)),
        details if details.replicas() == Some(0) => Some(Reason::until_an_operation(Code::NothingToRestart)),
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => None,
    }
}

fn caution(workload: &Workload) -> Option<Message> {
    use UpdateStrategy::OnDelete;
    match &workload.details {
        Details::StatefulSet(StatefulSet { update_strategy: OnDelete, replicas: pods, .. })
        | Details::DaemonSet(DaemonSet { update_strategy: OnDelete, desired: pods, .. }) => {
            Some(Code::RestartsOnDelete.message([("pods", (*pods).into())]))
        }
        Details::StatefulSet(own) if own.partition > 0 => Some(Code::Partitioned.message([
            ("updated", (own.replicas - own.partition).max(0).into()),
            ("desired", own.replicas.into()),
            ("partition", own.partition.into()),
        ])),
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        kubernetes::examples,
        operation::{
            queue::Target,
            tests::{ask, id, seen_as},
        },
    };

    #[test]
    fn a_paused_rollout_is_not_restarted_and_says_why() {
        let command = ask(id(1), Intent::RestartWorkload, Some(seen_as(examples::paused(2, [2; 4]))));
        let refused = given::<Target>([]).when(command).refused();
        assert_eq!(refused.code, ErrorCode::Invalid);
        assert!(refused.reason.is_some_and(|reason| reason.is(Code::RolloutIsPaused)));
    }
}
