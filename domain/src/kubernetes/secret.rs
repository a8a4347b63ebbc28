//! Finds plain secrets in manifests and in reasons. They must never be stored.

mod command;
mod context;
mod language;
mod literal;
mod name;
mod text;
mod token;
mod walk;

use crate::core::{
    message::{Code, Message},
    sealing::{Ring, leaf},
};
use regex::Regex;
use serde_json::Value;
use text::Style;
use walk::{Walk, has_credentials};

/// The text that replaces a removed value.
pub const REDACTED: &str = "<redacted>";

/// Annotations in which tools keep a copy of the original manifest, with its literal secrets.
const COPIES: [&str; 5] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "objectset.rio.cattle.io/applied",
    "banzaicloud.com/last-applied",
    "kapp.k14s.io/original",
    "kopf.zalando.org/last-handled-configuration",
];

/// A plain secret: its place, and the rule that found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// For users: `spec.template.spec.containers[0].env[1].value`. It never contains the secret.
    pub path: String,
    /// The JSON pointer to it.
    pub pointer: String,
    pub rule: Rule,
}

/// The rule that recognised a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// The name of the variable, field, header or annotation.
    Named,
    /// The flag before it.
    Flag,
    /// The program whose argument it is.
    Command,
    /// A name and a value inside a longer text.
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
    /// A key of a map with the shape of a token.
    Key,
    /// A format that only secrets have.
    Token(&'static str),
}

impl Rule {
    /// What was found, as a part of a sentence.
    pub fn message(self) -> Message {
        let shape = if let Self::Token(shape) = self { shape } else { "" };
        Code::PlainSecret.message([("rule", <&str>::from(self).into()), ("shape", shape.into())])
    }
}

/// Whether a text that is stored in clear has the form of a known token, or a login, in it.
pub fn is_in_name(text: &str) -> bool {
    has_credentials(text) || token::find(text).is_some()
}

/// The plain secrets in a manifest, ordered by place. References, switches and masks are not secrets.
pub fn find(manifest: &Value) -> Vec<Finding> {
    Walk::over(manifest).findings()
}

/// The rule that finds a plain secret in a text written by a user.
pub fn in_text(words: &str) -> Option<Rule> {
    let words = &words.replace('：', ":").replace('＝', "=");
    let found = text::find(words, Style::Prose, &mut 0).or_else(|| language::find(words));
    found.or_else(|| command::in_script(words, &mut 0))
}

/// Removes every plain secret from `manifest`, and managed fields and copies of the manifest. Afterwards [`find`] finds
/// nothing.
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

/// The text that replaces words that quote a plain secret.
pub const MASKED_WORDS: &str = "<redacted: these words quote a secret>";

/// The mask for words that quote a plain secret. None for others.
pub fn masked_words(words: &str) -> Option<&'static str> {
    in_text(words).map(|_| MASKED_WORDS)
}

/// Puts the mask in the place of each text that quotes a plain secret, at whatever place.
pub fn mask_words(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(mask) = masked_words(text) {
                mask.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_words),
        Value::Object(fields) => fields.values_mut().for_each(mask_words),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `manifest` with a mask in the place of each leaf that holds a plain secret. The other leaves stay as they are stored.
pub fn masked(manifest: &Value) -> Value {
    let mut plain = manifest.clone();
    if leaf::reveal(&mut plain, &Ring::default()).is_err() {
        return Value::String(REDACTED.to_owned());
    }
    let mut masked = manifest.clone();
    for finding in find(&plain) {
        if finding.rule == Rule::Key {
            remove(&mut masked, &finding.pointer);
        } else if let Some(value) = leaf_at(&mut masked, &finding.pointer) {
            *value = Value::String(REDACTED.to_owned());
        }
    }
    masked
}

/// The value at a pointer, or the leaf that it is in.
fn leaf_at<'a>(manifest: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
    let is_leaf = |end: &usize| {
        let found = manifest.pointer(&pointer[..*end]);
        found.and_then(Value::as_object).is_some_and(leaf::is_leaf)
    };
    let end = ends.skip(1).find(is_leaf).unwrap_or(pointer.len());
    manifest.pointer_mut(&pointer[..end])
}

/// Removes the copies of the manifest that kubectl and other tools keep in annotations, also those of templates.
/// Returns the places of the copies.
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

/// A pattern from the tables of this module. The tests compile each of them.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that a test compiles")
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
