//! Performs one effect in one cluster: the narrowest call, or a read that shows whether it was done.

mod editing;
mod waiting;

use crate::{
    failpoint::reach,
    kubernetes::{
        Cluster, Error, FIELD_MANAGER, OPERATION_ANNOTATION, Removal,
        client::CALL_LIMIT,
        dry_run::{carries, dry_run, taken},
        observe::facts,
        taking::again,
    },
    log::EventStore,
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        ids::OperationId,
        message::{Code, Message},
        planted::{Bug, is_planted},
        refusal::ErrorCode,
        sealing::SealedValues,
    },
    kubernetes::{cause::Cause, object::ObjectRef, wait::Overtaken},
    operation::{
        Done, Failure, Outcome, Remembered, Written,
        effect::Effect,
        plan::{Call, Stage},
    },
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::broadcast;

type Report<'a> = Box<dyn Fn(u8, Message, Option<Cause>) -> BoxFuture<'a, ()> + Send + Sync + 'a>;

/// Receives the progress of a stage.
pub struct Progress<'a>(Report<'a>);

impl<'a> Progress<'a> {
    pub fn new<F, R>(report: F) -> Self
    where
        F: Fn(u8, Message, Option<Cause>) -> R + Send + Sync + 'a,
        R: Future<Output = ()> + Send + 'a,
    {
        Self(Box::new(move |percent, message, cause| Box::pin(report(percent, message, cause))))
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
    pub store: &'a EventStore,
    pub held: Held<'a>,
    pub progress: Progress<'a>,
    pub hints: broadcast::Receiver<ObjectRef>,
}

impl Performer<'_> {
    /// Performs the effect in its first claim.
    pub async fn perform(self) -> Result<Outcome, Error> {
        match &self.effect.action {
            action if action.is_forgotten() => Ok(impossible(Code::ManifestForgotten.message([]))),
            Call::DryRun { manifest, retry_of } => self.validate(manifest, *retry_of).await,
            Call::Apply { manifest, .. } if is_planted(Bug::BlindRepeat) => self.apply(manifest).await,
            // A patch carries the revision, so that a late call cannot undo a later change. A create meets nothing that others
            // made since the dry run.
            Call::Apply { .. }
            | Call::ApplyOver { .. }
            | Call::Edit { .. }
            | Call::Patch { .. }
            | Call::Merge { .. }
            | Call::Container(_)
            | Call::SecretData { .. } => self.look_and_repeat().await,
            Call::TryApply { manifest, take_over } => self.try_apply(manifest, take_over).await,
            Call::TryEdit { changes } => self.try_edit(changes).await,
            Call::Impossible { message } => Ok(impossible(message.clone())),
            Call::Remember => self.remember().await,
            Call::Delete { uid, propagation, grace_period_seconds } => {
                let (propagation, grace_period_seconds) = (*propagation, *grace_period_seconds);
                self.delete(Removal { uid, propagation, grace_period_seconds }).await
            }
            Call::Await(requested) => self.wait(requested).await,
        }
    }

    /// An earlier attempt may have had its effect: reads the object and performs only what is missing. A patch carries
    /// the revision that was read, so that a late attempt fails instead of running twice.
    pub async fn look_and_repeat(self) -> Result<Outcome, Error> {
        let found = self.cluster.get(&self.effect.target).await?;
        reach("effect.looked");
        if let Some(done) = self.done_before(found.as_ref()) {
            return Ok(done);
        }
        match (&self.effect.action, found) {
            (Call::Apply { retry_of, .. }, Some(found)) if !carries(&found, *retry_of) => {
                Err(taken(&self.effect.target))
            }
            (action, _) if action.is_forgotten() => Ok(impossible(Code::ManifestForgotten.message([]))),
            (Call::Apply { manifest, .. }, _) => self.apply(manifest).await,
            (Call::ApplyOver { manifest, take_over }, found) => {
                self.apply_over(manifest, take_over, found.as_ref()).await
            }
            (Call::Delete { uid, propagation, grace_period_seconds }, _) => {
                let (propagation, grace_period_seconds) = (*propagation, *grace_period_seconds);
                self.delete(Removal { uid, propagation, grace_period_seconds }).await
            }
            (_, None) => Err(not_found(&self.effect.target)),
            (
                Call::Patch { .. }
                | Call::Merge { .. }
                | Call::Container(_)
                | Call::SecretData { .. }
                | Call::Edit { .. },
                Some(found),
            ) if self.is_another(&found) => Ok(replaced()),
            (Call::Edit { changes }, Some(found)) => self.edit(changes, &found).await,
            (Call::Patch { spec }, Some(found)) => self.change(json!({"spec": spec}), &found).await,
            (Call::Merge { patch }, Some(found)) => self.change(Value::clone(patch), &found).await,
            (Call::SecretData { removed, values, is_removal }, Some(found)) => {
                self.set_values(removed, values.as_ref(), *is_removal, &found).await
            }
            (Call::Container(change), Some(found)) => match change.patch(&found) {
                Ok(patch) => self.change(patch, &found).await,
                Err(message) => Ok(impossible(message)),
            },
            // A read can be repeated.
            (
                Call::DryRun { .. }
                | Call::TryApply { .. }
                | Call::TryEdit { .. }
                | Call::Remember
                | Call::Await(_)
                | Call::Impossible { .. },
                Some(_),
            ) => Box::pin(self.perform()).await,
        }
    }

    /// A cancelled operation whose call may have had its effect: reads the object until a late call would show. No call is
    /// made.
    pub async fn look_and_cancel(&self) -> Result<Outcome, Error> {
        for is_last in [false, true] {
            let found = self.cluster.get(&self.effect.target).await?;
            reach("effect.looked");
            if let Some(done) = self.done_before(found.as_ref()) {
                return Ok(done);
            }
            if !is_last {
                tokio::time::sleep(CALL_LIMIT).await;
            }
        }
        Ok(Outcome::Cancelled)
    }

    /// The outcome if an earlier attempt had its effect.
    fn done_before(&self, found: Option<&Value>) -> Option<Outcome> {
        match (&self.effect.action, found) {
            (_, Some(found)) if self.is_marked(found) => {
                let (message, written) = (Some(Code::EffectFound.message([])), self.written(found));
                Some(Outcome::Done(Done { message, written, ..Done::default() }))
            }
            (Call::Delete { .. }, None) => Some(done(Code::GoneAlready)),
            (Call::Delete { uid, .. }, Some(found)) => {
                let is_same = text(found, "/metadata/uid") == Some(uid);
                let is_going = found.pointer("/metadata/deletionTimestamp").is_some();
                (!is_same || is_going).then(|| done(Code::DeletionFound))
            }
            _ => None,
        }
    }

    /// Whether others deleted the object and made another one of its name since the operation was requested.
    fn is_another(&self, found: &Value) -> bool {
        self.effect.uid.as_deref().is_some_and(|uid| text(found, "/metadata/uid") != Some(uid))
    }

    /// Whether the object carries the id of this operation.
    fn is_marked(&self, found: &Value) -> bool {
        carries(found, Some(self.effect.operation))
    }

    async fn validate(&self, manifest: &Value, retry_of: Option<OperationId>) -> Result<Outcome, Error> {
        dry_run(self.cluster, &self.effect.target, &self.marked(manifest), retry_of).await?;
        Ok(done(Code::Accepted))
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
        let applied = self.cluster.apply(&self.effect.target, &self.marked(manifest), false).await?;
        reach("effect.called");
        let (message, written) = (Some(Code::Applied.message([])), self.written(&applied));
        Ok(Outcome::Done(Done { message, written, ..Done::default() }))
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

    /// One patch changes the fields and sets the annotation, both or neither. A conflict means that the object changed
    /// between the read and the patch: nothing was done, and the next try reads again.
    async fn change(&self, patch: Value, found: &Value) -> Result<Outcome, Error> {
        let patch = self.at_revision(patch, found);
        self.must_be_held().await?;
        reach("effect.calling");
        let changed = self.cluster.patch(&self.effect.target, &patch).await;
        reach("effect.called");
        let written = self.written(&changed.map_err(again)?);
        Ok(Outcome::Done(Done { written, ..Done::default() }))
    }

    /// The patch with the mark of the operation and the revision that was read.
    fn at_revision(&self, mut patch: Value, found: &Value) -> Value {
        patch["metadata"]["resourceVersion"] = found.pointer("/metadata/resourceVersion").cloned().unwrap_or_default();
        self.marked(&patch)
    }

    /// Changes the data of a Secret. The words of the server are left out of an error: they may quote a value.
    async fn set_values(
        &self,
        removed: &[String],
        values: Option<&SealedValues>,
        is_removal: bool,
        found: &Value,
    ) -> Result<Outcome, Error> {
        let opened = values.map(|values| self.store.keys().open_values(&self.effect.target.id(), values));
        let values = match opened.transpose() {
            Ok(values) if values.is_some() || is_removal => values.unwrap_or_default(),
            Ok(_) | Err(_) => return Ok(impossible(Code::ValuesGone.message([]))),
        };
        let mut patch = json!({});
        for name in removed {
            patch["data"][name] = Value::Null;
        }
        for (name, value) in values {
            patch["stringData"][name] = value.into();
        }
        self.change(patch, found).await.map_err(Error::without_words)
    }

    /// The fields that this operation wrote, as the server returns them.
    fn written(&self, found: &Value) -> Option<Written> {
        // Earlier operations may have written other fields, which this one did not request.
        let within: &[&str] = match (&self.effect.action, self.effect.stage) {
            (Call::Container(_), _) => &facts::OF_A_TEMPLATE,
            (_, Stage::Restart) => &facts::OF_A_RESTART,
            _ => &[],
        };
        let replicas = match &self.effect.action {
            Call::Patch { spec } => spec.get("replicas").and_then(Value::as_i64),
            _ => None,
        };
        Some(Written {
            replicas: replicas.and_then(|replicas| replicas.try_into().ok()),
            uid: text(found, "/metadata/uid")?.to_owned(),
            generation: found.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or_default(),
            at: self.now(),
            fields: facts::owned_fields(found, FIELD_MANAGER, within),
        })
    }

    /// The time of the database, or of this machine before the first answer of the database.
    fn now(&self) -> DateTime<Utc> {
        self.store.clock().now().unwrap_or_else(Utc::now)
    }

    async fn remember(&self) -> Result<Outcome, Error> {
        let found = self.found().await?;
        if self.is_another(&found) {
            return Ok(replaced());
        }
        let replicas = found.pointer("/spec/replicas").and_then(Value::as_i64).and_then(|n| n.try_into().ok());
        let suspend = found.pointer("/spec/suspend").and_then(Value::as_bool);
        let message = match replicas {
            Some(replicas) => {
                let replicas: i32 = replicas;
                Code::ReplicasRemembered.message([("replicas", replicas.into())])
            }
            None => Code::NothingToRemember.message([]),
        };
        let remembered = Some(Remembered { replicas, suspend });
        Ok(Outcome::Done(Done { message: Some(message), remembered, written: None }))
    }

    async fn delete(&self, removal: Removal<'_>) -> Result<Outcome, Error> {
        let uid = removal.uid;
        self.must_be_held().await?;
        reach("effect.calling");
        let deleted = self.cluster.delete(&self.effect.target, removal).await;
        reach("effect.called");
        match deleted {
            Ok(()) => Ok(done(Code::DeletionAccepted)),
            Err(error @ Error::Permanent { code: ErrorCode::NotFound | ErrorCode::Conflict, .. }) => {
                // If somebody else was faster, the requested state may exist already.
                let found = self.cluster.get(&self.effect.target).await?;
                let is_left = found.is_some_and(|found| text(&found, "/metadata/uid") == Some(uid));
                if is_left { Err(error) } else { Ok(done(Code::GoneAlready)) }
            }
            Err(error) => Err(error),
        }
    }

    async fn found(&self) -> Result<Value, Error> {
        self.cluster.get(&self.effect.target).await?.ok_or_else(|| not_found(&self.effect.target))
    }
}

fn impossible(message: Message) -> Outcome {
    Outcome::Failed(Failure { code: ErrorCode::Invalid, message, cause: None })
}

fn replaced() -> Outcome {
    Outcome::Overtaken(Overtaken { manager: None, at: None, change: Code::ReplacedByAnother.message([]) })
}

fn done(code: Code) -> Outcome {
    Outcome::Done(code.message([]).into())
}

fn not_found(object: &ObjectRef) -> Error {
    Error::permanent(ErrorCode::NotFound, format!("{object} is not there any more"))
}

fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}
