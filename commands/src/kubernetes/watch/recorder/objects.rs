//! Objects of kinds without facts of their own. Autoscalers are also evidence for the workloads that they scale.

use super::Recorder;
use domain::kubernetes::{
    object::ObjectRef,
    observation::{Autoscaler, NamedAutoscaler},
    observed::ObservedEvent,
    resource::Resource,
};

impl Recorder {
    pub(super) fn object_observed(&mut self, object: &ObjectRef, event: ObservedEvent) {
        if self.changes.change(object, event) {
            let _ = self.hints.send(object.clone());
        }
    }

    pub(super) fn object_gone(&mut self, object: &ObjectRef, uid: Option<&str>) {
        if object.kind == Resource::AUTOSCALER {
            self.put_autoscaler(object, None);
        }
        let known = self.changes.uid(object).map(str::to_owned);
        uid.into_iter().chain(known.as_deref()).for_each(|uid| self.noted.forget(uid));
        let _ = self.hints.send(object.clone());
        self.changes.gone(object);
    }

    /// Lets the objects of a kind go that is no longer recorded.
    pub(super) fn kind_released(&mut self, kind: &Resource) {
        let of_kind = self.changes.objects().filter(|object| object.kind == *kind);
        for object in of_kind.cloned().collect::<Vec<_>>() {
            let uid = self.changes.uid(&object).map(str::to_owned);
            uid.iter().for_each(|uid| self.noted.forget(uid));
            self.changes.released(&object);
        }
    }

    /// Keeps an autoscaler as evidence for its workload. None: it is gone.
    pub(super) fn put_autoscaler(&mut self, object: &ObjectRef, facts: Option<Autoscaler>) {
        let autoscaler = facts.map(|facts| NamedAutoscaler { name: object.name.clone(), facts });
        let changed = self.around.put_autoscaler(object, autoscaler);
        changed.iter().for_each(|workload| self.surroundings_changed(workload));
    }
}
