//! The objects that have notes, and notes about objects not observed yet.

use domain::kubernetes::{notes, object::ObjectRef, observation::Note};
use std::collections::{HashMap, VecDeque};

/// Maximum unobserved objects with notes.
const LIMIT: usize = 1000;

#[derive(Default)]
pub(super) struct Noted {
    /// By uid.
    objects: HashMap<String, ObjectRef>,
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
