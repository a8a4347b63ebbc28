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
    let (pool, keys) = (store.pool(), store.keys());
    Ok(log::load::last_of_category(pool, keys, Observed::CATEGORY, cluster.as_str(), "Gone", last).await?)
}

/// When each scope of the cluster was last forgotten.
async fn forgotten(store: &EventStore, cluster: &ClusterId) -> Result<HashMap<KeyScope, DateTime<Utc>>, Error> {
    let forgotten = store.forgotten().await?.into_iter().map(|(_, scope, at)| (scope, at));
    // The last deletion of a scope comes last.
    Ok(forgotten.filter(|(scope, _)| scope.cluster() == Some(cluster.as_str())).collect())
}
