//! What became of the requested operations, by the log and by the cluster.

use crate::sealing::sealing;
use anyhow::Result;
use commands::kubernetes::fake::MemoryCluster;
use domain::{
    core::{event::Event, ids::OperationId},
    kubernetes::object::ObjectRef,
    operation::{CancelledBy, OperationEvent, Stage},
};
use futures::TryStreamExt;
use projections::DataKeys;
use projections::engine::feed;
use sqlx::PgPool;
use std::{
    collections::{BTreeMap, HashMap},
    pin::pin,
};

/// The operations of each object, in the order of their requests.
pub type OperationsByObject = BTreeMap<String, Vec<OperationId>>;

/// What is wrong with them; all zero when nothing is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// Requested, and without a good end in the log or without an effect in the cluster.
    pub lost: usize,
    /// Effects in the cluster beyond the first of an operation, and ends in the log beyond the first.
    pub doubled: usize,
    /// Places where a later operation of an object was started, or had its effect, before an earlier one.
    pub disordered: usize,
    /// Without one of the events that a scale has: requested, started, scaled, and then ready and done, or superseded.
    pub incomplete: usize,
    /// Had their effect and were not waited for any longer, because the next one of the same object was requested.
    pub superseded: usize,
    /// Events of operations in the log.
    pub events: usize,
}

impl Trail {
    pub const fn is_sound(&self) -> bool {
        self.lost + self.doubled + self.disordered + self.incomplete == 0
    }
}

/// How many events of each kind the log holds of one operation.
#[derive(Default)]
struct Counts {
    requested: usize,
    started: usize,
    scaled: usize,
    ready: usize,
    succeeded: usize,
    superseded: usize,
    ended: usize,
}

impl Counts {
    const fn is_complete(&self) -> bool {
        let is_good = self.succeeded > 0 && self.ready > 0;
        self.requested > 0 && self.started > 0 && self.scaled > 0 && (is_good || self.superseded > 0)
    }
}

pub async fn judge(pool: &PgPool, cluster: &MemoryCluster, requested: &OperationsByObject) -> Result<Trail> {
    let (mut counts, mut starts) = (HashMap::<OperationId, Counts>::new(), OperationsByObject::new());
    let mut trail = Trail::default();
    let mut pages = pin!(feed::pages(pool, &DataKeys::new(pool.clone(), sealing()), 0, feed::head(pool).await?, 5000));
    while let Some(page) = pages.try_next().await? {
        for entry in page {
            let recorded = entry.map_err(projections::Error::from)?;
            let Event::Operation(event) = &recorded.event else { continue };
            trail.events += 1;
            take(counts.entry(event.operation()).or_default(), event);
            let object = ObjectRef::from_stream(&recorded.stream);
            if let (OperationEvent::OperationStarted { operation, .. }, Some(object)) = (event, object) {
                starts.entry(object.id()).or_default().push(*operation);
            }
        }
    }
    let (mut effects, mut changes) = (HashMap::<String, usize>::new(), OperationsByObject::new());
    for (object, operation) in cluster.changes() {
        if let Ok(id) = operation.parse() {
            changes.entry(object.id()).or_default().push(OperationId(id));
            *effects.entry(operation).or_default() += 1;
        }
    }
    for operation in requested.values().flatten() {
        let counts = counts.remove(operation).unwrap_or_default();
        let effects = effects.remove(&operation.to_string()).unwrap_or_default();
        trail.lost += usize::from(counts.succeeded + counts.superseded == 0 || effects == 0);
        trail.doubled += effects.saturating_sub(1) + counts.ended.saturating_sub(1);
        trail.incomplete += usize::from(!counts.is_complete());
        trail.superseded += counts.superseded;
    }
    // Effects without a requested operation.
    trail.doubled += effects.len();
    trail.disordered = inversions(requested, &starts) + inversions(requested, &changes);
    Ok(trail)
}

fn take(counts: &mut Counts, event: &OperationEvent) {
    counts.ended += usize::from(event.is_terminal());
    match event {
        OperationEvent::OperationRequested { .. } => counts.requested += 1,
        OperationEvent::OperationStarted { .. } => counts.started += 1,
        OperationEvent::OperationStageSucceeded { stage: Stage::Scale, .. } => counts.scaled += 1,
        OperationEvent::OperationStageSucceeded { stage: Stage::WaitUntilReady, .. } => counts.ready += 1,
        OperationEvent::OperationSucceeded { .. } => counts.succeeded += 1,
        OperationEvent::OperationCancelled { by: CancelledBy::Superseded(_), .. } => counts.superseded += 1,
        _ => {}
    }
}

/// How often in `found` an operation comes right after a later one of the same object.
fn inversions(requested: &OperationsByObject, found: &OperationsByObject) -> usize {
    let mut count = 0;
    for (object, operations) in found {
        let Some(order) = requested.get(object) else { continue };
        let places: HashMap<_, _> = order.iter().enumerate().map(|(place, operation)| (*operation, place)).collect();
        let places: Vec<_> = operations.iter().filter_map(|operation| places.get(operation)).collect();
        count += places.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
    count
}
