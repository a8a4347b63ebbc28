//! The one door for every wish and every outcome: load the state, let the rules decide, append events, effects and
//! idempotency key together, and ask the rules again when somebody was faster.

mod targets;

use crate::{
    error::{Error, Refusal, Rule},
    failpoint::reach,
    manifest,
    store::{self, Appended, EventStore, Expected, Guard, Keyed, NewEvent, Request},
};
use chrono::Utc;
use domain::{
    cluster::{Cluster, ClusterCommand},
    codec,
    decider::Decider,
    effect::Effect,
    envelope::{Actor, Metadata, Recorded},
    event::Event,
    ids::{ClusterId, CommandId, OperationId},
    object::ObjectRef,
    operation::Intent,
    react::{Reaction, react},
    target::{Outcome, Target, TargetCommand},
    user::{User, UserCommand},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{convert::Infallible, sync::Arc, time::Duration};
use targets::{Loaded, Targets};
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
            kind: target.kind,
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
            kind: target.kind,
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
        Ok(receipt)
    }

    /// Something happened to an account. Answers the position of the last event of its stream.
    pub async fn user(&self, origin: Origin, command: UserCommand) -> Result<i64, Error> {
        let stream = User::stream(command.user());
        let metadata = Metadata { request: origin.request, reason: origin.reason, ..Metadata::by(origin.actor) };
        self.decide::<User>(stream, command, metadata, |event| match event {
            Event::User(event) => Some(event),
            Event::Operation(_) | Event::Observed(_) | Event::Cluster(_) => None,
        })
        .await
    }

    /// Something happened to a cluster.
    pub(crate) async fn cluster(&self, cluster: &ClusterId, command: ClusterCommand) -> Result<i64, Error> {
        let mut metadata = Metadata::by(Actor::system("watcher"));
        metadata.cluster = Some(cluster.clone());
        self.decide::<Cluster>(Cluster::stream(cluster), command, metadata, |event| match event {
            Event::Cluster(event) => Some(event),
            Event::Operation(_) | Event::Observed(_) | Event::User(_) => None,
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
            self.targets.refresh(&self.store, &mut state).await?;
            let command = TargetCommand::Report {
                operation: reported.effect.operation,
                stage: reported.effect.stage,
                outcome: reported.outcome.clone(),
                deadline: self.deadline(),
            };
            let Ok(events) = Target::decide(&state.target, command) else { return Ok(false) };
            if events.is_empty() {
                return Ok(false);
            }
            let mut metadata = Metadata::by(Actor::system("executor"));
            metadata.cluster = Some(target.cluster.clone());
            let mut request = self.target_request(target, &state, events, CommandId(Uuid::now_v7()), metadata);
            request.guard = Some(guard);
            match self.store.append(request.clone()).await? {
                Appended::Done { version, position, recorded_at } => {
                    state.advance(&request.recorded(version, position, recorded_at));
                    return Ok(true);
                }
                Appended::Fenced => return Ok(false),
                Appended::Conflict { .. } | Appended::Duplicate { .. } | Appended::Mismatch => state.stale = true,
            }
        }
        Err(busy())
    }

    async fn wish(
        &self,
        origin: Origin,
        target: ObjectRef,
        asked: &Value,
        command: impl Fn(OperationId, Option<domain::target::Seen>, chrono::DateTime<Utc>) -> TargetCommand,
    ) -> Result<Receipt, Error> {
        reach("wish.received");
        let (id, keyed) = self.identify(&origin, asked)?;
        if let Some(keyed) = &keyed
            && let Some((hash, result)) = store::load::answered(self.store.pool(), id).await?
        {
            return repeated(hash == keyed.request_hash, &result);
        }
        let loaded = self.targets.get(target.target_stream());
        let mut state = loaded.lock().await;
        for _ in 0..TRIES {
            self.targets.refresh(&self.store, &mut state).await?;
            let seen = self.seen(&target).await?;
            let events = Target::decide(&state.target, command(id.operation(), seen, self.deadline()))?;
            if events.is_empty() {
                return Ok(Receipt { operation: id.operation(), position: state.position, events: Vec::new() });
            }
            let metadata = Metadata {
                cluster: Some(target.cluster.clone()),
                reason: origin.reason.clone(),
                request: origin.request.clone(),
                ..Metadata::by(origin.actor.clone())
            };
            let mut request = self.target_request(&target, &state, events, id, metadata);
            request.keyed.clone_from(&keyed);
            reach("wish.decided");
            match self.store.append(request.clone()).await? {
                Appended::Done { version, position, recorded_at } => {
                    reach("wish.appended");
                    let events = request.recorded(version, position, recorded_at);
                    state.advance(&events);
                    return Ok(Receipt { operation: id.operation(), position, events });
                }
                Appended::Duplicate { result } => return repeated(true, &result),
                Appended::Mismatch => return repeated(false, &Value::Null),
                Appended::Conflict { .. } | Appended::Fenced => state.stale = true,
            }
        }
        Err(busy())
    }

    /// The command's id, and with an idempotency key what a repetition is recognised by.
    fn identify(&self, origin: &Origin, asked: &Value) -> Result<(CommandId, Option<Keyed>), Error> {
        let (Some(key), Actor::User { id: user, .. }) = (origin.idempotency_key, &origin.actor) else {
            return Ok((CommandId(Uuid::now_v7()), None));
        };
        let command = CommandId::from_key(*user, key);
        let request_hash =
            Sha256::digest(codec::canonical(&json!({"asked": asked, "reason": origin.reason}))?).to_vec();
        let result = json!({"operation": command.operation()});
        Ok((command, Some(Keyed { command, request_hash, result })))
    }

    fn target_request(
        &self,
        target: &ObjectRef,
        state: &Loaded,
        events: Vec<domain::operation::OperationEvent>,
        id: CommandId,
        metadata: Metadata,
    ) -> Request {
        let mut after = state.target.clone();
        let mut effects: Vec<(OperationId, Option<Effect>)> = Vec::new();
        let mut new = Vec::with_capacity(events.len());
        for (ordinal, event) in events.into_iter().enumerate() {
            Target::evolve(&mut after, &event);
            let reaction = match react(target, &after, &event) {
                Reaction::Nothing => None,
                Reaction::Perform(effect) => Some((effect.operation, Some(*effect))),
                Reaction::Withdraw(operation) => Some((operation, None)),
            };
            if let Some(reaction) = reaction {
                effects.retain(|(operation, _)| *operation != reaction.0);
                effects.push(reaction);
            }
            let metadata = Metadata {
                correlation: Some(event.operation()),
                causation: (ordinal > 0).then(|| id.event(0)),
                ..metadata.clone()
            };
            new.push(NewEvent { id: id.event(ordinal), event: event.into(), metadata });
        }
        Request {
            stream: target.target_stream(),
            expected: Expected::Exact(state.version),
            keyed: None,
            guard: None,
            events: new,
            effects,
        }
    }

    async fn decide<D>(
        &self,
        stream: String,
        command: D::Command,
        metadata: Metadata,
        own: impl Fn(Event) -> Option<D::Event>,
    ) -> Result<i64, Error>
    where
        D: Decider<Refusal = Infallible>,
        D::Command: Clone,
        D::Event: Into<Event>,
    {
        for _ in 0..TRIES {
            let recorded = store::load::stream_after(self.store.pool(), &stream, 0).await?;
            let (version, position) = recorded.last().map_or((0, 0), |last| (last.version, last.position));
            let history: Vec<D::Event> = recorded.into_iter().filter_map(|recorded| own(recorded.event)).collect();
            let events = match D::decide(&D::fold(&history), command.clone()) {
                Ok(events) => events,
                Err(never) => match never {},
            };
            if events.is_empty() {
                return Ok(position);
            }
            let id = CommandId(Uuid::now_v7());
            let events = events.into_iter().enumerate().map(|(ordinal, event)| NewEvent {
                id: id.event(ordinal),
                event: event.into(),
                metadata: metadata.clone(),
            });
            let request = Request {
                stream: stream.clone(),
                expected: Expected::Exact(version),
                keyed: None,
                guard: None,
                events: events.collect(),
                effects: Vec::new(),
            };
            if let Appended::Done { position, .. } = self.store.append(request).await? {
                return Ok(position);
            }
        }
        Err(busy())
    }

    async fn seen(&self, target: &ObjectRef) -> Result<Option<domain::target::Seen>, Error> {
        let last = store::load::last_of(self.store.pool(), &target.observed_stream()).await?;
        Ok(match last.map(|recorded| recorded.event) {
            Some(Event::Observed(event)) => event.seen(),
            _ => None,
        })
    }

    async fn must_exist(&self, cluster: &ClusterId, namespace: &str) -> Result<(), Error> {
        let object = ObjectRef {
            cluster: cluster.clone(),
            kind: domain::object::Kind::Namespace,
            namespace: None,
            name: namespace.to_owned(),
        };
        let last = store::load::last_of(self.store.pool(), &object.observed_stream()).await?;
        let exists = matches!(
            last.map(|recorded| recorded.event),
            Some(Event::Observed(domain::observed::ObservedEvent::NamespaceObserved { .. }))
        );
        if exists {
            return Ok(());
        }
        let message = format!("there is no namespace {namespace:?} in cluster {cluster}: create it first");
        Err(Refusal::new(Rule::NotFound, "manifest.metadata.namespace", message).into())
    }

    fn may_use(&self, cluster: &ClusterId, field: &str) -> Result<(), Error> {
        if self.clusters.contains(cluster) {
            return Ok(());
        }
        Err(Refusal::new(Rule::NotFound, field, format!("there is no cluster {cluster}")).into())
    }

    fn deadline(&self) -> chrono::DateTime<Utc> {
        Utc::now() + self.timeout
    }
}

fn repeated(same_body: bool, result: &Value) -> Result<Receipt, Error> {
    if !same_body {
        let message = "this idempotency key was used before for something else: take a new one";
        return Err(Refusal::new(Rule::Conflict, "idempotencyKey", message).into());
    }
    let operation = serde_json::from_value(result["operation"].clone())?;
    let position = result["position"].as_i64().unwrap_or_default();
    Ok(Receipt { operation, position, events: Vec::new() })
}

fn busy() -> Error {
    Error::Unavailable { message: "too many people change this object at once: nothing was done, try again".to_owned() }
}
