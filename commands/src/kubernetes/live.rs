//! Objects that are read from the API server when somebody looks at them: those of kinds that are not recorded, and what
//! the log does not keep of others.
//!
//! Promises that no plain secret is in what it returns. The values of a Secret never are.

use super::{
    Error,
    client::segment,
    columns::{Columns, Definition},
    discovery::{ServedKind, number_of},
    fetch::Fetcher,
    observe::{self, Described},
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        ids::ClusterId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{manifest::Manifest, object::ObjectRef, observation::Report},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// As kubectl asks: a table, or the objects themselves from a server that makes no tables of the kind.
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
/// Bytes of an answer.
const MOST: usize = 16 << 20;
/// Objects in one page, at most.
pub const LARGEST_PAGE: u32 = 500;
/// How long the columns of a kind are kept.
const AGE: Duration = Duration::from_secs(300);

/// An object as the API server has it now.
#[derive(Debug)]
pub struct LiveObject {
    pub object: ObjectRef,
    /// None for what no store holds, such as a measurement.
    pub uid: Option<String>,
    pub resource_version: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    /// Without status, and with secrets masked. None if only its metadata was read, or it cannot be read.
    pub manifest: Option<Manifest>,
    /// The labels, with secrets masked.
    pub labels: Value,
    pub report: Report,
    /// Its place in the answer.
    pub place: usize,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// None: of all namespaces, or outside them.
    pub namespace: Option<&'a str>,
    /// A label selector, empty for all.
    pub labels: &'a str,
    /// The token of the part before, empty for the first one.
    pub after: &'a str,
    pub limit: u32,
}

/// The objects of a part of a list, in the order of the API server: by namespace, then by name.
#[derive(Debug)]
pub struct LivePage {
    pub objects: Vec<LiveObject>,
    /// The length of the answer, with the objects that no id can name.
    pub length: usize,
    /// The token of the next part.
    pub next: Option<String>,
}

/// Reads objects live. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    fetcher: Fetcher,
    /// By cluster and path. Each is locked while it is read, so that the rows of a list read it once.
    columns: Arc<Mutex<HashMap<(ClusterId, String), ColumnsOfKind>>>,
}

/// The columns of a kind. None before they were read.
type ColumnsOfKind = Arc<tokio::sync::Mutex<Option<Printed>>>;

struct Printed {
    read_at: Instant,
    names: Result<Arc<[String]>, Error>,
}

/// A table, or a list of objects, or one object.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    kind: String,
    metadata: Value,
    column_definitions: Option<Vec<Definition>>,
    rows: Option<Vec<Row>>,
    items: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    cells: Vec<Value>,
    #[serde(default)]
    object: Value,
}

impl Live {
    pub fn new(fetcher: Fetcher) -> Self {
        Self { fetcher, columns: Arc::default() }
    }

    /// A part of the list of a kind.
    pub async fn page(
        &self,
        cluster: &ClusterId,
        kind: &ServedKind,
        part: &Part<'_>,
    ) -> Result<LivePage, crate::Error> {
        // The values of Secrets stay in the API server.
        let included = if kind.resource.is_metadata_only() { "Metadata" } else { "Object" };
        let limit = part.limit.clamp(1, LARGEST_PAGE);
        let mut address = format!("{}?includeObject={included}&limit={limit}", collection(kind, part.namespace)?);
        for (name, value) in [("labelSelector", part.labels), ("continue", part.after)] {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
            }
        }
        match self.fetcher.get(cluster, &address, TABLE, MOST).await {
            Ok(text) => Ok(read_in_background(cluster, kind, text).await?),
            Err(Error::Permanent { code: ErrorCode::Conflict, .. }) if !part.after.is_empty() => {
                let message = "the list has changed since its first page was read: begin anew";
                Err(Refusal::new(ErrorCode::Invalid, "after", message).into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// One object. None if there is none.
    pub async fn get(&self, object: &ObjectRef, kind: &ServedKind) -> Result<Option<LiveObject>, crate::Error> {
        let collection = collection(kind, object.namespace.as_deref())?;
        let address = format!("{collection}/{}?includeObject=Object", segment(&object.name)?);
        match self.fetcher.get(&object.cluster, &address, TABLE, MOST).await {
            Ok(text) => Ok(read_in_background(&object.cluster, kind, text).await?.objects.pop()),
            Err(Error::Permanent { code: ErrorCode::NotFound, .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The number of objects of a kind.
    pub async fn count(&self, cluster: &ClusterId, kind: &ServedKind) -> Result<u64, crate::Error> {
        let Answer { metadata, rows, items, .. } = self.first(cluster, kind).await?;
        let first = rows.map(|rows| rows.len()).or(items.map(|items| items.len())).unwrap_or_default();
        let next = metadata.get("continue").and_then(Value::as_str).unwrap_or_default();
        Ok(number_of(first, next, metadata.get("remainingItemCount").and_then(Value::as_u64)))
    }

    /// The names of the columns that the server prints of a kind, in its order, as far as they are shown.
    pub async fn columns(&self, cluster: &ClusterId, kind: &ServedKind) -> Result<Arc<[String]>, crate::Error> {
        let asked = Instant::now();
        let printed = self.printed((cluster.clone(), kind.path()));
        let mut printed = printed.lock().await;
        match &*printed {
            Some(Printed { read_at, names: Ok(names) }) if read_at.elapsed() < AGE => return Ok(Arc::clone(names)),
            // It was read while this caller waited. One after the other, each would wait for a time-out of its own.
            Some(Printed { read_at, names: Err(error) }) if *read_at >= asked => return Err(error.clone().into()),
            Some(_) | None => {}
        }
        let names = self.first(cluster, kind).await.map(|answer| {
            let columns = Columns::of(&kind.resource, &answer.column_definitions.unwrap_or_default());
            columns.names().map(str::to_owned).collect::<Arc<[String]>>()
        });
        *printed = Some(Printed { read_at: Instant::now(), names: names.clone() });
        Ok(names?)
    }

    /// The first page of a list, of one object without what it holds.
    async fn first(&self, cluster: &ClusterId, kind: &ServedKind) -> Result<Answer, Error> {
        let address = format!("{}?includeObject=None&limit=1", kind.path());
        let text = self.fetcher.get(cluster, &address, TABLE, MOST).await?;
        serde_json::from_slice(&text).map_err(|_| unreadable())
    }

    fn printed(&self, key: (ClusterId, String)) -> ColumnsOfKind {
        let mut all = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(key).or_default())
    }
}

/// The path of the objects of a kind.
fn collection(kind: &ServedKind, namespace: Option<&str>) -> Result<String, Error> {
    let Some(namespace) = namespace.filter(|_| kind.namespaced) else { return Ok(kind.path()) };
    let root = if kind.resource.group().is_empty() { "api" } else { "apis" };
    Ok(format!("/{root}/{}/namespaces/{}/{}", kind.api_version(), segment(namespace)?, kind.plural))
}

/// Reads an answer off the threads that serve others: a long one takes a while to search for secrets.
async fn read_in_background(cluster: &ClusterId, kind: &ServedKind, text: Vec<u8>) -> Result<LivePage, Error> {
    let (cluster, kind) = (cluster.clone(), kind.clone());
    let read = tokio::task::spawn_blocking(move || read(&cluster, &kind, &text)).await;
    read.unwrap_or_else(|_| Err(unreadable()))
}

fn read(cluster: &ClusterId, kind: &ServedKind, text: &[u8]) -> Result<LivePage, Error> {
    let unknown = |_| unreadable();
    let answer: Answer = serde_json::from_slice(text).map_err(unknown)?;
    let next = answer.metadata.get("continue").and_then(Value::as_str).filter(|next| !next.is_empty());
    let next = next.map(str::to_owned);
    let columns = Columns::of(&kind.resource, &answer.column_definitions.unwrap_or_default());
    let plain = |object: Value| Row { cells: Vec::new(), object };
    let rows = match (answer.rows, answer.items) {
        (Some(rows), _) => rows,
        (None, Some(items)) => items.into_iter().map(plain).collect(),
        (None, None) if answer.kind == kind.resource.kind() => {
            vec![plain(serde_json::from_slice(text).map_err(unknown)?)]
        }
        // Servers in other languages write null for an empty list.
        (None, None) => Vec::new(),
    };
    let length = rows.len();
    let rows = rows.into_iter().enumerate();
    let objects = rows.filter_map(|(place, row)| object(cluster, kind, &columns, row, place)).collect();
    Ok(LivePage { objects, length, next })
}

/// None for an object that no id can name. One that cannot be read is there without what it holds, and holds up no other.
fn object(
    cluster: &ClusterId,
    kind: &ServedKind,
    columns: &Columns,
    Row { cells, mut object }: Row,
    place: usize,
) -> Option<LiveObject> {
    let is_metadata = object.get("kind").is_some_and(|kind| kind == "PartialObjectMetadata");
    if let Some(fields) = object.as_object_mut() {
        // Inside a list the server omits them, and which values are secret depends on the kind.
        fields.insert("apiVersion".to_owned(), kind.api_version().into());
        fields.insert("kind".to_owned(), kind.resource.kind().into());
    }
    let reference = observe::reference(cluster, &kind.resource, &object)?;
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (uid, resource_version) = (text("/metadata/uid"), text("/metadata/resourceVersion"));
    let (uid, resource_version) = (uid.map(str::to_owned), resource_version.map(str::to_owned));
    let created_at = text("/metadata/creationTimestamp").and_then(|time| time.parse().ok());
    let (manifest, report) = match observe::described(&kind.resource, object, columns.cells(&cells)) {
        Ok(Described { manifest, report, .. }) => (Some(manifest), report),
        // The words of the error may quote values.
        Err(_) => {
            tracing::warn!(object = %reference.id(), "object.unreadable");
            (None, Report::default())
        }
    };
    let labels = manifest.as_ref().and_then(|manifest| manifest.pointer("/metadata/labels").cloned());
    let (labels, manifest) = (labels.unwrap_or_default(), manifest.filter(|_| !is_metadata));
    Some(LiveObject { object: reference, uid, resource_version, created_at, manifest, labels, report, place })
}

/// The words of a JSON error quote values.
fn unreadable() -> Error {
    Error::permanent(ErrorCode::Internal, "the answer of the API server cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::{ClusterHandle, Clusters, client::KubeCluster};
    use domain::platform::cluster::Environment;
    use http::Request;
    use kube::{Client, client::Body};
    use serde_json::json;

    const COLUMNS: &str = r#"[{"name": "Name", "type": "string", "format": "name", "priority": 0},
        {"name": "Holder", "type": "string", "priority": 0}, {"name": "Age", "type": "string", "priority": 0}]"#;

    fn kind(text: &str, plural: &str) -> ServedKind {
        ServedKind {
            resource: text.parse().expect("a kind"),
            version: "v1".to_owned(),
            plural: plural.to_owned(),
            namespaced: true,
            verbs: ["get", "list"].map(str::to_owned).to_vec(),
            short_names: Vec::new(),
            categories: Vec::new(),
            is_custom: false,
        }
    }

    /// Reads from a server that gives one answer, and the addresses that it was asked for.
    fn live(status: u16, answer: Value) -> (Live, Arc<Mutex<Vec<String>>>) {
        let addresses = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&addresses);
        let service = tower::service_fn(move |request: Request<Body>| {
            seen.lock().expect("no panic").push(request.uri().to_string());
            let body = answer.to_string().into_bytes();
            async move { http::Response::builder().status(status).body(Body::from(body)) }
        });
        let client = Client::new(service, "default");
        let (name, environment) = ("dev".to_owned(), Environment::default());
        let port = Arc::new(KubeCluster::new(client.clone()));
        let handle = ClusterHandle { id: dev(), name, environment, port, client: Some(client) };
        (Live::new(Fetcher::new(Clusters::new(vec![handle]))), addresses)
    }

    fn dev() -> ClusterId {
        ClusterId::from_name("dev")
    }

    fn table(rows: &[Value]) -> Value {
        let columns: Value = serde_json::from_str(COLUMNS).expect("columns");
        json!({"kind": "Table", "metadata": {"continue": "t/2"}, "columnDefinitions": columns, "rows": rows})
    }

    fn row(name: &str, object: Value) -> Value {
        let mut object = object;
        object["metadata"] = json!({"name": name, "namespace": "team", "uid": "u", "resourceVersion": "7",
            "creationTimestamp": "2026-12-01T00:00:00Z", "labels": {"app": "web"}, "managedFields": [{"manager": "kubectl"}]});
        json!({"cells": [name, "node-1", "5m"], "object": object})
    }

    fn part(after: &str) -> Part<'_> {
        Part { namespace: Some("team"), labels: "app=web", after, limit: 50 }
    }

    #[tokio::test]
    async fn a_page_has_the_objects_with_what_the_server_prints_of_them() {
        let rows =
            [row("a", json!({"spec": {"holder": "x"}, "status": {"phase": "Bound"}})), row("no name", json!({}))];
        let (live, addresses) = live(200, table(&rows));
        let page = live.page(&dev(), &kind("Lease.coordination.k8s.io", "leases"), &part("t/1")).await.expect("a page");
        let asked = "/apis/coordination.k8s.io/v1/namespaces/team/leases?includeObject=Object&limit=50\
            &labelSelector=app%3Dweb&continue=t%2F1";
        assert_eq!(addresses.lock().expect("no panic")[..], [asked]);
        assert_eq!((page.objects.len(), page.length, page.next.as_deref()), (1, 2, Some("t/2")));
        let found = &page.objects[0];
        assert_eq!(found.object.id(), "Lease.coordination.k8s.io~dev~team~a");
        assert_eq!((found.uid.as_deref(), found.resource_version.as_deref(), found.place), (Some("u"), Some("7"), 0));
        assert_eq!((&found.labels, found.created_at.is_some()), (&json!({"app": "web"}), true));
        let columns: Vec<_> = found.report.columns.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(columns, [("Holder", "node-1")]);
        let manifest = found.manifest.as_ref().expect("a manifest");
        assert_eq!(manifest.pointer("/kind"), Some(&json!("Lease")));
        assert!(manifest.get("status").is_none() && !manifest.to_string().contains("managedFields"));
    }

    #[tokio::test]
    async fn the_values_of_a_secret_are_not_listed_and_are_masked_where_it_is_read() {
        let secret = |object: Value| table(&[row("token", object)]);
        let metadata = json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"});
        let (listed, addresses) = live(200, secret(metadata));
        let page = listed.page(&dev(), &kind("Secret", "secrets"), &part("")).await.expect("a page");
        assert!(addresses.lock().expect("no panic")[0].contains("includeObject=Metadata"));
        assert!(page.objects[0].manifest.is_none());
        let (read, _) =
            live(200, secret(json!({"data": {"password": "aHVudGVyMg=="}, "stringData": {"a": "hunter2"}})));
        let object = "Secret~dev~team~token".parse().expect("an id");
        let found = read.get(&object, &kind("Secret", "secrets")).await.expect("an answer").expect("a secret");
        let manifest = found.manifest.expect("a manifest");
        assert_eq!(manifest.get("data"), Some(&json!({"password": "<redacted>"})));
        assert_eq!(manifest.get("stringData"), Some(&json!({"a": "<redacted>"})));
    }

    #[tokio::test]
    async fn servers_without_tables_are_read_too() {
        let lease = |name: &str| json!({"kind": "Lease", "metadata": {"name": name, "namespace": "team"}});
        let kind = kind("Lease.coordination.k8s.io", "leases");
        let list = json!({"kind": "LeaseList", "metadata": {}, "items": [lease("a"), lease("b")]});
        let page = live(200, list).0.page(&dev(), &kind, &part("")).await.expect("a page");
        assert_eq!((page.objects.len(), page.next), (2, None));
        assert!(page.objects[0].uid.is_none() && page.objects[0].created_at.is_none());
        let empty = live(200, json!({"kind": "LeaseList", "metadata": {}, "items": null})).0;
        assert_eq!(empty.page(&dev(), &kind, &part("")).await.expect("a page").length, 0);
        let object = "Lease.coordination.k8s.io~dev~team~a".parse().expect("an id");
        assert!(live(200, lease("a")).0.get(&object, &kind).await.expect("an answer").is_some());
        assert!(live(404, json!({})).0.get(&object, &kind).await.expect("an answer").is_none());
    }

    #[tokio::test]
    async fn an_object_that_cannot_be_read_holds_up_no_other() {
        let mut broken = row("broken", json!({}));
        broken["object"]["metadata"]["generation"] = json!("many");
        let (live, _) = live(200, table(&[broken, row("b", json!({}))]));
        let page = live.page(&dev(), &kind("Lease.coordination.k8s.io", "leases"), &part("")).await.expect("a page");
        let found: Vec<_> =
            page.objects.iter().map(|found| (found.object.name.as_str(), found.manifest.is_some())).collect();
        assert_eq!(found, [("broken", false), ("b", true)]);
    }

    #[tokio::test]
    async fn a_place_in_a_list_that_is_too_old_is_a_wrong_argument() {
        let kind = kind("Lease.coordination.k8s.io", "leases");
        let gone = json!({"kind": "Status", "code": 410, "message": "too old"});
        let Err(crate::Error::Refused(refusal)) = live(410, gone).0.page(&dev(), &kind, &part("t")).await else {
            panic!("not refused");
        };
        assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Invalid, Some("after")));
    }

    #[tokio::test]
    async fn columns_are_read_once_in_the_order_of_the_server() {
        let ((live, addresses), cluster) = (live(200, table(&[])), dev());
        let kind = kind("Lease.coordination.k8s.io", "leases");
        let both = futures::future::join(live.columns(&cluster, &kind), live.columns(&cluster, &kind)).await;
        for names in [both.0, both.1, live.columns(&cluster, &kind).await] {
            assert_eq!(names.expect("columns")[..], ["Holder"]);
        }
        assert_eq!(addresses.lock().expect("no panic").len(), 1);
    }

    #[tokio::test]
    async fn objects_are_counted_without_being_listed() {
        let of = async |metadata: Value| {
            let list = json!({"kind": "Table", "metadata": metadata, "rows": [{"cells": ["a"], "object": null}]});
            let (live, addresses) = live(200, list);
            let count = live.count(&dev(), &kind("Lease.coordination.k8s.io", "leases")).await.expect("a count");
            assert!(addresses.lock().expect("no panic")[0].ends_with("?includeObject=None&limit=1"));
            count
        };
        assert_eq!(of(json!({})).await, 1);
        assert_eq!(of(json!({"continue": "t", "remainingItemCount": 41})).await, 42);
        assert_eq!(of(json!({"continue": "t"})).await, u64::MAX, "the server does not say");
    }
}
