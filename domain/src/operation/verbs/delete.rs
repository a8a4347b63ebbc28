//! Deletes the incarnation that the user saw.

use super::{Intent, Request, Verb, invalid};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Offer, owner_arguments},
        observation::controller,
        wait::{Goal, Requested},
    },
    operation::plan::{Call, Context, Propagation, Stage, Step},
};

pub(in crate::operation) const VERB: Verb = Verb {
    name: "DeleteWorkload",
    stages: &[Stage::Delete, Stage::WaitUntilGone],
    plan,
    leaves: Some(false),
    rule,
    offer: Some(Offer {
        action: "DELETE",
        never: |_| None,
        refusal: |_, _| None,
        caution: |workload, _| {
            controller(&workload.owners).map(|owner| Code::OwnerMakesItAgain.message(owner_arguments(owner)))
        },
    }),
    summary: |_, object| Code::RequestedDelete.message([("object", object)]),
};

fn plan(_: &Intent, context: &Context<'_>) -> Vec<Step> {
    steps(context, Propagation::default(), None)
}

/// Deletes the incarnation that was requested, and waits until it is gone.
pub(super) fn steps(context: &Context<'_>, propagation: Propagation, grace_period_seconds: Option<u32>) -> Vec<Step> {
    let action = match context.uid {
        Some(uid) => Call::Delete { uid: uid.to_owned(), propagation, grace_period_seconds },
        None => Call::impossible(Code::NeverObserved),
    };
    let wanted = Requested { uid: context.uid.map(str::to_owned), ..context.requested(Goal::Deleted) };
    vec![Step { stage: Stage::Delete, action }, Step { stage: Stage::WaitUntilGone, action: Call::Await(wanted) }]
}

fn rule(request: &Request<'_>) -> Result<(), Refusal> {
    must_be_created(request)?;
    request.must_be_offered()
}

/// The object is there, and not only requested.
pub(super) fn must_be_created(request: &Request<'_>) -> Result<(), Refusal> {
    request.must_exist()?;
    if request.seen.is_none() {
        return Err(invalid("id", Code::StillBeingCreated.message([])));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{given::given, refusal::ErrorCode},
        operation::{
            queue::Target,
            tests::{ask, id, requested, started},
        },
    };
    use serde_json::json;

    #[test]
    fn what_was_never_seen_is_not_deleted() {
        let create = Intent::CreateWorkload { manifest: json!({}).into() };
        let refusal = given::<Target>([requested(id(1), create), started(id(1))])
            .when(ask(id(2), Intent::DeleteWorkload, None))
            .refused();
        assert_eq!(refusal.code, ErrorCode::Invalid);
    }
}
