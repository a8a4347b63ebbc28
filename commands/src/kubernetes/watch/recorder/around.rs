//! The surroundings of workloads: ReplicaSets, Jobs, autoscalers, and pods that do not work. They become part of the
//! events about the workload, as evidence for its state.

use domain::kubernetes::{
    object::ObjectRef,
    observation::{Details, Named, NamedAutoscaler, Owner, Pod, Workload, WorkloadSnapshot, controller},
    status,
};
use std::collections::{BTreeMap, HashMap};

type ByName<T> = BTreeMap<String, Named<T>>;

/// By the uid of the owner, then by name.
type Owned<T> = HashMap<String, ByName<T>>;

#[derive(Default)]
pub(super) struct Around {
    sets: Owned<Workload>,
    /// The owner of each ReplicaSet of a Deployment, by uid.
    places: HashMap<String, Place>,
    jobs: Owned<Workload>,
    ailing: Owned<Pod>,
    /// By the workload that they scale.
    autoscalers: HashMap<ObjectRef, NamedAutoscaler>,
    scaled: HashMap<ObjectRef, ObjectRef>,
}

/// The owner of a ReplicaSet.
struct Place {
    deployment: ObjectRef,
    /// The uid of the Deployment.
    owner: String,
    name: String,
}

/// The workload that `owner` is, in the namespace of `object`. None if it is no workload.
pub(super) fn workload_of(object: &ObjectRef, owner: &Owner) -> Option<ObjectRef> {
    sibling(object, &owner.kind, &owner.name).filter(|owner| owner.kind.is_workload())
}

/// The object of that kind and name in the namespace of `object`.
fn sibling(object: &ObjectRef, kind: &str, name: &str) -> Option<ObjectRef> {
    let (cluster, namespace) = (object.cluster.clone(), object.namespace.clone());
    ObjectRef { cluster, kind: kind.parse().ok()?, namespace, name: name.to_owned() }.checked()
}

impl Around {
    /// The observation of a workload, with its surroundings.
    pub fn snapshot(&self, object: &ObjectRef, uid: &str, workload: Workload) -> WorkloadSnapshot {
        let current = match &workload.details {
            Details::Deployment(own) => own.revision.as_deref(),
            _ => None,
        };
        let mut sets: Vec<&Named<Workload>> = self.sets.get(uid).into_iter().flat_map(BTreeMap::values).collect();
        sets.retain(|set| is_current(set, current) || matters(set));
        sets.sort_by_key(|set| !is_current(set, current));
        let mut jobs: Vec<&Named<Workload>> = self.jobs.get(uid).into_iter().flat_map(BTreeMap::values).collect();
        jobs.sort_by_key(|job| std::cmp::Reverse(job.created_at));
        // The last one that ended says how the runs go, also while several others run.
        let ended = jobs.iter().position(|job| domain::kubernetes::action::has_ended(&job.facts));
        if let Some(ended) = ended.filter(|ended| *ended >= WorkloadSnapshot::JOBS) {
            jobs.swap(WorkloadSnapshot::JOBS - 1, ended);
        }
        jobs.truncate(WorkloadSnapshot::JOBS);
        let owners = std::iter::once(uid).chain(sets.iter().chain(&jobs).map(|owner| owner.uid.as_str()));
        WorkloadSnapshot {
            pods: self.worst(owners, pod_revision(&workload.details)),
            replica_sets: sets.into_iter().cloned().collect(),
            jobs: jobs.into_iter().cloned().collect(),
            autoscaler: self.autoscalers.get(object).cloned(),
            workload,
        }
    }

    /// The pods of these owners that explain the most. At most half of them come from one owner or, where one owner has
    /// pods of several versions, from one side of `revision`, so that no version hides another.
    fn worst<'a>(&self, owners: impl Iterator<Item = &'a str>, revision: Option<&str>) -> Vec<Named<Pod>> {
        let is_new = |pod: &&Named<Pod>| revision.is_none() || pod.facts.revision.as_deref() == revision;
        let owned = owners.filter_map(|uid| self.ailing.get(uid));
        let mut versions: Vec<Vec<&Named<Pod>>> =
            owned.flat_map(|pods| <[_; 2]>::from(pods.values().partition(is_new))).collect();
        versions.retain(|pods| !pods.is_empty());
        let share = if versions.len() > 1 { WorkloadSnapshot::PODS / 2 } else { WorkloadSnapshot::PODS };
        for pods in &mut versions {
            pods.sort_by_key(|pod| std::cmp::Reverse(status::pod::severity(&pod.object())));
            pods.truncate(share);
        }
        versions.into_iter().flatten().take(WorkloadSnapshot::PODS).cloned().collect()
    }

    /// The Deployment that controls the ReplicaSet with this uid.
    pub fn deployment_of(&self, set: &str) -> Option<&ObjectRef> {
        self.places.get(set).map(|place| &place.deployment)
    }

    /// A ReplicaSet of a Deployment, with its kept `notes`.
    pub fn set(&self, uid: &str) -> Option<&Named<Workload>> {
        let place = self.places.get(uid)?;
        self.sets.get(&place.owner)?.get(&place.name).filter(|set| set.uid == uid)
    }

    /// Keeps a ReplicaSet of a Deployment. Returns the Deployments whose surroundings changed.
    pub fn put_set(&mut self, deployment: ObjectRef, set: Named<Workload>) -> Vec<ObjectRef> {
        let Some(owner) = controller(&set.facts.owners).map(|owner| owner.uid.clone()) else { return Vec::new() };
        let mut changed = Vec::new();
        if self.deployment_of(&set.uid).is_some_and(|before| *before != deployment) {
            changed.extend(self.remove_set(&set.uid));
        }
        let place = Place { deployment: deployment.clone(), owner: owner.clone(), name: set.name.clone() };
        self.places.insert(set.uid.clone(), place);
        if put(&mut self.sets, &owner, set) {
            changed.push(deployment);
        }
        changed
    }

    /// Drops a ReplicaSet. Returns its Deployment.
    pub fn remove_set(&mut self, uid: &str) -> Option<ObjectRef> {
        let Place { deployment, owner, name } = self.places.remove(uid)?;
        remove(&mut self.sets, &owner, &name);
        Some(deployment)
    }

    /// The uids of the ReplicaSets of Deployments, with their references.
    pub fn sets(&self) -> impl Iterator<Item = (&str, Option<ObjectRef>)> {
        self.places.iter().map(|(uid, place)| (uid.as_str(), sibling(&place.deployment, "ReplicaSet", &place.name)))
    }

    /// Keeps a Job of a CronJob. Returns whether it changed.
    pub fn put_job(&mut self, owner: &str, job: Named<Workload>) -> bool {
        put(&mut self.jobs, owner, job)
    }

    pub fn remove_job(&mut self, owner: &str, name: &str) -> bool {
        remove(&mut self.jobs, owner, name)
    }

    /// Keeps a pod that does not work, and drops one that does. Returns whether it changed.
    pub fn put_pod(&mut self, owner: &str, pod: Named<Pod>) -> bool {
        match status::pod::severity(&pod.object()) {
            Some(_) => put(&mut self.ailing, owner, pod),
            None => self.remove_pod(owner, &pod.name),
        }
    }

    pub fn remove_pod(&mut self, owner: &str, name: &str) -> bool {
        remove(&mut self.ailing, owner, name)
    }

    /// Keeps an autoscaler; None: it is gone. Returns the workloads whose surroundings changed.
    pub fn put_autoscaler(&mut self, object: &ObjectRef, autoscaler: Option<NamedAutoscaler>) -> Vec<ObjectRef> {
        let target = |autoscaler: &NamedAutoscaler| {
            sibling(object, &autoscaler.facts.target_kind, &autoscaler.facts.target_name)
        };
        let now = autoscaler.as_ref().and_then(target);
        let before = match &now {
            Some(now) => self.scaled.insert(object.clone(), now.clone()),
            None => self.scaled.remove(object),
        };
        if let Some(before) = before.as_ref().filter(|before| now.as_ref() != Some(before)) {
            self.autoscalers.remove(before);
        }
        if let (Some(now), Some(autoscaler)) = (&now, autoscaler) {
            self.autoscalers.insert(now.clone(), autoscaler);
        }
        before.into_iter().chain(now).collect()
    }

    /// The kept autoscalers.
    pub fn autoscalers(&self) -> impl Iterator<Item = &ObjectRef> {
        self.scaled.keys()
    }
}

/// What pods of the current version carry as their revision, where it can be compared. Pods of a Deployment are told apart
/// by their ReplicaSet.
fn pod_revision(details: &Details) -> Option<&str> {
    match details {
        Details::StatefulSet(own) => own.update_revision.as_deref(),
        Details::DaemonSet(own) => own.revision.as_deref(),
        Details::Deployment(_) | Details::ReplicaSet(_) | Details::Job(_) | Details::CronJob(_) => None,
    }
}

fn put<T: PartialEq>(all: &mut Owned<T>, owner: &str, item: Named<T>) -> bool {
    let known = all.entry(owner.to_owned()).or_default();
    if known.get(&item.name) == Some(&item) {
        return false;
    }
    known.insert(item.name.clone(), item);
    true
}

fn remove<T>(all: &mut Owned<T>, owner: &str, name: &str) -> bool {
    let Some(known) = all.get_mut(owner) else { return false };
    let is_change = known.remove(name).is_some();
    if known.is_empty() {
        all.remove(owner);
    }
    is_change
}

fn is_current(set: &Named<Workload>, revision: Option<&str>) -> bool {
    match &set.facts.details {
        Details::ReplicaSet(own) => revision.is_some() && own.revision.as_deref() == revision,
        _ => false,
    }
}

/// Whether an old ReplicaSet still has or wants pods.
fn matters(set: &Named<Workload>) -> bool {
    match &set.facts.details {
        Details::ReplicaSet(own) => own.replicas + own.counts.replicas > 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::ids::ClusterId;
    use serde_json::{Value, json};

    fn named<T: serde::de::DeserializeOwned>(name: &str, mut facts: Value) -> Named<T> {
        facts["name"] = json!(name);
        facts["uid"] = json!(name);
        facts["created_at"] = json!("2027-01-01T00:00:00Z");
        serde_json::from_value(facts).expect("facts")
    }

    fn pod(name: &str, revision: &str, state: Value) -> Named<Pod> {
        let container = json!({"name": "web", "image": "web", "state": state});
        named(name, json!({"phase": "Running", "revision": revision, "containers": [container]}))
    }

    #[test]
    fn many_old_pods_that_crash_do_not_hide_a_new_one_that_waits() {
        let mut around = Around::default();
        for n in 0..6 {
            around.put_pod("set", pod(&format!("a{n}"), "1", json!({"terminated": {"exit_code": 1}})));
        }
        around.put_pod("set", pod("z", "2", json!({"waiting": {"reason": "ImagePullBackOff"}})));
        let set: Workload =
            serde_json::from_value(json!({"details": {"DaemonSet": {"revision": "2"}}})).expect("facts");
        let (cluster, namespace) = (ClusterId::from_name("dev"), Some("team".to_owned()));
        let object =
            ObjectRef { cluster, kind: "DaemonSet".parse().expect("a kind"), namespace, name: "set".to_owned() };
        let snapshot = around.snapshot(&object, "set", set);
        let names: Vec<&str> = snapshot.pods.iter().map(|pod| pod.name.as_str()).collect();
        assert_eq!(names, ["z", "a0", "a1"]);
    }
}
