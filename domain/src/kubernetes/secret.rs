//! Finds what must never be stored: plain secrets in manifests and in what people write.

mod command;
mod literal;
mod name;
mod text;
mod token;
mod walk;

use regex::Regex;
use serde_json::Value;
use text::Style;
use walk::Walk;

/// What stands in place of a value that was taken out.
pub const REDACTED: &str = "<redacted>";

/// Annotations in which tools keep a copy of the manifest as it was written, literal secrets and all.
const COPIES: [&str; 5] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "objectset.rio.cattle.io/applied",
    "banzaicloud.com/last-applied",
    "kapp.k14s.io/original",
    "kopf.zalando.org/last-handled-configuration",
];

/// A plain secret: where it stands, and by what it was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// For people: `spec.template.spec.containers[0].env[1].value`. Never holds the secret.
    pub path: String,
    /// The JSON pointer to it.
    pub pointer: String,
    pub rule: Rule,
}

/// By what a secret is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The name of the variable, field, header or annotation.
    Named,
    /// The flag before it.
    Flag,
    /// The program that it is an argument of.
    Command,
    /// A name and a value inside of a longer text.
    Assignment,
    /// A password or token in an address.
    Address,
    /// A password in a statement of SQL.
    Statement,
    /// Credentials of an `Authorization` header.
    Header,
    /// The login of a container registry.
    Registry,
    /// The data of a Secret.
    Data,
    /// Text in base64 that holds a secret.
    Encoded,
    /// A key of a map that has the shape of a token.
    Key,
    /// A shape that only secrets have.
    Token(&'static str),
}

impl Rule {
    /// What was found, for the sentence "this is ..".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Named => "a secret by its name",
            Self::Flag => "the value of a flag that names a secret",
            Self::Command => "a password on a command line",
            Self::Assignment => "text with the value of a password, token or key in it",
            Self::Address => "an address with a password or token in it",
            Self::Statement => "a statement with a password in it",
            Self::Header => "a header with credentials in it",
            Self::Registry => "the login of a container registry",
            Self::Data => "the data of a Secret",
            Self::Encoded => "base64 of text with a secret in it",
            Self::Key => "a field whose name is a token",
            Self::Token(shape) => shape,
        }
    }
}

/// The plain secrets in a manifest, in the order of their places. References, switches and masks are none.
pub fn find(manifest: &Value) -> Vec<Finding> {
    Walk::over(manifest).findings()
}

/// The rule by which a person's own words hold a plain secret.
pub fn in_text(words: &str) -> Option<Rule> {
    text::find(words, Style::Prose, &mut 0)
}

/// Takes every plain secret out of `manifest`, and what only machines read: managed fields and copies of the manifest.
/// Afterwards [`find`] finds nothing.
pub fn redact(manifest: &mut Value) {
    if let Some(metadata) = manifest.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    forget_last_applied(manifest);
    for finding in find(manifest) {
        if finding.rule == Rule::Key {
            remove(manifest, &finding.pointer);
        } else if let Some(value) = manifest.pointer_mut(&finding.pointer) {
            *value = Value::String(REDACTED.to_owned());
        }
    }
}

/// Takes out the copies of the manifest that kubectl and other tools keep in annotations, those of templates too.
/// Returns where they were.
pub fn forget_last_applied(manifest: &mut Value) -> Vec<String> {
    let mut removed = Vec::new();
    for place in
        ["metadata", "spec.template.metadata", "spec.jobTemplate.metadata", "spec.jobTemplate.spec.template.metadata"]
    {
        let pointer = format!("/{}/annotations", place.replace('.', "/"));
        let Some(annotations) = manifest.pointer_mut(&pointer).and_then(Value::as_object_mut) else { continue };
        let found = COPIES.iter().filter(|copy| annotations.remove(**copy).is_some());
        removed.extend(found.map(|copy| format!("{place}.annotations.{copy}")));
    }
    removed
}

fn remove(manifest: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(fields) = manifest.pointer_mut(parent).and_then(Value::as_object_mut) {
        fields.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

/// A pattern of this module's tables; the tests compile each.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that a test compiles")
}

#[cfg(test)]
mod tests;
