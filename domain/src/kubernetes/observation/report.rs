//! What the cluster reports of an object whose kind has no facts of its own.

use super::{
    event::Note,
    object::{Condition, Deletion, Owner, is_zero},
};
use crate::{core::free_text::FreeText, kubernetes::manifest::Manifest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The report about one object: everything that is recorded of it beside its manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// 0 where the kind has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub generation: i64,
    /// The generation that its controller acted on last, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// The conditions of its status, ordered by type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// The rest of its status, without what changes while nothing happens. Null if there is none.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub status: Manifest,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What the server prints of it, by the name of the column. Ages and other times are not among them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, FreeText>,
}

fn is_nothing(status: &Manifest) -> bool {
    status.is_null()
}
