//! Claims and volumes.

use super::{Relation, found::Found};
use crate::kubernetes::{manifest::Place, resource::Resource};

/// Claims of one template of a StatefulSet, at most.
const MOST: i64 = 500;

/// The claims that a StatefulSet makes: one for each template and pod.
pub(super) fn of_set(manifest: Place, found: &mut Found) {
    let (set, spec) = (manifest.at(&["metadata", "name"]).text().unwrap_or_default(), manifest.get("spec"));
    let first = spec.at(&["ordinals", "start"]).number().unwrap_or_default();
    let end = first.saturating_add(spec.get("replicas").number().unwrap_or(1).clamp(0, MOST));
    for template in spec.get("volumeClaimTemplates").items() {
        let template = template.at(&["metadata", "name"]).text().unwrap_or_default();
        (first..end).for_each(|ordinal| found.mounts_claim(&format!("{template}-{set}-{ordinal}")));
    }
}

pub(super) fn of_claim(spec: Place, found: &mut Found) {
    found.binds(Resource::VOLUME, spec.get("volumeName"));
    found.binds(Resource::STORAGE_CLASS, spec.get("storageClassName"));
}

pub(super) fn of_volume(spec: Place, found: &mut Found) {
    let claim = spec.get("claimRef");
    found.named_in(Relation::Binds, Resource::CLAIM, claim.get("namespace").text(), claim.get("name"));
    found.binds(Resource::STORAGE_CLASS, spec.get("storageClassName"));
}
