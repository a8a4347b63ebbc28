//! What Deployments, StatefulSets, DaemonSets and ReplicaSets have in common: a number of pods, of a version.

use super::{
    findings::{Said, deepest},
    state::State,
};
use crate::{
    core::message::{Code, Message},
    kubernetes::{cause::Finding, observation::ReplicaCounts},
};

/// A number of pods on the way to another number, or to another version.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rollout {
    pub desired: i32,
    /// Pods that are to be of the current template. Fewer than desired where a partition or `OnDelete` holds others back.
    pub to_update: i32,
    /// Pods that are not terminating.
    pub total: i32,
    pub updated: i32,
    pub available: i32,
    pub terminating: i32,
    /// Available pods of the version before, while it is being replaced.
    pub old_available: i32,
}

impl Rollout {
    /// One without versions: every pod is up to date.
    pub fn of_one_version(desired: i32, counts: &ReplicaCounts) -> Self {
        Self {
            desired,
            to_update: desired,
            total: counts.replicas,
            updated: counts.replicas,
            available: counts.available,
            terminating: counts.terminating,
            old_available: 0,
        }
    }

    /// The same, where `old` pods of the version before are kept on purpose, and whether those of the new one can come up.
    pub fn beside(self, old: i32, new_is_blocked: bool) -> Self {
        if new_is_blocked { Self { old_available: self.available.min(old).max(0), ..self } } else { self }
    }

    /// Whether old pods are still to be replaced.
    pub fn is_rolling(&self) -> bool {
        self.updated < self.to_update.min(self.total) || self.old_available > 0
    }

    /// Whether all that is desired is there, of the desired version, and available; and nothing more.
    pub fn is_complete(&self) -> bool {
        self.updated >= self.to_update
            && self.total <= self.desired
            && self.available >= self.desired
            && self.old_available == 0
    }

    pub fn is_stopped(&self) -> bool {
        self.desired == 0 && self.total == 0 && self.terminating == 0
    }

    /// State and summary, given what keeps its pods from working. `steady` is false while a pod that is available at this
    /// moment crashes again and again; `gave_up` is true when Kubernetes says that it takes too long.
    pub fn evaluate(&self, findings: Vec<Finding>, steady: bool, gave_up: bool) -> Said {
        let finding = deepest(findings);
        let is_blocked = finding.as_ref().is_some_and(|finding| finding.blocks);
        let state = if self.desired == 0 {
            if self.is_stopped() { State::Stopped } else { State::Progressing }
        } else if self.is_complete() {
            if steady { State::Running } else { State::Degraded }
        } else if !is_blocked {
            State::Progressing
        } else if self.available == 0 {
            if gave_up { State::Failed } else { State::Unavailable }
        } else if self.old_available > 0 {
            State::RolloutStuck
        } else {
            State::Degraded
        };
        let explains = !matches!(state, State::Stopped | State::Running) && self.desired > 0;
        (state, self.summary(state), finding.filter(|_| explains))
    }

    fn summary(&self, state: State) -> Option<Message> {
        let available = [("available", self.available.into()), ("desired", self.desired.into())];
        match state {
            State::Running | State::Stopped => None,
            State::RolloutStuck => Some(
                Code::OldVersionServes
                    .message([("available", self.old_available.into()), ("desired", self.desired.into())]),
            ),
            State::Progressing if self.is_rolling() => Some(Code::RollingOut.message([
                ("updated", self.updated.min(self.to_update).into()),
                ("to_update", self.to_update.into()),
                ("available", self.available.into()),
                ("desired", self.desired.into()),
            ])),
            State::Progressing if self.total > self.desired || self.desired == 0 => {
                let going = (self.total - self.desired).max(0) + self.terminating;
                Some(Code::Removing.message([("pods", going.into())]))
            }
            State::Progressing
            | State::Degraded
            | State::Unavailable
            | State::Failed
            | State::Paused
            | State::Suspended
            | State::Completed
            | State::Deleting
            | State::Unknown => Some(Code::Available.message(available)),
        }
    }
}
