//! Facts about a HorizontalPodAutoscaler.

use serde::{Deserialize, Serialize};

/// What an autoscaler does with a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscaler {
    /// With its group where that has a dot.
    pub target_kind: String,
    pub target_name: String,
    pub min: i32,
    pub max: i32,
}

impl Autoscaler {
    /// The number of replicas that it allows instead of `replicas`.
    pub fn bounded(&self, replicas: i32) -> i32 {
        replicas.max(self.min).min(self.max)
    }
}
