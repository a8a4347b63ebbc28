//! Documents of kind Secret. Their values are never taken here: a document may only show the masks that it was opened with.

use super::Edits;
use crate::Error;
use domain::{
    core::{
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{object::ObjectRef, resource::Resource, secret::REDACTED},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const VALUES: [&str; 2] = ["data", "stringData"];

/// Refuses a Secret that is applied with values.
pub(super) fn refuse_values(object: &ObjectRef, manifest: &Value) -> Result<(), Error> {
    let has_values = VALUES.iter().any(|field| fields(manifest, field).is_some_and(|fields| !fields.is_empty()));
    if object.kind == Resource::SECRET && has_values { Err(refused()) } else { Ok(()) }
}

impl Edits {
    /// The manifest of an edit without the masks of a Secret's values, which the log does not have. Refused if they are not those
    /// that are shown: a new value, a new key, or one that was left out.
    pub(super) async fn without_values(&self, object: &ObjectRef, mut manifest: Value) -> Result<Value, Error> {
        if object.kind != Resource::SECRET {
            return Ok(manifest);
        }
        let is_masked = |field: &&str| {
            let fields = fields(&manifest, field);
            fields.into_iter().flatten().all(|(_, value)| value == REDACTED)
        };
        if !VALUES.iter().all(is_masked) {
            return Err(refused());
        }
        let shown = self.read_live(object).await?.and_then(|found| found.manifest);
        let names = |manifest: &Value| -> BTreeSet<String> {
            fields(manifest, "data").into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        if shown.is_none_or(|shown| names(&shown) != names(&manifest)) {
            return Err(refused());
        }
        if let Some(all) = manifest.as_object_mut() {
            VALUES.iter().for_each(|field| drop(all.remove(*field)));
        }
        Ok(manifest)
    }
}

fn fields<'m>(manifest: &'m Value, field: &str) -> Option<&'m Map<String, Value>> {
    manifest.get(field)?.as_object()
}

fn refused() -> Error {
    Refusal::because(ErrorCode::NotSupported, "manifests.data", Code::SecretDocument.message([])).into()
}
