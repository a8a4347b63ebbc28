//! Commands about one object of a cluster, and the outcomes of their effects.

use super::{
    Dispatcher, Executed, Moment, Origin,
    access::not_for_people,
    guard::{Entry, entry},
};
use crate::{error::Error, kubernetes::manifest, log::Guard};
use domain::{
    access,
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        event::{Event, Recorded},
        ids::{ClusterId, CommandId, OperationId},
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        object::ObjectRef,
        observed::{ObservedEvent, Seen},
        resource::Resource,
    },
    operation::{Intent, Outcome, TargetCommand, effect::Effect, queue::Target},
};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;
use uuid::Uuid;

/// An accepted request for an operation. It is durable before any call to a cluster.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub operation: OperationId,
    /// The position of the last event of this request.
    pub position: i64,
    /// The events that this call appended. Empty if there was nothing to do, or if the request is a repetition.
    pub events: Vec<Recorded>,
    /// The fields that were removed from a manifest because only the server sets them.
    pub removed: Vec<String>,
}

impl Receipt {
    fn of(operation: OperationId, executed: Executed) -> Self {
        Self { operation, position: executed.position, events: executed.events, removed: Vec::new() }
    }
}

/// The outcome of an effect, reported by the process that claimed it.
pub struct Reported<'a> {
    pub effect: &'a Effect,
    /// The fence of the claim. A report with an older fence is dropped.
    pub fence: i64,
    pub outcome: Outcome,
}

impl Dispatcher {
    /// Requests a new workload. The manifest is text as users write it. [`manifest::read`] lists what is refused.
    pub async fn create_workload(&self, origin: Origin, cluster: ClusterId, manifest: &str) -> Result<Receipt, Error> {
        let read = self.read(&cluster, manifest).await?;
        let intent = Intent::CreateWorkload { manifest: read.manifest.into() };
        let receipt = self.request(origin, read.object, intent, None).await?;
        Ok(Receipt { removed: read.removed, ..receipt })
    }

    /// Decides on a new workload as [`Self::create_workload`] does, and records nothing. Returns what was read of the
    /// manifest.
    pub async fn would_create(
        &self,
        origin: Origin,
        cluster: ClusterId,
        manifest: &str,
    ) -> Result<manifest::Manifest, Error> {
        let read = self.read(&cluster, manifest).await?;
        let intent = Intent::CreateWorkload { manifest: read.manifest.clone().into() };
        let entry = entry(origin, Some(cluster), &Value::Null)?;
        self.in_time(self.would_request(&entry, &read.object, intent)).await?;
        Ok(read)
    }

    /// What a manifest says that may be created.
    async fn read(&self, cluster: &ClusterId, manifest: &str) -> Result<manifest::Manifest, Error> {
        self.must_know(cluster, "cluster")?;
        let read = manifest::read(manifest, cluster)?;
        if let Some(namespace) = &read.object.namespace {
            self.must_exist(cluster, namespace).await?;
        }
        Ok(read)
    }

    async fn would_request(&self, entry: &Entry, target: &ObjectRef, intent: Intent) -> Result<(), Error> {
        let (kind, operation) = (target.kind.clone(), entry.command.operation(&target.id()));
        let (seen, deadline) = (self.seen(target).await?, self.deadline().await?);
        let command = TargetCommand::Request { operation, kind, intent, expected_version: None, seen, deadline };
        if !access::allows(&entry.metadata.actor, Target::action(&command)) {
            return Err(not_for_people());
        }
        let loaded = self.cache.get::<Target>(target.target_stream());
        let mut state = loaded.lock().await;
        state.stale = true;
        self.cache.refresh(&self.store, &mut state).await?;
        Target::decide(&state.state, command)?;
        Ok(())
    }

    /// Requests an operation on one object.
    pub async fn request(
        &self,
        origin: Origin,
        target: ObjectRef,
        intent: Intent,
        expected_version: Option<String>,
    ) -> Result<Receipt, Error> {
        self.must_know(&target.cluster, "id")?;
        if !target.kind.is_workload() {
            let reason = Code::NotAWorkload.message([("kind", target.kind.to_string().into())]);
            return Err(Refusal::because(ErrorCode::NotSupported, "id", reason).into());
        }
        let request = json!({"target": target.id(), "intent": intent, "expectedVersion": expected_version});
        let command = |moment: Moment| {
            let (kind, intent, expected_version) = (target.kind.clone(), intent.clone(), expected_version.clone());
            let (seen, operation, deadline) =
                (self.seen(&target), moment.command.operation(&target.id()), moment.deadline);
            async move {
                Ok(TargetCommand::Request { operation, kind, intent, expected_version, seen: seen.await?, deadline })
            }
        };
        let executed = self.execute::<Target, _>(origin, &target, &request, command).await?;
        Ok(Receipt::of(executed.command.operation(&target.id()), executed))
    }

    /// Retries a failed or cancelled operation.
    pub async fn retry(&self, origin: Origin, target: ObjectRef, of: OperationId) -> Result<Receipt, Error> {
        let request = json!({"target": target.id(), "retry": of});
        let command = |moment: Moment| {
            let (kind, seen) = (target.kind.clone(), self.seen(&target));
            let (operation, deadline) = (moment.command.operation(&target.id()), moment.deadline);
            async move { Ok(TargetCommand::Retry { operation, kind, of, seen: seen.await?, deadline }) }
        };
        let executed = self.execute::<Target, _>(origin, &target, &request, command).await?;
        Ok(Receipt::of(executed.command.operation(&target.id()), executed))
    }

    /// Cancels an operation. Cancelling twice does nothing.
    pub async fn cancel(&self, origin: Origin, target: ObjectRef, operation: OperationId) -> Result<Receipt, Error> {
        let request = json!({"target": target.id(), "cancel": operation});
        let command =
            |Moment { deadline, .. }: Moment| async move { Ok(TargetCommand::Cancel { operation, deadline }) };
        let executed = self.execute::<Target, _>(origin, &target, &request, command).await?;
        self.store.hasten(operation);
        Ok(Receipt::of(operation, executed))
    }

    /// Whether the log has a request to cancel the operation.
    pub(crate) async fn is_cancel_requested(&self, effect: &Effect) -> Result<bool, Error> {
        let loaded = self.cache.get::<Target>(effect.target.target_stream());
        let mut state = loaded.lock().await;
        state.stale = true;
        self.cache.refresh(&self.store, &mut state).await?;
        Ok(state.state.find(effect.operation).is_some_and(|operation| operation.cancel_requested))
    }

    /// Records the outcome of an effect. Ok(false): another process holds it, or its operation has ended, and nothing
    /// was appended.
    pub(crate) async fn report(&self, reported: Reported<'_>) -> Result<bool, Error> {
        let Reported { effect, fence, outcome } = reported;
        let (operation, stage) = (effect.operation, effect.stage);
        let metadata =
            Metadata { cluster: Some(effect.target.cluster.clone()), ..Metadata::by(Actor::system("executor")) };
        let guard = Some(Guard { operation, fence });
        let entry = Entry { command: CommandId(Uuid::now_v7()), metadata, keyed: None, session: None, guard };
        let command = |Moment { deadline, .. }: Moment| {
            let outcome = outcome.clone();
            async move { Ok(TargetCommand::Report { operation, stage, outcome, deadline }) }
        };
        let executed = self.accept::<Target, _>(&entry, &effect.target, command, &AtomicBool::new(false)).await?;
        Ok(executed.is_some_and(|executed| !executed.events.is_empty()))
    }

    fn must_know(&self, cluster: &ClusterId, field: &str) -> Result<(), Error> {
        if self.clusters.contains(cluster) {
            return Ok(());
        }
        let reason = Code::ClusterUnknown.message([("cluster", cluster.as_str().into())]);
        Err(Refusal::because(ErrorCode::NotFound, field, reason).into())
    }

    /// The last observation of the object.
    async fn seen(&self, target: &ObjectRef) -> Result<Option<Seen>, Error> {
        let last = self.store.last_of(target.observed_stream()).await?;
        Ok(match last.map(|recorded| recorded.event) {
            Some(Event::Observed(event)) => event.seen(),
            _ => None,
        })
    }

    async fn must_exist(&self, cluster: &ClusterId, namespace: &str) -> Result<(), Error> {
        let (cluster, name) = (cluster.clone(), namespace.to_owned());
        let object = ObjectRef { cluster, kind: Resource::NAMESPACE, namespace: None, name };
        let last = self.in_time(self.store.last_of(object.observed_stream())).await?;
        if let Some(Event::Observed(
            ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::ObjectObserved { .. }
            | ObservedEvent::ObjectStatusObserved { .. },
        )) = last.map(|recorded| recorded.event)
        {
            return Ok(());
        }
        let place = [("namespace", namespace.into()), ("cluster", object.cluster.as_str().into())];
        let reason = Code::NoSuchNamespace.message(place);
        Err(Refusal::because(ErrorCode::NotFound, "manifest.metadata.namespace", reason).into())
    }
}
