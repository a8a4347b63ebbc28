//! Requests the members of batches, group by group, and records when a group has ended. Each turn claims a batch anew, so a
//! process that dies leaves it to another one after the lease.
//!
//! Promises that each member is requested once, also across crashes, and that nothing is requested after the end of a batch:
//! each request names its member as the command and carries the fence of the claim. Tested in tests/flow/batch.rs and
//! tests/crash/batches.rs.

use super::queue::{BatchClaim, Queue};
use crate::{
    dispatch::{Asked, Dispatcher, Origin, Requester},
    error::Error,
    failpoint::reach,
    kubernetes::registry::Registry,
    log::EventStore,
};
use domain::{
    core::{decider::Decider, envelope::Metadata, event::Event, ids::BatchId},
    operation::batch::{Batch, BatchEvent, Member, Report},
};
use futures::{StreamExt, future::join_all, stream};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often a batch is looked at.
const PACE: Duration = Duration::from_millis(250);
/// The maximum number of batches in one turn.
const BATCHES: i64 = 16;
/// The maximum number of members that are requested in one step, and of those at a time. A step ends long before the lease.
const MEMBERS: usize = 64;
const AT_ONCE: usize = 16;
/// The maximum number of steps that follow each other at once.
const STEPS: usize = 8;
/// How many batches are kept in memory. Another one is read from the log in each turn.
const KEPT: usize = 64;

/// Advances batches until it is stopped.
pub struct Batches {
    pub dispatcher: Dispatcher,
    pub store: EventStore,
    pub queue: Queue,
    pub registry: Registry,
}

/// A batch as this process has read it. A stale one only delays: the log decides.
#[derive(Default)]
struct Opened {
    state: Batch,
    version: i64,
    /// Of the request.
    requested: Option<Metadata>,
    /// Of the cancellation.
    cancelled: Option<Metadata>,
    /// The number of deletions of keys when it was read. It may hold values forgotten since.
    forgotten: u64,
}

impl Batches {
    pub async fn run(self, shutdown: CancellationToken) {
        let mut opened: HashMap<BatchId, Opened> = HashMap::new();
        loop {
            match self.claim().await {
                Ok(claims) => {
                    let turns = claims.into_iter().map(|claim| {
                        let opened = opened.remove(&claim.batch);
                        self.turn(claim, opened)
                    });
                    let advanced = join_all(turns.collect::<Vec<_>>()).await;
                    // Those that another process has by now would stay for ever.
                    if opened.len() > KEPT {
                        opened.clear();
                    }
                    opened.extend(advanced.into_iter().flatten());
                }
                Err(error) => tracing::debug!(%error, "batches.no_claim"),
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Claims batches. Those of clusters that this process cannot call are left to others, which may.
    async fn claim(&self) -> Result<Vec<BatchClaim>, Error> {
        let out_of_reach = self.registry.out_of_reach().await;
        let acknowledged = self.store.last_acknowledged();
        let mut claims = self.queue.claim_batches(BATCHES, PACE, acknowledged, &out_of_reach).await?;
        let is_new =
            |claim: &BatchClaim| !self.registry.knows(&claim.cluster) && !out_of_reach.contains(&claim.cluster);
        if claims.iter().any(is_new) {
            // A batch may come sooner than the look at the log that shows its cluster.
            self.registry.refresh().await?;
            let out_of_reach = self.registry.out_of_reach().await;
            claims.retain(|claim| !is_new(claim) || !out_of_reach.contains(&claim.cluster));
        }
        Ok(claims)
    }

    /// Advances a batch as far as it goes now. None once it has ended, or if it could not be read.
    async fn turn(&self, claim: BatchClaim, opened: Option<Opened>) -> Option<(BatchId, Opened)> {
        reach("batch.claimed");
        let mut opened = opened.unwrap_or_default();
        for _ in 0..STEPS {
            match self.step(&claim, &mut opened).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(batch = %claim.batch, %error, "batch.not_advanced");
                    return None;
                }
            }
        }
        (!opened.state.ended).then_some((claim.batch, opened))
    }

    /// Requests what can be requested and records what has ended. Whether more can be done at once.
    async fn step(&self, claim: &BatchClaim, opened: &mut Opened) -> Result<bool, Error> {
        opened.read_on(&self.store, claim.batch).await?;
        let members: Vec<Arc<Member>> = opened.state.current().cloned().collect();
        let mut report = Report { operations: self.dispatcher.standing(&members).await?, ..Report::default() };
        let is_asked = |member: &&Arc<Member>| report.operations.contains_key(&member.operation);
        let is_open = |member: &&Arc<Member>| report.operations.get(&member.operation) == Some(&None);
        let (missing, open): (Vec<_>, Vec<_>) = (
            members.iter().filter(|member| !is_asked(member)).cloned().collect(),
            members.iter().filter(is_open).cloned().collect(),
        );
        let mut has_more = false;
        if opened.state.cancel_requested {
            self.cancel(opened.cancelled.as_ref(), &open).await;
        } else if let Some(metadata) = &opened.requested {
            let requester = Requester { batch: claim.batch, metadata, fence: claim.fence };
            has_more = missing.len() > MEMBERS;
            if !self.ask(&requester, &missing[..missing.len().min(MEMBERS)], &mut report).await? {
                return Ok(false);
            }
        }
        reach("batch.reporting");
        let has_moved = self.dispatcher.report_batch(claim.batch, claim.fence, report).await?;
        if has_moved {
            reach("batch.reported");
        }
        Ok(has_moved || has_more)
    }

    /// Requests these members. Ok(false): another process holds the batch.
    async fn ask(
        &self,
        requester: &Requester<'_>,
        members: &[Arc<Member>],
        report: &mut Report,
    ) -> Result<bool, Error> {
        let asking = members.iter().cloned().map(|member| async move {
            reach("batch.asking");
            let asked = self.dispatcher.ask(requester, &member).await;
            reach("batch.asked");
            (member, asked)
        });
        let asked: Vec<_> = stream::iter(asking).buffer_unordered(AT_ONCE).collect().await;
        for (member, asked) in asked {
            match asked {
                Ok(Asked::Requested) => {
                    report.operations.insert(member.operation, None);
                }
                Ok(Asked::Before) => {
                    let ended = self.dispatcher.ended_long_ago(&member).await?;
                    report.operations.insert(member.operation, ended);
                }
                Ok(Asked::Refused(failure)) => {
                    report.refused.insert(member.operation, failure);
                }
                Ok(Asked::Fenced) => return Ok(false),
                // The next turn asks again.
                Err(error) => tracing::debug!(operation = %member.operation, %error, "batch.member_waits"),
            }
        }
        Ok(true)
    }

    /// Cancels these operations for whoever cancelled the batch. One that has just ended needs no cancellation.
    async fn cancel(&self, by: Option<&Metadata>, members: &[Arc<Member>]) {
        let Some(by) = by else { return };
        for member in members {
            let (reason, request) = (by.reason.clone(), by.request.clone());
            let origin = Origin { reason, request, ..Origin::by(by.actor.clone()) };
            let cancelled = self.dispatcher.cancel(origin, member.target.clone(), member.operation).await;
            if let Err(error) = cancelled {
                tracing::debug!(operation = %member.operation, %error, "batch.member_not_cancelled");
            }
        }
    }
}

impl Opened {
    /// Reads the events since.
    async fn read_on(&mut self, store: &EventStore, batch: BatchId) -> Result<(), Error> {
        let forgotten = *store.keys().forgotten().borrow();
        if self.forgotten != forgotten {
            *self = Self { forgotten, ..Self::default() };
        }
        for recorded in store.stream_after(&Batch::stream(&batch), self.version).await? {
            self.version = recorded.version;
            let Event::Batch(event) = &recorded.event else { continue };
            Batch::evolve(&mut self.state, event);
            match event {
                BatchEvent::BatchRequested { .. } => self.requested = Some(recorded.metadata),
                BatchEvent::BatchCancelRequested { .. } => self.cancelled = Some(recorded.metadata),
                BatchEvent::BatchMembersAdded { .. }
                | BatchEvent::BatchGroupStarted { .. }
                | BatchEvent::BatchMemberRefused { .. }
                | BatchEvent::BatchGroupEnded { .. }
                | BatchEvent::BatchMembersSkipped { .. }
                | BatchEvent::BatchEnded { .. } => {}
            }
        }
        Ok(())
    }
}
