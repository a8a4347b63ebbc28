//! What creating a workload would do, by a dry run of the API server. Nothing is changed, and nothing is recorded.

use crate::{
    Clusters, Dispatcher, Error, Origin,
    executor::rejection,
    kubernetes::{Cluster, Error as ClusterError, dry_run::dry_run, manifest::Manifest, observe, turns::Turns},
};
use domain::{
    core::{
        ids::ClusterId,
        message::{Code, FREE_TEXT, Message},
        refusal::ErrorCode,
    },
    kubernetes::object::ObjectRef,
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How long the cluster may take. Webhooks have 10 s by default, so that one that fails is named.
const LIMIT: Duration = Duration::from_secs(15);
/// Maximum concurrent dry runs in one cluster.
const PER_CLUSTER: usize = 16;

/// What a create would do.
#[derive(Debug)]
pub struct Preview {
    pub object: ObjectRef,
    pub answer: Answer,
    /// The fields that were removed from the manifest because only the server sets them.
    pub removed: Vec<String>,
}

/// The answer of the API server.
#[derive(Debug)]
pub enum Answer {
    /// It would be stored as `stored`. Both are without status and without what the server sets at each write, and every
    /// known secret is masked.
    Stored { written: Value, stored: Value },
    /// The operation would fail like this. `field` is the first one that the server names, such as `spec.replicas`.
    Refused { code: ErrorCode, message: Message, field: Option<String> },
    /// Nobody knows: the cluster gave no answer, or one that may change. The operation would try again.
    NotChecked { message: Message },
}

/// Previews creates. Cheap to clone.
#[derive(Clone)]
pub struct Previews {
    dispatcher: Dispatcher,
    clusters: Clusters,
    turns: Turns,
}

struct Place {
    port: Arc<dyn Cluster>,
    turns: Arc<Semaphore>,
}

impl Previews {
    pub fn new(dispatcher: Dispatcher, clusters: Clusters) -> Self {
        Self { dispatcher, clusters, turns: Turns::new(PER_CLUSTER) }
    }

    fn place(&self, cluster: &ClusterId) -> Option<Place> {
        let port = self.clusters.get(cluster)?.port;
        Some(Place { port, turns: self.turns.of(cluster) })
    }

    /// What [`Dispatcher::create_workload`] with the same arguments would do. Refused by the same rules, rights included.
    /// Answers within 20 s.
    pub async fn create_workload(&self, origin: Origin, cluster: ClusterId, manifest: &str) -> Result<Preview, Error> {
        let Manifest { object, manifest, removed } = self.dispatcher.would_create(origin, cluster, manifest).await?;
        let place = self.place(&object.cluster);
        let place = place.ok_or_else(|| Error::Internal(format!("no connection to cluster {}", object.cluster)))?;
        let answer = tokio::time::timeout(LIMIT, place.answer(&object, manifest))
            .await
            .unwrap_or_else(|_| not_checked(&format!("it did not answer within {} s", LIMIT.as_secs())));
        Ok(Preview { object, answer, removed })
    }
}

impl Place {
    async fn answer(&self, object: &ObjectRef, manifest: Value) -> Answer {
        let _one_of_few = self.turns.acquire().await;
        match dry_run(self.port.as_ref(), object, &manifest, None).await {
            Ok(stored) => {
                Answer::Stored { written: observe::as_written(manifest), stored: observe::as_written(stored) }
            }
            Err(ClusterError::Conflicting { message, .. }) => {
                let code = ErrorCode::Conflict;
                Answer::Refused { code, message: rejection(object, code, message), field: None }
            }
            Err(ClusterError::Permanent { code, message, field }) => {
                Answer::Refused { code, message: rejection(object, code, message), field }
            }
            Err(
                ClusterError::Transient { message, .. }
                | ClusterError::Unreachable { message }
                | ClusterError::Ambiguous { message, .. },
            ) => not_checked(&message),
        }
    }
}

fn not_checked(why: &str) -> Answer {
    Answer::NotChecked { message: Code::NotChecked.message([(FREE_TEXT, why.into())]) }
}
