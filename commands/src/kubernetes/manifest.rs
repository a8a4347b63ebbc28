//! Parses the text of a user into one workload manifest, or a refusal that names the field.

pub mod documents;
mod scalar;
pub(crate) mod server_fields;
mod yaml;

use domain::{
    core::{
        ids::ClusterId,
        message::{Code, Message},
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
        let sizes = [("bytes", text.len().into()), ("most", MAX_BYTES.into())];
        return Err(invalid("manifest", Code::ManifestTooLarge.message(sizes)));
    }
    let source = Source::of(text)?;
    let mut manifest = source.0.value();
    if text_with_nul(&manifest) {
        return Err(invalid("manifest", Code::ManifestHasNul.message([])));
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
            invalid("manifest", at_line(line, Code::ManifestUnreadable.message([("detail", message.into())])))
        })?;
        let document = match documents.as_slice() {
            [] => return Err(invalid("manifest", Code::ManifestEmpty.message([]))),
            [document] => Rc::clone(document),
            several => return Err(invalid("manifest", Code::ManifestsSeveral.message(counted(several)))),
        };
        let object = unpacked(document)?;
        if object.is_map() {
            return Ok(Self(object));
        }
        Err(invalid("manifest", at_line(object.line, Code::ManifestNoObject.message([]))))
    }

    /// A refusal of a field, or of the place where it is missing.
    fn refusal(&self, code: ErrorCode, field: &str, reason: Message) -> Refusal {
        self.refusal_at(code, field, &format!("/{}", field.replace('.', "/")), reason)
    }

    fn refusal_at(&self, code: ErrorCode, field: &str, pointer: &str, reason: Message) -> Refusal {
        let line = self.0.nearest(pointer).line;
        Refusal::because(code, &format!("manifest.{field}"), at_line(line, reason))
    }
}

/// The object of a List with one item, as `kubectl get -o yaml` writes it. Any other document is returned unchanged.
fn unpacked(document: Rc<Node>) -> Result<Rc<Node>, Refusal> {
    let is_list = document.nearest("/kind").value() == "List";
    match document.items("items").filter(|_| is_list) {
        None => Ok(document),
        Some([object]) => Ok(Rc::clone(object)),
        Some([]) => Err(invalid("manifest.items", at_line(document.line, Code::ListEmpty.message([])))),
        Some(several) => Err(invalid("manifest.items", Code::ListSeveral.message(counted(several)))),
    }
}

/// How many there are, and the lines in which the first of them begin.
fn counted(nodes: &[Rc<Node>]) -> [(&'static str, Value); 2] {
    let mut lines: Vec<String> = nodes.iter().take(5).map(|node| node.line.to_string()).collect();
    if nodes.len() > lines.len() {
        lines.push("..".to_owned());
    }
    [("count", nodes.len().into()), ("lines", lines.into())]
}

fn at_line(line: usize, reason: Message) -> Message {
    Code::ManifestLine.message([("line", line.into()), ("message", reason.into())])
}

fn kind(manifest: &Value, source: &Source) -> Result<Resource, Refusal> {
    let Some(written) = manifest.get("kind").and_then(Value::as_str) else {
        return Err(source.refusal(ErrorCode::Invalid, "kind", Code::ManifestNoKind.message([])));
    };
    let kind = written.parse().ok().filter(|kind: &Resource| kind.is_workload()).ok_or_else(|| {
        let known = Resource::WORKLOADS.map(|kind| kind.to_string()).to_vec();
        let kinds = [("kind", shown(written).into()), ("known", known.into())];
        source.refusal(ErrorCode::NotSupported, "kind", Code::KindNotSupported.message(kinds))
    })?;
    let expected = kind.api_version().unwrap_or_default();
    match manifest.get("apiVersion").and_then(Value::as_str) {
        Some(version) if version == expected => Ok(kind),
        Some(version) => {
            let versions =
                [("version", shown(version).into()), ("kind", kind.to_string().into()), ("expected", expected.into())];
            Err(source.refusal(ErrorCode::NotSupported, "apiVersion", Code::VersionNotSupported.message(versions)))
        }
        None => {
            let wanted = [("kind", kind.to_string().into()), ("expected", expected.into())];
            Err(source.refusal(ErrorCode::Invalid, "apiVersion", Code::ManifestNoVersion.message(wanted)))
        }
    }
}

/// The text of a name field. None if the field is missing.
fn name(manifest: &Value, source: &Source, field: &str, names: Names) -> Result<Option<String>, Refusal> {
    match manifest.pointer(&format!("/{}", field.replace('.', "/"))) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if names.allow(name) => Ok(Some(name.clone())),
        Some(other) => {
            let code = if names == Names::Label { Code::NotALabelName } else { Code::NotAName };
            let reason = code.message([("value", shown(&other.to_string()).into())]);
            Err(source.refusal(ErrorCode::Invalid, field, reason))
        }
    }
}

fn nameless(manifest: &Value, source: &Source) -> Refusal {
    let Some(prefix) = manifest.pointer("/metadata/generateName").and_then(Value::as_str) else {
        return source.refusal(ErrorCode::Invalid, "metadata.name", Code::ManifestNoName.message([]));
    };
    let reason = Code::GenerateName.message([("example", format!("{}1", shown(prefix)).into())]);
    source.refusal(ErrorCode::NotSupported, "metadata.generateName", reason)
}

/// The log keeps every manifest, so a manifest with a secret is refused.
fn refuse_secrets(manifest: &Value, source: &Source) -> Result<(), Refusal> {
    let found = secret::find(manifest);
    let Some(first) = found.first() else { return Ok(()) };
    let arguments = [("secret", first.rule.message().into()), ("more", (found.len() - 1).into())];
    let reason = Code::SecretInManifest.message(arguments);
    Err(source.refusal_at(ErrorCode::Invalid, &first.path, &first.pointer, reason))
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

fn invalid(field: &str, reason: Message) -> Refusal {
    Refusal::because(ErrorCode::Invalid, field, reason)
}

#[cfg(test)]
mod tests;
