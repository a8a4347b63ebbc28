//! Workloads and pods as rows among all objects, with the columns that kubectl prints, as far as they are recorded.

use super::ObjectRow;
use crate::models::{
    object_state::{of_pod, of_workload},
    pods::Pod,
    workloads::Workload,
};
use domain::{
    core::{free_text::FreeText, version::Version},
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
            version: row.version.clone(),
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
    let Counts { desired, updated, ready, available, active, succeeded, .. } = status.counts;
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
        "Job" => {
            // A work queue has no number of completions.
            let completions = if desired.is_some() { share(succeeded) } else { number(succeeded) };
            // A job that has completed stays so for kubectl while it is deleted.
            let is_complete = desired.is_some() && succeeded >= desired;
            let state = if status.state == State::Deleting && is_complete { State::Completed } else { status.state };
            printed([("Status", of_job(state).to_owned()), ("Completions", completions)])
        }
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

const fn of_job(state: State) -> &'static str {
    match state {
        State::Completed => "Complete",
        State::Failed => "Failed",
        State::Suspended | State::Stopped => "Suspended",
        State::Deleting => "Terminating",
        State::Running
        | State::Progressing
        | State::RolloutStuck
        | State::Degraded
        | State::Unavailable
        | State::Paused
        | State::Unknown => "Running",
    }
}
