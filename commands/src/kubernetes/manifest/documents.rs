//! Parses the text of a user into the documents of objects of any kind.

use super::{
    MAX_BYTES, Source, at_line, invalid, name, nameless, refuse_secrets, server_fields, shown, text_with_nul, yaml,
};
use domain::{
    core::{
        ids::ClusterId,
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        object::ObjectRef,
        resource::{Resource, is_label},
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, rc::Rc};
use yaml::Node;

/// The longest accepted text, which is that of a request, and the most documents in it.
pub const MAX_TEXT: usize = 2 << 20;
pub const MAX_DOCUMENTS: usize = 500;

/// One object as an author wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub object: ObjectRef,
    pub manifest: Value,
    /// The fields that were removed because only the server sets them, for example `metadata.ownerReferences`.
    pub removed: Vec<String>,
    /// The line in which it begins, from 1.
    pub line: usize,
}

/// Reads every document of a text in its order, each with its own refusal: numbers and booleans as kubectl reads them. Empty
/// documents do not count, and a List is its objects.
///
/// `namespaced` says where the objects of a kind stand, if the cluster serves it. A kind that a CustomResourceDefinition of the
/// same text makes is known by that. A namespaced object that names no namespace stands in `default_namespace`.
///
/// The whole text is refused if it is too long, has too many documents or none, or is no YAML.
pub fn read_all(
    text: &str,
    cluster: &ClusterId,
    default_namespace: &str,
    namespaced: impl Fn(&Resource) -> Option<bool>,
) -> Result<Vec<Result<Document, Unread>>, Refusal> {
    let nodes = objects(text)?;
    let values: Vec<Value> = nodes.iter().map(|node| node.value()).collect();
    let made: BTreeMap<Resource, bool> = values.iter().filter_map(definition).collect();
    let reader = Reader {
        cluster,
        default_namespace,
        namespaced: &|kind| kind.is_namespaced().or_else(|| namespaced(kind)).or_else(|| made.get(kind).copied()),
    };
    let both = nodes.into_iter().zip(values);
    Ok(both
        .map(|(node, value)| {
            let line = node.line;
            reader.read(&Source(node), value).map_err(|refusal| Unread { refusal: of_documents(refusal), line })
        })
        .collect())
}

/// A document that is refused.
#[derive(Clone, Debug)]
pub struct Unread {
    pub refusal: Refusal,
    pub line: usize,
}

fn objects(text: &str) -> Result<Vec<Rc<Node>>, Refusal> {
    if text.len() > MAX_TEXT {
        let sizes = [("bytes", text.len().into()), ("most", MAX_TEXT.into())];
        return Err(invalid("manifests", Code::ManifestTooLarge.message(sizes)));
    }
    let documents = yaml::documents(text).map_err(|yaml::Mistake { line, message }| {
        invalid("manifests", at_line(line, Code::ManifestUnreadable.message([("detail", message.into())])))
    })?;
    let mut objects = Vec::with_capacity(documents.len());
    for document in documents {
        let is_list = document.nearest("/kind").value() == "List";
        match document.items("items").filter(|_| is_list) {
            Some(items) => objects.extend(items.iter().map(Rc::clone)),
            None => objects.push(document),
        }
    }
    match objects.len() {
        0 => Err(invalid("manifests", Code::ManifestEmpty.message([]))),
        count if count > MAX_DOCUMENTS => {
            let counts = [("count", count.into()), ("most", MAX_DOCUMENTS.into())];
            Err(invalid("manifests", Code::DocumentsTooMany.message(counts)))
        }
        _ => Ok(objects),
    }
}

struct Reader<'a> {
    cluster: &'a ClusterId,
    default_namespace: &'a str,
    namespaced: &'a dyn Fn(&Resource) -> Option<bool>,
}

impl Reader<'_> {
    fn read(&self, source: &Source, mut manifest: Value) -> Result<Document, Refusal> {
        let line = source.0.line;
        if !manifest.is_object() {
            return Err(invalid("manifest", at_line(line, Code::ManifestNoObject.message([]))));
        }
        let bytes = manifest.to_string().len();
        if bytes > MAX_BYTES {
            let sizes = [("bytes", bytes.into()), ("most", MAX_BYTES.into())];
            return Err(invalid("manifest", at_line(line, Code::ManifestTooLarge.message(sizes))));
        }
        if text_with_nul(&manifest) {
            return Err(invalid("manifest", at_line(line, Code::ManifestHasNul.message([]))));
        }
        let (kind, is_namespaced) = self.kind(source, &manifest)?;
        let name =
            name(&manifest, source, "metadata.name", kind.names())?.ok_or_else(|| nameless(&manifest, source))?;
        let namespace = match is_namespaced {
            true => {
                let own = super::name(&manifest, source, "metadata.namespace", Resource::NAMESPACE.names())?;
                Some(own.unwrap_or_else(|| self.default_namespace.to_owned()))
            }
            false => None,
        };
        let removed = server_fields::take_out(&mut manifest);
        // The values of a Secret have a refusal of their own.
        if kind != Resource::SECRET {
            refuse_secrets(&manifest, source)?;
        }
        if let Some(metadata) = manifest.get_mut("metadata").and_then(Value::as_object_mut) {
            match &namespace {
                Some(namespace) => drop(metadata.insert("namespace".to_owned(), namespace.clone().into())),
                None => drop(metadata.remove("namespace")),
            }
        }
        let object = ObjectRef { cluster: self.cluster.clone(), kind, namespace, name };
        Ok(Document { object, manifest, removed, line })
    }

    /// The kind of a document, and whether its objects are namespaced.
    fn kind(&self, source: &Source, manifest: &Value) -> Result<(Resource, bool), Refusal> {
        let text = |field: &str| manifest.get(field).and_then(Value::as_str);
        let no_kind = || source.refusal(ErrorCode::Invalid, "kind", Code::ManifestNoKind.message([]));
        let kind = text("kind").ok_or_else(no_kind)?;
        let no_version = || {
            let wanted = [("kind", shown(kind).into()), ("expected", "group/version".into())];
            source.refusal(ErrorCode::Invalid, "apiVersion", Code::ManifestNoVersion.message(wanted))
        };
        let api_version = text("apiVersion").ok_or_else(no_version)?;
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let resource = Resource::new(group, kind).filter(|_| is_label(version));
        let served = resource.and_then(|resource| (self.namespaced)(&resource).map(|scope| (resource, scope)));
        served.ok_or_else(|| {
            let asked = [("kind", shown(kind).into()), ("version", shown(api_version).into())];
            source.refusal(ErrorCode::NotSupported, "kind", Code::KindNotServed.message(asked))
        })
    }
}

/// The kind that a CustomResourceDefinition makes, and whether its objects are namespaced.
fn definition(manifest: &Value) -> Option<(Resource, bool)> {
    let is_definition = manifest.get("kind").is_some_and(|kind| kind == "CustomResourceDefinition");
    let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).filter(|_| is_definition);
    let kind = Resource::new(text("/spec/group")?, text("/spec/names/kind")?)?;
    Some((kind, text("/spec/scope")? == "Namespaced"))
}

/// The refusal of a field of the one manifest, as one of the documents.
fn of_documents(refusal: Refusal) -> Refusal {
    let field = refusal.field.map(|field| field.replacen("manifest", "manifests", 1));
    Refusal { field, ..refusal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<Document, Unread>> {
        read_all(text, &ClusterId::from_name("dev"), "team", |kind| {
            (kind.to_string() == "Lease.coordination.k8s.io").then_some(true)
        })
        .expect("documents")
    }

    fn ids(text: &str) -> Vec<String> {
        read(text)
            .into_iter()
            .map(|one| one.map_or_else(|unread| unread.refusal.message, |one| one.object.id()))
            .collect()
    }

    #[test]
    fn every_document_is_read_in_its_order() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, uid: x}\n---\n---\n\
            apiVersion: v1\nkind: Namespace\nmetadata: {name: c, namespace: d}\n---\n\
            apiVersion: v1\nkind: List\nitems:\n- {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: e}}\n";
        assert_eq!(ids(text), ["ConfigMap~dev~b~a", "Namespace~dev~_~c", "Lease.coordination.k8s.io~dev~team~e"]);
        let documents: Vec<Document> = read(text).into_iter().map(|one| one.expect("read")).collect();
        assert_eq!((documents[0].line, documents[0].removed.clone()), (1, vec!["metadata.uid".to_owned()]));
        assert!(documents[1].manifest.pointer("/metadata/namespace").is_none());
        assert_eq!(documents[2].manifest.pointer("/metadata/namespace"), Some(&Value::from("team")));
    }

    #[test]
    fn a_kind_is_known_by_the_definition_beside_it() {
        let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n\
            spec: {group: example.org, scope: Cluster, names: {kind: Widget}}\n---\n";
        let widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n";
        assert_eq!(ids(&format!("{widget}---\n{definition}"))[0], "Widget.example.org~dev~_~w");
        let alone = read(widget).remove(0).expect_err("not served").refusal;
        assert_eq!((alone.code, alone.field.as_deref()), (ErrorCode::NotSupported, Some("manifests.kind")));
    }

    #[test]
    fn what_is_wrong_with_one_document_is_no_matter_of_others() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok}\n---\njust words\n---\napiVersion: v1\nkind: ConfigMap\n\
            ---\nkind: ConfigMap\n---\napiVersion: v1/../x\nkind: ConfigMap\nmetadata: {name: a}\n";
        let fields: Vec<Option<String>> =
            read(text).into_iter().map(|one| one.err().and_then(|unread| unread.refusal.field)).collect();
        let wanted = [
            None,
            Some("manifests"),
            Some("manifests.metadata.name"),
            Some("manifests.apiVersion"),
            Some("manifests.kind"),
        ];
        assert_eq!(fields.iter().map(Option::as_deref).collect::<Vec<_>>(), wanted);
        let whole = |text: &str| {
            read_all(text, &ClusterId::from_name("dev"), "team", |_| None).map(|_| ()).expect_err("refused")
        };
        for text in ["", "{{{", &" ".repeat(MAX_TEXT + 1), &"a: 1\n---\n".repeat(MAX_DOCUMENTS + 1)] {
            assert_eq!(whole(text).field.as_deref(), Some("manifests"));
        }
    }
}
