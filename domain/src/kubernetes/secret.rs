//! Finds what must never be stored: values that look like secrets inside manifests.

use serde_json::Value;

/// What stands in place of a value that was taken out.
pub const REDACTED: &str = "<redacted>";

/// What the name of a secret ends with, letters only.
const ENDINGS: [&str; 16] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATEKEY",
    "SIGNINGKEY",
    "ENCRYPTIONKEY",
    "SECRETKEY",
    "SECRETKEYBASE",
    "AUTHORIZATION",
    "COOKIE",
];
/// Words that mean a secret only when they stand alone.
const WORDS: [&str; 3] = ["PASS", "PWD", "DSN"];
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whether a variable, header or flag of this name usually holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let upper = name.to_uppercase();
    let letters: String = upper.chars().filter(char::is_ascii_alphabetic).collect();
    ENDINGS.iter().any(|ending| letters.ends_with(ending))
        || upper.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Whether the value itself shows that it is a secret: a private key, a password inside an address or in a flag.
pub fn is_secret_value(value: &str) -> bool {
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return true;
    }
    let flag = value.strip_prefix("--").and_then(|flag| flag.split_once('='));
    if flag.is_some_and(|(name, value)| is_secret_name(name) && is_literal(value)) {
        return true;
    }
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| is_literal(password))
}

/// Whether it is a value, and not a reference to one such as `$(PASSWORD)`.
fn is_literal(value: &str) -> bool {
    !value.is_empty() && !value.starts_with('$')
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
    }
    forget_last_applied(manifest);
    let mut pointers = Vec::new();
    walk(manifest, String::new(), &mut |_, pointer| pointers.push(pointer.to_owned()));
    for pointer in pointers {
        if let Some(value) = manifest.pointer_mut(&pointer) {
            *value = Value::String(REDACTED.to_owned());
        }
    }
}

/// Takes out kubectl's copy of the manifest as it was written, literal secrets and all.
pub fn forget_last_applied(manifest: &mut Value) {
    if let Some(annotations) = manifest.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED);
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
        for name in [
            "DB_PASSWORD",
            "api-key",
            "GITHUB_TOKEN",
            "aws.access.key",
            "PGPASSWORD",
            "DB_PASS",
            "dbPassword",
            "ENCRYPTION_KEY",
            "Authorization",
            "SECRET_KEY_BASE",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in
            ["KEYBOARD", "TOKENIZER", "MODE", "SECRETARY", "PASSWORDLESS", "SECRET_NAME", "COMPASS", "TOKEN_FILE"]
        {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(is_secret_value("postgres://app:hunter2@db/app"));
        assert!(is_secret_value("--db-password=hunter2"));
        assert!(!is_secret_value("--db-password=$(DB_PASSWORD)") && !is_secret_value("--mode=fast"));
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
