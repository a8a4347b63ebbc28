//! The executor claims due effects, performs them and reports the outcomes to the dispatcher. A claim has a lease and a
//! fence. If this process dies, another one claims the effect after the lease and reads the object before it repeats a
//! call. Late reports of this process are then refused.
//!
//! [`batches`] requests the members of batches in the same way: their effect calls no cluster.

pub mod batches;
pub mod breaker;
pub mod perform;
pub mod queue;

use crate::{
    dispatch::{Dispatcher, Reported},
    failpoint::reach,
    kubernetes::{Clusters, Error as ClusterError, calls, identity::Identities, pause},
    log::EventStore,
};
use breaker::Breakers;
use domain::{
    core::{
        ids::{ClusterId, OperationId},
        message::{Code, FREE_TEXT, Message},
        planted::{Bug, is_planted},
        refusal::ErrorCode,
    },
    kubernetes::{cause::Cause, object::ObjectRef},
    operation::{Done, Failure, Outcome, effect::Recovery},
};
use perform::{Held, Performer, Progress};
use queue::{Claim, Queue};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Notify, broadcast},
    task::{AbortHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;

/// The maximum of concurrent calls in one cluster, so that a slow cluster does not starve the others. Waiting stages do
/// not count: they hold no connection.
const PER_CLUSTER: usize = 256;
/// How many operations of a removed cluster are ended at a time. No call is made for them.
const OF_A_REMOVED: i64 = 32;
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How often old idempotency keys are deleted.
const PRUNE: Duration = Duration::from_secs(3600);
/// How often the executor checks whether the log needs another partition.
const ROOM: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(500);
/// How long a graceful stop waits for running calls.
const GRACE: Duration = Duration::from_secs(20);
const BACKOFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// The maximum accepted `Retry-After`.
const RETRY_AFTER: Duration = Duration::from_secs(300);

/// Performs effects until it is stopped.
pub struct Executor {
    pub dispatcher: Dispatcher,
    pub store: EventStore,
    pub clusters: Clusters,
    pub queue: Queue,
    /// Woken after each append in this process.
    pub wake: Arc<Notify>,
    pub hints: broadcast::Sender<ObjectRef>,
    pub breakers: Breakers,
    pub identities: Identities,
}

/// The running effects, by operation.
type Running = Arc<Mutex<HashMap<OperationId, Started>>>;

struct Started {
    fence: i64,
    cluster: ClusterId,
    waits: bool,
    /// Whether its cluster was there when it started.
    has_cluster: bool,
    task: AbortHandle,
}

impl Executor {
    pub async fn run(self, shutdown: CancellationToken) {
        let executor = Arc::new(self);
        let running = Running::default();
        let mut tasks = JoinSet::new();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let mut prune = tokio::time::interval(PRUNE);
        let mut room = tokio::time::interval(ROOM);
        let mut resting = HashSet::new();
        loop {
            let free = executor.free(&running);
            match executor.queue.claim(&free, executor.store.last_acknowledged()).await {
                Ok(claims) => claims.into_iter().for_each(|claim| executor.start(claim, &running, &mut tasks)),
                Err(error) => tracing::debug!(%error, "executor.no_claim"),
            }
            tokio::select! {
                () = executor.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = heartbeat.tick() => {
                    executor.stop_removed(&running).await;
                    executor.keep(&running).await;
                    executor.report_waiting(&mut resting).await;
                }
                _ = prune.tick() => executor.prune().await,
                _ = room.tick() => executor.store.make_room().await,
                () = shutdown.cancelled() => break,
            }
            while tasks.try_join_next().is_some() {}
        }
        executor.stop(&running, tasks).await;
    }

    /// How many more effects each cluster may take. A cluster with an open circuit is missing here: only its overdue
    /// effects are claimed, to end them.
    fn free(&self, running: &Running) -> Vec<(ClusterId, i64)> {
        let (running, now) = (lock(running), Instant::now());
        let busy =
            |cluster: &ClusterId| running.values().filter(|held| !held.waits && &held.cluster == cluster).count();
        let share = |cluster: &ClusterId| {
            let allowed = self.breakers.allow(cluster, PER_CLUSTER, now);
            (allowed > 0).then(|| (cluster.clone(), allowed.saturating_sub(busy(cluster)) as i64))
        };
        let known = self.clusters.ids();
        let removed = self.clusters.removed().into_iter().map(|cluster| (cluster, OF_A_REMOVED));
        known.iter().filter_map(share).chain(removed).collect()
    }

    fn start(self: &Arc<Self>, claim: Claim, running: &Running, tasks: &mut JoinSet<()>) {
        let (operation, fence) = (claim.effect.operation, claim.fence);
        let (cluster, waits) = (claim.effect.target.cluster.clone(), claim.effect.stage.waits());
        let (executor, mine) = (Arc::clone(self), Arc::clone(running));
        let has_cluster = !self.clusters.is_removed(&cluster);
        // The lock is held across the spawn, so that the task cannot end before it is registered.
        let mut running = lock(running);
        let task = tasks.spawn(async move {
            calls::recorded(executor.carry_out(&claim)).await;
            forget(&mine, operation, fence);
            executor.wake.notify_one();
        });
        if let Some(older) = running.insert(operation, Started { fence, cluster, waits, has_cluster, task }) {
            // Its lease ended: its report would be refused.
            older.task.abort();
        }
    }

    /// Stops what runs in a cluster that was removed meanwhile. Its lease ends, and the next claim ends the operation.
    async fn stop_removed(&self, running: &Running) {
        let removed = self.clusters.removed();
        if removed.is_empty() {
            return;
        }
        let is_left = |held: &Started| held.has_cluster && self.clusters.is_removed(&held.cluster);
        for (_, held) in lock(running).extract_if(|_, held| is_left(held)) {
            held.task.abort();
        }
        // What waits for its next try waits no longer.
        if let Err(error) = self.queue.hasten(&removed).await {
            tracing::debug!(%error, "executor.not_hastened");
        }
    }

    /// Renews the leases of running effects. An effect that is no longer ours was withdrawn or claimed by another
    /// process. Its task is aborted, because its outcome would be refused.
    async fn keep(&self, running: &Running) {
        let held: Vec<(OperationId, i64)> =
            lock(running).iter().map(|(operation, held)| (*operation, held.fence)).collect();
        let Ok(kept) = self.queue.renew(&held).await else { return };
        let kept: HashSet<OperationId> = kept.into_iter().collect();
        for (operation, fence) in held.into_iter().filter(|(operation, _)| !kept.contains(operation)) {
            if let Some(held) = forget(running, operation, fence) {
                held.task.abort();
            }
        }
    }

    /// Reports to the waiting operations of a cluster that its circuit is open. `reported` are the operations that have
    /// the report.
    async fn report_waiting(&self, reported: &mut HashSet<OperationId>) {
        let known = self.clusters.ids();
        let silent: Vec<&ClusterId> = known.iter().filter(|cluster| self.breakers.is_open(cluster)).collect();
        if silent.is_empty() {
            reported.clear();
            return;
        }
        let waiting = self.queue.unclaimed(&silent).await.unwrap_or_default();
        for claim in waiting {
            if reported.insert(claim.effect.operation) {
                self.progress(&claim, 0, Code::ClusterSilent.message([]), None).await;
            }
        }
    }

    async fn prune(&self) {
        match self.queue.prune_keys().await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "idempotency_keys.pruned"),
            Err(error) => tracing::debug!(%error, "idempotency_keys.not_pruned"),
        }
    }

    /// Lets running calls finish and releases waiting effects, so that another process need not wait for the lease.
    async fn stop(&self, running: &Running, mut tasks: JoinSet<()>) {
        let calls = async { while !lock(running).is_empty() && tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, async {
            self.abort_waiting(running).await;
            calls.await;
        })
        .await;
        tracing::info!(unfinished = lock(running).len(), "executor.stopped");
    }

    async fn abort_waiting(&self, running: &Running) {
        if let Err(error) = self.queue.release_waiting().await {
            tracing::debug!(%error, "executor.not_released");
        }
        // This includes effects withdrawn since the last heartbeat, which nothing else would end.
        for (_, held) in lock(running).extract_if(|_, held| held.waits) {
            held.task.abort();
        }
    }

    /// Performs one effect and reports it. Each claim ends with an outcome or a new due time.
    async fn carry_out(&self, claim: &Claim) {
        let effect = &claim.effect;
        let Some(handle) = self.clusters.get(&effect.target.cluster) else {
            if self.clusters.is_removed(&effect.target.cluster) {
                // A read that got no answer changed nothing.
                let call_is_out = claim.may_be_done() && effect.action.recovery() == Recovery::Repeatable;
                self.report(claim, Outcome::ClusterRemoved { call_is_out }).await;
                return;
            }
            let message = Code::ClusterUnknown.message([("cluster", effect.target.cluster.as_str().into())]);
            self.report(claim, failed(ErrorCode::NotFound, message)).await;
            return;
        };
        if claim.attempts > 1 && !claim.may_be_done() && self.is_cancelled(claim).await {
            self.report(claim, Outcome::Cancelled).await;
            return;
        }
        if self.breakers.is_open(&handle.id) && !claim.may_be_done() && self.store.clock().is_past(effect.deadline) {
            self.report(claim, failed(ErrorCode::TimedOut, Code::ClusterSilent.message([]))).await;
            return;
        }
        let hints = self.hints.subscribe();
        let progress = Progress::new(|percent, message, cause| self.progress(claim, percent, message, cause));
        let held = Held::new(|| self.queue.holds(claim));
        let performer = Performer { cluster: handle.port.as_ref(), effect, store: &self.store, held, progress, hints };
        reach("effect.claimed");
        if is_planted(Bug::OutcomeFirst) && !effect.stage.waits() {
            self.report(claim, Outcome::Done(Done::default())).await;
        }
        let outcome = match (self.identities.confirm(&handle, &self.dispatcher).await, effect.action.recovery()) {
            (Err(error), _) => Err(error),
            (Ok(()), Recovery::Repeatable) if claim.may_be_done() && self.is_cancelled(claim).await => {
                performer.look_and_cancel().await
            }
            (Ok(()), Recovery::Repeatable) if claim.may_be_done() && !is_planted(Bug::BlindRepeat) => {
                performer.look_and_repeat().await
            }
            // Only reads: nothing can be repeated.
            (Ok(()), Recovery::Repeatable) if effect.action.is_forgotten() => performer.look_and_repeat().await,
            (Ok(()), Recovery::Read | Recovery::Repeatable) => performer.perform().await,
        };
        reach("effect.performed");
        let is_silent = outcome.as_ref().is_err_and(ClusterError::is_silence);
        self.breakers.record(&handle.id, !is_silent, Instant::now());
        if is_silent {
            // Another one may answer next.
            self.identities.doubt(&handle.id);
        }
        match outcome {
            Ok(outcome) => self.report(claim, outcome).await,
            Err(ClusterError::Permanent { code, message, .. }) => {
                self.report(claim, failed(code, rejection(&effect.target, code, message))).await;
            }
            Err(ClusterError::Conflicting { message, .. }) => {
                let code = ErrorCode::Conflict;
                self.report(claim, failed(code, rejection(&effect.target, code, message))).await;
            }
            Err(ClusterError::Transient { message, retry_after }) => {
                let wait = wait(claim.attempts, retry_after, BACKOFF.1);
                self.postpone(claim, &message, wait, is_harmless(claim)).await;
            }
            Err(ClusterError::Unreachable { message }) => {
                let wait = wait(claim.attempts, None, pause::LONGEST);
                self.postpone(claim, &message, wait, is_harmless(claim)).await;
            }
            Err(ClusterError::Ambiguous { message, retry_after }) => {
                let lost = Code::AnswerLost.message([(FREE_TEXT, message.as_str().into())]);
                self.report(claim, Outcome::Unknown { message: lost }).await;
                let wait = wait(claim.attempts, retry_after, pause::LONGEST);
                self.postpone(claim, &message, wait, false).await;
            }
        }
    }

    /// Whether a cancellation was requested before any effect.
    async fn is_cancelled(&self, claim: &Claim) -> bool {
        self.dispatcher.is_cancel_requested(&claim.effect).await.unwrap_or_default()
    }

    async fn progress(&self, claim: &Claim, percent: u8, message: Message, cause: Option<Cause>) {
        let outcome = Outcome::Progress { percent, message, cause };
        let calls = calls::taken();
        let reported = Reported { effect: &claim.effect, fence: claim.fence, outcome, calls };
        if let Err(error) = self.dispatcher.report(reported).await {
            tracing::debug!(operation = %claim.effect.operation, %error, "executor.progress_not_recorded");
        }
    }

    /// Repeats the report until the log accepts it. The effect stays claimed. If the lease is lost, the next claim
    /// reads the object.
    async fn report(&self, claim: &Claim, outcome: Outcome) {
        let (mut wait, calls) = (BACKOFF.0, calls::taken());
        loop {
            reach("outcome.appending");
            let (outcome, calls) = (outcome.clone(), calls.clone());
            let reported = Reported { effect: &claim.effect, fence: claim.fence, outcome, calls };
            match self.dispatcher.report(reported).await {
                Ok(_) => {
                    reach("outcome.appended");
                    return;
                }
                Err(error) => {
                    tracing::warn!(operation = %claim.effect.operation, %error, "executor.outcome_not_recorded");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
            }
        }
    }

    /// Postpones the effect and reports progress. Past the deadline the operation fails, unless its effect may exist.
    async fn postpone(&self, claim: &Claim, message: &str, wait: Duration, is_harmless: bool) {
        if self.store.clock().is_past(claim.effect.deadline) && is_harmless {
            let message = Code::NotInTime.message([(FREE_TEXT, message.into())]);
            self.report(claim, failed(ErrorCode::TimedOut, message)).await;
            return;
        }
        let seconds = wait.as_secs_f64().ceil() as u64;
        let message = Code::TryingAgain.message([("seconds", seconds.into()), (FREE_TEXT, message.into())]);
        self.progress(claim, 0, message, None).await;
        reach("effect.postponing");
        if let Err(error) = self.queue.postpone(claim, wait, is_harmless).await {
            tracing::warn!(operation = %claim.effect.operation, %error, "executor.not_postponed");
        }
    }
}

/// Removes a running operation if it still has this fence.
fn forget(running: &Running, operation: OperationId, fence: i64) -> Option<Started> {
    let mut running = lock(running);
    if running.get(&operation).is_some_and(|held| held.fence == fence) { running.remove(&operation) } else { None }
}

fn failed(code: ErrorCode, message: Message) -> Outcome {
    Outcome::Failed(Failure { code, message, cause: None })
}

/// Why a call cannot work, for users.
pub(crate) fn rejection(target: &ObjectRef, code: ErrorCode, message: String) -> Message {
    let object = || [("kind", target.kind.to_string().into()), ("name", target.name.as_str().into())];
    match code {
        ErrorCode::AlreadyExists => Code::AlreadyThere.message(object()),
        ErrorCode::NotFound => Code::NotThere.message(object()),
        ErrorCode::Invalid if message.contains("immutable") || message.contains("updates to statefulset spec") => {
            Code::FieldIsImmutable.message([("kind", target.kind.to_string().into()), (FREE_TEXT, message.into())])
        }
        _ => Code::RequestRejected.message([(FREE_TEXT, message.into())]),
    }
}

/// Whether no claim so far had an effect.
fn is_harmless(claim: &Claim) -> bool {
    claim.effect.action.recovery() == Recovery::Read || !claim.may_be_done()
}

/// Never earlier than the server requested. Without a request the wait doubles with each attempt, up to `longest`.
fn wait(attempts: i32, requested: Option<Duration>, longest: Duration) -> Duration {
    let doubled = BACKOFF.0 * 2_u32.saturating_pow(attempts.clamp(1, 10) as u32 - 1);
    pause::spread(requested.map_or(doubled.min(longest), |requested| requested.min(RETRY_AFTER)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_back_off_grows_to_its_end_and_is_what_postgres_can_store() {
        for attempts in 1..20 {
            let found = wait(attempts, None, BACKOFF.1);
            let least = (BACKOFF.0 * 2_u32.pow(attempts as u32 - 1)).min(BACKOFF.1);
            assert!((least..=least.mul_f64(1.26)).contains(&found), "{attempts}: {found:?}");
            assert!(sqlx::postgres::types::PgInterval::try_from(found).is_ok(), "{found:?}");
            let silent = wait(attempts, None, pause::LONGEST);
            assert!(silent <= pause::LONGEST.mul_f64(1.26), "of a cluster that does not answer");
        }
    }
}
