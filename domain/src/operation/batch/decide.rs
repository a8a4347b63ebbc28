//! The rules of a batch: one function for each command.

use super::{
    Batch, BatchCommand, BatchEvent, MAX_MEMBERS, Member, Report, Wanted,
    order::{self, Group},
};
use crate::{
    core::{
        decider::Decider,
        ids::{BatchId, OperationId},
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
        sealing::KeyScope,
    },
    operation::event::OperationState,
};
use std::{collections::BTreeSet, sync::Arc};

pub(super) fn decide(state: &Batch, command: BatchCommand) -> Result<Vec<BatchEvent>, Refusal> {
    match command {
        BatchCommand::Request { batch, members, retry_of } => request(state, batch, members, retry_of),
        BatchCommand::Cancel { batch } => cancel(state, batch),
        BatchCommand::Report { batch, report } => Ok(report_of(state, batch, &report)),
    }
}

fn invalid(field: &str, reason: Message) -> Refusal {
    Refusal::because(ErrorCode::Invalid, field, reason)
}

fn request(
    state: &Batch,
    batch: BatchId,
    wanted: Vec<Wanted>,
    retry_of: Option<BatchId>,
) -> Result<Vec<BatchEvent>, Refusal> {
    let members = members(batch, wanted)?;
    if state.is_requested {
        return repeated(state, &members);
    }
    let Some(first) = members.first() else { return Err(invalid("members", Code::BatchEmpty.message([]))) };
    let (kind, cluster) = (first.intent.verb().to_owned(), first.target.cluster.clone());
    let total = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let start = order::groups(&members.iter().collect::<Vec<_>>()).first().copied();
    let mut events = vec![BatchEvent::BatchRequested { batch, kind, cluster, total, retry_of }];
    events.extend(by_scope(members).into_iter().map(|members| BatchEvent::BatchMembersAdded { batch, members }));
    events.extend(start.map(|group| BatchEvent::BatchGroupStarted { batch, group }));
    Ok(events)
}

fn members(batch: BatchId, wanted: Vec<Wanted>) -> Result<Vec<Member>, Refusal> {
    if wanted.len() > MAX_MEMBERS {
        let size = [("count", wanted.len().into()), ("most", MAX_MEMBERS.into())];
        return Err(invalid("members", Code::BatchTooLarge.message(size)));
    }
    let mut known = BTreeSet::new();
    let member = |Wanted { target, intent, expected_version, retry_of }| {
        let (operation, group) = (batch.operation(&target.id()), Group::of(&target.kind));
        if !known.insert(operation) {
            let object = target.to_string().into();
            return Err(invalid("members", Code::BatchRepeats.message([("object", object)])));
        }
        Ok(Member { operation, target, intent, group, expected_version, retry_of })
    };
    wanted.into_iter().map(member).collect()
}

/// A command whose batch is there already: a repetition, or another command under the same idempotency key, which was used so
/// long ago that the key itself is no longer kept.
fn repeated(state: &Batch, members: &[Member]) -> Result<Vec<BatchEvent>, Refusal> {
    let is_known = |member: &Member| {
        let known = state.members.iter().find(|known| known.operation == member.operation);
        known.is_some_and(|known| known.intent == member.intent)
    };
    if state.members.len() == members.len() && members.iter().all(is_known) {
        return Ok(Vec::new());
    }
    Err(Refusal::because(ErrorCode::Conflict, "idempotencyKey", Code::KeyUsed.message([])))
}

/// The maximum number of members in one event.
const PER_EVENT: usize = 20;

/// The members, by what seals them.
fn by_scope(members: Vec<Member>) -> Vec<Vec<Member>> {
    let mut parts: Vec<(KeyScope, Vec<Member>)> = Vec::new();
    for member in members {
        let scope = KeyScope::of_object(&member.target.path());
        match parts.iter_mut().find(|(of, part)| *of == scope && part.len() < PER_EVENT) {
            Some((_, part)) => part.push(member),
            None => parts.push((scope, vec![member])),
        }
    }
    parts.into_iter().map(|(_, members)| members).collect()
}

fn cancel(state: &Batch, batch: BatchId) -> Result<Vec<BatchEvent>, Refusal> {
    if !state.is_requested {
        return Err(Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchBatch.message([])));
    }
    match (state.cancel_requested, state.ended) {
        (true, _) => Ok(Vec::new()),
        (false, true) => Err(invalid("id", Code::EndedAlready.message([]))),
        (false, false) => Ok(vec![BatchEvent::BatchCancelRequested { batch }]),
    }
}

impl Batch {
    fn all(&self) -> Vec<&Member> {
        self.members.iter().map(Arc::as_ref).collect()
    }

    /// What a retry asks for: the members that did not succeed. Those that had an operation retry it.
    pub fn to_retry(&self) -> Result<Vec<Wanted>, Refusal> {
        if !self.is_requested {
            return Err(Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchBatch.message([])));
        }
        if !self.ended {
            return Err(invalid("id", Code::RetryNotEnded.message([])));
        }
        let failed: Vec<&Arc<Member>> = self.members.iter().filter(|member| !self.has_succeeded(member)).collect();
        if failed.is_empty() {
            return Err(invalid("id", Code::RetrySucceeded.message([])));
        }
        if failed.iter().any(|member| member.intent.is_forgotten()) {
            return Err(invalid("id", Code::RetryErased.message([])));
        }
        let wanted = |member: &Arc<Member>| Wanted {
            target: member.target.clone(),
            intent: member.intent.clone(),
            // What the user saw then is not what is there now.
            expected_version: None,
            retry_of: self.unsuccessful.contains(&member.operation).then_some(member.operation).or(member.retry_of),
        };
        Ok(failed.into_iter().map(wanted).collect())
    }
}

fn report_of(state: &Batch, batch: BatchId, report: &Report) -> Vec<BatchEvent> {
    let Some(group) = state.group else { return Vec::new() };
    let mut after = state.clone();
    let mut events = Vec::new();
    let mut add = |after: &mut Batch, event: BatchEvent| {
        Batch::evolve(after, &event);
        events.push(event);
    };
    let refused = state.current().filter_map(|member| Some((member, report.refused.get(&member.operation)?)));
    for (member, failure) in refused {
        let (operation, target, failure) = (member.operation, member.target.clone(), failure.clone());
        add(&mut after, BatchEvent::BatchMemberRefused { batch, operation, target, failure: failure.into() });
    }
    let Some(ended) = ended(&after, batch, group, report) else { return events };
    add(&mut after, ended);
    if !after.cancel_requested {
        let members = needless(&after);
        if !members.is_empty() {
            add(&mut after, BatchEvent::BatchMembersSkipped { batch, members });
        }
        if let Some(group) = next(&after) {
            add(&mut after, BatchEvent::BatchGroupStarted { batch, group });
            return events;
        }
    }
    add(&mut after, BatchEvent::BatchEnded { batch });
    events
}

/// The end of the group, if each of its members has come to an end. A member that was not requested before the cancellation
/// never will be.
fn ended(state: &Batch, batch: BatchId, group: Group, report: &Report) -> Option<BatchEvent> {
    let (mut unsuccessful, mut not_requested) = (Vec::new(), Vec::new());
    for member in state.current() {
        match report.operations.get(&member.operation) {
            Some(Some(OperationState::Succeeded)) => {}
            // Also an unknown one: its cluster was removed during a call.
            Some(Some(_)) => unsuccessful.push(member.operation),
            None if state.cancel_requested => not_requested.push(member.operation),
            Some(None) | None => return None,
        }
    }
    Some(BatchEvent::BatchGroupEnded { batch, group, unsuccessful, not_requested })
}

/// The members of later groups that need one that failed, or one that needs such a one.
fn needless(state: &Batch) -> Vec<OperationId> {
    let needs = order::needs(&state.all());
    let has_failed =
        |member: &Member| state.unsuccessful.contains(&member.operation) || state.without.contains(&member.operation);
    let failed = state.members.iter().enumerate().filter(|(_, member)| has_failed(member));
    let mut lost: BTreeSet<usize> = failed.map(|(place, _)| place).collect();
    let mut skipped = Vec::new();
    for group in order::groups(&state.all()).into_iter().filter(|group| !state.past.contains(group)) {
        for (place, member) in state.members.iter().enumerate().filter(|(_, member)| member.group == group) {
            if !needs[place].is_disjoint(&lost) && lost.insert(place) {
                skipped.push(member.operation);
            }
        }
    }
    skipped
}

/// The next group with a member that is not skipped.
fn next(state: &Batch) -> Option<Group> {
    let mut later = order::groups(&state.all()).into_iter().filter(|group| !state.past.contains(group));
    later.find(|group| state.of_group(*group).next().is_some())
}
