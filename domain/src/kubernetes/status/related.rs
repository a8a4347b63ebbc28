//! What else is observed around a workload, by owner.

use crate::kubernetes::observation::{Object, Owner, Pod, Workload, controller};

/// Other objects around a workload.
#[derive(Clone, Copy, Debug, Default)]
pub struct Related<'a> {
    /// Pods below it, at any depth. Those without a cause ([`super::pod::cause`]) may be left out.
    pub pods: &'a [Object<'a, Pod>],
    /// ReplicaSets of a Deployment.
    pub replica_sets: &'a [Object<'a, Workload>],
    /// Jobs of a CronJob.
    pub jobs: &'a [Object<'a, Workload>],
}

impl<'a> Related<'a> {
    /// The pods that `workload`, or what it controls, controls. Names and labels play no part.
    pub(super) fn pods_of(&self, workload: &Object<Workload>) -> Vec<Object<'a, Pod>> {
        let below =
            self.replica_sets.iter().chain(self.jobs).filter(|other| is_controlled_by(&other.facts.owners, workload));
        let uids: Vec<&str> = std::iter::once(workload.uid).chain(below.map(|other| other.uid)).collect();
        let is_ours =
            |pod: &&Object<Pod>| controller(&pod.facts.owners).is_some_and(|owner| uids.contains(&owner.uid.as_str()));
        self.pods.iter().filter(is_ours).copied().collect()
    }
}

pub(super) fn is_controlled_by(owners: &[Owner], workload: &Object<Workload>) -> bool {
    controller(owners).is_some_and(|owner| owner.uid == workload.uid)
}
