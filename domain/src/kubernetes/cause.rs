//! The cause of a state: the deepest one that is known, with its evidence.
//!
//! Kubernetes reports a failure at many levels: a container is killed, then waits, then its pod is not ready, then a
//! deadline passes. Each file here reads one level; `of_pod` and [`creation`] take the deepest that explains it.

mod container;
pub(crate) mod creation;
mod finding;
mod image;
mod node;
mod probe;
mod schedule;
mod subject;
#[cfg(test)]
mod tests;
mod volume;

pub(crate) use container::is_crash_looping;
pub use finding::{Cause, EVIDENCE_LIMIT, Evidence, EvidenceKind, ObjectName};
pub(crate) use finding::{Depth, Finding, condition_evidence, event_evidence, is_key};
pub(crate) use probe::GRACE;
pub(crate) use schedule::storage_class_not_found;
pub use subject::{ProblemKey, Subject};

use super::observation::{Object, Pod};

/// Why a pod does not work; None for one that does, or that just starts.
pub(crate) fn of_pod(pod: &Object<Pod>) -> Option<Finding> {
    if pod.facts.phase == "Succeeded" {
        return None;
    }
    node::ended(pod)
        .or_else(|| container::failing(pod))
        .or_else(|| probe::failing(pod))
        .or_else(|| container::slow_init(pod))
        .or_else(|| schedule::pending(pod))
        .or_else(|| volume::missing(pod))
        .or_else(|| probe::not_ready(pod))
}
