//! Manifests as text.

use crate::{
    graphql::engine::error::{ApiError, code},
    heavy,
};
use async_graphql::Enum;
use domain::kubernetes::secret;
use serde_json::Value;

/// The form of a manifest.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ManifestFormat {
    #[default]
    Yaml,
    Json,
}

/// The text of a manifest, with secrets masked. A long one takes a while, so it is written off the threads that answer.
pub async fn text(mut manifest: Value, format: ManifestFormat) -> Result<String, ApiError> {
    let write = move || {
        secret::redact(&mut manifest);
        written(&manifest, format)
    };
    let failed = || ApiError::new(code::INTERNAL, "the manifest cannot be written");
    heavy::run(write).await.flatten().ok_or_else(failed)
}

/// None if it cannot be written, which a value of JSON always can.
fn written(manifest: &Value, format: ManifestFormat) -> Option<String> {
    match format {
        // A long line stays one: folded, it would change as a whole when a word of it does.
        ManifestFormat::Yaml => {
            let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
            serde_saphyr::to_string_with_options(manifest, options).ok()
        }
        ManifestFormat::Json => serde_json::to_string_pretty(manifest).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_is_read_as_it_was_by_readers_of_both_versions() {
        let long = "word ".repeat(60);
        let data = json!({"a": "yes", "b": "0400", "c": "1:30", "d": "line\nline\n", "e": long, "f": "", "g": "~",
            "h": "# no comment", "i": "a: b", "j": 1.5, "k": [], "l": {}, "m": null, "n": "2026-12-01", "on": "\u{85}"});
        let manifest = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data});
        let yaml = written(&manifest, ManifestFormat::Yaml).expect("text");
        assert_eq!(serde_saphyr::from_str::<Value>(&yaml).expect("YAML"), manifest, "{yaml}");
        for quoted in ["yes", "0400", "1:30", "2026-12-01"] {
            let is_quoted = yaml.contains(&format!("\"{quoted}\"")) || yaml.contains(&format!("'{quoted}'"));
            assert!(is_quoted, "older readers take it for something else: {yaml}");
        }
        assert!(yaml.contains('|') && yaml.lines().any(|line| line.contains(long.trim())), "{yaml}");
        let json = written(&manifest, ManifestFormat::Json).expect("text");
        assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON"), manifest);
    }

    #[tokio::test]
    async fn the_values_of_a_secret_are_masked_and_its_keys_are_not() {
        let secret = json!({"kind": "Secret", "data": {"password": "aHVudGVyMg=="}, "stringData": {"user": "bob"}});
        for format in [ManifestFormat::Yaml, ManifestFormat::Json] {
            let text = text(secret.clone(), format).await.expect("text");
            assert!(text.contains("password") && text.contains("<redacted>"), "{text}");
            assert!(!text.contains("aHVudGVyMg") && !text.contains("bob"), "{text}");
        }
    }
}
