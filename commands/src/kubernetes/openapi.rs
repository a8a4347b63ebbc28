//! The JSON schema of a kind, cut out of the OpenAPI document that a cluster publishes of each group version.
//!
//! A document has the schemas of all kinds of its group. What one kind refers to is kept, in `definitions`, and stays a
//! reference, so that a schema that refers to itself is finite.

use super::{Error, discovery::ServedKind, fetch::Fetcher};
use domain::{
    core::{ids::ClusterId, refusal::ErrorCode},
    kubernetes::resource::Resource,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

const JSON: &str = "application/json";
const INDEX: &str = "/openapi/v3";
/// Bytes of the index: it has a line for each group version.
const LONGEST_INDEX: usize = 2 << 20;
/// Bytes of the document of a group version. That of `apps/v1` has one million.
const LONGEST_DOCUMENT: usize = 16 << 20;
/// Bytes of the schema of one kind.
const LONGEST_SCHEMA: usize = 4 << 20;
/// Schemas that are kept.
const KEPT: usize = 32;

/// Where a document refers to a schema, and where a slice does.
const SCHEMAS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/definitions/";

/// The schemas of kinds. Cheap to clone.
#[derive(Clone)]
pub struct Schemas {
    fetcher: Fetcher,
    /// The last ones first.
    kept: Arc<Mutex<VecDeque<Kept>>>,
}

struct Kept {
    cluster: ClusterId,
    kind: Resource,
    /// With the hash of the document.
    address: String,
    schema: Arc<Value>,
}

/// Where the documents are, by the path of their group version.
#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    paths: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(rename = "serverRelativeURL")]
    address: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    components: Components,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Components {
    schemas: BTreeMap<String, Value>,
}

impl Schemas {
    pub fn new(fetcher: Fetcher) -> Self {
        Self { fetcher, kept: Arc::default() }
    }

    /// The schema of a kind. None if the cluster publishes none.
    pub async fn get(&self, cluster: &ClusterId, kind: &ServedKind) -> Result<Option<Arc<Value>>, crate::Error> {
        let Some(address) = self.address(cluster, kind).await? else { return Ok(None) };
        if let Some(schema) = self.known(cluster, &kind.resource, &address) {
            return Ok(Some(schema));
        }
        let text = self.fetcher.get(cluster, &address, JSON, LONGEST_DOCUMENT).await?;
        let of = kind.clone();
        let cut = tokio::task::spawn_blocking(move || cut(&text, &of)).await.unwrap_or_else(|_| Err(unreadable()));
        let Some(schema) = cut?.map(Arc::new) else { return Ok(None) };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What it was under another hash is never asked for again.
        kept.retain(|one| one.cluster != *cluster || one.kind != kind.resource);
        let (cluster, kind) = (cluster.clone(), kind.resource.clone());
        kept.push_front(Kept { cluster, kind, address, schema: Arc::clone(&schema) });
        kept.truncate(KEPT);
        Ok(Some(schema))
    }

    /// The address of the document that the kind is in. Its query has a hash of the document.
    async fn address(&self, cluster: &ClusterId, kind: &ServedKind) -> Result<Option<String>, Error> {
        let text = match self.fetcher.get(cluster, INDEX, JSON, LONGEST_INDEX).await {
            Err(Error::Permanent { code: ErrorCode::NotFound, .. }) => return Ok(None),
            text => text?,
        };
        let mut index: Index = serde_json::from_slice(&text).map_err(|_| unreadable())?;
        let root = if kind.resource.group().is_empty() { "api" } else { "apis" };
        let place = index.paths.remove(&format!("{root}/{}", kind.api_version()));
        // Nothing else of the API server may be read in this way.
        Ok(place.map(|place| place.address).filter(|address| address.starts_with("/openapi/v3/")))
    }

    fn known(&self, cluster: &ClusterId, kind: &Resource, address: &str) -> Option<Arc<Value>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &&Kept| one.cluster == *cluster && one.kind == *kind && one.address == address;
        kept.iter().find(is_it).map(|one| Arc::clone(&one.schema))
    }
}

/// The schema of one kind in a document, with the schemas that it refers to.
fn cut(text: &[u8], kind: &ServedKind) -> Result<Option<Value>, Error> {
    let document: Document = serde_json::from_slice(text).map_err(|_| unreadable())?;
    let mut schemas = document.components.schemas;
    let Some(name) = schemas.iter().find(|(_, schema)| is_of(schema, kind)).map(|(name, _)| name.clone()) else {
        return Ok(None);
    };
    let mut definitions = Map::new();
    let mut slice = Slice::default();
    let mut root = schemas.get(&name).cloned().unwrap_or_default();
    slice.take(&mut root);
    while let Some(name) = slice.open.pop() {
        if let Some(mut schema) = schemas.remove(&name) {
            slice.take(&mut schema);
            definitions.insert(name, schema);
        }
    }
    if let Some(fields) = root.as_object_mut() {
        fields.insert("definitions".to_owned(), definitions.into());
    }
    let length = serde_json::to_vec(&root).map_err(|_| unreadable())?.len();
    if length > LONGEST_SCHEMA {
        let message =
            format!("the schema of {} has {length} bytes, and at most {LONGEST_SCHEMA} are read", kind.resource);
        return Err(Error::permanent(ErrorCode::NotSupported, message));
    }
    Ok(Some(root))
}

/// Whether the schema is that of the kind in the version in which it is read.
fn is_of(schema: &Value, kind: &ServedKind) -> bool {
    let names = schema.get("x-kubernetes-group-version-kind").and_then(Value::as_array);
    let wanted = [("group", kind.resource.group()), ("version", kind.version.as_str()), ("kind", kind.resource.kind())];
    let is_it = |name: &Value| wanted.iter().all(|(field, value)| name.get(field).is_some_and(|found| found == value));
    names.into_iter().flatten().any(is_it)
}

/// What is taken over from a document.
#[derive(Default)]
struct Slice {
    /// The schemas that are referred to and not yet taken over, and some that are.
    open: Vec<String>,
}

impl Slice {
    /// Makes JSON schema of a schema of OpenAPI, and notes what it refers to. Only what is a schema is looked at: a default
    /// or an example may look like one.
    fn take(&mut self, schema: &mut Value) {
        let Some(fields) = schema.as_object_mut() else { return };
        if let Some(Value::String(target)) = fields.get_mut("$ref")
            && let Some(name) = target.strip_prefix(SCHEMAS).map(str::to_owned)
        {
            *target = format!("{DEFINITIONS}{name}");
            self.open.push(name);
        }
        allow_null(fields);
        allow_integer_or_text(fields);
        for (keyword, below) in fields {
            match keyword.as_str() {
                "properties" | "patternProperties" => {
                    below.as_object_mut().into_iter().flatten().for_each(|(_, schema)| self.take(schema));
                }
                "allOf" | "anyOf" | "oneOf" => {
                    below.as_array_mut().into_iter().flatten().for_each(|schema| self.take(schema));
                }
                "additionalProperties" | "items" | "not" => self.take(below),
                _ => {}
            }
        }
    }
}

/// `nullable` of OpenAPI is one more type in JSON schema.
fn allow_null(fields: &mut Map<String, Value>) {
    if fields.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    if let Some(kind) = fields.get("type").filter(|kind| kind.is_string()).cloned() {
        fields.remove("nullable");
        fields.insert("type".to_owned(), json!([kind, "null"]));
    }
}

fn allow_integer_or_text(fields: &mut Map<String, Value>) {
    let has_type = ["type", "anyOf", "oneOf", "allOf"].iter().any(|keyword| fields.contains_key(*keyword));
    if fields.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) && !has_type {
        fields.insert("anyOf".to_owned(), json!([{"type": "integer"}, {"type": "string"}]));
    }
}

fn unreadable() -> Error {
    Error::permanent(ErrorCode::Internal, "the OpenAPI document of the API server cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::{ClusterHandle, Clusters, client::KubeCluster};
    use domain::platform::cluster::Environment;
    use http::Request;
    use kube::{Client, client::Body};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn widget() -> ServedKind {
        ServedKind {
            resource: "Widget.example.org".parse().expect("a kind"),
            version: "v1".to_owned(),
            plural: "widgets".to_owned(),
            namespaced: true,
            verbs: Vec::new(),
            short_names: Vec::new(),
            categories: Vec::new(),
            is_custom: true,
        }
    }

    fn document() -> Value {
        let name = |kind: &str, version: &str| json!([{"group": "example.org", "version": version, "kind": kind}]);
        json!({"components": {"schemas": {
            "Gadget": {"type": "object", "x-kubernetes-group-version-kind": name("Gadget", "v1")},
            "Old": {"type": "object", "x-kubernetes-group-version-kind": name("Widget", "v1beta1")},
            "Widget": {
                "type": "object", "x-kubernetes-group-version-kind": name("Widget", "v1"),
                "properties": {
                    "spec": {"allOf": [{"$ref": "#/components/schemas/Spec"}], "default": {"$ref": "#/components/schemas/Gadget"}},
                    "$ref": {"type": "string"},
                    "port": {"x-kubernetes-int-or-string": true},
                },
            },
            "Spec": {"type": "object", "properties": {
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Spec"}, "nullable": true},
                "owner": {"$ref": "#/components/schemas/Widget"},
                "nullable": {"type": "boolean"},
                "unknown": {"$ref": "#/components/schemas/Nowhere"},
            }, "additionalProperties": false},
        }}})
    }

    #[test]
    fn a_slice_has_what_it_refers_to_and_nothing_else() {
        let text = document().to_string();
        let schema = cut(text.as_bytes(), &widget()).expect("a document").expect("a schema");
        let definitions = schema["definitions"].as_object().expect("definitions");
        assert_eq!(definitions.keys().collect::<Vec<_>>(), ["Spec", "Widget"], "circles end");
        assert_eq!(schema.pointer("/properties/spec/allOf/0/$ref"), Some(&json!("#/definitions/Spec")));
        assert_eq!(schema.pointer("/properties/$ref/type"), Some(&json!("string")), "a property of that name");
        assert_eq!(schema.pointer("/properties/port/anyOf"), Some(&json!([{"type": "integer"}, {"type": "string"}])));
        let spec = &definitions["Spec"]["properties"];
        assert_eq!((&spec["parts"]["type"], &spec["nullable"]["type"]), (&json!(["array", "null"]), &json!("boolean")));
        assert_eq!(spec["parts"]["items"]["$ref"], "#/definitions/Spec");
    }

    #[test]
    fn a_kind_in_another_version_has_no_schema() {
        let text = document().to_string();
        let of = |version: &str| cut(text.as_bytes(), &ServedKind { version: version.to_owned(), ..widget() });
        assert!(of("v1").is_ok_and(|found| found.is_some()) && of("v2").is_ok_and(|found| found.is_none()));
        assert!(cut(b"<html>", &widget()).is_err());
    }

    #[test]
    fn a_schema_that_is_too_long_is_refused() {
        let mut document = document();
        document["components"]["schemas"]["Spec"]["description"] = "x".repeat(LONGEST_SCHEMA).into();
        let refused = cut(document.to_string().as_bytes(), &widget());
        assert!(matches!(refused, Err(Error::Permanent { code: ErrorCode::NotSupported, .. })), "{refused:?}");
    }

    /// Schemas of a server whose documents are under the address that `hash` makes, and how many documents it gave.
    fn schemas(hash: fn(usize) -> String) -> (Schemas, Arc<AtomicUsize>) {
        let (indexes, documents) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let given = Arc::clone(&documents);
        let service = tower::service_fn(move |request: Request<Body>| {
            let body = if request.uri().path() == INDEX {
                let address = hash(indexes.fetch_add(1, Ordering::SeqCst));
                json!({"paths": {"apis/example.org/v1": {"serverRelativeURL": address}}})
            } else {
                given.fetch_add(1, Ordering::SeqCst);
                document()
            };
            async move { http::Response::builder().body(Body::from(body.to_string().into_bytes())) }
        });
        let client = Client::new(service, "default");
        let (name, environment) = ("dev".to_owned(), Environment::default());
        let (id, port) = (ClusterId::from_name("dev"), Arc::new(KubeCluster::new(client.clone())));
        let handle = ClusterHandle { id, name, environment, port, client: Some(client) };
        (Schemas::new(Fetcher::new(Clusters::new(vec![handle]))), documents)
    }

    #[tokio::test]
    async fn a_schema_is_cut_again_only_when_its_hash_changes() {
        let cluster = ClusterId::from_name("dev");
        let (same, given) = schemas(|_| "/openapi/v3/apis/example.org/v1?hash=A".to_owned());
        let (other, given_other) = schemas(|nth| format!("/openapi/v3/apis/example.org/v1?hash={nth}"));
        for _ in 0..3 {
            assert!(same.get(&cluster, &widget()).await.expect("an answer").is_some());
            assert!(other.get(&cluster, &widget()).await.expect("an answer").is_some());
        }
        assert_eq!((given.load(Ordering::SeqCst), given_other.load(Ordering::SeqCst)), (1, 3));
        assert_eq!(other.kept.lock().expect("no panic").len(), 1);
    }

    #[tokio::test]
    async fn only_documents_of_the_index_are_read() {
        let (schemas, given) = schemas(|_| "/api/v1/secrets".to_owned());
        assert!(schemas.get(&ClusterId::from_name("dev"), &widget()).await.expect("an answer").is_none());
        assert_eq!(given.load(Ordering::SeqCst), 0);
    }
}
