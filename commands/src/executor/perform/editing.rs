//! Edits and applies of objects of any kind.

use super::{Performer, impossible, not_found, replaced};
use crate::{
    failpoint::reach,
    kubernetes::{
        Change, Error,
        taking::{Accepted, Tried, again, try_apply},
    },
};
use domain::{
    core::{free_value::Free, message::Code, refusal::ErrorCode},
    kubernetes::{
        edit::{self, Conflict},
        secret,
    },
    operation::{Done, Failure, Outcome},
};
use serde_json::Value;

impl Performer<'_> {
    /// The dry run of an apply.
    pub(super) async fn try_apply(&self, manifest: &Value, take_over: &[String]) -> Result<Outcome, Error> {
        let found = self.cluster.get(&self.effect.target).await?;
        reach("effect.validating");
        Ok(match self.applicable(manifest, take_over, found.as_ref()).await? {
            Tried::Accepted(_) => super::done(Code::Accepted),
            Tried::Conflicts(conflicts) => in_conflict(&conflicts),
        })
    }

    /// Applies the manifest to the object as it was `found`.
    pub(super) async fn apply_over(
        &self,
        manifest: &Value,
        take_over: &[String],
        found: Option<&Value>,
    ) -> Result<Outcome, Error> {
        let Accepted { manifest, force, left, .. } = match self.applicable(manifest, take_over, found).await? {
            Tried::Accepted(accepted) => accepted,
            Tried::Conflicts(conflicts) => return Ok(in_conflict(&conflicts)),
        };
        self.must_be_held().await?;
        reach("effect.calling");
        let change = Change::Apply { manifest: &manifest, force };
        let changed = self.cluster.change(&self.effect.target, change, false).await;
        reach("effect.called");
        let changed = changed.map_err(again)?;
        let message = match left.is_empty() {
            true => Code::Applied.message([]),
            false => Code::LeftToOthers.message([("fields", left.into())]),
        };
        let written = self.written(&changed.object);
        Ok(Outcome::Done(Done { message: Some(message), written, ..Done::default() }))
    }

    async fn applicable(&self, manifest: &Value, take_over: &[String], found: Option<&Value>) -> Result<Tried, Error> {
        if found.is_some_and(|found| found.pointer("/metadata/deletionTimestamp").is_some()) {
            let message = "an object of that name is still being deleted".to_owned();
            return Err(Error::Transient { message, retry_after: None });
        }
        try_apply(self.cluster, &self.effect.target, &self.marked(manifest), take_over, found).await
    }

    /// The dry run of an edit.
    pub(super) async fn try_edit(&self, changes: &Free<Vec<edit::Change>>) -> Result<Outcome, Error> {
        let found = self.cluster.get(&self.effect.target).await?.ok_or_else(|| not_found(&self.effect.target))?;
        if self.is_another(&found) {
            return Ok(replaced());
        }
        let patch = match self.merged(changes, &found) {
            Ok(patch) => patch,
            Err(outcome) => return Ok(*outcome),
        };
        reach("effect.validating");
        let tried = self.cluster.change(&self.effect.target, Change::Merge(&patch), true).await;
        tried.map_err(|error| again(error.without_effect()))?;
        Ok(super::done(Code::Accepted))
    }

    /// Makes the changes in the object as it was `found`, in one patch at its revision.
    pub(super) async fn edit(&self, changes: &Free<Vec<edit::Change>>, found: &Value) -> Result<Outcome, Error> {
        let patch = match self.merged(changes, found) {
            Ok(patch) => patch,
            Err(outcome) => return Ok(*outcome),
        };
        self.must_be_held().await?;
        reach("effect.calling");
        let changed = self.cluster.change(&self.effect.target, Change::Merge(&patch), false).await;
        reach("effect.called");
        let (message, written) = (Code::Applied.message([]), self.written(&changed.map_err(again)?.object));
        Ok(Outcome::Done(Done { message: Some(message), written, ..Done::default() }))
    }

    /// The patch that makes the changes, with the mark of the operation and the revision that was read. Or why there is none.
    fn merged(&self, changes: &Free<Vec<edit::Change>>, found: &Value) -> Result<Value, Box<Outcome>> {
        let changes = changes.get().ok_or_else(|| impossible(Code::ManifestForgotten.message([])))?;
        let mut shown = found.clone();
        secret::redact(&mut shown);
        let merged = edit::merge(found, &shown, changes).map_err(|conflicts| in_conflict(&conflicts))?;
        Ok(self.at_revision(edit::patch(found, &merged), found))
    }
}

fn in_conflict(conflicts: &[Conflict]) -> Outcome {
    Outcome::Failed(Failure { code: ErrorCode::Conflict, message: edit::in_words(conflicts), cause: None })
}
