//! Facts about who wrote which part of an object (`metadata.managedFields`).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A part of a workload, as far as operations distinguish parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Replicas,
    Suspend,
    Paused,
    Template,
    /// Any other field of `spec`.
    Spec,
    /// Labels, annotations, finalizers and owners.
    Metadata,
    Status,
}

/// One manager, and what it owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldManager {
    pub manager: String,
    /// For example `scale` or `status`; empty for the object itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subresource: String,
    /// When it last wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    pub parts: Vec<Part>,
}
