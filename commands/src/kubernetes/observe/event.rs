//! Kubernetes events.

use super::meta::{self, Error};
use domain::kubernetes::observation::{EventKind, FreeText, InvolvedObject, KubernetesEvent, Note};
use k8s_openapi::api::core::v1 as core;
use serde_json::Value;

/// The facts about a Kubernetes event. Both shapes are read: the older one that counts, and the newer one with a series.
pub fn event(object: &Value) -> Result<KubernetesEvent, Error> {
    let object: core::Event = meta::read(object)?;
    let series = object.series.unwrap_or_default();
    let created = meta::time(object.metadata.creation_timestamp.as_ref());
    let at = meta::micro_time(object.event_time.as_ref()).or(created).unwrap_or_default();
    let first = meta::time(object.first_timestamp.as_ref()).unwrap_or(at);
    let last = meta::micro_time(series.last_observed_time.as_ref())
        .or_else(|| meta::time(object.last_timestamp.as_ref()))
        .unwrap_or(first);
    let involved = object.involved_object;
    let source = object.source.unwrap_or_default().component.or(object.reporting_component).unwrap_or_default();
    let container = involved.field_path.as_deref().and_then(container).map(str::to_owned);
    Ok(KubernetesEvent {
        uid: object.metadata.uid.unwrap_or_default(),
        object: InvolvedObject {
            kind: meta::kind_with_group(&involved.api_version.unwrap_or_default(), &involved.kind.unwrap_or_default()),
            namespace: involved.namespace,
            name: involved.name.unwrap_or_default(),
            uid: involved.uid.unwrap_or_default(),
        },
        note: Note {
            kind: if object.type_.as_deref() == Some("Warning") { EventKind::Warning } else { EventKind::Normal },
            reason: object.reason.unwrap_or_default(),
            message: FreeText::new(object.message.as_deref().unwrap_or_default()),
            count: series.count.or(object.count).unwrap_or(1),
            first,
            last,
            container,
            source,
        },
    })
}

/// `spec.containers{web}` and the like name a container.
fn container(field_path: &str) -> Option<&str> {
    let (_, rest) = field_path.strip_prefix("spec.")?.split_once("ontainers{")?;
    rest.strip_suffix('}')
}
