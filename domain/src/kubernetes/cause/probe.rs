//! Containers that run and do not answer as they should.

use super::finding::{Depth, Finding, ObjectName, condition_evidence, event_evidence, notes_of, place, with};
use crate::{
    core::message::Code,
    kubernetes::observation::{Container, ContainerState, Note, Object, Pod, Probe, Role, Truth, condition_is},
};
use chrono::{DateTime, TimeDelta, Utc};

/// How long reports must have gone on to be more than a slow start.
pub(crate) const GRACE: TimeDelta = TimeDelta::seconds(Container::READY_WITHIN_SECONDS);
/// A container that was ready shows it by a `Ready` that turned false well after its start.
const AFTER_START: TimeDelta = TimeDelta::seconds(1);

/// What the kubelet reported about the probes of a container.
pub(super) fn failures<'a>(
    pod: &'a Object<'a, Pod>,
    container: &'a Container,
) -> impl Iterator<Item = (Probe, &'a Note)> {
    let reports = notes_of(pod, container).filter(|note| note.reason == "Unhealthy");
    reports.filter_map(|note| Some((probe_of(note.words())?, note)))
}

/// "Readiness probe failed: ..", or "errored".
fn probe_of(message: &str) -> Option<Probe> {
    let (probe, _) = message.split_once(" probe ")?;
    [("Liveness", Probe::Liveness), ("Readiness", Probe::Readiness), ("Startup", Probe::Startup)]
        .into_iter()
        .find_map(|(word, kind)| (word == probe).then_some(kind))
}

/// A container that runs, is not ready, and whose probe was reported to fail in this run.
pub(super) fn failing(pod: &Object<Pod>) -> Option<Finding> {
    pod.facts.containers.iter().find_map(|container| {
        let since = unready_since(container)?;
        let (probe, note) = failures(pod, container)
            .filter(|(probe, note)| fits(*probe, container) && since.is_none_or(|start| note.last >= start))
            .max_by_key(|(_, note)| note.last)?;
        let message =
            Code::ProbeFails.message(with(place(pod, container, &note.message), ("probe", probe.as_str().into())));
        let finding = Finding::new(Depth::Readiness, message)
            .since(Some(note.first))
            .with(event_evidence(note, ObjectName::new("Pod", pod.name)));
        let has_lasted = note.last - note.first.max(since.unwrap_or(note.first)) >= GRACE;
        // The kubelet reports a probe of every second for 25 s only, so the reports alone do not show how long it lasts.
        let blocks = probe == Probe::Readiness && (container.overdue || has_lasted || went_unready(pod, since));
        Some(if blocks { finding } else { finding.passing() })
    })
}

/// A failing liveness probe has no effect on a container until the kubelet ends it.
const fn fits(probe: Probe, container: &Container) -> bool {
    match probe {
        Probe::Readiness => container.started,
        Probe::Startup => !container.started,
        Probe::Liveness => true,
    }
}

/// Since when a container that is not ready runs; None when it does not run, or is ready.
fn unready_since(container: &Container) -> Option<Option<DateTime<Utc>>> {
    let ContainerState::Running { since } = container.state else { return None };
    (!container.ready).then_some(since)
}

fn went_unready(pod: &Object<Pod>, started: Option<DateTime<Utc>>) -> bool {
    match (pod.facts.not_ready_since(), started) {
        (Some(unready), Some(started)) => unready > started + AFTER_START,
        _ => false,
    }
}

/// A pod that is not ready without a report of a probe: it was ready before, it should be by now, or a gate is shut.
pub(super) fn not_ready(pod: &Object<Pod>) -> Option<Finding> {
    let ready = condition_is(&pod.facts.conditions, "Ready", Truth::False)?;
    if pod.facts.phase != "Running" {
        return None;
    }
    let counted = pod.facts.containers.iter().filter(|container| matches!(container.role, Role::Main | Role::Sidecar));
    let unready = counted.filter_map(|container| Some((container, unready_since(container)?))).next();
    let message = match unready {
        Some((container, started)) => {
            let had_been_ready = container.probes.contains(&Probe::Readiness) && went_unready(pod, started);
            let code = if had_been_ready { Code::NotReady } else { Code::NeverReady };
            (had_been_ready || container.overdue).then(|| {
                code.message([
                    ("pod", pod.name.into()),
                    ("container", container.name.as_str().into()),
                    ("role", container.role.as_str().into()),
                ])
            })
        }
        None => shut_gate(pod)
            .map(|gate| Code::ReadinessGateShut.message([("pod", pod.name.into()), ("gate", gate.into())])),
    }?;
    let evidence = condition_evidence(ready, ObjectName::new("Pod", pod.name));
    Some(Finding::new(Depth::Readiness, message).since(ready.since).with(evidence))
}

fn shut_gate<'a>(pod: &'a Object<Pod>) -> Option<&'a str> {
    let is_open = |gate: &&String| condition_is(&pod.facts.conditions, gate, Truth::True).is_some();
    pod.facts.readiness_gates.iter().find(|gate| !is_open(gate)).map(String::as_str)
}
