//! From the rows of one kind to watch events.

use super::{
    WatchEvent,
    fresh::NewestRevision,
    unreadable::{Unreadable, refusal_of_watch},
};
use crate::kubernetes::{
    identity::Identity,
    observe::{self, Row},
};
use chrono::Utc;
use domain::{core::ids::ClusterId, kubernetes::resource::Resource};
use futures::{Stream, StreamExt};
use kube::runtime::watcher;
use serde_json::Value;
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

/// How long a refusal is believed. Rights change, but not every second.
pub(super) const REFUSED: Duration = Duration::from_secs(10);

/// Where the watch events of one kind go.
pub(super) struct Forward {
    pub cluster: ClusterId,
    pub kind: Resource,
    /// None: of all.
    pub namespace: Option<String>,
    pub newest: NewestRevision,
    /// None in tests.
    pub identity: Option<Identity>,
    pub unreadable: Unreadable,
    pub events: mpsc::Sender<WatchEvent>,
}

impl Forward {
    /// Forwards the watch events, for ever.
    pub async fn all(&self, rows: impl Stream<Item = watcher::Result<watcher::Event<Row>>>) {
        let mut rows = std::pin::pin!(rows);
        let mut lost = None;
        while let Some(item) = rows.next().await {
            match (&item, &self.identity) {
                (Err(_), _) => lost = lost.max(Some(Instant::now())),
                // Another cluster may stand at the address since: what it says is not of this one.
                (Ok(_), Some(identity)) => {
                    if let Some(since) = lost.take() {
                        identity.holds_since(since).await;
                    }
                }
                (Ok(_), None) => {}
            }
            let is_refused = item.as_ref().is_err_and(|error| refusal_of_watch(error).is_some());
            let set_back = self.newest.take_set_back().then(|| WatchEvent::SetBack { kind: self.kind.clone() });
            for event in set_back.into_iter().chain(self.events_of(item).into_iter().flatten()) {
                if self.events.send(event).await.is_err() {
                    return;
                }
            }
            if is_refused {
                sleep(REFUSED).await;
            }
        }
    }

    fn events_of(&self, item: watcher::Result<watcher::Event<Row>>) -> [Option<WatchEvent>; 2] {
        let (kind, namespace) = (|| self.kind.clone(), || self.namespace.clone());
        let event = match item {
            Ok(watcher::Event::Init) => Some(WatchEvent::ListBegins { kind: kind(), namespace: namespace() }),
            Ok(watcher::Event::InitDone) => {
                self.unreadable.set(&self.kind, self.namespace.as_deref(), None);
                Some(WatchEvent::ListEnds { kind: kind(), namespace: namespace() })
            }
            Ok(watcher::Event::Apply(row) | watcher::Event::InitApply(row)) => self.observed(row),
            Ok(watcher::Event::Delete(row)) => {
                let gone = self.gone(&row.object);
                // A Job may be deleted as soon as it is done, so this is the only event with its end.
                let last = (self.kind == Resource::JOB).then(|| self.observed(row)).flatten();
                return [last, gone];
            }
            Err(error) => {
                if let Some(message) = refusal_of_watch(&error) {
                    self.unreadable.set(&self.kind, self.namespace.as_deref(), Some(message));
                }
                Some(WatchEvent::Lost { kind: kind(), message: error.to_string() })
            }
        };
        [event, None]
    }

    fn observed(&self, row: Row) -> Option<WatchEvent> {
        match observe::observe(&self.cluster, &self.kind, row, Utc::now()) {
            Ok(observation) => Some(WatchEvent::Observed(Box::new(observation?))),
            // The message may quote a value.
            Err(_) => {
                tracing::warn!(cluster = %self.cluster, kind = %self.kind, "watch.object_unreadable");
                None
            }
        }
    }

    fn gone(&self, object: &Value) -> Option<WatchEvent> {
        let reference = observe::reference(&self.cluster, &self.kind, object)?;
        if self.kind == Resource::EVENT {
            return Some(WatchEvent::EventDropped(Box::new(observe::facts::event(object).ok()?)));
        }
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
        Some(WatchEvent::Gone { object: reference, uid })
    }
}
