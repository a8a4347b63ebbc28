//! Containers that ended, or that cannot be made.

use super::{
    finding::{
        Depth, Evidence, EvidenceKind, Finding, ObjectName, after, between, condition_evidence, event_evidence, is_key,
        name, notes_of, place, with,
    },
    image, probe, volume,
};
use crate::{
    core::message::{Code, Message},
    kubernetes::observation::{
        Container, ContainerState, FreeText, Note, Object, Pod, Probe, Role, Termination, Truth, condition_is,
    },
};
use chrono::TimeDelta;

/// The cause of the first container that fails. Init containers come first, since the others wait for them; those that
/// were added for debugging keep nothing from working.
pub(super) fn failing(pod: &Object<Pod>) -> Option<Finding> {
    let of_role = |role: Role| pod.facts.containers.iter().filter(move |container| container.role == role);
    [Role::Init, Role::Sidecar, Role::Main]
        .into_iter()
        .flat_map(of_role)
        .find_map(|container| of_container(pod, container))
        .or_else(|| of_role(Role::Ephemeral).find_map(|container| of_container(pod, container)).map(Finding::passing))
}

fn of_container(pod: &Object<Pod>, container: &Container) -> Option<Finding> {
    match &container.state {
        ContainerState::Waiting { reason, message } => waiting(pod, container, reason, message),
        ContainerState::Terminated(end) => (is_failure(pod, container, end)).then(|| ended(pod, container, end)),
        ContainerState::Running { .. } if is_crash_looping(container) => {
            container.last.as_ref().map(|end| ended(pod, container, end))
        }
        ContainerState::Running { .. } => None,
    }
}

/// An init container that runs for so long that people should know what the others wait for. It keeps a Job from nothing:
/// the work of a Job may well begin with a long preparation.
pub(super) fn slow_init(pod: &Object<Pod>) -> Option<Finding> {
    let is_slow = |container: &&Container| container.role == Role::Init && container.overdue;
    let (container, since) =
        pod.facts.containers.iter().filter(is_slow).find_map(|container| match container.state {
            ContainerState::Running { since } => Some((container, since)),
            ContainerState::Waiting { .. } | ContainerState::Terminated(_) => None,
        })?;
    let message = Code::InitRunsLong.message([
        ("pod", pod.name.into()),
        ("container", container.name.as_str().into()),
        ("role", container.role.as_str().into()),
    ]);
    let finding = Finding::new(Depth::Readiness, message).since(since);
    let finding = match condition_is(&pod.facts.conditions, "Initialized", Truth::False) {
        Some(condition) => finding.with(condition_evidence(condition, ObjectName::new("Pod", pod.name))),
        None => finding,
    };
    Some(if is_kept_running(pod) { finding } else { finding.passing() })
}

/// Whether a container has ended again and again after short runs.
pub(crate) fn is_crash_looping(container: &Container) -> bool {
    let was_short = |end: &Termination| match (end.started_at, end.finished_at) {
        (Some(start), Some(finish)) => finish - start < TimeDelta::seconds(Container::SETTLES_AFTER_SECONDS),
        _ => true,
    };
    let must_go_on = matches!(container.role, Role::Main | Role::Sidecar);
    must_go_on && !container.settled && container.restarts >= 2 && container.last.as_ref().is_some_and(was_short)
}

/// Whether this end is a failure for a container of its role.
fn is_failure(pod: &Object<Pod>, container: &Container, end: &Termination) -> bool {
    match container.role {
        Role::Init | Role::Ephemeral => end.exit_code != 0,
        // Sidecars are ended with their pod, whatever their exit code.
        Role::Sidecar => {
            let is_going = pod.facts.deletion.is_some() || matches!(pod.facts.phase.as_str(), "Succeeded" | "Failed");
            !pod.facts.never_restarts && !is_going
        }
        Role::Main => end.exit_code != 0 || !pod.facts.never_restarts && is_kept_running(pod),
    }
}

/// Whether a controller wants the pod's containers to run for ever.
fn is_kept_running(pod: &Object<Pod>) -> bool {
    pod.facts.owners.iter().any(|owner| owner.controller && owner.kind != "Job")
}

fn waiting(pod: &Object<Pod>, container: &Container, reason: &str, message: &FreeText) -> Option<Finding> {
    let of = |code: Code| Finding::new(Depth::Configuration, code.message(place(pod, container, message)));
    let finding = match reason {
        // A container that waits for the others, or for its turn: how it ended the last time says more.
        "" | "ContainerCreating" | "PodInitializing" | "CrashLoopBackOff" => {
            let end = container.last.as_ref().filter(|_| reason == "CrashLoopBackOff" || container.restarts > 0)?;
            return Some(ended(pod, container, end));
        }
        "CreateContainerConfigError" => configuration(pod, container, message),
        "RunContainerError" | "ContainerCannotRun" | "StartError" => of(Code::CommandNotStarted),
        "CreateContainerError" => of(Code::ContainerNotCreated),
        "PostStartHookError" | "PreStartHookError" | "PreCreateHookError" => of(Code::HookFailed),
        _ => image::failing(pod, container, reason, message).unwrap_or_else(|| {
            Finding::new(
                Depth::Configuration,
                Code::ContainerWaiting.message(with(place(pod, container, message), ("reason", reason.into()))),
            )
        }),
    };
    Some(finding.since(pod.facts.not_ready_since()).with(waiting_evidence(pod, container, reason, message)))
}

fn configuration(pod: &Object<Pod>, container: &Container, message: &FreeText) -> Finding {
    let missing = volume::missing_object(message.as_str()).map(|(code, name)| {
        let arguments = [("pod", pod.name.into()), ("name", name), ("detail", message.into())];
        Finding::new(Depth::Configuration, code.message(arguments))
    });
    // "couldn't find key K in ConfigMap NS/NAME", and "Secret" likewise.
    let key = || {
        let key = between(message.as_str(), "couldn't find key ", " in ").filter(|key| is_key(key))?;
        let (kind, name) = after(message.as_str(), &format!("{key} in "))?.split_once(' ')?;
        let name = name.rsplit('/').next().and_then(self::name).filter(|_| matches!(kind, "ConfigMap" | "Secret"))?;
        let arguments = [("pod", pod.name.into()), ("key", key.into()), ("kind", kind.into()), ("name", name.into())];
        Some(Finding::new(Depth::Configuration, Code::KeyNotFound.message(arguments)))
    };
    let code = || {
        let code = if message.as_str().contains("runAsNonRoot") || message.as_str().contains("non-numeric user") {
            Code::RunsAsRoot
        } else {
            Code::ContainerConfigInvalid
        };
        Finding::new(Depth::Configuration, code.message(place(pod, container, message)))
    };
    missing.or_else(key).unwrap_or_else(code)
}

/// How a container ended, with the deepest reason that is known: out of memory, a probe, a signal, an exit code.
fn ended(pod: &Object<Pod>, container: &Container, end: &Termination) -> Finding {
    let detail = &end.message;
    let of = |code: Code| code.message(place(pod, container, detail));
    let signal = end.signal.filter(|signal| *signal > 0).or_else(|| signal_of(end.exit_code));
    let by_kubelet = ended_by_kubelet(pod, container, end);
    let message = match (end.reason.as_str(), end.exit_code, &by_kubelet, signal) {
        ("OOMKilled", ..) => {
            let limit = container.memory_limit.as_deref().unwrap_or_default();
            Code::OomKilled.message([
                ("pod", pod.name.into()),
                ("container", container.name.as_str().into()),
                ("role", container.role.as_str().into()),
                ("limit", limit.into()),
            ])
        }
        ("StartError" | "ContainerCannotRun", ..) => of(Code::CommandNotStarted),
        ("ContainerStatusUnknown", ..) => of(Code::ContainerLost),
        (_, _, Some((message, _)), _) => message.clone(),
        (_, 126 | 127, ..) => {
            Code::CommandNotFound.message(with(place(pod, container, detail), ("exit_code", end.exit_code.into())))
        }
        (_, _, _, Some(signal)) => Code::KilledBySignal.message([
            ("pod", pod.name.into()),
            ("container", container.name.as_str().into()),
            ("role", container.role.as_str().into()),
            ("signal", signal_name(signal).into()),
            ("exit_code", end.exit_code.into()),
        ]),
        (_, 0, ..) => of(Code::ContainerCompleted),
        _ => Code::Exited.message(with(place(pod, container, detail), ("exit_code", end.exit_code.into()))),
    };
    // One that fails again and again has done so since it stopped being ready.
    let since = [end.finished_at, pod.facts.not_ready_since()].into_iter().flatten().min();
    let finding = Finding::new(Depth::Container, message).since(since).with(termination_evidence(pod, container, end));
    by_kubelet.into_iter().fold(finding, |finding, (_, evidence)| finding.with(evidence))
}

/// Why the kubelet itself ended this run of the container, as its events say: a probe or a hook failed.
fn ended_by_kubelet(pod: &Object<Pod>, container: &Container, end: &Termination) -> Option<(Message, Evidence)> {
    let probes = probe::failures(pod, container)
        .filter(|(kind, _)| *kind != Probe::Readiness)
        .map(|(kind, note)| (note, Some(kind)));
    let hooks = notes_of(pod, container).filter(|note| note.reason == "FailedPostStartHook");
    let (note, probe) = probes
        .chain(hooks.map(|note| (note, None)))
        .filter(|(note, _)| is_about(note, end))
        .max_by_key(|(note, _)| note.last)?;
    let place = place(pod, container, &note.message);
    let message = match probe {
        Some(probe) => Code::ProbeKilled.message(with(place, ("probe", probe.as_str().into()))),
        None => Code::HookFailed.message(place),
    };
    Some((message, event_evidence(note, ObjectName::new("Pod", pod.name))))
}

/// Whether an event was reported during a run. The kubelet reports the same only so often, so an end by the signals that it
/// sends counts too.
fn is_about(note: &Note, end: &Termination) -> bool {
    let began_before_the_end = end.finished_at.is_none_or(|finish| note.first <= finish);
    let lasted_into_the_run = end.started_at.is_none_or(|start| note.last >= start);
    began_before_the_end && (lasted_into_the_run || matches!(end.exit_code, 137 | 143))
}

/// A process that a signal ended is reported with 128 and the number of the signal.
fn signal_of(exit_code: i32) -> Option<i32> {
    (129..=192).contains(&exit_code).then(|| exit_code - 128)
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        other => return other.to_string(),
    };
    name.to_owned()
}

fn termination_evidence(pod: &Object<Pod>, container: &Container, end: &Termination) -> Evidence {
    Evidence {
        kind: EvidenceKind::Container,
        message: Code::ContainerEnded.message([
            ("reason", end.reason.as_str().into()),
            ("exit_code", end.exit_code.into()),
            ("restarts", container.restarts.into()),
            ("detail", (&end.message).into()),
        ]),
        at: end.finished_at,
        object: Some(ObjectName::new("Pod", pod.name)),
        container: Some(container.name.clone()),
    }
}

fn waiting_evidence(pod: &Object<Pod>, container: &Container, reason: &str, message: &FreeText) -> Evidence {
    Evidence {
        kind: EvidenceKind::Container,
        message: Code::ContainerWaits.message([("reason", reason.into()), ("detail", message.into())]),
        at: None,
        object: Some(ObjectName::new("Pod", pod.name)),
        container: Some(container.name.clone()),
    }
}
