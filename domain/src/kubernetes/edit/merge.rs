//! Brings the changes of an author together with an object as it is now.

use super::{
    changes::Change,
    conflict::Conflict,
    mask::unmasked,
    owner::owner,
    path::{Step, within},
};
use serde_json::{Map, Value};

/// The object `live` with these changes. `shown` is the same object as people see it, with secrets masked: what the author saw
/// is compared with that.
///
/// A change whose place is as the author saw it is made. One whose place is already as the author wants it is done. Any other
/// is a conflict, and then nothing is made.
pub fn merge(live: &Value, shown: &Value, changes: &[Change]) -> Result<Value, Vec<Conflict>> {
    let (mut merged, mut conflicts) = (live.clone(), Vec::new());
    for change in changes {
        let now = change.path.get(shown);
        if now == change.after.as_ref() {
            continue;
        }
        let is_as_seen = now == change.before.as_ref() && !has_lost_parent(change, shown);
        if !is_as_seen || !make(&mut merged, change, change.path.get(live)) {
            conflicts.push(Conflict::new(
                change.path.to_string(),
                owner(live, &change.path),
                change.before.as_ref(),
                now,
                change.after.as_ref(),
            ));
        }
    }
    if conflicts.is_empty() { Ok(merged) } else { Err(conflicts) }
}

/// Whether an item of a list that the change is in is not there any more.
fn has_lost_parent(change: &Change, shown: &Value) -> bool {
    let Some((_, parents)) = change.path.0.split_last() else { return false };
    let mut value = Some(shown);
    parents.iter().any(|step| {
        value = value.and_then(|value| step.of(value));
        value.is_none() && !matches!(step, Step::Field(_))
    })
}

/// Returns whether the change could be made.
fn make(merged: &mut Value, change: &Change, live: Option<&Value>) -> bool {
    let Some(after) = &change.after else {
        change.path.remove(merged);
        return true;
    };
    let after = unmasked(after, change.before.as_ref(), live);
    let Some((last, parents)) = change.path.0.split_last() else { return false };
    let Some(parent) = parents.iter().try_fold(merged, |value, step| entered(value, step)) else { return false };
    match last {
        Step::Field(name) => {
            let Some(fields) = filled(parent, || Value::Object(Map::new())).as_object_mut() else { return false };
            fields.insert(name.clone(), after);
        }
        Step::Item(_) | Step::Member(_) => {
            let Some(items) = filled(parent, || Value::Array(Vec::new())).as_array_mut() else { return false };
            match last.index_in(items) {
                Some(place) => items[place] = after,
                None => items.insert(place_of_new(items, change.follows.as_ref()), after),
            }
        }
    }
    true
}

/// After the item that it follows, else at the end. The first item of a list follows none.
fn place_of_new(items: &[Value], follows: Option<&Step>) -> usize {
    match follows {
        Some(step) => step.index_in(items).map_or(items.len(), |place| place + 1),
        None => 0,
    }
}

/// The part that a step leads to. Fields that are missing are made.
fn entered<'v>(value: &'v mut Value, step: &Step) -> Option<&'v mut Value> {
    match step {
        Step::Field(name) => {
            let fields = filled(value, || Value::Object(Map::new())).as_object_mut()?;
            Some(fields.entry(name.clone()).or_insert(Value::Null))
        }
        Step::Item(_) | Step::Member(_) => within(value, step),
    }
}

fn filled(value: &mut Value, empty: impl FnOnce() -> Value) -> &mut Value {
    if value.is_null() {
        *value = empty();
    }
    value
}

/// The JSON merge patch (RFC 7386) from one object to another. A list is replaced as a whole, so it must be sent with the
/// revision of `from`.
pub fn patch(from: &Value, to: &Value) -> Value {
    let (Value::Object(from), Value::Object(to)) = (from, to) else { return to.clone() };
    let mut changed = Map::new();
    for name in from.keys().filter(|name| !to.contains_key(*name)) {
        changed.insert(name.clone(), Value::Null);
    }
    for (name, after) in to {
        match from.get(name) {
            Some(before) if before == after => {}
            Some(before) => drop(changed.insert(name.clone(), patch(before, after))),
            None => drop(changed.insert(name.clone(), after.clone())),
        }
    }
    Value::Object(changed)
}
