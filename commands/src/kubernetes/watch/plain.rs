//! The objects of a kind that Binnacle has facts of its own for, without what the server prints of them.

use super::{PAGE, SILENCE, fresh::NewestRevision, pauses::Soon};
use crate::kubernetes::{client::api_resource, observe::Row};
use domain::kubernetes::resource::Resource;
use futures::{Stream, TryStreamExt};
use kube::{
    Api, Client,
    core::DynamicObject,
    runtime::{
        WatchStreamExt,
        watcher::{self, watcher},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Lists and watches one kind, for ever. None for a kind that only discovery knows.
pub(super) fn rows(
    client: Client,
    kind: Resource,
    newest: NewestRevision,
) -> Option<impl Stream<Item = watcher::Result<watcher::Event<Row>>> + Send> {
    let api: Api<DynamicObject> = Api::all_with(newest.client(client), &api_resource(&kind)?);
    let config = watcher::Config::default().page_size(PAGE).timeout(SILENCE);
    let events = watcher(api, config).map_ok(move |event| {
        let row = |object: DynamicObject| {
            newest.saw(object.metadata.resource_version.as_deref().unwrap_or_default());
            Row { object: json(&kind, object).unwrap_or_default(), columns: BTreeMap::new() }
        };
        match event {
            watcher::Event::Init => watcher::Event::Init,
            watcher::Event::InitApply(object) => watcher::Event::InitApply(row(object)),
            watcher::Event::InitDone => watcher::Event::InitDone,
            watcher::Event::Apply(object) => watcher::Event::Apply(row(object)),
            watcher::Event::Delete(object) => watcher::Event::Delete(row(object)),
        }
    });
    Some(events.backoff(Soon::default()))
}

/// The object as JSON, with the fields that the server omits inside a list.
fn json(kind: &Resource, object: DynamicObject) -> Option<Value> {
    let DynamicObject { mut metadata, data: mut value, .. } = object;
    let fields = value.as_object_mut()?;
    if !kind.is_workload() {
        metadata.managed_fields = None;
    }
    fields.insert("metadata".to_owned(), serde_json::to_value(metadata).ok()?);
    fields.insert("apiVersion".to_owned(), kind.api_version()?.into());
    fields.insert("kind".to_owned(), kind.kind().into());
    Some(value)
}
