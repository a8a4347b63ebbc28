//! Records what changes in the cluster, as the watch of a gateway does: an operation ends once the log has what it made.

use anyhow::{Context, Result, ensure};
use chrono::DateTime;
use commands::{
    kubernetes::{fake::MemoryCluster, observe::facts},
    log::{Appended, EventStore, Expected, NewEvent, Request},
};
use domain::{
    core::{actor::Actor, envelope::Metadata, ids::CommandId},
    kubernetes::{object::ObjectRef, observation::WorkloadSnapshot, observed::ObservedEvent},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use uuid::Uuid;

/// Between two looks at the cluster.
const PAUSE: Duration = Duration::from_millis(10);

/// What was recorded of these objects.
pub struct Watch {
    store: EventStore,
    cluster: Arc<MemoryCluster>,
    objects: Vec<Watched>,
}

struct Watched {
    object: ObjectRef,
    /// Observations in the log.
    version: i64,
    resource_version: String,
}

impl Watch {
    pub fn new(store: EventStore, cluster: Arc<MemoryCluster>, objects: &[ObjectRef]) -> Self {
        let watched =
            |object: &ObjectRef| Watched { object: object.clone(), version: 0, resource_version: String::new() };
        Self { store, cluster, objects: objects.iter().map(watched).collect() }
    }

    /// Until this future is dropped.
    pub async fn run(mut self) -> Result<()> {
        loop {
            self.record().await?;
            sleep(PAUSE).await;
        }
    }

    /// Appends an observation of each object that is not as it was recorded.
    pub async fn record(&mut self) -> Result<()> {
        let mut requests = Vec::new();
        for watched in &mut self.objects {
            let found = self.cluster.object(&watched.object).context("an object is gone")?;
            let resource_version = text(&found, "/metadata/resourceVersion")?;
            if watched.resource_version != resource_version {
                requests.push(observation(&watched.object, watched.version, &found)?);
                (watched.version, watched.resource_version) = (watched.version + 1, resource_version.to_owned());
            }
        }
        for answer in self.store.append_all(requests).await {
            ensure!(matches!(answer?, Appended::Done { .. }), "an observation was not appended");
        }
        Ok(())
    }
}

fn observation(object: &ObjectRef, version: i64, found: &Value) -> Result<Request> {
    let event = ObservedEvent::WorkloadStatusObserved {
        uid: text(found, "/metadata/uid")?.to_owned(),
        resource_version: text(found, "/metadata/resourceVersion")?.to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: "0".repeat(64).as_str().into(),
        snapshot: Box::new(WorkloadSnapshot::alone(facts::workload(&object.kind, found)?)),
    };
    let id = CommandId(Uuid::now_v7()).event(0);
    let events = vec![NewEvent { id, event: event.into(), metadata: Metadata::by(Actor::system("watcher")) }];
    Ok(Request::new(object.observed_stream(), Expected::Exact(version), events))
}

fn text<'a>(found: &'a Value, pointer: &str) -> Result<&'a str> {
    found.pointer(pointer).and_then(Value::as_str).with_context(|| format!("an object without {pointer}"))
}
