//! Waits until the requested state exists.

use super::{Performer, text};
use crate::{
    failpoint::reach,
    kubernetes::{
        Error, FIELD_MANAGER,
        observe::{self, facts},
    },
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        event::Event,
        message::{Code, Message},
        refusal::ErrorCode,
    },
    kubernetes::{
        cause::Cause,
        object::ObjectRef,
        observation::{Object, Workload, WorkloadSnapshot},
        observed::ObservedEvent,
        status::{self, Status, object::evaluate},
        wait::{self, Found, FoundObject, Goal, Look, Requested, Waited, wait_for_object},
    },
    operation::{Failure, Outcome},
};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::broadcast;

/// A waiting stage reads the object at each hint of the watch, and at least this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long the end of an operation waits for the watch, which as a rule has recorded it some milliseconds later.
const RECORDED_WITHIN: Duration = Duration::from_secs(1);
const RECORDED_AGAIN: Duration = Duration::from_millis(20);

impl Performer<'_> {
    /// Reads the object at each hint of the watch, and otherwise every few seconds.
    pub(super) async fn wait(mut self, requested: &Requested) -> Result<Outcome, Error> {
        let mut reported = None;
        loop {
            let found = self.cluster.get(&self.effect.target).await?;
            let (percent, message, cause) = match self.look(requested, found.as_ref()).await? {
                Waited::Done(message) => {
                    self.until_recorded(requested, found.as_ref()).await;
                    return Ok(Outcome::Done(message.into()));
                }
                Waited::EndsEarly(cause) => return Ok(ended_early(cause)),
                Waited::Overtaken(overtaken) => return Ok(Outcome::Overtaken(overtaken)),
                Waited::Waiting { message, percent, cause } => (percent, message, cause),
            };
            if self.store.clock().is_past(self.effect.deadline) {
                return Ok(timed_out(message, cause));
            }
            let report = (percent, message.clone(), cause.as_ref().map(|cause| cause.message.clone()));
            if reported.as_ref() != Some(&report) {
                (self.progress.0)(percent, message, cause).await;
                reported = Some(report);
                reach("effect.waiting");
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, hinted(&mut self.hints, &self.effect.target)).await;
        }
    }

    /// The meaning of the object's current state for the request.
    async fn look(&self, requested: &Requested, found: Option<&Value>) -> Result<Waited, Error> {
        if !self.effect.target.kind.is_workload() {
            return self.look_at_object(requested, found);
        }
        let now = self.now();
        let Some(found) = found else {
            let (last, is_gone) = self.last_observation(requested.uid.as_deref()).await.unzip();
            let is_final = is_gone.unwrap_or_default() || self.store.clock().is_past(self.effect.deadline);
            let look = Look::Gone { last: last.as_ref().map(|last| &last.workload), is_final };
            return Ok(wait::wait(requested, look, now));
        };
        let kind = &self.effect.target.kind;
        let workload =
            facts::workload(kind, found).map_err(|error| Error::permanent(ErrorCode::Internal, error.to_string()))?;
        let seen = Seen::new(&self.effect.target, found);
        let alone = WorkloadSnapshot::alone(workload);
        let waited = seen.waited(requested, &alone, now);
        if matches!(waited, Waited::Overtaken(_)) {
            return Ok(waited);
        }
        // Its pods show why it is not there yet, and whether the counts that say so are out of date.
        let Some((last, _)) = self.last_observation(Some(seen.uid)).await else { return Ok(waited) };
        let workload = Workload { notes: last.workload.notes.clone(), ..alone.workload };
        Ok(seen.waited(requested, &WorkloadSnapshot { workload, ..last }, now))
    }

    /// The same for an object of any kind but workloads.
    fn look_at_object(&self, requested: &Requested, found: Option<&Value>) -> Result<Waited, Error> {
        let Some(found) = found else { return Ok(wait_for_object(requested, None)) };
        let (kind, seen) = (&self.effect.target.kind, Seen::new(&self.effect.target, found));
        let (manifest, report) = observe::reported(kind, found.clone())
            .map_err(|error| Error::permanent(ErrorCode::Internal, error.to_string()))?;
        let object = Object { name: seen.name, uid: seen.uid, created_at: seen.created_at, facts: &report };
        let status = evaluate(kind, &object, &manifest, None);
        let deletion = report.deletion.as_ref();
        Ok(wait_for_object(requested, Some(FoundObject { uid: seen.uid, deletion, status: &status })))
    }

    /// Waits until the log has what was just found, so that the row of the workload agrees with the end of the operation.
    /// Not for long: the watch may be behind.
    async fn until_recorded(&self, requested: &Requested, found: Option<&Value>) {
        let end = tokio::time::Instant::now() + RECORDED_WITHIN;
        while !self.is_recorded(requested, found).await && tokio::time::Instant::now() < end {
            tokio::time::sleep(RECORDED_AGAIN).await;
        }
    }

    /// True also where nobody watches the object.
    async fn is_recorded(&self, requested: &Requested, found: Option<&Value>) -> bool {
        if !self.effect.target.kind.is_workload() {
            return found.is_some() || self.is_end_recorded().await;
        }
        let Some((last, is_gone)) = self.last_observation(requested.uid.as_deref()).await else { return true };
        match found {
            None => is_gone,
            Some(found) => {
                let waited = Seen::new(&self.effect.target, found).waited(requested, &last, self.now());
                !is_gone && matches!(waited, Waited::Done(_))
            }
        }
    }

    /// Whether the log says that the object is gone. True also where nobody watches it.
    async fn is_end_recorded(&self) -> bool {
        match self.store.last_of(self.effect.target.observed_stream()).await {
            Ok(Some(last)) => !matches!(last.event, Event::Observed(event) if !event.is_end()),
            Ok(None) | Err(_) => true,
        }
    }

    /// The last observation of this incarnation, and whether the watch saw it end. None also while the database does
    /// not answer; then the wait shows no cause.
    async fn last_observation(&self, uid: Option<&str>) -> Option<(WorkloadSnapshot, bool)> {
        let stream = self.effect.target.observed_stream();
        let mut last = self.store.last_of(stream.clone()).await.ok()??;
        let is_gone = matches!(last.event, Event::Observed(ObservedEvent::WorkloadGone { .. }));
        if is_gone {
            let before = self.store.stream_after(&stream, last.version - 2).await.ok()?;
            last = before.into_iter().next()?;
        }
        let Event::Observed(event) = last.event else { return None };
        let snapshot = event.snapshot().filter(|_| uid.is_none_or(|uid| event.uid() == uid));
        snapshot.map(|snapshot| (snapshot.clone(), is_gone))
    }
}

/// An object as just read.
struct Seen<'a> {
    found: &'a Value,
    name: &'a str,
    uid: &'a str,
    created_at: DateTime<Utc>,
}

impl<'a> Seen<'a> {
    fn new(target: &'a ObjectRef, found: &'a Value) -> Self {
        let created_at = text(found, "/metadata/creationTimestamp").and_then(|time| time.parse().ok());
        Self {
            found,
            name: &target.name,
            uid: text(found, "/metadata/uid").unwrap_or_default(),
            created_at: created_at.unwrap_or_default(),
        }
    }

    fn waited(&self, requested: &Requested, snapshot: &WorkloadSnapshot, now: DateTime<Utc>) -> Waited {
        let object = Object { name: self.name, uid: self.uid, created_at: self.created_at, facts: snapshot };
        let status: Status = status::of_snapshot(&object, None);
        let within: &[&str] = match requested.goal {
            Goal::Restarted => &facts::OF_A_RESTART,
            Goal::TemplateChanged => &facts::OF_A_TEMPLATE,
            Goal::Created
            | Goal::Scaled
            | Goal::Stopped
            | Goal::Started
            | Goal::Deleted
            | Goal::Changed
            | Goal::Paused => &[],
        };
        let (managers, fields) = (facts::managers(self.found), facts::owned_fields(self.found, FIELD_MANAGER, within));
        let workload = object.with(&snapshot.workload);
        let pods = &snapshot.pods;
        let found = Found { workload, status: &status, pods, managers: &managers, fields: fields.as_deref() };
        wait::wait(requested, Look::Found(found), now)
    }
}

fn ended_early(cause: Cause) -> Outcome {
    let (code, message) = (ErrorCode::NotReady, cause.message.clone());
    Outcome::Failed(Failure { code, message, cause: Some(cause) })
}

fn timed_out(progress: Message, cause: Option<Cause>) -> Outcome {
    let message = Code::TimedOut.message([("progress", progress.into())]);
    Outcome::Failed(Failure { code: ErrorCode::TimedOut, message, cause })
}

/// Returns when the watch reports a change of `object`, or when hints were dropped.
async fn hinted(hints: &mut broadcast::Receiver<ObjectRef>, object: &ObjectRef) {
    loop {
        match hints.recv().await {
            Ok(changed) if &changed != object => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            // No watch in this process: the time-out of the caller is the poll.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
