//! What a rule reads of an object, and the causes that it makes of it.

use crate::{
    core::message::{Code, FREE_TEXT, Message},
    kubernetes::{
        cause::{Cause, ObjectName, condition_evidence, event_evidence, is_key},
        manifest::Place,
        observation::{Condition, FreeText, Note, Object, Report, Truth, condition_is},
        resource::Resource,
    },
};
use serde_json::Value;

/// A cause that the manifest or the status shows.
pub(super) const fn plain(message: Message) -> Cause {
    Cause { message, since: None, evidence: Vec::new() }
}

/// A word of a controller that may stand in clear. Empty if it is none: anything may stand there.
pub(super) fn code(place: Place<'_>) -> &str {
    place.text().filter(|text| is_key(text)).unwrap_or_default()
}

/// One object, as it is recorded.
pub(super) struct Seen<'a> {
    pub kind: &'a Resource,
    pub name: &'a str,
    pub spec: Place<'a>,
    pub status: Place<'a>,
    pub report: &'a Report,
}

impl<'a> Seen<'a> {
    pub fn new(kind: &'a Resource, object: &Object<'a, Report>, manifest: &'a Value) -> Self {
        let report = object.facts;
        let (spec, status) = (Place::of(manifest).get("spec"), Place::of(&report.status));
        Self { kind, name: object.name, spec, status, report }
    }

    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind.group() == group && self.kind.kind() == kind
    }

    /// `status.phase`. Empty if there is none.
    pub fn phase(&self) -> &'a str {
        self.status.get("phase").text().unwrap_or_default()
    }

    /// The condition of this type, if it has that status.
    pub fn condition(&self, kind: &str, status: Truth) -> Option<&'a Condition> {
        condition_is(&self.report.conditions, kind, status)
    }

    /// The condition of this type, if it is true.
    pub fn holds(&self, kind: &str) -> Option<&'a Condition> {
        self.condition(kind, Truth::True)
    }

    /// The condition of this type, if it is false.
    pub fn fails(&self, kind: &str) -> Option<&'a Condition> {
        self.condition(kind, Truth::False)
    }

    /// The newest event with one of these reasons.
    pub fn note(&self, reasons: &[&str]) -> Option<&'a Note> {
        let notes = self.report.notes.iter();
        notes.filter(|note| reasons.contains(&note.reason.as_str())).max_by_key(|note| note.last)
    }

    /// A cause that a condition shows.
    pub fn shown_by(&self, condition: &Condition, message: Message) -> Cause {
        let evidence = vec![condition_evidence(condition, self.object())];
        Cause { message, since: condition.since, evidence }
    }

    /// A cause that says what a condition says.
    pub fn said_by(&self, condition: &Condition) -> Cause {
        let evidence = condition_evidence(condition, self.object());
        Cause { message: evidence.message.clone(), since: condition.since, evidence: vec![evidence] }
    }

    /// The same in the words of a code that has no other argument.
    pub fn told_by(&self, condition: &Condition, code: Code) -> Cause {
        self.shown_by(condition, code.message([(FREE_TEXT, (&condition.message).into())]))
    }

    /// The same in the words of a code that also says the reason.
    pub fn reasoned_by(&self, condition: &Condition, code: Code) -> Cause {
        let arguments = [("reason", condition.reason.as_str().into()), (FREE_TEXT, (&condition.message).into())];
        self.shown_by(condition, code.message(arguments))
    }

    /// A cause that an event shows.
    pub fn reported_by(&self, note: &Note, message: Message) -> Cause {
        Cause { message, since: Some(note.first), evidence: vec![event_evidence(note, self.object())] }
    }

    /// Words of a controller in a field of the status, as an argument. Of values that are stored, only a text that is stored
    /// alone can be stored again. None is cut, so a long one is left out.
    pub fn words(&self, place: Place<'a>) -> Value {
        let is_alone = || !self.report.status.has_leaves() || place.stored().is_some_and(Value::is_object);
        let text = place.text().filter(|text| text.len() <= FreeText::LIMIT && is_alone());
        text.and(place.stored()).cloned().unwrap_or_else(|| "".into())
    }

    fn object(&self) -> ObjectName {
        ObjectName::new(&self.kind.to_string(), self.name)
    }
}
