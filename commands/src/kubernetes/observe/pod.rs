//! Pods, with containers of every role.

use super::meta::{self, Error};
use chrono::{DateTime, Utc};
use domain::kubernetes::manifest::is_image;
use domain::kubernetes::observation::{
    Condition, Container, ContainerState, FreeText, Pod, Probe, Role, Termination, Truth, controller,
};
use domain::kubernetes::secret::REDACTED;
use k8s_openapi::{
    api::core::v1::{
        self as core, ContainerStateTerminated, ContainerStatus, EphemeralContainer, PodSpec, PodStatus,
        ResourceRequirements,
    },
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::ObjectMeta},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Conditions that matter only while they are false.
const WHILE_NOT_TRUE: [&str; 4] = ["ContainersReady", "Initialized", "PodReadyToStartContainers", "PodScheduled"];

/// The facts about a pod, observed at `now`. The events about it are not part of the object: `notes` is empty.
pub fn pod(object: &Value, now: DateTime<Utc>) -> Result<Pod, Error> {
    let object: core::Pod = meta::read(object)?;
    let spec = object.spec.unwrap_or_default();
    let status = object.status.unwrap_or_default();
    let containers = containers(&spec, &status, now);
    let gates = spec.readiness_gates.into_iter().flatten().map(|gate| gate.condition_type).collect::<Vec<_>>();
    Ok(Pod {
        conditions: conditions(&status, &gates),
        phase: meta::code(status.phase),
        reason: meta::code(status.reason),
        message: FreeText::new(status.message.as_deref().unwrap_or_default()),
        deletion: meta::deletion(&object.metadata),
        node: spec.node_name,
        owners: meta::owners(&object.metadata),
        revision: revision(&object.metadata),
        never_restarts: spec.restart_policy.as_deref() == Some("Never"),
        readiness_gates: gates,
        containers,
        notes: Vec::new(),
    })
}

fn conditions(status: &PodStatus, gates: &[String]) -> Vec<Condition> {
    let all = status.conditions.iter().flatten().map(|one| {
        let message = one.message.as_deref();
        let since = one.last_transition_time.as_ref();
        meta::condition(one.type_.clone(), &one.status, one.reason.clone(), message, since)
    });
    meta::sorted(all.filter(|one| match one.kind.as_str() {
        "Ready" => true,
        "DisruptionTarget" => one.status == Truth::True,
        kind if WHILE_NOT_TRUE.contains(&kind) => one.status != Truth::True,
        kind => gates.iter().any(|gate| gate == kind),
    }))
}

/// The labels with which a controller marks the template version of a pod.
fn revision(metadata: &ObjectMeta) -> Option<String> {
    let owners = meta::owners(metadata);
    let label = match controller(&owners).map(|owner| owner.kind.as_str()) {
        Some("ReplicaSet") => "pod-template-hash",
        Some("DaemonSet") => "pod-template-generation",
        Some("StatefulSet") => "controller-revision-hash",
        _ => return None,
    };
    meta::label(metadata, label).cloned()
}

fn containers(spec: &PodSpec, status: &PodStatus, now: DateTime<Utc>) -> Vec<Container> {
    let init = spec.init_containers.iter().flatten().map(|spec| {
        let role = if spec.restart_policy.as_deref() == Some("Always") { Role::Sidecar } else { Role::Init };
        container(role, spec, find(status.init_container_statuses.as_deref(), &spec.name), now)
    });
    let main = spec
        .containers
        .iter()
        .map(|spec| container(Role::Main, spec, find(status.container_statuses.as_deref(), &spec.name), now));
    let ephemeral = spec.ephemeral_containers.iter().flatten().map(|spec| {
        let status = find(status.ephemeral_container_statuses.as_deref(), &spec.name);
        container(Role::Ephemeral, &as_container(spec), status, now)
    });
    init.chain(main).chain(ephemeral).collect()
}

fn find<'a>(statuses: Option<&'a [ContainerStatus]>, name: &str) -> Option<&'a ContainerStatus> {
    statuses?.iter().find(|status| status.name == name)
}

/// An ephemeral container has no probes and no resources.
fn as_container(spec: &EphemeralContainer) -> core::Container {
    core::Container { name: spec.name.clone(), image: spec.image.clone(), ..core::Container::default() }
}

fn container(role: Role, spec: &core::Container, status: Option<&ContainerStatus>, now: DateTime<Utc>) -> Container {
    let mut state = status.map(state).unwrap_or_default();
    let image = image(spec.image.as_deref().unwrap_or_default());
    if let ContainerState::Waiting { message, .. } = &mut state
        && image == REDACTED
    {
        // It quotes the image.
        *message = FreeText::default();
    }
    let last = status.and_then(|status| status.last_state.as_ref()?.terminated.as_ref()).map(termination);
    let resource = |list: ListOf, name: &str| resource(spec, status, list, name);
    let mut container = Container {
        name: spec.name.clone(),
        role,
        image,
        ready: status.is_some_and(|status| status.ready),
        started: status.is_some_and(|status| status.started == Some(true)),
        restarts: status.map_or(0, |status| status.restart_count),
        settled: false,
        overdue: false,
        ready_delay: spec.readiness_probe.as_ref().and_then(|probe| probe.initial_delay_seconds).unwrap_or_default(),
        state,
        last,
        probes: probes(spec),
        memory_limit: resource(LIMITS, "memory"),
        memory_request: resource(REQUESTS, "memory"),
        cpu_limit: resource(LIMITS, "cpu"),
        cpu_request: resource(REQUESTS, "cpu"),
    };
    container.age(now);
    container
}

fn state(status: &ContainerStatus) -> ContainerState {
    let Some(state) = &status.state else { return ContainerState::default() };
    if let Some(running) = &state.running {
        return ContainerState::Running { since: meta::time(running.started_at.as_ref()) };
    }
    if let Some(terminated) = &state.terminated {
        return ContainerState::Terminated(termination(terminated));
    }
    let waiting = state.waiting.clone().unwrap_or_default();
    let reason = meta::code(waiting.reason);
    // It only counts the pause. Each step would be a new event.
    let message = waiting.message.filter(|_| reason != "CrashLoopBackOff").unwrap_or_default();
    ContainerState::Waiting { reason, message: FreeText::new(&message) }
}

fn termination(end: &ContainerStateTerminated) -> Termination {
    Termination {
        reason: meta::code(end.reason.clone()),
        exit_code: end.exit_code,
        signal: end.signal.filter(|signal| *signal != 0),
        message: FreeText::new(end.message.as_deref().unwrap_or_default()),
        started_at: meta::time(end.started_at.as_ref()),
        finished_at: meta::time(end.finished_at.as_ref()),
    }
}

fn probes(spec: &core::Container) -> Vec<Probe> {
    [
        (&spec.liveness_probe, Probe::Liveness),
        (&spec.readiness_probe, Probe::Readiness),
        (&spec.startup_probe, Probe::Startup),
    ]
    .into_iter()
    .filter_map(|(found, probe)| found.as_ref().map(|_| probe))
    .collect()
}

/// In clear, because people search by it, unless it is no name of an image: Kubernetes takes any text.
fn image(text: &str) -> String {
    if text.is_empty() || is_image(text) { text.to_owned() } else { REDACTED.to_owned() }
}

/// One of the two lists of quantities.
type ListOf = fn(&ResourceRequirements) -> Option<&BTreeMap<String, Quantity>>;

const REQUESTS: ListOf = |resources| resources.requests.as_ref();
const LIMITS: ListOf = |resources| resources.limits.as_ref();

/// The quantity in force; the wanted one while nothing is reported. They differ while a resize waits.
fn resource(spec: &core::Container, status: Option<&ContainerStatus>, list: ListOf, name: &str) -> Option<String> {
    let find = |resources: &ResourceRequirements| Some(list(resources)?.get(name)?.0.clone());
    status.and_then(|status| find(status.resources.as_ref()?)).or_else(|| find(spec.resources.as_ref()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_is_none_is_masked() {
        for name in ["", "busybox:1", "Not/A/Name", "registry.example:5000/team/web@sha256:0a1b"] {
            assert_eq!(image(name), name);
        }
        let token = format!("busybox:ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
        for text in ["the word is hunter2", "user:hunter2@registry.example/web:1", "a\nb", &token] {
            assert_eq!(image(text), "<redacted>", "{text}");
        }

        let waits = |image: &str| {
            let spec = core::Container { image: Some(image.to_owned()), ..core::Container::default() };
            let message = Some(format!("Failed to apply default image tag \"{image}\""));
            let waiting = core::ContainerStateWaiting { reason: Some("InvalidImageName".to_owned()), message };
            let state = core::ContainerState { waiting: Some(waiting), ..core::ContainerState::default() };
            let status = ContainerStatus { state: Some(state), ..ContainerStatus::default() };
            format!("{:?}", container(Role::Main, &spec, Some(&status), Utc::now()).state)
        };
        assert!(!waits("the word is hunter2").contains("hunter2"), "what the kubelet says quotes it");
        assert!(waits("Not/A/Name").contains("Not/A/Name"));
    }
}
