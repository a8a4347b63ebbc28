//! DaemonSets: one pod on each matching node.

use super::{
    findings::{Said, findings, new_first},
    pod,
    rollout::Rollout,
    state::State,
};
use crate::{
    core::message::Code,
    kubernetes::{
        cause,
        observation::{DaemonSet, Object, Pod, UpdateStrategy, Workload},
    },
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &DaemonSet, pods: &[Object<Pod>]) -> Said {
    if own.desired == 0 && own.current == 0 && own.misscheduled == 0 {
        return (State::Stopped, Some(Code::NoNodeMatches.message([])), None);
    }
    let is_current = |pod: &&Object<Pod>| own.revision.is_none() || pod.facts.revision == own.revision;
    let new_is_blocked = findings(pods.iter().filter(is_current)).iter().any(|(_, finding)| finding.blocks);
    let rollout = rollout(own).beside(own.current - own.updated, new_is_blocked);
    let mut found: Vec<_> = if rollout.is_rolling() {
        findings(pods.iter().filter(is_current)).into_iter().map(|(_, finding)| finding).collect()
    } else {
        new_first(pods, |pod| is_current(&pod))
    };
    if own.current < own.desired {
        found.extend(cause::creation::refused(workload));
    }
    let is_steady = !pods.iter().any(pod::is_crash_looping);
    let (state, summary, finding) = rollout.evaluate(found, is_steady, false);
    let outdated = own.desired - own.updated;
    let held_back =
        (state == State::Running && outdated > 0).then(|| Code::UpdatesOnDelete.message([("pods", outdated.into())]));
    (state, summary.or(held_back), finding)
}

pub(crate) fn rollout(own: &DaemonSet) -> Rollout {
    let to_update = match own.update_strategy {
        UpdateStrategy::OnDelete => 0,
        UpdateStrategy::RollingUpdate => own.desired,
    };
    let old = own.current - own.updated;
    Rollout {
        desired: own.desired,
        to_update,
        total: own.current,
        updated: own.updated,
        available: own.available,
        terminating: 0,
        old_available: if own.updated < to_update.min(own.current) { own.available.min(old) } else { 0 },
    }
}
