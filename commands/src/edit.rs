//! Edits of objects of any kind: documents are read, compared with what their author started from, and requested as
//! operations. [`preview`] says what they would do.
//!
//! A document without a base is applied. Many documents are a batch. One with a base is an edit: only what its author changed since is sent.

mod base;
mod batch;
mod live;
pub mod preview;
mod secrets;

pub use crate::kubernetes::manifest::documents::{Document, Unread};

use crate::{
    Clusters, Dispatcher, Error, Origin, Receipt,
    dispatch::Prepared,
    kubernetes::{
        discovery::ServedKind,
        live::Live,
        manifest::{documents::read_all, server_fields},
        openapi::Schemas,
        turns::Turns,
    },
    log::EventStore,
};
use domain::{
    core::{
        ids::ClusterId,
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        edit::{Change, Lists, changes, fixed, has_masks, in_words, merge, misplaced_mask},
        object::ObjectRef,
        resource::{Resource, is_label},
        secret,
    },
    operation::{Intent, Propagation},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a request waits for the schema of a custom kind. Without it, a list is one value as a whole.
const SCHEMA: Duration = Duration::from_millis(500);

/// Requests edits. Cheap to clone.
#[derive(Clone)]
pub struct Edits {
    dispatcher: Dispatcher,
    store: EventStore,
    clusters: Clusters,
    live: Live,
    schemas: Schemas,
    /// Of previews.
    turns: Turns,
}

/// What the author of a document started from.
#[derive(Clone, Debug, PartialEq)]
pub struct BasedOn {
    pub id: String,
    pub version: String,
    /// The text of the manifest as it was shown. Needed where the log has no manifest of the kind.
    pub manifest: Option<String>,
}

/// A document with what its author knew of the object.
#[derive(Clone, Debug)]
pub struct Request {
    pub document: Document,
    pub based_on: Option<BasedOn>,
    /// The fields of other managers that the author takes over, as server-side apply names them.
    pub take_over: Vec<String>,
}

/// What is deleted, and how.
#[derive(Clone, Debug)]
pub struct Deletion {
    pub object: ObjectRef,
    pub expected_version: Option<String>,
    pub propagation: Propagation,
    pub grace_period_seconds: Option<u32>,
}

impl Request {
    /// What identifies a repetition.
    fn asked(&self) -> Value {
        let Self { document, based_on, take_over } = self;
        let based_on = based_on.as_ref().map(|base| (&base.id, &base.version));
        json!({"target": document.object.id(), "apply": document.manifest, "basedOn": based_on, "takeOver": take_over})
    }
}

impl Edits {
    pub(crate) fn new(
        dispatcher: Dispatcher,
        store: EventStore,
        clusters: Clusters,
        live: Live,
        schemas: Schemas,
    ) -> Self {
        Self { dispatcher, store, clusters, live, schemas, turns: Turns::new(preview::PER_CLUSTER) }
    }

    /// The documents of a text, each read or refused.
    pub async fn read(
        &self,
        cluster: &ClusterId,
        text: &str,
        default_namespace: Option<&str>,
    ) -> Result<Vec<Result<Document, Unread>>, Error> {
        self.dispatcher.must_know(cluster, "cluster")?;
        let default_namespace = default_namespace.unwrap_or("default");
        if !is_label(default_namespace) {
            let name = default_namespace.chars().take(80).collect::<String>();
            let reason = Code::NotALabelName.message([("value", name.into())]);
            return Err(Refusal::because(ErrorCode::Invalid, "defaultNamespace", reason).into());
        }
        let kinds = match self.clusters.discovery(cluster) {
            // Kinds that every cluster serves are known without an answer.
            Some(discovery) => timeout(live::PATIENCE, discovery.kinds()).await.ok().and_then(Result::ok),
            None => None,
        };
        let namespaced = |kind: &Resource| Some(kinds.as_ref()?.get(kind)?.namespaced);
        Ok(read_all(text, cluster, default_namespace, namespaced)?)
    }

    /// Requests that one document is applied, or that its object is edited. Refused if its namespace is not there.
    pub async fn apply(&self, origin: Origin, request: Request) -> Result<Receipt, Error> {
        let object = &request.document.object;
        if let (None, Some(namespace)) = (&request.based_on, &object.namespace) {
            self.dispatcher.must_exist(&object.cluster, namespace).await?;
        }
        self.request(origin, request).await
    }

    /// The same for a document whose namespace may have been made a moment ago.
    pub async fn request(&self, origin: Origin, request: Request) -> Result<Receipt, Error> {
        let target = request.document.object.clone();
        let asked = request.asked();
        let removed = request.document.removed.clone();
        let prepare = || self.prepared(&request);
        let receipt = self.dispatcher.request_prepared(origin, target, &asked, prepare).await?;
        Ok(Receipt { removed, ..receipt })
    }

    /// Requests the deletion of an object.
    pub async fn delete(&self, origin: Origin, deletion: Deletion) -> Result<Receipt, Error> {
        let Deletion { object, expected_version, propagation, grace_period_seconds } = deletion;
        let intent = Intent::DeleteObject { propagation, grace_period_seconds };
        self.operate(origin, object, intent, expected_version).await
    }

    /// Requests an operation on an object of any kind, also of one that the log does not record.
    pub async fn operate(
        &self,
        origin: Origin,
        object: ObjectRef,
        intent: Intent,
        expected_version: Option<String>,
    ) -> Result<Receipt, Error> {
        let asked = json!({"target": object.id(), "intent": intent, "expectedVersion": expected_version});
        let prepare = || async {
            let live = self.seen_live(&object).await?;
            Ok(Prepared { intent: intent.clone(), expected_version: expected_version.clone(), live })
        };
        self.dispatcher.request_prepared(origin, object.clone(), &asked, prepare).await
    }

    /// Requests that an object becomes again what it was after the event at `position`.
    pub async fn restore(
        &self,
        origin: Origin,
        object: ObjectRef,
        position: i64,
        expected_version: Option<String>,
    ) -> Result<Receipt, Error> {
        let asked = json!({"target": object.id(), "restore": position, "expectedVersion": expected_version});
        let prepare = || async {
            let missing = || Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchObject.message([]));
            let now = self.newest(&object).await?.ok_or_else(missing)?;
            let wanted = self.at(&object, position).await?;
            let changes = self.changes(&object, &now, &wanted, "position").await?;
            let awaits = awaits(&object.kind) && changes.iter().any(|change| change.path.is_in(&["spec"]));
            let intent = Intent::RestoreObject { position, changes: changes.into(), awaits };
            Ok(Prepared { intent, expected_version: expected_version.clone(), live: None })
        };
        self.dispatcher.request_prepared(origin, object.clone(), &asked, prepare).await
    }

    /// What is requested by a document.
    async fn prepared(&self, request: &Request) -> Result<Prepared, Error> {
        let Request { document, based_on, take_over } = request;
        let (object, live) = (&document.object, self.seen_live(&document.object).await?);
        let expected_version = None;
        let Some(based_on) = based_on else {
            secrets::refuse_values(object, &document.manifest)?;
            if has_masks(&document.manifest) {
                return Err(masked("."));
            }
            let (manifest, take_over) = (document.manifest.clone().into(), take_over.clone());
            let intent = Intent::ApplyManifests { manifest, take_over, awaits: awaits(&object.kind) };
            return Ok(Prepared { intent, expected_version, live });
        };
        let base = self.base(object, based_on).await?;
        let yours = self.without_values(object, document.manifest.clone()).await?;
        let changes = self.changes(object, &base, &yours, "manifests").await?;
        self.refuse_conflicts(object, &changes).await?;
        let awaits = awaits(&object.kind) && changes.iter().any(|change| change.path.is_in(&["spec"]));
        let intent = Intent::EditObject { changes: changes.into(), awaits };
        Ok(Prepared { intent, expected_version, live })
    }

    /// What leads from one manifest to another, as far as an edit can.
    async fn changes(
        &self,
        object: &ObjectRef,
        base: &Value,
        yours: &Value,
        field: &str,
    ) -> Result<Vec<Change>, Error> {
        let schema = self.schema(object).await;
        let lists = schema.as_deref().map_or(Lists::Known, Lists::of_schema);
        let found = changes(base, yours, lists);
        if let Some(path) = misplaced_mask(&found) {
            return Err(masked(&path));
        }
        if let Some(path) = fixed(&object.kind, &found) {
            let reason = Code::FieldIsFixed.message([("path", path.into()), ("kind", object.kind.to_string().into())]);
            return Err(Refusal::because(ErrorCode::NotSupported, field, reason).into());
        }
        if found.is_empty() {
            return Err(Refusal::because(ErrorCode::Invalid, field, Code::NothingChanged.message([])).into());
        }
        Ok(found)
    }

    /// Refuses what is known to overlap with the changes of others. What nobody has seen yet is found when it is made.
    async fn refuse_conflicts(&self, object: &ObjectRef, changes: &[Change]) -> Result<(), Error> {
        let Some(now) = self.newest(object).await? else { return Ok(()) };
        match merge(&now, &now, changes) {
            Ok(_) => Ok(()),
            Err(conflicts) => {
                let refusal = Refusal::because(ErrorCode::Conflict, "manifests", in_words(&conflicts));
                Err(Refusal { current_version: self.version(object).await?, ..refusal }.into())
            }
        }
    }

    /// The schema of a custom kind. None for kinds whose lists are known, and if the cluster gives none in time.
    async fn schema(&self, object: &ObjectRef) -> Option<Arc<Value>> {
        let served = self.served(object).await?;
        if !served.is_custom {
            return None;
        }
        timeout(SCHEMA, self.schemas.get(&object.cluster, &served)).await.ok()?.ok()?
    }

    /// The kind as the cluster serves it. None if it does not say so in time.
    async fn served(&self, object: &ObjectRef) -> Option<ServedKind> {
        let discovery = self.clusters.discovery(&object.cluster)?;
        let kinds = timeout(live::PATIENCE, discovery.kinds()).await.ok()?.ok()?;
        kinds.get(&object.kind).cloned()
    }
}

/// Whether an object of the kind has to become ready.
fn awaits(kind: &Resource) -> bool {
    let is_definition = kind.group() == "apiextensions.k8s.io" && kind.kind() == "CustomResourceDefinition";
    kind.is_workload() || *kind == Resource::CLAIM || is_definition
}

fn masked(path: &str) -> Error {
    let reason = Code::MaskElsewhere.message([("path", path.into())]);
    Refusal::because(ErrorCode::Invalid, "manifests", reason).into()
}

/// A manifest as its author saw it: without secrets and without what the server sets.
fn as_shown(mut manifest: Value) -> Value {
    secret::redact(&mut manifest);
    server_fields::take_out(&mut manifest);
    manifest
}
