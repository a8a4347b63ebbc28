//! Who wrote which part of an object.

use super::meta;
use domain::{
    core::canonical::canonical,
    kubernetes::observation::{FieldManager, Part},
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The managers of an object, in the order of the server. Empty where the server names none.
pub fn managers(object: &Value) -> Vec<FieldManager> {
    let manager = |entry: ManagedFieldsEntry| FieldManager {
        parts: parts(&entry),
        at: meta::time(entry.time.as_ref()),
        manager: entry.manager.unwrap_or_default(),
        subresource: entry.subresource.unwrap_or_default(),
    };
    entries(object).into_iter().map(manager).collect()
}

/// A digest of the fields of `spec` that `manager` owns; None when it owns none. It stays the same until the manager
/// itself writes again, or another one changes one of the fields: that takes the field away.
pub fn owned_fields(object: &Value, manager: &str) -> Option<String> {
    let owned: Vec<(String, Value)> = entries(object)
        .into_iter()
        .filter(|entry| entry.manager.as_deref() == Some(manager) && entry.subresource.is_none())
        .filter_map(|entry| {
            let spec = fields(&entry)?.get("f:spec")?.clone();
            Some((entry.operation.unwrap_or_default(), spec))
        })
        .collect();
    if owned.is_empty() {
        return None;
    }
    let digest = Sha256::digest(canonical(&owned).ok()?);
    Some(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

fn entries(object: &Value) -> Vec<ManagedFieldsEntry> {
    let metadata = object.get("metadata").and_then(|metadata| meta::read::<ObjectMeta>(metadata).ok());
    metadata.and_then(|metadata| metadata.managed_fields).unwrap_or_default()
}

fn fields(entry: &ManagedFieldsEntry) -> Option<&Map<String, Value>> {
    entry.fields_v1.as_ref()?.0.as_object()
}

fn parts(entry: &ManagedFieldsEntry) -> Vec<Part> {
    let of_top = |name: &String, below: &Value| match (name.as_str(), below) {
        ("f:spec", Value::Object(spec)) => spec.keys().map(|field| of_spec(field)).collect(),
        ("f:metadata", _) => vec![Part::Metadata],
        ("f:status", _) => vec![Part::Status],
        _ => Vec::new(),
    };
    let all = fields(entry).into_iter().flatten();
    let mut parts: Vec<Part> = all.flat_map(|(name, below)| of_top(name, below)).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn of_spec(field: &str) -> Part {
    match field {
        "f:replicas" => Part::Replicas,
        "f:suspend" => Part::Suspend,
        "f:paused" => Part::Paused,
        "f:template" | "f:jobTemplate" => Part::Template,
        _ => Part::Spec,
    }
}
