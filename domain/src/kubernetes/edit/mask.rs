//! Masks in what authors send. A mask at its own place means "as it was", and anywhere else it means nothing.

use super::changes::Change;
use crate::{core::sealing::leaf::FORGOTTEN, kubernetes::secret::REDACTED};
use serde_json::Value;

const MASKS: [&str; 2] = [REDACTED, FORGOTTEN];

/// Where a change has a mask at a place that had none in the version that the author saw.
pub fn misplaced_mask(changes: &[Change]) -> Option<String> {
    let misplaced = |change: &&Change| change.after.as_ref().is_some_and(|after| is_new(after, change.before.as_ref()));
    changes.iter().find(misplaced).map(|change| change.path.to_string())
}

/// Whether a mask is in the value.
pub fn has_masks(value: &Value) -> bool {
    is_new(value, None)
}

fn is_new(after: &Value, before: Option<&Value>) -> bool {
    match after {
        Value::String(text) => MASKS.iter().any(|mask| text.contains(mask)) && before != Some(after),
        Value::Array(items) => {
            items.iter().enumerate().any(|(place, item)| is_new(item, before.and_then(|before| before.get(place))))
        }
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| is_new(value, before.and_then(|before| before.get(name))))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `after` with what stands in the object in the place of each mask that was there `before`.
pub(super) fn unmasked(after: &Value, before: Option<&Value>, live: Option<&Value>) -> Value {
    match after {
        Value::String(text) if MASKS.iter().any(|mask| text.contains(mask)) && before == Some(after) => {
            live.unwrap_or(after).clone()
        }
        Value::Array(items) => {
            let item = |(place, item): (usize, &Value)| {
                unmasked(item, before.and_then(|all| all.get(place)), live.and_then(|all| all.get(place)))
            };
            items.iter().enumerate().map(item).collect()
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let (before, live) = (before.and_then(|all| all.get(name)), live.and_then(|all| all.get(name)));
                (name.clone(), unmasked(value, before, live))
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => after.clone(),
    }
}
