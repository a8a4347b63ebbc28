//! The parts that facts of all kinds share.

use crate::core::free_text::FreeText;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One object: its identity, and the facts about it.
#[derive(Debug, PartialEq)]
pub struct Object<'a, T> {
    pub name: &'a str,
    pub uid: &'a str,
    pub created_at: DateTime<Utc>,
    pub facts: &'a T,
}

impl<'a, T> Object<'a, T> {
    /// Other facts about the same object.
    pub fn with<U>(&self, facts: &'a U) -> Object<'a, U> {
        Object { name: self.name, uid: self.uid, created_at: self.created_at, facts }
    }
}

// A derive of both would require that the facts can be copied too.
impl<T> Clone for Object<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Object<'_, T> {}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truth {
    True,
    False,
    Unknown,
}

/// A condition of an object's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    #[serde(rename = "type")]
    pub kind: String,
    pub status: Truth,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "FreeText::is_empty")]
    pub message: FreeText,
    /// When its status last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
}

/// The condition of type `kind`.
pub fn condition<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.kind == kind)
}

/// The condition of type `kind` with that status.
pub fn condition_is<'a>(conditions: &'a [Condition], kind: &str, status: Truth) -> Option<&'a Condition> {
    condition(conditions, kind).filter(|condition| condition.status == status)
}

/// An object whose deletion has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// The earliest time at which it may be gone: the begin of the deletion plus the grace period.
    pub since: DateTime<Utc>,
    /// What others must remove before it is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

/// A reference to an owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// With its group where that has a dot: `ReplicaSet`, `Rollout.argoproj.io`.
    pub kind: String,
    pub name: String,
    pub uid: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub controller: bool,
}

/// The owner that controls an object; at most one does.
pub fn controller(owners: &[Owner]) -> Option<&Owner> {
    owners.iter().find(|owner| owner.controller)
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

pub(crate) fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
