//! What pods and nodes use: one poller for each cluster and each of them. All subscribers share it, and it runs only while
//! there are some.

use chrono::{DateTime, Utc};
use commands::{
    Clusters, Error,
    kubernetes::metrics::{NodeCapacity, NodesUsage, PodUsage},
};
use domain::{access::Scope, core::ids::ClusterId};
use futures::{FutureExt, Stream, future::BoxFuture, stream};
use projections::models::pods::{self, Requested};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// The default scrape interval of metrics-server. More frequent polling would return the same numbers.
const PERIOD: Duration = Duration::from_secs(15);

/// One sample of a cluster.
#[derive(Clone, Debug)]
pub struct Sample<T> {
    pub cluster: ClusterId,
    pub sampled_at: DateTime<Utc>,
    pub measured: T,
}

/// The pods of a cluster, or why they are not known.
pub type Pods = Result<Vec<PodUsage>, String>;

/// What the nodes of a cluster have and what they use, or why that is not known.
#[derive(Clone, Debug)]
pub struct Nodes {
    pub capacity: Result<Vec<NodeCapacity>, String>,
    pub usage: Result<NodesUsage, String>,
}

type Sender<T> = watch::Sender<Option<Arc<Sample<T>>>>;
type Receiver<T> = watch::Receiver<Option<Arc<Sample<T>>>>;
type Read<T> = fn(Clusters, ClusterId) -> BoxFuture<'static, T>;

/// The pollers of one kind of sample. Cheap to clone.
pub struct Usage<T> {
    clusters: Clusters,
    read: Read<T>,
    polled: Arc<Mutex<HashMap<ClusterId, Sender<T>>>>,
}

impl<T> Clone for Usage<T> {
    fn clone(&self) -> Self {
        Self { clusters: self.clusters.clone(), read: self.read, polled: Arc::clone(&self.polled) }
    }
}

impl Usage<Pods> {
    pub fn of_pods(clusters: Clusters) -> Self {
        Self::new(clusters, |clusters, id| async move { words(clusters.pod_metrics(&id).await) }.boxed())
    }
}

impl Usage<Nodes> {
    pub fn of_nodes(clusters: Clusters) -> Self {
        Self::new(clusters, |clusters, id| {
            let read = async move {
                let (capacity, usage) = tokio::join!(clusters.nodes(&id), clusters.node_metrics(&id));
                Nodes { capacity: words(capacity), usage: words(usage) }
            };
            read.boxed()
        })
    }
}

fn words<T>(answer: Result<T, Error>) -> Result<T, String> {
    answer.map_err(|error| error.to_string())
}

impl<T: Send + Sync + 'static> Usage<T> {
    fn new(clusters: Clusters, read: Read<T>) -> Self {
        Self { clusters, read, polled: Arc::default() }
    }

    /// Each sample of all clusters, or of one. The last one comes at once.
    pub fn samples(&self, only: Option<&str>) -> impl Stream<Item = Arc<Sample<T>>> + use<T> {
        let known = self.clusters.ids().into_iter();
        let watched = known.filter(|id| only.is_none_or(|only| id.as_str() == only)).map(|id| self.watch(&id));
        stream::select_all(watched.map(|receiver| Box::pin(stream::unfold(receiver, next))).collect::<Vec<_>>())
    }

    fn watch(&self, id: &ClusterId) -> Receiver<T> {
        let mut polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = polled.get(id) {
            let mut receiver = sender.subscribe();
            receiver.mark_changed();
            return receiver;
        }
        let sender = watch::Sender::new(None);
        let receiver = sender.subscribe();
        polled.insert(id.clone(), sender);
        tokio::spawn(self.clone().poll(id.clone()));
        receiver
    }

    async fn poll(self, id: ClusterId) {
        let mut timer = tokio::time::interval(PERIOD);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            if self.nobody_watches(&id) {
                return;
            }
            let measured = (self.read)(self.clusters.clone(), id.clone()).await;
            let sample = Arc::new(Sample { cluster: id.clone(), sampled_at: Utc::now(), measured });
            let polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(sender) = polled.get(&id) {
                sender.send_replace(Some(sample));
            }
        }
    }

    /// Checked under the lock: a new subscriber is either counted here or starts a new poller.
    fn nobody_watches(&self, id: &ClusterId) -> bool {
        let mut polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = polled.get(id).is_none_or(|sender| sender.receiver_count() == 0);
        if alone {
            polled.remove(id);
        }
        alone
    }
}

/// The next sample that this receiver has not seen.
async fn next<T>(mut receiver: Receiver<T>) -> Option<(Arc<Sample<T>>, Receiver<T>)> {
    loop {
        receiver.changed().await.ok()?;
        let seen = receiver.borrow_and_update().clone();
        if let Some(sample) = seen {
            return Some((sample, receiver));
        }
    }
}

/// What the pods of each cluster requested at its last sample: read once, however many follow it.
#[derive(Default)]
pub struct RequestedSums(tokio::sync::Mutex<HashMap<ClusterId, (DateTime<Utc>, Requested)>>);

impl RequestedSums {
    /// The sums that belong to this sample.
    pub async fn of(&self, pool: &PgPool, sample: &Sample<Nodes>) -> Result<Requested, projections::Error> {
        let mut known = self.0.lock().await;
        if let Some((at, requested)) = known.get(&sample.cluster)
            && *at == sample.sampled_at
        {
            return Ok(*requested);
        }
        let read = pods::requested(pool, &Scope::everything(), sample.cluster.as_str()).await?;
        let requested = read.unwrap_or_default();
        known.insert(sample.cluster.clone(), (sample.sampled_at, requested));
        Ok(requested)
    }
}
