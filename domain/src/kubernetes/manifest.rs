//! Manifests, and what of them is stored in clear: what people search and sort by, and what has a fixed form. Everything else
//! is a free leaf. What stands at a place that is not named here is one leaf as a whole.

mod clear;
mod place;

pub use clear::is_image;
pub use place::Place;

use crate::core::sealing::leaf::{self, FREE, SEALED};
use clear::{Form, OBJECT};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::{borrow::Cow, ops::Deref};

/// A manifest as people write it. If it was read with its leaves as they are stored, those stand in it, with their values
/// beside where there was a key.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    value: Value,
    has_leaves: bool,
}

impl From<Value> for Manifest {
    fn from(value: Value) -> Self {
        Self { value, has_leaves: false }
    }
}

impl Deref for Manifest {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

impl Manifest {
    /// A manifest with its leaves as they are stored.
    pub const fn stored(value: Value) -> Self {
        Self { value, has_leaves: true }
    }

    /// Whether it was read with its leaves as they are stored.
    pub const fn has_leaves(&self) -> bool {
        self.has_leaves
    }

    /// Whether values of it cannot be opened, because their key is gone.
    pub fn is_forgotten(&self) -> bool {
        self.has_leaves && is_sealed(&self.value)
    }

    /// With each free leaf marked.
    fn leaves(&self) -> Cow<'_, Value> {
        if self.has_leaves { Cow::Borrowed(&self.value) } else { Cow::Owned(marked(&self.value, &OBJECT)) }
    }
}

/// Two manifests are the same whether they were stored or not.
impl PartialEq for Manifest {
    fn eq(&self, other: &Self) -> bool {
        comparable(&self.leaves()) == comparable(&other.leaves())
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.leaves().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Manifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let has_leaves = unmark(&mut value);
        Ok(Self { value, has_leaves })
    }
}

/// Two manifests whose differences are those of their values: each leaf is one text, however it is stored.
pub fn comparable(manifest: &Value) -> Value {
    let mut value = manifest.clone();
    flatten(&mut value);
    value
}

/// The manifest with each free leaf marked.
fn marked(value: &Value, form: &Form) -> Value {
    match (form, value) {
        (_, Value::Null | Value::Bool(_)) => value.clone(),
        (Form::Fields(known), Value::Object(fields)) if !has_marks(fields) => fields
            .iter()
            .map(|(name, inner)| {
                let form = known.iter().find(|(known, _)| known == name).map_or(&Form::Free, |(_, form)| form);
                (name.clone(), marked(inner, form))
            })
            .collect(),
        (Form::Map(form), Value::Object(fields)) if !has_marks(fields) => {
            fields.iter().map(|(name, inner)| (name.clone(), marked(inner, form))).collect()
        }
        (Form::List(form), Value::Array(items)) => items.iter().map(|inner| marked(inner, form)).collect(),
        (form, value) if form.is_clear(value) => value.clone(),
        _ => leaf::free(value.clone()),
    }
}

/// Whether a person wrote keys that no object of Kubernetes has, and that leaves have.
fn has_marks(fields: &Map<String, Value>) -> bool {
    fields.keys().any(|key| key.starts_with('$'))
}

/// Puts the value in the place of each leaf that was opened and has nothing stored beside it. Returns whether leaves are
/// left.
fn unmark(value: &mut Value) -> bool {
    match value {
        Value::Object(fields) if fields.contains_key(SEALED) => true,
        Value::Object(fields) => {
            if let Some(free) = fields.remove(FREE) {
                *value = free;
                return false;
            }
            fields.values_mut().fold(false, |left, inner| unmark(inner) | left)
        }
        Value::Array(items) => items.iter_mut().fold(false, |left, inner| unmark(inner) | left),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn is_sealed(value: &Value) -> bool {
    match value {
        Value::Object(fields) if leaf::is_leaf(fields) => !fields.contains_key(FREE),
        Value::Object(fields) => fields.values().any(is_sealed),
        Value::Array(items) => items.iter().any(is_sealed),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn flatten(value: &mut Value) {
    match value {
        Value::Object(fields) if leaf::is_leaf(fields) => {
            let shown = fields.get(FREE).or_else(|| fields.get(SEALED)).map(ToString::to_string);
            // A prefix that no text of the object itself has.
            *value = format!("\0{}", shown.unwrap_or_default()).into();
        }
        Value::Object(fields) => fields.values_mut().for_each(flatten),
        Value::Array(items) => items.iter_mut().for_each(flatten),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::sealing::{DataKey, KeyId, Opening, Ring, Sealer, leaf::open};
    use serde_json::json;
    use std::sync::Arc;

    fn canaries() -> Value {
        let pod = json!({
            "containers": [{
                "name": "web", "image": "web:1", "command": ["canary-1"], "args": ["--x=canary-2"],
                "env": [{"name": "A", "value": "canary-3"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                    {"name": "C", "value": 4_711_001}],
                "ports": [{"containerPort": 80, "name": "http"}],
                "resources": {"limits": {"memory": "64Mi", "cpu": 1, "x": "9canary-4"}},
                "livenessProbe": {"httpGet": {"path": "/canary-5", "port": "http", "httpHeaders": [{"name": "X", "value": "canary-6"}]},
                    "periodSeconds": 5, "exec": {"command": ["canary-7"]}},
                "lifecycle": {"preStop": {"exec": {"command": ["canary-8"]}}}, "workingDir": "/canary-9",
                "unknown": {"deep": ["canary-10", 4_711_002]},
            }],
            "nodeSelector": {"disk": "ssd"}, "hostAliases": [{"ip": "canary-11"}], "dnsPolicy": "canary-12", "priorityClassName": "high",
            "restartPolicy": "Always",
        });
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "team", "labels": {"app": "web"},
                "annotations": {"a": "canary-13", "binnacle.io/operation-id": "canary-14"}, "unknown": "canary-15"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "paused": true, "unknown": 4_711_003,
                "template": {"metadata": {"labels": {"app": "web"}, "annotations": {"b": "canary-16"}}, "spec": pod}},
            "canary": "canary-17", "$free": "canary-18", "list": {"$sealed": "canary-19"},
        })
    }

    #[test]
    fn only_what_has_a_fixed_form_is_stored_in_clear() {
        let mut manifest = canaries();
        manifest.as_object_mut().expect("fields").remove("$free");
        let key = DataKey::new(KeyId([1; 8]), &[1; 32]);
        let mut stored = serde_json::to_value(Manifest::from(manifest.clone())).expect("written");
        Sealer { key: Some(&key), salt: [2; 16] }.seal_value("s", &mut stored).expect("sealed");
        let text = stored.to_string();
        assert!(!text.contains("canary-") && !text.contains("canary ") && !text.contains("4711"), "{text}");
        for (place, value) in [
            ("/spec/replicas", json!(2)),
            ("/spec/paused", json!(true)),
            ("/metadata/labels/app", json!("web")),
            ("/spec/template/spec/containers/0/image", json!("web:1")),
            ("/spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/name", json!("s")),
            ("/spec/template/spec/containers/0/resources/limits/memory", json!("64Mi")),
            ("/spec/template/spec/restartPolicy", json!("Always")),
        ] {
            assert_eq!(stored.pointer(place), Some(&value), "{place}");
        }
        open("s", &mut stored, &Ring::from_iter([Arc::new(key)]), Opening::Plain).expect("opened");
        let read: Manifest = serde_json::from_value(stored).expect("read");
        assert_eq!(*read, manifest, "nothing is lost");
    }

    #[test]
    fn what_looks_like_a_leaf_is_one_leaf_as_a_whole() {
        let marked = serde_json::to_value(Manifest::from(canaries())).expect("written");
        assert_eq!(marked[FREE], canaries());
    }

    #[test]
    fn an_operation_stands_in_clear_where_it_is_one() {
        let id = "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d";
        let manifest = json!({"metadata": {"annotations": {"binnacle.io/operation-id": id}}});
        assert_eq!(serde_json::to_value(Manifest::from(manifest.clone())).expect("written"), manifest);
    }

    #[test]
    fn stored_leaves_are_the_same_when_their_values_are() {
        let with = |sealed: &str, value: &str| json!({"a": {"$sealed": sealed, "$free": value}});
        assert_eq!(comparable(&with("s", "x")), comparable(&with("t", "x")));
        assert_ne!(comparable(&with("s", "x")), comparable(&with("s", "y")));
    }
}
