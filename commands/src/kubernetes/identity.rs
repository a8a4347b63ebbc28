//! Identifies a cluster by the uid of its `kube-system` namespace, which the log keeps from the first contact.
//!
//! Promises never to watch a cluster, or perform an effect in it, under the id of another cluster: the uid is read before the
//! first call, again after each silence, and from time to time. Tested in tests/cluster/identity.rs and tests/cluster/many.rs.

use super::{ClusterHandle, Clusters, Error};
use crate::{
    dispatch::{Dispatcher, Origin},
    log::load,
};
use domain::{
    core::{decider::Decider, event::Event, ids::ClusterId, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, resource::Resource},
    platform::cluster::{Cluster, ClusterCommand, ClusterEvent, name},
};
use serde_json::Value;
use sqlx::PgPool;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long a start waits for the uid of a cluster.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two tries to read the uid of a cluster that does not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a uid is believed without a silence in between. A cluster can be replaced between two connections.
const BELIEVED: Duration = Duration::from_secs(5);

/// The clusters that this process has confirmed. Clones share them.
#[derive(Clone, Default)]
pub struct Identities(Arc<Mutex<HashMap<ClusterId, Arc<Known>>>>);

/// What is known of one cluster. Locked while its uid is read, so that one caller reads it for all.
#[derive(Default)]
struct Known(tokio::sync::Mutex<Option<Look>>);

/// The last look at the uid.
struct Look {
    at: Instant,
    /// None if it was the right one.
    error: Option<Error>,
}

impl Identities {
    /// Checks that the cluster is the one recorded under its id, and records a new one. Accepts a cluster in memory, and one
    /// of which the log knows no uid while Binnacle cannot read the namespace.
    pub async fn confirm(&self, handle: &ClusterHandle, dispatcher: &Dispatcher) -> Result<(), Error> {
        self.confirm_since(Instant::now() - BELIEVED, handle, dispatcher).await
    }

    /// The same by a look that is not older than this time.
    pub async fn confirm_since(
        &self,
        since: Instant,
        handle: &ClusterHandle,
        dispatcher: &Dispatcher,
    ) -> Result<(), Error> {
        if handle.client.is_none() {
            return Ok(());
        }
        let (asked, known) = (Instant::now(), self.of(&handle.id));
        let mut last = known.0.lock().await;
        match &*last {
            Some(Look { at, error: None }) if *at >= since => return Ok(()),
            // It was looked at while this caller waited. In a queue of callers, each would wait for a time-out of its own.
            Some(Look { at, error: Some(error) }) if *at >= asked => return Err(error.clone()),
            Some(_) | None => {}
        }
        let looked = look(handle, dispatcher).await;
        *last = Some(Look { at: Instant::now(), error: looked.as_ref().err().cloned() });
        looked
    }

    /// Looks again before the next call: the cluster was silent, and another one may answer now.
    pub fn doubt(&self, id: &ClusterId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    fn of(&self, id: &ClusterId) -> Arc<Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(id.clone()).or_default())
    }
}

/// A cluster with what confirms that it is still the same.
#[derive(Clone)]
pub(crate) struct Identity {
    pub identities: Identities,
    pub handle: ClusterHandle,
    pub dispatcher: Dispatcher,
}

impl Identity {
    /// Records how many objects of a custom kind there are, by which it is recorded or not.
    pub async fn judge(&self, kind: &Resource, objects: u64) -> Result<(), crate::Error> {
        let (cluster, kind) = (self.handle.id.clone(), kind.clone());
        let judge = ClusterCommand::JudgeKind { cluster, kind, objects };
        self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.handle.id, judge).await.map(drop)
    }

    /// Waits until the cluster is seen to be the same since a time. Never returns if another one answers.
    pub async fn holds_since(&self, since: Instant) {
        loop {
            match self.identities.confirm_since(since, &self.handle, &self.dispatcher).await {
                Ok(()) => return,
                Err(Error::Permanent { code: ErrorCode::Conflict, .. }) => std::future::pending().await,
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

async fn look(handle: &ClusterHandle, dispatcher: &Dispatcher) -> Result<(), Error> {
    let uid = uid(handle).await?;
    let unavailable = |error: crate::Error| Error::Transient { message: error.to_string(), retry_after: None };
    let registered = Registered::load(dispatcher.pool()).await.map_err(unavailable)?;
    let Some(uid) = uid else {
        return if registered.identifies(&handle.id) { Err(unidentified()) } else { Ok(()) };
    };
    let other = registered.id_of(&uid);
    if let Some(other) = other.filter(|other| *other != handle.id) {
        let message = format!("this cluster is registered as {other} already: remove one of the two");
        return Err(Error::permanent(ErrorCode::Conflict, message));
    }
    let identify = ClusterCommand::Identify { cluster: handle.id.clone(), uid };
    let identified = dispatcher.command::<Cluster>(Origin::system("gateway"), &handle.id, identify).await;
    identified.map(drop).map_err(|error| match error {
        crate::Error::Refused(refusal) => Error::permanent(ErrorCode::Conflict, refusal.message.clone()),
        other => unavailable(other),
    })
}

/// The uid of the `kube-system` namespace. None if it may not be read, and on a control plane that has yet to make it.
async fn uid(handle: &ClusterHandle) -> Result<Option<String>, Error> {
    let (cluster, name) = (handle.id.clone(), "kube-system".to_owned());
    let namespace = ObjectRef { cluster, kind: Resource::NAMESPACE, namespace: None, name };
    let uid = |found: Value| found.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
    match handle.port.get(&namespace).await {
        Ok(found) => Ok(found.and_then(uid)),
        Err(Error::Permanent { code: ErrorCode::Forbidden, message, .. }) => {
            tracing::warn!(cluster = %handle.id, message, "cluster.not_identified");
            Ok(None)
        }
        Err(error) => Err(error.without_effect()),
    }
}

/// Another one may answer in the place of a cluster that the log can tell from others.
fn unidentified() -> Error {
    let message = "whether this is still the same cluster cannot be told: Binnacle cannot read its namespace kube-system. It \
                   must be there, and the credential must be allowed to get it";
    Error::Transient { message: message.to_owned(), retry_after: None }
}

impl Clusters {
    /// The same clusters under the ids in the log, because a cluster's name may have changed, and the id of a removed one is not
    /// given again. A cluster that does not answer within some seconds keeps the id of its name.
    pub async fn under_known_ids(self, pool: &PgPool) -> Result<Self, crate::Error> {
        let mut clusters = self.all();
        let registered = Registered::load(pool).await?;
        for handle in clusters.iter_mut().filter(|handle| handle.client.is_some()) {
            let found = tokio::time::timeout(PATIENCE, uid(handle)).await;
            let known = found.ok().and_then(Result::ok).flatten().and_then(|uid| registered.id_of(&uid));
            let is_given = |id: &ClusterId| registered.removed.contains(id);
            let another = || is_given(&handle.id).then(|| name::free_id(&handle.name, is_given)).flatten();
            let id = known.or_else(another);
            let Some(id) = id.filter(|id| *id != handle.id) else { continue };
            tracing::info!(cluster = %id, name = handle.name, "cluster.known_by_another_id");
            handle.id = id;
        }
        Ok(Self::new(clusters))
    }
}

/// What the log says of the identity of clusters.
struct Registered {
    by_uid: HashMap<String, ClusterId>,
    removed: HashSet<ClusterId>,
}

impl Registered {
    async fn load(pool: &PgPool) -> Result<Self, crate::Error> {
        let of_type = |event_type| load::of_type(pool, Cluster::CATEGORY, event_type);
        let removed = of_type("ClusterRemoved").await?.into_iter().filter_map(|recorded| match recorded.event {
            Event::Cluster(ClusterEvent::ClusterRemoved { cluster }) => Some(cluster),
            _ => None,
        });
        let removed: HashSet<ClusterId> = removed.collect();
        let identified = of_type("ClusterIdentified").await?.into_iter().filter_map(|recorded| match recorded.event {
            Event::Cluster(ClusterEvent::ClusterIdentified { cluster, uid }) => Some((uid, cluster)),
            _ => None,
        });
        let by_uid = identified.filter(|(_, cluster)| !removed.contains(cluster)).collect();
        Ok(Self { by_uid, removed })
    }

    /// Whether the log knows the uid of this cluster.
    fn identifies(&self, id: &ClusterId) -> bool {
        self.by_uid.values().any(|identified| identified == id)
    }

    /// The id of the cluster with this uid, unless it was removed.
    fn id_of(&self, uid: &str) -> Option<ClusterId> {
        self.by_uid.get(uid).cloned()
    }
}
