//! A cluster in memory, to force failures. It stores objects, counts changes, and fails the next calls on request. It
//! has no controllers, so a Deployment is ready at once. Never the only proof of a property.

use super::{Change, Changed, Cluster, Error, Removal};
use domain::core::refusal::ErrorCode;
use domain::kubernetes::object::ObjectRef;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// What the next mutating call does instead of succeeding.
#[derive(Clone, Debug)]
pub enum Forced {
    /// Fails without an effect.
    Fail(Error),
    /// Has its effect and then fails.
    EffectThen(Error),
}

#[derive(Default)]
struct State {
    objects: HashMap<ObjectRef, Value>,
    forced: VecDeque<Forced>,
    changes: Vec<(ObjectRef, String)>,
    revision: u64,
    is_silent: bool,
    calls: usize,
    looks: Option<Arc<Semaphore>>,
}

#[derive(Default)]
pub struct MemoryCluster(Mutex<State>);

impl MemoryCluster {
    /// Sets what the next mutating call does, dry runs excluded. Several are queued.
    pub fn force(&self, forced: Forced) {
        self.state().forced.push_back(forced);
    }

    /// Stops or resumes all answers.
    pub fn silence(&self, is_silent: bool) {
        self.state().is_silent = is_silent;
    }

    /// The number of all calls, reads included.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// From now on each read waits for a permit.
    pub fn hold_looks(&self) -> Arc<Semaphore> {
        let looks = Arc::new(Semaphore::new(0));
        self.state().looks = Some(Arc::clone(&looks));
        looks
    }

    /// The mutating calls that had an effect, in order: the object and the operation id that it carries since then.
    pub fn changes(&self) -> Vec<(ObjectRef, String)> {
        self.state().changes.clone()
    }

    /// The current object.
    pub fn object(&self, object: &ObjectRef) -> Option<Value> {
        self.state().objects.get(object).cloned()
    }

    /// Removes the object, as another client would.
    pub fn forget(&self, object: &ObjectRef) {
        self.state().objects.remove(object);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self) -> Result<MutexGuard<'_, State>, Error> {
        let mut state = self.state();
        state.calls += 1;
        if state.is_silent {
            return Err(Error::Unreachable { message: "it does not answer".to_owned() });
        }
        Ok(state)
    }

    fn mutate(
        &self,
        object: &ObjectRef,
        change: impl FnOnce(Option<Value>) -> Result<Option<Value>, Error>,
    ) -> Result<Value, Error> {
        let mut state = self.called()?;
        let forced = state.forced.pop_front();
        if let Some(Forced::Fail(error)) = forced {
            return Err(error);
        }
        let before = state.objects.get(object).cloned();
        let after = change(before.clone())?;
        let annotation = super::OPERATION_ANNOTATION.replace('/', "~1");
        let marker = after.as_ref().or(before.as_ref()).and_then(|value| {
            value.pointer(&format!("/metadata/annotations/{annotation}")).and_then(Value::as_str).map(str::to_owned)
        });
        state.changes.push((object.clone(), marker.unwrap_or_default()));
        state.revision += 1;
        let revision = state.revision;
        match after {
            Some(mut value) => {
                settle(&mut value, revision);
                state.objects.insert(object.clone(), value);
            }
            None => {
                state.objects.remove(object);
            }
        }
        if let Some(Forced::EffectThen(error)) = forced {
            return Err(error);
        }
        Ok(state.objects.get(object).cloned().unwrap_or_default())
    }
}

/// Acts as the controllers: the status matches the spec.
fn settle(value: &mut Value, revision: u64) {
    let replicas = value.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1);
    let metadata = &mut value["metadata"];
    if metadata["uid"].is_null() {
        metadata["uid"] = format!("uid-{revision}").into();
    }
    metadata["resourceVersion"] = revision.to_string().into();
    metadata["generation"] = revision.into();
    value["status"] = json!({
        "observedGeneration": revision, "replicas": replicas, "readyReplicas": replicas, "updatedReplicas": replicas,
        "availableReplicas": replicas,
    });
}

fn merge(into: &mut Value, patch: &Value) {
    let (Value::Object(into), Value::Object(patch)) = (&mut *into, patch) else {
        *into = patch.clone();
        return;
    };
    for (key, value) in patch {
        if value.is_null() {
            into.remove(key);
            continue;
        }
        merge(into.entry(key.clone()).or_insert(Value::Null), value);
    }
}

fn missing(object: &ObjectRef) -> Error {
    Error::permanent(ErrorCode::NotFound, format!("{object} not found"))
}

impl Cluster for MemoryCluster {
    fn get<'a>(&'a self, object: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>> {
        Box::pin(async move {
            let looks = self.state().looks.clone();
            if let Some(Ok(permit)) =
                futures::future::OptionFuture::from(looks.as_ref().map(|looks| looks.acquire())).await
            {
                permit.forget();
            }
            Ok(self.called()?.objects.get(object).cloned())
        })
    }

    fn apply<'a>(
        &'a self,
        object: &'a ObjectRef,
        manifest: &'a Value,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Value, Error>> {
        Box::pin(async move {
            if dry_run {
                return self.called().map(|_| manifest.clone());
            }
            self.mutate(object, |_| Ok(Some(manifest.clone())))
        })
    }

    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>> {
        Box::pin(async move {
            self.mutate(object, |before| {
                let mut value = before.ok_or_else(|| missing(object))?;
                let wanted = patch.pointer("/metadata/resourceVersion");
                if wanted.is_some() && wanted != value.pointer("/metadata/resourceVersion") {
                    return Err(Error::permanent(ErrorCode::Conflict, "the object was modified"));
                }
                merge(&mut value, patch);
                Ok(Some(value))
            })
        })
    }

    fn change<'a>(
        &'a self,
        object: &'a ObjectRef,
        change: Change<'a>,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Changed, Error>> {
        Box::pin(async move {
            let changed = |before: Option<Value>| {
                let (mut value, patch) = match change {
                    Change::Apply { manifest, .. } => (before.unwrap_or_else(|| json!({})), manifest),
                    Change::Merge(patch) => (before.ok_or_else(|| missing(object))?, patch),
                };
                let wanted = patch.pointer("/metadata/resourceVersion");
                if wanted.is_some() && wanted != value.pointer("/metadata/resourceVersion") {
                    return Err(Error::permanent(ErrorCode::Conflict, "the object was modified"));
                }
                merge(&mut value, patch);
                Ok(Some(value))
            };
            let object = if dry_run {
                changed(self.called()?.objects.get(object).cloned())?.unwrap_or_default()
            } else {
                self.mutate(object, changed)?
            };
            Ok(Changed { object, warnings: Vec::new() })
        })
    }

    fn delete<'a>(&'a self, object: &'a ObjectRef, removal: Removal<'a>) -> BoxFuture<'a, Result<(), Error>> {
        let uid = removal.uid;
        Box::pin(async move {
            let deleted = self.mutate(object, |before| {
                let found = before.ok_or_else(|| missing(object))?;
                if found.pointer("/metadata/uid").and_then(Value::as_str) != Some(uid) {
                    return Err(Error::permanent(ErrorCode::Conflict, "another incarnation"));
                }
                Ok(None)
            });
            deleted.map(|_| ())
        })
    }
}
