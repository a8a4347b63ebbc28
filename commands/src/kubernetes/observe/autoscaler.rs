//! HorizontalPodAutoscalers.

use super::meta::{self, Error};
use domain::kubernetes::observation::Autoscaler;
use k8s_openapi::api::autoscaling::v2 as autoscaling;
use serde_json::Value;

/// The facts about an autoscaler.
pub fn autoscaler(object: &Value) -> Result<Autoscaler, Error> {
    let object: autoscaling::HorizontalPodAutoscaler = meta::read(object)?;
    let spec = object.spec.unwrap_or_default();
    let target = spec.scale_target_ref;
    Ok(Autoscaler {
        target_kind: meta::kind_with_group(&target.api_version.unwrap_or_default(), &target.kind),
        target_name: target.name,
        min: spec.min_replicas.unwrap_or(1),
        max: spec.max_replicas,
    })
}
