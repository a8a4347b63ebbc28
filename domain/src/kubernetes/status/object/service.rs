//! Services.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::core::message::{Code, FREE_TEXT};

pub(super) fn evaluate(seen: &Seen) -> Said {
    if seen.spec.get("type").text() != Some("LoadBalancer") {
        return (ObjectState::Ready, None);
    }
    if let Some(ports) = seen.holds("LoadBalancerPortsError") {
        return (ObjectState::Degraded, Some(seen.told_by(ports, Code::LoadBalancerFailed)));
    }
    if seen.status.at(&["loadBalancer", "ingress"]).has_some() {
        return (ObjectState::Ready, None);
    }
    match seen.note(&["SyncLoadBalancerFailed", "UnAvailableLoadBalancer"]) {
        Some(note) => {
            let message = Code::LoadBalancerFailed.message([(FREE_TEXT, (&note.message).into())]);
            (ObjectState::Degraded, Some(seen.reported_by(note, message)))
        }
        None => (ObjectState::Progressing, Some(plain(Code::LoadBalancerPending.message([])))),
    }
}
