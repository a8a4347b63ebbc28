//! The state of one container, from its pod.

use domain::core::refusal::{ErrorCode, Refusal};
use k8s_openapi::{
    api::core::v1::{ContainerStatus, Pod},
    jiff::Timestamp,
};

/// The instance of a container whose log the kubelet has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// None if no instance has started.
    pub id: Option<String>,
    pub started_at: Option<Timestamp>,
    /// The previous instance, if its log may still exist.
    pub previous: Option<String>,
    pub is_running: bool,
    /// Whether it has ended and no other instance follows.
    pub is_last: bool,
}

/// The requested container. A pod with one container needs no name.
pub fn choose(pod: &Pod, wanted: Option<&str>) -> Result<String, Refusal> {
    let refusal = |code, message| Err(Refusal::new(code, "container", message));
    let spec = pod.spec.as_ref();
    let main: Vec<&str> = spec.iter().flat_map(|spec| &spec.containers).map(|found| found.name.as_str()).collect();
    let init = spec.iter().flat_map(|spec| spec.init_containers.iter().flatten()).map(|found| found.name.as_str());
    let ephemeral =
        spec.iter().flat_map(|spec| spec.ephemeral_containers.iter().flatten()).map(|found| found.name.as_str());
    let all: Vec<&str> = main.iter().copied().chain(init).chain(ephemeral).collect();
    match (wanted, main.as_slice()) {
        (Some(wanted), _) if all.contains(&wanted) => Ok(wanted.to_owned()),
        (Some(wanted), _) => {
            refusal(ErrorCode::NotFound, format!("the pod has no container {wanted}, only {}", all.join(", ")))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => {
            refusal(ErrorCode::Invalid, format!("the pod has several containers: name one of {}", all.join(", ")))
        }
    }
}

/// The current instance of the container, by the rules by which the kubelet chooses a log.
pub fn instance(pod: &Pod, container: &str) -> Instance {
    let status = status(pod, container);
    let state = status.and_then(|status| status.state.clone()).unwrap_or_default();
    let last = status.and_then(|status| status.last_state.clone()).and_then(|last| last.terminated);
    let last_id = last.as_ref().and_then(|last| last.container_id.clone());
    let is_over =
        is_over(pod) || state.terminated.as_ref().is_some_and(|ended| !restarts(pod, container, ended.exit_code));
    if let Some(running) = state.running {
        let id = status.and_then(|status| status.container_id.clone());
        let started_at = running.started_at.map(|time| time.0);
        return Instance {
            id,
            started_at,
            previous: last_id,
            is_running: !is_terminal(pod),
            is_last: is_terminal(pod),
        };
    }
    match state.terminated.filter(|ended| ended.container_id.as_ref().is_some_and(|id| !id.is_empty())) {
        Some(ended) => {
            let started_at = ended.started_at.map(|time| time.0);
            Instance { id: ended.container_id, started_at, previous: last_id, is_running: false, is_last: is_over }
        }
        None => {
            let started_at = last.and_then(|last| last.started_at).map(|time| time.0);
            Instance { id: last_id, started_at, previous: None, is_running: false, is_last: is_over }
        }
    }
}

fn status<'p>(pod: &'p Pod, container: &str) -> Option<&'p ContainerStatus> {
    let status = pod.status.as_ref()?;
    let lists = [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
    lists.into_iter().flatten().flatten().find(|status| status.name == container)
}

/// Whether no container of the pod starts again.
fn is_over(pod: &Pod) -> bool {
    is_terminal(pod) || pod.metadata.deletion_timestamp.is_some()
}

fn is_terminal(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// Whether the container restarts after this exit code. If rules for exit codes decide, it may.
fn restarts(pod: &Pod, container: &str, exit_code: i32) -> bool {
    let Some(spec) = &pod.spec else { return false };
    let of_pod = spec.restart_policy.as_deref().unwrap_or("Always");
    let main = spec.containers.iter().find(|found| found.name == container);
    let init = spec.init_containers.iter().flatten().find(|found| found.name == container);
    // A succeeded init container is not run again, whatever the pod specifies.
    let (found, inherited) = match (main, init) {
        (Some(main), _) => (main, of_pod),
        (None, Some(init)) => (init, if of_pod == "Never" { "Never" } else { "OnFailure" }),
        (None, None) => return false,
    };
    let has_rules = found.restart_policy_rules.as_ref().is_some_and(|rules| !rules.is_empty());
    match found.restart_policy.as_deref().unwrap_or(inherited) {
        _ if has_rules => true,
        "Always" => true,
        "OnFailure" => exit_code != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(policy: &str, phase: &str, status: Value) -> Pod {
        let list = if status["name"] == "init" || status["name"] == "sidecar" {
            "initContainerStatuses"
        } else if status["name"] == "debug" {
            "ephemeralContainerStatuses"
        } else {
            "containerStatuses"
        };
        let mut status = status;
        for (field, value) in
            [("image", json!("")), ("imageID", json!("")), ("ready", json!(false)), ("restartCount", json!(0))]
        {
            status[field] = value;
        }
        serde_json::from_value(json!({
            "metadata": {"name": "web"},
            "spec": {
                "restartPolicy": policy,
                "containers": [{"name": "main"}, {"name": "ruled", "restartPolicy": "Never", "restartPolicyRules": [{"action": "Restart"}]},
                    {"name": "once", "restartPolicy": "Never"}],
                "initContainers": [{"name": "init"}, {"name": "sidecar", "restartPolicy": "Always"}],
                "ephemeralContainers": [{"name": "debug"}],
            },
            "status": {"phase": phase, list: [status]},
        }))
        .expect("a pod")
    }

    fn ended(name: &str, exit_code: i32) -> Value {
        let ended = json!({"containerID": "b", "exitCode": exit_code, "startedAt": "2026-01-01T00:00:00Z"});
        json!({"name": name, "containerID": "b", "state": {"terminated": ended}, "lastState": {}})
    }

    #[test]
    fn what_ended_for_good_depends_on_policy_role_and_exit_code() {
        for (policy, name, exit_code, is_last) in [
            ("Always", "main", 0, false),
            ("Always", "main", 1, false),
            ("OnFailure", "main", 0, true),
            ("OnFailure", "main", 1, false),
            ("Never", "main", 1, true),
            ("Always", "once", 1, true),
            ("Never", "ruled", 1, false),
            ("Always", "init", 0, true),
            ("Always", "init", 1, false),
            ("Never", "init", 1, true),
            ("Never", "sidecar", 0, false),
            ("Always", "debug", 1, true),
        ] {
            let found = instance(&pod(policy, "Running", ended(name, exit_code)), name);
            assert_eq!((found.id.as_deref(), found.is_last), (Some("b"), is_last), "{policy} {name} {exit_code}");
        }
        let finished = pod("Always", "Failed", ended("main", 1));
        assert!(instance(&finished, "main").is_last, "an evicted pod");
        let mut deleted = pod("Always", "Running", ended("main", 1));
        deleted.metadata.deletion_timestamp = serde_json::from_value(json!("2026-01-01T00:00:00Z")).expect("a time");
        assert!(instance(&deleted, "main").is_last, "a deleted pod");
    }

    #[test]
    fn the_instance_is_the_one_whose_log_the_kubelet_has() {
        let last = json!({"terminated": {"containerID": "a", "exitCode": 1}});
        let running = json!({"name": "main", "containerID": "b", "state": {"running": {}}, "lastState": last});
        let found = instance(&pod("Always", "Running", running), "main");
        assert_eq!((found.id.as_deref(), found.previous.as_deref()), (Some("b"), Some("a")));
        assert!(found.is_running && !found.is_last);
        let waiting = json!({"name": "main", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": last});
        let found = instance(&pod("Always", "Running", waiting), "main");
        assert_eq!(
            (found.id.as_deref(), found.previous, found.is_running, found.is_last),
            (Some("a"), None, false, false)
        );
        let new = json!({"name": "main", "state": {"waiting": {"reason": "ContainerCreating"}}});
        assert_eq!(instance(&pod("Always", "Pending", new), "main"), Instance::default());
    }

    #[test]
    fn a_container_is_named_where_there_are_several() {
        let pod = pod("Always", "Running", ended("main", 0));
        for name in ["main", "init", "sidecar", "debug"] {
            assert_eq!(choose(&pod, Some(name)), Ok(name.to_owned()));
        }
        let unknown = choose(&pod, Some("other")).expect_err("no such container");
        assert_eq!((unknown.code, unknown.field.as_deref()), (ErrorCode::NotFound, Some("container")));
        let needed = choose(&pod, None).expect_err("several");
        assert_eq!((needed.code, needed.field.as_deref()), (ErrorCode::Invalid, Some("container")));
        assert!(needed.message.ends_with("name one of main, ruled, once, init, sidecar, debug"), "{}", needed.message);
        let mut one = pod;
        one.spec.as_mut().expect("a spec").containers.truncate(1);
        assert_eq!(choose(&one, None), Ok("main".to_owned()));
    }
}
