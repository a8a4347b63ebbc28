//! Nodes.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::{
    core::message::{Code, FREE_TEXT},
    kubernetes::observation::{Condition, Truth, condition},
};

const PRESSURES: [&str; 3] = ["DiskPressure", "MemoryPressure", "PIDPressure"];

pub(super) fn evaluate(seen: &Seen) -> Said {
    let node = || ("node", seen.name.into());
    let Some(ready) = condition(&seen.report.conditions, "Ready") else { return (ObjectState::Unknown, None) };
    let detail = |condition: &Condition| (FREE_TEXT, (&condition.message).into());
    match ready.status {
        Truth::True => {}
        Truth::False => {
            let message = Code::NodeNotReady.message([node(), ("reason", ready.reason.as_str().into()), detail(ready)]);
            return (ObjectState::Failed, Some(seen.shown_by(ready, message)));
        }
        Truth::Unknown => {
            let message = Code::NodeLost.message([("pod", "".into()), node()]);
            return (ObjectState::Failed, Some(seen.shown_by(ready, message)));
        }
    }
    let under_pressure = |kind| {
        let pressure = seen.holds(kind)?;
        let message = Code::NodeUnderPressure.message([node(), ("type", kind.into()), detail(pressure)]);
        Some(seen.shown_by(pressure, message))
    };
    let no_network = || {
        let network = seen.holds("NetworkUnavailable")?;
        Some(seen.shown_by(network, Code::NodeWithoutNetwork.message([node(), detail(network)])))
    };
    if let Some(cause) = PRESSURES.into_iter().find_map(under_pressure).or_else(no_network) {
        return (ObjectState::Degraded, Some(cause));
    }
    if seen.spec.get("unschedulable").is_true() {
        return (ObjectState::Inactive, Some(plain(Code::NodeCordoned.message([node()]))));
    }
    (ObjectState::Ready, None)
}
