//! Workloads and pods as rows among all objects, with the columns that kubectl prints, as far as they are recorded.

use super::ObjectRow;
use crate::models::{
    object_state::{of_pod, of_workload},
    pods::Pod,
    workloads::Workload,
};
use domain::{
    core::{
        free_text::FreeText,
        message::Code,
        version::{ObjectVersion, Version},
    },
    kubernetes::{
        observation::Role,
        resource::Resource,
        status::{Counts, State, Status, object::ObjectStatus},
    },
};
use std::collections::BTreeMap;

impl From<&Workload> for ObjectRow {
    fn from(row: &Workload) -> Self {
        let state = of_workload(row.state);
        Self {
            id: row.id.clone(),
            cluster: row.cluster.clone(),
            namespace: row.namespace.clone(),
            kind: row.kind.clone(),
            name: row.name.clone(),
            uid: row.uid.clone(),
            version: ObjectVersion { requests: row.requests.unsigned_abs(), content: &row.content, uid: &row.uid }
                .to_string(),
            state,
            rank: state.rank(),
            state_since: row.state_since,
            status: ObjectStatus { state, cause: row.status.cause.clone() },
            owner: row.owner.clone(),
            labels: row.labels.clone(),
            columns: of_kind(&row.kind, &row.status),
            created_at: row.created_at,
            added_position: row.added_position,
        }
    }
}

impl From<&Pod> for ObjectRow {
    fn from(row: &Pod) -> Self {
        let state = of_pod(&row.phase, row.ready, row.cause.is_some());
        let counted = || row.containers.iter().filter(|container| matches!(container.role, Role::Main | Role::Sidecar));
        let ready = counted().filter(|container| container.ready).count();
        let columns = [
            ("Ready", format!("{ready}/{}", counted().count())),
            ("Status", row.reason.as_ref().unwrap_or(&row.phase).clone()),
            ("Restarts", row.restarts.to_string()),
        ];
        Self {
            id: row.id.clone(),
            cluster: row.cluster.clone(),
            namespace: row.namespace.clone(),
            kind: Resource::POD,
            name: row.name.clone(),
            uid: row.uid.clone(),
            // Nothing is requested of a pod that leaves it there, and it has no generation.
            version: Version { uid: row.uid.clone(), ..Version::default() }.to_string(),
            state,
            rank: state.rank(),
            state_since: None,
            status: ObjectStatus { state, cause: row.cause.clone() },
            owner: row.workload.clone(),
            labels: row.labels.clone(),
            columns: printed(columns),
            created_at: row.created_at,
            added_position: row.added_position,
        }
    }
}

fn printed<const N: usize>(columns: [(&str, String); N]) -> BTreeMap<String, FreeText> {
    columns.into_iter().map(|(name, text)| (name.to_owned(), FreeText::new(&text))).collect()
}

fn of_kind(kind: &Resource, status: &Status) -> BTreeMap<String, FreeText> {
    let Counts { desired, updated, ready, available, active, .. } = status.counts;
    let number = |count: Option<i32>| count.unwrap_or_default().to_string();
    let share = |of: Option<i32>| format!("{}/{}", number(of), number(desired));
    match kind.kind() {
        "Deployment" => {
            printed([("Ready", share(ready)), ("Up-to-date", number(updated)), ("Available", number(available))])
        }
        "StatefulSet" => printed([("Ready", share(ready))]),
        "DaemonSet" => printed([
            ("Desired", number(desired)),
            ("Ready", number(ready)),
            ("Up-to-date", number(updated)),
            ("Available", number(available)),
        ]),
        "ReplicaSet" => printed([("Desired", number(desired)), ("Ready", number(ready))]),
        "Job" => printed([("Status", of_job(status).to_owned()), ("Completions", completions(&status.counts))]),
        "CronJob" => {
            let is_suspended = if status.state == State::Suspended { "True" } else { "False" };
            let mut columns = printed([("Active", number(active)), ("Suspend", is_suspended.to_owned())]);
            if let Some(schedule) = status.summary.as_ref().and_then(|summary| summary.text("schedule")) {
                // Its time zone follows in brackets, and is a column of its own.
                let (schedule, zone) = schedule.trim_end_matches(')').split_once(" (").unwrap_or((schedule, "<none>"));
                columns.extend(printed([("Schedule", schedule.to_owned()), ("Timezone", zone.to_owned())]));
            }
            columns
        }
        _ => BTreeMap::new(),
    }
}

/// A Job without a number of completions needs one pod that succeeds, of those that run at the same time.
fn completions(counts: &Counts) -> String {
    let succeeded = counts.succeeded.unwrap_or_default();
    match (counts.desired, counts.parallelism) {
        (Some(desired), _) => format!("{succeeded}/{desired}"),
        (None, Some(parallelism)) if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
        (None, _) => format!("{succeeded}/1"),
    }
}

/// The condition that kubectl prints. Of a Job that starts no pod, and is not suspended, it says that it runs.
fn of_job(status: &Status) -> &'static str {
    let Counts { desired, succeeded, parallelism, .. } = status.counts;
    let says = |code| status.summary.as_ref().is_some_and(|summary| summary.is(code));
    match status.state {
        State::Completed => "Complete",
        State::Failed => "Failed",
        State::Suspended => "Suspended",
        State::Progressing if says(Code::Removing) && parallelism != Some(0) => "Suspended",
        State::Progressing if says(Code::JobEnding) && status.cause.is_some() => "FailureTarget",
        State::Progressing if says(Code::JobEnding) => "SuccessCriteriaMet",
        // A job that has completed stays so for kubectl while it is deleted.
        State::Deleting if desired.is_some() && succeeded >= desired => "Complete",
        State::Deleting => "Terminating",
        State::Stopped
        | State::Running
        | State::Progressing
        | State::RolloutStuck
        | State::Degraded
        | State::Unavailable
        | State::Paused
        | State::Unknown => "Running",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kubernetes::cause::Cause;

    /// What kubectl prints of Jobs: `printJob` in pkg/printers/internalversion/printers.go of Kubernetes.
    #[test]
    fn a_job_says_what_kubectl_says() {
        let counts = |desired, parallelism, succeeded| Counts {
            desired,
            parallelism: Some(parallelism),
            succeeded: Some(succeeded),
            ..Counts::default()
        };
        let status = |state, summary, counts| Status { state, summary, cause: None, counts, generation: 1 };
        let removing = || Some(Code::Removing.message([("pods", 1.into())]));
        let ending = || Some(Code::JobEnding.message([]));
        let failing = || Some(Cause { message: Code::JobEnding.message([]), since: None, evidence: Vec::new() });
        let cases = [
            (status(State::Running, None, counts(Some(5), 2, 3)), "Running", "3/5"),
            (status(State::Running, None, counts(None, 3, 0)), "Running", "0/1 of 3"),
            (status(State::Completed, None, counts(None, 1, 1)), "Complete", "1/1"),
            (status(State::Stopped, None, counts(None, 0, 0)), "Running", "0/1"),
            (status(State::Progressing, removing(), counts(Some(1), 0, 0)), "Running", "0/1"),
            (status(State::Progressing, removing(), counts(Some(1), 1, 0)), "Suspended", "0/1"),
            (status(State::Suspended, None, counts(Some(1), 1, 0)), "Suspended", "0/1"),
            (status(State::Progressing, ending(), counts(Some(1), 1, 1)), "SuccessCriteriaMet", "1/1"),
            (
                Status { cause: failing(), ..status(State::Progressing, ending(), counts(Some(1), 1, 0)) },
                "FailureTarget",
                "0/1",
            ),
            (status(State::Deleting, None, counts(Some(1), 1, 1)), "Complete", "1/1"),
            (status(State::Deleting, None, counts(Some(2), 1, 1)), "Terminating", "1/2"),
        ];
        for (status, state, completions) in cases {
            let wanted = printed([("Status", state.to_owned()), ("Completions", completions.to_owned())]);
            assert_eq!(of_kind(&Resource::JOB, &status), wanted, "{status:?}");
        }
    }
}
