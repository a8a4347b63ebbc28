//! HorizontalPodAutoscalers.

use super::{ObjectState, Said, seen::Seen};
use crate::core::message::Code;

pub(super) fn evaluate(seen: &Seen) -> Said {
    if seen.report.conditions.is_empty() {
        // Its controller has not looked at it yet.
        return (ObjectState::Progressing, None);
    }
    if let Some(condition) = seen.fails("AbleToScale") {
        return (ObjectState::Degraded, Some(seen.reasoned_by(condition, Code::CannotScale)));
    }
    match seen.fails("ScalingActive") {
        Some(condition) if condition.reason == "ScalingDisabled" => {
            (ObjectState::Inactive, Some(seen.shown_by(condition, Code::TargetScaledToZero.message([]))))
        }
        // FailedGetResourceMetric, FailedGetExternalMetric ..
        Some(condition) if condition.reason.starts_with("FailedGet") => {
            (ObjectState::Degraded, Some(seen.reasoned_by(condition, Code::MetricUnreadable)))
        }
        Some(condition) => (ObjectState::Degraded, Some(seen.reasoned_by(condition, Code::CannotScale))),
        None => (ObjectState::Ready, None),
    }
}
