//! The one door for every wish and every outcome: load the state, let the rules decide, append events, effects and
//! idempotency key together, and ask the rules again when somebody was faster.

mod aggregate;
mod cache;
mod operation;

use crate::dispatch::cache::Targets;
use crate::{
    error::{Error, Refusal, Rule},
    kubernetes::manifest,
    log::{Appended, EventStore, Guard},
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        decider::Decider,
        envelope::{Actor, Metadata, Recorded},
        event::Event,
        ids::{ClusterId, CommandId, OperationId},
    },
    kubernetes::object::ObjectRef,
    operation::{
        Intent,
        effect::Effect,
        queue::{Outcome, Target, TargetCommand},
    },
    platform::{
        cluster::{Cluster, ClusterCommand},
        projection::{Projection, ProjectionCommand},
        user::{User, UserCommand},
    },
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// How often the rules are asked again after somebody else appended first.
const TRIES: usize = 8;

/// Who asks, and what they say about it.
#[derive(Clone, Debug)]
pub struct Origin {
    pub actor: Actor,
    /// Why, in the user's own words.
    pub reason: Option<String>,
    /// The id of the API request.
    pub request: Option<String>,
    pub idempotency_key: Option<Uuid>,
}

/// A wish that was taken in: durable, before anything touched a cluster.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub operation: OperationId,
    /// The position of the last event of this wish.
    pub position: i64,
    /// What this call appended; empty when there was nothing to do, or it had been asked before.
    pub events: Vec<Recorded>,
}

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Dispatcher {
    store: EventStore,
    targets: Arc<Targets>,
    clusters: Arc<[ClusterId]>,
    timeout: Duration,
}

/// Who reported an outcome, and by what right.
pub(crate) struct Reported<'a> {
    pub effect: &'a Effect,
    pub fence: i64,
    pub outcome: Outcome,
}

impl Dispatcher {
    pub(crate) fn new(store: EventStore, clusters: Arc<[ClusterId]>, timeout: Duration) -> Self {
        Self { store, targets: Arc::default(), clusters, timeout }
    }

    /// Asks for a new workload. The manifest is text as users write it; see [`manifest::read`] for what is refused.
    pub async fn create_workload(&self, origin: Origin, cluster: ClusterId, manifest: &str) -> Result<Receipt, Error> {
        self.may_use(&cluster, "cluster")?;
        let read = manifest::read(manifest, &cluster)?;
        if let Some(namespace) = &read.object.namespace {
            self.must_exist(&cluster, namespace).await?;
        }
        self.request(origin, read.object, Intent::CreateWorkload { manifest: read.manifest }, None).await
    }

    /// Asks for an operation on one object.
    pub async fn request(
        &self,
        origin: Origin,
        target: ObjectRef,
        intent: Intent,
        expected_version: Option<String>,
    ) -> Result<Receipt, Error> {
        self.may_use(&target.cluster, "id")?;
        if !target.kind.is_workload() {
            return Err(Refusal::new(Rule::NotSupported, "id", format!("a {} is no workload", target.kind)).into());
        }
        let asked = json!({"target": target.id(), "intent": intent, "expectedVersion": expected_version});
        self.wish(origin, target.clone(), &asked, |operation, seen, deadline| TargetCommand::Request {
            operation,
            kind: target.kind.clone(),
            intent: intent.clone(),
            expected_version: expected_version.clone(),
            seen,
            deadline,
        })
        .await
    }

    /// Asks once more for an operation that failed or was cancelled.
    pub async fn retry(&self, origin: Origin, target: ObjectRef, of: OperationId) -> Result<Receipt, Error> {
        let asked = json!({"target": target.id(), "retry": of});
        self.wish(origin, target.clone(), &asked, |operation, seen, deadline| TargetCommand::Retry {
            operation,
            kind: target.kind.clone(),
            of,
            seen,
            deadline,
        })
        .await
    }

    /// Ends an operation before its time. Cancelling twice is silence.
    pub async fn cancel(&self, origin: Origin, target: ObjectRef, operation: OperationId) -> Result<Receipt, Error> {
        let asked = json!({"target": target.id(), "cancel": operation});
        let mut receipt =
            self.wish(origin, target, &asked, |_, _, deadline| TargetCommand::Cancel { operation, deadline }).await?;
        receipt.operation = operation;
        self.store.hasten(operation);
        Ok(receipt)
    }

    /// Whether the database came back without events that were acknowledged here; then every wish is UNAVAILABLE.
    pub fn has_regressed(&self) -> bool {
        self.store.has_regressed()
    }

    /// Whether the clock of this machine is more than half a minute from the database's.
    pub fn is_clock_off(&self) -> bool {
        self.store.clock().is_off()
    }

    /// Whether somebody wants the operation cancelled, as the log says now.
    pub(crate) async fn is_cancel_requested(&self, effect: &Effect) -> Result<bool, Error> {
        let loaded = self.targets.get(effect.target.target_stream());
        let mut state = loaded.lock().await;
        state.stale = true;
        self.targets.refresh(&self.store, &mut state).await?;
        Ok(state.target.find(effect.operation).is_some_and(|operation| operation.cancel_requested))
    }

    /// Something happened to an account. Answers the position of the last event of its stream.
    pub async fn user(&self, origin: Origin, command: UserCommand) -> Result<i64, Error> {
        let stream = User::stream(command.user());
        let metadata = Metadata { request: origin.request, reason: origin.reason, ..Metadata::by(origin.actor) };
        self.decide::<User>(stream, command, metadata, |event| match event {
            Event::User(event) => Some(event),
            Event::Operation(_) | Event::Observed(_) | Event::Cluster(_) | Event::Projection(_) => None,
        })
        .await
    }

    /// Somebody decided something about a projection of the read side.
    pub async fn projection(&self, origin: Origin, command: ProjectionCommand) -> Result<i64, Error> {
        let stream = Projection::stream(command.projection());
        let metadata = Metadata { request: origin.request, reason: origin.reason, ..Metadata::by(origin.actor) };
        self.decide::<Projection>(stream, command, metadata, |event| match event {
            Event::Projection(event) => Some(event),
            Event::Operation(_) | Event::Observed(_) | Event::Cluster(_) | Event::User(_) => None,
        })
        .await
    }

    /// Something happened to a cluster.
    pub(crate) async fn cluster(&self, cluster: &ClusterId, command: ClusterCommand) -> Result<i64, Error> {
        let mut metadata = Metadata::by(Actor::system("watcher"));
        metadata.cluster = Some(cluster.clone());
        self.decide::<Cluster>(Cluster::stream(cluster), command, metadata, |event| match event {
            Event::Cluster(event) => Some(event),
            Event::Operation(_) | Event::Observed(_) | Event::User(_) | Event::Projection(_) => None,
        })
        .await
    }

    /// What became of an effect. Ok(false): somebody else holds it by now, or it has ended, and nothing was appended.
    pub(crate) async fn report(&self, reported: Reported<'_>) -> Result<bool, Error> {
        let target = &reported.effect.target;
        let guard = Guard { operation: reported.effect.operation, fence: reported.fence };
        let loaded = self.targets.get(target.target_stream());
        let mut state = loaded.lock().await;
        for _ in 0..TRIES {
            let is_newest = self.targets.refresh(&self.store, &mut state).await?;
            let command = TargetCommand::Report {
                operation: reported.effect.operation,
                stage: reported.effect.stage,
                outcome: reported.outcome.clone(),
                deadline: self.deadline().await?,
            };
            let events = Target::decide(&state.target, command).unwrap_or_default();
            if events.is_empty() && is_newest {
                return Ok(false);
            }
            if events.is_empty() {
                // Another process may have appended: silence counts only on what the log says now.
                state.stale = true;
                continue;
            }
            let mut metadata = Metadata::by(Actor::system("executor"));
            metadata.cluster = Some(target.cluster.clone());
            let mut request = self.target_request(target, &state, events, CommandId(Uuid::now_v7()), metadata);
            request.guard = Some(guard);
            state.stale = true;
            match self.store.append(request.clone()).await? {
                Appended::Done { version, position, recorded_at } => {
                    state.advance(&request.recorded(version, position, recorded_at));
                    return Ok(true);
                }
                Appended::Fenced => return Ok(false),
                Appended::Conflict { .. }
                | Appended::Duplicate { .. }
                | Appended::Mismatch
                | Appended::SessionEnded => {}
            }
        }
        Err(busy())
    }

    fn may_use(&self, cluster: &ClusterId, field: &str) -> Result<(), Error> {
        if self.clusters.contains(cluster) {
            return Ok(());
        }
        Err(Refusal::new(Rule::NotFound, field, format!("there is no cluster {cluster}")).into())
    }

    /// By the clock of the database, which every gateway judges it by.
    async fn deadline(&self) -> Result<DateTime<Utc>, Error> {
        Ok(self.store.now().await? + self.timeout)
    }
}

fn busy() -> Error {
    Error::Unavailable { message: "too many people change this object at once: nothing was done, try again".to_owned() }
}
