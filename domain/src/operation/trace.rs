//! What the stages of an operation leave for later ones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a call wrote, to find it again while the operation waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The incarnation that was written to.
    pub uid: String,
    /// The generation that the call made.
    pub generation: i64,
    pub at: DateTime<Utc>,
    /// `spec.replicas`, when it wrote that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// A digest of the fields of `spec` that Binnacle owns since. None where the server names no owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<String>,
}

/// The state of a workload before it was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}
