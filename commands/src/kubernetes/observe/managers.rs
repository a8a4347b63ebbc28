//! The field managers of an object.

use super::meta;
use crate::kubernetes::OPERATION_ANNOTATION;
use domain::{
    core::canonical::canonical,
    kubernetes::{
        observation::{FieldManager, Part},
        secret,
    },
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The managers of an object, in the order of the server. Empty if the server names none. Whoever writes chooses these names,
/// so a plain secret in one is masked.
pub fn managers(object: &Value) -> Vec<FieldManager> {
    let manager = |entry: ManagedFieldsEntry| FieldManager {
        parts: parts(&entry),
        at: meta::time(entry.time.as_ref()),
        manager: masked(entry.manager),
        subresource: masked(entry.subresource),
    };
    entries(object).into_iter().map(manager).collect()
}

fn masked(name: Option<String>) -> String {
    let name = name.unwrap_or_default();
    secret::masked_words(&name).map_or(name, str::to_owned)
}

/// The annotation that a restart writes, as a path of managed fields.
pub const OF_A_RESTART: [&str; 4] = ["f:template", "f:metadata", "f:annotations", "f:binnacle.io/restarted-by"];

/// The pod template of a workload that replaces its pods when it changes.
pub const OF_A_TEMPLATE: [&str; 1] = ["f:template"];

/// A digest of the fields of `spec` below `within` that `manager` owns; None if it owns none. It changes only if the
/// manager writes again, or if another manager changes one of the fields and so takes it over.
pub fn owned_fields(object: &Value, manager: &str, within: &[&str]) -> Option<String> {
    let owned: Vec<(String, Value)> = entries(object)
        .into_iter()
        .filter(|entry| entry.manager.as_deref() == Some(manager) && entry.subresource.is_none())
        .filter_map(|entry| {
            let spec = fields(&entry)?.get("f:spec")?;
            let owned = within.iter().try_fold(spec, |below, name| below.get(*name))?.clone();
            Some((entry.operation.unwrap_or_default(), owned))
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
        ("f:metadata", metadata) if has_mark(metadata) => vec![Part::Metadata, Part::Mark],
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

fn has_mark(metadata: &Value) -> bool {
    metadata.get("f:annotations").is_some_and(|all| all.get(format!("f:{OPERATION_ANNOTATION}")).is_some())
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
