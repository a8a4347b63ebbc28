//! Commands about many objects at once, and what the worker of a batch asks in its name: the operations of its members.

use super::{
    Dispatcher, Executed, Moment, Origin,
    guard::{Entry, PATIENCE, late},
};
use crate::{
    error::Error,
    log::{Guard, Keyed, load},
};
use domain::{
    core::{
        actor::Actor,
        canonical::canonical,
        decider::Decider,
        envelope::Metadata,
        event::{Event, Recorded},
        ids::{BatchId, CommandId, OperationId},
        message::{Code, FREE_TEXT},
        refusal::{ErrorCode, Refusal},
    },
    operation::{
        Failure, OperationState, TargetCommand,
        batch::{Batch, BatchCommand, Member, Report, Wanted},
        queue::Target,
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    future::ready,
    sync::{Arc, atomic::AtomicBool},
};
use uuid::Uuid;

/// An accepted batch. Its members are requested from now on.
#[derive(Clone, Debug)]
pub struct BatchReceipt {
    pub batch: BatchId,
    /// The position of the last event of this request.
    pub position: i64,
    /// The events that this call appended. Empty if there was nothing to do, or if the request is a repetition.
    pub events: Vec<Recorded>,
}

impl BatchReceipt {
    fn of(batch: BatchId, executed: Executed) -> Self {
        Self { batch, position: executed.position, events: executed.events }
    }
}

/// Who asks for the operations of a batch: its author, for the process that holds its effect.
pub(crate) struct Requester<'a> {
    pub batch: BatchId,
    /// That of the event with which the batch was requested.
    pub metadata: &'a Metadata,
    /// The fence of the claim. A request with an older fence is dropped.
    pub fence: i64,
}

/// What came of the request for one member.
pub(crate) enum Asked {
    Requested,
    /// It was requested before.
    Before,
    Refused(Failure),
    /// Another process holds the batch.
    Fenced,
}

impl Dispatcher {
    /// Requests operations on many objects as one batch.
    pub async fn request_batch(&self, origin: Origin, members: Vec<Wanted>) -> Result<BatchReceipt, Error> {
        let request = json!({"members": members});
        self.request_prepared_batch(origin, &request, Ok(members)).await
    }

    /// Requests what was made of `request`, which identifies a repetition with the same idempotency key, also when it would be
    /// refused by now.
    pub(crate) async fn request_prepared_batch(
        &self,
        origin: Origin,
        request: &Value,
        members: Result<Vec<Wanted>, Refusal>,
    ) -> Result<BatchReceipt, Error> {
        for member in members.iter().flatten() {
            self.must_be_operable(&member.target, &member.intent)?;
        }
        self.start_batch(origin, request, members, None).await
    }

    /// Requests again what did not succeed in a batch that has ended, as a new batch.
    pub async fn retry_batch(&self, origin: Origin, of: BatchId) -> Result<BatchReceipt, Error> {
        let members = self.in_time(self.batch(of)).await?.to_retry()?;
        for member in &members {
            self.must_be_operable(&member.target, &member.intent)?;
        }
        self.start_batch(origin, &json!({"retry": of}), Ok(members), Some(of)).await
    }

    /// Cancels a batch: nothing more is requested, and the operations that run are cancelled. Cancelling twice does nothing.
    pub async fn cancel_batch(&self, origin: Origin, batch: BatchId) -> Result<BatchReceipt, Error> {
        let request = json!({"cancel": batch});
        let command = |_: Moment| ready(Ok(BatchCommand::Cancel { batch }));
        let executed = self.execute::<Batch, _>(origin, &batch, &request, command).await?;
        Ok(BatchReceipt::of(batch, executed))
    }

    async fn start_batch(
        &self,
        origin: Origin,
        request: &Value,
        members: Result<Vec<Wanted>, Refusal>,
        retry_of: Option<BatchId>,
    ) -> Result<BatchReceipt, Error> {
        let batch = match (&origin.actor, origin.idempotency_key) {
            (Actor::User { id, .. }, Some(key)) => BatchId(CommandId::from_key(*id, key).0),
            _ => BatchId(Uuid::now_v7()),
        };
        let command = |_: Moment| {
            let members = members.clone().map_err(Error::from);
            ready(members.map(|members| BatchCommand::Request { batch, members, retry_of }))
        };
        let executed = self.execute::<Batch, _>(origin, &batch, request, command).await?;
        Ok(BatchReceipt::of(batch, executed))
    }

    /// The batch as the log has it now.
    async fn batch(&self, id: BatchId) -> Result<Batch, Error> {
        let loaded = self.cache.get::<Batch>(Batch::stream(&id));
        let mut state = loaded.lock().await;
        state.stale = true;
        self.cache.refresh(&self.store, &mut state).await?;
        Ok(state.state.clone())
    }

    /// Requests the operation of a member. The same member of a batch is requested once, however often this is called.
    pub(crate) async fn ask(&self, requester: &Requester<'_>, member: &Member) -> Result<Asked, Error> {
        if member.intent.is_forgotten() {
            let message = Code::ManifestForgotten.message([]);
            return Ok(Asked::Refused(Failure { code: ErrorCode::Invalid, message, cause: None }));
        }
        let asked = tokio::time::timeout(PATIENCE, Box::pin(self.ask_member(requester, member))).await;
        match asked.unwrap_or_else(|_| Err(late(true))) {
            Ok(Some(executed)) if executed.events.is_empty() => Ok(Asked::Before),
            Ok(Some(_)) => Ok(Asked::Requested),
            Ok(None) => Ok(Asked::Fenced),
            Err(Error::Refused(refusal)) => Ok(Asked::Refused(failure(refusal))),
            // Each member ends, also one whose request meets a fault of ours.
            Err(Error::Internal(detail)) => {
                tracing::error!(operation = %member.operation, detail, "batch.member_not_requested");
                let message = Code::RequestRejected.message([(FREE_TEXT, detail.into())]);
                Ok(Asked::Refused(Failure { code: ErrorCode::Internal, message, cause: None }))
            }
            Err(error @ (Error::Unavailable { .. } | Error::SessionEnded)) => Err(error),
        }
    }

    async fn ask_member(&self, requester: &Requester<'_>, member: &Member) -> Result<Option<Executed>, Error> {
        self.must_be_whole()?;
        let Requester { batch, metadata, fence } = *requester;
        self.must_be_operable(&member.target, &member.intent)?;
        let (operation, target, kind) = (member.operation, &member.target, &member.target.kind);
        let command = CommandId(operation.0);
        let request = json!({"batch": batch, "target": target.id()});
        let keyed = Keyed { command, request_hash: Sha256::digest(canonical(&request)?).to_vec(), result: json!({}) };
        let metadata = Metadata {
            cluster: Some(target.cluster.clone()),
            batch: Some(batch),
            correlation: None,
            causation: None,
            ..metadata.clone()
        };
        let guard = Some(Guard { operation: batch.as_operation(), fence });
        // The session may have ended since: the batch was accepted.
        let entry = Entry { command, metadata, keyed: Some(keyed), session: None, guard, values: None };
        let decided_with = |Moment { deadline, .. }: Moment| {
            let (intent, expected_version) = (member.intent.clone(), member.expected_version.clone());
            async move {
                let (kind, seen) = (kind.clone(), self.seen(target).await?);
                Ok(match member.retry_of {
                    Some(of) => TargetCommand::Retry { operation, kind, of, seen, deadline },
                    None => TargetCommand::Request { operation, kind, intent, expected_version, seen, deadline },
                })
            }
        };
        self.accept::<Target, _>(&entry, target, decided_with, &AtomicBool::new(false)).await
    }

    /// The operations of these members that exist, with how they ended. None while they are open.
    pub(crate) async fn standing(
        &self,
        members: &[Arc<Member>],
    ) -> Result<BTreeMap<OperationId, Option<OperationState>>, Error> {
        let streams: Vec<String> = members.iter().map(|member| member.target.target_stream()).collect();
        let versions = load::versions(self.store.pool(), &streams).await?;
        let mut standing = BTreeMap::new();
        for (member, stream) in members.iter().zip(streams) {
            let Some(version) = versions.get(&stream) else { continue };
            let loaded = self.cache.get::<Target>(stream);
            let mut state = loaded.lock().await;
            state.stale |= state.version != *version;
            self.cache.refresh(&self.store, &mut state).await?;
            if let Some(operation) = state.state.find(member.operation) {
                let has_ended = state.state.has_ended(operation.id);
                standing.insert(operation.id, has_ended.then_some(operation.state));
            }
        }
        Ok(standing)
    }

    /// How an operation ended that its object does not keep any more. None if it has not.
    pub(crate) async fn ended_long_ago(&self, member: &Member) -> Result<Option<OperationState>, Error> {
        let events = self.store.stream_after(&member.target.target_stream(), 0).await?;
        let own = events.iter().rev().filter_map(|recorded| match &recorded.event {
            Event::Operation(event) if event.operation() == member.operation => Some(event),
            _ => None,
        });
        Ok(own.filter(|event| event.is_terminal()).find_map(|event| event.state_after()))
    }

    /// Records how the members of a batch are doing. Ok(false): another process holds it, or nothing has changed.
    pub(crate) async fn report_batch(&self, batch: BatchId, fence: i64, report: Report) -> Result<bool, Error> {
        let guard = Some(Guard { operation: batch.as_operation(), fence });
        let metadata = Metadata::by(Actor::system("executor"));
        let entry =
            Entry { command: CommandId(Uuid::now_v7()), metadata, keyed: None, session: None, guard, values: None };
        let command = |_: Moment| ready(Ok(BatchCommand::Report { batch, report: report.clone() }));
        let executed = self.accept::<Batch, _>(&entry, &batch, command, &AtomicBool::new(false)).await?;
        Ok(executed.is_some_and(|executed| !executed.events.is_empty()))
    }
}

/// A refusal as the end of a member.
fn failure(refusal: Refusal) -> Failure {
    let Refusal { code, message, reason, .. } = refusal;
    let message = reason.map_or_else(|| Code::RequestRejected.message([(FREE_TEXT, message.into())]), |reason| *reason);
    Failure { code, message, cause: None }
}
