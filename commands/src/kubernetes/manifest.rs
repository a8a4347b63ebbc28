//! Parses the text of a user into one workload manifest, or a refusal that names the field.

mod scalar;
mod server_fields;
mod yaml;

use domain::{
    core::{
        ids::ClusterId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        object::ObjectRef,
        resource::{Names, Resource},
        secret,
    },
};
use serde_json::Value;
use std::rc::Rc;
use yaml::Node;

/// The largest accepted manifest. etcd stores objects up to 1.5 MiB, and Kubernetes needs some of that.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest accepted nesting. The deepest field of a pod template is below 20.
pub const MAX_DEPTH: usize = 64;

/// One parsed workload.
#[derive(Debug)]
pub struct Manifest {
    pub object: ObjectRef,
    pub manifest: Value,
    /// The fields that were removed because only the server sets them, for example `metadata.ownerReferences`.
    pub removed: Vec<String>,
}

/// Reads one manifest, numbers and booleans as kubectl reads them. Empty documents do not count, and a List of one
/// object is that object.
///
/// Refused with field and line: text that is too large, too deep, no YAML, no object, several documents, without kind
/// or name, of a kind that is not supported, with a name Kubernetes would refuse, or with a plain secret in it.
pub fn read(text: &str, cluster: &ClusterId) -> Result<Manifest, Refusal> {
    if text.len() > MAX_BYTES {
        return Err(invalid(
            "manifest",
            format!("the manifest has {} bytes: at most {MAX_BYTES} are taken", text.len()),
        ));
    }
    let source = Source::of(text)?;
    let mut manifest = source.0.value();
    if text_with_nul(&manifest) {
        return Err(invalid("manifest", "the manifest holds a NUL character, which no field of Kubernetes takes"));
    }
    let kind = kind(&manifest, &source)?;
    let namespace = name(&manifest, &source, "metadata.namespace", Resource::NAMESPACE.names())?;
    let namespace = namespace.unwrap_or_else(|| "default".to_owned());
    let name = name(&manifest, &source, "metadata.name", kind.names())?.ok_or_else(|| nameless(&manifest, &source))?;
    let removed = server_fields::take_out(&mut manifest);
    refuse_secrets(&manifest, &source)?;
    if let Some(metadata) = manifest.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("namespace".to_owned(), namespace.clone().into());
    }
    let object = ObjectRef { cluster: cluster.clone(), kind, namespace: Some(namespace), name };
    Ok(Manifest { object, manifest, removed })
}

/// The source text, to name the line of a refusal.
struct Source(Rc<Node>);

impl Source {
    /// The single object of a text.
    fn of(text: &str) -> Result<Self, Refusal> {
        let documents = yaml::documents(text).map_err(|mistake| {
            let yaml::Mistake { line, message } = mistake;
            invalid("manifest", format!("line {line}: the manifest cannot be read as YAML or JSON: {message}"))
        })?;
        let document = match documents.as_slice() {
            [] => return Err(invalid("manifest", "the manifest is empty")),
            [document] => Rc::clone(document),
            several => {
                return Err(invalid("manifest", format!("{}: send them one at a time", counted(several, "documents"))));
            }
        };
        let object = unpacked(document)?;
        if object.is_map() {
            return Ok(Self(object));
        }
        let message = "the manifest is no object with apiVersion, kind, metadata and spec";
        Err(invalid("manifest", format!("line {}: {message}", object.line)))
    }

    /// A refusal of a field, or of the place where it is missing.
    fn refusal(&self, code: ErrorCode, field: &str, message: impl std::fmt::Display) -> Refusal {
        self.refusal_at(code, field, &format!("/{}", field.replace('.', "/")), message)
    }

    fn refusal_at(&self, code: ErrorCode, field: &str, pointer: &str, message: impl std::fmt::Display) -> Refusal {
        let line = self.0.nearest(pointer).line;
        Refusal::new(code, &format!("manifest.{field}"), format!("line {line}: {message}"))
    }
}

/// The object of a List with one item, as `kubectl get -o yaml` writes it. Any other document is returned unchanged.
fn unpacked(document: Rc<Node>) -> Result<Rc<Node>, Refusal> {
    let is_list = document.nearest("/kind").value() == "List";
    match document.items("items").filter(|_| is_list) {
        None => Ok(document),
        Some([object]) => Ok(Rc::clone(object)),
        Some([]) => Err(invalid("manifest.items", format!("line {}: the List is empty", document.line))),
        Some(several) => Err(invalid(
            "manifest.items",
            format!("{} in the List: send them one at a time", counted(several, "objects")),
        )),
    }
}

/// "the manifest has 2 documents, in the lines 1 and 20".
fn counted(nodes: &[Rc<Node>], what: &str) -> String {
    let lines: Vec<String> = nodes.iter().take(5).map(|node| node.line.to_string()).collect();
    let more = if nodes.len() > lines.len() { ", .." } else { "" };
    format!("the manifest has {} {what} (from the lines {}{more})", nodes.len(), lines.join(", "))
}

fn kind(manifest: &Value, source: &Source) -> Result<Resource, Refusal> {
    let Some(written) = manifest.get("kind").and_then(Value::as_str) else {
        return Err(source.refusal(ErrorCode::Invalid, "kind", "the manifest has no kind"));
    };
    let kind = written.parse().ok().filter(|kind: &Resource| kind.is_workload()).ok_or_else(|| {
        let known = Resource::WORKLOADS.map(|kind| kind.to_string()).join(", ");
        let message = format!("kind {:?} is not supported; these are: {known}", shown(written));
        source.refusal(ErrorCode::NotSupported, "kind", message)
    })?;
    let expected = kind.api_version().unwrap_or_default();
    match manifest.get("apiVersion").and_then(Value::as_str) {
        Some(version) if version == expected => Ok(kind),
        Some(version) => {
            let message = format!("apiVersion {:?} of a {kind} is not supported: write {expected}", shown(version));
            Err(source.refusal(ErrorCode::NotSupported, "apiVersion", message))
        }
        None => {
            let message = format!("the manifest has no apiVersion: a {kind} has {expected}");
            Err(source.refusal(ErrorCode::Invalid, "apiVersion", message))
        }
    }
}

/// The text of a name field. None if the field is missing.
fn name(manifest: &Value, source: &Source, field: &str, names: Names) -> Result<Option<String>, Refusal> {
    match manifest.pointer(&format!("/{}", field.replace('.', "/"))) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if names.allow(name) => Ok(Some(name.clone())),
        Some(other) => {
            let longest = if names == Names::Label { "'-', at most 63" } else { "'-' and '.', at most 253" };
            let other = shown(&other.to_string());
            let message = format!("{other} is no name: lower-case letters, digits, {longest} of them");
            Err(source.refusal(ErrorCode::Invalid, field, message))
        }
    }
}

fn nameless(manifest: &Value, source: &Source) -> Refusal {
    let Some(prefix) = manifest.pointer("/metadata/generateName").and_then(Value::as_str) else {
        return source.refusal(ErrorCode::Invalid, "metadata.name", "the manifest has no metadata.name");
    };
    let message = format!(
        "generateName is not supported, because the name is recorded before the object is created: write \
         metadata.name in its place, such as {}1",
        shown(prefix)
    );
    source.refusal(ErrorCode::NotSupported, "metadata.generateName", message)
}

/// The log keeps every manifest, so a manifest with a secret is refused.
fn refuse_secrets(manifest: &Value, source: &Source) -> Result<(), Refusal> {
    let found = secret::find(manifest);
    let Some(first) = found.first() else { return Ok(()) };
    let more = match found.len() - 1 {
        0 => String::new(),
        1 => " (and one more)".to_owned(),
        more => format!(" (and {more} more)"),
    };
    let message = format!(
        "this is {}{more}, and the log keeps every manifest for ever: put the value into a Secret and refer to it by \
         valueFrom.secretKeyRef or a volume",
        first.rule.words()
    );
    Err(source.refusal_at(ErrorCode::Invalid, &first.path, &first.pointer, message))
}

/// The beginning of the user's text, for a message.
fn shown(written: &str) -> String {
    written.chars().take(80).collect()
}

fn text_with_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(text_with_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || text_with_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn invalid(field: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::Invalid, field, message)
}

#[cfg(test)]
mod tests;
