//! The last observations of a cluster in the log. Objects recorded before their scope was forgotten are recorded again,
//! even if unchanged.

use crate::{
    error::Error,
    log::{self, EventStore},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    core::{
        decider::Decider,
        event::{Event, Recorded},
        ids::ClusterId,
        sealing::KeyScope,
    },
    kubernetes::{
        object::ObjectRef,
        observed::{Observed, ObservedEvent},
    },
    platform::data_key::{DataKeyEvent, DataKeys},
};
use std::collections::HashMap;

/// How long a watch may go on without knowing of a deletion. Its status events are no complete observations.
const SOON: TimeDelta = TimeDelta::seconds(10);

/// The last observation of an existing object.
pub(super) struct Last {
    pub object: ObjectRef,
    pub version: i64,
    pub event: ObservedEvent,
    pub is_forgotten: bool,
}

/// Calls the receiver for every object of the cluster, one at a time. Forgotten observations hold no unreadable value.
pub(super) async fn load(
    store: &EventStore,
    cluster: &ClusterId,
    mut take: impl FnMut(Last) + Send,
) -> Result<(), Error> {
    let forgotten = forgotten(store, cluster).await?;
    let last = |Recorded { recorded_at, stream, version, event, .. }| {
        let (Some(object), Event::Observed(mut event)) = (ObjectRef::from_stream(&stream), event) else { return };
        let at = KeyScope::of_stream(&stream).and_then(|scope| forgotten.get(&scope).copied());
        let is_forgotten = at.is_some_and(|at| recorded_at < at + SOON);
        if is_forgotten {
            event.forget();
        }
        take(Last { object, version, event, is_forgotten });
    };
    of_category(store, Observed::CATEGORY, cluster.as_str(), last).await
}

/// When each namespace of the cluster was last forgotten.
async fn forgotten(store: &EventStore, cluster: &ClusterId) -> Result<HashMap<KeyScope, DateTime<Utc>>, Error> {
    // The prefixes of such scopes: see KeyScope::of_namespace and KeyScope::of_object.
    let mut forgotten = HashMap::new();
    let mut last = |recorded: Recorded| {
        if let Event::DataKey(DataKeyEvent::DataKeyForgotten { scope, .. }) = recorded.event {
            forgotten.insert(scope, recorded.recorded_at);
        }
    };
    for kind in ["namespace", "object"] {
        of_category(store, DataKeys::CATEGORY, &format!("{kind}:{cluster}"), &mut last).await?;
    }
    Ok(forgotten)
}

async fn of_category(
    store: &EventStore,
    category: &str,
    prefix: &str,
    take: impl FnMut(Recorded) + Send,
) -> Result<(), Error> {
    Ok(log::load::last_of_category(store.pool(), store.keys(), category, prefix, "Gone", take).await?)
}
