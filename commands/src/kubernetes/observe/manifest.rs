//! The manifest of an object: what people and controllers wrote, without what the server adds.

use domain::{
    core::{canonical::canonical, free_text::FreeText},
    kubernetes::{manifest::Manifest, secret},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The fields of `metadata` that the server sets at every write.
const OF_THE_SERVER: [&str; 4] = ["managedFields", "resourceVersion", "generation", "selfLink"];

/// The fields of `metadata` that the server sets once.
const OF_ITS_CREATION: [&str; 2] = ["uid", "creationTimestamp"];

/// The manifest with its SHA-256 in hex. It has no status, and every known secret in it is masked.
pub(super) fn of(object: Value) -> Result<(FreeText, Manifest), serde_json::Error> {
    let object = without(object, &OF_THE_SERVER);
    let digest = Sha256::digest(canonical(&object)?);
    Ok((FreeText::new(&hex::encode(digest)), object.into()))
}

/// The same of an object that was only tried: also without what the server would set when it creates it.
pub fn as_written(object: Value) -> Value {
    without(object, &[&OF_THE_SERVER[..], &OF_ITS_CREATION].concat())
}

fn without(mut object: Value, of_the_server: &[&str]) -> Value {
    secret::redact(&mut object);
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        of_the_server.iter().for_each(|field| {
            metadata.remove(*field);
        });
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_status_and_managed_fields_are_not_in_the_manifest() {
        let object = json!({
            "metadata": {"name": "a", "uid": "u", "resourceVersion": "7", "generation": 1,
                "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [1]},
            "spec": {"template": {"spec": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]}}},
            "status": {"replicas": 1},
        });
        let (hash, manifest) = of(object).expect("it has a canonical form");
        let text = manifest.to_string();
        assert!(!text.contains("hunter2") && !text.contains("managedFields") && !text.contains("status"), "{text}");
        assert_eq!(hash.as_str().len(), 64);
        let tried = as_written(json!({"metadata": {"name": "a", "uid": "u", "managedFields": [1]}, "status": {}}));
        assert_eq!(tried, json!({"metadata": {"name": "a"}}));
    }
}
