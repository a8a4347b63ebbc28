//! The kinds that the API server does not let Binnacle read.

use domain::{kubernetes::resource::Resource, platform::cluster::UnreadableKind};
use kube::runtime::watcher;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A kind, in the cluster or in a namespace.
type Place = (Resource, Option<String>);

/// The unreadable kinds, with the messages of the API server: of the cluster, or of namespaces. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Unreadable(Arc<Mutex<BTreeMap<Place, String>>>);

impl Unreadable {
    pub fn set(&self, kind: &Resource, namespace: Option<&str>, message: Option<String>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (kind.clone(), namespace.map(str::to_owned));
        match message {
            Some(message) => all.insert(place, message),
            None => all.remove(&place),
        };
    }

    /// The kind is no longer served.
    pub fn forget(&self, kind: &Resource) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(unreadable, _), _| unreadable != kind);
    }

    pub fn all(&self) -> Vec<UnreadableKind> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kinds: Vec<UnreadableKind> = all
            .iter()
            .map(|((kind, _), message)| UnreadableKind { kind: kind.clone(), message: message.as_str().into() })
            .collect();
        kinds.dedup_by(|next, before| next.kind == before.kind);
        kinds
    }
}

/// The message of the API server if it forbids the call.
pub(super) fn refusal(error: &kube::Error) -> Option<String> {
    let kube::Error::Api(status) = error else { return None };
    (status.code == 403).then(|| status.message.clone())
}

/// The message of the API server if it forbids the watch.
pub(super) fn refusal_of_watch(error: &watcher::Error) -> Option<String> {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => refusal(error),
        watcher::Error::WatchError(status) => (status.code == 403).then(|| status.message.clone()),
        watcher::Error::NoResourceVersion => None,
    }
}
