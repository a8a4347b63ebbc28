//! Kubernetes events.

use super::meta::{self, Error, UNREADABLE, is_code};
use domain::kubernetes::observation::{EventKind, FreeText, InvolvedObject, KubernetesEvent, Note};
use k8s_openapi::api::core::v1 as core;
use serde_json::Value;

/// Bytes of a message that are kept, at most. The API bounds it to 1024, but not in the older form.
const MAX_MESSAGE: usize = 2048;

/// The facts about a Kubernetes event. Reads both forms: the older one with a count, and the newer one with a series.
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
    let source = object.source.unwrap_or_default().component.or(object.reporting_component);
    let source = source.filter(|source| is_code(source)).unwrap_or_default();
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
            reason: object.reason.filter(|reason| is_code(reason)).unwrap_or_else(|| UNREADABLE.to_owned()),
            message: FreeText::new(cut(object.message.as_deref().unwrap_or_default())),
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
    let is_label = |name: &&str| {
        (1..=63).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    rest.strip_suffix('}').filter(is_label)
}

/// The message as far as it is kept.
fn cut(message: &str) -> &str {
    &message[..message.floor_char_boundary(MAX_MESSAGE)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_people_may_fill_into_an_event_is_bounded_and_stands_in_clear_only_as_a_code() {
        let read = |reason: &str, component: &str, path: &str, message: &str| {
            event(&json!({"metadata": {}, "involvedObject": {"fieldPath": path}, "reason": reason, "message": message,
                "source": {"component": component}}))
            .expect("an event")
            .note
        };
        let usual = read("BackOff", "kubelet", "spec.containers{web}", "Back-off");
        assert_eq!((usual.reason.as_str(), usual.source.as_str()), ("BackOff", "kubelet"));
        assert_eq!((usual.container.as_deref(), usual.message.as_str()), (Some("web"), "Back-off"));
        let long = "漢".repeat(400_000);
        for text in ["password=hunter2", "a\u{0}b", "\u{202e}x", long.as_str()] {
            let note = read(text, text, &format!("spec.containers{{{text}}}"), text);
            assert_eq!((note.reason.as_str(), note.source.as_str(), note.container), (UNREADABLE, "", None));
            assert!(note.message.as_str().len() <= MAX_MESSAGE);
        }
    }
}
