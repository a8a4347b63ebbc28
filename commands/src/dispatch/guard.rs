//! The checks of every command. It is recognised by its key, checked for rights, and decided on the newest state. Its
//! events and effects are appended while its session is open.

use super::{Dispatcher, Executed, Moment, Origin, aggregate::Aggregate, cache::Loaded};
use crate::{
    error::Error,
    failpoint::reach,
    log::{self, AppendError, Appended, Expected, Guard, Keyed, NewEffect, NewEvent, Request},
};
use domain::{
    access,
    core::{
        actor::Actor,
        canonical::canonical,
        decider::Decider,
        envelope::Metadata,
        ids::{ClusterId, CommandId, OperationId, SessionId},
        message::Code,
        planted::{Bug, is_planted},
        refusal::{ErrorCode, Refusal},
        sealing::{KeyScope, SealedValues},
    },
    kubernetes::secret,
    operation::{
        effect::{ASK_MEMBERS, Effect, Reaction},
        plan::Call,
        queue::Target,
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    future::ready,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use uuid::Uuid;

/// A caller gets an answer within this time. If everything is slow, the waits for a connection, for other commands on
/// the same aggregate, and for the log add up.
pub(super) const PATIENCE: Duration = Duration::from_millis(1900);
/// How often a command is decided again after another process appended first.
const TRIES: usize = 8;

/// The conditions under which a command is appended.
pub(super) struct Entry {
    pub command: CommandId,
    pub metadata: Metadata,
    pub keyed: Option<Keyed>,
    pub session: Option<SessionId>,
    /// With an outcome: the claim of the effect.
    pub guard: Option<Guard>,
    /// What the effect has and no event.
    pub values: Option<SealedValues>,
}

impl Dispatcher {
    /// Executes one command about the aggregate `id`. `request` identifies a repetition with the same idempotency key.
    /// `command` builds the command, once for each try.
    ///
    /// A refused command is [`Error::Refused`], an ended session [`Error::SessionEnded`]. [`Error::Unavailable`] comes
    /// within two seconds and says whether the command may have been accepted.
    pub async fn execute<A, F>(
        &self,
        origin: Origin,
        id: &A::Id,
        request: &Value,
        command: impl Fn(Moment) -> F,
    ) -> Result<Executed, Error>
    where
        A: Aggregate,
        F: Future<Output = Result<A::Command, Error>>,
    {
        self.execute_with::<A, F>(origin, id, request, None, command).await
    }

    /// The same for a command whose effect has values that no event has.
    pub(super) async fn execute_with<A, F>(
        &self,
        origin: Origin,
        id: &A::Id,
        request: &Value,
        values: Option<SealedValues>,
        command: impl Fn(Moment) -> F,
    ) -> Result<Executed, Error>
    where
        A: Aggregate,
        F: Future<Output = Result<A::Command, Error>>,
    {
        reach_in::<A>(None, "command.received");
        self.must_be_whole()?;
        let is_sent = AtomicBool::new(false);
        let entry = Entry { values, ..entry(origin, A::cluster(id), request)? };
        // Boxed, because callers parse deeply nested manifests on the same stack.
        let accepted = Box::pin(self.accept::<A, F>(&entry, id, command, &is_sent));
        let answer = tokio::time::timeout(PATIENCE, accepted).await;
        answer.unwrap_or_else(|_| Err(late(is_sent.load(Ordering::Relaxed))))?.ok_or_else(busy)
    }

    /// Refuses a person without a right to an aggregate, and records it. For what comes before a command.
    pub async fn must_allow(&self, origin: Origin, action: access::Action, stream: String) -> Result<(), Error> {
        self.must_be_whole()?;
        if access::allows(&origin.actor, action) {
            return Ok(());
        }
        let entry = entry(origin, None, &Value::Null)?;
        Err(self.forbidden(&entry.metadata, action, stream).await)
    }

    /// The stored hash reveals nothing without the key, and nobody can check a guess once the key is forgotten. Call it
    /// only for stored requests, because it makes a missing key.
    async fn hashed(&self, entry: &Entry, stream: &str) -> Result<Option<Keyed>, Error> {
        let Some(mut keyed) = entry.keyed.clone() else { return Ok(None) };
        let scope = KeyScope::of_stream(stream).or_else(|| entry.metadata.actor.key_scope());
        let keys = self.in_time(self.store.keys().of(&scope.into_iter().collect())).await?;
        let key = keys.into_values().next().ok_or_else(|| Error::Internal("a command of nobody".to_owned()))?;
        keyed.request_hash = key.hash(&keyed.request_hash)?.to_vec();
        Ok(Some(keyed))
    }

    /// The position of a command that was accepted under this idempotency key. None if none was.
    async fn answer_before(&self, entry: &Entry, stream: &str) -> Result<Option<i64>, Error> {
        if entry.keyed.is_none() {
            return Ok(None);
        }
        let Some((hash, result)) = log::load::answered(self.store.pool(), entry.command).await? else {
            return Ok(None);
        };
        let keyed = self.hashed(entry, stream).await?;
        let is_same = keyed.is_some_and(|keyed| keyed.request_hash == hash);
        repeated(is_same, &result).map(Some)
    }

    /// The same for a command that depends on nothing else.
    pub async fn command<A>(&self, origin: Origin, id: &A::Id, command: A::Command) -> Result<Executed, Error>
    where
        A: Aggregate<Command: Clone + Serialize>,
    {
        let request = json!({"stream": A::stream(id), "command": command});
        self.execute::<A, _>(origin, id, &request, |_| ready(Ok(command.clone()))).await
    }

    /// May be dropped at any time. `is_sent` is set as soon as the command may be in the log. None: another process
    /// holds the claim of [`Entry::guard`].
    pub(super) async fn accept<A, F>(
        &self,
        entry: &Entry,
        id: &A::Id,
        command: impl Fn(Moment) -> F,
        is_sent: &AtomicBool,
    ) -> Result<Option<Executed>, Error>
    where
        A: Aggregate,
        F: Future<Output = Result<A::Command, Error>>,
    {
        let loaded = self.cache.get::<A>(A::stream(id));
        let mut state = loaded.lock().await;
        let executed = |position, events| Ok(Some(Executed { command: entry.command, position, events }));
        for _ in 0..TRIES {
            let is_newest = self.cache.refresh(&self.store, &mut state).await?;
            let moment = Moment { command: entry.command, deadline: self.deadline().await? };
            let command = match command(moment).await {
                Ok(command) => command,
                // What a repetition is made of may have changed since the command was accepted.
                Err(Error::Refused(refusal)) => match self.answer_before(entry, &state.stream).await? {
                    Some(position) => return executed(position, Vec::new()),
                    None => return Err(refusal.into()),
                },
                Err(error) => return Err(error),
            };
            if !access::allows(&entry.metadata.actor, A::action(&command)) {
                return Err(self.forbidden(&entry.metadata, A::action(&command), A::stream(id)).await);
            }
            let decided = A::decide(&state.state, command);
            let is_nothing = decided.as_ref().map_or(true, Vec::is_empty);
            if is_nothing && !is_newest {
                // Another process may have appended: a refusal counts only for the newest state.
                state.stale = true;
                continue;
            }
            // A refused retry may repeat an accepted command, so look up its key first. The append recognises the key
            // of an accepted one.
            if is_nothing && let Some(position) = self.answer_before(entry, &state.stream).await? {
                return executed(position, Vec::new());
            }
            let events = decided.map_err(Into::into)?;
            if events.is_empty() {
                return executed(state.position, Vec::new());
            }
            let keyed = self.hashed(entry, &state.stream).await?;
            let request = Request { keyed, ..request::<A>(entry, id, &state, events)? };
            reach_in::<A>(entry.guard, "command.decided");
            state.stale = true;
            if is_planted(Bug::IntentNotAwaited) {
                let store = self.store.clone();
                tokio::spawn(async move { store.append(request).await });
                return executed(0, Vec::new());
            }
            is_sent.store(true, Ordering::Relaxed);
            match self.store.append(request.clone()).await.map_err(|error| self.not_appended(error))? {
                Appended::Done { version, position, recorded_at } => {
                    reach_in::<A>(entry.guard, "command.appended");
                    let events = request.recorded(version, position, recorded_at);
                    state.advance(&events);
                    return executed(position, events);
                }
                Appended::Duplicate { result } => return executed(repeated(true, &result)?, Vec::new()),
                Appended::Mismatch => return executed(repeated(false, &Value::Null)?, Vec::new()),
                Appended::SessionEnded => return Err(Error::SessionEnded),
                Appended::Fenced => return Ok(None),
                Appended::Conflict { .. } => is_sent.store(false, Ordering::Relaxed),
            }
        }
        Err(busy())
    }

    /// Refuses commands after a failover to a standby that lost events: later commands are missing from this log.
    pub(super) fn must_be_whole(&self) -> Result<(), Error> {
        if !self.store.has_regressed() {
            return Ok(());
        }
        let message = "the database has lost events that were acknowledged, so no command is accepted: bring back the one \
                       that has them, or look what is missing and restart the gateways";
        Err(Error::Unavailable { message: message.to_owned() })
    }

    /// The error for a failed append.
    fn not_appended(&self, error: AppendError) -> Error {
        match error {
            // The event may be in a log that is restored later.
            AppendError::Unknown => error.into(),
            AppendError::Unavailable | AppendError::Refused | AppendError::KeyDeleted => {
                self.must_be_whole().err().unwrap_or_else(|| error.into())
            }
        }
    }

    /// Reads from the log within the time limit of a command.
    pub(super) async fn in_time<T, E: Into<Error>>(
        &self,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Error> {
        tokio::time::timeout(PATIENCE, read).await.map_err(|_| late(false))?.map_err(Into::into)
    }
}

/// The id of the command and, with an idempotency key, what identifies a repetition.
pub(super) fn entry(origin: Origin, cluster: Option<ClusterId>, request: &Value) -> Result<Entry, Error> {
    let Origin { actor, session, reason, request: api_request, idempotency_key } = origin;
    if let Some(rule) = reason.as_deref().and_then(secret::in_text) {
        let found = Code::SecretInReason.message([("secret", rule.message().into())]);
        return Err(Refusal::because(ErrorCode::Invalid, "reason", found).into());
    }
    let (command, keyed) = match (idempotency_key, &actor) {
        (Some(key), Actor::User { id: user, .. }) => {
            let command = CommandId::from_key(*user, key);
            let hash = Sha256::digest(canonical(&json!({"request": request, "reason": reason}))?).to_vec();
            (command, Some(Keyed { command, request_hash: hash, result: json!({}) }))
        }
        _ => (CommandId(Uuid::now_v7()), None),
    };
    let metadata = Metadata { cluster, reason, request: api_request, ..Metadata::by(actor) };
    let session = session.filter(|_| !is_planted(Bug::EndedSessionForgotten));
    Ok(Entry { command, metadata, keyed, session, guard: None, values: None })
}

fn request<A: Aggregate>(
    entry: &Entry,
    id: &A::Id,
    state: &Loaded<A>,
    events: Vec<A::Event>,
) -> Result<Request, serde_json::Error> {
    let mut after = state.state.clone();
    let mut effects: Vec<(OperationId, Option<NewEffect>)> = Vec::new();
    let mut new = Vec::with_capacity(events.len());
    for (ordinal, event) in events.into_iter().enumerate() {
        A::evolve(&mut after, &event);
        let reaction = match A::react(id, &after, &event) {
            Reaction::Nothing => None,
            Reaction::Perform(mut effect) => {
                if let Call::SecretData { values, .. } = &mut effect.action {
                    values.clone_from(&entry.values);
                }
                Some((effect.operation, Some(to_be_stored(&effect)?)))
            }
            Reaction::AskMembers { batch, cluster } => Some((batch.as_operation(), Some(members_of(cluster)))),
            Reaction::Withdraw(operation) => Some((operation, None)),
        };
        if let Some(reaction) = reaction {
            effects.retain(|(operation, _)| *operation != reaction.0);
            effects.push(reaction);
        }
        let metadata = Metadata {
            correlation: A::correlation(&event),
            causation: (ordinal > 0).then(|| entry.command.event(0)),
            // The first event is about the operation that made them. Another one may be the start of the next.
            calls: if ordinal == 0 { entry.metadata.calls.clone() } else { Vec::new() },
            ..entry.metadata.clone()
        };
        new.push(NewEvent { id: entry.command.event(ordinal), event: event.into(), metadata });
    }
    let mut request = Request::new(state.stream.clone(), Expected::Exact(state.version), new);
    request.session = entry.session;
    request.guard = entry.guard;
    request.effects = effects;
    Ok(request)
}

/// The effect of a batch. It is due until the batch has ended: only the operations of the members have deadlines.
fn members_of(cluster: ClusterId) -> NewEffect {
    NewEffect { cluster, stage: ASK_MEMBERS, body: json!({"deadline": "9999-12-31T00:00:00Z"}) }
}

/// An effect as the log takes it.
pub fn to_be_stored(effect: &Effect) -> Result<NewEffect, serde_json::Error> {
    let (cluster, stage) = (effect.target.cluster.clone(), effect.stage.as_str());
    Ok(NewEffect { cluster, stage, body: serde_json::to_value(effect)? })
}

/// Lets a test kill the process here during a request, but not during the report of an outcome.
fn reach_in<A: Aggregate>(guard: Option<Guard>, point: &str) {
    if A::CATEGORY == Target::CATEGORY && guard.is_none() {
        reach(point);
    }
}

fn busy() -> Error {
    Error::Unavailable { message: "too many people change this object at once: nothing was done, try again".to_owned() }
}

/// The error if the log answers too late. A sent command is not reported as undone. A retry with the same key returns
/// its outcome.
pub(super) fn late(is_sent: bool) -> Error {
    if is_sent {
        return AppendError::Unknown.into();
    }
    let message =
        "the event log answers too slowly: nothing was done by this attempt, try again with the same idempotency key";
    Error::Unavailable { message: message.to_owned() }
}

/// The position of a command when it was accepted.
fn repeated(same_request: bool, result: &Value) -> Result<i64, Error> {
    if !same_request {
        return Err(Refusal::because(ErrorCode::Conflict, "idempotencyKey", Code::KeyUsed.message([])).into());
    }
    Ok(result["position"].as_i64().unwrap_or_default())
}
