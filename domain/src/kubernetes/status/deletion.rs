//! Workloads whose deletion has begun: what it still waits for.

use super::{
    findings::{Said, findings},
    state::State,
};
use crate::{
    core::message::Code,
    kubernetes::{
        cause::{Depth, Finding},
        observation::{Deletion, Object, Pod, Workload},
    },
};

/// Finalizers that Kubernetes itself removes when the pods are gone or orphaned.
const OWN: [&str; 2] = ["foregroundDeletion", "orphan"];

pub(super) fn evaluate(workload: &Object<Workload>, deletion: &Deletion, pods: &[Object<Pod>]) -> Said {
    let finding = blocking(deletion).or_else(|| {
        let of_nodes = findings(pods).into_iter().map(|(_, finding)| finding).find(|f| f.depth == Depth::Node);
        of_nodes.filter(|_| workload.facts.deletion.is_some())
    });
    (State::Deleting, None, finding)
}

/// Finalizers of others. Binnacle does not know when they are removed.
pub(crate) fn blocking(deletion: &Deletion) -> Option<Finding> {
    let others: Vec<&str> =
        deletion.finalizers.iter().map(String::as_str).filter(|finalizer| !OWN.contains(finalizer)).collect();
    if others.is_empty() {
        return None;
    }
    let message = Code::FinalizersBlock.message([("finalizers", others.into())]);
    Some(Finding::new(Depth::Verdict, message).since(Some(deletion.since)))
}
