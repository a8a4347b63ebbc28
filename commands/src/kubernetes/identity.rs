//! Identifies a cluster by the uid of its `kube-system` namespace, which the log keeps from the first contact.
//!
//! Promises never to watch a cluster, or perform an effect in it, under the id of another cluster. Tested in
//! tests/cluster/identity.rs.

use super::{ClusterHandle, Clusters, Error};
use crate::{
    dispatch::{Dispatcher, Origin},
    log::load,
};
use domain::{
    core::{decider::Decider, event::Event, ids::ClusterId, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, resource::Resource},
    platform::cluster::{Cluster, ClusterCommand, ClusterEvent},
};
use serde_json::Value;
use sqlx::PgPool;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a start waits for the uid of a cluster.
const PATIENCE: Duration = Duration::from_secs(3);

/// The clusters that this process has confirmed. Clones share them.
#[derive(Clone, Default)]
pub struct Identities(Arc<Mutex<HashSet<ClusterId>>>);

impl Identities {
    /// Checks, once, that the cluster is the one recorded under its id, and records a new one. Accepts a cluster in
    /// memory, and one where Binnacle may not read the namespace.
    pub async fn confirm(&self, handle: &ClusterHandle, dispatcher: &Dispatcher) -> Result<(), Error> {
        if handle.client.is_none() || self.has(&handle.id) {
            return Ok(());
        }
        if let Some(uid) = uid(handle).await? {
            let identify = ClusterCommand::Identify { cluster: handle.id.clone(), uid };
            let identified = dispatcher.command::<Cluster>(Origin::system("gateway"), &handle.id, identify).await;
            identified.map_err(|error| match error {
                crate::Error::Refused(refusal) => Error::permanent(ErrorCode::Conflict, refusal.message.clone()),
                other => Error::Transient { message: other.to_string(), retry_after: None },
            })?;
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(handle.id.clone());
        Ok(())
    }

    fn has(&self, id: &ClusterId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }
}

/// The uid of the `kube-system` namespace. None if it may not be read.
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

impl Clusters {
    /// The same clusters under the ids in the log, because a cluster's name may have changed. A cluster that does not
    /// answer within some seconds keeps the id of its name.
    pub async fn under_known_ids(self, pool: &PgPool) -> Result<Self, crate::Error> {
        let mut clusters = self.all().to_vec();
        for handle in clusters.iter_mut().filter(|handle| handle.client.is_some()) {
            let Ok(Ok(Some(uid))) = tokio::time::timeout(PATIENCE, uid(handle)).await else { continue };
            if let Some(id) = id_of(pool, &uid).await?
                && id != handle.id
            {
                tracing::info!(cluster = %id, name = handle.name, "cluster.renamed");
                handle.id = id;
            }
        }
        Ok(Self::new(clusters))
    }
}

/// The recorded id of the cluster with this uid.
async fn id_of(pool: &PgPool, uid: &str) -> Result<Option<ClusterId>, crate::Error> {
    let identified = load::of_type(pool, Cluster::CATEGORY, "ClusterIdentified").await?;
    let id = identified.into_iter().find_map(|recorded| match recorded.event {
        Event::Cluster(ClusterEvent::ClusterIdentified { cluster, uid: known }) if known == uid => Some(cluster),
        _ => None,
    });
    Ok(id)
}
