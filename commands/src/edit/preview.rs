//! What documents would do, by dry runs of the API server. Nothing is changed, and nothing is recorded.

use super::{Edits, Request, Unread};
use crate::{
    Error, Origin,
    executor::rejection,
    kubernetes::{
        Change, Changed, Cluster, Error as ClusterError, observe,
        taking::{Accepted, Tried, try_apply},
    },
};
use domain::{
    core::{
        message::{Code, FREE_TEXT, Message},
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        edit::{self, Conflict, conflicts_in, keeper},
        object::ObjectRef,
        resource::Resource,
        secret,
    },
    operation::Intent,
};
use futures::{StreamExt, stream};
use serde_json::Value;
use std::{collections::HashSet, time::Duration};

/// How long the cluster may take for one document. Webhooks have 10 s by default, so that one that fails is named.
const LIMIT: Duration = Duration::from_secs(15);
/// Documents that are tried at the same time, in one preview and in one cluster.
const AT_A_TIME: usize = 8;
pub(super) const PER_CLUSTER: usize = 16;

/// What a document would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Create,
    Update,
    Nothing,
    Refused,
    /// The server could not try it.
    Untested,
}

/// What one document would do. Manifests are as people write them, with secrets masked.
#[derive(Debug)]
pub struct Preview {
    /// None if the document cannot be read.
    pub object: Option<ObjectRef>,
    pub line: usize,
    pub effect: Effect,
    pub live: Option<Value>,
    pub result: Option<Value>,
    pub conflicts: Vec<Conflict>,
    pub warnings: Vec<String>,
    /// What else keeps the object as it wants it.
    pub kept_by: Option<String>,
    pub error: Option<(ErrorCode, Message)>,
}

impl Edits {
    /// What [`Edits::request`] with each of these would do, in their order. Refused by the same rules, rights included.
    pub async fn preview(&self, origin: &Origin, requests: Vec<Result<Request, Unread>>) -> Vec<Preview> {
        let made = Made::of(&requests);
        let one = |request: Result<Request, Unread>| {
            let made = &made;
            async move {
                match request {
                    Ok(request) => self.preview_one(origin.clone(), &request, made).await,
                    Err(Unread { refusal, line }) => refused(None, line, refusal),
                }
            }
        };
        stream::iter(requests).map(one).buffered(AT_A_TIME).collect().await
    }

    async fn preview_one(&self, origin: Origin, request: &Request, made: &Made) -> Preview {
        let (object, line) = (&request.document.object, request.document.line);
        let prepared = match self.prepared(request).await {
            Ok(prepared) => prepared,
            Err(Error::Refused(refusal)) if refusal.is_because(Code::NothingChanged) => {
                return Preview { effect: Effect::Nothing, ..empty(Some(object), line) };
            }
            Err(error) => return failed(object, line, error),
        };
        let intent = prepared.intent.clone();
        if let Err(error) = self.dispatcher.would_request(origin, object, prepared).await {
            return failed(object, line, error);
        }
        let Some(handle) = self.clusters.get(&object.cluster) else { return empty(Some(object), line) };
        let turns = self.turns.of(&object.cluster);
        let tried = async {
            let _one_of_few = turns.acquire().await;
            tried(handle.port.as_ref(), object, line, &intent).await
        };
        let silent =
            || ClusterError::Unreachable { message: format!("it did not answer within {} s", LIMIT.as_secs()) };
        match tokio::time::timeout(LIMIT, tried).await.unwrap_or_else(|_| Err(silent())) {
            Ok(preview) => preview,
            Err(error) => not_tried(object, line, error, made.has_place_of(object)),
        }
    }
}

/// Asks the cluster.
async fn tried(
    cluster: &dyn Cluster,
    object: &ObjectRef,
    line: usize,
    intent: &Intent,
) -> Result<Preview, ClusterError> {
    let found = cluster.get(object).await?;
    let mut preview = empty(Some(object), line);
    preview.kept_by = found.as_ref().and_then(keeper);
    let mut shown = found.clone().unwrap_or_default();
    secret::redact(&mut shown);
    let outcome = match (intent, &found) {
        (Intent::ApplyManifests { manifest, take_over, .. }, _) => {
            match try_apply(cluster, object, manifest, take_over, found.as_ref()).await? {
                Tried::Accepted(Accepted { changed, .. }) => Ok(changed),
                Tried::Conflicts(conflicts) => Err(conflicts),
            }
        }
        (Intent::EditObject { changes, .. }, Some(found)) => {
            match edit::merge(found, &shown, changes.get().map(Vec::as_slice).unwrap_or_default()) {
                Ok(merged) => {
                    let patch = edit::patch(found, &merged);
                    Ok(cluster
                        .change(object, Change::Merge(&patch), true)
                        .await
                        .map_err(ClusterError::without_effect)?)
                }
                Err(conflicts) => Err(conflicts),
            }
        }
        _ => return Err(ClusterError::permanent(ErrorCode::NotFound, format!("{object} is not there any more"))),
    };
    preview.live = found.map(observe::as_written);
    match outcome {
        Ok(Changed { object: stored, warnings }) => {
            let result = observe::as_written(stored);
            preview.effect = match &preview.live {
                None => Effect::Create,
                Some(live) if without_mark(live.clone()) == without_mark(result.clone()) => Effect::Nothing,
                Some(_) => Effect::Update,
            };
            (preview.result, preview.warnings) = (Some(result), warnings);
        }
        Err(conflicts) => {
            preview.effect = Effect::Refused;
            preview.error = Some((ErrorCode::Conflict, edit::in_words(&conflicts)));
            preview.conflicts = conflicts;
        }
    }
    Ok(preview)
}

/// A manifest without the mark of the operation that wrote it last.
fn without_mark(mut manifest: Value) -> Value {
    let annotations = manifest.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut);
    if let Some(annotations) = annotations {
        annotations.remove(crate::kubernetes::OPERATION_ANNOTATION);
        if annotations.is_empty()
            && let Some(metadata) = manifest.get_mut("metadata").and_then(Value::as_object_mut)
        {
            metadata.remove("annotations");
        }
    }
    manifest
}

/// What documents make for the ones beside them.
struct Made {
    namespaces: HashSet<String>,
    kinds: HashSet<(String, String)>,
}

impl Made {
    fn of(requests: &[Result<Request, Unread>]) -> Self {
        let (mut namespaces, mut kinds) = (HashSet::new(), HashSet::new());
        for Request { document, .. } in requests.iter().flatten() {
            if document.object.kind == Resource::NAMESPACE {
                namespaces.insert(document.object.name.clone());
            }
            let text = |pointer: &str| document.manifest.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            if let (Some(group), Some(kind)) = (text("/spec/group"), text("/spec/names/kind")) {
                kinds.insert((group, kind));
            }
        }
        Self { namespaces, kinds }
    }

    /// Whether the namespace or the kind of an object is made beside it.
    fn has_place_of(&self, object: &ObjectRef) -> bool {
        let kind = (object.kind.group().to_owned(), object.kind.kind().to_owned());
        object.namespace.as_ref().is_some_and(|namespace| self.namespaces.contains(namespace))
            || self.kinds.contains(&kind)
    }
}

fn empty(object: Option<&ObjectRef>, line: usize) -> Preview {
    Preview {
        object: object.cloned(),
        line,
        effect: Effect::Untested,
        live: None,
        result: None,
        conflicts: Vec::new(),
        warnings: Vec::new(),
        kept_by: None,
        error: None,
    }
}

fn refused(object: Option<&ObjectRef>, line: usize, refusal: Refusal) -> Preview {
    let Refusal { code, message, reason, .. } = refusal;
    let message = reason.map_or_else(|| Code::RequestRejected.message([(FREE_TEXT, message.into())]), |reason| *reason);
    let (effect, conflicts) = (Effect::Refused, conflicts_in(&message));
    Preview { effect, conflicts, error: Some((code, message)), ..empty(object, line) }
}

fn failed(object: &ObjectRef, line: usize, error: Error) -> Preview {
    match error {
        Error::Refused(refusal) => refused(Some(object), line, refusal),
        Error::Unavailable { message } | Error::Internal(message) => not_checked(object, line, message),
        Error::SessionEnded => not_checked(object, line, Error::SessionEnded.to_string()),
    }
}

fn not_tried(object: &ObjectRef, line: usize, error: ClusterError, is_made_beside: bool) -> Preview {
    match error {
        ClusterError::Permanent { code: ErrorCode::NotFound, .. } if is_made_beside => empty(Some(object), line),
        ClusterError::Permanent { code, message, .. } => {
            let error = Some((code, rejection(object, code, message)));
            Preview { effect: Effect::Refused, error, ..empty(Some(object), line) }
        }
        ClusterError::Transient { message, .. }
        | ClusterError::Unreachable { message }
        | ClusterError::Ambiguous { message, .. }
        | ClusterError::Conflicting { message, .. } => not_checked(object, line, message),
    }
}

fn not_checked(object: &ObjectRef, line: usize, message: String) -> Preview {
    let error = Some((ErrorCode::Unavailable, Code::NotChecked.message([(FREE_TEXT, message.into())])));
    Preview { error, ..empty(Some(object), line) }
}
