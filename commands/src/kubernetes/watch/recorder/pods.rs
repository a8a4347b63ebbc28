//! The pods of a cluster as last observed. There are many, so each is stored as the bytes of its facts.

use chrono::{DateTime, Utc};
use domain::kubernetes::{
    object::ObjectRef,
    observation::{Container, Named, Note, Pod, controller},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A stored pod.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub labels: Value,
    pub pod: Named<Pod>,
}

#[derive(Default)]
pub(super) struct Pods {
    kept: HashMap<ObjectRef, Box<[u8]>>,
    /// The pods of each ReplicaSet, by its uid.
    of_sets: HashMap<String, HashSet<ObjectRef>>,
    /// When a fact about a container changes by time alone.
    aging: HashMap<ObjectRef, DateTime<Utc>>,
}

impl Pods {
    pub fn keep(&mut self, object: &ObjectRef, labels: &Value, pod: &Named<Pod>) {
        let kept = Kept { labels: labels.clone(), pod: pod.clone() };
        let Ok(bytes) = serde_json::to_vec(&kept) else { return };
        self.kept.insert(object.clone(), bytes.into());
        if let Some(set) = set_of(&pod.facts) {
            self.of_sets.entry(set.to_owned()).or_default().insert(object.clone());
        }
        match pod.facts.containers.iter().filter_map(Container::ages_at).min() {
            Some(at) => self.aging.insert(object.clone(), at),
            None => self.aging.remove(object),
        };
    }

    pub fn get(&self, object: &ObjectRef) -> Option<Kept> {
        serde_json::from_slice(self.kept.get(object)?).ok()
    }

    pub fn forget(&mut self, object: &ObjectRef) -> Option<Kept> {
        let kept: Kept = serde_json::from_slice(&self.kept.remove(object)?).ok()?;
        self.aging.remove(object);
        if let Some(set) = set_of(&kept.pod.facts)
            && let Some(pods) = self.of_sets.get_mut(set)
        {
            pods.remove(object);
            if pods.is_empty() {
                self.of_sets.remove(set);
            }
        }
        Some(kept)
    }

    /// The notes about this incarnation. None if it was not observed before.
    pub fn notes(&self, object: &ObjectRef, uid: &str) -> Option<Vec<Note>> {
        self.get(object).filter(|kept| kept.pod.uid == uid).map(|kept| kept.pod.facts.notes)
    }

    /// The pods of the ReplicaSet with this uid.
    pub fn of_set(&self, uid: &str) -> Vec<ObjectRef> {
        self.of_sets.get(uid).into_iter().flatten().cloned().collect()
    }

    /// The pods whose facts changed by time alone, with the new facts.
    pub fn age(&mut self, now: DateTime<Utc>) -> Vec<(ObjectRef, Kept)> {
        let due: Vec<ObjectRef> =
            self.aging.iter().filter(|(_, at)| **at <= now).map(|(object, _)| object.clone()).collect();
        let mut aged = Vec::new();
        for object in due {
            self.aging.remove(&object);
            let Some(mut kept) = self.get(&object) else { continue };
            kept.pod.facts.containers.iter_mut().for_each(|container| container.age(now));
            self.keep(&object, &kept.labels, &kept.pod);
            aged.push((object, kept));
        }
        aged
    }
}

fn set_of(pod: &Pod) -> Option<&str> {
    controller(&pod.owners).filter(|owner| owner.kind == "ReplicaSet").map(|owner| owner.uid.as_str())
}
