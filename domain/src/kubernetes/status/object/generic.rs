//! Any other kind, custom ones too: the rules of kstatus (sigs.k8s.io/cli-utils), and conditions and phases that many
//! controllers write.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::{
    core::message::{Code, FREE_TEXT},
    kubernetes::observation::{Truth, condition},
};

pub(super) fn evaluate(seen: &Seen) -> Said {
    let with = |state, kind| seen.holds(kind).map(|condition| (state, Some(seen.said_by(condition))));
    let first = with(ObjectState::Progressing, "Reconciling")
        .or_else(|| with(ObjectState::Failed, "Stalled"))
        .or_else(|| with(ObjectState::Failed, "Failed"))
        .or_else(|| with(ObjectState::Degraded, "Degraded"));
    first.or_else(|| readiness(seen)).unwrap_or_else(|| of_phase(seen))
}

/// What the condition says that tells whether it is ready. Many controllers write it before they have tried, so an object that
/// is not ready is on its way.
fn readiness(seen: &Seen) -> Option<Said> {
    let conditions = &seen.report.conditions;
    let ready = condition(conditions, "Ready").or_else(|| condition(conditions, "Available"))?;
    Some(match ready.status {
        Truth::True => (ObjectState::Ready, None),
        Truth::False | Truth::Unknown => (ObjectState::Progressing, Some(seen.said_by(ready))),
    })
}

/// Controllers without conditions often have a phase.
fn of_phase(seen: &Seen) -> Said {
    if !seen.report.conditions.is_empty() {
        return (ObjectState::Ready, None);
    }
    let state = match seen.phase() {
        "Failed" | "Error" => ObjectState::Failed,
        "Pending" => ObjectState::Progressing,
        _ => return (ObjectState::Ready, None),
    };
    let arguments = [("phase", seen.phase().into()), (FREE_TEXT, seen.words(seen.status.get("message")))];
    (state, Some(plain(Code::PhaseReported.message(arguments))))
}
