//! Sets and removes keys of the data of a Secret. The values are in no event: the row of the effect has them, sealed, until the
//! operation ends. So it never waits behind another operation, and cannot be retried after its end.

use super::{Intent, Request, Verb, set::names_rule};
use crate::{
    core::{
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    operation::{
        change::clear,
        plan::{Call, Context, Stage, Step},
    },
};

const NAME: &str = "SetSecretData";

pub(in crate::operation) const VERB: Verb = Verb {
    name: NAME,
    stages: &[Stage::Change],
    plan,
    leaves: None,
    rule,
    offer: None,
    summary: |_, object| Code::Requested.message([("verb", NAME.into()), ("object", object)]),
};

fn plan(intent: &Intent, _: &Context<'_>) -> Vec<Step> {
    let Intent::SetSecretData { keys } = intent else { return Vec::new() };
    let removed = keys.iter().filter(|(_, hash)| hash.is_none()).map(|(name, _)| name.clone());
    let (removed, is_removal) = (removed.collect(), keys.values().all(Option::is_none));
    let action = Call::SecretData { removed, values: None, is_removal };
    vec![Step { stage: Stage::Change, action }]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    let Intent::SetSecretData { keys } = request.intent else { return Ok(()) };
    request.must_exist()?;
    if request.is_queued {
        return Err(Refusal::because(ErrorCode::Unavailable, "id", Code::ValuesCannotWait.message([])));
    }
    names_rule("data", clear(keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{decider::Decider, given::given},
        kubernetes::{
            observed::{Content, Seen},
            resource::Resource,
        },
        operation::{
            Failure, OperationEvent, TargetCommand,
            effect::Reaction,
            queue::Target,
            react::react,
            tests::{deadline, id, object, requested, started},
        },
    };

    fn intent() -> Intent {
        Intent::SetSecretData { keys: [("a".to_owned(), Some("0f".to_owned())), ("b".to_owned(), None)].into() }
    }

    fn seen() -> Option<Seen> {
        let (uid, content) = ("u-1".to_owned(), Content::Hash("0a".to_owned()));
        Some(Seen { uid, content, is_going: false, facts: None })
    }

    fn ask(operation: u128) -> TargetCommand {
        TargetCommand::Request {
            operation: id(operation),
            kind: Resource::SECRET,
            intent: intent(),
            expected_version: None,
            seen: seen(),
            deadline: deadline(),
        }
    }

    #[test]
    fn values_do_not_wait_and_are_in_no_event() {
        let events = [requested(id(1), intent()), started(id(1))];
        given::<Target>([]).when(ask(1)).then(events.clone());
        given::<Target>(events.clone()).when(ask(1)).silence();
        let refused = given::<Target>(events.clone()).when(ask(2)).refused();
        assert!(refused.code == ErrorCode::Unavailable && refused.is_because(Code::ValuesCannotWait), "{refused:?}");
        let Reaction::Perform(effect) = react(&object(), &Target::fold(&events), &events[1]) else {
            panic!("no effect")
        };
        let removed = vec!["b".to_owned()];
        assert_eq!(effect.action, Call::SecretData { removed, values: None, is_removal: false });
    }

    #[test]
    fn it_is_not_retried_because_its_values_are_gone() {
        let failure = Failure { code: ErrorCode::TimedOut, message: Code::ClusterSilent.message([]), cause: None };
        let failed = OperationEvent::OperationFailed { operation: id(1), stage: Stage::Change, failure };
        let retry = TargetCommand::Retry {
            operation: id(2),
            kind: Resource::SECRET,
            of: id(1),
            seen: seen(),
            deadline: deadline(),
        };
        let refused = given::<Target>([requested(id(1), intent()), started(id(1)), failed]).when(retry).refused();
        assert!(refused.code == ErrorCode::Invalid && refused.is_because(Code::RetryWithoutValues), "{refused:?}");
    }
}
