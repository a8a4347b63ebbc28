//! Facts common to all kinds: generation, owners, deletion, conditions, times.

use chrono::{DateTime, Utc};
use domain::kubernetes::{
    observation::{Condition, Deletion, Details, FreeText, Owner, Truth, Workload},
    resource::Resource,
};
use k8s_openapi::{
    apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta, OwnerReference, Time},
    jiff::Timestamp,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The revision annotation of a Deployment and its ReplicaSets.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// Bytes of a reason, at most: the API bounds those of events and conditions so.
const MAX_CODE: usize = 128;
/// What stands for a reason that is no code.
pub(super) const UNREADABLE: &str = "Unreadable";

/// The object does not have the shape of its kind.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the object cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("{0} is no workload")]
    NoWorkload(Resource),
}

pub(super) fn read<T: DeserializeOwned>(object: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(object)
}

/// The facts that all kinds share.
pub(super) fn workload(
    metadata: &ObjectMeta,
    observed_generation: Option<i64>,
    conditions: Vec<Condition>,
    details: Details,
) -> Workload {
    Workload {
        generation: metadata.generation.unwrap_or_default(),
        observed_generation,
        deletion: deletion(metadata),
        owners: owners(metadata),
        conditions,
        notes: Vec::new(),
        details,
    }
}

pub(super) fn deletion(metadata: &ObjectMeta) -> Option<Deletion> {
    let since = time(metadata.deletion_timestamp.as_ref())?;
    Some(Deletion { since, finalizers: metadata.finalizers.clone().unwrap_or_default() })
}

pub(super) fn owners(metadata: &ObjectMeta) -> Vec<Owner> {
    let owner = |reference: &OwnerReference| Owner {
        kind: kind_with_group(&reference.api_version, &reference.kind),
        name: reference.name.clone(),
        uid: reference.uid.clone(),
        controller: reference.controller == Some(true),
    };
    metadata.owner_references.iter().flatten().map(owner).collect()
}

/// `ReplicaSet` of `apps/v1`, `Rollout.argoproj.io` of `argoproj.io/v1alpha1`.
pub(super) fn kind_with_group(api_version: &str, kind: &str) -> String {
    match api_version.split_once('/') {
        Some((group, _)) if group.contains('.') => format!("{kind}.{group}"),
        _ => kind.to_owned(),
    }
}

pub(super) fn label<'a>(metadata: &'a ObjectMeta, name: &str) -> Option<&'a String> {
    metadata.labels.as_ref()?.get(name)
}

pub(super) fn annotation<'a>(metadata: &'a ObjectMeta, name: &str) -> Option<&'a String> {
    metadata.annotations.as_ref()?.get(name)
}

/// A number, as its controller writes it.
pub(super) fn revision(metadata: &ObjectMeta) -> Option<String> {
    annotation(metadata, REVISION).filter(|revision| revision.bytes().all(|byte| byte.is_ascii_digit())).cloned()
}

/// Whoever may write an event or a status fills in what they like. Reasons stand in clear, so only words like codes are kept.
pub(super) fn is_code(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
    (1..=MAX_CODE).contains(&text.len()) && text.bytes().all(is_part)
}

/// A reason, a type or a phase as it is kept. Empty if there is none.
pub(super) fn code(text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    if text.is_empty() || is_code(&text) { text } else { UNREADABLE.to_owned() }
}

/// Conditions ordered by type, so that equal conditions compare equal.
pub(super) fn sorted(conditions: impl IntoIterator<Item = Condition>) -> Vec<Condition> {
    let mut all: Vec<Condition> = conditions.into_iter().collect();
    all.sort_by(|a, b| a.kind.cmp(&b.kind));
    all
}

pub(super) fn condition(
    kind: String,
    status: &str,
    reason: Option<String>,
    message: Option<&str>,
    since: Option<&Time>,
) -> Condition {
    Condition {
        kind: code(Some(kind)),
        status: match status {
            "True" => Truth::True,
            "False" => Truth::False,
            _ => Truth::Unknown,
        },
        reason: code(reason),
        message: FreeText::new(message.unwrap_or_default()),
        since: time(since),
    }
}

pub(super) fn time(time: Option<&Time>) -> Option<DateTime<Utc>> {
    time.and_then(|time| timestamp(time.0))
}

pub(super) fn micro_time(time: Option<&MicroTime>) -> Option<DateTime<Utc>> {
    time.and_then(|time| timestamp(time.0))
}

fn timestamp(time: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.as_second(), time.subsec_nanosecond().try_into().ok()?)
}
