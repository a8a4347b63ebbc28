//! From a wish to its events: recognised by its key, decided on the newest state, appended with its effects.

use super::{Dispatcher, Origin, Receipt, busy};
use crate::dispatch::cache::Loaded;
use crate::{
    error::{Error, Refusal, Rule},
    failpoint::reach,
    log::{self, AppendError, Appended, Expected, Keyed, NewEvent, Request},
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        codec,
        decider::Decider,
        envelope::{Actor, Metadata},
        event::Event,
        ids::{ClusterId, CommandId, OperationId},
        planted::{Bug, is_planted},
    },
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
    operation::{
        OperationEvent,
        effect::Effect,
        queue::{Seen, Target, TargetCommand},
        react::{Reaction, react},
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use uuid::Uuid;

/// A caller knows after this time what became of a wish, or that nobody knows: when everything it needs is slow, the waits
/// for a connection, for the others who want the same object and for the log add up.
const PATIENCE: Duration = Duration::from_millis(1900);

impl Dispatcher {
    pub(super) async fn wish(
        &self,
        origin: Origin,
        target: ObjectRef,
        asked: &Value,
        command: impl Fn(OperationId, Option<Seen>, DateTime<Utc>) -> TargetCommand,
    ) -> Result<Receipt, Error> {
        reach("wish.received");
        self.must_be_whole()?;
        let is_sent = AtomicBool::new(false);
        // Boxed: whatever calls this reads manifests, which may be nested deeply, on the stack that is left.
        let taken_in = Box::pin(self.take_in(origin, target, asked, command, &is_sent));
        tokio::time::timeout(PATIENCE, taken_in).await.unwrap_or_else(|_| Err(late(is_sent.load(Ordering::Relaxed))))
    }

    /// May be dropped at any time. `is_sent` from the moment on from which the wish may stand in the log.
    async fn take_in(
        &self,
        origin: Origin,
        target: ObjectRef,
        asked: &Value,
        command: impl Fn(OperationId, Option<Seen>, DateTime<Utc>) -> TargetCommand,
        is_sent: &AtomicBool,
    ) -> Result<Receipt, Error> {
        let (id, keyed) = self.identify(&origin, asked)?;
        let loaded = self.targets.get(target.target_stream());
        let mut state = loaded.lock().await;
        for _ in 0..super::TRIES {
            let is_newest = self.targets.refresh(&self.store, &mut state).await?;
            let seen = self.seen(&target).await?;
            let decided = Target::decide(&state.target, command(id.operation(), seen, self.deadline().await?));
            let is_nothing = decided.as_ref().map_or(true, Vec::is_empty);
            if is_nothing && !is_newest {
                // Another process may have appended: a refusal counts only on what the log says now.
                state.stale = true;
                continue;
            }
            if is_nothing
                && let Some(keyed) = &keyed
                && let Some((hash, result)) = log::load::answered(self.store.pool(), id).await?
            {
                // What is refused now may have been granted before. What is not refused, the append recognises.
                return repeated(hash == keyed.request_hash, &result);
            }
            let events = decided?;
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
            request.session = origin.actor.session().filter(|_| !is_planted(Bug::EndedSessionForgotten));
            reach("wish.decided");
            state.stale = true;
            if is_planted(Bug::IntentNotAwaited) {
                let store = self.store.clone();
                tokio::spawn(async move { store.append(request).await });
                return Ok(Receipt { operation: id.operation(), position: 0, events: Vec::new() });
            }
            is_sent.store(true, Ordering::Relaxed);
            match self.store.append(request.clone()).await.map_err(|error| self.not_appended(error))? {
                Appended::Done { version, position, recorded_at } => {
                    reach("wish.appended");
                    let events = request.recorded(version, position, recorded_at);
                    state.advance(&events);
                    return Ok(Receipt { operation: id.operation(), position, events });
                }
                Appended::Duplicate { result } => return repeated(true, &result),
                Appended::Mismatch => return repeated(false, &Value::Null),
                Appended::SessionEnded => return Err(Error::SessionEnded),
                Appended::Conflict { .. } | Appended::Fenced => is_sent.store(false, Ordering::Relaxed),
            }
        }
        Err(busy())
    }

    /// After a failover to a standby that had not everything, nothing is taken in: what was done since is not in this log.
    fn must_be_whole(&self) -> Result<(), Error> {
        if !self.store.has_regressed() {
            return Ok(());
        }
        let message = "the database has lost events that were acknowledged, so nothing is taken in: bring back the one that \
                       has them, or look what is missing and start the gateways anew";
        Err(Error::Unavailable { message: message.to_owned() })
    }

    /// What a caller is told whose wish could not be appended.
    fn not_appended(&self, error: AppendError) -> Error {
        match error {
            // It may stand in a log that comes back.
            AppendError::Unknown => error.into(),
            AppendError::Unavailable | AppendError::Refused => {
                self.must_be_whole().err().unwrap_or_else(|| error.into())
            }
        }
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

    pub(super) fn target_request(
        &self,
        target: &ObjectRef,
        state: &Loaded,
        events: Vec<OperationEvent>,
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
        Request { effects, ..Request::new(target.target_stream(), Expected::Exact(state.version), new) }
    }

    async fn seen(&self, target: &ObjectRef) -> Result<Option<Seen>, Error> {
        let last = self.store.last_of(target.observed_stream()).await?;
        Ok(match last.map(|recorded| recorded.event) {
            Some(Event::Observed(event)) => event.seen(),
            _ => None,
        })
    }

    pub(super) async fn must_exist(&self, cluster: &ClusterId, namespace: &str) -> Result<(), Error> {
        let object = ObjectRef {
            cluster: cluster.clone(),
            kind: Resource::NAMESPACE,
            namespace: None,
            name: namespace.to_owned(),
        };
        let asked = tokio::time::timeout(PATIENCE, self.store.last_of(object.observed_stream()));
        let last = asked.await.map_err(|_| late(false))??;
        let exists = matches!(
            last.map(|recorded| recorded.event),
            Some(Event::Observed(ObservedEvent::NamespaceObserved { .. }))
        );
        if exists {
            return Ok(());
        }
        let message = format!("there is no namespace {namespace:?} in cluster {cluster}: create it first");
        Err(Refusal::new(Rule::NotFound, "manifest.metadata.namespace", message).into())
    }
}

/// What a caller is told for whom the log answers too late. A wish that was sent is not called undone: whoever asks again with
/// its key is told what became of it.
fn late(is_sent: bool) -> Error {
    if is_sent {
        return AppendError::Unknown.into();
    }
    let message =
        "the event log answers too slowly: nothing was done by this attempt, try again with the same idempotency key";
    Error::Unavailable { message: message.to_owned() }
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
