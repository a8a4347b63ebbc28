//! The causes of several pods, put in order.

use super::state::State;
use crate::{
    core::message::Message,
    kubernetes::{
        cause::{self, Depth, Finding},
        observation::{Object, Pod, controller},
    },
};

/// State, summary and the finding that explains it.
pub(super) type Said = (State, Option<Message>, Option<Finding>);

/// The causes of pods that are meant to be there. Pods that go explain nothing unless their node took them. A pod that
/// failed as a whole, for example an evicted one, explains nothing once it was replaced: a ReplicaSet keeps it for ever.
pub(super) fn findings<'a>(pods: impl IntoIterator<Item = &'a Object<'a, Pod>>) -> Vec<(&'a str, Finding)> {
    let pods: Vec<_> = pods.into_iter().collect();
    let replaced = pods.iter().filter(|pod| pod.facts.phase != "Failed").map(|pod| pod.created_at).max();
    let is_kept = |pod: &Object<Pod>| controller(&pod.facts.owners).is_some_and(|owner| owner.kind == "ReplicaSet");
    let is_replaced = |pod: &&Object<Pod>| {
        is_kept(pod) && pod.facts.phase == "Failed" && replaced.is_some_and(|at| at > pod.created_at)
    };
    let mut found: Vec<(&str, Finding)> = pods
        .into_iter()
        .filter(|pod| !is_replaced(pod))
        .filter_map(|pod| Some((pod, cause::of_pod(pod)?)))
        .filter(|(pod, finding)| pod.facts.deletion.is_none() || finding.depth == Depth::Node)
        .map(|(pod, finding)| (pod.name, finding))
        .collect();
    // The name decides between equals, so that the same facts always say the same.
    found.sort_by(|(a, one), (b, other)| (other.blocks, other.depth).cmp(&(one.blocks, one.depth)).then(a.cmp(b)));
    found
}

/// The causes of `pods`: of the new version alone while one of its pods cannot come up. A pod of an old version may show a
/// deeper cause, but that is not why the change does not get on.
pub(super) fn new_first(pods: &[Object<Pod>], is_new: impl Fn(&Object<Pod>) -> bool) -> Vec<Finding> {
    let new = findings(pods.iter().filter(|pod| is_new(pod)));
    let is_blocked = new.iter().any(|(_, finding)| finding.blocks);
    let found = if is_blocked { new } else { findings(pods) };
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The deepest of several findings, with evidence of the others. It began when the first of the pods that show it did.
pub(super) fn deepest(findings: impl IntoIterator<Item = Finding>) -> Option<Finding> {
    let mut findings: Vec<Finding> = findings.into_iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.blocks, finding.depth)));
    let mut all = findings.into_iter();
    let mut first = all.next()?;
    for other in all.clone().filter(|other| other.cause.is_same(&first.cause.message)) {
        first.cause.since = first.cause.since.into_iter().chain(other.cause.since).min();
        first.pods.extend(other.pods);
    }
    first.cause.evidence.extend(all.flat_map(|finding| finding.cause.evidence.into_iter().take(1)));
    first.cause.evidence.truncate(cause::EVIDENCE_LIMIT);
    Some(first)
}
