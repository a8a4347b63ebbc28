//! CPU and memory of pods: one poller of metrics.k8s.io for each cluster. All subscribers share it, and it runs only
//! while there are some.

use chrono::{DateTime, Utc};
use commands::{Clusters, kubernetes::metrics::PodUsage};
use domain::core::ids::ClusterId;
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
pub struct Sample {
    pub cluster: ClusterId,
    pub sampled_at: DateTime<Utc>,
    pub pods: Result<Vec<PodUsage>, String>,
}

/// Receives the last sample at once, then each new one.
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

    /// The samples of all clusters, or of one.
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
            let answer = self.clusters.pod_metrics(&id).await;
            let sampled_at = Utc::now();
            let pods = answer.map_err(|error| error.to_string());
            let sample = Arc::new(Sample { cluster: id.clone(), sampled_at, pods });
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
