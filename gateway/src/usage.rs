//! Who uses what: one poller of metrics.k8s.io for each cluster, shared by all who watch, and only while somebody does.

use chrono::{DateTime, Utc};
use commands::{Clusters, kubernetes::metrics::PodUsage};
use domain::core::ids::ClusterId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How often kubelets are asked by metrics-server by default; more often would be the same numbers again.
const PERIOD: Duration = Duration::from_secs(15);

/// One answer of a cluster.
#[derive(Clone, Debug)]
pub struct Sample {
    pub cluster: ClusterId,
    pub sampled_at: DateTime<Utc>,
    pub pods: Result<Vec<PodUsage>, String>,
}

/// Sees the last sample at once, then each new one.
pub type Watched = watch::Receiver<Option<Arc<Sample>>>;

type Polled = HashMap<ClusterId, watch::Sender<Option<Arc<Sample>>>>;

/// The pollers. Cheap to clone.
#[derive(Clone)]
pub struct Usage {
    clusters: Clusters,
    polled: Arc<Mutex<Polled>>,
}

impl Usage {
    pub fn new(clusters: Clusters) -> Self {
        Self { clusters, polled: Arc::default() }
    }

    /// The samples of each cluster, or of one.
    pub fn watch(&self, only: Option<&str>) -> Vec<Watched> {
        let known = self.clusters.all().iter().map(|known| &known.id);
        known.filter(|id| only.is_none_or(|only| id.as_str() == only)).map(|id| self.watch_one(id)).collect()
    }

    fn watch_one(&self, id: &ClusterId) -> Watched {
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
            let asked = self.clusters.pod_metrics(&id).await;
            let sampled_at = Utc::now();
            let pods = asked.map_err(|error| error.to_string());
            let sample = Arc::new(Sample { cluster: id.clone(), sampled_at, pods });
            let polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(sender) = polled.get(&id) {
                sender.send_replace(Some(sample));
            }
        }
    }

    /// Decided under the lock, so that who comes at this moment either is seen or starts a new poller.
    fn nobody_watches(&self, id: &ClusterId) -> bool {
        let mut polled = self.polled.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = polled.get(id).is_none_or(|sender| sender.receiver_count() == 0);
        if alone {
            polled.remove(id);
        }
        alone
    }
}
