//! Deployments: two versions side by side while one replaces the other.

use super::{
    findings::{Said, new_first},
    pod,
    related::{Related, is_controlled_by},
    rollout::Rollout,
    state::State,
};
use crate::{
    core::message::Code,
    kubernetes::{
        cause::{self, Depth, Finding, ObjectName},
        observation::{Deployment, Details, Object, Pod, ReplicaSet, Workload, condition, controller},
    },
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &Deployment, pods: &[Object<Pod>], related: &Related) -> Said {
    let sets = Sets::of(workload, own, related);
    let rollout = rollout(own, &sets);
    let current: Vec<Object<Pod>> = pods.iter().filter(|pod| sets.is_current(pod)).copied().collect();
    // Old pods that fail are being replaced, available or not: they do not keep the change from coming up. While the change is
    // paused nothing replaces them.
    let is_replacing = !own.paused && own.counts.replicas > own.counts.updated && sets.newest.is_some();
    let relevant = if is_replacing { current.as_slice() } else { pods };
    let mut found = new_first(relevant, |pod| sets.is_current(pod));
    found.extend(cause::creation::refused(workload));
    let is_steady = !pods.iter().any(pod::is_crash_looping);
    if own.paused && rollout.desired > 0 {
        let is_broken = rollout.available < rollout.desired && found.iter().any(|finding| finding.blocks);
        return if is_broken { rollout.evaluate(found, is_steady, false) } else { paused(own, &rollout) };
    }
    let gave_up = deadline_passed(workload, own);
    let has_given_up = gave_up.is_some();
    found.extend(gave_up);
    rollout.evaluate(found, is_steady, has_given_up)
}

/// The numbers of a Deployment alone, where its ReplicaSets are not at hand.
pub(crate) fn rollout_alone(own: &Deployment) -> Rollout {
    rollout(own, &Sets::default())
}

fn rollout(own: &Deployment, sets: &Sets) -> Rollout {
    let old = own.counts.replicas - own.counts.updated;
    Rollout {
        desired: own.replicas,
        to_update: own.replicas,
        total: own.counts.replicas,
        updated: own.counts.updated,
        available: own.counts.available,
        terminating: own.counts.terminating,
        old_available: if old > 0 { sets.old_available.unwrap_or(own.counts.available).min(old) } else { 0 },
    }
}

/// The ReplicaSets of a Deployment: the one of its current template, and what the others still serve.
#[derive(Default)]
struct Sets<'a> {
    newest: Option<&'a str>,
    old_available: Option<i32>,
}

impl<'a> Sets<'a> {
    fn of(workload: &Object<Workload>, own: &Deployment, related: &Related<'a>) -> Self {
        let ours: Vec<(&'a str, &'a ReplicaSet)> = related
            .replica_sets
            .iter()
            .filter(|set| is_controlled_by(&set.facts.owners, workload))
            .filter_map(|set| {
                let Details::ReplicaSet(own) = &set.facts.details else { return None };
                Some((set.uid, own))
            })
            .collect();
        let newest = ours.iter().find(|(_, set)| own.revision.is_some() && set.revision == own.revision);
        let Some((newest, _)) = newest else { return Self::default() };
        let old = ours.iter().filter(|(uid, _)| uid != newest).map(|(_, set)| set.counts.available);
        Self { newest: Some(newest), old_available: Some(old.sum()) }
    }

    fn is_current(&self, pod: &Object<Pod>) -> bool {
        controller(&pod.facts.owners).is_some_and(|owner| Some(owner.uid.as_str()) == self.newest)
    }
}

fn paused(own: &Deployment, rollout: &Rollout) -> Said {
    let summary = if own.revision.is_none() && rollout.total == 0 {
        Code::CreatedPaused.message([])
    } else {
        Code::RolloutPaused.message([("updated", rollout.updated.into()), ("desired", rollout.desired.into())])
    };
    (State::Paused, Some(summary), None)
}

/// Kubernetes says that the change takes longer than `progressDeadlineSeconds`.
fn deadline_passed(workload: &Object<Workload>, own: &Deployment) -> Option<Finding> {
    let progressing = condition(&workload.facts.conditions, "Progressing")
        .filter(|progressing| progressing.reason == "ProgressDeadlineExceeded")?;
    let seconds = own.progress_deadline_seconds.unwrap_or_default();
    let evidence = cause::condition_evidence(progressing, ObjectName::new("Deployment", workload.name));
    let finding = Finding::new(Depth::Verdict, Code::ProgressDeadlineExceeded.message([("seconds", seconds.into())]));
    Some(finding.since(progressing.since).with(evidence))
}
