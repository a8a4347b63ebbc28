//! Restores the replicas that a stop remembered, or resumes.

use super::{Intent, Request, Verb};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Offer, Reason, Surroundings, autoscaled, has_ended, owned},
        observation::{Details, Workload},
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Stage, Step},
};
use serde_json::json;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "StartWorkload",
    stages: &[Stage::Start, Stage::WaitUntilReady],
    plan,
    leaves: None,
    rule,
    offer: Some(Offer {
        action: "START",
        never: |can| (!can.replicas && !can.suspend).then_some(Code::CannotStop),
        refusal,
        caution: |_, surroundings| autoscaled(surroundings),
    }),
    summary: |_, object| Code::RequestedStart.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    let suspends = context.kind.capabilities().suspend;
    let replicas = context.remembered.and_then(|remembered| remembered.replicas).filter(|_| !suspends);
    let action = match replicas {
        _ if suspends => Call::Patch { spec: json!({"suspend": false}) },
        Some(replicas) => Call::Patch { spec: json!({"replicas": replicas}) },
        None => Call::impossible(Code::NothingRemembered),
    };
    let suspend = suspends.then_some(false);
    // What was remembered is used up once it is written.
    let replicas = context.written.and_then(|written| written.replicas);
    let wanted = Requested { replicas, suspend, ..context.requested(Goal::Started) };
    vec![Step { stage: Stage::Start, action }, Step { stage: Stage::WaitUntilReady, action: Call::Await(wanted) }]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()
}

fn refusal(workload: &Workload, surroundings: &Surroundings<'_>) -> Option<Reason> {
    match &workload.details {
        Details::Job(_) if has_ended(workload) => Some(Reason::otherwise(Code::JobHasEnded.message([]))),
        details if details.suspend() == Some(false) => Some(Reason::until_an_operation(Code::NotSuspended)),
        details if details.replicas().is_some_and(|replicas| replicas > 0) => {
            Some(Reason::until_an_operation(Code::NotStopped))
        }
        details if details.replicas().is_some() && !surroundings.remembers_replicas => {
            Some(Reason::until_an_operation(Code::NothingRemembered))
        }
        Details::Deployment(_)
        | Details::StatefulSet(_)
        | Details::DaemonSet(_)
        | Details::ReplicaSet(_)
        | Details::Job(_)
        | Details::CronJob(_) => owned(workload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::decider::Decider,
        operation::{
            OperationEvent, Remembered, Written,
            effect::Reaction,
            queue::Target,
            react::react,
            tests::{deadline, id, object, requested, stage_done, started},
        },
    };

    #[test]
    fn a_start_brings_back_what_the_stop_remembered() {
        let remembered = Some(Remembered { replicas: Some(3), suspend: None });
        let history = [
            requested(id(1), Intent::StopWorkload),
            started(id(1)),
            OperationEvent::OperationStageSucceeded {
                operation: id(1),
                stage: Stage::Remember,
                message: None,
                remembered,
                written: None,
            },
            stage_done(id(1), Stage::Stop),
            stage_done(id(1), Stage::WaitUntilStopped),
            OperationEvent::OperationSucceeded { operation: id(1) },
            requested(id(2), Intent::StartWorkload),
            started(id(2)),
        ];
        let reaction = react(&object(), &Target::fold(&history), &started(id(2)));
        let Reaction::Perform(effect) = reaction else { panic!("no effect: {reaction:?}") };
        assert_eq!(effect.action, Call::Patch { spec: json!({"replicas": 3}) });
    }

    #[test]
    fn a_start_with_nothing_remembered_fails_and_does_not_guess() {
        let history = [requested(id(1), Intent::StartWorkload), started(id(1))];
        let Reaction::Perform(effect) = react(&object(), &Target::fold(&history), &started(id(1))) else {
            panic!("no effect")
        };
        assert!(matches!(effect.action, Call::Impossible { .. }), "{:?}", effect.action);
    }

    #[test]
    fn a_start_waits_for_the_replicas_that_it_wrote() {
        let remembered = Some(Remembered { replicas: Some(4), suspend: None });
        let remember = OperationEvent::OperationStageSucceeded {
            operation: id(1),
            stage: Stage::Remember,
            message: None,
            remembered,
            written: None,
        };
        let stop = [requested(id(1), Intent::StopWorkload), started(id(1)), remember, stage_done(id(1), Stage::Stop)];
        let stopped =
            [stage_done(id(1), Stage::WaitUntilStopped), OperationEvent::OperationSucceeded { operation: id(1) }];
        let written = Written { uid: "u-1".to_owned(), generation: 7, at: deadline(), replicas: Some(4), fields: None };
        let wrote = OperationEvent::OperationStageSucceeded {
            operation: id(2),
            stage: Stage::Start,
            message: None,
            remembered: None,
            written: Some(written),
        };
        let start = [requested(id(2), Intent::StartWorkload), started(id(2)), wrote.clone()];
        let history = [stop.to_vec(), stopped.to_vec(), start.to_vec()].concat();
        let Reaction::Perform(effect) = react(&object(), &Target::fold(&history), &wrote) else { panic!("no effect") };
        let Call::Await(Requested { replicas, .. }) = effect.action else { panic!("no wait") };
        assert_eq!(replicas, Some(4), "and not whatever is there");
    }
}
