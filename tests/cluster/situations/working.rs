//! Workloads that work, that change, and that somebody holds back or takes away.

use super::{
    Place, Situation, Step,
    pods::{fake, object, real, restart, template, with},
};
use domain::{core::message::Code, kubernetes::status::State};
use kube::api::PropagationPolicy::{Background, Orphan};
use serde_json::{Value, json};

const KEPT: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
const REPLICATED: [&str; 3] = ["Deployment", "StatefulSet", "ReplicaSet"];

pub fn working(run: &str) -> Vec<Situation> {
    let make = Make { run };
    let parts = [make.kept(), make.changing(), make.held_back(), make.deployments(), make.jobs(), make.cron_jobs()];
    parts.into_iter().flatten().collect()
}

/// Makes situations on the fake node of a run.
struct Make<'a> {
    run: &'a str,
}

/// A pod that no scheduler may place yet.
fn gate() -> Value {
    json!({"schedulingGates": [{"name": "binnacle.test/shut"}]})
}

fn spec(spec: Value) -> Step {
    Step::Patch(json!({"spec": spec}))
}

fn both(a: Value, b: Value) -> Step {
    Step::Patch(json!({"spec": with(a["spec"].clone(), b)}))
}

fn held(object: Value) -> Value {
    let metadata = with(object["metadata"].clone(), json!({"finalizers": ["binnacle.test/held"]}));
    with(object, json!({"metadata": metadata}))
}

impl Make<'_> {
    fn situation(&self, what: &str, kind: &str, own: Value, state: State) -> Situation {
        let name = format!("{what}-{}", kind.to_lowercase());
        Situation::new(what, object(kind, &name, fake(self.run), own), state)
    }

    fn of(&self, what: &str, kind: &str, pod: Value, own: Value, state: State) -> Situation {
        let name = format!("{what}-{}", kind.to_lowercase());
        Situation::new(what, object(kind, &name, pod, own), state)
    }

    /// What every kind that keeps pods running can be in.
    fn kept(&self) -> Vec<Situation> {
        let mut all = Vec::new();
        for kind in KEPT {
            all.push(self.situation("healthy", kind, json!({}), State::Running));
            // A StatefulSet and the others alike: ready is not enough.
            all.push(self.situation("min-ready", kind, json!({"minReadySeconds": 500}), State::Progressing));
            let mut deleted = self.situation("deleted", kind, json!({}), State::Deleting);
            deleted.object = held(deleted.object);
            all.push(
                deleted
                    .then(State::Running, Step::Delete(Background))
                    .because(Code::FinalizersBlock, &[("finalizers", json!(["binnacle.test/held"]))]),
            );
        }
        for kind in REPLICATED {
            all.push(self.situation("three", kind, json!({"replicas": 3}), State::Running));
            all.push(self.situation("zero", kind, json!({"replicas": 0}), State::Stopped));
            let grown = self.situation("grown", kind, json!({}), State::Running);
            all.push(grown.then(State::Running, spec(json!({"replicas": 3}))));
            let shrunk = self.situation("shrunk", kind, json!({"replicas": 3}), State::Running);
            all.push(shrunk.then(State::Running, spec(json!({"replicas": 1}))));
            let stopped = self.situation("stopped", kind, json!({}), State::Stopped);
            all.push(stopped.then(State::Running, spec(json!({"replicas": 0}))));
            // Nothing in its pod listens to SIGTERM.
            let patient = with(real("sleep 3600"), json!({"terminationGracePeriodSeconds": 3600}));
            let leaving = self.of("leaving", kind, patient, json!({}), State::Progressing);
            all.push(leaving.then(State::Running, spec(json!({"replicas": 0}))));
            let short = self.situation("short", kind, json!({"replicas": 2}), State::Degraded);
            if kind == "Deployment" {
                all.push(short.at(Place::Nearly).because(Code::QuotaExceeded, &[("quota", json!("none"))]));
            }
        }
        let nowhere = with(real("sleep 3600"), json!({"nodeSelector": {"no": "where"}}));
        all.push(self.of("nowhere", "DaemonSet", nowhere, json!({}), State::Stopped));
        all
    }

    /// Changes of a template.
    fn changing(&self) -> Vec<Situation> {
        let mut all = Vec::new();
        for kind in ["Deployment", "StatefulSet", "DaemonSet"] {
            let restarted = self.situation("restarted", kind, json!({}), State::Running);
            all.push(restarted.then(State::Running, Step::Patch(restart())));
        }
        let shut = || Step::Patch(template(gate()));
        let because = |situation: Situation| situation.then(State::Running, shut()).because(Code::SchedulingGated, &[]);
        all.push(because(self.situation("stuck", "Deployment", json!({}), State::RolloutStuck)));
        all.push(because(self.situation("stuck", "StatefulSet", json!({"replicas": 2}), State::RolloutStuck)));
        // Its only pod went before the new one came.
        all.push(because(self.situation("stuck", "DaemonSet", json!({}), State::Unavailable)));
        let recreate = json!({"strategy": {"type": "Recreate"}});
        all.push(because(self.situation("recreated", "Deployment", recreate, State::Unavailable)));
        let late = json!({"progressDeadlineSeconds": 3});
        all.push(because(self.situation("late-and-serves", "Deployment", late.clone(), State::RolloutStuck)));
        let never = self.of("late", "Deployment", with(fake(self.run), gate()), late, State::Failed);
        all.push(never.because(Code::SchedulingGated, &[]));
        let slow = json!({"minReadySeconds": 3600, "progressDeadlineSeconds": 3601});
        let slow = self.situation("slow", "Deployment", slow, State::Progressing);
        all.push(slow.then(State::Progressing, Step::Patch(restart())));
        all
    }

    /// Pods of the version before, on purpose.
    fn held_back(&self) -> Vec<Situation> {
        let on_delete = || json!({"updateStrategy": {"type": "OnDelete"}});
        let partition = |partition: i32| json!({"replicas": 3, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": partition}}});
        let restarted = |situation: Situation| situation.then(State::Running, Step::Patch(restart()));
        let gated = with(fake(self.run), gate());
        vec![
            restarted(self.situation("on-delete", "StatefulSet", on_delete(), State::Running)),
            restarted(self.situation("on-delete", "DaemonSet", on_delete(), State::Running)),
            self.of("on-delete-shut", "StatefulSet", gated.clone(), on_delete(), State::Unavailable)
                .because(Code::SchedulingGated, &[]),
            self.of("on-delete-shut", "DaemonSet", gated, on_delete(), State::Unavailable)
                .because(Code::SchedulingGated, &[]),
            restarted(self.situation("parted", "StatefulSet", partition(2), State::Running)),
            restarted(self.situation("parted-whole", "StatefulSet", partition(3), State::Running)),
            self.situation("parted-stuck", "StatefulSet", partition(2), State::RolloutStuck)
                .then(State::Running, Step::Patch(template(gate())))
                .because(Code::SchedulingGated, &[]),
        ]
    }

    /// What only Deployments have.
    fn deployments(&self) -> Vec<Situation> {
        let paused = || json!({"paused": true});
        let gated = with(fake(self.run), gate());
        let name = ["d".repeat(60), "d".repeat(60), "d".repeat(60), "d".repeat(60), "e".repeat(9)].join(".");
        let mut long = self.situation("long", "Deployment", json!({}), State::Running);
        let labels = json!({"app": "long"});
        long.object["metadata"]["name"] = name.into();
        long.object["spec"]["selector"]["matchLabels"] = labels.clone();
        long.object["spec"]["template"]["metadata"]["labels"] = labels;
        let autoscaled = self.situation("autoscaled", "Deployment", json!({}), State::Running);
        let autoscaler = json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "autoscaled", "namespace": format!("test-{}-plain", self.run)},
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": autoscaled.name()},
                "minReplicas": 2, "maxReplicas": 3,
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 90}}}],
            },
        });
        let mut adopter = object("Deployment", "adopted-replicaset", fake(self.run), json!({}));
        adopter["metadata"]["namespace"] = format!("test-{}-plain", self.run).into();
        vec![
            self.situation("paused-at-birth", "Deployment", paused(), State::Paused),
            self.situation("paused", "Deployment", json!({}), State::Paused).then(State::Running, spec(paused())),
            self.situation("paused-with-change", "Deployment", json!({}), State::Paused)
                .then(State::Running, both(restart(), paused())),
            self.situation("paused-and-stopped", "Deployment", json!({}), State::Stopped)
                .then(State::Running, spec(json!({"paused": true, "replicas": 0}))),
            self.of("paused-and-shut", "Deployment", gated, json!({}), State::Unavailable)
                .then(State::Unavailable, spec(paused()))
                .because(Code::SchedulingGated, &[]),
            autoscaled.then(State::Running, Step::Create(autoscaler)),
            self.situation("adopted", "ReplicaSet", json!({}), State::Running)
                .then(State::Running, Step::Create(adopter))
                .no_workload(),
            self.situation("orphaning", "Deployment", json!({"replicas": 2}), State::Running)
                .then(State::Running, Step::Delete(Orphan))
                .no_workload(),
            long,
        ]
    }

    fn jobs(&self) -> Vec<Situation> {
        let job = |what: &str, own: Value, state: State| self.situation(what, "Job", own, state);
        let shell = |what: &str, line: &str, own: Value, state: State| self.of(what, "Job", real(line), own, state);
        let indexed = |own: Value| with(json!({"completionMode": "Indexed", "completions": 2, "parallelism": 2}), own);
        let on_code = json!({"podFailurePolicy": {"rules": [
            {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42]}}]}, "backoffLimit": 5});
        let first = json!({"successPolicy": {"rules": [{"succeededIndexes": "0", "succeededCount": 1}]}});
        let mut deleted = job("deleted", json!({}), State::Deleting).then(State::Completed, Step::Delete(Background));
        deleted.object = held(deleted.object);
        vec![
            job("complete", json!({}), State::Completed),
            job("five", json!({"completions": 5, "parallelism": 2}), State::Completed),
            job("queue", json!({"parallelism": 3}), State::Completed),
            job("indexed", indexed(json!({})), State::Completed),
            job("ttl", json!({"ttlSecondsAfterFinished": 0}), State::Completed).no_workload(),
            job("ttl-long", json!({"ttlSecondsAfterFinished": 3600}), State::Completed),
            job("suspended", json!({"suspend": true}), State::Suspended),
            job("resumed", json!({"suspend": true}), State::Completed)
                .then(State::Suspended, spec(json!({"suspend": false}))),
            job("none-at-once", json!({"parallelism": 0}), State::Stopped),
            job("managed", json!({"managedBy": "binnacle.test/other"}), State::Unknown),
            deleted,
            shell("active", "sleep 3600", json!({}), State::Running),
            shell("suspended-later", "sleep 3600", json!({}), State::Suspended)
                .then(State::Running, spec(json!({"suspend": true}))),
            shell("failed", "exit 3", json!({}), State::Failed).because(Code::Exited, &[("exit_code", json!(3))]),
            shell("retrying", "exit 3", json!({"backoffLimit": 100}), State::Degraded)
                .because(Code::Exited, &[("exit_code", json!(3))]),
            shell("deadline", "sleep 3600", json!({"activeDeadlineSeconds": 2}), State::Failed)
                .because(Code::JobDeadlineExceeded, &[("seconds", json!(2))]),
            shell(
                "one-index",
                "exit $JOB_COMPLETION_INDEX",
                indexed(json!({"backoffLimitPerIndex": 0, "backoffLimit": null})),
                State::Failed,
            )
            .because(Code::Exited, &[("exit_code", json!(1))]),
            shell("fatal-code", "exit 42", on_code, State::Failed).because(Code::Exited, &[("exit_code", json!(42))]),
            shell(
                "first-counts",
                "exit $JOB_COMPLETION_INDEX",
                indexed(with(first, json!({"backoffLimit": 6}))),
                State::Completed,
            ),
        ]
    }

    fn cron_jobs(&self) -> Vec<Situation> {
        let cron = |what: &str, own: Value, state: State| self.situation(what, "CronJob", own, state);
        let shell = |what: &str, line: &str, state: State| {
            self.of(what, "CronJob", real(line), json!({}), state).then(State::Running, Step::Run)
        };
        let mut deleted = cron("deleted", json!({}), State::Deleting).then(State::Running, Step::Delete(Background));
        deleted.object = held(deleted.object);
        vec![
            cron("scheduled", json!({}), State::Running),
            cron("elsewhere", json!({"timeZone": "Europe/Berlin", "concurrencyPolicy": "Forbid"}), State::Running),
            cron("suspended", json!({"suspend": true}), State::Suspended),
            cron("suspended-later", json!({}), State::Suspended).then(State::Running, spec(json!({"suspend": true}))),
            cron("ran", json!({}), State::Running).then(State::Running, Step::Run),
            cron("full", json!({}), State::Unavailable)
                .at(Place::Full)
                .then(State::Running, Step::Run)
                .because(Code::QuotaExceeded, &[("quota", json!("none"))]),
            shell("runs", "sleep 3600", State::Running),
            shell("failed-run", "exit 6", State::Degraded).because(Code::Exited, &[("exit_code", json!(6))]),
            deleted,
        ]
    }
}
