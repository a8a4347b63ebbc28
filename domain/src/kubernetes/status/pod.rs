//! The status of one pod.

use crate::kubernetes::{
    cause::{self, Cause},
    observation::{Container, ContainerState, Object, Pod, Role, Truth, condition_is},
};
use std::borrow::Cow;

/// Why a pod does not work, or not as it should; None for one that does, and for one that just starts.
pub fn cause(pod: &Object<Pod>) -> Option<Cause> {
    cause::of_pod(pod).map(|finding| finding.cause)
}

/// How much a pod's cause explains: whether it keeps the pod from working, then how deep it is. None without a cause.
pub fn severity(pod: &Object<Pod>) -> Option<(bool, u8)> {
    cause::of_pod(pod).map(|finding| (finding.blocks, finding.depth as u8))
}

/// Whether the pod may be used: it is `Ready`, and its deletion has not begun.
pub fn is_ready(pod: &Pod) -> bool {
    pod.deletion.is_none() && condition_is(&pod.conditions, "Ready", Truth::True).is_some()
}

/// Containers that are to be ready, and those that are.
pub fn readiness(pod: &Pod) -> (usize, usize) {
    let counted = || pod.containers.iter().filter(|container| matches!(container.role, Role::Main | Role::Sidecar));
    (counted().count(), counted().filter(|container| container.ready).count())
}

/// How often containers of every role were started again.
pub fn restarts(pod: &Pod) -> i32 {
    pod.containers.iter().map(|container| container.restarts).sum()
}

pub(super) fn is_crash_looping(pod: &Object<Pod>) -> bool {
    // Whatever its state: for a moment the workload may still count one that has ended again.
    pod.facts.deletion.is_none() && pod.facts.containers.iter().any(cause::is_crash_looping)
}

/// What `kubectl get pods` shows as STATUS.
pub fn reason(pod: &Pod) -> Cow<'_, str> {
    let is_going = pod.deletion.is_some();
    match pod.phase.as_str() {
        _ if is_going && pod.reason == "NodeLost" => "Unknown".into(),
        "Succeeded" | "Failed" => progress(pod),
        _ if is_going => "Terminating".into(),
        _ => progress(pod),
    }
}

fn progress(pod: &Pod) -> Cow<'_, str> {
    let initializing = initializing(pod);
    let is_initialized = condition_is(&pod.conditions, "Initialized", Truth::False).is_none();
    let scheduled = condition_is(&pod.conditions, "PodScheduled", Truth::False);
    if initializing.is_none() || is_initialized {
        let main = || pod.containers.iter().filter(|container| container.role == Role::Main);
        let runs = |container: &Container| container.ready && matches!(container.state, ContainerState::Running { .. });
        match main().find_map(|container| state_reason(&container.state)) {
            Some(reason) if reason == "Completed" && main().any(runs) => {
                return if is_ready(pod) { "Running".into() } else { "NotReady".into() };
            }
            Some(reason) => return reason,
            None => {}
        }
    }
    match (initializing, scheduled) {
        (Some(initializing), _) => initializing.into(),
        (None, Some(scheduled)) if scheduled.reason == "SchedulingGated" => "SchedulingGated".into(),
        _ if pod.reason.is_empty() => pod.phase.as_str().into(),
        _ => pod.reason.as_str().into(),
    }
}

/// How far the init containers are, while one of them does not do what it is there for: `Init:1/3`, `Init:Error`.
fn initializing(pod: &Pod) -> Option<String> {
    let all: Vec<&Container> =
        pod.containers.iter().filter(|container| matches!(container.role, Role::Init | Role::Sidecar)).collect();
    let is_done = |container: &Container| match (&container.state, container.role) {
        (ContainerState::Terminated(end), Role::Init) => end.exit_code == 0,
        _ => container.role == Role::Sidecar && container.started,
    };
    let (done, current) = all.iter().enumerate().find(|(_, container)| !is_done(container))?;
    match state_reason(&current.state) {
        // The kubelet has not reported it yet.
        None if !matches!(current.state, ContainerState::Running { .. }) => None,
        None => Some(format!("Init:{done}/{}", all.len())),
        Some(reason) if reason == "PodInitializing" => Some(format!("Init:{done}/{}", all.len())),
        Some(reason) => Some(format!("Init:{reason}")),
    }
}

fn state_reason(state: &ContainerState) -> Option<Cow<'_, str>> {
    match state {
        ContainerState::Waiting { reason, .. } => (!reason.is_empty()).then(|| reason.into()),
        ContainerState::Running { .. } => None,
        ContainerState::Terminated(end) => Some(match (end.reason.as_str(), end.signal) {
            ("", Some(signal)) if signal != 0 => format!("Signal:{signal}").into(),
            ("", _) => format!("ExitCode:{}", end.exit_code).into(),
            (reason, _) => reason.into(),
        }),
    }
}
