//! Kubernetes events on their way to the objects that they are about, as notes.

use super::Recorder;
use domain::{
    core::event::Event,
    kubernetes::{
        notes,
        object::ObjectRef,
        observation::{KubernetesEvent, Note, Report, Workload},
        observed::ObservedEvent,
        resource::Resource,
    },
};
use std::collections::HashSet;

/// Maximum objects that wait to be recorded again with their notes. The others get them with their next observation.
const LIMIT: usize = 10_000;
/// Objects whose last event is read from the log at a time.
const AT_A_TIME: usize = 64;

impl Recorder {
    /// The kept notes about a workload. The controller of CronJobs reports a bad schedule again after each change, so notes
    /// from before one are dropped.
    pub(super) fn notes_of(&mut self, object: &ObjectRef, uid: &str, now: &Workload) -> Vec<Note> {
        if let Some(set) = self.around.set(uid) {
            return set.facts.notes.clone();
        }
        let known = self.changes.uid(object).is_some_and(|known| known == uid);
        match self.changes.workload(object).filter(|_| known) {
            Some(before) if object.kind == Resource::CRON_JOB && before.generation != now.generation => Vec::new(),
            Some(workload) => workload.notes.clone(),
            None => self.noted.take_early(uid),
        }
    }

    pub(super) fn kubernetes_event(&mut self, event: KubernetesEvent) {
        let involved = &event.object;
        if let Some(reported) = &mut self.reported {
            reported.insert((involved.uid.clone(), event.note.reason.clone()));
        }
        let object = involved.reference(self.changes.cluster());
        let owner = object.as_ref().and_then(|object| self.workload_above(object, &involved.uid));
        let (note, uid) = (event.note.clone(), involved.uid.clone());
        self.reports.add(event, object.as_ref(), owner.as_ref());
        if let Some(object) = object.filter(|_| !uid.is_empty())
            && !self.change_notes(&object, &uid, &|notes| notes::attach(notes, note.clone()))
        {
            self.noted.keep_early(&uid, &note);
        }
    }

    pub(super) fn note_dropped(&mut self, event: &KubernetesEvent) {
        if let Some(object) = event.object.reference(self.changes.cluster()) {
            self.change_notes(&object, &event.object.uid, &|notes| notes::detach(notes, &event.note));
        }
    }

    /// Drops notes that are missing in a complete list of the cluster's events.
    pub(super) fn drop_unreported_notes(&mut self, reported: &HashSet<(String, String)>) {
        for (uid, object) in self.noted.objects() {
            let drop = |notes: &mut Vec<Note>| {
                let before = notes.len();
                notes.retain(|note| reported.contains(&(uid.clone(), note.reason.clone())));
                notes.len() != before
            };
            self.change_notes(&object, &uid, &drop);
        }
    }

    /// The workload that shows the problems of `object`: itself, or the one at the end of its chain of owners.
    fn workload_above(&self, object: &ObjectRef, uid: &str) -> Option<ObjectRef> {
        if object.kind == Resource::POD {
            return self.pods.get(object).and_then(|kept| self.workload_of_pod(object, &kept.pod.facts));
        }
        let deployment = self.around.deployment_of(uid).cloned();
        deployment.or_else(|| Some(object.clone()).filter(|object| object.kind.is_workload()))
    }

    /// Changes the notes about an object, and records it again if they differ. False: this incarnation was not observed
    /// yet.
    fn change_notes(&mut self, object: &ObjectRef, uid: &str, change: &dyn Fn(&mut Vec<Note>) -> bool) -> bool {
        if let Some(mut kept) = self.pods.get(object).filter(|kept| kept.pod.uid == uid) {
            let is_change = change(&mut kept.pod.facts.notes);
            self.noted.set(uid, object, &kept.pod.facts.notes);
            self.pods.keep(object, &kept.labels, &kept.pod);
            if is_change {
                self.place_pod(object, None, kept);
            }
            return true;
        }
        if let (Some(set), Some(deployment)) = (self.around.set(uid).cloned(), self.around.deployment_of(uid).cloned())
        {
            let mut set = set;
            if change(&mut set.facts.notes) {
                self.noted.set(uid, object, &set.facts.notes);
                let changed = self.around.put_set(deployment, set);
                changed.iter().for_each(|workload| self.surroundings_changed(workload));
            }
            return true;
        }
        if !object.kind.is_workload() && object.kind != Resource::POD {
            return self.change_notes_of_object(object, uid, change);
        }
        let Some(mut event) = self.changes.newest(object).filter(|event| event.uid() == uid) else { return false };
        let Some(snapshot) = event.snapshot_mut() else { return true };
        if change(&mut snapshot.workload.notes) {
            self.noted.set(uid, object, &snapshot.workload.notes);
            self.remember(object, &event);
            self.changes.change(object, event);
            let _ = self.hints.send(object.clone());
        }
        true
    }

    /// The same for an object of which only a digest is kept: it is recorded again in a later turn.
    fn change_notes_of_object(
        &mut self,
        object: &ObjectRef,
        uid: &str,
        change: &dyn Fn(&mut Vec<Note>) -> bool,
    ) -> bool {
        if self.changes.uid(object).is_none_or(|known| known != uid) {
            return false;
        }
        if self.noted.change(uid, object, change) && self.renoted.len() < LIMIT {
            self.renoted.insert(object.clone());
        }
        true
    }

    /// Records objects again whose notes changed, some at a time. What else was recorded of them is read from the log.
    pub(super) async fn record_notes(&mut self) {
        for object in self.renoted.iter().take(AT_A_TIME).cloned().collect::<Vec<_>>() {
            let Ok(last) = self.last_of_object(&object).await else { return };
            self.renoted.remove(&object);
            let Some(mut event) = last.filter(|event| self.changes.uid(&object) == Some(event.uid())) else { continue };
            let notes = self.noted.kept(event.uid());
            if let Some(report) = report(&mut event) {
                report.notes = notes;
                self.object_observed(&object, event);
            }
        }
    }

    /// The last observation of an object, appended or not. None if nothing of it can be read.
    async fn last_of_object(&self, object: &ObjectRef) -> Result<Option<ObservedEvent>, crate::Error> {
        if let Some(pending) = self.changes.newest(object) {
            return Ok(Some(pending));
        }
        let last = self.changes.store().last_of(object.observed_stream()).await?;
        let Some(Event::Observed(event)) = last.map(|recorded| recorded.event) else { return Ok(None) };
        Ok(Some(event))
    }
}

/// The report in an event. None if its values were forgotten: the watch then observes the object anew.
fn report(event: &mut ObservedEvent) -> Option<&mut Report> {
    match event {
        ObservedEvent::ObjectObserved { manifest_hash, report, .. }
        | ObservedEvent::ObjectStatusObserved { manifest_hash, report, .. } => {
            (!manifest_hash.as_str().is_empty()).then_some(&mut **report)
        }
        ObservedEvent::WorkloadManifestObserved { .. }
        | ObservedEvent::WorkloadStatusObserved { .. }
        | ObservedEvent::WorkloadGone { .. }
        | ObservedEvent::PodObserved { .. }
        | ObservedEvent::PodGone { .. }
        | ObservedEvent::NamespaceObserved { .. }
        | ObservedEvent::NamespaceGone { .. }
        | ObservedEvent::ObjectGone { .. }
        | ObservedEvent::ObjectReleased { .. } => None,
    }
}
