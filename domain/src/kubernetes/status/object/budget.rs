//! PodDisruptionBudgets.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::core::message::Code;

pub(super) fn evaluate(seen: &Seen) -> Said {
    if let Some(failed) = seen.fails("DisruptionAllowed").filter(|condition| condition.reason == "SyncFailed") {
        return (ObjectState::Degraded, Some(seen.told_by(failed, Code::BudgetNotComputed)));
    }
    if seen.report.observed_generation.is_none() && seen.report.generation > 0 {
        // Until the controller has counted, the server says 0 of everything.
        return (ObjectState::Progressing, Some(plain(Code::NotObserved.message([]))));
    }
    let count = |name| seen.status.get(name).number();
    if count("expectedPods") == Some(0) {
        return (ObjectState::Inactive, Some(plain(Code::BudgetWithoutPods.message([]))));
    }
    let (healthy, desired) = (count("currentHealthy").unwrap_or_default(), count("desiredHealthy").unwrap_or_default());
    if healthy >= desired {
        return (ObjectState::Ready, None);
    }
    let message = Code::TooFewHealthy.message([("healthy", healthy.into()), ("desired", desired.into())]);
    (ObjectState::Degraded, Some(plain(message)))
}
