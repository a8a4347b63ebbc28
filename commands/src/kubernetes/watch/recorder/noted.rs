//! The objects that have notes, and notes about objects not observed yet.

use domain::kubernetes::{notes, object::ObjectRef, observation::Note};
use std::collections::{HashMap, VecDeque};

/// Maximum unobserved objects with notes.
const LIMIT: usize = 1000;

#[derive(Default)]
pub(super) struct Noted {
    /// By uid.
    objects: HashMap<String, ObjectRef>,
    /// The notes about objects of which nothing but a digest is kept, by uid. Few objects have any.
    kept: HashMap<String, Vec<Note>>,
    early: HashMap<String, Vec<Note>>,
    /// The uids of `early`, the oldest first.
    order: VecDeque<String>,
}

impl Noted {
    /// Records whether the object with this uid has notes.
    pub fn set(&mut self, uid: &str, object: &ObjectRef, notes: &[Note]) {
        if notes.is_empty() {
            self.objects.remove(uid);
        } else {
            self.objects.insert(uid.to_owned(), object.clone());
        }
    }

    /// The objects that have notes, by uid.
    pub fn objects(&self) -> Vec<(String, ObjectRef)> {
        self.objects.iter().map(|(uid, object)| (uid.clone(), object.clone())).collect()
    }

    pub fn forget(&mut self, uid: &str) {
        self.objects.remove(uid);
        self.kept.remove(uid);
    }

    /// Keeps the notes about an object of which nothing but a digest is kept.
    pub fn keep(&mut self, uid: &str, object: &ObjectRef, notes: Vec<Note>) {
        self.set(uid, object, &notes);
        if notes.is_empty() {
            self.kept.remove(uid);
        } else {
            self.kept.insert(uid.to_owned(), notes);
        }
    }

    /// The kept notes about such an object.
    pub fn kept(&self, uid: &str) -> Vec<Note> {
        self.kept.get(uid).cloned().unwrap_or_default()
    }

    /// The same at an observation of the object. Notes that came before the first one are kept from now on.
    pub fn of_object(&mut self, uid: &str, object: &ObjectRef) -> Vec<Note> {
        let early = self.take_early(uid);
        if !early.is_empty() {
            self.keep(uid, object, early);
        }
        self.kept(uid)
    }

    /// Changes the kept notes about such an object. True if they differ now.
    pub fn change(&mut self, uid: &str, object: &ObjectRef, change: &dyn Fn(&mut Vec<Note>) -> bool) -> bool {
        let mut notes = self.kept(uid);
        let is_change = change(&mut notes);
        self.keep(uid, object, notes);
        is_change
    }

    /// Keeps a note until its object is observed.
    pub fn keep_early(&mut self, uid: &str, note: &Note) {
        if !note.explains() {
            return;
        }
        if !self.early.contains_key(uid) {
            self.order.push_back(uid.to_owned());
            if self.order.len() > LIMIT
                && let Some(oldest) = self.order.pop_front()
            {
                self.early.remove(&oldest);
            }
        }
        notes::attach(self.early.entry(uid.to_owned()).or_default(), note.clone());
    }

    /// Takes the notes that came before their object.
    pub fn take_early(&mut self, uid: &str) -> Vec<Note> {
        let Some(notes) = self.early.remove(uid) else { return Vec::new() };
        self.order.retain(|known| known != uid);
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::core::ids::ClusterId;

    fn note(reason: &str) -> Note {
        let at = DateTime::UNIX_EPOCH;
        let value = serde_json::json!({"reason": reason, "count": 1, "first": at, "last": at});
        serde_json::from_value(value).expect("a note")
    }

    #[test]
    fn an_object_gets_the_notes_that_came_before_it_and_keeps_them() {
        let (mut noted, cluster) = (Noted::default(), ClusterId::from_name("dev"));
        let (kind, namespace) = ("PersistentVolumeClaim".parse().expect("a kind"), Some("team".to_owned()));
        let claim = ObjectRef { cluster, kind, namespace, name: "data".to_owned() };
        noted.keep_early("u", &note("FailedMount"));
        for _ in 0..2 {
            assert_eq!(noted.of_object("u", &claim), [note("FailedMount")]);
        }
        assert!(noted.change("u", &claim, &|notes| notes::attach(notes, note("FailedAttachVolume"))));
        assert!(!noted.change("u", &claim, &|notes| notes::attach(notes, note("Pulled"))));
        assert_eq!((noted.kept("u").len(), noted.objects().len()), (2, 1));
        noted.forget("u");
        assert!(noted.of_object("u", &claim).is_empty() && noted.objects().is_empty());
    }
}
