//! The state of an object of any kind but workloads and pods, evaluated from its manifest and the report about it.
//!
//! The floor are the rules of kstatus. Kinds whose status says more, or says it in another way, have a file of their own.

mod autoscaler;
mod budget;
mod claim;
mod definition;
mod gateway;
mod generic;
mod ingress;
mod namespace;
mod node;
mod quota;
mod seen;
mod service;
#[cfg(test)]
mod tests;
mod volume;

use super::deletion;
use crate::{
    core::message::Code,
    kubernetes::{
        cause::{Cause, EvidenceKind},
        observation::{Object, Report},
        resource::Resource,
    },
};
use seen::{Seen, plain};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How an object is. Exactly one of them holds.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ObjectState {
    /// It does what it is there for, or there is nothing that it has to become.
    Ready,
    /// On its way to what is desired. A cause says what it waits for.
    Progressing,
    /// It does its work in part, or not at all, and may get well by itself.
    Degraded,
    /// It does not work, and its controller has given up or is not there.
    Failed,
    /// It is kept from its work on purpose, or has none.
    Inactive,
    /// Its deletion has begun.
    Deleting,
    /// The cluster does not report enough to say.
    Unknown,
}

impl ObjectState {
    /// The stable text of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// All states in the order of lists, the worst first.
    pub const ORDER: [Self; 7] =
        [Self::Failed, Self::Degraded, Self::Progressing, Self::Deleting, Self::Unknown, Self::Inactive, Self::Ready];

    /// Its place in [`ObjectState::ORDER`], from 1.
    pub fn rank(self) -> i16 {
        (1..).zip(Self::ORDER).find_map(|(rank, state)| (state == self).then_some(rank)).unwrap_or(i16::MAX)
    }

    /// Whether somebody should look at it.
    pub const fn is_problem(self) -> bool {
        matches!(self, Self::Degraded | Self::Failed)
    }
}

/// The status of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectStatus {
    pub state: ObjectState,
    /// Why it is not ready. None when it is, and while nothing says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// What a rule says: the state, and what explains it.
type Said = (ObjectState, Option<Cause>);

/// The status that follows from the manifest of an object and the report about it. Both are read whether their values were
/// stored or not.
///
/// `previous` is the status before, of the same incarnation: a cause that only it knows, because the cluster has dropped the
/// event that said so, stays as long as the state does.
pub fn evaluate(
    kind: &Resource,
    object: &Object<Report>,
    manifest: &Value,
    previous: Option<&ObjectStatus>,
) -> ObjectStatus {
    let (state, cause) = say(&Seen::new(kind, object, manifest));
    let mut status = ObjectStatus { state, cause };
    status.keep(previous);
    status
}

fn say(seen: &Seen) -> Said {
    if let Some(deletion) = &seen.report.deletion {
        let remains = || if seen.is("", "Namespace") { namespace::remains(seen) } else { None };
        let cause = remains().or_else(|| deletion::blocking(deletion).map(|finding| finding.cause));
        return (ObjectState::Deleting, cause);
    }
    if seen.report.observed_generation.is_some_and(|observed| observed < seen.report.generation) {
        return (ObjectState::Progressing, Some(plain(Code::NotObserved.message([]))));
    }
    match (seen.kind.group(), seen.kind.kind()) {
        ("", "PersistentVolumeClaim") => claim::evaluate(seen),
        ("", "PersistentVolume") => volume::evaluate(seen),
        ("", "Node") => node::evaluate(seen),
        ("", "Namespace") => namespace::evaluate(seen),
        ("", "Service") => service::evaluate(seen),
        ("", "ResourceQuota") => quota::evaluate(seen),
        ("networking.k8s.io", "Ingress") => ingress::evaluate(seen),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler::evaluate(seen),
        ("policy", "PodDisruptionBudget") => budget::evaluate(seen),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition::evaluate(seen),
        ("apiregistration.k8s.io", "APIService") => definition::of_service(seen),
        ("gateway.networking.k8s.io", kind) => gateway::evaluate(seen, kind),
        _ => generic::evaluate(seen),
    }
}

impl ObjectStatus {
    /// Keeps what only `previous` knows.
    fn keep(&mut self, previous: Option<&Self>) {
        let same_state = previous.filter(|previous| previous.state == self.state);
        let Some(before) = same_state.and_then(|previous| previous.cause.as_ref()) else { return };
        match &mut self.cause {
            Some(now) if now.is_same(&before.message) => {
                now.since = now.since.into_iter().chain(before.since).min();
            }
            None if self.state != ObjectState::Ready && is_of_event(before) => self.cause = Some(before.clone()),
            Some(_) | None => {}
        }
    }
}

/// Whether a cause is read from an event, which a cluster drops after an hour.
fn is_of_event(cause: &Cause) -> bool {
    cause.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Event)
}
