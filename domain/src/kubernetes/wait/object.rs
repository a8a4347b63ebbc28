//! The same for an object of any kind but workloads: whether it is ready, or gone.

use super::{Goal, Overtaken, Requested, Waited};
use crate::{
    core::message::Code,
    kubernetes::{
        observation::Deletion,
        status::object::{ObjectState, ObjectStatus},
    },
};

/// An object as it is now.
#[derive(Clone, Copy, Debug)]
pub struct FoundObject<'a> {
    pub uid: &'a str,
    pub deletion: Option<&'a Deletion>,
    pub status: &'a ObjectStatus,
}

/// What a read of the cluster means for what was `requested`. `found` is None if there is no object of that name.
pub fn wait_for_object(requested: &Requested, found: Option<FoundObject<'_>>) -> Waited {
    let is_deletion = requested.goal == Goal::Deleted;
    let overtaken = |change: Code| Waited::Overtaken(Overtaken { manager: None, at: None, change: change.message([]) });
    let Some(found) = found else {
        return if is_deletion { Waited::Done(Code::IsGone.message([])) } else { overtaken(Code::DeletedByOthers) };
    };
    let is_another = requested.uid.as_deref().is_some_and(|uid| uid != found.uid);
    match (is_deletion, is_another, found.deletion) {
        (true, true, _) => Waited::Done(Code::ReplacedByAnother.message([])),
        (true, false, deletion) => going(found.status, deletion),
        (false, true, _) => overtaken(Code::ReplacedByAnother),
        (false, false, Some(_)) => overtaken(Code::DeletionBegun),
        (false, false, None) => ready(found.status),
    }
}

fn going(status: &ObjectStatus, deletion: Option<&Deletion>) -> Waited {
    let finalizers = deletion.map(|deletion| deletion.finalizers.clone()).unwrap_or_default();
    let message = match finalizers.is_empty() {
        true => Code::AwaitingEnd.message([]),
        false => Code::AwaitingFinalizers.message([("finalizers", finalizers.into())]),
    };
    Waited::Waiting { message, percent: 0, cause: status.cause.clone() }
}

fn ready(status: &ObjectStatus) -> Waited {
    match (status.state, &status.cause) {
        (ObjectState::Ready | ObjectState::Inactive | ObjectState::Unknown, _) => {
            Waited::Done(Code::IsReady.message([]))
        }
        // It is bound when the first pod uses it.
        (_, Some(cause)) if cause.message.is(Code::ClaimAwaitsPod) => Waited::Done(cause.message.clone()),
        (_, cause) => {
            let message = cause.as_ref().map_or_else(|| Code::AwaitingReady.message([]), |cause| cause.message.clone());
            Waited::Waiting { message, percent: 0, cause: cause.clone() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::cause::Cause;
    use chrono::{DateTime, Utc};

    fn waited(goal: Goal, state: ObjectState, cause: Option<Code>, deletion: Option<&Deletion>) -> Waited {
        let cause = cause.map(|code| {
            let arguments = code.arguments().iter().map(|name| ((*name).into(), "x".into())).collect();
            let message = crate::core::message::Message { code: code.as_str().into(), arguments };
            Cause { message, since: None, evidence: Vec::new() }
        });
        let requested = Requested {
            goal,
            uid: Some("u".to_owned()),
            generation: 0,
            at: DateTime::<Utc>::UNIX_EPOCH,
            replicas: None,
            suspend: None,
            paused: false,
            fields: None,
            may_vanish: false,
        };
        wait_for_object(&requested, Some(FoundObject { uid: "u", deletion, status: &ObjectStatus { state, cause } }))
    }

    #[test]
    fn a_claim_that_waits_for_its_first_pod_is_done() {
        let pending = |cause| waited(Goal::Changed, ObjectState::Progressing, Some(cause), None);
        assert!(matches!(pending(Code::ClaimAwaitsPod), Waited::Done(message) if message.is(Code::ClaimAwaitsPod)));
        assert!(
            matches!(pending(Code::ClaimNotBound), Waited::Waiting { message, .. } if message.is(Code::ClaimNotBound))
        );
        assert!(matches!(waited(Goal::Changed, ObjectState::Ready, None, None), Waited::Done(_)));
    }

    #[test]
    fn a_deletion_waits_for_finalizers_and_overtakes_a_change() {
        let deletion = Deletion { since: DateTime::<Utc>::UNIX_EPOCH, finalizers: vec!["a/b".to_owned()] };
        let going = waited(Goal::Deleted, ObjectState::Deleting, None, Some(&deletion));
        assert!(matches!(going, Waited::Waiting { message, .. } if message.is(Code::AwaitingFinalizers)));
        let changed = waited(Goal::Changed, ObjectState::Deleting, None, Some(&deletion));
        assert!(matches!(changed, Waited::Overtaken(overtaken) if overtaken.change.is(Code::DeletionBegun)));
    }
}
