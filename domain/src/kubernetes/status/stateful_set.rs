//! StatefulSets: one pod after the other, some held back on purpose.

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
        observation::{Object, Pod, StatefulSet, UpdateStrategy, Workload},
    },
};

pub(super) fn evaluate(workload: &Object<Workload>, own: &StatefulSet, pods: &[Object<Pod>]) -> Said {
    let is_new = |pod: &Object<Pod>| own.update_revision.is_some() && pod.facts.revision == own.update_revision;
    let new_is_blocked = findings(pods.iter().filter(|pod| is_new(pod))).iter().any(|(_, finding)| finding.blocks);
    let rollout = rollout(own).beside(own.counts.replicas - updated(own), new_is_blocked);
    // A broken pod of the old version stops the update too: the controller waits for it before it goes on.
    let mut found = new_first(pods, is_new);
    if own.counts.replicas < own.replicas {
        found.extend(cause::creation::refused(workload));
    }
    let is_steady = !pods.iter().any(pod::is_crash_looping);
    let (state, summary, finding) = rollout.evaluate(found, is_steady, false);
    let held_back = if state == State::Running { held_back(own) } else { None };
    (state, summary.or(held_back), finding)
}

pub(crate) fn rollout(own: &StatefulSet) -> Rollout {
    let to_update = match own.update_strategy {
        UpdateStrategy::OnDelete => 0,
        UpdateStrategy::RollingUpdate => (own.replicas - own.partition).max(0),
    };
    let updated = updated(own);
    let old = own.counts.replicas - updated;
    Rollout {
        desired: own.replicas,
        to_update,
        total: own.counts.replicas,
        updated,
        available: own.counts.available,
        terminating: own.counts.terminating,
        old_available: if updated < to_update.min(own.counts.replicas) { own.counts.available.min(old) } else { 0 },
    }
}

/// Pods of the current template. The revisions alone do not tell: after a way back both are the same while a pod of the
/// version between them runs on.
pub(super) fn updated(own: &StatefulSet) -> i32 {
    own.counts.updated
}

fn held_back(own: &StatefulSet) -> Option<crate::core::message::Message> {
    let outdated = own.counts.replicas - updated(own);
    if outdated <= 0 {
        return None;
    }
    Some(match own.update_strategy {
        UpdateStrategy::OnDelete => Code::UpdatesOnDelete.message([("pods", outdated.into())]),
        UpdateStrategy::RollingUpdate => Code::Partitioned.message([
            ("updated", updated(own).into()),
            ("desired", own.replicas.into()),
            ("partition", own.partition.into()),
        ]),
    })
}
