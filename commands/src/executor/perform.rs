//! Performs one effect in one cluster: the narrowest call, or a read that shows whether it was done.

use crate::{
    failpoint::reach,
    kubernetes::{Cluster, Error, OPERATION_ANNOTATION, observe},
    log::Clock,
};
use domain::core::refusal::ErrorCode;
use domain::{
    core::{
        ids::OperationId,
        planted::{Bug, is_planted},
    },
    kubernetes::{object::ObjectRef, observed::WorkloadState},
    operation::{
        Failure, Remembered,
        effect::Effect,
        plan::{Call, Condition},
        queue::Outcome,
    },
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::broadcast;

/// A waiting stage reads the object at each hint of the watch, and at least this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

type Tell<'a> = Box<dyn Fn(u8, String) -> BoxFuture<'a, ()> + Send + Sync + 'a>;

/// Receives the progress of a stage.
pub struct Progress<'a>(Tell<'a>);

impl<'a> Progress<'a> {
    pub fn new<F, R>(tell: F) -> Self
    where
        F: Fn(u8, String) -> R + Send + Sync + 'a,
        R: Future<Output = ()> + Send + 'a,
    {
        Self(Box::new(move |percent, message| Box::pin(tell(percent, message))))
    }
}

type Ask<'a> = Box<dyn Fn() -> BoxFuture<'a, Result<bool, sqlx::Error>> + Send + Sync + 'a>;

/// Whether the claim is still ours.
pub struct Held<'a>(Ask<'a>);

impl<'a> Held<'a> {
    pub fn new<F, R>(ask: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<bool, sqlx::Error>> + Send + 'a,
    {
        Self(Box::new(move || Box::pin(ask())))
    }
}

/// Everything that performing one effect needs.
pub struct Performer<'a> {
    pub cluster: &'a dyn Cluster,
    pub effect: &'a Effect,
    pub clock: &'a Clock,
    pub held: Held<'a>,
    pub progress: Progress<'a>,
    pub hints: broadcast::Receiver<ObjectRef>,
}

impl Performer<'_> {
    /// Performs the effect in its first claim.
    pub async fn perform(self) -> Result<Outcome, Error> {
        match &self.effect.action {
            Call::DryRun { manifest, retry_of } => self.validate(manifest, *retry_of).await,
            Call::Apply { manifest, .. } => self.apply(manifest).await,
            // The patch carries the revision, so that a late call cannot undo a later change.
            Call::Patch { .. } => self.look_and_repeat().await,
            Call::Impossible { message } => {
                Err(Error::Permanent { code: ErrorCode::Invalid, message: message.clone() })
            }
            Call::Remember => self.remember().await,
            Call::Delete { uid } => self.delete(uid).await,
            Call::Await(_) => self.wait().await,
        }
    }

    /// An earlier attempt may have had its effect: reads the object and performs only what is missing. A patch carries
    /// the revision that was read, so that a late attempt fails instead of running twice.
    pub async fn look_and_repeat(self) -> Result<Outcome, Error> {
        let found = self.cluster.get(&self.effect.target).await?;
        reach("effect.looked");
        if found.as_ref().is_some_and(|found| self.is_marked(found)) {
            return Ok(done("the effect was there already".to_owned()));
        }
        match (&self.effect.action, found) {
            (Call::Apply { retry_of, .. }, Some(found)) if !carries(&found, *retry_of) => {
                Err(taken(&self.effect.target))
            }
            (Call::Apply { manifest, .. }, _) => self.apply(manifest).await,
            (Call::Delete { uid }, Some(found)) => {
                let is_same = text(&found, "/metadata/uid") == Some(uid);
                if !is_same || found.pointer("/metadata/deletionTimestamp").is_some() {
                    return Ok(done("the deletion had begun already".to_owned()));
                }
                self.delete(uid).await
            }
            (Call::Delete { .. }, None) => Ok(done("it was gone already".to_owned())),
            (_, None) => Err(not_found(&self.effect.target)),
            (Call::Patch { spec }, Some(found)) => self.change(spec, &found).await,
            // A call that only reads is made again.
            (Call::DryRun { .. } | Call::Remember | Call::Await(_) | Call::Impossible { .. }, Some(_)) => {
                Box::pin(self.perform()).await
            }
        }
    }

    /// Whether the object carries the id of this operation.
    fn is_marked(&self, found: &Value) -> bool {
        carries(found, Some(self.effect.operation))
    }

    async fn validate(&self, manifest: &Value, retry_of: Option<OperationId>) -> Result<Outcome, Error> {
        match self.cluster.get(&self.effect.target).await? {
            Some(found) if found.pointer("/metadata/deletionTimestamp").is_some() => {
                let message = "an object of that name is still being deleted".to_owned();
                Err(Error::Transient { message, retry_after: None })
            }
            Some(found) if !carries(&found, retry_of) => Err(taken(&self.effect.target)),
            _ => {
                reach("effect.validating");
                // A dry run has no effect, so an unknown outcome is only a missing answer.
                self.cluster
                    .apply(&self.effect.target, &self.marked(manifest), true)
                    .await
                    .map_err(Error::without_effect)?;
                Ok(done("the API server accepts it".to_owned()))
            }
        }
    }

    /// Checks the claim between the read and the call. A process that slept past its lease would read the changes of
    /// others and repeat the call. A process that claims after this check finds the effect, or makes the call fail
    /// through its revision.
    async fn must_be_held(&self) -> Result<(), Error> {
        let why = match (self.held.0)().await {
            Ok(true) => return Ok(()),
            Ok(false) if is_planted(Bug::SleeperActs) => return Ok(()),
            Ok(false) => "another process has taken it over".to_owned(),
            Err(error) => format!("the database does not say whose it is: {error}"),
        };
        Err(Error::Transient { message: why, retry_after: None })
    }

    async fn apply(&self, manifest: &Value) -> Result<Outcome, Error> {
        self.must_be_held().await?;
        reach("effect.calling");
        self.cluster.apply(&self.effect.target, &self.marked(manifest), false).await?;
        reach("effect.called");
        Ok(done("applied".to_owned()))
    }

    fn marked(&self, manifest: &Value) -> Value {
        let mut marked = manifest.clone();
        if let Some(metadata) = marked.get_mut("metadata").and_then(Value::as_object_mut) {
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            if !annotations.is_object() {
                *annotations = json!({});
            }
            annotations[OPERATION_ANNOTATION] = self.effect.operation.to_string().into();
        }
        marked
    }

    /// One patch changes the spec and sets the annotation, both or neither. A conflict means that the object changed
    /// between the read and the patch: nothing was done, and the next try reads again.
    async fn change(&self, spec: &Value, found: &Value) -> Result<Outcome, Error> {
        let mut metadata = json!({"annotations": {OPERATION_ANNOTATION: self.effect.operation.to_string()}});
        metadata["resourceVersion"] = found.pointer("/metadata/resourceVersion").cloned().unwrap_or_default();
        let patch = json!({"metadata": metadata, "spec": spec});
        self.must_be_held().await?;
        reach("effect.calling");
        let changed = self.cluster.patch(&self.effect.target, &patch).await;
        reach("effect.called");
        match changed {
            Err(Error::Permanent { code: ErrorCode::Conflict, message }) => {
                Err(Error::Transient { message, retry_after: Some(Duration::from_millis(50)) })
            }
            Err(error) => Err(error),
            Ok(_) => Ok(Outcome::Done { message: None, remembered: None }),
        }
    }

    async fn remember(&self) -> Result<Outcome, Error> {
        let found = self.found().await?;
        let replicas = found.pointer("/spec/replicas").and_then(Value::as_i64).and_then(|n| n.try_into().ok());
        let suspend = found.pointer("/spec/suspend").and_then(Value::as_bool);
        let message = match (replicas, suspend) {
            (Some(replicas), _) => format!("{replicas} replicas are remembered"),
            (None, _) => "nothing has to be remembered".to_owned(),
        };
        Ok(Outcome::Done { message: Some(message), remembered: Some(Remembered { replicas, suspend }) })
    }

    async fn delete(&self, uid: &str) -> Result<Outcome, Error> {
        self.must_be_held().await?;
        reach("effect.calling");
        self.cluster.delete(&self.effect.target, uid).await?;
        reach("effect.called");
        Ok(done("its deletion has begun".to_owned()))
    }

    async fn found(&self) -> Result<Value, Error> {
        self.cluster.get(&self.effect.target).await?.ok_or_else(|| not_found(&self.effect.target))
    }

    /// Waits for the condition. Reads the object at each hint of the watch, and otherwise every few seconds.
    async fn wait(mut self) -> Result<Outcome, Error> {
        let mut told = None;
        loop {
            let found = self.cluster.get(&self.effect.target).await?;
            let (percent, message) = match self.judge(found.as_ref()) {
                Waited::Over(outcome) => return Ok(outcome),
                Waited::Still { percent, message } => (percent, message),
            };
            if self.clock.is_past(self.effect.deadline) {
                let wanted = match self.effect.action {
                    Call::Await(Condition::Gone { .. }) => "gone",
                    Call::Await(Condition::Stopped) => "stopped",
                    _ => "ready",
                };
                let message = format!("it was not {wanted} in time: {message}");
                return Ok(Outcome::Failed(Failure { code: ErrorCode::TimedOut, message }));
            }
            if told.as_ref() != Some(&(percent, message.clone())) {
                (self.progress.0)(percent, message.clone()).await;
                told = Some((percent, message));
                reach("effect.waiting");
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, hinted(&mut self.hints, &self.effect.target)).await;
        }
    }

    fn judge(&self, found: Option<&Value>) -> Waited {
        let target = &self.effect.target;
        match (&self.effect.action, found) {
            (Call::Await(Condition::Gone { .. }), None) => Waited::Over(done("it is gone".to_owned())),
            (Call::Await(Condition::Gone { uid }), Some(found)) => {
                if text(found, "/metadata/uid") != Some(uid) {
                    return Waited::Over(done("it is gone; another one of that name is there".to_owned()));
                }
                Waited::Still { percent: 0, message: waiting_for_finalizers(found) }
            }
            (_, None) => Waited::Over(Outcome::Failed(Failure {
                code: ErrorCode::NotFound,
                message: format!("{target} is not there any more"),
            })),
            (action, Some(found)) => {
                settled(observe::status(&target.kind, found), *action == Call::Await(Condition::Stopped))
            }
        }
    }
}

enum Waited {
    Over(Outcome),
    Still { percent: u8, message: String },
}

fn settled(status: domain::kubernetes::observed::WorkloadStatus, until_stopped: bool) -> Waited {
    let (ready, desired) = (status.ready.unwrap_or_default(), status.desired.unwrap_or_default());
    match status.state {
        WorkloadState::Stopped | WorkloadState::Suspended => Waited::Over(done("it is stopped".to_owned())),
        WorkloadState::Running | WorkloadState::Completed if !until_stopped => {
            let message =
                if desired > 0 { format!("{ready} of {desired} replicas are ready") } else { "ready".to_owned() };
            Waited::Over(done(message))
        }
        WorkloadState::Failed => Waited::Over(Outcome::Failed(Failure {
            code: ErrorCode::NotReady,
            message: status.reason.unwrap_or_else(|| "Kubernetes gave it up".to_owned()),
        })),
        _ if until_stopped => Waited::Still { percent: 0, message: "waiting until all replicas are gone".to_owned() },
        _ => {
            let percent = (i64::from(ready) * 100 / i64::from(desired.max(1))).clamp(0, 99) as u8;
            let message = match (desired, status.reason) {
                (1, _) if ready < desired => "waiting until its replica is ready".to_owned(),
                (1.., _) if ready < desired => {
                    format!("waiting until {desired} replicas are ready: {ready} of them are")
                }
                (_, reason) => format!("waiting: {}", reason.unwrap_or_else(|| "not ready yet".to_owned())),
            };
            Waited::Still { percent, message }
        }
    }
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

fn waiting_for_finalizers(found: &Value) -> String {
    let finalizers: Vec<&str> = found
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    match finalizers[..] {
        [] => "waiting until it is gone".to_owned(),
        ["foregroundDeletion"] => "waiting until its pods are gone".to_owned(),
        _ => format!("waiting for finalizers: {}", finalizers.join(", ")),
    }
}

fn done(message: String) -> Outcome {
    Outcome::Done { message: Some(message), remembered: None }
}

/// Whether the object carries the id of this operation.
fn carries(found: &Value, operation: Option<OperationId>) -> bool {
    let mark = found.pointer("/metadata/annotations").and_then(|all| all.get(OPERATION_ANNOTATION));
    operation.is_some_and(|operation| mark.and_then(Value::as_str) == Some(operation.to_string().as_str()))
}

fn taken(object: &ObjectRef) -> Error {
    Error::Permanent { code: ErrorCode::AlreadyExists, message: format!("{object} is there already") }
}

fn not_found(object: &ObjectRef) -> Error {
    Error::Permanent { code: ErrorCode::NotFound, message: format!("{object} is not there any more") }
}

fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}
