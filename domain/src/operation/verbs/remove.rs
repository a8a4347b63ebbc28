//! Deletes the incarnation of an object of any kind that the user saw.

use super::{Intent, Request, Verb, delete, invalid};
use crate::{
    core::{message::Code, refusal::Refusal},
    operation::plan::{Context, Stage, Step},
};

/// A day: a longer grace period is a mistake.
const LONGEST_GRACE: u32 = 86_400;

pub(in crate::operation) const VERB: Verb = Verb {
    name: "DeleteObject",
    stages: &[Stage::Delete, Stage::WaitUntilGone],
    plan,
    leaves: Some(false),
    rule,
    offer: None,
    summary: |_, object| Code::RequestedDelete.message([("object", object)]),
};

fn plan(intent: &Intent, context: &Context<'_>) -> Vec<Step> {
    let Intent::DeleteObject { propagation, grace_period_seconds } = *intent else { return Vec::new() };
    delete::steps(context, propagation, grace_period_seconds)
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    delete::must_be_created(request)?;
    if let Intent::DeleteObject { grace_period_seconds: Some(seconds), .. } = *request.intent
        && seconds > LONGEST_GRACE
    {
        let grace = [("value", seconds.to_string().into()), ("most", LONGEST_GRACE.into())];
        return Err(invalid("gracePeriodSeconds", Code::NotACount.message(grace)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{decider::Decider, given::given, refusal::ErrorCode},
        operation::{
            Propagation,
            effect::Reaction,
            plan::Call,
            queue::Target,
            react::react,
            tests::{ask, id, object, requested, seen, started},
        },
    };

    fn delete(grace_period_seconds: Option<u32>) -> Intent {
        Intent::DeleteObject { propagation: Propagation::Orphan, grace_period_seconds }
    }

    #[test]
    fn exactly_what_the_user_saw_is_deleted_as_they_asked() {
        let history = [requested(id(1), delete(Some(5))), started(id(1))];
        given::<Target>([]).when(ask(id(1), delete(Some(5)), Some(seen(1)))).then(history.clone());
        let Reaction::Perform(effect) = react(&object(), &Target::fold(&history), &history[1]) else {
            panic!("no effect")
        };
        let (uid, propagation, grace_period_seconds) = ("u-1".to_owned(), Propagation::Orphan, Some(5));
        assert_eq!(effect.action, Call::Delete { uid, propagation, grace_period_seconds });
    }

    #[test]
    fn what_is_not_there_and_what_takes_for_ever_is_refused() {
        let code = |intent, seen| given::<Target>([]).when(ask(id(1), intent, seen)).refused().code;
        assert_eq!(code(delete(None), None), ErrorCode::NotFound);
        assert_eq!(code(delete(Some(86_401)), Some(seen(1))), ErrorCode::Invalid);
    }

    #[test]
    fn the_same_request_again_is_silence() {
        let history = [requested(id(1), delete(None)), started(id(1))];
        given::<Target>(history).when(ask(id(1), delete(None), Some(seen(1)))).silence();
    }
}
