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
        api_call::ApiCall,
        decider::Decider,
        envelope::Metadata,
        event::{Event, Recorded},
        ids::{ClusterId, CommandId, OperationId},
        message::Code,
        refusal::{ErrorCode, Refusal},
        sealing::{DataKey, KeyScope, SealedValues},
        version,
    },
    kubernetes::{
        object::ObjectRef,
        observed::{Content, ObservedEvent, Seen},
        resource::Resource,
    },
    operation::{Intent, Outcome, TargetCommand, change, effect::Effect, queue::Target},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, atomic::AtomicBool},
};
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
    /// The calls that led to it.
    pub calls: Vec<ApiCall>,
}

/// A request whose intent follows from what is known of the object now.
pub(crate) struct Prepared {
    pub intent: Intent,
    pub expected_version: Option<String>,
    /// What was read of an object that the log does not record.
    pub live: Option<Seen>,
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
        let prepared = Prepared { intent, expected_version: None, live: None };
        self.would_request(origin, &read.object, prepared).await?;
        Ok(read)
    }

    /// Decides on a request as [`Self::request_prepared`] does, and records nothing.
    pub(crate) async fn would_request(
        &self,
        origin: Origin,
        target: &ObjectRef,
        prepared: Prepared,
    ) -> Result<(), Error> {
        let entry = entry(origin, Some(target.cluster.clone()), &Value::Null)?;
        self.in_time(self.decide_only(&entry, target, prepared)).await
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

    async fn decide_only(&self, entry: &Entry, target: &ObjectRef, prepared: Prepared) -> Result<(), Error> {
        let Prepared { intent, expected_version, live } = prepared;
        let (kind, operation) = (target.kind.clone(), entry.command.operation(&target.id()));
        let (seen, deadline) = (self.seen(target).await?.or(live), self.deadline().await?);
        let command = TargetCommand::Request { operation, kind, intent, expected_version, seen, deadline };
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
        self.request_with(origin, target, intent, expected_version, None).await
    }

    async fn request_with(
        &self,
        origin: Origin,
        target: ObjectRef,
        intent: Intent,
        expected_version: Option<String>,
        values: Option<SealedValues>,
    ) -> Result<Receipt, Error> {
        self.must_be_operable(&target, &intent)?;
        let request = json!({"target": target.id(), "intent": intent, "expectedVersion": expected_version});
        let command = |moment: Moment| {
            let (kind, intent, expected_version) = (target.kind.clone(), intent.clone(), expected_version.clone());
            let (seen, operation, deadline) =
                (self.seen(&target), moment.command.operation(&target.id()), moment.deadline);
            async move {
                Ok(TargetCommand::Request { operation, kind, intent, expected_version, seen: seen.await?, deadline })
            }
        };
        let executed = self.execute_with::<Target, _>(origin, &target, &request, values, command).await?;
        Ok(Receipt::of(executed.command.operation(&target.id()), executed))
    }

    /// Requests an operation whose intent `prepare` makes of what is known of the object. `request` identifies a repetition with
    /// the same idempotency key, also when `prepare` would refuse it by now.
    pub(crate) async fn request_prepared<F>(
        &self,
        origin: Origin,
        target: ObjectRef,
        request: &Value,
        prepare: impl Fn() -> F,
    ) -> Result<Receipt, Error>
    where
        F: Future<Output = Result<Prepared, Error>>,
    {
        self.must_know(&target.cluster, "id")?;
        let command = |moment: Moment| {
            let (prepared, seen, kind) = (prepare(), self.seen(&target), target.kind.clone());
            let (operation, deadline) = (moment.command.operation(&target.id()), moment.deadline);
            async move {
                let Prepared { intent, expected_version, live } = prepared.await?;
                let seen = seen.await?.or(live);
                Ok(TargetCommand::Request { operation, kind, intent, expected_version, seen, deadline })
            }
        };
        let executed = self.execute::<Target, _>(origin, &target, request, command).await?;
        Ok(Receipt::of(executed.command.operation(&target.id()), executed))
    }

    /// Requests values of a Secret; those that are None are removed. Events have the names of the keys and keyed hashes of the
    /// values. The values themselves are in the row of the effect alone.
    pub async fn set_secret_data(
        &self,
        origin: Origin,
        target: ObjectRef,
        data: BTreeMap<String, Option<String>>,
        expected_version: Option<String>,
    ) -> Result<Receipt, Error> {
        change::size_rule("data", data.iter().map(|(name, value)| name.len() + value.as_ref().map_or(0, String::len)))?;
        self.must_be_secret(&target).await?;
        let key = self.in_time(self.key(&target)).await?;
        let hash = |name: &str, value: &str| -> Result<String, Error> {
            let text = json!(["value", target.id(), name, value]).to_string();
            Ok(hex::encode(&key.hash(text.as_bytes())?[..16]))
        };
        let hashed = data.iter().map(|(name, value)| {
            let hash = value.as_ref().map(|value| hash(name, value)).transpose()?;
            Ok((name.clone(), hash))
        });
        let intent = Intent::SetSecretData { keys: hashed.collect::<Result<_, Error>>()? };
        let values: BTreeMap<String, String> =
            data.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let sealed = self.store.keys().seal_values(&target.id(), &values)?;
        self.request_with(origin, target, intent, expected_version, Some(sealed)).await
    }

    /// Retries a failed or cancelled operation.
    pub async fn retry(&self, origin: Origin, target: ObjectRef, of: OperationId) -> Result<Receipt, Error> {
        self.must_know(&target.cluster, "id")?;
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
        let Reported { effect, fence, outcome, calls } = reported;
        let (operation, stage) = (effect.operation, effect.stage);
        let cluster = Some(effect.target.cluster.clone());
        let metadata = Metadata { cluster, calls, ..Metadata::by(Actor::system("executor")) };
        let guard = Some(Guard { operation, fence });
        let entry =
            Entry { command: CommandId(Uuid::now_v7()), metadata, keyed: None, session: None, guard, values: None };
        let command = |Moment { deadline, .. }: Moment| {
            let outcome = outcome.clone();
            async move { Ok(TargetCommand::Report { operation, stage, outcome, deadline }) }
        };
        let executed = self.accept::<Target, _>(&entry, &effect.target, command, &AtomicBool::new(false)).await?;
        Ok(executed.is_some_and(|executed| !executed.events.is_empty()))
    }

    /// The last observation of the object.
    pub(crate) async fn seen(&self, target: &ObjectRef) -> Result<Option<Seen>, Error> {
        let last = self.store.last_of(target.observed_stream()).await?;
        let Some(Event::Observed(event)) = last.map(|recorded| recorded.event) else { return Ok(None) };
        let Some(mut seen) = event.seen() else { return Ok(None) };
        if let Some(hash) = event.manifest_hash() {
            seen.content = Content::Hash(self.content(target, hash.as_str()).await?);
        }
        Ok(Some(seen))
    }

    /// What tells a manifest of the object from others, by the hash that its observation has.
    pub(crate) async fn content(&self, target: &ObjectRef, manifest_hash: &str) -> Result<String, Error> {
        let key = self.key(target).await?;
        Ok(version::content(manifest_hash, &key)?)
    }

    /// Whether an operation on such an object can be requested, whatever its state.
    pub(super) fn must_be_operable(&self, target: &ObjectRef, intent: &Intent) -> Result<(), Error> {
        self.must_know(&target.cluster, "id")?;
        if !intent.is_of(&target.kind) {
            let code = if intent.is_of(&Resource::DEPLOYMENT) { Code::NotAWorkload } else { Code::NotOfKind };
            let reason = code.message([("kind", target.kind.to_string().into())]);
            return Err(Refusal::because(ErrorCode::NotSupported, "id", reason).into());
        }
        Ok(())
    }

    pub(crate) fn must_know(&self, cluster: &ClusterId, field: &str) -> Result<(), Error> {
        Ok(self.clusters.must_take_commands(cluster, field)?)
    }

    /// The data key of an object. Call it only for one that was observed, because it makes a missing key.
    async fn key(&self, target: &ObjectRef) -> Result<Arc<DataKey>, Error> {
        let scope = KeyScope::of_object(&target.path());
        let keys = self.store.keys().of(&HashSet::from([scope])).await?;
        keys.into_values().next().ok_or_else(|| Error::Internal("an object without a key".to_owned()))
    }

    /// The target is a Secret that is there.
    async fn must_be_secret(&self, target: &ObjectRef) -> Result<(), Error> {
        self.must_be_operable(target, &Intent::SetSecretData { keys: BTreeMap::new() })?;
        match self.in_time(self.seen(target)).await? {
            Some(_) => Ok(()),
            None => Err(Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchObject.message([])).into()),
        }
    }

    pub(crate) async fn must_exist(&self, cluster: &ClusterId, namespace: &str) -> Result<(), Error> {
        // A credential that is bound to namespaces need not be able to see them.
        if self.clusters.namespaces(cluster).iter().any(|known| known == namespace) {
            return Ok(());
        }
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
