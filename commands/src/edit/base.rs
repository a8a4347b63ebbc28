//! The manifests of an object in the log: what an author started from, what it is now, and what it was.

use super::{BasedOn, Edits, as_shown};
use crate::{Error, kubernetes::manifest::documents::read_all};
use domain::{
    core::{
        event::{Event, Recorded},
        message::Code,
        refusal::{ErrorCode, Refusal},
        sealing::{Ring, leaf},
        version::ObjectVersion,
    },
    kubernetes::{
        manifest::Manifest,
        object::ObjectRef,
        observed::{Content, ObservedEvent},
    },
};
use serde_json::Value;

/// The events that have a manifest.
const TYPES: [&str; 2] = ["WorkloadManifestObserved", "ObjectObserved"];
/// Revisions that are read at a time, and how many times.
const PAGE: i64 = 20;
const PAGES: usize = 25;

impl Edits {
    /// The manifest that the author of a document started from.
    pub(super) async fn base(&self, object: &ObjectRef, based_on: &BasedOn) -> Result<Value, Error> {
        if based_on.id != object.id() {
            let reason = Code::BasedOnAnother.message([("id", based_on.id.as_str().into())]);
            return Err(Refusal::because(ErrorCode::Invalid, "basedOn", reason).into());
        }
        if let Some(found) = self.of_version(object, &based_on.version).await? {
            return Ok(found);
        }
        if let Some(text) = &based_on.manifest {
            return given(object, text);
        }
        let reason =
            Code::BaseUnknown.message([("version", based_on.version.chars().take(80).collect::<String>().into())]);
        let refusal = Refusal::because(ErrorCode::Conflict, "basedOn", reason);
        Err(Refusal { current_version: self.version(object).await?, ..refusal }.into())
    }

    /// The manifest of a version: `requests.content.incarnation`. None if the log has none.
    async fn of_version(&self, object: &ObjectRef, version: &str) -> Result<Option<Value>, Error> {
        let mut parts = version.splitn(3, '.').skip(1);
        let (Some(content), Some(incarnation)) = (parts.next(), parts.next()) else { return Ok(None) };
        let mut upto = i64::MAX;
        for _ in 0..PAGES {
            let page = self.store.last_of_types(&object.observed_stream(), &TYPES, upto, PAGE).await?;
            for recorded in &page {
                let Event::Observed(event) = &recorded.event else { continue };
                let is_incarnation = event.uid().split('-').next() == Some(incarnation);
                if is_incarnation && self.is_of(object, event, content).await? {
                    return Ok(event.manifest().map(shown));
                }
            }
            let Some(last) = page.last().filter(|_| page.len() as i64 == PAGE) else { return Ok(None) };
            upto = last.version - 1;
        }
        Ok(None)
    }

    /// Whether an observation is that of a version.
    async fn is_of(&self, object: &ObjectRef, event: &ObservedEvent, content: &str) -> Result<bool, Error> {
        let Some(hash) = event.manifest_hash() else { return Ok(false) };
        Ok(self.dispatcher.content(object, hash.as_str()).await? == content)
    }

    /// The manifest as it was observed last. None if the object is gone, or if the log has none.
    pub(super) async fn newest(&self, object: &ObjectRef) -> Result<Option<Value>, Error> {
        let stream = object.observed_stream();
        let last = self.store.last_of(stream.clone()).await?;
        if last.is_none_or(|last| matches!(&last.event, Event::Observed(event) if event.is_end())) {
            return Ok(None);
        }
        let newest = self.store.last_of_types(&stream, &TYPES, i64::MAX, 1).await?.pop();
        Ok(newest.and_then(manifest))
    }

    /// The manifest after the event at `position`.
    pub(super) async fn at(&self, object: &ObjectRef, position: i64) -> Result<Value, Error> {
        let found = self.store.at(&object.observed_stream(), position).await?;
        let missing = || {
            let reason = Code::NoSuchRevision.message([("position", position.to_string().into())]);
            Refusal::because(ErrorCode::NotFound, "position", reason)
        };
        Ok(found.and_then(manifest).ok_or_else(missing)?)
    }

    /// The version to look at before the next request.
    pub(super) async fn version(&self, object: &ObjectRef) -> Result<Option<String>, Error> {
        let Some(seen) = self.dispatcher.seen(object).await? else { return Ok(None) };
        let (requests, content) = match &seen.content {
            Content::Hash(content) => {
                (self.store.count_of(&object.target_stream(), "OperationRequested").await?.unsigned_abs(), content)
            }
            Content::Revision(content) => (0, content),
        };
        Ok(Some(ObjectVersion { requests, content, uid: &seen.uid }.to_string()))
    }
}

fn manifest(recorded: Recorded) -> Option<Value> {
    let Event::Observed(event) = recorded.event else { return None };
    event.manifest().map(shown)
}

/// A recorded manifest as people see it. What cannot be opened any more is masked.
fn shown(manifest: &Manifest) -> Value {
    let mut value = Value::clone(manifest);
    if leaf::reveal(&mut value, &Ring::default()).is_err() {
        return Value::Null;
    }
    as_shown(value)
}

/// What the author sends as the text that they started from.
fn given(object: &ObjectRef, text: &str) -> Result<Value, Error> {
    let namespace = object.namespace.as_deref().unwrap_or("default");
    let documents = read_all(text, &object.cluster, namespace, |_| Some(object.namespace.is_some()));
    let document = documents.ok().and_then(|mut documents| documents.pop()?.ok());
    let wrong = || {
        let reason = Code::BasedOnAnother.message([("id", object.id().into())]);
        Refusal::because(ErrorCode::Invalid, "basedOn.manifest", reason)
    };
    let document = document.filter(|document| document.object == *object).ok_or_else(wrong)?;
    Ok(as_shown(document.manifest))
}
