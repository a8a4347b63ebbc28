//! The state of workloads and pods in the terms of all objects, so that a list of every kind has one order.

use domain::kubernetes::status::{State, object::ObjectState};

/// The state of a workload as that of an object.
pub const fn of_workload(state: State) -> ObjectState {
    match state {
        State::Running | State::Completed => ObjectState::Ready,
        State::Progressing => ObjectState::Progressing,
        State::RolloutStuck | State::Degraded | State::Unavailable => ObjectState::Degraded,
        State::Failed => ObjectState::Failed,
        State::Paused | State::Stopped | State::Suspended => ObjectState::Inactive,
        State::Deleting => ObjectState::Deleting,
        State::Unknown => ObjectState::Unknown,
    }
}

/// The state of a pod as that of an object. `is_troubled`: a cause is known.
pub fn of_pod(phase: &str, is_ready: bool, is_troubled: bool) -> ObjectState {
    match phase {
        "Terminating" => ObjectState::Deleting,
        "Succeeded" => ObjectState::Ready,
        "Failed" => ObjectState::Failed,
        _ if is_troubled => ObjectState::Degraded,
        _ if is_ready => ObjectState::Ready,
        "Unknown" => ObjectState::Unknown,
        _ => ObjectState::Progressing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_come_in_the_same_order_in_both_lists() {
        let ranks = State::ORDER.map(|state| of_workload(state).rank());
        assert!(ranks.is_sorted(), "{ranks:?}");
    }

    #[test]
    fn a_pod_is_ready_when_it_works_or_is_done() {
        for (phase, is_ready, is_troubled, expected) in [
            ("Running", true, false, ObjectState::Ready),
            ("Running", true, true, ObjectState::Degraded),
            ("Running", false, false, ObjectState::Progressing),
            ("Pending", false, true, ObjectState::Degraded),
            ("Succeeded", false, false, ObjectState::Ready),
            ("Failed", false, true, ObjectState::Failed),
            ("Terminating", true, false, ObjectState::Deleting),
            ("Unknown", false, false, ObjectState::Unknown),
        ] {
            assert_eq!(of_pod(phase, is_ready, is_troubled), expected, "{phase}");
        }
    }
}
