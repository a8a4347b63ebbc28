//! A batch: many operations that are requested as one. Each member is an ordinary operation on its own object, in the stream
//! of that object.
//!
//! The members are requested group by group: what others need comes first, and a group begins when the one before it has
//! ended. The batch records how its groups came and went. How a member ends is recorded by its operation. [`order`] says what
//! needs what, and [`decide`] holds the rules.

mod decide;
pub mod order;
#[cfg(test)]
mod tests;

use crate::{
    access::Action,
    core::{
        decider::Decider,
        ids::{BatchId, ClusterId, OperationId},
        refusal::Refusal,
    },
    kubernetes::object::ObjectRef,
    operation::{
        effect::Reaction,
        event::{Failure, OperationState},
        verbs::Intent,
    },
};
use order::Group;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The maximum number of members.
pub const MAX_MEMBERS: usize = 500;

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The id that its operation has as soon as it is requested.
    pub operation: OperationId,
    pub target: ObjectRef,
    pub intent: Intent,
    pub group: Group,
    /// The version that the user saw, as text. None accepts any version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<String>,
    /// The operation of an earlier batch that this one retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<OperationId>,
}

/// All events of a batch. Stored in the stream `batch:<id>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BatchEvent {
    BatchRequested {
        batch: BatchId,
        /// The verb of its members.
        kind: String,
        cluster: ClusterId,
        total: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_of: Option<BatchId>,
    },
    /// These belong to it. Their values are sealed under one key: they are in one namespace, or there is one of them.
    BatchMembersAdded {
        batch: BatchId,
        members: Vec<Member>,
    },
    /// The members of the group are requested from now on.
    BatchGroupStarted {
        batch: BatchId,
        group: Group,
    },
    /// A rule refused the operation of a member, so there is none.
    BatchMemberRefused {
        batch: BatchId,
        operation: OperationId,
        target: ObjectRef,
        failure: Box<Failure>,
    },
    /// All operations of the group have ended.
    BatchGroupEnded {
        batch: BatchId,
        group: Group,
        /// Those that did not succeed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unsuccessful: Vec<OperationId>,
        /// The members that were not requested, because the batch was cancelled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_requested: Vec<OperationId>,
    },
    /// These are not requested, because something that they need failed.
    BatchMembersSkipped {
        batch: BatchId,
        members: Vec<OperationId>,
    },
    /// A user requested its cancellation: nothing more is requested, and what runs is cancelled.
    BatchCancelRequested {
        batch: BatchId,
    },
    BatchEnded {
        batch: BatchId,
    },
}

impl BatchEvent {
    pub const fn batch(&self) -> BatchId {
        match self {
            Self::BatchRequested { batch, .. }
            | Self::BatchMembersAdded { batch, .. }
            | Self::BatchGroupStarted { batch, .. }
            | Self::BatchMemberRefused { batch, .. }
            | Self::BatchGroupEnded { batch, .. }
            | Self::BatchMembersSkipped { batch, .. }
            | Self::BatchCancelRequested { batch }
            | Self::BatchEnded { batch } => *batch,
        }
    }

    /// An object that the event is about, if it is about any. All of them are sealed with it.
    pub fn target(&self) -> Option<&ObjectRef> {
        match self {
            Self::BatchMembersAdded { members, .. } => members.first().map(|member| &member.target),
            Self::BatchMemberRefused { target, .. } => Some(target),
            Self::BatchRequested { .. }
            | Self::BatchGroupStarted { .. }
            | Self::BatchGroupEnded { .. }
            | Self::BatchMembersSkipped { .. }
            | Self::BatchCancelRequested { .. }
            | Self::BatchEnded { .. } => None,
        }
    }

    /// The cluster, where the event says it.
    pub fn cluster(&self) -> Option<&ClusterId> {
        if let Self::BatchRequested { cluster, .. } = self {
            return Some(cluster);
        }
        self.target().map(|target| &target.cluster)
    }
}

/// The fold of a `batch:` stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// In the order in which they were added.
    pub members: Vec<Arc<Member>>,
    /// The group whose operations are requested now.
    pub group: Option<Group>,
    pub cancel_requested: bool,
    pub ended: bool,
    is_requested: bool,
    /// The groups that have ended.
    past: BTreeSet<Group>,
    /// The members whose operations did not succeed.
    unsuccessful: BTreeSet<OperationId>,
    /// The members that have no operation: refused, skipped, or not requested.
    without: BTreeSet<OperationId>,
    skipped: BTreeSet<OperationId>,
    refused: BTreeSet<OperationId>,
}

/// What is wanted of one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wanted {
    pub target: ObjectRef,
    pub intent: Intent,
    pub expected_version: Option<String>,
    pub retry_of: Option<OperationId>,
}

/// A command about one batch.
#[derive(Clone, Debug, PartialEq)]
pub enum BatchCommand {
    Request {
        batch: BatchId,
        members: Vec<Wanted>,
        retry_of: Option<BatchId>,
    },
    Cancel {
        batch: BatchId,
    },
    /// Report how the members of the current group are doing.
    Report {
        batch: BatchId,
        report: Report,
    },
}

/// How the members of the current group are doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Those whose operation was refused.
    pub refused: BTreeMap<OperationId, Failure>,
    /// The operations that exist, with how they ended. None while they are open.
    pub operations: BTreeMap<OperationId, Option<OperationState>>,
}

impl Batch {
    /// The members that may be requested now.
    pub fn current(&self) -> impl Iterator<Item = &Arc<Member>> {
        let members = self.group.into_iter().flat_map(move |group| self.of_group(group));
        members.filter(move |member| !self.ended && !self.refused.contains(&member.operation))
    }

    /// The members of a group that are not skipped.
    fn of_group(&self, group: Group) -> impl Iterator<Item = &Arc<Member>> {
        self.members.iter().filter(move |member| member.group == group && !self.skipped.contains(&member.operation))
    }

    fn has_succeeded(&self, member: &Member) -> bool {
        self.past.contains(&member.group)
            && !self.unsuccessful.contains(&member.operation)
            && !self.without.contains(&member.operation)
    }
}

/// The reaction to `event`.
pub fn react(state: &Batch, event: &BatchEvent) -> Reaction {
    let ask = |batch: BatchId| match state.members.first() {
        Some(first) => Reaction::AskMembers { batch, cluster: first.target.cluster.clone() },
        None => Reaction::Nothing,
    };
    match event {
        // Its members are known with this event, which follows the request in the same transaction. A cancellation takes the
        // effect away from the process that has it, so that it requests nothing more.
        BatchEvent::BatchMembersAdded { batch, .. } | BatchEvent::BatchCancelRequested { batch } => ask(*batch),
        BatchEvent::BatchEnded { batch } => Reaction::Withdraw(batch.as_operation()),
        BatchEvent::BatchRequested { .. }
        | BatchEvent::BatchGroupStarted { .. }
        | BatchEvent::BatchMemberRefused { .. }
        | BatchEvent::BatchGroupEnded { .. }
        | BatchEvent::BatchMembersSkipped { .. } => Reaction::Nothing,
    }
}

impl Decider for Batch {
    const CATEGORY: &'static str = "batch";
    type Id = BatchId;
    type State = Self;
    type Command = BatchCommand;
    type Event = BatchEvent;
    type Refusal = Refusal;

    fn key(id: &BatchId) -> String {
        id.to_string()
    }

    fn action(command: &BatchCommand) -> Action {
        match command {
            BatchCommand::Request { .. } => Action::Operate,
            BatchCommand::Cancel { .. } => Action::Cancel,
            BatchCommand::Report { .. } => Action::Report,
        }
    }

    fn decide(state: &Self, command: BatchCommand) -> Result<Vec<BatchEvent>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: &mut Self, event: &BatchEvent) {
        match event {
            BatchEvent::BatchRequested { .. } => state.is_requested = true,
            BatchEvent::BatchMembersAdded { members, .. } => {
                state.members.extend(members.iter().cloned().map(Arc::new));
            }
            BatchEvent::BatchGroupStarted { group, .. } => state.group = Some(*group),
            BatchEvent::BatchMemberRefused { operation, .. } => {
                state.refused.insert(*operation);
                state.without.insert(*operation);
            }
            BatchEvent::BatchGroupEnded { group, unsuccessful, not_requested, .. } => {
                state.group = None;
                state.past.insert(*group);
                state.unsuccessful.extend(unsuccessful);
                state.without.extend(not_requested);
            }
            BatchEvent::BatchMembersSkipped { members, .. } => {
                state.skipped.extend(members);
                state.without.extend(members);
            }
            BatchEvent::BatchCancelRequested { .. } => state.cancel_requested = true,
            BatchEvent::BatchEnded { .. } => {
                state.group = None;
                state.ended = true;
            }
        }
    }
}
