//! From watch events to events of the log. Keeps just enough of each object to detect a change, and appends changes in
//! batches.
//!
//! The expected version of each `observed:` stream is the fence: a replaced leader gets a conflict and reads the stream
//! again.

mod around;
mod changes;
mod last;
mod noted;
mod notes;
mod objects;
mod pods;
mod reports;

use super::{WatchEvent, fresh::NewestRevision};
use crate::{
    error::Error,
    kubernetes::observe::{Facts, Observation},
    log::EventStore,
};
use around::{Around, workload_of};
use changes::Changes;
use chrono::Utc;
use domain::{
    core::{
        ids::ClusterId,
        planted::{Bug, is_planted},
    },
    kubernetes::{
        object::ObjectRef,
        observation::{Named, Owner, Pod, Workload, controller},
        observed::ObservedEvent,
        resource::Resource,
    },
};
use last::Last;
use noted::Noted;
use pods::{Kept, Pods};
use reports::Reports;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};
use tokio::sync::{broadcast, mpsc, watch};

const TICK: Duration = Duration::from_millis(250);
const BATCH: usize = 256;
/// How long a pod waits for the observation of its ReplicaSet, which another watch brings.
const OWNER_COMES: Duration = Duration::from_secs(2);

pub struct Recorder {
    changes: Changes,
    around: Around,
    pods: Pods,
    reports: Reports,
    noted: Noted,
    /// Objects to be recorded again, because the notes about them changed.
    renoted: BTreeSet<ObjectRef>,
    /// The objects of the lists that are still running, by kind and namespace: None is a list of all.
    listed: HashMap<(Resource, Option<String>), HashSet<ObjectRef>>,
    /// The events of a list that is still running: uid of the object and reason.
    reported: Option<HashSet<(String, String)>>,
    /// The kinds listed first that are still missing.
    missing: HashSet<Resource>,
    has_owners: watch::Sender<bool>,
    hints: broadcast::Sender<ObjectRef>,
}

impl Recorder {
    /// Loads the last observations from the log.
    pub async fn open(
        store: EventStore,
        cluster: ClusterId,
        hints: broadcast::Sender<ObjectRef>,
    ) -> Result<Self, Error> {
        let mut recorder = Self {
            around: Around::default(),
            pods: Pods::default(),
            reports: Reports::new(cluster.to_string()),
            noted: Noted::default(),
            renoted: BTreeSet::new(),
            listed: HashMap::new(),
            reported: None,
            missing: Resource::watched().filter(Resource::is_listed_first).collect(),
            has_owners: watch::Sender::new(false),
            hints,
            changes: Changes::new(store.clone(), cluster.clone()),
        };
        let take = |Last { object, version, event, is_forgotten }| {
            if !is_forgotten {
                recorder.remember(&object, &event);
            }
            recorder.changes.load(object, version, &event, is_forgotten);
        };
        last::load(&store, &cluster, take).await?;
        Ok(recorder)
    }

    /// Takes the surroundings of other objects from an event of the log.
    fn remember(&mut self, object: &ObjectRef, event: &ObservedEvent) {
        match event {
            ObservedEvent::PodObserved { uid, created_at, labels, pod, .. } => {
                let pod = Named {
                    name: object.name.clone(),
                    uid: uid.clone(),
                    created_at: *created_at,
                    facts: (**pod).clone(),
                };
                self.noted.set(uid, object, &pod.facts.notes);
                self.pods.keep(object, labels, &pod);
                if let Some(owner) = controller(&pod.facts.owners).cloned() {
                    self.around.put_pod(&owner.uid, pod);
                }
            }
            ObservedEvent::WorkloadManifestObserved { uid, created_at, snapshot, .. }
            | ObservedEvent::WorkloadStatusObserved { uid, created_at, snapshot, .. } => {
                let facts = snapshot.workload.clone();
                self.noted.set(uid, object, &facts.notes);
                self.put_job(
                    object,
                    Named { name: object.name.clone(), uid: uid.clone(), created_at: *created_at, facts },
                );
            }
            ObservedEvent::ObjectObserved { uid, report, .. }
            | ObservedEvent::ObjectStatusObserved { uid, report, .. } => {
                self.noted.keep(uid, object, report.notes.clone());
            }
            ObservedEvent::WorkloadGone { .. }
            | ObservedEvent::PodGone { .. }
            | ObservedEvent::NamespaceObserved { .. }
            | ObservedEvent::NamespaceGone { .. }
            | ObservedEvent::ObjectGone { .. }
            | ObservedEvent::ObjectReleased { .. } => {}
        }
    }

    /// The newest revision of each kind that has objects in the log.
    pub fn newest(&self) -> HashMap<Resource, NewestRevision> {
        let mut newest: HashMap<Resource, NewestRevision> = HashMap::new();
        for (kind, revision) in self.changes.revisions() {
            newest.entry(kind.clone()).or_default().saw(revision);
        }
        newest
    }

    /// Turns true when the kinds that are listed first were.
    pub fn has_owners(&self) -> watch::Receiver<bool> {
        self.has_owners.subscribe()
    }

    /// Records until all watches have ended.
    pub async fn run(&mut self, events: &mut mpsc::Receiver<WatchEvent>) {
        let mut tick = tokio::time::interval(TICK);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                count = events.recv_many(&mut batch, BATCH) => {
                    if count == 0 { return; }
                    batch.drain(..).for_each(|event| self.take(event));
                }
                _ = tick.tick() => {
                    let aged = self.pods.age(Utc::now());
                    aged.into_iter().for_each(|(object, pod)| self.place_pod(&object, None, pod));
                }
            }
            self.record_notes().await;
            self.changes.append_due().await;
            self.reports.write(self.changes.store()).await;
        }
    }

    fn take(&mut self, event: WatchEvent) {
        match event {
            WatchEvent::Observed(observation) => {
                let ObjectRef { kind, namespace, .. } = observation.object.clone();
                for place in [(kind.clone(), None), (kind, namespace)] {
                    if let Some(listed) = self.listed.get_mut(&place) {
                        listed.insert(observation.object.clone());
                    }
                }
                self.observed(*observation);
            }
            WatchEvent::Gone { object, uid } => self.gone(&object, uid.as_deref()),
            WatchEvent::EventDropped(event) => self.note_dropped(&event),
            WatchEvent::ListBegins { kind, namespace } => {
                // A list of one namespace says nothing of the events of others.
                if kind == Resource::EVENT && namespace.is_none() {
                    self.reported = Some(HashSet::new());
                }
                self.listed.insert((kind, namespace), HashSet::new());
            }
            WatchEvent::ListEnds { kind, namespace } => self.list_ends(kind, namespace),
            WatchEvent::Released { kind } => self.kind_released(&kind),
            WatchEvent::SetBack { kind } => {
                tracing::warn!(cluster = %self.changes.cluster(), %kind, "watch.cluster_set_back");
                self.changes.set_back(&kind);
            }
            WatchEvent::Lost { kind, message } => {
                tracing::debug!(cluster = %self.changes.cluster(), %kind, message, "watch.lost");
            }
        }
    }

    fn observed(&mut self, seen: Observation) {
        let Observation { object, uid, resource_version, created_at, facts } = seen;
        match facts {
            Facts::Workload { mut workload, manifest_hash, manifest, managers } => {
                // There may be no receiver.
                let _ = self.hints.send(object.clone());
                workload.notes = self.notes_of(&object, &uid, &workload);
                self.noted.set(&uid, &object, &workload.notes);
                let named = Named { name: object.name.clone(), uid: uid.clone(), created_at, facts: workload };
                if let Some(deployment) = deployment_above(&object, &named.facts) {
                    self.put_set(&object, deployment, named);
                    return;
                }
                if self.around.deployment_of(&uid).is_some() {
                    self.remove_set(&uid);
                }
                let (snapshot, set_uid) = (self.around.snapshot(&object, &uid, named.facts.clone()), uid.clone());
                self.put_job(&object, named);
                self.changes.change(
                    &object,
                    ObservedEvent::WorkloadManifestObserved {
                        uid,
                        resource_version,
                        created_at,
                        manifest_hash,
                        manifest,
                        managers,
                        snapshot: Box::new(snapshot),
                    },
                );
                if object.kind == Resource::REPLICA_SET {
                    self.place_pods_of(&set_uid);
                }
            }
            Facts::Pod { labels, mut pod } => {
                pod.notes = match self.pods.notes(&object, &uid) {
                    Some(notes) => notes,
                    None => self.noted.take_early(&uid),
                };
                self.noted.set(&uid, &object, &pod.notes);
                let named = Named { name: object.name.clone(), uid, created_at, facts: pod };
                self.pods.keep(&object, &labels, &named);
                self.place_pod(&object, Some(resource_version), Kept { labels, pod: named });
            }
            Facts::Object { manifest_hash, manifest, managers, mut report, autoscaler } => {
                if let Some(facts) = autoscaler {
                    self.put_autoscaler(&object, Some(facts));
                }
                report.notes = self.noted.of_object(&uid, &object);
                let event = ObservedEvent::ObjectObserved {
                    uid,
                    resource_version,
                    created_at,
                    manifest_hash,
                    manifest,
                    managers,
                    report,
                };
                self.object_observed(&object, event);
            }
            Facts::Event(event) => self.kubernetes_event(event),
        }
    }

    fn gone(&mut self, object: &ObjectRef, uid: Option<&str>) {
        match &object.kind {
            kind if *kind == Resource::POD => {
                self.changes.gone(object);
                let Some(kept) = self.pods.forget(object) else { return };
                self.noted.forget(&kept.pod.uid);
                if let Some(owner) = controller(&kept.pod.facts.owners)
                    && self.around.remove_pod(&owner.uid, &object.name)
                {
                    self.owner_changed(object, owner);
                }
            }
            kind if kind.is_workload() => {
                let _ = self.hints.send(object.clone());
                if let Some(uid) = uid {
                    self.noted.forget(uid);
                    self.remove_set(uid);
                }
                self.job_gone(object);
                self.changes.gone(object);
            }
            _ => self.object_gone(object, uid),
        }
    }

    fn list_ends(&mut self, kind: Resource, namespace: Option<String>) {
        let listed = self.listed.remove(&(kind.clone(), namespace.clone())).unwrap_or_default();
        let kind = &kind;
        let is_left = |object: &ObjectRef| {
            object.kind == *kind
                && (namespace.is_none() || object.namespace == namespace)
                && !listed.contains(object)
                && !is_planted(Bug::ListWithoutDifference)
        };
        let mut left: Vec<(ObjectRef, Option<String>)> =
            self.changes.objects().filter(|object| is_left(object)).map(|object| (object.clone(), None)).collect();
        let sets = self.around.sets().filter_map(|(uid, object)| Some((object?, Some(uid.to_owned()))));
        left.extend(sets.filter(|(object, _)| is_left(object)));
        left.extend(self.around.autoscalers().filter(|object| is_left(object)).map(|object| (object.clone(), None)));
        left.iter().for_each(|(object, uid)| self.gone(object, uid.as_deref()));
        if *kind == Resource::EVENT
            && let Some(reported) = self.reported.take()
        {
            self.drop_unreported_notes(&reported);
        }
        self.missing.remove(kind);
        if self.missing.is_empty() {
            self.has_owners.send_replace(true);
        }
    }

    /// Records a workload again, because its surroundings changed.
    fn surroundings_changed(&mut self, object: &ObjectRef) {
        let Some(mut event) = self.changes.newest(object) else { return };
        let uid = event.uid().to_owned();
        if let Some(snapshot) = event.snapshot_mut() {
            *snapshot = self.around.snapshot(object, &uid, snapshot.workload.clone());
            let _ = self.hints.send(object.clone());
            self.changes.change(object, event);
        }
    }

    /// Something below `owner` changed, and with it the evidence of the workload at the end of the chain.
    fn owner_changed(&mut self, object: &ObjectRef, owner: &Owner) {
        let workload = self.around.deployment_of(&owner.uid).cloned().or_else(|| workload_of(object, owner));
        let Some(workload) = workload else { return };
        self.surroundings_changed(&workload);
        if let Some(cron_job) = self.cron_job_of(&workload) {
            self.surroundings_changed(&cron_job);
        }
    }

    fn put_set(&mut self, object: &ObjectRef, deployment: ObjectRef, set: Named<Workload>) {
        // It was recorded on its own before a Deployment adopted it.
        self.changes.gone(object);
        self.reports.place(object, &deployment);
        let (uid, is_new) = (set.uid.clone(), self.around.deployment_of(&set.uid) != Some(&deployment));
        let changed = self.around.put_set(deployment, set);
        changed.iter().for_each(|workload| self.surroundings_changed(workload));
        if is_new {
            self.place_pods_of(&uid);
        }
    }

    fn remove_set(&mut self, uid: &str) {
        if let Some(deployment) = self.around.remove_set(uid) {
            self.surroundings_changed(&deployment);
        }
    }

    /// Records the pods of a ReplicaSet again, because its owner changed.
    fn place_pods_of(&mut self, set: &str) {
        for object in self.pods.of_set(set) {
            if let Some(kept) = self.pods.get(&object) {
                self.place_pod(&object, None, kept);
            }
        }
    }

    /// Records a pod with its workload. Without a revision, because nothing about the pod itself changed.
    fn place_pod(&mut self, object: &ObjectRef, resource_version: Option<String>, kept: Kept) {
        let known = || self.changes.resource_version(object).map(str::to_owned);
        let Some(resource_version) = resource_version.or_else(known) else { return };
        let Kept { labels, pod: Named { uid, created_at, facts, name } } = kept;
        let workload = self.workload_of_pod(object, &facts);
        let is_owner_unknown = workload.is_none() && is_of_a_set(&facts);
        if let Some(owner) = controller(&facts.owners).cloned() {
            let pod = Named { name, uid: uid.clone(), created_at, facts: facts.clone() };
            if self.around.put_pod(&owner.uid, pod) {
                self.owner_changed(object, &owner);
            }
        }
        workload.iter().for_each(|workload| self.reports.place(object, workload));
        let workload = workload.map(|workload| workload.id());
        let pod = Box::new(facts);
        let event = ObservedEvent::PodObserved { uid, resource_version, created_at, workload, labels, pod };
        if is_owner_unknown {
            self.changes.change_after(OWNER_COMES, object, event);
        } else {
            self.changes.change(object, event);
        }
    }

    /// The workload at the end of the chain of a pod's controllers. None also while its ReplicaSet is unknown.
    fn workload_of_pod(&self, object: &ObjectRef, pod: &Pod) -> Option<ObjectRef> {
        let owner = controller(&pod.owners)?;
        if owner.kind != "ReplicaSet" {
            return workload_of(object, owner);
        }
        let alone = || workload_of(object, owner).filter(|set| self.changes.uid(set) == Some(&owner.uid));
        self.around.deployment_of(&owner.uid).cloned().or_else(alone)
    }

    /// Keeps a Job of a CronJob as evidence for the CronJob.
    fn put_job(&mut self, object: &ObjectRef, job: Named<Workload>) {
        let Some(owner) = controller(&job.facts.owners).filter(|_| object.kind == Resource::JOB).cloned() else {
            return;
        };
        if self.around.put_job(&owner.uid, job)
            && let Some(cron_job) = workload_of(object, &owner)
        {
            self.surroundings_changed(&cron_job);
        }
    }

    fn job_gone(&mut self, object: &ObjectRef) {
        let owner = self.changes.workload(object).and_then(|job| controller(&job.owners).cloned());
        if let Some(owner) = owner.filter(|_| object.kind == Resource::JOB)
            && self.around.remove_job(&owner.uid, &object.name)
            && let Some(cron_job) = workload_of(object, &owner)
        {
            self.surroundings_changed(&cron_job);
        }
    }

    fn cron_job_of(&self, object: &ObjectRef) -> Option<ObjectRef> {
        let job = self.changes.workload(object).filter(|_| object.kind == Resource::JOB)?;
        workload_of(object, controller(&job.owners)?)
    }
}

fn is_of_a_set(pod: &Pod) -> bool {
    controller(&pod.owners).is_some_and(|owner| owner.kind == "ReplicaSet")
}

/// The Deployment that controls a ReplicaSet. Such a set is no workload of its own.
fn deployment_above(object: &ObjectRef, workload: &Workload) -> Option<ObjectRef> {
    let owner = controller(&workload.owners).filter(|_| object.kind == Resource::REPLICA_SET)?;
    workload_of(object, owner).filter(|owner| owner.kind == Resource::DEPLOYMENT)
}
