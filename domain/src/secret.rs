//! Finds what must never be stored: values that look like secrets inside manifests.

use serde_json::Value;

/// What stands in place of a value that was taken out.
pub const REDACTED: &str = "<redacted>";

const WORDS: [&str; 10] =
    ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "CREDENTIALS", "APIKEY", "PWD", "DSN"];
const PAIRS: [(&str, &str); 4] = [("API", "KEY"), ("ACCESS", "KEY"), ("PRIVATE", "KEY"), ("SIGNING", "KEY")];
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whether a variable of this name usually holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let upper = name.to_uppercase();
    let words: Vec<&str> = upper.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    words.iter().any(|word| WORDS.contains(word)) || words.windows(2).any(|pair| PAIRS.contains(&(pair[0], pair[1])))
}

/// Whether the value itself shows that it is a secret: a private key, or a password inside an address.
pub fn is_secret_value(value: &str) -> bool {
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return true;
    }
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty() && !password.starts_with("$("))
}

/// The places of literal secrets in a manifest, as paths such as `spec.template.spec.containers[0].env[1].value`.
pub fn find(manifest: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(manifest, String::new(), &mut |path, _| found.push(path.to_owned()));
    found
}

/// Takes every literal secret out of `manifest`, and what only machines read (managed fields, last applied).
pub fn redact(manifest: &mut Value) {
    if let Some(metadata) = manifest.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
    }
    let mut pointers = Vec::new();
    walk(manifest, String::new(), &mut |_, pointer| pointers.push(pointer.to_owned()));
    for pointer in pointers {
        if let Some(value) = manifest.pointer_mut(&pointer) {
            *value = Value::String(REDACTED.to_owned());
        }
    }
}

/// Calls `found` with the path and the JSON pointer of each literal secret.
fn walk(value: &Value, path: String, found: &mut dyn FnMut(&str, &str)) {
    walk_at(value, &path, "", found);
}

fn walk_at(value: &Value, path: &str, pointer: &str, found: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => {
            let is_secret_variable = fields.get("name").and_then(Value::as_str).is_some_and(is_secret_name)
                && fields
                    .get("value")
                    .and_then(Value::as_str)
                    .is_some_and(|value| !value.is_empty() && value != REDACTED);
            for (key, inner) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                if is_secret_variable && key == "value" {
                    found(&path, &pointer);
                } else {
                    walk_at(inner, &path, &pointer, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk_at(inner, &format!("{path}[{index}]"), &format!("{pointer}/{index}"), found);
            }
        }
        Value::String(text) if is_secret_value(text) => found(path, pointer),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_values_of_secrets_are_known() {
        for name in ["DB_PASSWORD", "api-key", "GITHUB_TOKEN", "aws.access.key"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["KEYBOARD", "TOKENIZER", "MODE", "SECRETARY", "PASSWORDLESS"] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(is_secret_value("postgres://app:hunter2@db/app"));
        assert!(!is_secret_value("postgres://app:$(DB_PASSWORD)@db/app"));
        assert!(!is_secret_value("https://example.org/a:b@c"));
    }

    #[test]
    fn a_secret_is_found_and_taken_out() {
        let mut manifest = json!({
            "metadata": {"managedFields": [1], "annotations": {LAST_APPLIED: "x", "kept": "y"}},
            "spec": {"containers": [{"name": "a", "env": [
                {"name": "MODE", "value": "fast"},
                {"name": "DB_PASSWORD", "value": "hunter2"},
                {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            ], "args": ["--url=amqp://u:p@host"]}]},
        });
        assert_eq!(find(&manifest), ["spec.containers[0].args[0]", "spec.containers[0].env[1].value"]);
        redact(&mut manifest);
        assert_eq!(find(&manifest), Vec::<String>::new());
        let text = manifest.to_string();
        assert!(!text.contains("hunter2") && !text.contains("u:p@") && text.contains("fast") && text.contains("kept"));
    }
}
