//! Where Binnacle and the judges differ, and why. Each reason is checked on the object and on what is below it: a
//! difference whose reason does not hold there is unexplained.

use domain::kubernetes::status::State;
use serde_json::{Value, json};

/// What a judge has to say where Binnacle says `state`, if both mean the same.
pub const fn same(state: State) -> Option<(&'static str, &'static str)> {
    match state {
        State::Running | State::Stopped | State::Completed => Some(("Current", "done")),
        State::Progressing => Some(("InProgress", "waits")),
        State::Failed => Some(("Failed", "error")),
        State::Deleting => Some(("Terminating", "")),
        // The judges have no word for these.
        State::RolloutStuck
        | State::Degraded
        | State::Unavailable
        | State::Paused
        | State::Suspended
        | State::Unknown => None,
    }
}

/// A workload as the cluster has it, with its pods, and the Jobs of a CronJob.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    pub object: &'a Value,
    pub pods: &'a [Value],
    pub jobs: &'a [Value],
}

impl Live<'_> {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.object.pointer(pointer).and_then(Value::as_str)
    }

    fn number(&self, pointer: &str) -> i64 {
        self.object.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
    }

    fn is(&self, pointer: &str) -> bool {
        self.object.pointer(pointer) == Some(&Value::Bool(true))
    }

    fn has(&self, pointer: &str) -> bool {
        self.object.pointer(pointer).is_some_and(|found| !found.is_null())
    }

    /// Pods that are to be there.
    fn desired(&self) -> usize {
        let desired = match self.object["kind"].as_str() {
            Some("DaemonSet") => self.number("/status/desiredNumberScheduled"),
            _ => self.object.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1),
        };
        usize::try_from(desired).unwrap_or_default()
    }

    /// Pods are missing, or some that are there are not ready.
    fn lacks_pods(&self) -> bool {
        let staying = || self.pods.iter().filter(|pod| !is_going(pod));
        staying().count() < self.desired() || staying().any(|pod| condition(pod, "Ready").is_none_or(|(is, _)| !is))
    }

    /// A container has ended at least twice and was started again.
    fn restarts(&self) -> bool {
        let containers = self.pods.iter().filter_map(|pod| pod.pointer("/status/containerStatuses")?.as_array());
        containers.flatten().any(|container| container["restartCount"].as_i64() >= Some(2))
    }

    fn is_past_its_deadline(&self) -> bool {
        condition(self.object, "Progressing").is_some_and(|(_, reason)| reason == "ProgressDeadlineExceeded")
    }

    fn serves(&self) -> bool {
        self.number("/status/availableReplicas") > 0
    }

    fn is_on_delete(&self) -> bool {
        self.text("/spec/updateStrategy/type") == Some("OnDelete")
    }

    fn is_ready_but_not_available(&self) -> bool {
        let not_yet = self.number("/status/readyReplicas") > self.number("/status/availableReplicas");
        self.number("/spec/minReadySeconds") > 0 && not_yet
    }

    fn has_terminating_pods(&self) -> bool {
        self.number("/status/terminatingReplicas") > 0 && self.pods.iter().any(is_going)
    }

    fn has_ended(&self) -> bool {
        ["Complete", "Failed"].iter().any(|kind| condition(self.object, kind).is_some_and(|(is, _)| is))
    }

    /// The newest Job that has ended failed.
    fn last_run_failed(&self) -> bool {
        let ended = self.jobs.iter().filter_map(|job| {
            let is = |kind| condition(job, kind).is_some_and(|(is, _)| is);
            let created = job.pointer("/metadata/creationTimestamp").and_then(Value::as_str)?;
            (is("Complete") || is("Failed")).then_some((created, is("Failed")))
        });
        ended.max().is_some_and(|(_, failed)| failed)
    }

    /// A run of it has not ended, and none of its pods is ready.
    fn has_a_run_that_does_nothing(&self) -> bool {
        let is = |job: &Value, kind| condition(job, kind).is_some_and(|(is, _)| is);
        let ready = |job: &Value| job.pointer("/status/ready").and_then(Value::as_i64).unwrap_or_default();
        self.jobs.iter().any(|job| !is(job, "Complete") && !is(job, "Failed") && ready(job) == 0)
    }
}

fn is_going(pod: &Value) -> bool {
    pod.pointer("/metadata/deletionTimestamp").is_some()
}

/// Whether a condition is true, and its reason.
fn condition<'a>(object: &'a Value, kind: &str) -> Option<(bool, &'a str)> {
    let conditions = object.pointer("/status/conditions")?.as_array()?;
    let found = conditions.iter().find(|condition| condition["type"] == kind)?;
    Some((found["status"] == "True", found["reason"].as_str().unwrap_or_default()))
}

/// A difference that is meant, and why.
pub struct Difference {
    pub kinds: &'static [&'static str],
    pub states: &'static [State],
    pub said: &'static [&'static str],
    pub why: &'static str,
    /// Whether that is so.
    pub holds: fn(&Live) -> bool,
}

const PODS: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
const PROBLEMS: &[State] = &[State::RolloutStuck, State::Degraded, State::Unavailable];

/// Of kstatus.
pub const KSTATUS: &[Difference] = &[
    Difference {
        kinds: PODS,
        states: PROBLEMS,
        said: &["InProgress"],
        why: "kstatus does not look for causes: what comes up and what cannot come up is one to it",
        holds: |live| live.lacks_pods(),
    },
    Difference {
        kinds: &["Deployment"],
        states: &[State::RolloutStuck, State::Degraded],
        said: &["Failed"],
        why: "kstatus calls every Deployment past its deadline failed, also while the version before serves",
        holds: |live| live.is_past_its_deadline() && live.serves(),
    },
    Difference {
        kinds: PODS,
        states: &[State::Degraded],
        said: &["Current"],
        why: "a container that crashes again and again is available at this moment",
        holds: |live| live.restarts(),
    },
    Difference {
        kinds: &["StatefulSet"],
        states: PROBLEMS,
        said: &["Current"],
        why: "kstatus does not look at the pods of a StatefulSet with OnDelete",
        holds: |live| live.is_on_delete() && live.lacks_pods(),
    },
    Difference {
        kinds: &["DaemonSet"],
        states: &[State::Running],
        said: &["InProgress"],
        why: "kstatus waits for pods that OnDelete keeps until somebody deletes them",
        holds: |live| {
            let updated = live.number("/status/updatedNumberScheduled");
            live.is_on_delete() && updated < live.number("/status/desiredNumberScheduled")
        },
    },
    Difference {
        kinds: &["StatefulSet"],
        states: &[State::Progressing],
        said: &["Current"],
        why: "kstatus counts the ready pods of a StatefulSet, not those that were ready for minReadySeconds",
        holds: |live| live.is_ready_but_not_available(),
    },
    Difference {
        kinds: &["Deployment", "ReplicaSet"],
        states: &[State::Progressing],
        said: &["Current"],
        why: "kstatus does not count pods that are still terminating",
        holds: |live| live.has_terminating_pods(),
    },
    Difference {
        kinds: &["Deployment"],
        states: &[State::Paused, State::Stopped],
        said: &["Current", "InProgress"],
        why: "kstatus does not read spec.paused",
        holds: |live| live.is("/spec/paused"),
    },
    Difference {
        kinds: &["Job"],
        states: &[State::Progressing, State::Degraded, State::Unavailable, State::Suspended],
        said: &["Current"],
        why: "a Job is current for kstatus once it has started",
        holds: |live| live.has("/status/startTime") && !live.has_ended(),
    },
    Difference {
        kinds: &["Job"],
        states: &[State::Suspended],
        said: &["InProgress"],
        why: "kstatus waits for the start of a Job that is suspended",
        holds: |live| live.is("/spec/suspend") && !live.has("/status/startTime"),
    },
    Difference {
        kinds: &["Job"],
        states: &[State::Unknown],
        said: &["InProgress"],
        why: "another controller runs the Job and has reported nothing",
        holds: |live| {
            let manager = live.text("/spec/managedBy");
            manager.is_some_and(|manager| manager != "kubernetes.io/job-controller") && !live.has("/status/startTime")
        },
    },
    Difference {
        kinds: &["CronJob"],
        states: &[State::Suspended],
        said: &["Current"],
        why: "kstatus does not read spec.suspend of a CronJob",
        holds: |live| live.is("/spec/suspend"),
    },
    Difference {
        kinds: &["CronJob"],
        states: &[State::Degraded],
        said: &["Current"],
        why: "kstatus does not look at the Jobs of a CronJob",
        holds: |live| live.last_run_failed(),
    },
    Difference {
        kinds: &["CronJob"],
        states: &[State::Degraded, State::Unavailable],
        said: &["Current"],
        why: "kstatus does not look at the Jobs of a CronJob, none of which can start",
        holds: |live| live.has_a_run_that_does_nothing(),
    },
];

/// Of `kubectl rollout status`.
pub const ROLLOUT: &[Difference] = &[
    Difference {
        kinds: PODS,
        states: PROBLEMS,
        said: &["waits"],
        why: "kubectl waits, whatever keeps the pods from coming up",
        holds: |live| live.lacks_pods(),
    },
    Difference {
        kinds: &["Deployment"],
        states: &[State::RolloutStuck, State::Degraded],
        said: &["error"],
        why: "kubectl gives up at the deadline, also while the version before serves",
        holds: |live| live.is_past_its_deadline() && live.serves(),
    },
    Difference {
        kinds: PODS,
        states: &[State::Degraded],
        said: &["done"],
        why: "a container that crashes again and again is available at this moment",
        holds: |live| live.restarts(),
    },
    Difference {
        kinds: &["StatefulSet", "DaemonSet"],
        states: &[State::Running, State::Progressing, State::Unavailable],
        said: &["error"],
        why: "kubectl has no rollout status of OnDelete",
        holds: |live| live.is_on_delete(),
    },
    Difference {
        kinds: &["StatefulSet"],
        states: &[State::Progressing],
        said: &["done"],
        why: "kubectl counts the ready pods of a StatefulSet, not those that were ready for minReadySeconds",
        holds: |live| live.is_ready_but_not_available(),
    },
    Difference {
        kinds: &["StatefulSet"],
        states: &[State::Progressing],
        said: &["done"],
        why: "kubectl does not count the pods of a StatefulSet that are too many",
        holds: |live| live.number("/status/replicas") > live.number("/spec/replicas"),
    },
    Difference {
        kinds: &["Deployment"],
        states: &[State::Progressing],
        said: &["done"],
        why: "kubectl does not count pods that are still terminating",
        holds: |live| live.has_terminating_pods(),
    },
    Difference {
        kinds: &["Deployment"],
        states: &[State::Paused],
        said: &["done", "waits"],
        why: "kubectl does not read spec.paused",
        holds: |live| live.is("/spec/paused"),
    },
    Difference {
        kinds: PODS,
        states: &[State::Deleting],
        said: &["done", "waits", "error"],
        why: "kubectl does not read the deletion timestamp",
        holds: |live| live.has("/metadata/deletionTimestamp"),
    },
];

/// What Binnacle says of a workload, what a judge says of it, and what the judge says if both mean the same.
pub struct Two<'a> {
    pub state: State,
    pub same: Option<&'a str>,
    pub judge: &'a str,
}

/// Why Binnacle and a judge differ; Ok(None) if they do not, an error in words if no reason holds.
pub fn difference(all: &'static [Difference], two: &Two, live: &Live) -> Result<Option<&'static str>, String> {
    let Two { state, same, judge } = two;
    if *same == Some(*judge) {
        return Ok(None);
    }
    let kind = live.object["kind"].as_str().unwrap_or_default();
    let fits = |one: &&Difference| one.kinds.contains(&kind) && one.states.contains(state) && one.said.contains(judge);
    let (held, failed): (Vec<_>, Vec<_>) = all.iter().filter(fits).partition(|one| (one.holds)(live));
    if let Some(one) = held.first() {
        return Ok(Some(one.why));
    }
    let not = failed.iter().map(|one| format!(", and it is not so that {}", one.why)).collect::<String>();
    Err(format!("{} is {judge} to the judge{not}", state.as_str()))
}

#[test]
fn a_reason_that_is_not_so_explains_nothing() {
    let pod = [json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}})];
    let two = Two { state: State::Progressing, same: Some("InProgress"), judge: "Current" };
    let of = |terminating: i32, pods: &[Value]| {
        let object = json!({"kind": "ReplicaSet", "status": {"terminatingReplicas": terminating}});
        difference(KSTATUS, &two, &Live { object: &object, pods, jobs: &[] })
    };
    assert_eq!(of(1, &pod), Ok(Some("kstatus does not count pods that are still terminating")));
    for wrong in [of(0, &pod), of(1, &[])] {
        let words = "PROGRESSING is Current to the judge, and it is not so that kstatus does not count";
        assert!(wrong.as_ref().is_err_and(|error| error.starts_with(words)), "{wrong:?}");
    }
}
