//! What users write, to what is asked: YAML or JSON text to one workload manifest, or a refusal that names the field.

use domain::core::refusal::{ErrorCode, Refusal};
use domain::{
    core::ids::ClusterId,
    kubernetes::{object::ObjectRef, resource::Resource, secret},
};
use serde_json::Value;

/// The largest manifest taken: etcd stores no object above 1.5 MiB, and 1 MiB leaves room for what Kubernetes adds.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting taken. The deepest field of a pod template is below 20.
pub const MAX_DEPTH: usize = 64;

/// One workload, ready to be asked for.
#[derive(Debug)]
pub struct Manifest {
    pub object: ObjectRef,
    pub manifest: Value,
}

/// Reads one manifest. Refused with a field: text that is too large, too deep, no YAML, no object, two documents,
/// without kind or name, of a kind that is not supported, with a name Kubernetes would refuse, or with a secret in it.
pub fn read(text: &str, cluster: &ClusterId) -> Result<Manifest, Refusal> {
    if text.len() > MAX_BYTES {
        return Err(invalid(
            "manifest",
            format!("the manifest has {} bytes: at most {MAX_BYTES} are taken", text.len()),
        ));
    }
    let mut manifest = parse(text)?;
    let kind = kind(&manifest)?;
    let name = name(&manifest, "/metadata/name", "manifest.metadata.name")?
        .ok_or_else(|| invalid("manifest.metadata.name", "the manifest has no metadata.name"))?;
    let namespace = name_or_default(&manifest)?;
    if text_with_nul(&manifest) {
        return Err(invalid("manifest", "the manifest holds a NUL character, which no field of Kubernetes takes"));
    }
    secret::forget_last_applied(&mut manifest);
    if let Some(path) = secret::find(&manifest).first() {
        let message = "this looks like a secret, and the log keeps every manifest for ever: put it into a Secret and \
                       refer to it by valueFrom.secretKeyRef";
        return Err(invalid(&format!("manifest.{path}"), message));
    }
    clean(&mut manifest, &namespace)?;
    let object = ObjectRef { cluster: cluster.clone(), kind, namespace: Some(namespace), name };
    Ok(Manifest { object, manifest })
}

fn parse(text: &str) -> Result<Value, Refusal> {
    let mut budget = serde_saphyr::budget::Budget::default();
    budget.max_depth = MAX_DEPTH;
    budget.flow_nesting_limit = MAX_DEPTH;
    budget.max_documents = 2;
    let mut options = serde_saphyr::Options::default();
    options.budget = Some(budget);
    options.with_snippet = false;
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let reason = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        invalid("manifest", format!("the manifest is no YAML or JSON that can be read: {reason}"))
    })?;
    let mut documents = documents.into_iter().filter(|document| !document.is_null());
    match (documents.next(), documents.next()) {
        (None, _) => Err(invalid("manifest", "the manifest is empty")),
        (Some(_), Some(_)) => Err(invalid("manifest", "the manifest has two documents: send them one at a time")),
        (Some(document @ Value::Object(_)), None) => Ok(document),
        (Some(_), None) => {
            Err(invalid("manifest", "the manifest is no object with apiVersion, kind, metadata and spec"))
        }
    }
}

fn kind(manifest: &Value) -> Result<Resource, Refusal> {
    let Some(written) = manifest.get("kind").and_then(Value::as_str) else {
        return Err(invalid("manifest.kind", "the manifest has no kind"));
    };
    let kind = written.parse().ok().filter(|kind: &Resource| kind.is_workload()).ok_or_else(|| {
        let known = Resource::WORKLOADS.map(|kind| kind.to_string()).join(", ");
        Refusal::new(
            ErrorCode::NotSupported,
            "manifest.kind",
            format!("kind {written:?} is not supported; these are: {known}"),
        )
    })?;
    let expected = kind.api_version().unwrap_or_default();
    match manifest.get("apiVersion").and_then(Value::as_str) {
        Some(version) if version == expected => Ok(kind),
        Some(version) => Err(Refusal::new(
            ErrorCode::NotSupported,
            "manifest.apiVersion",
            format!("apiVersion {version:?} of a {kind} is not supported: write {expected}"),
        )),
        None => Err(invalid("manifest.apiVersion", format!("the manifest has no apiVersion: a {kind} has {expected}"))),
    }
}

fn name_or_default(manifest: &Value) -> Result<String, Refusal> {
    let namespace = name(manifest, "/metadata/namespace", "manifest.metadata.namespace")?;
    Ok(namespace.unwrap_or_else(|| "default".to_owned()))
}

fn name(manifest: &Value, pointer: &str, field: &str) -> Result<Option<String>, Refusal> {
    match manifest.pointer(pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if is_dns_name(name) => Ok(Some(name.clone())),
        Some(other) => Err(invalid(
            field,
            format!("{other} is no name: lower-case letters, digits, '-' and '.', at most 253 of them"),
        )),
    }
}

/// RFC 1123 subdomain, as Kubernetes wants the names of workloads.
fn is_dns_name(name: &str) -> bool {
    let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.len() <= 253
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.')
        && is_end(name.chars().next())
        && is_end(name.chars().last())
}

/// Takes out what belongs to the server, and writes the namespace down.
fn clean(manifest: &mut Value, namespace: &str) -> Result<(), Refusal> {
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("status");
    }
    let metadata = manifest
        .get_mut("metadata")
        .and_then(Value::as_object_mut)
        .ok_or_else(|| invalid("manifest.metadata", "metadata is no object"))?;
    for field in ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"] {
        metadata.remove(field);
    }
    metadata.insert("namespace".to_owned(), namespace.into());
    Ok(())
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
mod tests {
    use super::*;

    fn refusal(text: &str) -> Refusal {
        read(text, &ClusterId::from_name("dev")).map(|read| read.object).expect_err("it must be refused")
    }

    #[test]
    fn a_manifest_is_read_from_yaml_and_from_json() {
        for text in [
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, uid: x}\nstatus: {}\n",
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\n",
            r#"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}}"#,
        ] {
            let read = read(text, &ClusterId::from_name("dev")).expect("it must be read");
            assert_eq!(read.object.id(), "Deployment~dev~default~web");
            assert_eq!(read.manifest["metadata"], serde_json::json!({"name": "web", "namespace": "default"}));
            assert_eq!(read.manifest.get("status"), None);
        }
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_field() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let nested = format!("a: {}", "{a: ".repeat(100_000));
        let large = " ".repeat(5 << 20);
        let cases = [
            ("", "manifest"),
            ("{{{", "manifest"),
            ("just words", "manifest"),
            (deep.as_str(), "manifest"),
            (nested.as_str(), "manifest"),
            (large.as_str(), "manifest"),
            ("a: 1\n---\nb: 2", "manifest"),
            ("a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4", "manifest"),
            ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec: {x: \"\\0\"}", "manifest"),
            ("metadata: {name: a}", "manifest.kind"),
            ("kind: Planet", "manifest.kind"),
            ("kind: Pod\napiVersion: v1", "manifest.kind"),
            ("kind: Deployment", "manifest.apiVersion"),
            ("kind: Deployment\napiVersion: extensions/v1beta1", "manifest.apiVersion"),
            ("kind: Deployment\napiVersion: apps/v1", "manifest.metadata.name"),
            ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: ../up}", "manifest.metadata.name"),
            ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a, namespace: 7}", "manifest.metadata.namespace"),
            (
                "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec: {env: [{name: TOKEN, value: x}]}",
                "manifest.spec.env[0].value",
            ),
        ];
        for (text, field) in cases {
            let start: String = text.chars().take(60).collect();
            assert_eq!(refusal(text).field.as_deref(), Some(field), "{start}");
        }
    }

    #[test]
    fn a_tower_of_aliases_is_refused_and_not_built() {
        let mut text = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            text.push_str(&format!("a{level}: &a{level} [*a{}, *a{}]\n", level - 1, level - 1));
        }
        assert_eq!(refusal(&text).field.as_deref(), Some("manifest"));
    }
}
