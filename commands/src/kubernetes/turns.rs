//! Turns of calls that people wait for, so that each cluster has a bounded number of them at a time, and none holds up others.

use domain::core::ids::ClusterId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// Clones share the turns.
#[derive(Clone)]
pub(crate) struct Turns {
    per_cluster: usize,
    clusters: Arc<Mutex<HashMap<ClusterId, Arc<Semaphore>>>>,
}

impl Turns {
    pub fn new(per_cluster: usize) -> Self {
        Self { per_cluster, clusters: Arc::default() }
    }

    /// The turns of a cluster. They are never closed.
    pub fn of(&self, cluster: &ClusterId) -> Arc<Semaphore> {
        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = clusters.entry(cluster.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.per_cluster)));
        Arc::clone(turns)
    }
}
