//! What an author changed: the differences between the version that they saw and the text that they send.

use super::{
    lists::{Items, Lists},
    path::{Path, Step},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// One change of an author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub path: Path,
    /// What stood there in the version that the author saw. None if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What has to stand there. None if nothing has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The item that a new item of a list comes after. None for the first one, and for all other changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Step>,
}

/// Objects whose fields people choose. When such an object is left out as a whole, each of its fields is removed, and what
/// others added to it stays.
const MAPS: [&str; 10] = [
    "annotations",
    "binaryData",
    "data",
    "labels",
    "limits",
    "matchLabels",
    "nodeSelector",
    "parameters",
    "requests",
    "stringData",
];

/// What `yours` changes of `base`. A field with the value null counts as left out.
pub fn changes(base: &Value, yours: &Value, lists: Lists<'_>) -> Vec<Change> {
    let mut found = Differences { path: Vec::new(), changes: Vec::new() };
    found.compare(Some(base), Some(yours), lists, "");
    found.changes
}

struct Differences {
    path: Vec<Step>,
    changes: Vec<Change>,
}

impl Differences {
    /// `name` is that of the field that both stand in.
    fn compare(&mut self, base: Option<&Value>, yours: Option<&Value>, lists: Lists<'_>, name: &str) {
        let (base, yours) = (base.filter(|value| !value.is_null()), yours.filter(|value| !value.is_null()));
        match (base, yours) {
            (base, yours) if base == yours => {}
            (Some(Value::Object(base)), Some(Value::Object(yours))) => self.fields(base, yours, lists),
            (None, Some(Value::Object(yours))) if !yours.is_empty() => self.fields(&Map::new(), yours, lists),
            (Some(Value::Object(base)), None) if MAPS.contains(&name) => self.fields(base, &Map::new(), lists),
            (Some(Value::Array(base)), Some(Value::Array(yours))) => {
                match lists.told_apart(name, [base, yours]).filter(|[base, yours]| is_same_order(base, yours)) {
                    Some([before, after]) => self.items(&before, &after, lists.items()),
                    None => self.note(Some(Value::Array(base.clone())), Some(Value::Array(yours.clone())), None),
                }
            }
            (base, yours) => self.note(base.cloned(), yours.cloned(), None),
        }
    }

    fn fields(&mut self, base: &Map<String, Value>, yours: &Map<String, Value>, lists: Lists<'_>) {
        let names: BTreeSet<&String> = base.keys().chain(yours.keys()).collect();
        for name in names {
            self.path.push(Step::Field(name.clone()));
            self.compare(base.get(name), yours.get(name), lists.field(name), name);
            self.path.pop();
        }
    }

    fn items(&mut self, base: &Items<'_>, yours: &Items<'_>, lists: Lists<'_>) {
        for (step, item) in base.iter().filter(|(step, _)| find(yours, step).is_none()) {
            self.path.push(step.clone());
            self.note(Some((*item).clone()), None, None);
            self.path.pop();
        }
        let mut last = None;
        for (step, item) in yours {
            self.path.push(step.clone());
            match find(base, step) {
                Some(before) => self.compare(Some(before), Some(*item), lists, ""),
                None => self.note(None, Some((*item).clone()), last),
            }
            self.path.pop();
            last = Some(step.clone());
        }
    }

    fn note(&mut self, before: Option<Value>, after: Option<Value>, follows: Option<Step>) {
        self.changes.push(Change { path: Path(self.path.clone()), before, after, follows });
    }
}

fn find<'v>(items: &Items<'v>, wanted: &Step) -> Option<&'v Value> {
    items.iter().find(|(step, _)| step == wanted).map(|(_, item)| *item)
}

/// Whether the items that both have stand in the same order. Init containers run in theirs.
fn is_same_order(base: &Items<'_>, yours: &Items<'_>) -> bool {
    let left = base.iter().map(|(step, _)| step).filter(|step| find(yours, step).is_some());
    let right = yours.iter().map(|(step, _)| step).filter(|step| find(base, step).is_some());
    left.eq(right)
}
